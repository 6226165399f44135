"""What an address says: city, district, town, named area, road and house number, read from the text alone.

A road counts by its whole name; one that the gazetteer does not know says nothing.  A place along a road comes from
the published addresses on it (`data/roads/points.csv`): between two known house numbers it lies on the line between
their points.  Where none are near, the median point of the road within the district stands for it, unless the road is
so long that this says no more than a town would.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from math import cos, hypot, radians
from typing import Final, NamedTuple

import pandas as pd

from geo.catalog import read_table
from geo.places.districts import adcodes_of, attributes, locate
from geo.places.outside import names_branch_elsewhere, names_other_city
from geo.places.romanised import in_chinese, is_romanised
from geo.places.towns import load_towns, town_spellings
from geo.text import fold

MAX_ROAD_ERROR_M: Final = 1500.0
"""Expected error [m] from which on a road says no more than a town and places nothing."""

ROAD_SCALES: Final = {"near": 0.88, "between": 0.85, "median": 1.06, "beyond": 1.03}
"""Basis of a place on a road → factor on its expected error, the `CALIBRATED_SHARE` quantile over the published points.

``tests/geo/places/test_accuracy.py`` fits them anew, and measures them on roads that were left out of the fit.
"""

NUMBER_ERROR_M: Final = 100.0
"""Error [m] of a published point at its own number: a judgement, for such points cannot be left out of themselves."""

CALIBRATED_SHARE: Final = 0.55
"""Share [1] of the places of each basis that lie within their error; a little over half, since the best one is chosen."""

_METRES_PER_NUMBER: Final = 10.0
"""Two known house numbers farther apart than this [m per number] are not of one numbering."""

_DEGREE_M: Final = 111_320.0
_COS: Final = cos(radians(31.2))
_LONGEST_ROAD: Final = 12
_ROAD_END: Final = re.compile(r"(公路|大道|支路|路|街|道|巷)(?:(\d{1,5})(?![\d层楼室米]|公里|单元))?")
_BOUNDARY: Final = re.compile(
    r"[|,;、·/()\-:.]|村|镇|乡|社区|[园小新]区|(?:工业|产业|科技|创业|高科技|软件)园|开发区|工业区|保税区|新城|基地|街道|[号弄室楼层幢栋组队岛县区市]"
)
_ASIDE: Final = re.compile(r"(?<=[号弄室层楼路口])\([^)]*\)")
_LABEL: Final = re.compile(r"^(?:(?:注册|通[讯信]|联系|企业|单位|经营)?(?:地址|住所|场所)[:]?|[\d\s:,.;()#-]+)+")
_CITY: Final = re.compile(r"^(?:中国|中华人民共和国)?上海(?:市)?(?:市辖区|直辖县级?|辖区)?[·,、/\-|]*")
_CORE_ROAD: Final = re.compile(r"环湖[东西南北]?[一二三]路")
"""Roads around 滴水湖: they lie in Lingang and no district or town need be named with them."""

_NO_ROAD: Final = r"(?![东西南北中环]{0,2}[一二三四五六七八九十]?(?:公路|大道|支路|环路|路|街(?!道)))"
"""Behind a name of a place: it is not the beginning of the name of a road."""


class Road(NamedTuple):
    """A road within one district: median point [deg, WGS-84], spread of its addresses [m], house numbers seen."""

    lon: float
    lat: float
    spread_m: float
    max_spread_m: float
    min_no: int
    max_no: int


class AddressParts(NamedTuple):
    """What the text of an address names; empty strings and 0 where it names nothing.

    `adcode` is the district named, or that of the town named; `hint_adcode` that of a park or a free-trade, bonded or
    development zone named, else the only district in which the gazetteer knows the road, with that house number.  A
    hint counts where nothing else speaks: zones reach across borders and the gazetteer is not complete.  `outside`
    tells that another city is named, `area` is the park or zone named, as it is spelled there, `doubt` says which roads an
    address in letters leaves open.
    """

    adcode: str
    hint_adcode: str
    town: str
    road: str
    number: int
    outside: bool
    area: str = ""
    doubt: str = ""


MAX_CACHED_ADDRESSES: Final = 1_000_000
"""Addresses kept read, about 400 bytes each: an import needs each in several steps, and forgets them at its end."""

_OUTSIDE: Final = AddressParts("", "", "", "", 0, True)


@cache
def roads() -> dict[str, dict[str, Road]]:
    """Roads by name, then by adcode."""
    columns = ["road", "district", "median_spread_m", "max_spread_m", "min_no", "max_no", "lon_wgs84", "lat_wgs84"]
    table = read_table("roads", columns)
    numbers = table[columns[2:]].apply(pd.to_numeric, errors="coerce").fillna(0)
    by_name: dict[str, dict[str, Road]] = {}
    for name, adcode, row in zip(
        table["road"], adcodes_of(table["district"]), numbers.itertuples(index=False), strict=True
    ):
        spread, widest, low, high, lon, lat = row
        by_name.setdefault(fold(name), {})[adcode] = Road(lon, lat, spread, widest, int(low), int(high))
    return by_name


class KnownNumber(NamedTuple):
    """A published address: house number, point [deg, WGS-84] and district."""

    number: int
    lon: float
    lat: float
    adcode: str


@cache
def known_numbers() -> dict[str, tuple[KnownNumber, ...]]:
    """Published addresses on each road by ascending house number, of all districts together.

    An address that lies farther from the line between its neighbours than these lie from one another is left out: one
    of the three is numbered otherwise.
    """
    table = read_table("road_points", ["address", "lon_wgs84", "lat_wgs84"])
    by_road: dict[str, dict[int, KnownNumber]] = {}
    for address, lon, lat in zip(table["address"], table["lon_wgs84"], table["lat_wgs84"], strict=True):
        adcode, road, number = _whole_road(address)
        if road and number:
            by_road.setdefault(road, {}).setdefault(number, KnownNumber(number, float(lon), float(lat), adcode))
    return {road: _in_order([found[number] for number in sorted(found)]) for road, found in by_road.items()}


def _in_order(found: list[KnownNumber]) -> tuple[KnownNumber, ...]:
    row = 1
    while row < len(found) - 1:
        before, here, after = found[row - 1 : row + 2]
        off = _distance_m(_between(before, after, here.number), (here.lon, here.lat))
        if off > max(_distance_m(before[1:3], after[1:3]), 300.0):
            del found[row]
            row = 1
        else:
            row += 1
    return tuple(found)


def _between(low: KnownNumber, high: KnownNumber, number: int) -> tuple[float, float]:
    share = (number - low.number) / (high.number - low.number)
    return low.lon + share * (high.lon - low.lon), low.lat + share * (high.lat - low.lat)


def _distance_m(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return hypot((a[0] - b[0]) * _DEGREE_M * _COS, (a[1] - b[1]) * _DEGREE_M)


@lru_cache(maxsize=100_000)
def place_on_road(road: str, number: int, adcode: str, held_out: bool = False) -> tuple[float, float, float] | None:
    """Point of a house number on a road within a district, and the error to be expected of it.

    Parameters
    ----------
    road : str
        Folded name, as `read_address` gives it.
    number : int
    adcode : str
    held_out : bool
        Leave the published address with this very number aside: what the others say of it.

    Returns
    -------
    (lon, lat, error_m) or None
        Degrees WGS-84 and metres; half of the places lie within the error, 95 % within four times it (measured in
        ``docs/places.md``).  None where the road is not known there, the point would lie in another district, or the
        error exceeds `MAX_ROAD_ERROR_M`.

    Examples
    --------
    >>> lon, lat, error_m = place_on_road("沪青平公路", 9927, "310118")
    >>> round(lon, 1), round(lat, 1), error_m
    (120.9, 31.0, 100.0)
    >>> place_on_road("沪青平公路", 9927, "310112") is None
    True
    """
    if not (road and number):
        return None
    best = min(road_places(road, number, adcode, held_out), default=None)
    return (best.lon, best.lat, best.error_m) if best and best.error_m <= MAX_ROAD_ERROR_M else None


class RoadPlace(NamedTuple):
    """A point of a house number on a road [deg, WGS-84], the error [m] to be expected, and the basis it rests on."""

    error_m: float
    lon: float
    lat: float
    basis: str


def road_places(road: str, number: int, adcode: str, held_out: bool = False) -> list[RoadPlace]:
    """All points that what is known of a road gives a house number; arguments as of `place_on_road`.

    Examples
    --------
    >>> [(place.basis, round(place.error_m)) for place in road_places("沪青平公路", 9927, "310118")][:1]
    [('number', 100)]
    """
    return _along(road, number, adcode, held_out) + _at_median(road, number, adcode)


def _along(road: str, number: int, adcode: str, held_out: bool) -> list[RoadPlace]:
    """Error [m] and point by the known numbers: at one, between two, near one.

    On the line between two the error grows with their distance, beside one with the difference of the numbers.
    """
    found = [known for known in known_numbers().get(road, ()) if not (held_out and known.number == number)]
    low = [known for known in found if known.number <= number][-1:]
    high = [known for known in found if known.number >= number][:1]
    places = [
        RoadPlace(ROAD_SCALES["near"] * (100.0 + 3.0 * apart), known.lon, known.lat, "near")
        if (apart := abs(known.number - number))
        else RoadPlace(NUMBER_ERROR_M, known.lon, known.lat, "number")
        for known in (*low, *high)
        if known.adcode == adcode
    ]
    if low and high and low != high and adcode in (low[0].adcode, high[0].adcode):
        gap = _distance_m(low[0][1:3], high[0][1:3])
        point = _between(low[0], high[0], number)
        within = locate(*([value] for value in point))[0] == adcode  # a road bends, and a border with it
        if within and gap <= _METRES_PER_NUMBER * (high[0].number - low[0].number):
            places.append(RoadPlace(ROAD_SCALES["between"] * (60.0 + 0.09 * gap), *point, "between"))
    return places


def _at_median(road: str, number: int, adcode: str) -> list[RoadPlace]:
    """Error [m] and median point of a road within a district.

    The error grows with the distance of the farthest address from that point, and beyond the numbers seen with how far.
    """
    known = roads().get(road, {}).get(adcode)
    if known is None:
        return []
    spread = (known.max_spread_m + 100.0) ** 0.853
    beyond = max(0, known.min_no - number, number - known.max_no)
    error, basis = (1.955 * spread + 5.0 * beyond, "beyond") if beyond else (1.15 * spread, "median")
    return [RoadPlace(ROAD_SCALES[basis] * error, known.lon, known.lat, basis)]


@lru_cache(MAX_CACHED_ADDRESSES)
def read_address(text: str, adcode: str = "") -> AddressParts:
    """Read one address.

    Parameters
    ----------
    text : str
        The address as written.
    adcode : str
        The district stated elsewhere; it decides between towns and roads of the same name.

    Returns
    -------
    AddressParts

    Examples
    --------
    >>> read_address("上海市嘉定区马陆镇丰功路600号")
    AddressParts(adcode='310114', hint_adcode='', town='马陆镇', road='丰功路', number=600, outside=False, area='', doubt='')
    >>> read_address("浙江省舟山市普陀区东港街道海印路1号").outside
    True
    >>> read_address("中国（上海）自由贸易试验区富特北路211号").hint_adcode
    '310115'
    >>> read_address("昆山开发区朝阳东路188号").outside
    True
    """
    if told := _told.get((text, adcode)):
        return told
    if not text:
        return AddressParts("", "", "", "", 0, False)
    in_city, rest = _without_city(text)
    if not in_city and names_other_city(rest, _is_here):
        return _OUTSIDE
    branch = names_branch_elsewhere(rest, _ends_here, _stems().__contains__, _road_stems().__contains__)
    if branch and not _district_pattern()[0].search(rest):
        return _OUTSIDE
    if is_romanised(text):
        chinese, doubt = in_chinese(text, adcode)
        return read_address(chinese, adcode)._replace(doubt=doubt)
    begins = _area_pattern().match(rest)  # 金山工业区: its first two characters are a district too
    named, rest = _take_district(rest)
    town, town_adcodes, rest = _take_town(rest, named or adcode)
    area, area_adcode, rest = _take_area(rest)
    if begins and not area and named_areas()[begins.group()] == named:
        area, area_adcode = begins.group(), named
    road, number = _road_named(rest)
    implied = named
    if not implied and town:
        implied = adcode if adcode in town_adcodes else (town_adcodes[0] if len(town_adcodes) == 1 else "")
    hint = area_adcode or ("" if implied else _only_district(road, number) or _before_road(rest))
    return AddressParts(implied, hint, town, road, number, False, area)


_told: Final[dict[tuple[str, str], AddressParts]] = {}
"""What `read_address` is about to be told."""


def remember_addresses(read: Iterable[tuple[tuple[str, str], AddressParts]]) -> None:
    """Have `read_address` answer as it has answered in another process: what it was asked, and what it said."""
    for asked, parts in read:
        _told[asked] = parts
        read_address(*asked)
        del _told[asked]


def road_and_number(text: str) -> tuple[str, int]:
    """Whole name of the road and house number that an address is written with, known to the gazetteer or not.

    Examples
    --------
    >>> road_and_number("上海市南汇区惠南镇人民东路1号") == road_and_number("惠南镇人民东路１号2幢")
    True
    """
    return _whole_road(text)[1:]


def _whole_road(text: str) -> tuple[str, str, int]:
    """District named, whole name of the first road with a house number, and that number."""
    _, rest = _without_city(text)
    adcode, rest = _take_district(rest)
    rest = _take_area(_take_town(rest, "")[2])[2]
    for end in _ROAD_END.finditer(rest):
        if end[2]:
            starts = [0, *(found.end() for found in _BOUNDARY.finditer(rest, 0, end.start()))]
            name = rest[starts[-1] : end.end(1)]
            bare = next((road for road in _without_stems([name]) if road in roads() and name not in roads()), name)
            return adcode, bare, int(end[2])
    return adcode, "", 0


def _without_city(text: str) -> tuple[bool, str]:
    """Whether a text begins with Shanghai, and what follows, folded, without labels and asides."""
    folded = _folded(text)
    prefix = _CITY.match(folded)
    return bool(prefix), _ASIDE.sub("", folded[prefix.end() if prefix else 0 :])


def _folded(text: str) -> str:
    folded = fold(text)
    if folded.startswith("上海"):
        return folded
    return _LABEL.sub("", folded.replace("(上海市)", "上海").replace("(上海)", "上海"))


@lru_cache(maxsize=100_000)
def _only_district(road: str, number: int) -> str:
    """The one district in which a road is known with that number, unless it is too long to place anything.

    Of 255 published addresses that have one, 252 lie in it (``docs/places.md``).
    """
    within = [adcode for adcode, known in roads().get(road, {}).items() if known.min_no <= number <= known.max_no]
    return within[0] if len(within) == 1 and place_on_road(road, number, within[0]) else ""


def on_core_road(text: str) -> bool:
    """Whether an address lies on one of the roads around the lake of Lingang, which say so by themselves.

    Examples
    --------
    >>> on_core_road("环湖西二路888号"), on_core_road("环湖路1号")
    (True, False)
    """
    return bool(_CORE_ROAD.search(fold(text)))


def _is_here(text: str) -> bool:
    """Whether a text that begins with the name of another place begins with a town, an area or a road of Shanghai."""
    if _area_pattern().match(text) or _town_names()[0].match(text):
        return True
    end = _ROAD_END.search(text)
    return bool(end) and text[: end.end(1)] in roads()  # type: ignore[union-attr]


@cache
def _district_pattern() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Names with 区 or 县 and English ones; short names, which count at the beginning; the district of each."""
    table = attributes()
    names = {name: adcode for adcode, name in table["name_zh"].items()}
    old = read_table("district_aliases", ["alias", "adcode"])
    names |= {
        alias: code for alias, code in zip(old["alias"], old["adcode"], strict=True) if alias.endswith(("区", "县"))
    }
    names["浦东区"] = "310115"
    stems = {re.sub("新区$|区$|县$", "", name): code for name, code in names.items()}
    english = {
        name.casefold().replace(" ", "").replace("newarea", ""): adcode for adcode, name in table["name_en"].items()
    }
    whole = "|".join(sorted(names, key=len, reverse=True))
    foreign = "|".join(sorted(english, key=len, reverse=True))
    pattern = rf"{whole}|(?:{foreign})(?=(?:new)?(?:district|dist\b|area|qu\b|xinqu)|,|$)"
    short = rf"(?:{'|'.join(sorted(stems, key=len, reverse=True))})(?:区|县)?{_NO_ROAD}"
    return re.compile(pattern), re.compile(short), {name: str(code) for name, code in (names | stems | english).items()}


