"""Words of the pages: Chinese first, English complete."""

from __future__ import annotations

from typing import Final, Literal

from app.words import WORDS

Lang = Literal["zh", "en"]
LANGS: Final[dict[str, str]] = {"zh": "中文", "en": "English"}


def word(key: str, lang: str, **values: object) -> str:
    """The words behind a key in a language.

    Raises
    ------
    KeyError
        When the key is not in `WORDS`.

    Examples
    --------
    >>> word("filter.district", "en")
    'District'
    """
    text = WORDS[key][lang == "en"]
    return text.format(**values) if values else text
