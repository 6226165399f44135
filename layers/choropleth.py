"""Choropleths: places coloured by an indicator, one map or two side by side that move together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import folium
import geopandas as gpd
import pandas as pd
import shapely
from branca.element import Element, Figure, MacroElement
from folium.map import CustomPane
from folium.plugins import DualMap
from folium.template import Template
from folium.utilities import JsCode

from geo.crs import STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.places.zones import BELT, CORE
from layers.base import Drawn, View, points, shapes, themed
from layers.basemap import BORDER, draw_land
from layers.classes import NO_DATA_COLOUR, Shading
from layers.escape import plain
from layers.map import Script, attribution, titled
from layers.reference import BLUE, CRIMSON

_STATIC: Final = Path(__file__).with_name("static")
DISTRICTS_VIEW_BOUNDS: Final = [[30.67, 120.85], [31.87, 122.06]]
"""South-west and north-east [lat, lon] of the opening view: all 16 districts."""

_HATCH: Final = (
    '<svg class="x-hatches" width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="x-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{NO_DATA_COLOUR}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{BORDER}" stroke-width="2"/>'
    "</pattern>"
    '<pattern id="x-white" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" y1="0" x2="0" y2="7" stroke="#FFFFFF" stroke-width="2.5"/></pattern></defs></svg>'
)


class ChoroplethScript(MacroElement):
    """Script and style of choropleths; after `layers.map.Script`, whose functions it uses."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>{{ this.style }}</style>{% endmacro %}
        {% macro script(this, kwargs) %}{{ this.script }}{% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "ChoroplethScript"
        self.script = (_STATIC / "choropleth.js").read_text(encoding="utf-8")
        self.style = (_STATIC / "choropleth.css").read_text(encoding="utf-8")


class Start(MacroElement):
    """Opening view, legend and attribution of one map."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        explorer.choropleth({{ this._parent.get_name() }}, {{ this.settings|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, settings: dict[str, object]) -> None:
        super().__init__()
        self._name = "Start"
        self.settings = settings


def draw_choropleth(data: Dataset, shading: Shading, view: View, tips: pd.Series) -> Drawn:
    """Colour the places of a level.

    Parameters
    ----------
    data : Dataset
    shading : Shading
    view : View
        With the offline base map.
    tips : Series of str
        What is said of each place on hover; index of the places.

    Returns
    -------
    Drawn
        Polygons of districts and zones, points of parks and towns, and the legend of their colours.
    """
    areas = areas_of(data, shading.level)
    colours = shading.classes.colours.reindex(areas.index, fill_value="")
    own = [
        {"tip": plain(tips[place]), "place": str(place), "colour": colour or NO_DATA_COLOUR}
        for place, colour in colours.items()
    ]
    group = folium.FeatureGroup(name="choropleth", control=False)
    if shading.as_points:
        _circles(areas, own).add_to(group)
    else:
        for known in (True, False):
            some = [properties for properties, colour in zip(own, colours, strict=True) if (colour != "") == known]
            kept = areas[(colours != "").to_numpy() == known]
            if some:
                _polygons(kept, some, hatched=not known).add_to(group)
        unsure = areas[areas.index.isin(shading.undecided)]
        if len(unsure):
            style = {"stroke": False, "fillOpacity": 1, "className": "x-open", "interactive": False}
            shapes(unsure.set_precision(1e-5), [{}] * len(unsure), pane="choropleth", style=style).add_to(group)
    return Drawn(group, shading.legend(view))


def choropleth_html(data: Dataset, shown: Sequence[tuple[Shading, pd.Series]], view: View) -> str:
    """One map, or two with the same view, as a document for a frame of the page.

    Parameters
    ----------
    data : Dataset
    shown : sequence of (Shading, Series of str)
        One or two, each with what is said of its places on hover.
    view : View

    Returns
    -------
    str
        The same for the same input, so that a page that shows it again does not load it anew.  It asks for no file but
        Leaflet's and the sync plugin's, wherever `default_js` and `default_css` of their classes point.
    """
    options: dict[str, Any] = {"tiles": None, "location": [31.15, 121.45], "zoom_start": 9}
    options |= {"maxZoom": 14, "minZoom": 7, "zoomSnap": 0.25, "maxBounds": [[29.6, 119.0], [32.8, 124.0]]}
    if len(shown) == 2:
        both = DualMap(**options)
        charts = [both.m1, both.m2]
    else:
        charts = [folium.Map(**options)]
    for number, (chart, (shading, tips)) in enumerate(zip(charts, shown, strict=True)):
        if number == 0:
            Script().add_to(chart)
            ChoroplethScript().add_to(chart)
        _fill(chart, data, shading, tips, view, last=chart is charts[-1])
    root = cast(Figure, charts[0].get_root())
    root.html.add_child(Element(_HATCH), name="hatch")
    page = titled(root.render(), " · ".join(shading.legend(view).title for shading, _ in shown), view)
    if len(shown) == 2:
        page = page.replace("<body>", '<body class="x-two">', 1)
    return _numbered(page, root)


def _fill(chart: folium.Map, data: Dataset, shading: Shading, tips: pd.Series, view: View, *, last: bool) -> None:
    for order, pane in enumerate(["land", "districts", "choropleth", "belt", "core", "labels"]):
        CustomPane(pane, z_index=300 + 20 * order, pointer_events=pane == "choropleth").add_to(chart)
    draw_land(data, view).layer.add_to(chart)
    if shading.as_points:
        ground = {"color": BORDER, "weight": 1, "fillColor": "#F7F5F0", "fillOpacity": 1, "interactive": False}
        shapes(data.outlines.geometry, [{}] * len(data.outlines), pane="districts", style=ground).add_to(chart)
    drawn = draw_choropleth(data, shading, view, tips)
    drawn.layer.add_to(chart)
    legend: dict[str, Any] = drawn.legend.as_dict()
    legend["entries"] = [*legend["entries"], *_outlines(chart, data, view)]
    names = data.districts[f"name_{view.lang}"]
    labels = gpd.GeoSeries.from_xy(data.outlines["label_lon"], data.outlines["label_lat"], crs=data.outlines.crs)
    points(
        labels, [{"kind": "label", "text": plain(name)} for name in names[data.outlines.index]], pane="labels"
    ).add_to(chart)
    settings: dict[str, object] = {
        "bounds": DISTRICTS_VIEW_BOUNDS,
        "legend": legend,
        "attribution": attribution(data, view, "") if last else [],
        "home": view.word("回到全市", "Whole city"),
    }
    Start(settings).add_to(chart)


def _outlines(chart: folium.Map, data: Dataset, view: View) -> list[dict[str, str]]:
    """Core and belt as lines alone, which leave the colours under them what the legend says; their legend entries."""
    land = data.outlines.loc[data.districts.index[data.districts["belt"]]].geometry.union_all()
    lines = {
        "belt": (gpd.GeoSeries([land], crs=data.outlines.crs), BLUE, 1.5, "solid", view.word("带（五区等）", "Belt")),
        "core": (
            data.zones.loc[[CORE]].geometry.simplify(0.0005),
            *(CRIMSON, 2.5, "dashed", view.word("核（推定）", "Core (inferred)")),
        ),
    }
    for pane, (shape, colour, weight, dash, _) in lines.items():
        style: dict[str, Any] = {"color": colour, "weight": weight, "fill": False, "interactive": False}
        shapes(shape, [{}], pane=pane, style=style | ({"dashArray": "8 5"} if dash == "dashed" else {})).add_to(chart)
    return [
        {"label": words, "swatch": themed(f"border:2px {dash} {colour}")}
        for _, colour, _, dash, words in lines.values()
    ]


def _polygons(areas: gpd.GeoSeries, own: list[dict[str, Any]], *, hatched: bool) -> folium.GeoJson:
    return folium.GeoJson(
        _collection(areas.set_precision(1e-5), own),
        style_function=lambda feature: {
            "color": BORDER if hatched else "#FFFFFF",
            "weight": 1,
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": 1,
            "className": "x-nodata" if hatched else "x-class",
        },
        on_each_feature=JsCode("function (feature, layer) { explorer.describe(feature, layer); }"),
        pane="choropleth",
    )


def _circles(areas: gpd.GeoSeries, own: list[dict[str, Any]]) -> folium.GeoJson:
    return folium.GeoJson(
        _collection(areas, own),
        style_function=lambda feature: {
            "radius": 4 if feature["properties"]["colour"] == NO_DATA_COLOUR else 7,
            "color": BORDER if feature["properties"]["colour"] == NO_DATA_COLOUR else "#1F2933",
            "weight": 1,
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": 1,
            "className": "x-class",
        },
        point_to_layer=JsCode("function (feature, latlng) { return explorer.circle(feature, latlng); }"),
        on_each_feature=JsCode("function (feature, layer) { explorer.describe(feature, layer); }"),
        pane="choropleth",
    )


def _collection(areas: gpd.GeoSeries, own: list[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "id": properties["place"], "properties": properties, "geometry": shape.__geo_interface__}
        for properties, shape in zip(own, areas, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _numbered(page: str, root: Any) -> str:
    """The page with Folium's random ids replaced by running numbers."""
    ids = [element._id for element in _all(root)]
    for number, random in enumerate(ids):
        page = page.replace(random, f"{number:x}")
    return page


def _all(element: Any) -> list[Any]:
    return [element, *(found for child in element._children.values() for found in _all(child))]


def areas_of(data: Dataset, level: str) -> gpd.GeoSeries:
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
