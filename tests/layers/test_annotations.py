"""Annotations on the map: in the datum of its base map, and harmless whatever they say."""

from typing import Any

import folium
from shapely import Point

from geo.crs import from_wgs84
from layers.annotations import DrawnAnnotation, draw_annotations
from layers.base import View

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}"


def test_they_are_drawn_in_the_datum_of_the_base_map():
    group = folium.FeatureGroup()
    draw_annotations([DrawnAnnotation(Point(121.5, 31.2), "a", "张三")], View(basemap="amap"), group)
    (layer,) = list[Any](group._children.values())
    [[east], [north]] = from_wgs84([121.5], [31.2], "gcj02")
    assert layer.data["features"][0]["geometry"]["coordinates"] == (round(east, 6), round(north, 6))


def test_what_they_say_is_text():
    chart = folium.Map(tiles=None)
    group = folium.FeatureGroup()
    group.add_to(chart)
    draw_annotations([DrawnAnnotation(Point(121.5, 31.2), HOSTILE, HOSTILE, chosen=True)], View(), group)
    page = chart.get_root().render()
    assert "onerror" in page
    assert "<img src=x" not in page
    assert "7*7}}" not in page
    assert "49" not in page.split("onerror")[1][:20]


def test_none_draw_nothing():
    group = folium.FeatureGroup()
    draw_annotations([], View(), group)
    assert not group._children