def _take_district(text: str) -> tuple[str, str]:
    """District named, and the text with its name struck out."""
    pattern, short, adcodes = _district_pattern()
    begins = short.match(text)
    if begins and not re.match("山|屯|寺", text[begins.end() :]) and not _town_names()[0].match(text):
        return adcodes.get(begins.group()) or adcodes[begins.group()[:-1]], "|" + text[begins.end() :]
    found = pattern.search(text)
    if not found:
        return "", text
    return adcodes[found.group()], f"{text[: found.start()]}|{text[found.end() :]}"


@cache
def _town_names() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    spellings = {fold(name): adcodes for name, adcodes in town_spellings().items()}
    longest_first = "|".join(sorted(spellings, key=len, reverse=True))
    return re.compile(rf"(?:{longest_first}){_NO_ROAD}"), spellings


def _take_town(text: str, adcode: str) -> tuple[str, tuple[str, ...], str]:
    """Town named, the districts that have one of that name, and the text with every town struck out."""
    if not any(end in text for end in ("镇", "街道", "乡", "新城")):
        return "", (), text
    pattern, spellings = _town_names()
    adcodes: tuple[str, ...] = ()
    town, rest, at = "", "", 0
    for found in pattern.finditer(text):
        if not town and (not adcode or adcode in spellings[found.group()]):
            town, adcodes = found.group(), spellings[found.group()]
        rest += text[at : found.start()] + "|"
        at = found.end()
    return town, adcodes, rest + text[at:]


