"""Base maps of the installation in a browser: from a file, in a grid of degrees, and one that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, Traffic, open_page, running_app
from tests.browser.screen import map_of, no_traceback, open_map
from tests.tile_files import PIXEL, write_mbtiles, write_pmtiles

SETTINGS = """
[[basemap]]
name = "pictures"
zh = "图片"
en = "Pictures"
file = "r.mbtiles"
datum = "gcj02"
[[basemap]]
name = "packed"
zh = "打包"
en = "Packed"
file = "r.pmtiles"
datum = "cgcs2000"
[[basemap]]
name = "degrees"
zh = "政务"
en = "Government"
url = "https://grid.invalid/wmts?TILEMATRIXSET=c&z={z}&x={x}&y={y}"
datum = "cgcs2000"
attribution = "© 市测绘院"
[[basemap]]
name = "dead"
zh = "断了的"
en = "Dead"
url = "https://dead.invalid/{z}/{x}/{y}.png"
datum = "gcj02"
attribution = "© 断"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("basemaps")
    write_mbtiles(folder / "r.mbtiles", attribution="<b>© 甲</b>")
    write_pmtiles(folder / "r.pmtiles")
    (folder / "b.toml").write_text(SETTINGS, encoding="utf-8")
    with running_app(
        folder, EXPLORER_WORKSPACE=str(folder / "workspace"), EXPLORER_BASEMAPS=str(folder / "b.toml")
    ) as running:
        yield running


def test_base_maps_from_files_and_one_that_does_not_answer(browser: Browser, server: Server) -> None:
    traffic = Traffic(server.url, allowed={"https://dead.invalid"})
    with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as page:
        for name, said in (("pictures", "© 甲"), ("packed", "打包")):
            frame = open_map(page, f"?basemap={name}")
            frame.locator("img.leaflet-tile-loaded").first.wait_for()
            expect(frame.locator(".leaflet-control-attribution")).to_contain_text(said)
            assert not frame.locator(".leaflet-control-attribution b").count()
            assert not frame.locator(".x-lost").count()
        frame = open_map(page, "?basemap=dead")
        expect(frame.locator(".x-lost")).to_have_text("底图“断了的”没有回应，改用离线底图")
        frame.locator(".leaflet-land-pane path").first.wait_for(state="attached")
        expect(frame.locator(".leaflet-control-attribution")).not_to_contain_text("© 断")
        page.set_viewport_size({"width": 390, "height": 844})
        box = map_of(page).locator(".x-lost").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        no_traceback(page)


def test_tiles_of_degrees_lie_where_their_latitudes_are(browser: Browser, server: Server) -> None:
    """At zoom 10 a tile is 360 / 1024 = 0.3515625 degrees wide and high: 31.2 N is in row 58.8 / 0.3515625 = 167.25."""
    traffic = Traffic(server.url, allowed={"https://grid.invalid"})
    with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as page:
        page.route("https://grid.invalid/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
        frame = open_map(page, "?basemap=degrees&map=31.2,121.5,10")
        frame.locator(".x-square img").first.wait_for()
        frame.wait_for_function("document.querySelectorAll('.leaflet-tile-loaded').length > 8")
        placed = frame.evaluate(
            """() => [...document.querySelectorAll(".x-square img")].map((image) => {
              const [box, corner] = [image, explorer.map.getContainer()].map((one) => one.getBoundingClientRect());
              const at = (x, y) => explorer.map.containerPointToLatLng([x - corner.left, y - corner.top]);
              const [north, south] = [at(box.left, box.top), at(box.right, box.bottom)];
              return [image.src, north.lng, north.lat, south.lng, south.lat];
            })"""
        )
        asked = [{name: int(value[0]) for name, value in parse_qs(urlsplit(src).query).items() if name != "TILEMATRIXSET"}
                 for src, *_ in placed]  # fmt: skip
        assert {"z": 10, "x": 857, "y": 167} in asked
        degrees = 360 / 1024
        expected = [
            [
                one["x"] * degrees - 180,
                90 - one["y"] * degrees,
                (one["x"] + 1) * degrees - 180,
                90 - (one["y"] + 1) * degrees,
            ]
            for one in asked
        ]
        np.testing.assert_allclose([corners for _, *corners in placed], expected, atol=degrees / 256)  # within a pixel
        assert not frame.locator(".x-lost").count()
