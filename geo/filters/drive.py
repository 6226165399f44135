"""Conditions by driving time: so many minutes from a point or a park, on the network of roads that the site has brought."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import DataError
from geo.filters.condition import Condition, Mask
from geo.filters.place import Points, own_points, place_and_number, says_place
from geo.places.drawn_areas import AREA_BOUNDS
from geo.roads.network import MAX_DRIVE_MINUTES, SNAP_M, Snapped
from geo.roads.store import NO_NETWORK, ROAD_ATTRIBUTION, Roads, roads_or_none
from geo.text import Text

MAX_DRIVE_PLACES: Final = 8
"""Places of one selection: from each of them the whole network is gone over."""

Reach = tuple[float, float, float]
"""Longitude, latitude [degrees] and minutes."""


class Standing:
    """Points of the rows that have one of their own, and where they stand on the network that there is now."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._snapped = lru_cache(maxsize=1)(self._snap)

    @property
    def known(self) -> bool:
        """Whether any row has a point."""
        return self.points.known

    def on(self, roads: Roads) -> Snapped:
        """Where they stand on a network; kept."""
        return self._snapped(roads)

    def judged(self, values: Sequence[str]) -> NDArray[np.bool_]:
        """Rows of which a driving time from one of the places can be known: a road is within `SNAP_M` of both."""
        roads = roads_or_none()
        if roads is None or not any(_is_on(roads, reach) for reach in _readable(values)):
            return np.zeros(len(self.points.lon), np.bool_)
        return self.on(roads).found

    def _snap(self, roads: Roads) -> Snapped:
        return roads.network.snap(self.points.lon, self.points.lat)


def drive_reach(text: str) -> Reach:
    """Longitude, latitude [degrees] and minutes of ``121.92:30.89:30`` or of a park, ``SP22:30``.

    Examples
    --------
    >>> drive_reach("121.92:30.89:30")
    (121.92, 30.89, 30.0)
    """
    lon, lat, minutes = place_and_number(text, "驾车条件读不出来", "如 121.92:30.89:30 或 园区代码:30")
    west, south, east, north = AREA_BOUNDS
    if not (0 < minutes <= MAX_DRIVE_MINUTES and west <= lon <= east and south <= lat <= north):
        expected = f"上海一带的点，至多 {MAX_DRIVE_MINUTES:g} 分钟"
        raise DataError("驾车条件超出范围", value=text[:40], expected=expected)
    return lon, lat, minutes


def _readable(values: Sequence[str]) -> list[Reach]:
    return [drive_reach(value) for value in values if DRIVING["drive"].can_read(value)]


def _is_on(roads: Roads, reach: Reach) -> bool:
    """Whether the place of a condition has a road near enough."""
    return bool(roads.network.snap([reach[0]], [reach[1]]).found[0])


def _standing(table: pd.DataFrame) -> Standing:
    return Standing(own_points(table))


def _driven(standing: Standing, wanted: Reach | None) -> Mask:
    roads = roads_or_none()
    if wanted is None or roads is None:
        return np.zeros(len(standing.points.lon), np.bool_)
    lon, lat, minutes = wanted
    return np.asarray(roads.network.times(lon, lat, standing.on(roads)) <= minutes * 60)


def _says_drive(text: str) -> Text:
    minutes, place = drive_reach(text)[2], says_place(text)
    source = f", {ROAD_ATTRIBUTION}" if roads_or_none() else ""
    return Text(
        f"从 {place} 驾车 {minutes:g} 分钟内（假定自由流车速{source}）",
        f"Within {minutes:g} min by car from {place} (assumed free-flow speeds{source})",
    )


def drive_note(values: Sequence[str], lang: str = "zh") -> list[str]:
    """What has to be said beside a selection by driving time, in sentences; nothing where it is not one.

    Examples
    --------
    >>> drive_note(())
    []
    """
    if not values:
        return []
    roads = roads_or_none()
    if roads is None:
        return [NO_NETWORK.of(lang)]
    said = [
        roads.record.about(lang) + Text("；地图上的等时圈是近似的", "; the outline on the map is approximate").of(lang)
    ]
    off = [reach for reach in _readable(values) if not _is_on(roads, reach)]
    if off:
        at = "、".join(f"{lon:.4f}, {lat:.4f}" for lon, lat, _ in off)
        said.append(
            Text(
                f"{at} {SNAP_M:g} 米内没有路网上的道路，从那里的驾车时间无从判断",
                f"No road of the network within {SNAP_M:g} m of {at}: driving times from there are unknown",
            ).of(lang)
        )
    return said


DRIVING: Final[dict[str, Condition]] = {"drive": Condition(_standing, drive_reach, _driven, _says_drive)}
"""Name → condition."""
