"""The map of a report or to be printed, and the bar chart of the industries of a place; both readable in greyscale."""

import io
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from geo.clusters.hexagons import Hexagons
from geo.codes.options import DOUBTFUL_EVIDENCE
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import BY_PLACE, Filters, options
from geo.indicators.timeline import Until, known_until
from geo.places.geocoding import POINT_PRECISIONS, AreaGroups
from geo.places.land import load_land
from geo.places.zones import BELT, CORE
from layers.base import INDUSTRY_COLOURS, Legend, View
from layers.basemap import BORDER, LAND, NEIGHBOUR
from layers.choropleth import areas_of
from layers.classes import NO_DATA_COLOUR, SHADES, Shading, classify
from layers.hexagons import hexagon_legend
from layers.reference import BLUE, CRIMSON, TEAL
from reports.brief_tables import mark_of
from reports.figure_frame import (
    FIGURE_INK,
    FIGURE_PAPER,
    HALO,
    PAPERS,
    SMALL_PRINT,
    Column,
    Occupancy,
    Paper,
    Swatch,
    draw_foot,
    draw_north,
    draw_scale,
    frame,
    inside,
    metric,
    plot,
    raised,
    width_of,
    write,
)

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


def draw_parks(axes: Axes, data: Dataset, view: View, column: Column, target: gpd.GeoSeries, taken: Occupancy) -> None:
    """Parks as diamonds; within the highlighted area with their names, as far as these have room."""
    parks = data.parks.dropna(subset="geometry")
    points = metric(parks.geometry)
    plot(axes, points, marker="D", facecolor="white", edgecolor=TEAL, markersize=16, linewidth=1.1, zorder=7)
    column.row(view.word("园区（近似点）", "Park (approximate point)"), Swatch("white", TEAL, marker="D", thick=1.1))
    size, dropped = 6.5, 0
    own = points.within(target.union_all()).to_numpy() if len(target) else np.zeros(len(points), bool)
    for name, point in zip(parks["name"][own], points[own], strict=True):
        low = raised(axes, point.y, 4)
        if taken.take(point.x, raised(axes, low, size / 2), width_of(str(name)) * size / 2, size):
            write(axes, point.x, low, str(name), size=size, ha="center", color=TEAL, path_effects=HALO, zorder=12)
        else:
            dropped += 1
    column.note(
        view.word(f"另有 {dropped} 个园区的名称写不下", f"{dropped} more names have no room") if dropped else ""
    )
    column.gap()


def draw_enterprises(
    axes: Axes, data: Dataset, enterprises: pd.DataFrame, view: View, column: Column, taken: Occupancy
) -> None:
    """Enterprises whose own point is known by industry, or by density where they are many; the others as numbers."""
    known = enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy(bool)
    fine = pd.DataFrame(enterprises[["lon", "lat", "industry"]])[known]
    total = f"{len(enterprises):,}"
    column.title(view.word(f"企业（{total}）", f"Enterprises ({total})"))
    outside = (_density if len(fine) > _MANY else _by_industry)(axes, fine, view, column)
    outside += _by_area(axes, data, enterprises, view, column, taken)
    nowhere = int((enterprises["location_precision"] == "none").sum())
    notes = {
        view.word("在图外：{:,} 家", "Beyond the map: {:,}"): outside,
        view.word("未定位、未画出：{:,} 家", "Without a place, not drawn: {:,}"): nowhere,
    }
    column.note(*(said.format(number) for said, number in notes.items() if number), _doubt(enterprises, view))


def _doubt(enterprises: pd.DataFrame, view: View) -> str:
    """Of how many the district is not verified; empty for none."""
    number = int(enterprises["evidence"].isin(DOUBTFUL_EVIDENCE).sum())
    return view.word(f"其中 {number:,} 家所在区待核实", f"district of {number:,} unverified") if number else ""


def _by_industry(axes: Axes, fine: pd.DataFrame, view: View, column: Column) -> int:
    """Draw a marker each; how many lie beyond the frame."""
    beyond = 0
    for code, marker in MARKERS.items():
        own = fine[fine["industry"] == code]
        if len(own):
            colour, edge = INDUSTRY_COLOURS[code], {} if marker == "x" else {"edgecolor": "white"}
            style: dict[str, Any] = {"marker": marker, "color": colour, "markersize": 34, "linewidth": 0.4, "zorder": 9}
            points = metric(gpd.GeoSeries.from_xy(own["lon"], own["lat"], crs=STORAGE_CRS))
            plot(axes, points, **style, **edge)
            beyond += sum(not inside(axes, point.x, point.y) for point in points)
            sign = Swatch(colour, colour if marker == "x" else "white", marker=marker)
            column.row(_counted(options("industry")[code or "none"].of(view.lang), len(own), view), sign)
    return beyond


