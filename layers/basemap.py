"""Base maps: the built-in offline one, and online ones a person may choose."""

from dataclasses import dataclass
from typing import Final

import folium
import geopandas as gpd

from geo.crs import Datum
from geo.datasets.dataset import Dataset
from layers.base import Drawn, Entry, Legend, View, shifted

LAND: Final = "#F7F5F0"
NEIGHBOUR: Final = "#ECE9E1"
SEA: Final = "#DCE8F0"
BORDER: Final = "#9AA3AF"


@dataclass(frozen=True)
class Basemap:
    """A base map: names, datum of its tiles, and for the online ones address, attribution and whether it needs a key."""

    zh: str
    en: str
    datum: Datum = "wgs84"
    urls: tuple[str, ...] = ()
    attribution: str = ""
    subdomains: str = "abc"
    needs_key: bool = False


_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"

BASEMAPS: Final[dict[str, Basemap]] = {
    "offline": Basemap("离线底图", "Built-in, offline"),
    "tianditu": Basemap(
        "天地图（联网，需密钥）",
        "Tianditu (online, key)",
        urls=(_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="cva")),
        attribution="© 天地图",
        subdomains="01234567",
        needs_key=True,
    ),
    "osm": Basemap(
        "OpenStreetMap（联网）",
        "OpenStreetMap (online)",
        urls=("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
        attribution="© OpenStreetMap 贡献者",
    ),
    "amap": Basemap(
        "高德（联网，GCJ-02，图层随之偏移）",
        "AMap (online, GCJ-02, layers shift with it)",
        datum="gcj02",
        urls=(_AMAP,),
        attribution="© 高德地图",
        subdomains="1234",
    ),
}
"""Name → base map; the first one asks nobody for anything."""


def online_tiles(view: View) -> list[folium.TileLayer]:
    """Tile layers of the chosen base map; none for the offline one."""
    basemap = BASEMAPS[view.basemap]
    return [
        folium.TileLayer(
            tiles=url.replace("{key}", view.key),
            attr=basemap.attribution,
            subdomains=basemap.subdomains,
            max_zoom=18,
            control=False,
        )
        for url in basemap.urls
    ]


def draw_land(data: Dataset, view: View) -> Drawn:
    """Draw the land over the sea; with an online base map nothing, its tiles show it."""
    group = folium.FeatureGroup(name="land", control=False)
    if view.basemap == "offline":
        land = gpd.GeoSeries([data.land.union_all().simplify(0.0005)], crs=data.land.crs)
        folium.GeoJson(
            shifted(land, BASEMAPS[view.basemap].datum).to_json(),
            style_function=lambda _: {"stroke": False, "fillColor": NEIGHBOUR, "fillOpacity": 1},
            pane="land",
            interactive=False,
        ).add_to(group)
    entries = (
        Entry(view.word("上海陆地", "Land, Shanghai"), f"background:{LAND};border:1px solid {BORDER}"),
        Entry(view.word("周边陆地", "Land around"), f"background:{NEIGHBOUR}"),
        Entry(view.word("江、海", "River, sea"), f"background:{SEA}"),
    )
    title = view.word("底图", "Base map")
    if view.basemap != "offline":
        return Drawn(group, Legend(title))
    note = view.word(
        "放大后标出街镇、园区与主要道路，位置近似",
        "Closer: towns, parks, main roads at approximate points, in Chinese: no English names are published for them",
    )
    return Drawn(group, Legend(title, entries, note))
