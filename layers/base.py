"""From GeoPandas to Folium: shapes and points whose hover text and cards the map's own script builds as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode
from numpy.typing import NDArray

from geo.crs import Datum, from_wgs84
from layers.tile_source import basemap_of

INDUSTRY_COLOURS: Final[dict[str, str]] = {
    "auto": "#D55E00",
    "electronics": "#0072B2",
    "aviation": "#56B4E9",
    "biomedicine": "#009E73",
    "equipment": "#E69F00",
    "materials": "#CC79A7",
    "other": "#6B7280",
    "": "#6B7280",
}
"""Industry code → colour (Okabe–Ito), the same in map, chart, table and packet."""


THEMED_COLOURS: Final = {
    "#F7F5F0": "--x-land",
    "#ECE9E1": "--x-around",
    "#DCE8F0": "--x-sea",
    "#9AA3AF": "--x-border",
    "#B3123B": "--x-core",
    "#1F5AA6": "--x-belt",
    "#6D28D9": "--x-intended",
    "#92400E": "--x-drawn",
    "#FFFFFF": "--x-blank",
    "#1F2933": "--x-dark-line",
}
"""Colour of areas and lines that a dark page shows in another → the variable of ``map.css`` that holds both.

Colours of industries, classes and verdicts are not among them: they mean the same on screen and on paper.
"""

_THEMED: Final = re.compile(r"#[0-9A-F]{6}(?![0-9A-Fa-f])")


def themed(css: str) -> str:
    """CSS declarations whose colours follow the theme of the page they are drawn on.

    Examples
    --------
    >>> themed("border:1px solid #9AA3AF;background:#009E73")
    'border:1px solid var(--x-border,#9AA3AF);background:#009E73'
    """
    return _THEMED.sub(
        lambda found: f"var({THEMED_COLOURS[found[0]]},{found[0]})" if found[0] in THEMED_COLOURS else found[0], css
    )


def themed_paths() -> str:
    """Style rules by which shapes drawn in these colours follow the theme."""
    return "".join(
        f'path[{part}="{colour}" i], .x-hatches [{part}="{colour}" i] {{ {part}: var({name}); }}\n'
        for colour, name in THEMED_COLOURS.items()
        for part in ("fill", "stroke")
    )


@dataclass(frozen=True)
class Entry:
    """One line of a legend: what it says, and the swatch as CSS declarations."""

    label: str
    swatch: str


@dataclass(frozen=True)
class Legend:
    """Title and entries of one layer's legend; `note` is a line of small print below them."""

    title: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    note: str = ""

    def as_dict(self) -> dict[str, object]:
        """The legend as plain values, for the panel on the map."""
        entries = [{"label": entry.label, "swatch": themed(entry.swatch)} for entry in self.entries]
        return {"title": self.title, "entries": entries, "note": self.note}


@dataclass(frozen=True)
class View:
    """How a map is to be drawn.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of every word on the map.
    basemap : str
        Name in `layers.tile_source.known_basemaps`.
    key : str
        Map key of the base map where it needs one.
    approval : str
        The 审图号 to print; empty when none has been configured.
    """

    lang: str = "zh"
    basemap: str = "offline"
    key: str = ""
    approval: str = ""

    @property
    def datum(self) -> Datum:
        """Datum of the base map, into which everything on it is moved."""
        return basemap_of(self.basemap).datum

    def word(self, zh: str, en: str) -> str:
        """Pick the word of the view's language."""
        return en if self.lang == "en" else zh


@dataclass(frozen=True)
class Drawn:
    """A layer ready for the map, and the legend of the very colours in it."""

    layer: folium.FeatureGroup
    legend: Legend

    def with_legend(self) -> folium.FeatureGroup:
        """The layer, which says its legend in the panel of the map that it is added to.

        So a map that stands needs not be written anew when the classes of what is drawn on it change.

        Examples
        --------
        >>> drawn = Drawn(folium.FeatureGroup(name="sites"), Legend("Sites"))
        >>> [child._name for child in drawn.with_legend()._children.values()]
        ['Legend']
        """
        _LegendOfLayer(self.legend).add_to(self.layer)
        return self.layer


class _LegendOfLayer(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}explorer.legend({{ this.legend|tojson }});{% endmacro %}")

    def __init__(self, legend: Legend) -> None:
        super().__init__()
        self._name = "Legend"
        self.legend = legend.as_dict()


def shifted(shapes: gpd.GeoSeries, datum: Datum) -> gpd.GeoSeries:
    """Move WGS-84 shapes into the datum of the base map.

    Examples
    --------
    >>> point = gpd.GeoSeries.from_xy([121.4692], [31.2323], crs=4326)
    >>> round(float(shifted(point, "gcj02").x.iloc[0]), 3)
    121.474
    """
    if datum == "wgs84":
        return shapes

    def move(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(from_wgs84(pairs[:, 0], pairs[:, 1], datum))

    return gpd.GeoSeries(shapely.transform(shapes.to_numpy(), move), index=shapes.index, crs=shapes.crs)


_DESCRIBE = JsCode("function (feature, layer) { explorer.describe(feature, layer); }")
_MARK = JsCode("function (feature, latlng) { return explorer.mark(feature, latlng); }")


def shapes(
    geometry: gpd.GeoSeries, properties: Sequence[dict[str, Any]], *, pane: str, style: dict[str, Any]
) -> folium.GeoJson:
    """Lines and polygons in one style.

    Parameters
    ----------
    geometry : GeoSeries
        Degrees in the datum of the base map.
    properties : sequence of dict
        One per shape; `tip` is shown on hover, `firms` or `rows` make a card.
    pane : str
        Name of the map's pane, and so of the switch that shows and hides it.
    style : dict
        Leaflet path options.

    Raises
    ------
    ValueError
        When a geometry is missing or a point.
    """
    if geometry.isna().any() or not geometry.geom_type.isin(["Polygon", "MultiPolygon", "LineString"]).all():
        raise ValueError(f"layer {pane}: shapes have to be polygons or lines, got {set(geometry.geom_type)}")
    return folium.GeoJson(
        _collection(geometry.set_precision(1e-6), properties),
        style_function=lambda _: style,
        on_each_feature=_DESCRIBE,
        pane=pane,
    )


def points(geometry: gpd.GeoSeries, properties: Sequence[dict[str, Any]], *, pane: str) -> folium.GeoJson:
    """Marks; `kind` in the properties says which one (``site``, ``badge``, ``diamond``, ``dot``, ``label``).

    A label goes with the layer that `of` names.

    Raises
    ------
    ValueError
        When a geometry is missing or not a point.
    """
    if not geometry.geom_type.eq("Point").all():
        raise ValueError(f"layer {pane}: marks have to be points, got {set(geometry.geom_type)}")
    return folium.GeoJson(_collection(geometry, properties), point_to_layer=_MARK, on_each_feature=_DESCRIBE, pane=pane)


def _collection(geometry: gpd.GeoSeries, properties: Sequence[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "id": str(number), "properties": dict(own), "geometry": shape.__geo_interface__}
        for number, (own, shape) in enumerate(zip(properties, geometry, strict=True))
    ]
    return {"type": "FeatureCollection", "features": features}
