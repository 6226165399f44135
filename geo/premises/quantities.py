"""Quantities of premises: areas, heights, loads, rents and prices out of what lists write, in one unit each.

Conversions are exact: 1 亩 is 2000/3 ㎡, a year has 365 days and twelve months, a kilonewton is 1000/9.80665 kg of
standard gravity.  A number whose unit nobody named, a range and what is not read whole give nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from geo.text import Text

NO_QUANTITY_UNIT: Final = "没有写单位，没有采用"
NOT_WHOLE: Final = "没有读懂，没有采用"
BEYOND: Final = "超出可信的范围，没有采用"
SAID_ABOUT: Final = "写的是约数，按所写的数计"
IN_METRES: Final = "没有写单位，按米计"
UNREAD_UNIT: Final = "表头里的单位没有读懂，没有采用"

_WORDS: Final = {
    "m2": "平方米|平米|平方(?!公|千|英)|m\\^2|m2|sq\\.?m(?:etres?|eters?)?|squaremet(?:re|er)s?|平(?!方)",
    "hm2": "公顷|hm\\^?2|hectares?|ha",
    "km2": "平方公里|平方千米|km\\^?2",
    "mu": "亩|mu",
    "sqft": "平方(?:英尺|呎)|sq\\.?(?:ft|feet|foot)|square(?:feet|foot)|ft\\^?2",
    "ft": "英尺|呎|feet|foot|ft\\.?",
    "kn": "千牛|kn",
    "kg": "公斤|千克|kgs?",
    "t": "公吨|吨|tonnes?|tons?|t",
    "mm": "毫米|mm",
    "cm": "厘米|cm",
    "cny": "元人民币|人民币元|人民币|元|圆|rmb|cny|yuan|[¥￥]",
    "day": "天|日|days?|d",
    "month": "个月|月|months?|mo",
    "year": "年|years?|yr|a",
    "m": "米|met(?:re|er)s?|m",
}
"""Word of a unit → its spellings; the longer ones come before what they begin with."""

_BETWEEN: Final = r"(?:/|·|•|\*|\.|×|x|每|per|-|、)"
_TIMES: Final[Mapping[str, Fraction]] = {
    "": Fraction(1), "千": Fraction(1000), "10k": Fraction(10_000), "万": Fraction(10_000), "亿": Fraction(10**8),
}  # fmt: skip
_MU: Final = Fraction(2000, 3)

Unit = tuple[str, ...]
"""What is counted, then what it is counted per, sorted: ``("cny", "day", "m2")``."""


class Quantity(NamedTuple):
    """A quantity: its name, our unit, the headings it stands under, units → ours, and between what it can be believed."""

    name: Text
    unit: Text
    headings: tuple[str, ...]
    units: Mapping[Unit, Fraction]
    least: float
    most: float


_AREAS: Final[dict[Unit, Fraction]] = {
    ("m2",): Fraction(1), ("mu",): _MU, ("hm2",): Fraction(10_000), ("km2",): Fraction(10**6),
    ("sqft",): Fraction(9_290_304, 10**8),
}  # fmt: skip
_RENTS: Final[dict[Unit, Fraction]] = {
    ("cny", *sorted((area, time))): Fraction(1) / size / days
    for area, size in (("m2", Fraction(1)), ("mu", _MU))
    for time, days in (("day", Fraction(1)), ("month", Fraction(365, 12)), ("year", Fraction(365)))
}
_SQUARE_METRE: Final = Text("㎡", "m²")

QUANTITIES: Final[dict[str, Quantity]] = {
    "available_m2": Quantity(
        Text("可租面积", "Available area"), _SQUARE_METRE,
        ("可租面积", "可租售面积", "可售面积", "可供面积", "可用面积", "空置面积", "剩余面积", "出租面积", "招租面积", "待租面积",
         "availablearea", "vacantarea", "lettablearea", "leasablearea", "available"), _AREAS, 1, 1e8,
    ),
    "land_m2": Quantity(
        Text("土地面积", "Land area"), _SQUARE_METRE,
        ("土地面积", "用地面积", "占地面积", "地块面积", "宗地面积", "出让面积", "landarea", "sitearea", "plotarea"), _AREAS, 1, 1e8,
    ),
    "area_m2": Quantity(
        Text("面积", "Area"), _SQUARE_METRE,
        ("面积", "建筑面积", "总建筑面积", "总面积", "建面", "载体面积", "单层面积", "area", "floorarea", "grossarea", "grossfloorarea",
         "gfa", "buildingarea", "totalarea"), _AREAS, 1, 1e8,
    ),
    "height_m": Quantity(
        Text("层高", "Height"), Text("m", "m"),
        ("层高", "净高", "净层高", "首层层高", "厂房高度", "檐高", "height", "clearheight", "ceilingheight", "floorheight"),
        {("m",): Fraction(1), ("cm",): Fraction(1, 100), ("mm",): Fraction(1, 1000), ("ft",): Fraction(3048, 10_000)},
        1.5, 100,
    ),
    "load_kg_m2": Quantity(
        Text("承重", "Floor load"), Text("kg/㎡", "kg/m²"),
        ("承重", "楼面承重", "地面承重", "楼板承重", "荷载", "荷重", "楼面荷载", "楼板荷载", "地面荷载", "活荷载", "承载", "承载力",
         "load", "floorload", "loading", "floorloading", "loadcapacity"),
        {("kg", "m2"): Fraction(1), ("t", "m2"): Fraction(1000), ("kn", "m2"): Fraction(10**8, 980_665)}, 10, 1e5,
    ),
    "rent": Quantity(
        Text("租金", "Rent"), Text("元/㎡/天", "CNY/m²/day"),
        ("租金", "租金单价", "租金报价", "参考租金", "租赁价格", "日租金", "月租金", "年租金", "rent", "rentalprice", "rental",
         "askingrent", "dailyrent", "monthlyrent", "annualrent"), _RENTS, 0.001, 1000,
    ),
    "price": Quantity(
        Text("售价", "Sale price"), Text("元/㎡", "CNY/m²"),
        ("售价", "销售单价", "销售价格", "销售价", "出售单价", "单价", "地价", "土地单价", "出让单价", "出让价", "price", "saleprice",
         "unitprice", "landprice"), {("cny", "m2"): Fraction(1), ("cny", "mu"): 1 / _MU}, 1, 1e6,
    ),
    "total_price": Quantity(
        Text("总价", "Total price"), Text("元", "CNY"),
        ("总价", "售价", "销售总价", "出售总价", "起始总价", "起始价", "挂牌价", "出让价", "totalprice", "price", "saleprice"),
        {("cny",): Fraction(1)}, 1000, 1e12,
    ),
}  # fmt: skip
"""Quantities of premises by their columns; a heading of two of them is that of the one that has the unit."""

_TIME_OF_HEADING: Final = {
    "日": "day",
    "月": "month",
    "年": "year",
    "daily": "day",
    "monthly": "month",
    "annual": "year",
}
_HIRED_HEADINGS: Final = ("单价", "price", "unitprice")
"""Headings of a price that are those of a rent where their unit is of a time."""

_WHICH_HEIGHT: Final = re.compile(
    r"[首一二三四五底顶各单]层|\d{1,2}[f层楼]|标准层|楼层|地[上下]|梁[下底]|净高?|结构|室内|吊顶[前后下]?|最[高低]处?|平均|厂房|车间|仓库|办公|有效|约|参考|层"
    r"|(?:first|ground|typical|each|1st)floor|beam|min(?:imum)?|max(?:imum)?|clear|typical|approx\.?"
)
"""What the heading of a height says besides its unit."""

_GLUED: Final = re.compile(r"\d[.,，]*\s+[.,，]*\d|[0-9]，[0-9]")
"""Two numbers, or one with a space or a comma of Chinese text in it: which of them nobody knows."""

_TEN_KILO: Final = re.compile(r"k\s*㎡|k\s+m", re.IGNORECASE)
"""A k that may mean a thousand before square metres: ㎢, km² and km2 are square kilometres."""

_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》", "()()()()()()")


def flat(text: str) -> str:
    """Text of a heading or a cell as units are looked for in it: of one width, small, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split()).translate(_BRACKETS)


