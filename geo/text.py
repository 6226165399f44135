"""Text in two languages, and the one way of comparing text: width, case and spaces do not count."""

import re
import unicodedata
from typing import Final, NamedTuple

_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》", "()()()()()()")


class Text(NamedTuple):
    """The same words in Chinese and in English.

    Examples
    --------
    >>> Text("松江区", "Songjiang").of("en")
    'Songjiang'
    """

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The words in a language, ``zh`` or ``en``."""
        return self.en if lang == "en" else self.zh


def fold(text: str) -> str:
    """Bring text to the form in which two spellings of the same thing are equal.

    NFKC (full-width letters, digits and brackets become half-width), case-folded, spaces removed.

    Examples
    --------
    >>> fold("上海（ＡＢＢ） 工程 有限公司")
    '上海(abb)工程有限公司'
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(name: str) -> str:
    """Name of an enterprise as it is compared: width, case, spaces and the kind of brackets do not count.

    Examples
    --------
    >>> name_key("样例甲（上海） 有限公司") == name_key("样例甲【上海】有限公司")
    True
    """
    return re.sub(r"[·•‧]", "·", fold(name).translate(_BRACKETS))