def _counted(name: str, number: int, view: View) -> str:
    return view.word(f"{name}（{number:,}）", f"{name} ({number:,})")


def _density(axes: Axes, fine: pd.DataFrame, view: View, column: Column) -> int:
    """Enterprises per cell of the map in powers of ten: of so many dots the last drawn would hide the others.

    Gives how many lie beyond the frame.
    """
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
    extent = (west, east, south, north)
    axes.imshow(shades[classes], extent=extent, origin="lower", aspect="auto", interpolation="nearest", zorder=3)
    metres = f"{cell:,.0f} × {cell:,.0f} m"
    column.note(view.word(f"每格（{metres}）家数", f"Enterprises per cell ({metres})"))
    for number_class, (low, shade) in enumerate(zip(_DECADES, SHADES[5], strict=True), start=1):
        if (classes == number_class).any():
            high = f"{_DECADES[number_class] - 1:,}" if number_class < len(_DECADES) else ""
            column.row(f"{low:,} – {high}" if high else f"≥ {low:,}", Swatch(shade))
    held = fine["industry"].value_counts()
    names = options("industry")
    said = [_counted(names[code or "none"].of(view.lang), held[code], view) for code in MARKERS if held.get(code, 0)]
    column.note(
        view.word(f"画成密度：{len(fine):,} 家；", f"Drawn as density: {len(fine):,}; ")
        + view.word("、", ", ").join(said)
    )
    return len(fine) - round(counts.sum())


def _by_area(axes: Axes, data: Dataset, enterprises: pd.DataFrame, view: View, column: Column, taken: Occupancy) -> int:
    """The numbers of those known by an area only, each where it stands; of too many such places, by district.

    Gives how many stand beyond the frame.
    """
    areas = AreaGroups(enterprises)
    places = areas.places.assign(n=areas.counts(np.ones(len(enterprises), dtype=bool)))
    words = view.word("数字：只知园区、街镇或区", "Number: known by area only")
    if len(places) > _BADGES:
        sums = places.groupby("adcode", as_index=False)["n"].sum()
        middles = data.outlines[["label_lon", "label_lat"]].set_axis(["lon", "lat"], axis=1)
        places = sums.join(middles, on="adcode", how="inner").assign(precision="district")
        words += view.word("，按区合计", ", by district")
    if places.empty:
        return 0
    column.row(_counted(words, places["n"].sum(), view), Swatch("white", FIGURE_INK, marker="o"))
    places = places.sort_values("n", ascending=False, kind="stable")
    points = metric(gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs=STORAGE_CRS))
    shown = np.array([inside(axes, point.x, point.y) for point in points], dtype=bool)
    crowded = 0
    for point, number, precision in zip(points[shown], places["n"][shown], places["precision"][shown], strict=True):
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": FIGURE_INK, "linewidth": 0.8}
        middle = raised(axes, point.y, -13 if precision == "district" else 0)  # the district's name stands there
        if taken.take(point.x, middle, width_of(f"{number:,}") * 3.6 + 4, 11):
            write(axes, point.x, middle, f"{number:,}", size=6.5, ha="center", va="center", bbox=box, zorder=10)
        else:
            crowded += number
    words = view.word("其中 {:,} 家的数字写不下", "{:,} of them in numbers that have no room")
    column.note(words.format(crowded) if crowded else "")
    return int(places["n"][~shown].sum())


DRAWN_COLUMNS: Final = [
    *("lon", "lat", "location_precision", "industry", "evidence"),
    *("park", "town", "district", "adcode", "zone"),
]
"""Columns that a map of enterprises needs, of which a large set is not copied whole."""

_AROUND_DEG: Final = 0.02
"""What is shown around the points of a selection [deg], about 2 km."""

FIGURE_SUFFIXES: Final = ("png", "svg", "pdf")
_CENTRE: Final = shapely.box(121.355, 31.105, 121.575, 31.365)
"""The seven central districts [deg], shown larger in a corner."""


