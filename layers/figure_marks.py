"""Parks and enterprises on the map of a figure."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes

from geo.areas import Areas
from geo.crs import STORAGE_CRS
from geo.datasets import Datasets
from geo.filters import options
from geo.placing import POINT_PRECISIONS
from layers.figure_frame import HALO, INK, Column, Swatch, inside, metric, plot, raised, width_of, write
from layers.legend import INDUSTRY_COLOURS
from layers.parks import TEAL
from layers.view import View

MARKERS: Final = {
    **{"auto": "o", "electronics": "s", "aviation": "^", "biomedicine": "D", "equipment": "v"},
    **{"materials": "P", "other": "X", "": "x"},
}
"""Industry → marker: what colour says is said by shape too, for a print in grey."""

_MANY: Final = 2000
"""Points from which on they are drawn small, and as pixels within an svg."""


def draw_parks(axes: Axes, data: Datasets, view: View, column: Column, target: gpd.GeoSeries) -> None:
    """Parks as diamonds; within the highlighted area with their names, as far as these have room."""
    parks = data.parks.dropna(subset="geometry")
    points = metric(parks.geometry)
    plot(axes, points, marker="D", facecolor="white", edgecolor=TEAL, markersize=16, linewidth=1.1, zorder=7)
    column.row(view.word("园区（近似点）", "Park (approximate point)"), Swatch("white", TEAL, marker="D", thick=1.1))
    size, dropped = 6.5, 0
    taken: list[shapely.Polygon] = []
    own = points.within(target.union_all()).to_numpy() if len(target) else np.zeros(len(points), bool)
    for name, point in zip(parks["name"][own], points[own], strict=True):
        half = raised(axes, 0, width_of(str(name)) * size / 4)
        low = raised(axes, point.y, 4)
        room = shapely.box(point.x - half, low, point.x + half, raised(axes, low, size))
        if inside(axes, point.x - half, low) and inside(axes, point.x + half, low) and not room.intersects(taken).any():
            write(axes, point.x, low, str(name), size=size, ha="center", color=TEAL, path_effects=HALO, zorder=12)
            taken.append(room)
        else:
            dropped += 1
    column.note(
        view.word(f"另有 {dropped} 个园区的名称写不下", f"{dropped} more names have no room") if dropped else ""
    )


def draw_enterprises(axes: Axes, enterprises: pd.DataFrame, view: View, column: Column) -> None:
    """Enterprises by industry where their own point is known, as a number where only their area is."""
    fine = enterprises[enterprises["location_precision"].isin(POINT_PRECISIONS)]
    many = len(fine) > _MANY
    column.title(view.word("企业", "Enterprises"))
    for code, marker in MARKERS.items():
        own = fine[fine["industry"] == code]
        if len(own):
            style: dict[str, Any] = {"marker": marker, "color": INDUSTRY_COLOURS[code], "zorder": 9, "rasterized": many}
            style |= {"markersize": 2, "alpha": 0.4} if many else {"markersize": 34, "linewidth": 0.4}
            edge = {} if many or marker == "x" else {"edgecolor": "white"}
            plot(axes, metric(gpd.GeoSeries.from_xy(own["lon"], own["lat"], crs=STORAGE_CRS)), **style, **edge)
            name = options("industry")[code or "none"][view.lang == "en"]
            edge_of = INDUSTRY_COLOURS[code] if marker == "x" else "white"
            column.row(f"{name}（{len(own):,}）", Swatch(INDUSTRY_COLOURS[code], edge_of, marker=marker))
    areas = Areas(enterprises)
    counts = areas.counts(np.ones(len(enterprises), dtype=bool))
    places = metric(gpd.GeoSeries.from_xy(areas.places["lon"], areas.places["lat"], crs=STORAGE_CRS))
    for point, number, precision in zip(places, counts, areas.places["precision"], strict=True):
        if inside(axes, point.x, point.y):
            box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": INK, "linewidth": 0.8}
            low = raised(axes, point.y, -13 if precision == "district" else 0)  # the district's name stands there
            write(axes, point.x, low, f"{number:,}", size=6.5, ha="center", va="center", bbox=box, zorder=10)
    ring = Swatch("white", INK, marker="o")
    column.row(
        view.word(f"数字：只知园区、街镇或区（{counts.sum():,}）", f"Number: known by area only ({counts.sum():,})"),
        ring,
    )
    nowhere = int((enterprises["location_precision"] == "none").sum())
    column.note(
        view.word(f"未定位、未画出：{nowhere:,} 家", f"Without a place, not drawn: {nowhere:,}") if nowhere else ""
    )
