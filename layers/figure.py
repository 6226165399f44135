"""A figure for a report: a map with title, legend, scale, north, source, date and 审图号, as PNG or SVG.

Drawn with Matplotlib's objects alone, without its global state, so that many readers may ask for figures at once.
"""

from __future__ import annotations

import io
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets import Datasets
from geo.errors import DataError
from geo.zones import BELT, CORE
from layers.basemap import BORDER, LAND, NEIGHBOUR
from layers.classes import NO_DATA, SHADES, Shading
from layers.figure_frame import (
    HALO,
    INK,
    Column,
    Swatch,
    draw_foot,
    draw_north,
    draw_scale,
    frame,
    inside,
    metric,
    plot,
    wrapped,
    write,
)
from layers.figure_marks import draw_enterprises, draw_parks
from layers.view import View
from layers.zones import BLUE, CRIMSON

SUFFIXES: Final = ("png", "svg")
_CENTRE: Final = shapely.box(121.355, 31.105, 121.575, 31.365)
"""The seven central districts [deg], shown larger in a corner."""


def draw_figure(
    data: Datasets,
    view: View,
    *,
    title: str,
    subtitle: str = "",
    shading: Shading | None = None,
    enterprises: pd.DataFrame | None = None,
    highlight: str = "",
    parks: bool = False,
    day: str = "",
) -> Figure:
    """Draw the map.

    Parameters
    ----------
    data : Datasets
    view : View
        Language and 审图号.
    title : str
    subtitle : str
        The selection in words, or what else has to be known.
    shading : Shading, optional
        Colours districts or zones; parks and towns, of which no outlines exist, as points.
    enterprises : DataFrame, optional
        Canonical columns.  Those whose own point is known are drawn by industry, or as a density where they are
        thousands; those known by an area only as their number; the legend says how many have no place.
    highlight : str
        Adcode, ``core`` or ``belt``: the map shows this one and its surroundings.
    parks : bool
        Whether to draw parks and development zones; with their names where one area is shown.
    day : str
        When the figure is drawn, as 2026-11-24.

    Returns
    -------
    Figure
        For `figure_bytes`; 10 × 7.2 inches.

    Raises
    ------
    DataError
        When no font with Chinese characters is installed, or nothing is known by the name of `highlight`.

    Examples
    --------
    >>> from geo.datasets import load_datasets
    >>> figure = draw_figure(load_datasets(), View(), title="松江区", highlight="310117")
    >>> figure_bytes(figure, "png")[1:4]
    b'PNG'
    """
    figure = Figure(figsize=(10, 7.2), facecolor="white")
    FigureCanvasAgg(figure)
    made_up = view.word("合成数据（企业为虚构）", "Synthetic data (made up)") if data.synthetic else ""
    said = wrapped(" · ".join(filter(None, [made_up, subtitle])), 150)
    write(figure, 0.02, 0.975, "".join(wrapped(title, 80)[:1]), size=15, bold=True, va="top")
    write(figure, 0.02, 0.925, "\n".join(said[:1]) + ("…" if len(said) > 1 else ""), size=9, va="top")
    axes, column = figure.add_axes((0.02, 0.085, 0.68, 0.81)), Column(figure.add_axes((0.715, 0.085, 0.275, 0.81)))
    target = _target(data, highlight)
    frame(axes, target if highlight else metric(data.outlines.geometry), 0.1 if highlight else 0.02)
    _ground(axes, data, highlight)
    if shading:
        _shade(axes, data, shading)
        _shading_legend(column, shading, view)
    _zones(axes, data, view, column, filled=shading is None)
    if highlight in data.outlines.index:
        plot(axes, target.boundary, color=INK, linewidth=2, zorder=6)
    if parks:
        draw_parks(axes, data, view, column, target)
    if enterprises is not None:
        draw_enterprises(axes, enterprises, view, column)
    _names(axes, data, view, shading, small=not highlight)
    draw_scale(axes)
    draw_north(axes, view)
    if not highlight and shading and shading.level == "district":
        _centre(figure, data, view, shading)
    draw_foot(figure, data, view, day)
    return figure


def figure_bytes(figure: Figure, suffix: str, dpi: int = 200) -> bytes:
    """The figure as the bytes of a file.

    Parameters
    ----------
    suffix : {"png", "svg"}
        In an svg the characters are outlines: it looks the same where no Chinese font is installed.
    dpi : int
        Dots per inch of a png.

    Raises
    ------
    DataError
        When the suffix is another one.
    """
    if suffix not in SUFFIXES:
        raise DataError("不支持这种图形格式", value=suffix, expected="、".join(SUFFIXES))
    out = io.BytesIO()
    figure.savefig(out, format=suffix, dpi=dpi, metadata={"Date": None} if suffix == "svg" else None)
    return out.getvalue()


def areas_of(data: Datasets, level: str) -> gpd.GeoSeries:
    """What a choropleth colours, WGS-84: land of districts or zones, points of parks and towns; index the place.

    The belt is drawn without the core, as it is counted.  Places without a point are missing.
    """
    if level == "district":
        return data.outlines.geometry
    if level == "zone":
        core, belt = (data.zones.loc[zone, "geometry"] for zone in (CORE, BELT))
        land = data.outlines.geometry.union_all()
        core = shapely.intersection(core.simplify(0.0005), shapely.box(*land.bounds).buffer(0.2))
        own = shapely.difference(shapely.intersection(belt, land), core)
        other = shapely.difference(shapely.difference(land, belt), core)
        return gpd.GeoSeries({CORE: core, BELT: own, "other": other}, crs=STORAGE_CRS).simplify(0.0003)
    if level == "park":
        return data.parks.geometry.dropna()
    codes = data.towns["code"].where(data.towns["code"] != "", data.towns["adcode"] + data.towns["name"])
    return gpd.GeoSeries(data.towns.geometry.to_numpy(), index=codes, crs=STORAGE_CRS).dropna()


