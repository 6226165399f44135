"""Coordinate systems: the storage and metric CRS, and the two shifted Chinese datums.

GCJ-02 and BD-09 are not in PROJ.  The forward GCJ-02 shift is the published series on the Krasovsky 1940
ellipsoid; the way back has no closed form and is found by fixed-point iteration.
"""

from functools import cache
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from numpy.typing import ArrayLike, NDArray

Datum = Literal["wgs84", "gcj02", "bd09"]
Coordinates = tuple[NDArray[np.float64], NDArray[np.float64]]

STORAGE_CRS = "EPSG:4326"
METRIC_CRS = "EPSG:32651"
DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_E2 = 0.006_693_421_622_965_943
_BD09_ANGLE = np.pi * 3000.0 / 180.0
_ITERATIONS = 8


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Coordinates:
    """Convert coordinates of `datum` to WGS-84.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees in `datum`; NaN stays NaN.
    datum : {"wgs84", "gcj02", "bd09"}
        The datum of the input.

    Returns
    -------
    lon, lat : ndarray, shape (n,)
        Degrees, WGS-84; there and back within 1 cm inside China.

    Raises
    ------
    ValueError
        When `datum` is not one of `DATUMS`.

    Examples
    --------
    >>> lon, lat = to_wgs84([121.4737], [31.2304], "gcj02")
    >>> round(float(lon[0]), 4), round(float(lat[0]), 4)
    (121.4692, 31.2323)
    """
    x, y = _as_arrays(lon, lat)
    if datum == "wgs84":
        return x.copy(), y.copy()
    if datum == "bd09":
        x, y = _invert(_gcj02_to_bd09, x, y)
    elif datum != "gcj02":
        raise ValueError(_unknown(datum))
    return _invert(_wgs84_to_gcj02, x, y)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> Coordinates:
    """Convert WGS-84 coordinates to `datum`; the exact counterpart of `to_wgs84`.

    Examples
    --------
    >>> lon, lat = from_wgs84([121.4692], [31.2323], "gcj02")
    >>> round(float(lon[0]), 3), round(float(lat[0]), 3)
    (121.474, 31.23)
    """
    x, y = _as_arrays(lon, lat)
    if datum == "wgs84":
        return x.copy(), y.copy()
    if datum not in DATUMS:
        raise ValueError(_unknown(datum))
    x, y = _wgs84_to_gcj02(x, y)
    return _gcj02_to_bd09(x, y) if datum == "bd09" else (x, y)


def points(lon: ArrayLike, lat: ArrayLike) -> gpd.GeoSeries:
    """Points in `STORAGE_CRS` from degrees, missing where a coordinate is.

    Examples
    --------
    >>> points([121.47, None], [31.23, None]).isna().tolist()
    [False, True]
    """
    x, y = (np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), dtype=np.float64) for values in (lon, lat))
    index = lon.index if isinstance(lon, pd.Series) else None
    series = gpd.GeoSeries.from_xy(x, y, crs=STORAGE_CRS, index=index)
    return series.where(np.isfinite(x) & np.isfinite(y))


def to_metres(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Place WGS-84 points in the metric CRS; shape (n, 2), easting and northing [m], NaN stays NaN.

    Examples
    --------
    >>> to_metres([121.5, np.nan], [31.2, np.nan]).round().tolist()
    [[357093.0, 3452736.0], [nan, nan]]
    """
    x, y = _as_arrays(lon, lat)
    return np.column_stack(_to_metric().transform(x, y)) * np.where(np.isfinite(x), 1.0, np.nan)[:, None]


@cache
def _to_metric() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)


def _as_arrays(lon: ArrayLike, lat: ArrayLike) -> Coordinates:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _unknown(datum: str) -> str:
    return f"未知坐标系 {datum!r}，应为 {'、'.join(DATUMS)} 之一"


def _wgs84_to_gcj02(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Coordinates:
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * np.sqrt(np.abs(x))
        + ripple
        + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    )
    east = (
        300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * np.sqrt(np.abs(x))
        + ripple
        + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    )
    phi = np.radians(lat)
    w2 = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian_radius = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / (w2 * np.sqrt(w2))
    parallel_radius = _KRASOVSKY_A / np.sqrt(w2) * np.cos(phi)
    return lon + np.degrees(east / parallel_radius), lat + np.degrees(north / meridian_radius)


def _gcj02_to_bd09(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Coordinates:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD09_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD09_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _invert(forward, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Coordinates:  # type: ignore[no-untyped-def]
    x, y = lon.copy(), lat.copy()
    for _ in range(_ITERATIONS):
        shifted_x, shifted_y = forward(x, y)
        x, y = x + (lon - shifted_x), y + (lat - shifted_y)
    return x, y
