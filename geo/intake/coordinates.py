"""Cells with coordinates → degrees: one column or two, in the right order or swapped."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LON_RANGE: Final = (73.0, 136.0)
LAT_RANGE: Final = (3.0, 54.0)
"""Where China lies [deg]; the two do not overlap, so that a swapped pair shows."""

SWAPPED: Final = "经度与纬度写反，已换回"
NOT_DEGREES: Final = "不是可用的经纬度"

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_SEXAGESIMAL: Final = re.compile(
    r"(\d{1,3})[°度]\s*(?:(\d{1,2}(?:\.\d+)?)['′分]\s*)?(?:(\d{1,2}(?:\.\d+)?)[\"″'′秒]*)?"
)


class Coordinates(NamedTuple):
    """Degrees, NaN where there are none; which rows came swapped, and which could not be read."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]


def read_coordinates(lon: pd.Series, lat: pd.Series) -> Coordinates:
    """Read two columns of coordinates; the same column twice, or one that holds pairs, is taken apart.

    Parameters
    ----------
    lon, lat : Series of str
        Cells, missing where empty.

    Returns
    -------
    Coordinates
        In the datum of the file.  A pair outside the range of China in both orders counts as unreadable, 0, 0 and
        infinities too; a pair with only one number is none.

    Examples
    --------
    >>> cells = pd.Series(["121.47,31.23", "31.2,121.5", "0,0", None], dtype="str")
    >>> read = read_coordinates(cells, cells)
    >>> read.lon.tolist(), read.swapped.tolist(), read.unreadable.tolist()
    ([121.47, 121.5, nan, nan], [False, True, False, False], [False, False, True, False])
    """
    given = (lon.notna() | lat.notna()).to_numpy()
    x = pd.to_numeric(lon, errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    y = pd.to_numeric(lat, errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    for row in np.flatnonzero(given & ~(np.isfinite(x) & np.isfinite(y))):
        x[row], y[row] = _read_pair(*("" if pd.isna(cell) else str(cell) for cell in (lon.iat[row], lat.iat[row])))
    swapped = _between(x, LAT_RANGE) & _between(y, LON_RANGE)
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    usable = _between(x, LON_RANGE) & _between(y, LAT_RANGE)
    return Coordinates(np.where(usable, x, np.nan), np.where(usable, y, np.nan), swapped, given & ~usable)


def _read_pair(lon: str, lat: str) -> tuple[float, float]:
    first, second = _numbers(lon), _numbers(lat)
    if lon == lat or not second:
        both = first
    elif not first:
        both = second
    elif len(first) == len(second) == 1:
        both = [first[0], second[0]]
    else:
        return np.nan, np.nan
    return (both[0], both[1]) if len(both) == 2 else (np.nan, np.nan)


def _numbers(cell: str) -> list[float]:
    plain = unicodedata.normalize("NFKC", cell)
    if re.search(r"[°度]", plain):
        found = _SEXAGESIMAL.findall(plain)
        return [int(d) + float(m or 0) / 60 + float(s or 0) / 3600 for d, m, s in found]
    return [float(number) for number in _NUMBER.findall(plain)]


def _between(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (values >= bounds[0]) & (values <= bounds[1])
