"""A set of twenty thousand in the browser: tiles instead of marks, the same cards, and a filter that keeps the view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from geo.datasets.dataset import Dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from tests.browser.conftest import Server, Traffic, open_page, running_app
from tests.browser.screen import areas_drawn, at_rest, choose, expect_number, open_map

ROWS = 20_000
TILES = ".x-tile img.leaflet-tile-loaded"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "set"
    write_demo(ROWS, out)
    return out


@pytest.fixture(scope="module")
def data(folder: Path) -> Dataset:
    return open_dataset(folder)


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_app(tmp_path_factory.mktemp("server"), EXPLORER_SET=str(folder)) as running:
        yield running


@pytest.fixture
def traffic(server: Server) -> Traffic:
    return Traffic(server.url)


@pytest.fixture
def page(browser: Browser, server: Server, traffic: Traffic) -> Iterator[Page]:
    with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as desk:
        yield desk


def shown(frame: Frame) -> set[str]:
    """Queries of the tiles that stand on the map."""
    addresses = frame.eval_on_selector_all(TILES, "tiles => tiles.map((tile) => tile.src)")
    return {address.partition("?")[2] for address in addresses}


def go_to(frame: Frame, lon: float, lat: float, zoom: int) -> None:
    frame.evaluate("([lat, lon, zoom]) => explorer.map.setView([lat, lon], zoom, {animate: false})", [lat, lon, zoom])


def click_at(frame: Frame, lon: float, lat: float) -> None:
    x, y = frame.evaluate(
        "([lat, lon]) => { const p = explorer.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }", [lat, lon]
    )
    frame.locator(".leaflet-container").click(position={"x": x, "y": y})


def test_tiles_stand_on_the_map_and_the_page_says_synthetic(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    frame.locator(TILES).first.wait_for()
    expect_number(page, ROWS)
    expect(page.get_by_text("合成数据：这些企业是虚构的")).to_be_visible()
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("合成数据")
    frame.locator("div.x-badge").first.wait_for()
    frame.wait_for_function("document.querySelectorAll('div.x-badge').length > 100")
    at_rest(page)
    sizes = [badge["text"] for badge in areas_drawn(frame) if badge["shown"]]
    assert sum(sizes) == data.count(Filters(), precision=["park", "town", "district"])
    frame.locator(".x-density").get_by_text("密度").wait_for()


def test_a_click_shows_the_card_of_what_lies_there(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    frame.locator(TILES).first.wait_for()
    fine = data.enterprises[data.enterprises["location_precision"] == "site"]
    alone = (row for _, row in fine.iterrows() if len(data.facet_index.near(row["lon"], row["lat"], 40, 16, {})) == 1)
    for row in (next(alone), next(alone)):
        go_to(frame, row["lon"], row["lat"], 16)
        click_at(frame, row["lon"], row["lat"])
        card = frame.locator(".leaflet-popup .x-card")
        expect(card).to_contain_text(row["name"])
        expect(card).to_contain_text(row["address"])
        frame.evaluate("explorer.map.closePopup()")


def test_a_click_on_a_badge_lists_its_enterprises(page: Page) -> None:
    frame = open_map(page)
    frame.wait_for_function("document.querySelectorAll('div.x-badge').length > 100")
    go_to(frame, 121.93, 30.9, 11)
    badge = frame.locator(".leaflet-enterprises-pane .leaflet-marker-icon:has(.x-badge)").last
    n = int(badge.locator(".x-badge").inner_text())
    badge.evaluate("(mark) => mark.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    expect(frame.locator(".leaflet-popup details.x-firm")).to_have_count(min(n, 20))


def test_what_is_open_tells_of_the_selection_on_the_screen(page: Page, data: Dataset) -> None:
    fewer = Filters(recognition=("none",))
    before, after = (data.areas.counts(data.mask(filters)) for filters in (Filters(), fewer))
    place = int(np.flatnonzero((before > after) & (after > 1))[0])
    lon, lat = data.areas.places[["lon", "lat"]].iloc[place]
    frame = open_map(page)
    go_to(frame, lon, lat, 16)
    badge = frame.locator(f".leaflet-enterprises-pane .leaflet-marker-icon[aria-label*=' {before[place]:,} 家']").first
    badge.evaluate("(mark) => mark.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    heading = frame.locator(".leaflet-popup strong").last  # the old one fades away
    expect(heading).to_contain_text(f"{before[place]:,} 家")
    choose(page, "filter_recognition", "样本中无称号")
    expect_number(page, data.count(fewer))
    expect(heading).to_contain_text(f"{after[place]:,} 家")
    choose(page, "filter_zone", "未定位")
    expect(frame.locator(".leaflet-popup")).to_have_count(0)


def test_a_filter_keeps_the_view_and_exchanges_the_tiles(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    frame.locator(TILES).first.wait_for()
    go_to(frame, 121.4, 31.1, 12)
    frame.evaluate("window.same = explorer.map")
    assert shown(frame) == {""}
    choose(page, "filter_zone", "带")
    filters = Filters(zone=("belt",))
    expect_number(page, data.count(filters))
    frame.wait_for_function(
        """(selector) => { const tiles = [...document.querySelectorAll(selector)];
        return tiles.length && tiles.every((tile) => tile.src.endsWith("?zone=belt")); }""",
        arg=TILES,
    )
    assert shown(frame) == {"zone=belt"}
    assert frame.evaluate("window.same === explorer.map && explorer.map.getZoom()") == 12
    assert len(frame.locator(".x-tile").all()) == 1


def test_few_are_marks_again_without_tiles(page: Page, data: Dataset) -> None:
    frame = open_map(page, "?zone=core&industry=aviation")
    frame.locator(".leaflet-enterprises-pane .x-firm").first.wait_for()
    assert frame.locator(".x-tile").count() == 0
    expect_number(page, data.count(Filters(zone=("core",), industry=("aviation",))))


def test_a_stack_leads_to_a_place_and_what_lies_there(page: Page) -> None:
    frame = open_map(page)
    at_rest(page)
    frame.locator(".x-badge.x-stack").first.dispatch_event("click")
    place = frame.locator(".leaflet-popup .x-place").first
    name, count = place.inner_text().split(" · ")[:2]
    place.click()
    heading = frame.locator(".leaflet-popup strong").last
    expect(heading).to_contain_text(name)
    expect(heading).to_contain_text(count.split()[0])