@cache
def named_areas() -> dict[str, str]:
    """Each spelling of a free-trade, bonded or development zone or of a park → the adcode of its district, or ``""``.

    Examples
    --------
    >>> named_areas()["外高桥保税区"], named_areas()["莘庄工业区"]
    ('310115', '310112')
    """
    found: dict[str, set[str]] = {}
    for source in ("parks", "park_points"):
        table = read_table(source, ["name", "district"])
        for name, adcode in zip(table["name"], adcodes_of(table["district"]), strict=True):
            full = fold(name)
            for spelling in (full, full.removeprefix("上海市").removeprefix("上海")):
                found.setdefault(spelling, set()).add(adcode)
    for row in read_table("park_aliases", ["alias", "name"]).itertuples():
        found.setdefault(fold(row.alias), set()).update(found.get(fold(row.name), ()))
    areas = {name: min(adcodes) for name, adcodes in found.items() if len(adcodes) == 1 and len(name) >= 3}
    table = read_table("named_areas", ["name", "district"])
    named = dict(zip(table["name"].map(fold), adcodes_of(table["district"]), strict=True))
    return areas | {name.removeprefix("上海"): adcode for name, adcode in named.items()} | named


@cache
def _area_pattern() -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(named_areas(), key=len, reverse=True)))
    return re.compile(rf"(?:{longest_first}){_NO_ROAD}")


