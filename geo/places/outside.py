"""Whether an address lies in another city: the provinces, cities and counties of China outside Shanghai by name."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from geo.catalog import read_table
from geo.places.districts import adcodes_of
from geo.text import fold

_GENERIC: Final = frozenset(
    ["城区", "郊区", "矿区", "新城区", "市中区", "城中区", "新市区", "港口区", "高新区", "开发区"]
)
"""Names of districts elsewhere that are plain words."""

_TAIWAN: Final = ("台北市", "新北市", "桃园市", "台中市", "台南市", "高雄市", "新竹市", "新竹县", "基隆市")
"""Cities that the list of divisions lacks."""

_RANKS: Final = ("province", "city", "county")
_NEIGHBOURS: Final = ("32", "33", "34")
"""Codes of Jiangsu, Zhejiang and Anhui, whose counties and districts are written without 县 or 区 too."""

_AFTER: Final = re.compile(
    r"[^路道街巷\d]{0,8}?(?:区|县|市|镇|乡|街道|开发区|园区|工业园|产业园|科技园|高新|新城|港|机场|大厦|广场)"
)
_NUMBERED: Final = re.compile(r"[路街道巷]\d")
_ROAD: Final = re.compile(r"[东西南北中]?[一二三四五六七八九十]?(?:公路|大道|支路|环路|路|街|弄)")
_NO_ENGLISH_ROAD: Final = (
    r"(?!(?:east|west|north|south|middle|no\.?\d|[12]nd|1st)?\.?(?:road|rd|street|st\.|avenue|ave|lu\b))"
)
_ENGLISH: Final = re.compile(
    r"(?:zhejiang|jiangsu|anhui|guangdong|fujian|shandong|hubei|hunan|henan|hebei|sichuan|jiangxi|liaoning|shaanxi|"
    r"beijing|tianjin|chongqing|guangzhou|shenzhen|hangzhou|suzhou|kunshan|ningbo|wuxi|nanjing|nantong|jiaxing|"
    r"changzhou|taicang|changshu|zhangjiagang|shaoxing|huzhou|wenzhou|hefei|wuhan|chengdu|xiamen|qingdao|dalian|"
    r"hongkong|taiwan|tongxiang|haining|jiangyin|yancheng|yangzhou|zhenjiang|taizhou|jinhua|zhoushan)"
    rf"{_NO_ENGLISH_ROAD}"
)
_PARK: Final = re.compile("分?园区?|分区|基地|科[技创]城|产业城|工业区|开发区|合作区|示范区")
"""What parks and zones are called, and their branches."""

_IN_SHANGHAI: Final = re.compile(rf"shanghai{_NO_ENGLISH_ROAD}")


def names_other_city(text: str, is_here: Callable[[str], bool]) -> bool:
    """Whether a folded address begins with a place outside Shanghai.

    Parameters
    ----------
    text : str
        Folded; it does not begin with 上海.
    is_here : callable
        Whether a text that begins with the name of another place is a town, an area or a road of Shanghai.

    Notes
    -----
    A name with its rank (昆山市, 吴江区) says it alone.  A short name (昆山) says it when no road is named after it
    there: 昆山路 and 南京东路 are roads of Shanghai, 昆山开发区 and 杭州文三西路 are not.

    Examples
    --------
    >>> nowhere = lambda text: False
    >>> [names_other_city(text, nowhere) for text in ("昆山开发区朝阳东路188号", "昆山路1号", "莘庄都市路", "九星市场")]
    [True, False, False, False]
    """
    if text.isascii():
        return not _IN_SHANGHAI.search(text) and bool(_ENGLISH.search(text))
    text = re.sub("^中国", "", text)
    whole, short = _names()
    if any(text[:length] in whole for length in range(2, 12)):
        return True
    for length in range(5, 1, -1):
        stem = text[:length]
        if stem in short:
            rest = text[length:]
            if _ROAD.match(rest) or is_here(text):
                return False
            if short[stem] == "province":
                return True
            named_next = any(rest[:size] in whole or rest[:size] in short for size in range(2, 8))
            return named_next or bool(_AFTER.match(rest)) or (short[stem] == "city" and bool(_NUMBERED.search(rest)))
    return False


def names_branch_elsewhere(
    text: str, ours: Callable[[str], str], is_here: Callable[[str], bool], is_road: Callable[[str], bool]
) -> bool:
    """Whether a folded text names what a park, zone or district of Shanghai runs in another city.

    Parameters
    ----------
    text : str
    ours : callable
        What a text ends with: ``zone`` for a zone or park of Shanghai or what these are called, ``place`` for the bare
        name of a district or town, ``""`` for neither.
    is_here : callable
        Whether a name of another place is that of a district or town of Shanghai too (浦江, 长兴).
    is_road : callable
        Whether it is that of a road of Shanghai too (江宁, 桂林).

    Notes
    -----
    A name with its rank (海宁市) says it, and so does a branch (海宁分区).  A name that roads bear here says nothing else;
    after the bare name of a district or town, which parks and roads of it follow too, a name says it in brackets alone.

    Examples
    --------
    >>> ours = lambda text: "zone" if text.endswith("开发区") else "place" if text.endswith(("外高桥", "静安")) else ""
    >>> texts = ("外高桥(启东)产业园", "漕河泾开发区海宁分区", "漕河泾开发区海宁园区", "静安启东科创园", "启东产业园")
    >>> [names_branch_elsewhere(text, ours, lambda name: False, lambda name: name == "海宁") for text in texts]
    [True, True, False, False, False]
    """
    if not _PARK.search(text):
        return False
    for found in _branch_pattern().finditer(text):
        head = text[: found.start()].rstrip("·-—")
        kind = ours(head.rstrip("(·-—"))
        if not kind:
            continue
        if found["rank"]:
            return True
        name = found["place"]
        if is_here(name) or (is_road(name) and not found["branch"]):
            continue
        if kind == "zone" or found["branch"] or head.endswith("("):
            return True
    return False


@cache
def _branch_pattern() -> re.Pattern[str]:
    """Short names of places outside, before what parks are called."""
    _, short = _names()
    places = "|".join(sorted(short, key=len, reverse=True))
    return re.compile(
        rf"(?P<place>{places})(?:(?P<rank>市(?!场)|县)|区)?\)?[^路街道弄号巷\d|,]{{0,8}}?(?:(?P<branch>分园|分区)|{_PARK.pattern})"
    )


@cache
def _names() -> tuple[frozenset[str], dict[str, str]]:
    """Names with their rank; short names, each with ``province``, ``city`` or ``county``."""
    table = read_table("divisions", ["code", "name", "level"])
    ours = adcodes_of(table["name"]) != ""
    table = table[~ours & ~table["name"].isin(_GENERIC)]
    whole, short = set(_TAIWAN), dict.fromkeys(["台湾", "澳门", "香港", *(name[:-1] for name in _TAIWAN)], "province")
    for code, name, level in zip(table["code"], table["name"].map(fold), table["level"], strict=True):
        stem = re.sub(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|.族自治.|地区|自治州|省|市|盟|县|区)$", "", name)
        whole.add(name)
        near = code.startswith(_NEIGHBOURS)
        if len(stem) >= 2 and (level != "county" or name.endswith("市") or near):
            rank = "city" if level == "county" and name.endswith("市") else level
            short[stem] = min(short.get(stem, rank), rank, key=_RANKS.index)
    return frozenset(whole), short
