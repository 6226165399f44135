"""Witnesses of a location: what a vendor's row states, its address, its point, and the registration beside them."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.enterprises.addresses import house_key, house_of
from geo.enterprises.schema import BASIS_LABELS
from geo.ingest.engines import HERE, Engine, in_pieces
from geo.ingest.values.cells import by_value
from geo.ingest.values.identifiers import registration_adcodes
from geo.places.districts import adcodes_of, attributes
from geo.places.gazetteer import MAX_CACHED_ADDRESSES, AddressParts, read_address, remember_addresses
from geo.places.geocoding import CORE_HOSTS, OUTSIDE, place
from geo.places.parks import park_points
from geo.places.zones import CORE, is_core_alone, names_core, says_lingang
from geo.text import fold

ADDRESS_ELSEWHERE: Final = "只凭地址判为外地企业，不计入上海；若不是，请写明所在区"

AUDIT: Final = ("stated_adcode", "stated_core", "address_adcode", "point_adcode", "registration_adcode")
"""Columns that hold what each piece of evidence says: adcode, ``core``, ``outside`` or ``""``."""

_ELSEWHERE_ONCE: Final = re.compile(
    r"原|曾|旧|历史|过去|以往|(?<![目当])前|迁|搬|来源|流[出入]|去向|往来"  # another time
    r"|拟|计划|规划|意向|意愿|意见|希望|期望|需求|预|推荐|建议|目标|目的|候选|备选|首选|优选|对接|洽谈|接洽|落地|落户|选址|招商|引进|引入|拓展|扩|将|未来|新建|项目"
    r"|服务|覆盖|辐射|面向|销售|市场|业务|范围|经营区域|配送|产业方向|考察|走访|参观|调研|活动"  # what it does, and where
    r"|客户|用户|供应|采购|合作|伙伴|配套|上游|下游|股东|投资|出资|控股|集团|母公司|总部|总公司|分公司|分支|分部|子公司|关联|其他[^类]|其它"
    r"|法定代表|法人|负责人|联系人|高管|实际控制|机关|主管|管辖|(?<![区园镇块体])名称|简称"  # somebody else
    r"|name|former|previous|past|(?<![a-z])(?:old|ex|from|to|hq)(?![a-z])|target|plan(?!et|t)|intend|intent|propos|candidate|recommend|prefer|wish|wanted|future|expan|reloc|moved"
    r"|client|customer|supplier|partner|shareholder|invest|parent|headquarter|branch|subsidiar|affiliat|service|market|sales|business|scope|contact|visit|project"
)
"""In the title of a column that speaks of another time, of a wish, of another place or enterprise, or of none."""

_OWN_PLACE: Final = re.compile(
    r"区|所属|所在|注册|登记|属地|归属|住所|地址|场所|位置|地点|厂址|办公|经营|街|镇|乡|园|基地|新城|载体|地$"
    r"|area|zone|district|park|region|place|town|address|location|(?<![a-z])site"
)
"""In the title of a column that says where an enterprise is."""

_CORE_FLAG: Final = re.compile(
    r"(?:是否)?(?:在|位于|属于?|注册在?|纳入|为)?(?:上海)?(?:自贸区)?(?:临港|一核)(?:新片区|片区|地区|新城)?(?:内|范围内?|区域内?|企业|注册)*"
    r"(?:\((?:是[/、或]?否|y/n|1/0|√)\)|标[记识志]|与否)?|(?:is|in)?[ _-]?lin-?gang(?:[ _-]?(?:flag|area))?"
)
"""Title of a column that asks whether an enterprise lies in Lingang."""

_YES: Final = ("是", "√", "✓", "✔", "1", "1.0", "y", "yes", "true", "t")
_NO: Final = ("否", "×", "✗", "x", "0", "0.0", "n", "no", "false", "f", "", "-", "--", "/", "不是", "不在")

_NEUTRAL: Final = re.compile(
    r"备注|附注|说明|注释|分类|类别|类型|板块|标签|标记|标识|分组|组别|工作表|图层|一核|一带"
    r"|^(?:其他|列\d*|unnamed:?\d*|remarks?|notes?|comments?|tags?|labels?|categor(?:y|ies)|class|types?|groups?|column\d*|field\d*|sheet|layer)?(?:\(\d+\))?$"
)
"""Title of a column that says nothing of what is in it, and may say where an enterprise is."""

UNKNOWN_DISTRICT: Final = "不是上海的区"
DEFAULT_POINT: Final = "许多不同地址共用的坐标，是默认点而不是厂址；以地址为准"
MANY_ROWS: Final = 3
"""Rows on one point from which on their addresses are compared."""

MANY_HOUSES: Final = 4
"""Different house numbers on one point from which on it is nobody's site; a corner house may have three."""

