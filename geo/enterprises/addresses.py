"""集中登记地: addresses and points at which implausibly many enterprises are registered.

An address is flagged when it says so itself (集中登记地, 托管地址…), when `SAME_ROOM` enterprises or more share it to
the last character, when `SAME_HOUSE` or more share it up to the house number, or when `SAME_POINT` or more lie on one
point of precision ``site``.  Towers and parks hold many firms too: the flag is a doubt to look at, not a verdict, and
the enterprises stay in every count unless the user takes them out.
"""

import re
import unicodedata
from typing import Final

import numpy as np
import pandas as pd

from geo.places.gazetteer import road_and_number
from geo.text import fold

SAME_ROOM: Final = 8
"""Enterprises at one address, room included, from which it is flagged."""

SAME_HOUSE: Final = 50
"""Enterprises at one house number from which it is flagged."""

SAME_POINT: Final = 50
"""Enterprises on one point (1e-5 degrees, about 1 m) from which it is flagged."""

SAYS_SO: Final = ("集中登记", "集中办公区", "地址托管", "托管地址", "虚拟地址", "商务秘书")
"""Words with which an address says so itself."""

_HOUSE: Final = re.compile(r"^.*?\d+(?:[-、,~]\d+)*(?:号|弄)")
_LANE: Final = re.compile(r"\d弄(\d+)(?=号)")
_ORDINAL: Final = re.compile(r"第(?=\d)")
_SAME_ROAD: Final = str.maketrans("蕰", "蕴")
"""Characters of which a road's name is written with either: 蕰川路 in 宝山 is 蕴川路."""

_CITY: Final = re.compile(r"^(?:中国)?(?:\(?上海\)?自由贸易试验区)?(?:上海市|上海)?")


def house_of(address: str) -> str:
    """Address up to its house number, folded and without the city; ``""`` where it has none.

    Examples
    --------
    >>> house_of("上海市崇明区样例路１２号３幢４０１室")
    '崇明区样例路12号'
    """
    found = _HOUSE.match(_CITY.sub("", fold(address)))
    return found.group() if found else ""


def house_key(address: str) -> str:
    """What of an address is the place: road and number; without a road, all up to the number.

    Former names of districts, the free-trade zone, the town and the city before the road may come and go.

    Examples
    --------
    >>> house_key("上海市南汇区惠南镇人民东路1号") == house_key("浦东新区人民东路第１号3幢")
    True
    """
    text = _ORDINAL.sub("", address).translate(_SAME_ROAD)
    road, number = road_and_number(text)
    return f"{road}{number}" if number else house_of(text)


def house_in_lane(address: str) -> str:
    """Number of the house within its lane (弄), ``""`` where the address names none.

    Examples
    --------
    >>> house_in_lane("千帆路288弄3号楼"), house_in_lane("千帆路288弄")
    ('3', '')
    """
    found = _LANE.search(fold(address))
    return found[1] if found else ""


def flag_shared(table: pd.DataFrame) -> pd.DataFrame:
    """Flag the enterprises of a set whose address gathers implausibly many.

    Parameters
    ----------
    table : DataFrame
        Columns `address`, `adcode`, `lon`, `lat` [deg], `location_precision`.

    Returns
    -------
    DataFrame
        Index of `table`; `shared_address` (bool) and `shared_address_n`, the enterprises of the set at the same house
        number or point, whichever is more (1 for an enterprise alone, 0 without address and point).

    Examples
    --------
    >>> table = pd.DataFrame({"address": ["样例路1号101室"] * 8 + ["样例路2号"], "adcode": "310151",
    ...                       "lon": float("nan"), "lat": float("nan"), "location_precision": "district"})
    >>> flagged = flag_shared(table)
    >>> flagged["shared_address"].tolist().count(True), flagged["shared_address_n"].max()
    (8, np.int64(8))
    """
    address = table["address"].fillna("").astype(str)
    codes, values = pd.factorize(address)
    whole = np.array([_CITY.sub("", fold(value)) for value in values], dtype=object)[codes]
    houses = np.array([house_of(value) for value in values], dtype=object)[codes]
    says_so = np.array([any(word in unicodedata.normalize("NFKC", v) for word in SAYS_SO) for v in values], bool)[codes]
    adcode = table["adcode"].fillna("").astype(str).to_numpy(object)
    site = (table["location_precision"] == "site").to_numpy(bool)
    lon, lat = (np.round(table[name].to_numpy(np.float64, na_value=np.nan), 5) for name in ("lon", "lat"))
    room_n = _count(pd.DataFrame({"at": whole, "adcode": adcode}), whole != "")
    house_n = _count(pd.DataFrame({"at": houses, "adcode": adcode}), houses != "")
    point_n = _count(pd.DataFrame({"lon": lon, "lat": lat}), site & np.isfinite(lon) & np.isfinite(lat))
    # one room may be the whole house where the address ends with its number
    crowded = (room_n >= SAME_ROOM) & (whole != houses)
    flagged = says_so | crowded | (house_n >= SAME_HOUSE) | (point_n >= SAME_POINT)
    return pd.DataFrame(
        {"shared_address": flagged, "shared_address_n": np.maximum.reduce([room_n, house_n, point_n])},
        index=table.index,
    )


def _count(keys: pd.DataFrame, known: np.ndarray) -> np.ndarray:
    counts = np.zeros(len(keys), dtype=np.int64)
    if known.any():
        counts[known] = keys[known].groupby(list(keys.columns))[keys.columns[0]].transform("size").to_numpy()
    return counts