@cache
def _unit_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{word}>{spellings})" for word, spellings in _WORDS.items()))


@cache
def read_unit(text: str) -> tuple[Fraction, Unit] | None:
    """A unit as text writes it: a factor of thousands before it, and its words; None where it is none.

    Examples
    --------
    >>> read_unit("元/㎡·天"), read_unit("万元/亩"), read_unit("CNY per sqm per day") == read_unit("元/天/平方米")
    ((Fraction(1, 1), ('cny', 'day', 'm2')), (Fraction(10000, 1), ('cny', 'mu')), True)
    >>> read_unit("间") is None
    True
    """
    plain = flat(text).strip("()")
    times = next((word for word in _TIMES if word and re.match(f"{word}(?!克|牛)", plain)), "")
    words: list[str] = []
    at = len(times)
    while at < len(plain):
        between = re.compile(_BETWEEN).match(plain, at) if words else None
        at = between.end() if between else at
        found = _unit_pattern().match(plain, at)
        if found is None or (words and between is None and found.lastgroup not in ("day", "month", "year")):
            return None
        words.append(str(found.lastgroup))
        at = found.end()
    return (_TIMES[times], (words[0], *sorted(words[1:]))) if words else None


UNREAD: Final[tuple[Fraction, Unit]] = (Fraction(1), ("unread",))
"""Unit of a heading that names one which is not known: bare numbers under it are not read."""


