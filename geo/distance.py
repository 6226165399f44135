"""Distances over tens of kilometres, for any number of points."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon


def distance_m(
    lon: ArrayLike, lat: ArrayLike, lon_0: float | NDArray[np.float64], lat_0: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of points from one point [m]; NaN for a point without coordinates.

    Parameters
    ----------
    lon, lat : array-like of float, shape (n,)
        WGS-84 degrees.
    lon_0, lat_0 : float, or ndarray of shape (n,)
        One point for all, or one for each.

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
    k_1, k_2 = _km_per_degree((north + lat_0) / 2)
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


def circle_around(lon_0: float, lat_0: float, km: float, corners: int = 72) -> Polygon:
    """The points so far from a point, as a polygon to be drawn.

    Examples
    --------
    >>> ring = np.array(circle_around(121.5, 31.2, 5.0).exterior.coords)
    >>> set(distance_m(ring[:, 0], ring[:, 1], 121.5, 31.2).round(-1).tolist())
    {5000.0}
    """
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    k_1, k_2 = _km_per_degree(np.full(corners, lat_0))
    return Polygon(np.column_stack([lon_0 + km * np.cos(turn) / k_2, lat_0 + km * np.sin(turn) / k_1]))


def _km_per_degree(lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length of a degree of latitude and of longitude [km]."""
    at = np.radians(lat)
    along = 111.13209 - 0.56605 * np.cos(2 * at) + 0.00120 * np.cos(4 * at)
    across = 111.41513 * np.cos(at) - 0.09455 * np.cos(3 * at) + 0.00012 * np.cos(5 * at)
    return along, across
