"""Which column is which: the spellings that vendors and home-made lists use, and whose export a file is."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from geo.enterprises.schema import COLUMN_LABELS, COLUMNS
from geo.errors import DataError
from geo.text import Text, fold

_HINTS: Final = {
    "imported_name": "原文件导入名称",
    "province": "所属省份、所在省份、省份、所属省、省、province",
    "city": "所属城市、所在城市、城市、所属市、市、city",
    "gb_section": "国标行业门类、行业门类",
    "gb_division": "国标行业大类、行业大类",
    "gb_group": "国标行业中类、行业中类",
    "gb_class": "国标行业小类、行业小类",
    "lonlat": "经纬度、坐标、经纬度坐标、地理坐标、坐标点、位置坐标、location、lnglat、lonlat、latlng、latlon、point、coordinates",
}
"""Columns of a list that help to read canonical ones and are none themselves → spellings."""

COLUMN_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(spellings.split("、"))
    for name, spellings in ({name: column.spellings for name, column in COLUMNS.items()} | _HINTS).items()
    if spellings
}
"""Column → spellings, the preferred first."""

_HELPING_LABELS: Final = {
    "imported_name": Text("原文件导入名称", "Name as asked for"),
    "province": Text("省份", "Province"),
    "city": Text("城市", "City"),
    "gb_section": Text("国标行业门类", "GB/T 4754 section"),
    "gb_division": Text("国标行业大类", "GB/T 4754 division"),
    "gb_group": Text("国标行业中类", "GB/T 4754 group"),
    "gb_class": Text("国标行业小类", "GB/T 4754 class"),
    "lonlat": Text("经纬度（写在一格）", "Longitude and latitude in one cell"),
    "datum": Text("坐标系", "Datum"),
    "location": Text("位置", "Location"),
    "geometry": Text("坐标", "Coordinates"),
}
"""What a report speaks of beside canonical columns."""

_NUMBERED: Final = re.compile(r" \(\d+\)$")
"""What tells headers apart that a file repeats."""

_SIGNATURES: Final = {
    "qichacha": (
        *("原文件导入名称", "系统匹配企业名称", "企业（机构）类型", "企查查行业门类", "企查查行业大类", "更多邮箱"),
        *("企查查行业中类", "企查查行业小类", "企业地址", "官网网址", "通信地址邮编", "纳税人资质", "最新年报年份"),
        *("登记机关",),
    ),
    "tianyancha": ("公司名称", "公司类型", "最新年报地址", "核准日期", "其他邮箱", "其他电话", "网址"),
}
_TITLES: Final = {"qichacha": "企查查", "tianyancha": "天眼查"}
_DATUM_WORDS: Final = {
    "bd09": ("百度", "baidu", "bd09", "bd-09", "bd经", "bd纬", "bd坐"),
    "gcj02": ("高德", "腾讯", "火星", "amap", "gcj", "tencent"),
    "wgs84": ("wgs84", "wgs-84", "gps", "天地图", "tianditu", "cgcs2000"),
}
_AXES: Final = {
    "lonlat": re.compile(
        r"经纬度|(?<!经度)(?<!纬度)(?<![xy东北横纵向])坐标(?:点|位置|信息)?$|经度[,、/和及与]?纬度|纬度[,、/和及与]?经度"
        r"|(?<![a-z])(?:lng|lon|longitude)[,/、_ -]?(?:lat|latitude)(?![a-z])"
        r"|(?<![a-z])(?:lat|latitude)[,/、_ -]?(?:lng|lon|longitude)(?![a-z])|^gps(?:位置|定位|点位?)?$"
    ),
    "lon": re.compile(
        r"经度|东经|(?<![a-z])(?:lng|lon|longitude|easting|jd|jingdu)(?![a-z])|[东横](?:向)?坐标|(?<![a-z])x(?![a-z])(?:坐标)?"
    ),
    "lat": re.compile(
        r"纬度|北纬|(?<![a-z])(?:lat|latitude|northing|wd|weidu)(?![a-z])|[北纵](?:向)?坐标|(?<![a-z])y(?![a-z])(?:坐标)?"
    ),
}
_DATUM_BEHIND: Final = re.compile(
    r"(?<=坐标)\((?:wgs-?84|gcj-?02|bd-?09|cgcs2000|2000|gps|百度|高德|腾讯|天地图|火星|国家2000|84)[^()]*\)$"
)
"""A datum in brackets behind the one heading of both axes."""

_DIRECTION: Final = re.compile(r"[东北横纵](?:向)?坐标")
_AXIS_WORDS: Final = re.compile(r"\((?:度|°|十进制|deg)\)|[东北横纵轴方向()xy]|(?<![a-z])[en](?![a-z])")
"""What the titles of two axes say beside each other that differs: 北坐标（X）, 东坐标（Y）."""


_ONLY_MORE: Final = re.compile(
    r"\((?![^()]*(?:不一致|不同|不符|母公司|总公司|分公司|子公司|上级|下级|主管|控股|参股|股东|集团|外方|中方|对方|客户|供应商|出租|房东|投资方|关联|英文|外文|曾用|变更|迁出|迁入前"
    r"|原(?!币)|旧|历史|拟|如有|若|如与|如不|除外|另))"
    r"(?:[^()]*(?:美元|外币|原币|折算|盖章|公章|全称|中文|必填|选填|\d+位|与执照|与营业执照|为准|一致|门牌|国标|gb/?t|格式|示例)[^()]*|详细|经营场所|住所|统一|营业执照号?"
    r"|县|区|镇|街道|乡|大类|中类|小类|门类|机构|单位|企业|公司|工商|注册|登记|年[/、-]?月[/、-]?日|yyyy[^()]*|存续[^()]*|文本|数字)\)$"
)
"""Brackets in a header that do not alter what it speaks of."""

_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》「」『』〖〗<>圆", "()()()()()()()()()()元")
_UNIT: Final = r"(?:人民币|rmb|cny)?,?(?:万亿|[十百千]?[亿万]|千)?(?:元|人民币|美元|美金|港元|港币|欧元|日元|usd|hkd|eur|jpy|rmb|cny){0,2}"
_UNIT_WORD: Final = (
    r"金额|单位|以|按|计|人民币|美元|美金|港元|港币|欧元|日元|rmb|cny|usd|hkd|eur|jpy|yuan|¥|\$|万亿|[十百千]?[亿万]元?|千元?|元|wan|w"
    r"|10,?000|million|mn|人|必填|选填|填数字|数字|20\d\d(?:年[末底]?)?|截至|期末|[,;:/、*-]"
)
"""What the brackets behind a heading say of the figures or of the form, and what stands between."""

_CAPTION: Final = re.compile(
    rf"\((?:(?:{_UNIT_WORD})*+|(?:gb/?t?)?(?:4754)?\W?20\d\d版?)\)?$|[/_::,、—–-]+(?:单位[::]?)?{_UNIT}$|(?<=.)(?:万|亿|千|百万)(?:元|美元)$"
    r"|(?<=capital)_?(?:wan|cny|rmb|yuan|mn)$"
)


_AMOUNTS_OF_OTHERS: Final = frozenset(["出资额", "出资总额", "认缴出资额", "实缴出资额", "出资"])
"""Headings of amounts that are a shareholder's where a list names these."""