def _take_area(text: str) -> tuple[str, str, str]:
    """Area that is named, its district, and the text with its name struck out."""
    found = _area_pattern().search(text)
    if not found:
        return "", "", text
    rest = f"{text[: found.start()]}|{text[found.end() :]}"
    branch = _branch_pattern().match(text, found.end())
    if branch and named_areas()[found.group()] not in (at := _stems()[branch["place"]]):
        return "", min(at) if len(at) == 1 else "", rest  # 漕河泾开发区松江新兴产业园 is not where 漕河泾开发区 is
    return found.group(), named_areas()[found.group()], rest


@cache
def _branch_pattern() -> re.Pattern[str]:
    """Behind the name of an area: the district or town of a branch of it."""
    places = "|".join(sorted(_stems(), key=len, reverse=True))
    return re.compile(
        rf"[(·—-]*(?P<place>{places})(?:新?区|镇)?\)?[^路街弄号巷\d|,]{{0,8}}?(?:园|分区|基地|科[技创]城)"
    )


def _ends_here(text: str) -> str:
    """Whether a text ends with an area of Shanghai or what such areas are called (``zone``), or with a bare ``place``."""
    ends = [text[-length:] for length in range(2, min(len(text), 16) + 1)]
    words = ("开发区", "工业区", "高新区", "高新", "保税区", "科技城", "园区")
    if text.endswith(words) or any(end in named_areas() and end not in _stems() for end in ends):
        return "zone"
    return "place" if any(end in _stems() for end in ends) else ""