_CITY_MIDDLES: Final = (
    *((121.473701, 31.230416), (121.472644, 31.231706), (121.487899, 31.249162), (121.458060, 31.222220)),
    *((121.473662, 31.230372), (121.469170, 31.224361), (121.480540, 31.235930)),
)
"""Points that geocoders give for 上海市 [degrees]: AMap and Google, DataV, Baidu, GeoNames, Nominatim."""

_MIDDLE_DISTRICT: Final = "310101"
_WITNESSES: Final = (
    *("stated_adcode", "stated_core", "town", "park", "address", "lon", "lat", "uscc", "uscc_valid", "point_error_m"),
)
"""Columns by which a row is placed."""

_SHANGHAI: Final = ("上海", "shanghai", "310000", "31")
_BETWEEN: Final = re.compile(r"[\s·•・,，、;；/\\|>_-]+")
_APART: Final = re.compile(r"[\s·•・,，、;；/\\|>_&+()（）→⇒-]+|[和与及至]|或者?")
"""What parts the words of a cell that may name several districts."""

_SECOND_ADDRESS: Final = (
    r"[;；|\n]|(?:注册|登记|经营|生产|办公|通[讯信]|实际|厂区|工厂)(?:地址|地|场所|住所)?\s*[）)]?\s*[:：）)]"
)
"""What parts the addresses of a cell that holds several."""

SEVERAL_DISTRICTS: Final = "写了几个区，没有取其中一个"
SEVERAL_ADDRESSES: Final = "一格里有几个地址，在不同的区，按第一个定位"
_NAMELESS_CITY: Final = ("市辖区", "县", "直辖县级")


