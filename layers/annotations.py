"""What people drew and wrote on the map, in a colour of its own; the text is a text node, whatever it holds."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import folium
import geopandas as gpd
from folium.utilities import JsCode
from shapely.geometry.base import BaseGeometry

from geo.crs import STORAGE_CRS
from layers.base import View, shifted
from layers.escape import plain

ANNOTATION_COLOUR: Final = "#BE185D"

_POINT: Final = JsCode(
    "function (feature, latlng) { return L.circleMarker(latlng, { radius: 8, pane: 'enterprises' }); }"
)
_SAY: Final = JsCode(
    """function (feature, layer) {
      const own = feature.properties;
      const said = () => {
        const body = explorer.element("div", "", "x-card");
        body.append(explorer.element("strong", own.by), explorer.element("div", own.text, "x-said"));
        return body;
      };
      layer.bindPopup(said);
    }"""
)


class DrawnAnnotation(NamedTuple):
    """An annotation as the map shows it: what was drawn [degrees, WGS-84], its text, its author and moment."""

    drawn: BaseGeometry
    text: str
    by: str
    chosen: bool = False


def draw_annotations(annotations: Sequence[DrawnAnnotation], view: View, group: folium.FeatureGroup) -> None:
    """Draw annotations into the group of the enterprises, above their marks; the chosen one stands out."""
    if not annotations:
        return
    shapes = shifted(gpd.GeoSeries([one.drawn for one in annotations], crs=STORAGE_CRS), view.datum)
    features = [
        {
            "type": "Feature",
            "properties": {"text": plain(one.text), "by": plain(one.by), "chosen": one.chosen},
            "geometry": shape.__geo_interface__,
        }
        for one, shape in zip(annotations, shapes.set_precision(1e-6), strict=True)
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {
            "color": ANNOTATION_COLOUR,
            "weight": 5 if feature["properties"]["chosen"] else 3,
            "fillColor": ANNOTATION_COLOUR,
            "fillOpacity": 0.15,
        },
        point_to_layer=_POINT,
        on_each_feature=_SAY,
        pane="enterprises",
    ).add_to(group)