def heading(text: str) -> str:
    """A header as it is compared: folded, without byte-order mark, star or colon, unit or explanation in brackets.

    Examples
    --------
    >>> heading("*注册资本（万元）："), heading("企业(机构)类型"), heading("住所（经营场所）"), heading("注册地址（变更前）")
    ('注册资本', '企业(机构)类型', '住所', '注册地址(变更前)')
    """
    folded = fold(text.replace("\ufeff", "")).strip("*:：")
    folded = folded.translate(_BRACKETS)
    while (shorter := _ONLY_MORE.sub("", _CAPTION.sub("", folded)).strip("*:")) and shorter != folded:
        folded = shorter
    return folded


def _core(key: str) -> str:
    """A compared header without 企业 before it, where that is a known one.

    Examples
    --------
    >>> _core("企业经营状态"), _core("企业类型")
    ('经营状态', '企业类型')
    """
    shorter = re.sub("^(?:企业|公司|单位|机构|主体)(?=..)", "", key)
    return key if key in known_headings() or shorter not in known_headings() else shorter


def map_columns(headers: Iterable[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Find the canonical columns among headers.

    Parameters
    ----------
    headers : iterable of str
        Distinct headers of a file.
    given : mapping of str to str, optional
        Canonical column → header, over what is recognised; an empty header takes a column out.

    Returns
    -------
    dict of str to str
        Canonical column → header; both `lon` and `lat` give one header where that column holds both.

    Raises
    ------
    DataError
        If `given` names a header that the file does not have, or a canonical column that does not exist.

    Examples
    --------
    >>> map_columns(["公司名称", "注册地址", "百度经度", "百度纬度"])
    {'name': '公司名称', 'address': '注册地址', 'lon': '百度经度', 'lat': '百度纬度'}
    """
    titles = list(headers)
    unsure = _AMOUNTS_OF_OTHERS if _names_owners(titles) else frozenset()
    order = sorted(titles, key=_likeness)
    by_heading = {key: title for title in reversed(order) if (key := heading(title)) not in unsure}
    found: dict[str, str] = {}
    for column, spellings in COLUMN_ALIASES.items():
        title = next((by_heading[key] for key in map(heading, spellings) if key in by_heading), None)
        if title is not None and title not in found.values():
            found[column] = title
    by_core = {_core(key): title for key, title in reversed(by_heading.items()) if title not in found.values()}
    for column, spellings in COLUMN_ALIASES.items():
        title = next((by_core[key] for key in map(heading, spellings) if key in by_core), None)
        if column not in found and title is not None and title not in found.values():
            found[column] = title
    _map_axes(titles, found)
    combined = found.pop("lonlat", None)
    if combined and not {"lon", "lat"} <= found.keys():
        found |= {"lon": combined, "lat": combined}
    if ("lon" in found) != ("lat" in found):
        found.pop("lon", None)
        found.pop("lat", None)
    _take_over(titles, found, given or {})
    combined = found.pop("lonlat", None) or _lone_pair(found)
    return found | ({"lon": combined, "lat": combined} if combined else {})


def _likeness(title: str) -> tuple[bool, int]:
    """What comes first of several titles of one heading: the one that is it to the letter, then the latest year."""
    years = [int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", fold(title))]
    return fold(title).translate(_BRACKETS).strip("*:：") != heading(title), -max(years, default=0)


def _names_owners(titles: Iterable[str]) -> bool:
    """Whether headers name the owners of an enterprise: 出资额 is what each of them has put in then."""
    return any(re.search("股东|合伙人|投资人|投资方|出资人|出资方|发起人|持股", title) for title in titles)


def read_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Columns as a person writes them, ``header=column``, for `map_columns`.

    Parameters
    ----------
    pairs : iterable of str
        The column by its name, its label in either language or a spelling of it; nothing before the sign takes a
        recognised column out.

    Raises
    ------
    DataError
        When one is no such pair or no column, or two headers are given to one column.

    Examples
    --------
    >>> read_columns(["company_name=name", "登记地=地址", "=lon"])
    {'name': 'company_name', 'address': '登记地', 'lon': ''}
    """
    found: dict[str, str] = {}
    for pair in pairs:
        title, sign, meaning = pair.rpartition("=")
        if not sign:
            raise DataError(
                "没有写明哪一列是什么", value=pair, expected="表头=含义，如 company_name=name 或 登记地=地址"
            )
        column = column_called(meaning)
        if not column:
            raise DataError("没有这个规范列", value=meaning, expected="、".join(COLUMN_ALIASES))
        if column in found:
            raise DataError(
                f"两列都说是“{column_label(column)}”，用哪一列",
                value=f"{found[column]}、{title}",
                expected="只写其中一列",
            )
        found[column] = title
    return found


def column_called(text: str) -> str:
    """Canonical column that a person means, ``""`` where none: by its name, its label or a spelling of its headers."""
    wanted = heading(text)
    called = {heading(column): column for column in COLUMN_ALIASES}
    for lang in ("en", "zh"):
        called |= {heading(column_label(column, lang)): column for column in reversed(COLUMN_ALIASES)}
    called |= {column: column for column in COLUMN_ALIASES}
    spelled = {heading(word): column for column, words in COLUMN_ALIASES.items() for word in words}
    return called.get(wanted) or spelled.get(wanted, "")


def column_label(column: str, lang: str = "zh") -> str:
    """What a canonical column, or one that helps to read some, is called on pages and in reports.

    Examples
    --------
    >>> column_label("uscc"), column_label("city", "en"), column_label("备注")
    ('统一社会信用代码', 'City', '备注')
    """
    label = COLUMN_LABELS.get(column) or _HELPING_LABELS.get(column)
    return label.of(lang) if label else column


def alternatives(headers: Iterable[str], mapped: Mapping[str, str]) -> dict[str, list[str]]:
    """Columns for which a file has further headers of the same meaning, and these headers.

    Examples
    --------
    >>> headers = ["企业地址", "通信地址", "地址 (2)", "名称"]
    >>> alternatives(headers, {"name": "名称", "address": "企业地址"})
    {'address': ['通信地址', '地址 (2)']}
    """
    meaning = {heading(word): column for column, words in COLUMN_ALIASES.items() for word in words}
    titles, found = list(headers), dict[str, list[str]]()
    for key in _AMOUNTS_OF_OTHERS if _names_owners(titles) else ():
        meaning.pop(key, None)
    for title in titles:
        column = meaning.get(heading(_NUMBERED.sub("", title)), "")
        if title not in mapped.values() and column in mapped and column in COLUMNS:
            found.setdefault(column, []).append(title)
    return found


def _take_over(titles: list[str], found: dict[str, str], given: Mapping[str, str]) -> None:
    """Put what is given over what was recognised."""
    for column, title in given.items():
        if column not in COLUMN_ALIASES:
            raise DataError("没有这个规范列", value=column, expected="、".join(COLUMN_ALIASES))
        if not title:
            found.pop(column, None)
            continue
        if title not in titles:
            raise DataError("文件里没有这一列", column=column, value=title, expected="、".join(titles[:20]))
        for other in [other for other, taken in found.items() if taken == title and {other, column} != {"lon", "lat"}]:
            del found[other]
        found[column] = title


def _lone_pair(found: dict[str, str]) -> str | None:
    """Header of pairs of coordinates that stands under one axis alone; the axis goes, whether it is one or not."""
    if ("lon" in found) == ("lat" in found):
        return None
    title = found.pop("lon", "") or found.pop("lat", "")
    single = (*COLUMN_ALIASES["lon"], *COLUMN_ALIASES["lat"])
    axis = heading(title) in map(heading, single) or any(_AXES[name].search(heading(title)) for name in ("lon", "lat"))
    return None if axis and not _AXES["lonlat"].search(heading(title)) else title


def _map_axes(titles: list[str], found: dict[str, str]) -> None:
    """Coordinates under a longer header, such as 高德经度; a pair has the same words around 经度 and 纬度."""
    if {"lon", "lat"} <= found.keys():
        return
    families: dict[str, dict[str, str]] = {}
    for title in titles:
        key = heading(title)
        if _DIRECTION.search(key):  # surveyors call the northing X: the word counts, not the letter beside it
            key = re.sub(r"(?<![a-z])[xy](?![a-z])", "", key)
        key = _DATUM_BEHIND.sub("", key)
        for axis, pattern in _AXES.items():
            match = pattern.search(key)
            if match and title not in found.values():
                rest = key[: match.start()] + key[match.end() :]
                families.setdefault(_AXIS_WORDS.sub("", rest), {}).setdefault(axis, title)
                break
    for family in families.values():
        if {"lon", "lat"} <= family.keys():
            found |= {"lon": family["lon"], "lat": family["lat"]}
            return
    for family in families.values():
        if "lonlat" in family:
            found.setdefault("lonlat", family["lonlat"])
            return


def vendor_of(headers: Iterable[str], above: str = "") -> str:
    """Whose export it is: ``qichacha``, ``tianyancha`` or ``generic``.

    Two headers that only that vendor uses, or one and its name above the header, beside a column of the status.

    Examples
    --------
    >>> vendor_of(["公司名称", "经营状态", "公司类型", "注册地址"]), vendor_of(["企业名称", "地址"])
    ('tianyancha', 'generic')
    """
    titles = {heading(header) for header in headers}
    scores = {
        vendor: sum(heading(header) in titles for header in signature) + 2 * (_TITLES[vendor] in above)
        for vendor, signature in _SIGNATURES.items()
    }
    best = max(scores, key=scores.__getitem__)
    known = len(titles & {heading("登记状态"), heading("经营状态")}) > 0 or heading("原文件导入名称") in titles
    return best if scores[best] >= 2 and (known or _TITLES[best] in above) else "generic"


def datum_of(title: str) -> str:
    """Datum that a header of coordinates names, ``""`` where none.

    Examples
    --------
    >>> datum_of("百度经度"), datum_of("经度")
    ('bd09', '')
    """
    folded = fold(title)
    return next((datum for datum, words in _DATUM_WORDS.items() if any(word in folded for word in words)), "")


@cache
def known_headings() -> frozenset[str]:
    """All spellings of all canonical columns, as `heading` gives them."""
    return frozenset(heading(spelling) for spellings in COLUMN_ALIASES.values() for spelling in spellings)
