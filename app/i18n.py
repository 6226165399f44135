"""Messages of the pages, Chinese first and English complete, and text of data or of a user among them.

`app/locale` holds one catalogue a language.
"""

import json
from pathlib import Path
from typing import Final, Literal

Lang = Literal["zh", "en"]
LANGS: Final[dict[str, str]] = {"zh": "中文", "en": "English"}

_CATALOGUES: Final = Path(__file__).with_name("locale")

MESSAGES: Final[dict[str, dict[str, str]]] = {
    lang: json.loads((_CATALOGUES / f"{lang}.json").read_text(encoding="utf-8")) for lang in LANGS
}
"""Language → key → message, with its values in braces."""


def word(key: str, lang: str, **values: object) -> str:
    """Message of a key in a language.

    Raises
    ------
    KeyError
        When no catalogue has the key.

    Examples
    --------
    >>> word("filter.district", "en")
    'District'
    """
    text = MESSAGES[lang][key]
    return text.format(**values) if values else text


_MARKS: Final = frozenset("\\`*_{}[]()<>#+-!|~$:&")


def as_markdown(text: str) -> str:
    r"""Escape text so that Markdown shows it as the characters it is made of, on one line.

    Examples
    --------
    >>> print(as_markdown("<b>*a*</b> $x$ :red[y]"))
    \<b\>\*a\*\</b\> \$x\$ \:red\[y\]
    """
    return "".join(f"\\{character}" if character in _MARKS else character for character in " ".join(text.split()))
