"""What an address says: city, district, town, road and house number, read from the text alone."""

import re
from functools import cache
from typing import Final, NamedTuple

import pandas as pd

from geo.catalog import read_table
from geo.places.districts import adcodes_of, attributes
from geo.places.towns import load_towns, town_spellings
from geo.text import fold

_ROAD_END: Final = re.compile(r"(?:公路|大道|路|街|道)(?:(\d{1,5})(?:[-、,]\d+)*(?:号|弄|$))?")
_OTHER_CITY: Final = re.compile(r"(?<![\u4e00-\u9fff])?([\u4e00-\u9fff]{2,3})(?:省|市|自治区)")
_LONGEST_ROAD: Final = 9
_CORE_ROAD: Final = re.compile(r"环湖[东西南北]?[一二三]路")
"""Roads around 滴水湖: they lie in Lingang and no district or town need be named with them."""


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

    `adcode` is the district named, or that of the town named; `road_adcode` the only district in which the gazetteer
    knows the road with that house number, a weak hint since the gazetteer is not complete; `outside` tells that
    another city is named.
    """

    adcode: str
    road_adcode: str
    town: str
    road: str
    number: int
    outside: bool


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
    AddressParts(adcode='310114', road_adcode='310114', town='马陆镇', road='丰功路', number=600, outside=False)
    >>> read_address("浙江省舟山市普陀区东港街道海印路1号").outside
    True
    >>> read_address("宝山路450号").road_adcode
    '310106'
    """
    folded = fold(text)
    if _names_other_city(folded):
        return AddressParts("", "", "", "", 0, True)
    named = _district_named(folded)
    town, town_adcodes = _town_named(folded, named or adcode)
    road, number = _road_named(folded)
    implied = named
    if not implied and town:
        implied = adcode if adcode in town_adcodes else (town_adcodes[0] if len(town_adcodes) == 1 else "")
    return AddressParts(implied, _only_district(road, number), town, road, number, False)


def _only_district(road: str, number: int) -> str:
    within = [adcode for adcode, place in roads().get(road, {}).items() if place.min_no <= number <= place.max_no]
    return within[0] if len(within) == 1 else ""


def road_of(parts: AddressParts, adcode: str) -> Road | None:
    """The road an address names within a district, when it names a house number too and the road is known there."""
    return roads()[parts.road].get(adcode) if parts.road and parts.number else None


def on_core_road(text: str) -> bool:
    """Whether an address lies on one of the roads around the lake of Lingang, which say so by themselves.

    Examples
    --------
    >>> on_core_road("环湖西二路888号"), on_core_road("环湖路1号")
    (True, False)
    """
    return bool(_CORE_ROAD.search(fold(text)))


@cache
def _district_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {name: adcode for adcode, name in attributes()["name_zh"].items()}
    old = read_table("district_aliases", ["alias", "adcode"])
    names |= {
        alias: code for alias, code in zip(old["alias"], old["adcode"], strict=True) if alias.endswith(("区", "县"))
    }
    names["浦东区"] = "310115"
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(longest_first)), {name: str(code) for name, code in names.items()}


def _district_named(text: str) -> str:
    pattern, adcodes = _district_pattern()
    found = pattern.search(text)
    return adcodes[found.group()] if found else ""


def _names_other_city(text: str) -> bool:
    if text.startswith(("上海", "中国(上海")):
        return False
    return any(
        match.start() <= 6
        and not match.group(1).endswith("上海")
        and not re.search("[镇乡区县路街]", match.group(1))
        and match.group(1) + match.group(0)[-1] not in ("超市", "城市")
        for match in _OTHER_CITY.finditer(text[:14])
    )


@cache
def _town_names() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    spellings = {fold(name): adcodes for name, adcodes in town_spellings().items()}
    return re.compile("|".join(sorted(spellings, key=len, reverse=True))), spellings


def _town_named(text: str, adcode: str) -> tuple[str, tuple[str, ...]]:
    pattern, spellings = _town_names()
    for found in pattern.finditer(text):
        adcodes = spellings[found.group()]
        if not adcode or adcode in adcodes:
            return found.group(), adcodes
    return "", ()


def _road_named(text: str) -> tuple[str, int]:
    known = roads()
    for end in _ROAD_END.finditer(text):
        stop = end.start() + len(re.match(r"公路|大道|路|街|道", end.group()).group())  # type: ignore[union-attr]
        for length in range(min(_LONGEST_ROAD, stop), 1, -1):
            name = text[stop - length : stop]
            if name in known:
                return name, int(end.group(1) or 0)
    return "", 0


@cache
def town_points() -> dict[tuple[str, str], tuple[float, float]]:
    """Point of each town that has one: (adcode, folded name) → (lon, lat) [deg, WGS-84]."""
    towns = load_towns()
    towns = towns.dropna(subset="geometry")
    return {(row.adcode, fold(row.name)): (row.geometry.x, row.geometry.y) for row in towns.itertuples(index=False)}