def _target(data: Datasets, highlight: str) -> gpd.GeoSeries:
    for table in (data.outlines, data.zones):
        if highlight in table.index:
            return metric(table.loc[[highlight]].geometry)
    if highlight:
        raise DataError("没有这个区或范围", value=highlight, expected=f"区划代码、{CORE} 或 {BELT}")
    return gpd.GeoSeries([], crs=METRIC_CRS)


def _ground(axes: Axes, data: Datasets, highlight: str) -> None:
    land = gpd.GeoSeries([data.land.union_all().simplify(0.0008)], crs=data.land.crs)
    plot(axes, metric(land), color=NEIGHBOUR, zorder=0)
    outlines = metric(data.outlines.geometry)
    own = outlines[[highlight]] if highlight in outlines.index else outlines
    plot(axes, outlines, facecolor=NEIGHBOUR, edgecolor=BORDER, linewidth=0.7, zorder=1)
    plot(axes, own, facecolor=LAND, edgecolor=BORDER, linewidth=0.7, zorder=1)


def _shade(axes: Axes, data: Datasets, shading: Shading) -> None:
    areas = areas_of(data, shading.level)
    colours = shading.classes.colours.reindex(areas.index, fill_value="")
    areas, known = metric(areas), (colours != "").to_numpy()
    if shading.as_points:
        sizes = {"markersize": 34, "zorder": 7, "linewidth": 0.6}
        plot(axes, areas[known], color=colours[known].tolist(), edgecolor=INK, **sizes)
        plot(axes, areas[~known], facecolor=NO_DATA, edgecolor=BORDER, **(sizes | {"markersize": 12, "zorder": 6}))
        return
    plot(axes, areas[known], color=colours[known].tolist(), edgecolor="white", linewidth=0.8, zorder=2)
    plot(axes, areas[~known], facecolor=NO_DATA, edgecolor=BORDER, hatch="////", linewidth=0.5, zorder=2)
    unsure = areas[areas.index.isin(shading.undecided)]
    plot(axes, unsure, facecolor="none", edgecolor="white", hatch="////", linewidth=0, zorder=3)


def _shading_legend(column: Column, shading: Shading, view: View) -> None:
    legend = shading.legend(view)
    column.title(legend.title)
    signs = [Swatch(shade) for shade in SHADES.get(len(shading.classes.breaks), ())]
    signs += [Swatch(SHADES[3][1], "white", hatch="////")] if shading.undecided else []
    no_data = Swatch(NO_DATA, marker="o") if shading.as_points else Swatch(NO_DATA, hatch="////")
    for entry, sign in zip(legend.entries, [*signs, no_data], strict=False):
        column.row(entry.label, sign)
    column.note(legend.note)


def _zones(axes: Axes, data: Datasets, view: View, column: Column, *, filled: bool) -> None:
    land = data.outlines[data.districts["belt"].reindex(data.outlines.index)].geometry.union_all()
    belt = gpd.GeoSeries([land], crs=data.outlines.crs)
    core = data.zones.loc[[CORE]].geometry.simplify(0.0005)
    if filled:
        plot(axes, metric(belt), color=BLUE, alpha=0.08, zorder=2)
        plot(axes, metric(core), color=CRIMSON, alpha=0.08, zorder=2)
    plot(axes, metric(belt).boundary, color=BLUE, linewidth=1.5, zorder=4)
    plot(axes, metric(core).boundary, color=CRIMSON, linewidth=2, linestyle="--", zorder=5)
    column.row(
        view.word("核：临港（推定范围）", "Core: Lingang (inferred)"), Swatch(edge=CRIMSON, dashed=True, thick=2)
    )
    column.row(view.word("带：近郊五区（等）", "Belt: five districts, and others"), Swatch(edge=BLUE, thick=1.5))
    column.gap()


def _names(axes: Axes, data: Datasets, view: View, shading: Shading | None, *, small: bool) -> None:
    """Names of the districts, with their value under a choropleth of districts; the centre's stand in its corner map."""
    labels = metric(gpd.GeoSeries.from_xy(data.outlines["label_lon"], data.outlines["label_lat"], crs=STORAGE_CRS))
    names = data.districts["name_en" if view.lang == "en" else "name_zh"]
    of_districts = shading is not None and shading.level == "district"
    for adcode, degrees, point in zip(
        data.outlines.index, data.outlines[["label_lon", "label_lat"]].to_numpy(), labels, strict=True
    ):
        if inside(axes, point.x, point.y) and not (small and of_districts and _CENTRE.contains(shapely.Point(degrees))):
            value = f"\n{shading.say(shading.classes.values[adcode])}" if shading and of_districts else ""
            _label(axes, point.x, point.y, names[adcode] + value)


def _centre(figure: Figure, data: Datasets, view: View, shading: Shading) -> None:
    axes = figure.add_axes((0.715, 0.095, 0.265, 0.335))
    frame(axes, metric(gpd.GeoSeries([_CENTRE], crs=STORAGE_CRS)), 0)
    _ground(axes, data, "")
    _shade(axes, data, shading)
    _names(axes, data, view, shading, small=False)
    corner = {"transform": axes.transAxes, "va": "top", "path_effects": HALO, "zorder": 20}
    write(axes, 0.03, 0.975, view.word("中心城区", "Central districts"), size=8, bold=True, **corner)


def _label(axes: Axes, x: float, y: float, text: str) -> None:
    style: dict[str, Any] = {"path_effects": HALO, "zorder": 12, "ha": "center", "va": "center", "clip_on": True}
    write(axes, x, y, text, **style)
