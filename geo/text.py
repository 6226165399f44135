"""Text in two languages, and the one way of comparing text: width, case, spaces and variants of a character."""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from geo.catalog import dataset_path

_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》", "()()()()()()")

UNSEEN: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that show nothing or turn the direction of those around them, as the inside of a class; no spaces."""

_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # full width too: a Chinese Excel takes it for a formula


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


QUALIFIERS: Final[dict[str, Text]] = {
    "突破": Text("突破 {}", "over {}"),
    "超过": Text("超过 {}", "over {}"),
    "以上": Text("{} 以上", "{} or more"),
    "不少于": Text("不少于 {}", "at least {}"),
    "不低于": Text("不低于 {}", "at least {}"),
    "左右": Text("{} 左右", "about {}"),
    "约": Text("约 {}", "about {}"),
    "约数": Text("约 {}", "about {}"),
    "近": Text("近 {}", "nearly {}"),
    "力争": Text("力争 {}", "aiming at {}"),
    "预计": Text("预计 {}", "expected {}"),
    "推算": Text("推算 {}", "derived {}"),
}
"""What a source says before or after a figure, and how a figure is said with it."""


def qualified(figure: str, qualifier: str, lang: str = "zh") -> str:
    """A published figure with what its source says of it; as it stands where the source says nothing.

    Examples
    --------
    >>> qualified("3,000", "突破"), qualified("25 %", "以上"), qualified("25 %", "以上", "en"), qualified("9", "")
    ('突破 3,000', '25 % 以上', '25 % or more', '9')
    """
    return QUALIFIERS[qualifier].of(lang).format(figure) if qualifier in QUALIFIERS else figure


def visible(text: str) -> str:
    """Text without the characters that show nothing or turn the direction of those around them.

    Examples
    --------
    >>> visible("\u202e松\u200b江\ufeff 2026")
    '松江 2026'
    """
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    r"""Text as one line of a terminal or a log, which nothing in it can move, colour or continue.

    Examples
    --------
    >>> one_line(" a\r\nb\x1b[2J \u202ec ")
    'a b[2J c'
    """
    return visible(_CONTROL.sub("", " ".join(text.split())))


def inert(cell: Any) -> Any:
    """A cell of a csv; a text that a spreadsheet would take for a formula gets ``'``.

    Examples
    --------
    >>> [inert(cell) for cell in ("=1+1", "＝1+1", "  @SUM(1)", "样例甲", -5)]
    ["'=1+1", "'＝1+1", "'  @SUM(1)", '样例甲', -5]
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def mixed_scripts(text: str) -> bool:
    """Whether some word is written in letters of several alphabets, which look alike.

    Examples
    --------
    >>> mixed_scripts("A\u0412B 有限公司"), mixed_scripts("ABB 有限公司")
    (True, False)
    """
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1:
            return True
    return False


def plain(text: str) -> str:
    """Bring text to the form in which it is compared, spaces kept.

    NFKC (full-width letters, digits and brackets become half-width, Kangxi radicals become characters), case-folded;
    then the radicals that NFKC leaves alone and traditional characters become their common simplified form.  A
    character that simplified text keeps beside another (乾, 著) stays as it is.

    Examples
    --------
    >>> plain("ＡＢＢ（中国） Robotics")
    'abb(中国) robotics'
    >>> plain("⻄⻔⼦⻋⼚") == plain("西門子車廠") == "西门子车厂"
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isascii() else folded.translate(_variants())


@lru_cache(maxsize=50_000)  # an address is asked for its district, its road, its park …
def fold(text: str) -> str:
    """As `plain`, without spaces and what nobody sees: the form in which two spellings of the same thing are equal.

    Examples
    --------
    >>> fold("上海（ＡＢＢ） 工程 有限公司")
    '上海(abb)工程有限公司'
    """
    return "".join(plain(visible(text)).split())


def spelling(text: str) -> str:
    """Text without differences of width, case and spaces; its characters stay.

    What is kept by a name (identifiers, records of people) is kept by its spelling: 新昇 and 新升 are two names, and
    what was kept before `fold` knew variants is still found.

    Examples
    --------
    >>> spelling("ＡＢＢ　電氣") == spelling("abb電氣"), spelling("電氣") == spelling("电气")
    (True, False)
    """
    return "".join(unicodedata.normalize("NFKC", visible(text)).casefold().split())


def name_spelling(name: str) -> str:
    """Name of an enterprise by its spelling; the kind of brackets and of middle dots does not count."""
    return re.sub(r"[·•‧]", "·", spelling(name).translate(_BRACKETS))


def name_key(name: str) -> str:
    """Name of an enterprise as it is compared: as `name_spelling`, and variants of a character do not count.

    Examples
    --------
    >>> name_key("樣例甲（上海） 有限公司") == name_key("样例甲【上海】有限公司")
    True
    """
    return name_spelling(fold(name))


@cache
def _variants() -> dict[int, str]:
    with dataset_path("han_variants").open(encoding="utf-8", newline="") as file:
        return {ord(row["variant"]): row["form"] for row in csv.DictReader(file)}
