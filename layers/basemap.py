"""What lies beneath everything on a map: the land over the sea, or the tiles of the base map that a person has chosen."""

from typing import Final

import folium
import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template

from geo.datasets.dataset import Dataset
from layers.base import Drawn, Entry, Legend, View, shifted
from layers.escape import escaped
from layers.tile_source import DEGREE_GRID, Basemap

LAND: Final = "#F7F5F0"
NEIGHBOUR: Final = "#ECE9E1"
SEA: Final = "#DCE8F0"
BORDER: Final = "#9AA3AF"

MAP_ZOOMS: Final = (8, 18)
"""Least and greatest zoom."""

ZOOMS_SHRUNK: Final = 2
"""Zooms farther off than the first that there are tiles of, at which these are still shown, smaller."""


class OnlineTiles(MacroElement):
    """The tiles of a base map, and the sentence that is said where none come and the built-in map takes their place."""

    _template = Template(
        "{% macro script(this, kwargs) %}explorer.basemap({{ this._parent.get_name() }}, {{ this.told|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, basemap: Basemap, view: View) -> None:
        super().__init__()
        self._name = "OnlineTiles"
        self.told = {
            "urls": [url.replace("{key}", view.key) for url in basemap.urls],
            "attribution": escaped(basemap.attribution),
            "degrees": basemap.grid == DEGREE_GRID,
            "options": {
                "subdomains": basemap.subdomains,
                "minZoom": max(0, basemap.min_zoom - ZOOMS_SHRUNK),
                "minNativeZoom": basemap.min_zoom,
                "maxNativeZoom": basemap.max_zoom,
                "maxZoom": MAP_ZOOMS[1],
                "zoomOffset": basemap.zoom_offset,
            },
            "lost": view.word(
                f"底图“{basemap.zh}”没有回应，改用离线底图",
                f"Base map “{basemap.en}” does not answer; this is the built-in one",
            ),
        }


def draw_land(data: Dataset, view: View) -> Drawn:
    """Draw the land over the sea; with an online base map it is shown where no tiles come, and its legend has no entries."""
    group = folium.FeatureGroup(name="land", control=False)
    land = gpd.GeoSeries([data.land.union_all().simplify(0.0005)], crs=data.land.crs)
    folium.GeoJson(
        shifted(land, view.datum).to_json(),
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