def draw_figure(
    data: Dataset,
    view: View,
    *,
    title: str,
    subtitle: str = "",
    shading: Shading | None = None,
    enterprises: pd.DataFrame | None = None,
    hexagons: tuple[Hexagons, str] | None = None,
    highlight: str | Sequence[str] = (),
    around: gpd.GeoSeries | None = None,
    parks: bool = False,
    day: str = "",
    paper: Paper = FIGURE_PAPER,
) -> Figure:
    """Draw the map.

    Parameters
    ----------
    data : Dataset
    view : View
        Language and 审图号.
    title : str
    subtitle : str
        The selection in words, or what else has to be known.
    shading : Shading, optional
        Colours districts or zones; parks and towns, of which no outlines exist, as points.
    enterprises : DataFrame, optional
        Canonical columns.  Those whose own point is known are drawn by industry, or as a density where they are
        thousands; those known by an area only as their number; the legend says how many have no place.  Under hexagons
        they are not drawn, and the legend says of how many the district is not verified.
    hexagons : (Hexagons, str), optional
        Hexagons, and the name of what they add up in the user's language.
    highlight : str or sequence of str
        Adcodes, ``core`` or ``belt``: the map shows these and their surroundings.
    around : GeoSeries, optional
        What the map shows where nothing is highlighted, in any CRS; all of Shanghai when not given.
    parks : bool
        Whether to draw parks and development zones; with their names where one area is shown.
    day : str
        When the figure is drawn, as 2026-11-24.
    paper : Paper
        What it is drawn on.

    Returns
    -------
    Figure
        For `figure_bytes`.

    Raises
    ------
    DataError
        When no font with Chinese characters is installed, or nothing is known by the name of `highlight`.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> figure = draw_figure(load_dataset(), View(), title="松江区", highlight="310117")
    >>> figure_bytes(figure, "png")[1:4]
    b'PNG'
    """
    figure = paper.figure()
    if not paper.bare:
        paper.write(figure, paper.margin_pt, title, size=15, bold=True)
        said = " · ".join(filter(None, [mark_of(data, view), subtitle]))
        paper.write(figure, paper.margin_pt + 25, said, size=9, lines=2)
    axes, column = figure.add_axes(paper.map), Column(*map(figure.add_axes, paper.legends))
    places = (highlight,) if isinstance(highlight, str) and highlight else tuple(highlight)
    target = _target(data, places)
    near = target if places else metric(data.outlines.geometry if around is None else around)
    frame(axes, near, 0.1 if places else 0.02)
    _ground(axes, data, places)
    if shading:
        _shade(axes, data, shading)
        _shading_legend(column, shading, shading.legend(view))
    if hexagons:
        _hexagons(axes, *hexagons, view, column)
    _zones(axes, data, view, column, filled=not (shading or hexagons))
    if data.outlines.index.isin(places).any():
        plot(axes, target.boundary, color=FIGURE_INK, linewidth=2, zorder=6)
    taken = Occupancy(axes)
    _names(axes, data, view, shading, taken, small=not places)
    if parks:
        draw_parks(axes, data, view, column, target, taken)
    if enterprises is not None and hexagons:
        column.note(_doubt(enterprises, view))
    elif enterprises is not None:
        draw_enterprises(axes, data, enterprises, view, column, taken)
    draw_scale(axes)
    draw_north(axes, view)
    if not places and shading and shading.level == "district":
        _centre(figure, data, view, shading)
    if not paper.bare:
        draw_foot(figure, data, view, day, paper)
    return figure


def draw_selection(
    data: Dataset,
    filters: Filters,
    view: View,
    *,
    title: str,
    note: str = "",
    hexagons: tuple[Hexagons, str] | None = None,
    until: Until | None = None,
    paper: str = "a4",
    day: str = "",
) -> Figure:
    """Draw the map of a selection to be printed: where its districts, its zone or its points are.

    Parameters
    ----------
    data : Dataset
    filters : Filters
    view : View
    title : str
    note : str
        What the map shows beside the selection.
    hexagons : (Hexagons, str), optional
        In the place of the enterprises, as for `draw_figure`.
    until : Until, optional
        Only enterprises that were there by that year.
    paper : str
        Name in `PAPERS`.
    day : str
        When it is drawn, as 2026-11-24.

    Raises
    ------
    DataError
        When there is no such paper, or as `draw_figure`.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> figure = draw_selection(load_dataset(), Filters(zone=("core",)), View(), title="核", paper="a3-portrait")
    >>> (figure.get_size_inches() * 25.4).round().tolist()
    [297.0, 420.0]
    """
    if paper not in PAPERS:
        raise DataError("没有这种纸张", value=paper, expected="、".join(PAPERS))
    mask = data.counted_mask(filters)
    if until:
        mask = mask & known_until(data, until)
    rows = pd.DataFrame(data.enterprises)[DRAWN_COLUMNS][mask]
    places = filters.district or (filters.zone if set(filters.zone) <= {CORE, BELT} else ())
    known = rows[["lon", "lat"]].dropna()
    around = None
    if any(getattr(filters, name) for name in BY_PLACE) and len(known):
        west, south, east, north = known["lon"].min(), known["lat"].min(), known["lon"].max(), known["lat"].max()
        around = gpd.GeoSeries([shapely.box(west, south, east, north).buffer(_AROUND_DEG)], crs=STORAGE_CRS)
    return draw_figure(
        data,
        view,
        title=title,
        subtitle=" · ".join(filter(None, [note, data.sentence(filters, view.lang)])),  # the longer one last
        enterprises=rows,
        hexagons=hexagons,
        highlight=tuple(place for place in places if place in (*data.outlines.index, CORE, BELT)),
        around=around,
        parks=True,
        day=day,
        paper=PAPERS[paper],
    )


