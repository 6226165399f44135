"""Parks and enterprises on the map of a figure."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from geo.areas import Areas
from geo.crs import STORAGE_CRS
from geo.datasets import Datasets
from geo.filters import options
from geo.placing import POINT_PRECISIONS
from layers.classes import SHADES
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
"""Points from which on their density is drawn."""

_CELLS: Final = 140
"""Cells of the density across the map."""

_DECADES: Final = (1, 10, 100, 1_000, 10_000)
"""Lower ends of the classes of density."""

_BADGES: Final = 90
"""Numbers of areas that still have room on the map."""


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
    """Enterprises whose own point is known by industry, or by density where they are many; the others as numbers."""
    known = enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy(bool)
    fine = pd.DataFrame(enterprises[["lon", "lat", "industry"]])[known]
    column.title(view.word("企业", "Enterprises"))
    if len(fine) > _MANY:
        _density(axes, fine, view, column)
    else:
        _by_industry(axes, fine, view, column)
    _by_area(axes, enterprises, view, column)
    nowhere = int((enterprises["location_precision"] == "none").sum())
    column.note(
        view.word(f"未定位、未画出：{nowhere:,} 家", f"Without a place, not drawn: {nowhere:,}") if nowhere else ""
    )


def _by_industry(axes: Axes, fine: pd.DataFrame, view: View, column: Column) -> None:
    for code, marker in MARKERS.items():
        own = fine[fine["industry"] == code]
        if len(own):
            colour, edge = INDUSTRY_COLOURS[code], {} if marker == "x" else {"edgecolor": "white"}
            style: dict[str, Any] = {"marker": marker, "color": colour, "markersize": 34, "linewidth": 0.4, "zorder": 9}
            plot(axes, metric(gpd.GeoSeries.from_xy(own["lon"], own["lat"], crs=STORAGE_CRS)), **style, **edge)
            name = options("industry")[code or "none"][view.lang == "en"]
            sign = Swatch(colour, colour if marker == "x" else "white", marker=marker)
            column.row(view.word(f"{name}（{len(own):,}）", f"{name} ({len(own):,})"), sign)


def _density(axes: Axes, fine: pd.DataFrame, view: View, column: Column) -> None:
    """Enterprises per cell of the map in powers of ten: of so many dots the last drawn would hide the others."""
    fifty_metres, row = 0.0005, 1_000_000  # places are counted on a fine grid first: few of them have to be projected
    x, y = (np.round(fine[axis].to_numpy(np.float64) / fifty_metres).astype(np.int64) for axis in ("lon", "lat"))
    places, number = np.unique(y * row + x, return_counts=True)
    degrees = np.column_stack([places % row, places // row]) * fifty_metres
    points = metric(gpd.GeoSeries.from_xy(degrees[:, 0], degrees[:, 1], crs=STORAGE_CRS))
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    cell = (east - west) / _CELLS
    rows = round((north - south) / cell)
    counts, _, _ = np.histogram2d(
        points.y, points.x, bins=(rows, _CELLS), range=((south, north), (west, east)), weights=number
    )
    classes = np.digitize(counts, _DECADES)
    shades = np.array([to_rgba(shade) for shade in ("#FFFFFF", *SHADES[5])])
    shades[0, 3] = 0
    axes.imshow(shades[classes], extent=(west, east, south, north), origin="lower", aspect="auto", zorder=3)
    metres = f"{cell:,.0f} × {cell:,.0f} m"
    column.note(view.word(f"每格（{metres}）家数", f"Enterprises per cell ({metres})"))
    for number_class, (low, shade) in enumerate(zip(_DECADES, SHADES[5], strict=True), start=1):
        if (classes == number_class).any():
            high = f"{_DECADES[number_class] - 1:,}" if number_class < len(_DECADES) else ""
            column.row(f"{low:,} – {high}" if high else f"≥ {low:,}", Swatch(shade))


def _by_area(axes: Axes, enterprises: pd.DataFrame, view: View, column: Column) -> None:
    areas = Areas(enterprises)
    counts = areas.counts(np.ones(len(enterprises), dtype=bool))
    points = metric(gpd.GeoSeries.from_xy(areas.places["lon"], areas.places["lat"], crs=STORAGE_CRS))
    shown = np.array([inside(axes, point.x, point.y) for point in points], dtype=bool)
    known = f"{counts.sum():,}"
    if shown.sum() > _BADGES:
        column.note(
            view.word(f"另有只知园区、街镇或区的 {known} 家，未画出", f"Known by area only, not drawn: {known}")
        )
        return
    for point, number, precision in zip(points[shown], counts[shown], areas.places["precision"][shown], strict=True):
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": INK, "linewidth": 0.8}
        low = raised(axes, point.y, -13 if precision == "district" else 0)  # the district's name stands there
        write(axes, point.x, low, f"{number:,}", size=6.5, ha="center", va="center", bbox=box, zorder=10)
    words = view.word(f"数字：只知园区、街镇或区（{known}）", f"Number: known by area only ({known})")
    column.row(words, Swatch("white", INK, marker="o"))
