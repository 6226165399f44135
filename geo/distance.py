"""Distances over tens of kilometres, for any number of points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def distance_m(lon: ArrayLike, lat: ArrayLike, lon_0: float, lat_0: float) -> NDArray[np.float64]:
    """Distance of points from one point [m]; NaN for a point without coordinates.

    Parameters
    ----------
    lon, lat : array-like of float, shape (n,)
        WGS-84 degrees.
    lon_0, lat_0 : float

    Returns
    -------
    ndarray of float, shape (n,)
        By the ellipsoidal formula of the FCC, 47 CFR 73.208(c): degrees of latitude and longitude take their lengths at
        the middle latitude of the two points.  Within 0.01 % of the geodesic over the distances of one city.

    Examples
    --------
    >>> distance_m([121.5, 121.51, float("nan")], [31.2, 31.2, 31.2], 121.5, 31.2).round()
    array([  0., 953.,  nan])
    """
    east, north = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    middle = np.radians((north + lat_0) / 2)
    k_1 = 111.13209 - 0.56605 * np.cos(2 * middle) + 0.00120 * np.cos(4 * middle)
    k_2 = 111.41513 * np.cos(middle) - 0.09455 * np.cos(3 * middle) + 0.00012 * np.cos(5 * middle)
    return np.hypot(k_1 * (north - lat_0), k_2 * (east - lon_0)) * 1000


def within_km(
    lon: NDArray[np.float64], lat: NDArray[np.float64], lon_0: float, lat_0: float, km: float
) -> NDArray[np.bool_]:
    """Which points lie at most so far from a point; only those of the box around it are measured.

    Examples
    --------
    >>> within_km(np.array([121.5, 121.6, np.nan]), np.array([31.2, 31.2, 31.2]), 121.5, 31.2, 5.0)
    array([ True, False, False])
    """
    half = km / 110.0 * 1.01  # a degree of latitude is longer everywhere
    near = np.abs(lat - lat_0) <= half
    near &= np.abs(lon - lon_0) <= half / np.cos(np.radians(min(abs(lat_0) + half, 89.0)))
    rows = np.flatnonzero(near)
    near[rows] = distance_m(lon[rows], lat[rows], lon_0, lat_0) <= km * 1000
    return near
