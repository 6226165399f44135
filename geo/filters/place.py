"""Conditions on the place: so far from a point, a park or any park, inside an area; only a point of one's own can meet them."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.distance import distance_m, within_km
from geo.errors import DataError
from geo.filters.condition import Condition, Mask
from geo.places.drawn_areas import AREA_BOUNDS, area_km2, decode, inside, name_of
from geo.places.geocoding import POINT_PRECISIONS
from geo.places.parks import load_parks
from geo.text import Text

FARTHEST_KM: Final = 200.0


class Points(NamedTuple):
    """Points of the rows that have one of their own [degrees, WGS-84], NaN for all others."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @property
    def known(self) -> bool:
        """Whether any row has a point."""
        return bool(np.isfinite(self.lon).any())


def own_points(table: pd.DataFrame) -> Points:
    """Points of a table (canonical columns)."""
    fine = table["location_precision"].isin(POINT_PRECISIONS).to_numpy(dtype=bool)
    lon, lat = (
        np.where(fine, table[name].to_numpy(dtype=np.float64, na_value=np.nan), np.nan) for name in ("lon", "lat")
    )
    return Points(lon, lat)


def place_and_number(text: str, wrong: str, expected: str) -> tuple[float, float, float]:
    """Longitude, latitude [degrees] of a point or a park, and the number behind them.

    Raises
    ------
    DataError
        Saying what is `wrong` and what is `expected`, when it cannot be read.
    """
    *where, number = text.split(":")
    try:
        value = float(number)
        if len(where) == 2:
            return float(where[0]), float(where[1]), value
        point = load_parks().geometry.loc[where[0]]
        return point.x, point.y, value
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise DataError(wrong, value=text[:40], expected=expected) from error


def says_place(text: str) -> str:
    """The point of a condition as coordinates, or the name of its park."""
    *where, _ = text.split(":")
    if len(where) == 2:
        return f"{float(where[0]):.4f}, {float(where[1]):.4f}"
    return str(load_parks().at[where[0], "name"])


def circle(text: str) -> tuple[float, float, float]:
    """Longitude, latitude [degrees] and radius [km] of ``121.92:30.89:5`` or of a park, ``SP22:5``.

    Examples
    --------
    >>> circle("121.92:30.89:5")
    (121.92, 30.89, 5.0)
    """
    lon, lat, km = place_and_number(text, "距离条件读不出来", "如 121.92:30.89:5 或 园区代码:5")
    west, south, east, north = AREA_BOUNDS
    if not (0 < km <= FARTHEST_KM and west <= lon <= east and south <= lat <= north):
        raise DataError("距离条件超出范围", value=text[:40], expected=f"上海一带的点，至多 {FARTHEST_KM:g} km")
    return lon, lat, km


def _near(points: Points, wanted: tuple[float, float, float] | None) -> Mask:
    return np.zeros(len(points.lon), np.bool_) if wanted is None else within_km(points.lon, points.lat, *wanted)


def _says_circle(text: str) -> Text:
    km, place = circle(text)[2], says_place(text)
    return Text(f"距 {place} {km:g} km 内", f"Within {km:g} km of {place}")


def park_radius(text: str) -> float:
    """Distance [km] of ``5``: at most so far from the nearest park.

    Examples
    --------
    >>> park_radius("5"), park_radius("0.5")
    (5.0, 0.5)
    """
    try:
        km = float(text)
    except ValueError as error:
        raise DataError("距园区的距离读不出来", value=text[:40], expected="公里数，如 5") from error
    if not 0 < km <= FARTHEST_KM:
        raise DataError("距园区的距离超出范围", value=text[:40], expected=f"0 至 {FARTHEST_KM:g} km")
    return km


def _near_any_park(points: Points, km: float | None) -> Mask:
    near = np.zeros(len(points.lon), np.bool_)
    if km is not None:
        for park in _placed_parks().geometry:
            near |= within_km(points.lon, points.lat, park.x, park.y, km)
    return near


def _says_park_radius(text: str) -> Text:
    km = park_radius(text)
    return Text(f"距任一园区 {km:g} km 内", f"Within {km:g} km of any park")


def _placed_parks() -> gpd.GeoDataFrame:
    """Parks with a point, which is approximate."""
    return load_parks().dropna(subset="geometry")


def with_distances(table: gpd.GeoDataFrame, near: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """The rows with their distances, missing where a row has no point of its own.

    Parameters
    ----------
    table : GeoDataFrame
        Canonical columns.
    near : sequence of str
        The points that a filter asks for, as `circle` reads them.

    Returns
    -------
    GeoDataFrame
        With `nearest_park`, `park_km`, and, where a point is asked for, `near_km`: to the nearest of them [km], rounded
        to metres.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> found = with_distances(load_enterprises(), ["121.92:30.89:5"])
    >>> int(found["park_km"].notna().sum()), list(found.columns[-3:])
    (172, ['nearest_park', 'park_km', 'near_km'])
    """
    points, parks = own_points(table), _placed_parks()
    rows = np.flatnonzero(np.isfinite(points.lon))
    lon, lat = points.lon[rows], points.lat[rows]
    away = np.array([distance_m(lon, lat, park.x, park.y) for park in parks.geometry]) / 1000
    names, km = np.full(len(table), "", dtype=object), np.full(len(table), np.nan)
    names[rows], km[rows] = parks["name"].to_numpy()[away.argmin(axis=0)], away.min(axis=0).round(3)
    columns: dict[str, Any] = {"nearest_park": names, "park_km": km}
    asked = [circle(text) for text in near if NEARBY["near"].can_read(text)]
    if asked:
        ends = np.array([distance_m(points.lon, points.lat, x, y) for x, y, _ in asked]) / 1000
        columns["near_km"] = ends.min(axis=0).round(3)
    return table.assign(**columns)


def _area(text: str) -> str:
    decode(text)
    return text


def _inside(points: Points, wanted: str | None) -> Mask:
    return np.zeros(len(points.lon), np.bool_) if wanted is None else inside(wanted, points.lon, points.lat)


def _says_area(text: str) -> Text:
    size, name = f"{area_km2(text):,.1f} km²", name_of(text)
    return (
        Text(f"范围“{name}”（{size}）", f"Area “{name}” ({size})")
        if name
        else Text(f"自绘范围（{size}）", f"Drawn area ({size})")
    )


NEARBY: Final[dict[str, Condition]] = {
    "near": Condition(own_points, circle, _near, _says_circle),
    "near_park": Condition(own_points, park_radius, _near_any_park, _says_park_radius),
    "within": Condition(own_points, _area, _inside, _says_area),
}
"""Name → condition."""
