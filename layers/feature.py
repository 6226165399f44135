"""From GeoPandas to Folium: shapes and points whose hover text and cards the map's own script builds as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import folium
import geopandas as gpd
from folium.utilities import JsCode

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
