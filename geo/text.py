"""One way of comparing text: width, case and spaces do not count."""

import unicodedata


def fold(text: str) -> str:
    """Bring text to the form in which two spellings of the same thing are equal.

    NFKC (full-width letters, digits and brackets become half-width), case-folded, spaces removed.

    Examples
    --------
    >>> fold("上海（ＡＢＢ） 工程 有限公司")
    '上海(abb)工程有限公司'
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
