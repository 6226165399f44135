"""A map to draw on: the base map, the areas there are, and Leaflet.draw with words in the user's language."""

from collections.abc import Sequence
from typing import Any

import folium
from branca.element import MacroElement
from folium.plugins import Draw
from folium.template import Template
from shapely.geometry import Polygon

from geo.datasets.dataset import Dataset
from layers.base import View
from layers.filter_areas import COLOUR
from layers.map import base_map


class _Words(MacroElement):
    """What Leaflet.draw says; before its control, which reads the words when it is made."""

    _template = Template(
        "{% macro script(this, kwargs) %}explorer.drawingWords({{ this.words|tojson }});{% endmacro %}"
    )

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()
        self._name = "DrawingWords"
        self.words = words


def drawing_map(data: Dataset, areas: Sequence[Polygon], view: View, *, of_annotation: bool = False) -> folium.Map:
    """The base map with `areas` on it, to be changed, taken away or added to; a marker stands for a centre.

    Parameters
    ----------
    data : Dataset
    areas : sequence of Polygon
        Degrees, WGS-84; the view has to have a base map of that datum.
    view : View
    of_annotation : bool
        A point, line or polygon of an annotation is drawn, no areas and centre of filters.
    """
    chart = base_map(data, view, remember=False)
    group = folium.FeatureGroup(name="areas", control=False).add_to(chart)
    style: dict[str, Any] = {"color": COLOUR, "weight": 2, "fill_opacity": 0.08}
    for area in areas:
        rings = [[(lat, lon) for lon, lat in ring.coords[:-1]] for ring in (area.exterior, *area.interiors)]
        folium.Polygon(rings if len(rings) > 1 else rings[0], **style).add_to(group)
    _Words(_words(view, of_annotation=of_annotation)).add_to(chart)
    shape = {"shapeOptions": {"color": COLOUR, "weight": 2, "fillOpacity": 0.08}}
    Draw(
        feature_group=group,
        show_geometry_on_click=False,
        draw_options={
            "polygon": shape | {"allowIntersection": False},
            "rectangle": False if of_annotation else shape,
            "marker": {"repeatMode": False},
            "polyline": shape if of_annotation else False,
            "circle": False,
            "circlemarker": False,
        },
    ).add_to(chart)
    return chart


def _words(view: View, *, of_annotation: bool) -> dict[str, str]:
    own = {
        "marker": view.word("放一个点", "Place a point"),
        "start": view.word("点击地图，逐点画出", "Click to start drawing"),
        "place": view.word("点击地图放置", "Click to place it"),
        "edit": view.word("修改", "Edit"),
        "remove": view.word("删除", "Delete"),
        "pick": view.word("点击要删除的", "Click what is to be deleted"),
    }
    return {
        "polygon": view.word("画多边形", "Draw a polygon"),
        "rectangle": view.word("画矩形", "Draw a rectangle"),
        "marker": view.word("放一个中心点", "Place a centre"),
        "finish": view.word("完成", "Finish"),
        "undo": view.word("删去上一点", "Delete last point"),
        "cancel": view.word("取消", "Cancel"),
        "save": view.word("保存", "Save"),
        "clear": view.word("全部清除", "Clear all"),
        "edit": view.word("修改范围", "Edit areas"),
        "remove": view.word("删除范围", "Delete areas"),
        "start": view.word("点击地图，逐点画出范围", "Click to start drawing"),
        "next": view.word("继续点下一个顶点", "Click to continue"),
        "end": view.word("点第一个顶点结束", "Click the first point to close"),
        "drag": view.word("按住拖出矩形", "Click and drag"),
        "place": view.word("点击地图放置中心", "Click to place the centre"),
        "crossing": view.word("边界不能交叉", "Edges must not cross"),
        "move": view.word("拖动顶点修改", "Drag the handles"),
        "pick": view.word("点击要删除的范围", "Click an area to delete it"),
        "line": view.word("画一条线", "Draw a line"),
        "last": view.word("点最后一点结束", "Click the last point to finish"),
    } | (own if of_annotation else {})