class Title(NamedTuple):
    """What a heading says: which quantity it is, and its unit where it names one that the quantity has.

    The unit is `UNREAD` where that of a height is not known, for a height without any is one in metres.
    """

    quantity: str
    unit: tuple[Fraction, Unit] | None


def read_title(title: str) -> Title | None:
    """Which quantity a heading is of.

    Examples
    --------
    >>> read_title("月租金（元/㎡）"), read_title("售价（万元）").quantity, read_title("售价（元/㎡）").quantity
    (Title(quantity='rent', unit=(Fraction(1, 1), ('cny', 'm2', 'month'))), 'total_price', 'price')
    >>> read_title("层高"), read_title("联系人")
    (Title(quantity='height_m', unit=None), None)
    """
    plain = flat(title).strip("*:")
    stem, said = _parted(plain)
    if stem in _HIRED_HEADINGS and (hired := read_unit(said)) and hired[1] in QUANTITIES["rent"].units:
        return Title("rent", hired)
    for name, quantity in QUANTITIES.items():
        if stem in quantity.headings:
            unit = read_unit(said) if said and not _TEN_KILO.search(title) else None
            if name == "height_m" and said:
                said = _WHICH_HEIGHT.sub("", said).strip("()[]:,、;/_·.-")
                unit = read_unit(said) if said else None
                unit = UNREAD if said and (unit is None or unit[1] not in quantity.units) else unit
                return Title(name, unit)
            if name == "rent" and unit and len(unit[1]) == 2:
                time = next((word for start, word in _TIME_OF_HEADING.items() if stem.startswith(start)), "")
                unit = (unit[0], (unit[1][0], *sorted((unit[1][1], time)))) if time else unit
            known = unit is not None and unit[1] in quantity.units
            if known or not any(stem in other.headings and other is not quantity for other in QUANTITIES.values()):
                return Title(name, unit if known else None)
            if not said and name == "price":
                return Title(name, None)
    return None


@cache
def _stems() -> dict[str, re.Pattern[str]]:
    """All headings, the longer ones first, each with what it looks like at the beginning of a title."""
    stems = sorted({one for quantity in QUANTITIES.values() for one in quantity.headings}, key=len, reverse=True)
    return {stem: re.compile("_?".join(map(re.escape, stem))) for stem in stems}