def stated_districts(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """District that each row states, from its columns of province, city and district.

    Returns
    -------
    adcode : Series of str
        Adcode, `CORE` where Lingang stands for a district, `OUTSIDE` where another province or city is stated, ``""``
        where nothing is.
    unknown : Series of bool
        The district is not one of Shanghai although the row does not state another city.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["浙江省", "上海市"], "city": ["舟山市", None], "district": ["普陀区"] * 2})
    >>> stated_districts(rows)[0].tolist()
    ['outside', '310107']
    """
    province, city, district = (_text(table, name) for name in ("province", "city", "district"))
    read = pd.Series(by_value(district, _district_of, ""), index=table.index, dtype=object).fillna("")
    elsewhere = _elsewhere(province) | (_elsewhere(city) & ~city.isin(_NAMELESS_CITY))
    outside = (elsewhere & (read != CORE)) | (read == OUTSIDE)
    adcode = read.where(read != OUTSIDE, "")
    # a district in the column of the city, as in 上海市 / 浦东新区 / empty
    in_city = (
        pd.Series(by_value(city, _district_of, ""), index=table.index, dtype=object).fillna("").replace(OUTSIDE, "")
    )
    outside &= ~((in_city != "") & ~_elsewhere(province))
    adcode = adcode.where((adcode != "") | (in_city == ""), in_city)
    unknown = (adcode == "") & ~district.isin(["", "上海市", "上海", *_NAMELESS_CITY]) & ~outside
    return adcode.mask(outside, OUTSIDE), unknown


class CoreEvidence(NamedTuple):
    """Which rows state Lingang, and the titles of the columns, none of them recognised as a place, where cells say it.

    `core` counts; `counted` are the titles by which it does; `elsewhere` those that speak of another place, time or
    enterprise; `against` the rows in which a title that says nothing is contradicted, each with such a title.
    """

    core: pd.Series
    counted: list[str]
    elsewhere: list[str]
    against: pd.Series


def stated_core(table: pd.DataFrame, mapped: Mapping[str, str]) -> CoreEvidence:
    """Which rows state Lingang: with or instead of a district, or as the whole of a cell of another column.

    That column has to say where the enterprise is (片区, 所在园区), or nothing (备注, 标签, no title): what it says then
    counts where district, town, park and address of the row do not say otherwise.  A column of wishes, of the past or of
    others (意向区域, 原所在地, 投资方所在地) never counts.

    Parameters
    ----------
    table : DataFrame of str
        As the file has it.
    mapped : mapping
        Canonical column → header.

    Examples
    --------
    >>> rows = pd.DataFrame({"区": ["浦东新区临港", "浦东新区（不含临港）", "松江区"], "片区": ["", "", "临港新片区"]}, dtype="str")
    >>> stated = stated_core(rows, {"district": "区"})
    >>> stated.core.tolist(), stated.counted
    ([True, False, True], ['片区'])
    >>> stated = stated_core(rows.rename(columns={"片区": "意向片区"}), {"district": "区"})
    >>> stated.core.tolist(), stated.elsewhere
    ([True, False, False], ['意向片区'])
    """
    core = pd.Series(False, index=table.index)
    counted, elsewhere = [], []
    neutral: dict[str, pd.Series] = {}
    for title in table.columns:
        if title in [mapped.get(column) for column in ("province", "city", "district")]:
            core |= pd.Series(by_value(table[title], _says_core, False), index=table.index)
            continue
        if title in (mapped.get("name"), mapped.get("address")):
            continue
        if (flagged := _flags_core(str(title), table[title])).any():
            neutral[str(title)] = flagged
            continue
        cells = table[title].where(table[title].str.contains("(?i)[临臨] *港|lin-?gang", regex=True, na=False))
        if cells.notna().any():
            said = pd.Series(by_value(cells, is_core_alone, False), index=table.index).astype(bool)
            key = fold(str(title))
            if not said.any():
                continue
            if _ELSEWHERE_ONCE.search(key) or not (_OWN_PLACE.search(key) or _NEUTRAL.search(key)):
                elsewhere += [str(title)] if title not in mapped.values() else []
            elif _OWN_PLACE.search(key):
                core |= said
                counted += [str(title)] if title not in mapped.values() else []
            else:
                neutral[str(title)] = said
    against = pd.Series("", index=table.index, dtype="str")
    if neutral:
        beside = pd.DataFrame(neutral).any(axis=1) & ~core
        other = pd.Series(False, index=table.index)
        if beside.any():
            other[beside] = _is_elsewhere(table[beside], mapped)
        for title, said in neutral.items():
            core |= said & ~other
            counted += [title] if (said & ~other).any() else []
            against = against.mask(said & other, title)
    return CoreEvidence(core, counted, elsewhere, against)


def _flags_core(title: str, cells: pd.Series) -> pd.Series:
    """Which rows say yes in a column that asks whether an enterprise lies in Lingang; none where it says other things too."""
    said = cells.fillna("").str.strip().str.lower()
    if not _CORE_FLAG.fullmatch(fold(title)) or not said.isin([*_YES, *_NO]).all():
        return pd.Series(False, index=cells.index)
    return said.isin(_YES)


def _is_elsewhere(table: pd.DataFrame, mapped: Mapping[str, str]) -> list[bool]:
    """Which rows name, as their district, town, park or address, a place in no district that Lingang lies in."""
    own = {column: table[mapped[column]] for column in ("province", "city", "district") if column in mapped}
    adcode, _ = stated_districts(pd.DataFrame(own, index=table.index))
    other = ~adcode.isin(["", CORE, *CORE_HOSTS])
    for column in ("town", "park", "address"):
        if column in mapped:
            parts = table[mapped[column]].fillna("").map(read_address)
            other |= parts.map(lambda part: bool(part.outside) or part.adcode not in ("", *CORE_HOSTS)).astype(bool)
    return other.tolist()


def _says_core(text: str) -> bool:
    """Whether a cell of the district column states Lingang, beside its district or instead of one."""
    said, part = pd.Series([text]), read_address(text)
    if part.outside:
        return False
    return bool(names_core(said)[0] or (says_lingang(said)[0] and part.adcode in ("", *CORE_HOSTS)))


def _district_of(text: str) -> str:
    """Adcode that a cell of the district column states, `CORE` for Lingang, `OUTSIDE` for another city, or ``""``."""
    code = re.fullmatch(r"(310\d{3})(?:0{3}|\d{6})?(?:\.0+)?", text.strip())
    plainly = adcodes_of(pd.Series([code[1] if code else text])).iat[0]
    if plainly:
        return plainly
    if names_several(text):
        return ""
    part = read_address(text)
    if part.outside:
        return OUTSIDE
    if _says_core(text):
        return part.adcode or CORE
    if part.adcode or part.hint_adcode:
        return part.adcode or part.hint_adcode
    found = [adcode for adcode in adcodes_of(pd.Series(_BETWEEN.split(text))) if adcode]
    return found[0] if len(set(found)) == 1 else ""


def names_several(text: str) -> bool:
    """Whether a cell names several districts, none of which can be taken for the one.

    Examples
    --------
    >>> [names_several(text) for text in ("松江区/青浦区", "杨浦区→宝山区", "宝山区（迁往嘉定）", "浦东新区（原南汇）")]
    [True, True, True, False]
    """
    words = [re.sub("^(?:原|现|今|迁[往至到入]|转)|(?:等|各区)$", "", word) for word in _APART.split(text) if word]
    return len(words) > 1 and len(set(adcodes_of(pd.Series(words))) - {""}) > 1


def names_places(address: pd.Series) -> pd.Series:
    """Which addresses are several in one cell that lie in different districts: the first of them counts.

    Examples
    --------
    >>> names_places(pd.Series(["松江区新桥镇；生产地址：闵行区莘庄镇", "松江区新桥镇；民益路1号"], dtype="str")).tolist()
    [True, False]
    """
    maybe = address.str.contains(_SECOND_ADDRESS, regex=True, na=False)

    def several(text: str) -> bool:
        parts = [read_address(part.strip("()（）:： ")) for part in re.split(_SECOND_ADDRESS, text) if part.strip()]
        return len({OUTSIDE if part.outside else part.adcode for part in parts} - {""}) > 1

    return pd.Series(by_value(address.where(maybe), several, False), index=address.index).astype(bool)


def read_addresses(address: pd.Series, stated: pd.Series, engine: Engine = HERE) -> list[AddressParts]:
    """What each address says, the stated district deciding between towns of one name; each is read once, on an engine."""
    asked = _asked(address, stated)
    distinct = list(dict.fromkeys(asked))
    pieces = [distinct[start : start + engine.piece_rows] for start in range(0, len(distinct), engine.piece_rows)]
    known: dict[tuple[str, str], AddressParts] = {}
    for piece, parts in zip(pieces, engine.map(_read_piece, pieces), strict=True):
        known |= zip(piece, parts, strict=True)
        remember_addresses(zip(piece, parts, strict=True))
    return [known[one] for one in asked]


def _asked(address: pd.Series, stated: pd.Series) -> list[tuple[str, str]]:
    """What `read_address` is asked for the rows."""
    pairs = zip(address.to_numpy(object), stated.to_numpy(object), strict=True)  # a Series of text is slow to walk
    return [(text, "" if adcode in (OUTSIDE, CORE) else adcode) for text, adcode in pairs]


def _read_piece(asked: list[tuple[str, str]]) -> list[AddressParts]:
    return [read_address(text, adcode) for text, adcode in asked]


def district_hints(stated: pd.Series, parts: list[AddressParts]) -> np.ndarray:
    """District that a row states, or else that its address names; ``""`` outside Shanghai."""
    hints = [
        "" if adcode in (OUTSIDE, CORE) or part.outside else adcode or part.adcode
        for adcode, part in zip(stated.to_numpy(object), parts, strict=True)
    ]
    return np.array(hints, dtype="U6")


def default_points(
    lon: NDArray[np.float64], lat: NDArray[np.float64], address: pd.Series, districts: NDArray[np.str_]
) -> NDArray[np.bool_]:
    """Which rows have a geocoder's default point: one that stands for a city, a district or a park, not for a site.

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        Degrees as the file has them, NaN where it has none.
    address : Series of str, length n
    districts : ndarray of str, shape (n,)
        District that each row states or its address names; ``""`` where none.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where `MANY_ROWS` rows or more lie on one point (1e-5 degrees, about 1 m) although their addresses are in
        several districts or towns, or `MANY_HOUSES` house numbers or more; and on the well-known middle of the city, where the row does
        not name the district of it.

    Examples
    --------
    >>> point = np.full(3, 121.4), np.full(3, 31.2)
    >>> default_points(*point, pd.Series(["月罗公路1号", "航南公路2号", ""]), np.array(["310113", "310120", ""])).tolist()
    [True, True, True]
    """
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    default = np.zeros(len(lon), dtype=bool)
    for x, y in _CITY_MIDDLES:
        default |= (np.abs(lon - x) < 1e-4) & (np.abs(lat - y) < 1e-4) & (districts != _MIDDLE_DISTRICT)
    cell = np.round(lon[known] * 1e5).astype(np.int64) * 10_000_000 + np.round(lat[known] * 1e5).astype(np.int64)
    _, group, sizes = np.unique(cell, return_inverse=True, return_counts=True)
    crowded = sizes[group] >= MANY_ROWS
    rows = known[crowded]
    if not len(rows):
        return default
    texts = address.iloc[rows].fillna("").astype(str).reset_index(drop=True)
    table = pd.DataFrame({"at": group[crowded], "district": districts[rows], "house": by_value(texts, house_of)})
    table["house"] = table["house"].where(table["house"] != "", texts)
    several = _distinct(table, "house") > 1
    table.loc[several, "house"] = by_value(texts[several], house_key)
    table["town"] = by_value(texts, lambda text: read_address(text).town)
    houses, districts_named, towns = (_distinct(table, column) for column in ("house", "district", "town"))
    default[rows] |= ((houses >= MANY_HOUSES) | ((houses > 1) & ((districts_named > 1) | (towns > 1)))).to_numpy()
    return default


def _distinct(table: pd.DataFrame, column: str) -> pd.Series:
    """Different values, empty ones aside, among the rows of the same point."""
    return table[column].replace("", None).groupby(table["at"]).transform("nunique")


def own_points(table: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points that an export of ours has set aside because they contradict other evidence of their rows.

    Examples
    --------
    >>> own_points(pd.DataFrame({"lon": ["121.4"]}))[0].tolist()
    [nan]
    """
    if not {"lon_raw", "lat_raw", "location_conflict"} <= set(table.columns):
        return np.full(len(table), np.nan), np.full(len(table), np.nan)
    against = table["location_conflict"].fillna("").str.contains(BASIS_LABELS["coordinates"].zh, regex=False)
    lon, lat = (
        pd.to_numeric(table[name].where(against), errors="coerce").to_numpy(np.float64)
        for name in ("lon_raw", "lat_raw")
    )
    return lon, lat


def locate_rows(
    table: pd.DataFrame, progress: Callable[[int], None] = lambda _done: None, engine: Engine = HERE
) -> pd.DataFrame:
    """Place rows by their witnesses and say what each of these says.

    Parameters
    ----------
    table : DataFrame
        Columns `stated_adcode`, `stated_core`, `town`, `park`, `address`, `lon`, `lat` [deg, WGS-84], `uscc`, `uscc_valid`,
        and `point_error_m`, the error of the points [m], where one is known.
    progress : callable
        Called with the rows done.
    engine : Engine
        Where pieces of the rows are placed.

    Returns
    -------
    DataFrame
        Index of `table`; the columns of `geo.places.geocoding.place`, those of `AUDIT` and `district` (name).

    Notes
    -----
    An address in another city beside a district that city has too (普陀区 of 舟山市) agrees with it: outside.
    """
    columns = [name for name in _WITNESSES if name in table]
    placed, done = [], 0
    pieces = in_pieces(table[columns], engine.piece_rows)
    shipped = ((piece, _known_parts(piece, engine)) for piece in pieces)
    for piece in engine.map(_locate, shipped):
        placed.append(piece)
        done += len(piece)
        progress(done)
    return pd.concat(placed)


def _known_parts(table: pd.DataFrame, engine: Engine) -> dict[tuple[str, str], AddressParts]:
    """What the addresses of a piece say, for a process that has not read them; no more than are still known here."""
    if engine.executor is None or read_address.cache_info().currsize >= MAX_CACHED_ADDRESSES:
        return {}
    return {
        one: read_address(*one) for one in set(_asked(table["address"].fillna("").astype(str), table["stated_adcode"]))
    }


def warm_places() -> None:
    """Load the tables of places, by placing a row."""
    row = dict.fromkeys(_WITNESSES, "") | {"address": "上海市松江区新桥镇陈春公路999号", "lon": 121.3, "lat": 31.1}
    _locate((pd.DataFrame([row | {"uscc_valid": False, "point_error_m": 0.0}]), {}))


def _locate(piece: tuple[pd.DataFrame, Mapping[tuple[str, str], AddressParts]]) -> pd.DataFrame:
    """As `locate_rows`, of one piece and what is known of its addresses."""
    table, known = piece
    remember_addresses(known.items())
    address = table["address"].fillna("").astype(str)
    parts = read_addresses(address, table["stated_adcode"])
    names = attributes()["name_zh"]
    stated = table["stated_adcode"].to_numpy(object).copy()
    for row, part in enumerate(parts):
        if part.outside and stated[row] not in ("", CORE, OUTSIDE) and names[stated[row]] in address.iat[row]:
            stated[row] = OUTSIDE
    town, park = (table[name].fillna("").astype(str) for name in ("town", "park"))
    where = (park.where(park != "", by_value(address, _park_named)) + " " + town).str.strip()
    rows = pd.DataFrame(
        {
            "stated": stated, "place": where, "address": address, "lon": table["lon"], "lat": table["lat"],
            "core": (table["stated_core"] == CORE) & (stated != OUTSIDE), "error_m": table.get("point_error_m", 0.0),
        },
        index=table.index,
    )  # fmt: skip
    placed = place(rows)
    placed["town"] = placed["town"].where(placed["town"] != "", town)
    placed["park"] = placed["park"].where(placed["park"] != "", park)
    return placed.assign(
        district=placed["adcode"].map(names).fillna("").astype(str),
        stated_adcode=stated,
        stated_core=table["stated_core"],
        address_adcode=[OUTSIDE if part.outside else part.adcode for part in parts],
        registration_adcode=registration_adcodes(table["uscc"], table["uscc_valid"]),
    )


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name].fillna("").astype(str) if name in table else pd.Series("", index=table.index, dtype="str")


def _elsewhere(cells: pd.Series) -> pd.Series:
    return cells.map(lambda text: bool(text) and not fold(text).startswith(_SHANGHAI)).astype(bool)


def _park_named(address: str) -> str:
    """Name of the park that an address names in full; the first where it names several."""
    if not any(word in address for word in ("园", "区", "基地", "港", "工坊", "智谷")):
        return ""
    found = _park_names().search(fold(address))
    return found.group() if found else ""


@cache
def _park_names() -> re.Pattern[str]:
    names = sorted((name for name in park_points() if len(name) >= 5), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))