@cache
def _road_stems() -> frozenset[str]:
    """What roads are called without 路 and the like, or the part of the road: 延吉 for 延吉中路."""
    names = {re.sub(r"(?:公路|大道|支路|环路|路|街|弄)$", "", road) for road in (*roads(), *known_numbers())}
    return frozenset(names | {re.sub("[东西南北中]?[一二三四五六七八九十]?$", "", name) for name in names})


@cache
def _stems() -> dict[str, set[str]]:
    """Short names of towns and districts, as they stand before a road without 镇 or 区, and the adcodes of each."""
    stems: dict[str, set[str]] = {}
    for name, adcodes in town_spellings().items():
        stems.setdefault(re.sub("街道$|镇$|乡$", "", fold(name)), set()).update(adcodes)
    for adcode, name in attributes()["name_zh"].items():
        stems.setdefault(re.sub("新区$|区$", "", name), set()).add(str(adcode))
    return {stem: adcodes for stem, adcodes in stems.items() if len(stem) >= 2}


def _place_stems(name: str) -> list[str]:
    return [name[:length] for length in (4, 3, 2) if name[:length] in _stems()]


def _before_road(text: str) -> str:
    """District of a town that stands in short alone, or before a road of that district (莘庄都市路)."""
    for stem in _place_stems(text):
        rest = text[len(stem) :]
        end = _ROAD_END.search(rest)
        known = _stems()[stem] & set(roads().get(rest[: end.end(1)], ())) if end else _stems()[stem]
        if len(known) == 1 and (end or not rest):
            return min(known)
    return ""