def _parted(plain: str) -> tuple[str, str]:
    """A flat heading without its unit, and the unit: 面积(㎡), 层高m, 租金:元/㎡/天, floor_load_kg_m2."""
    for stem, pattern in _stems().items():
        if found := pattern.match(plain):
            said = plain[found.end() :].replace("单位", "").strip("()[]:,/_").replace("_", "/")
            if not said or read_unit(said) is not None:
                return stem, said
    found = re.fullmatch(r"([^(/:,]+)[(/:,](.*?)\)?", plain)
    return (found[1], found[2]) if found else (plain, "")


class Reading(NamedTuple):
    """A quantity as it was read: its value in our unit, None where there is none, and what is to be told."""

    value: float | None
    problem: str = ""


_CELL: Final = re.compile(
    r"(?P<about>约|大约|大概|近似|~|≈|about|approx\.?|ca\.?)?(?P<money>[¥￥])?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<times>千|万|亿)?(?P<rest>.*)"
)
"""A number with what stands behind it; 万元 is a unit."""


def read_quantity(text: str, name: str, unit: tuple[Fraction, Unit] | None = None) -> Reading:
    """A cell as a quantity.

    Parameters
    ----------
    text : str
    name : str
        One of `QUANTITIES`.
    unit : tuple, optional
        The unit that the heading names, as `read_unit` gives it; one in the cell comes before it.

    Returns
    -------
    Reading

    Examples
    --------
    >>> read_quantity("12亩", "area_m2").value, read_quantity("1.2万㎡", "area_m2").value
    (8000.0, 12000.0)
    >>> read_quantity("45.625元/㎡/月", "rent").value, read_quantity("1.5t/㎡", "load_kg_m2").value
    (1.5, 1500.0)
    >>> read_quantity("1000-3000㎡", "area_m2")
    Reading(value=None, problem='没有读懂，没有采用')
    """
    plain = flat(text)
    found = _CELL.fullmatch(plain)
    if not found or _GLUED.search(text) or _TEN_KILO.search(text) or _numbered(text):
        return Reading(None, NOT_WHOLE)
    quantity, rest, times = QUANTITIES[name], found["rest"], found["times"] or ""
    if times and rest.startswith(("元", "克", "牛")) and times != "亿":
        rest, times = times + rest, ""
    problem = SAID_ABOUT if found["about"] else ""
    if not rest and found["money"]:
        rest = "元"
    own = read_unit(rest) if rest else None
    if rest and own is None:
        return Reading(None, NOT_WHOLE)
    if own is not None and own[1] not in quantity.units and unit is not None and own[1] == unit[1][:1]:
        own = (own[0], unit[1])  # 1.5元 under a heading that says 元/㎡/天
    used = own or unit
    if used is None and name == "height_m":
        used, problem = (Fraction(1), ("m",)), IN_METRES
    if used == UNREAD:
        return Reading(None, UNREAD_UNIT)
    if used is None or used[1] not in quantity.units:
        return Reading(None, NO_QUANTITY_UNIT)
    size = (
        _TIMES[times] if times and own is None else _TIMES[times] * used[0]
    )  # 1.2万 under 万㎡ is written once too often
    number = Fraction(Decimal(found["number"].replace(",", ""))) * size * quantity.units[used[1]]
    value = float(number)
    if not value and name == "available_m2":
        return Reading(value, problem)  # nothing is free
    return Reading(value, problem) if quantity.least <= value <= quantity.most else Reading(None, BEYOND)


def _numbered(text: str) -> bool:
    """Whether a sign such as ① or ½ stands beside a digit, which it would become a part of."""
    return any(
        unicodedata.category(one) == "No" and (before.isdigit() or after.isdigit())
        for before, one, after in zip(" " + text, text, text[1:] + " ", strict=False)
    )