def figure_bytes(figure: Figure, suffix: str, dpi: int = 200) -> bytes:
    """The figure as the bytes of a file.

    Parameters
    ----------
    suffix : {"png", "svg", "pdf"}
        In an svg the characters are outlines: it looks the same where no Chinese font is installed; a pdf holds the font.
    dpi : int
        Dots per inch of a png.

    Raises
    ------
    DataError
        When the suffix is another one.
    """
    if suffix not in FIGURE_SUFFIXES:
        raise DataError("不支持这种图形格式", value=suffix, expected="、".join(FIGURE_SUFFIXES))
    out = io.BytesIO()
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    figure.savefig(out, format=suffix, dpi=dpi, metadata=undated.get(suffix))
    return out.getvalue()


def _target(data: Dataset, places: Sequence[str]) -> gpd.GeoSeries:
    shapes = pd.concat([data.outlines.geometry, data.zones.geometry])
    for place in places:
        if place not in shapes.index:
            raise DataError("没有这个区或范围", value=place, expected=f"区划代码、{CORE} 或 {BELT}")
    return metric(shapes.loc[list(places)]) if places else gpd.GeoSeries([], crs=METRIC_CRS)


def _hexagons(axes: Axes, found: Hexagons, title: str, view: View, column: Column) -> None:
    shading = Shading("hexagon", title, classify(found.cells["value"]))
    colours = shading.classes.colours.to_numpy(str)
    shapes, known = metric(found.cells.geometry), colours != ""
    plot(axes, shapes[known], color=colours[known].tolist(), edgecolor="white", linewidth=0.3, alpha=0.85, zorder=3)
    plot(axes, shapes[~known], facecolor=NO_DATA_COLOUR, edgecolor=BORDER, hatch="////", linewidth=0.3, zorder=3)
    _shading_legend(column, shading, hexagon_legend(found, shading, view))


@cache
def _land() -> gpd.GeoSeries:
    """Land of all around in metres, the same under every map."""
    land = load_land()
    return metric(gpd.GeoSeries([land.union_all().simplify(0.0008)], crs=land.crs))


def _ground(axes: Axes, data: Dataset, places: Sequence[str]) -> None:
    plot(axes, _land(), color=NEIGHBOUR, zorder=0)
    outlines = metric(data.outlines.geometry)
    own = outlines[outlines.index.isin(places)]
    own = own if len(own) else outlines
    plot(axes, outlines, facecolor=NEIGHBOUR, edgecolor=BORDER, linewidth=0.7, zorder=1)
    plot(axes, own, facecolor=LAND, edgecolor=BORDER, linewidth=0.7, zorder=1)


def _shade(axes: Axes, data: Dataset, shading: Shading) -> None:
    areas = areas_of(data, shading.level)
    colours = shading.classes.colours.reindex(areas.index, fill_value="")
    areas, known = metric(areas), (colours != "").to_numpy()
    if shading.as_points:
        sizes = {"markersize": 34, "zorder": 7, "linewidth": 0.6}
        plot(axes, areas[known], color=colours[known].tolist(), edgecolor=FIGURE_INK, **sizes)
        plot(
            axes, areas[~known], facecolor=NO_DATA_COLOUR, edgecolor=BORDER, **(sizes | {"markersize": 12, "zorder": 6})
        )
        return
    plot(axes, areas[known], color=colours[known].tolist(), edgecolor="white", linewidth=0.8, zorder=2)
    plot(axes, areas[~known], facecolor=NO_DATA_COLOUR, edgecolor=BORDER, hatch="////", linewidth=0.5, zorder=2)
    unsure = areas[areas.index.isin(shading.undecided)]
    plot(axes, unsure, facecolor="none", edgecolor="white", hatch="////", linewidth=0, zorder=3)


