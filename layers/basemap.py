"""What lies beneath everything on a map: the land over the sea, or the tiles of the base map that a person has chosen."""

from pathlib import Path
from typing import Any, ClassVar, Final

import folium
import geopandas as gpd
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.datasets.dataset import Dataset
from geo.errors import DataError
from layers.base import Drawn, Entry, Legend, View, shifted
from layers.escape import escaped
from layers.tile_archive import TileArchive, open_archive
from layers.tile_source import DEGREE_GRID, Basemap

LAND: Final = "#F7F5F0"
NEIGHBOUR: Final = "#ECE9E1"
SEA: Final = "#DCE8F0"
BORDER: Final = "#9AA3AF"

MAP_LIMITS: Final = [[29.6, 119.0], [32.8, 124.0]]
"""South-west and north-east [lat, lon] of what the map shows at all."""

MAP_ZOOMS: Final = (8, 18)
"""Least and greatest zoom."""

TILES_ROUTE: Final = "/basemaps/"
ZOOMS_SHRUNK: Final = 2
"""Zooms farther off than the first that there are tiles of, at which these are still shown, smaller."""


class OnlineTiles(JSCSSMixin, MacroElement):
    """The tiles of a base map, and the sentence that is said where none come and the built-in map takes their place.

    Parameters
    ----------
    basemap : Basemap
    view : View

    Raises
    ------
    DataError
        When its file cannot be read, or lies elsewhere.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}explorer.basemap({{ this._parent.get_name() }}, {{ this.told|tojson }});"
        "{% endmacro %}"
    )
    default_js: list[tuple[str, str]] = []  # noqa: RUF012  as Folium has it
    vector_js: ClassVar[list[tuple[str, str]]] = []
    """Where the script is that draws vectors; set by who serves it."""

    def __init__(self, basemap: Basemap, view: View) -> None:
        super().__init__()
        self._name = "OnlineTiles"
        archive = archive_of(basemap)
        self.attribution = basemap.attribution or (archive and archive.attribution) or view.word(basemap.zh, basemap.en)
        first, last = (archive.min_zoom, archive.max_zoom) if archive else (basemap.min_zoom, basemap.max_zoom)
        options: dict[str, object] = {
            "subdomains": basemap.subdomains,
            "minZoom": max(0, first - ZOOMS_SHRUNK),
            "minNativeZoom": first,
            "maxNativeZoom": last,
            "maxZoom": MAP_ZOOMS[1],
            "zoomOffset": basemap.zoom_offset,
        }
        urls = [url.replace("{key}", view.key) for url in basemap.urls]
        if archive:
            west, south, east, north = archive.bounds
            options["bounds"] = [[south, west], [north, east]]
            urls = [f"{TILES_ROUTE}{view.basemap}/{{z}}/{{x}}/{{y}}"]
        if archive and archive.vector:
            self.default_js = self.vector_js
            near = {"minZoom": first + 1, "minNativeZoom": 0, "maxNativeZoom": MAP_ZOOMS[1], "maxDataZoom": last}
            options |= near  # a tile of vectors is four squares of the map
        self.told: dict[str, Any] = {
            "urls": urls,
            "attribution": escaped(self.attribution),
            "degrees": basemap.grid == DEGREE_GRID,
            "vector": archive.layers if archive and archive.vector else None,
            "lang": view.lang,
            "options": options,
            "lost": view.word(
                f"底图“{basemap.zh}”没有回应，改用离线底图",
                f"Base map “{basemap.en}” does not answer; this is the built-in one",
            ),
        }


def archive_of(basemap: Basemap) -> TileArchive | None:
    """The file of tiles of a base map that has one.

    Raises
    ------
    DataError
        When it cannot be read, or none of it lies on the map.
    """
    if not basemap.file:
        return None
    archive = open_archive(Path(basemap.file))
    if not archive.covers(*MAP_LIMITS):
        raise DataError("底图文件里没有上海及周边", file=archive.path, value=archive.bounds)
    return archive


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
        Entry(view.word("周边陆地", "Land around"), f"background:{NEIGHBOUR};border:1px solid {BORDER}"),
        Entry(view.word("江、海", "River, sea"), f"background:{SEA};border:1px solid {BORDER}"),
    )
    title = view.word("底图", "Base map")
    if view.basemap != "offline":
        return Drawn(group, Legend(title))
    note = view.word(
        "放大后标出街镇、园区与主要道路，位置近似",
        "Closer: towns, parks, main roads at approximate points, in Chinese: no English names are published for them",
    )
    return Drawn(group, Legend(title, entries, note))
