"""Witnesses of a location: what a vendor's row states, its address, its point, and the registration beside them."""

import re
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from geo.ingest.cells import by_value
from geo.ingest.identifiers import registration_adcodes
from geo.places.districts import adcodes_of, attributes, locate
from geo.places.gazetteer import AddressParts, read_address
from geo.places.geocoding import OUTSIDE, place
from geo.places.parks import park_points
from geo.text import fold

AUDIT: Final = ("stated_adcode", "address_adcode", "point_adcode", "registration_adcode")
"""Columns that hold what each witness says: adcode, ``outside`` or ``""``."""

UNKNOWN_DISTRICT: Final = "不是上海的区"
_CHUNK: Final = 50_000
_SHANGHAI: Final = ("上海", "shanghai", "310000", "31")
_NAMELESS_CITY: Final = ("市辖区", "县", "直辖县级")


def stated_districts(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """District that each row states, from its columns of province, city and district.

    Returns
    -------
    adcode : Series of str
        Adcode, `OUTSIDE` where another province or city is stated, ``""`` where nothing is.
    unknown : Series of bool
        The district is not one of Shanghai although the row does not state another city.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["浙江省", "上海市"], "city": ["舟山市", None], "district": ["普陀区"] * 2})
    >>> stated_districts(rows)[0].tolist()
    ['outside', '310107']
    """
    province, city, district = (_text(table, name) for name in ("province", "city", "district"))
    adcode = adcodes_of(district)
    read = pd.Series(by_value(district, read_address), index=table.index, dtype=object)
    adcode = adcode.where(adcode != "", read.map(lambda part: part.adcode))
    elsewhere = _elsewhere(province) | (_elsewhere(city) & ~city.isin(_NAMELESS_CITY))
    named = read.map(lambda part: part.outside).astype(bool)
    outside = elsewhere | (named & (adcode == ""))
    # a district in the column of the city, as in 上海市 / 浦东新区 / empty
    in_city = adcodes_of(city)
    outside &= ~((in_city != "") & ~_elsewhere(province))
    adcode = adcode.where((adcode != "") | (in_city == ""), in_city)
    unknown = (adcode == "") & ~district.isin(["", "上海市", "上海", *_NAMELESS_CITY]) & ~outside
    return adcode.mask(outside, OUTSIDE), unknown


def read_addresses(address: pd.Series, stated: pd.Series) -> list[AddressParts]:
    """What each address says, the stated district deciding between towns of one name."""
    return [
        read_address(text, "" if adcode == OUTSIDE else adcode) for text, adcode in zip(address, stated, strict=True)
    ]


def district_hints(stated: pd.Series, parts: list[AddressParts]) -> np.ndarray:
    """District that a row states, or else that its address names; ``""`` outside Shanghai."""
    hints = [
        "" if adcode == OUTSIDE or part.outside else adcode or part.adcode
        for adcode, part in zip(stated, parts, strict=True)
    ]
    return np.array(hints, dtype="U6")


def locate_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Place rows by their witnesses and say what each of these says.

    Parameters
    ----------
    table : DataFrame
        Columns `stated_adcode`, `town`, `park`, `address`, `lon`, `lat` [deg, WGS-84], `uscc`, `uscc_valid`.

    Returns
    -------
    DataFrame
        Index of `table`; the columns of `geo.places.geocoding.place`, those of `AUDIT` and `district` (name).

    Notes
    -----
    An address in another city beside a district that city has too (普陀区 of 舟山市) agrees with it: outside.
    """
    address = table["address"].fillna("").astype(str)
    parts = read_addresses(address, table["stated_adcode"])
    names = attributes()["name_zh"]
    stated = table["stated_adcode"].to_numpy(object).copy()
    for row, part in enumerate(parts):
        if part.outside and stated[row] not in ("", OUTSIDE) and names[stated[row]] in address.iat[row]:
            stated[row] = OUTSIDE
    town, park = (table[name].fillna("").astype(str) for name in ("town", "park"))
    where = (park.where(park != "", address.map(_park_named)) + " " + town).str.strip()
    rows = pd.DataFrame(
        {"stated": stated, "place": where, "address": address, "lon": table["lon"], "lat": table["lat"]},
        index=table.index,
    )
    placed = pd.concat([place(rows.iloc[at : at + _CHUNK]) for at in range(0, len(rows), _CHUNK)])
    lon, lat = table["lon"].to_numpy(float), table["lat"].to_numpy(float)
    point = locate(lon, lat).astype(object)
    point[np.isfinite(lon) & (point == "")] = OUTSIDE
    placed["town"] = placed["town"].where(placed["town"] != "", town)
    placed["park"] = placed["park"].where(placed["park"] != "", park)
    return placed.assign(
        district=placed["adcode"].map(names).fillna("").astype(str),
        stated_adcode=stated,
        address_adcode=[OUTSIDE if part.outside else part.adcode for part in parts],
        point_adcode=point,
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