def _shading_legend(column: Column, shading: Shading, legend: Legend) -> None:
    column.title(legend.title)
    signs = [Swatch(shade) for shade in shading.classes.shades]
    signs += [Swatch(SHADES[3][1], "white", hatch="////")] if shading.undecided else []
    no_data = Swatch(NO_DATA_COLOUR, marker="o") if shading.as_points else Swatch(NO_DATA_COLOUR, hatch="////")
    for entry, sign in zip(legend.entries, [*signs, no_data], strict=False):
        column.row(entry.label, sign)
    column.note(legend.note)


def _zones(axes: Axes, data: Dataset, view: View, column: Column, *, filled: bool) -> None:
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


def _names(axes: Axes, data: Dataset, view: View, shading: Shading | None, taken: Occupancy, *, small: bool) -> None:
    """Names of the districts, with their value under a choropleth of districts; the centre's stand in its corner map."""
    labels = metric(gpd.GeoSeries.from_xy(data.outlines["label_lon"], data.outlines["label_lat"], crs=STORAGE_CRS))
    names = data.districts[f"name_{view.lang}"]
    of_districts = shading is not None and shading.level == "district"
    for adcode, degrees, point in zip(
        data.outlines.index, data.outlines[["label_lon", "label_lat"]].to_numpy(), labels, strict=True
    ):
        if inside(axes, point.x, point.y) and not (small and of_districts and _CENTRE.contains(shapely.Point(degrees))):
            value = f"\n{shading.say(shading.classes.values[adcode])}" if shading and of_districts else ""
            _label(axes, point.x, point.y, names[adcode] + value)
            taken.take(point.x, point.y, width_of(names[adcode]) * 4, 9)


def _centre(figure: Figure, data: Dataset, view: View, shading: Shading) -> None:
    axes = figure.add_axes((0.715, 0.095, 0.265, 0.335))
    frame(axes, metric(gpd.GeoSeries([_CENTRE], crs=STORAGE_CRS)), 0)
    _ground(axes, data, ())
    _shade(axes, data, shading)
    _names(axes, data, view, shading, Occupancy(axes), small=False)
    corner = {"transform": axes.transAxes, "va": "top", "path_effects": HALO, "zorder": 20}
    write(axes, 0.03, 0.975, view.word("中心城区", "Central districts"), size=8, bold=True, **corner)


def _label(axes: Axes, x: float, y: float, text: str) -> None:
    style: dict[str, Any] = {"path_effects": HALO, "zorder": 12, "ha": "center", "va": "center", "clip_on": True}
    write(axes, x, y, text, **style)


def draw_industry_shares(industries: pd.DataFrame, view: View) -> Figure:
    """Draw one bar per industry, its length the share of the place, with a tick at the share of the whole set.

    Parameters
    ----------
    industries : DataFrame
        Index industry; `enterprises`, `share`, `city_share` as `reports.brief_facts.Brief` has them.  Without any enterprise the
        bars are empty, never zero of something.
    view : View

    Returns
    -------
    Figure
        6.7 × 2.4 inches.
    """
    figure = Figure(figsize=(6.7, 2.4), facecolor="white")
    FigureCanvasAgg(figure)
    left = 0.33 if view.lang == "en" else 0.22
    axes = figure.add_axes((left, 0.1, 0.86 - left, 0.88))
    shown = industries[(industries["enterprises"] > 0) | (industries["city_share"].fillna(0) > 0)]
    place = len(shown) - 1 - pd.RangeIndex(len(shown))
    shares = shown["share"].fillna(0) * 100
    colours = [INDUSTRY_COLOURS.get(str(code), INDUSTRY_COLOURS["other"]) for code in shown.index]
    axes.barh(place, shares, height=0.62, color=colours, edgecolor="none")
    city = shown["city_share"] * 100
    axes.vlines(city, place - 0.42, place + 0.42, color=FIGURE_INK, linewidth=1.6)
    longest = max(float(shares.max() or 0), float(city.max() or 0), 1.0)
    axes.set_xlim(0, longest * 1.02)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    for y, (code, row) in zip(place, shown.iterrows(), strict=True):
        name = options("industry")[str(code)].of(view.lang)
        write(axes, -longest * 0.015, y, name, size=8, ha="right", va="center")
        count = "–" if pd.isna(row["share"]) else f"{int(row['enterprises']):,} · {row['share']:.0%}"
        write(axes, longest * 1.035, y, count, size=8, va="center")
    note = view.word("条：此地占比；竖线：名单整体占比", "Bar: share here; line: share of the whole list")
    write(figure, left, 0.01, note, size=7, va="bottom", color=SMALL_PRINT)
    return figure