def _road_named(text: str) -> tuple[str, int]:
    """The first road with a number that the gazetteer knows by its whole name, else the first without."""
    without = ""
    starts = [0, *(found.end() for found in _BOUNDARY.finditer(text))]
    for end in _ROAD_END.finditer(text):
        stop = end.end(1)
        names = [text[start:stop] for start in starts if 2 < stop - start <= _LONGEST_ROAD]
        name = next(filter(_known, names), "") or next(filter(_known, _without_stems(names)), "")
        if name and end[2]:
            return name, int(end[2])
        without = without or name
    return without, 0


def _without_stems(names: list[str]) -> Iterator[str]:
    """Names less a place before the road (南桥环城东路), or two (松江车墩车峰路)."""
    for name in names:
        shorter = [name[len(stem) :] for stem in _place_stems(name)]
        shorter += [once[len(stem) :] for once in shorter for stem in _place_stems(once)]
        yield from (road for road in shorter if len(road) > 2)


def _known(road: str) -> bool:
    return road in roads() or road in known_numbers()


@cache
def town_points() -> dict[tuple[str, str], tuple[float, float]]:
    """Point of each town that has one: (adcode, folded name) → (lon, lat) [deg, WGS-84]."""
    towns = load_towns()
    towns = towns.dropna(subset="geometry")
    return {(row.adcode, fold(row.name)): (row.geometry.x, row.geometry.y) for row in towns.itertuples(index=False)}
