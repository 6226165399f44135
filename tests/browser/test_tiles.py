"""A set of twenty thousand in the browser: tiles instead of marks, the same cards, and a filter that keeps the view."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from geo.datasets.dataset import Dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from layers.base import View
from layers.enterprises import known_only
from layers.remote import area_title
from tests.browser.conftest import Server, Traffic, open_page, running_app
from tests.browser.screen import areas_drawn, at_rest, choose, expect_number, open_map

ROWS = 20_000
STACK = ".x-badge.x-stack"
CARD = ".leaflet-popup .x-card"
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
    frame.locator(".leaflet-container").scroll_into_view_if_needed()  # else the click scrolls, and misses by as much
    x, y = frame.evaluate(
        "([lat, lon]) => { const p = explorer.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }", [lat, lon]
    )
    frame.locator(".leaflet-container").click(position={"x": x, "y": y})


def test_tiles_stand_on_the_map_and_the_page_says_synthetic(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    frame.locator(TILES).first.wait_for()
    expect_number(page, ROWS)
    expect(page.get_by_text("合成数据：这些企业是虚构的")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    frame.get_by_role("button", name="量距离与面积").click()
    for x in (430, 520):
        frame.locator(".leaflet-container").click(position={"x": x, "y": 200})
    expect(frame.locator(".x-measure span")).to_have_count(1)
    assert [url for url in asked if "lon=" in url] == []  # measuring opens nothing
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("合成数据")
    frame.locator(".x-total").first.wait_for()
    totals = frame.locator(".x-total.x-of-belt b, .x-total.x-of-other b").all_inner_texts()
    assert sum(int(text.replace(",", "")) for text in totals) == ROWS - data.count(Filters(), district=["none"])
    frame.locator(".x-density").get_by_text("密度").wait_for()


def from_afar(page: Page) -> Frame:
    """The whole city as far as counts of areas are shown: some lie on each other."""
    frame = open_map(page)
    frame.wait_for_function("document.querySelectorAll('div.x-badge').length > 100")
    at_rest(page)
    go_to(frame, 121.45, 31.2, 11)
    frame.locator(STACK).first.wait_for()
    return frame


def area(box: dict[str, Any]) -> float:
    return (box["right"] - box["left"]) * (box["bottom"] - box["top"])


def common(one: dict[str, Any], other: dict[str, Any]) -> float:
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return max(0.0, wide) * max(0.0, high)


def test_counts_add_up_and_only_those_of_one_rank_and_district_are_stacked(page: Page, data: Dataset) -> None:
    frame = from_afar(page)
    for filters in (Filters(), Filters(zone=("belt", "other"))):
        if filters.zone:
            choose(page, "filter_zone", "带")
            choose(page, "filter_zone", "其他")
            expect_number(page, data.count(filters))
            at_rest(page)
            frame.wait_for_function("!explorer.fading")
            frame.locator(STACK).first.wait_for()
        drawn = areas_drawn(frame)
        shown = [badge for badge in drawn if badge["shown"]]
        assert len(shown) < len(drawn)
        assert sum(badge["text"] for badge in shown) == data.count(filters, precision=["park", "town", "district"])
        assert all(badge["text"] == sum(badge["stack"] or [badge["n"]]) for badge in shown)
        assert all(len(set(badge["ranks"])) == 1 for badge in shown)
        for badge in shown:
            colours, doubts = map(set, zip(*badge["each"], strict=True))
            assert badge["looks"] == [colours.pop(), doubts == {True}]
        akin = [(one, other) for one, other in combinations(shown, 2) if one["ranks"][0] == other["ranks"][0]]
        assert all(common(one, other) < 0.6 * min(area(one), area(other)) for one, other in akin)


def test_near_by_no_area_is_stacked(page: Page) -> None:
    frame = from_afar(page)
    go_to(frame, 121.5, 31.2, 16)
    expect(frame.locator(STACK)).to_have_count(0)
    assert all(badge["shown"] and badge["text"] == badge["n"] for badge in areas_drawn(frame))


def test_a_list_goes_when_the_map_is_zoomed(page: Page) -> None:
    frame = from_afar(page)
    frame.locator(STACK).first.dispatch_event("click")
    expect(frame.locator(f"{CARD} button").first).to_be_visible()
    frame.evaluate("explorer.map.setZoom(12, { animate: false })")
    expect(frame.locator(CARD)).to_have_count(0)


def test_the_keyboard_goes_into_a_stack_and_back(page: Page) -> None:
    frame = from_afar(page)
    mark = frame.locator(f".leaflet-marker-icon:has({STACK})").first
    assert mark.get_attribute("tabindex") == "0"
    mark.focus()
    page.keyboard.press("Enter")
    expect(frame.locator(f"{CARD} button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.locator(CARD)).to_have_count(0)
    expect(mark).to_be_focused()


def test_a_click_shows_the_card_of_what_lies_there(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    frame.locator(TILES).first.wait_for()
    at_rest(page)
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
    row, everyone = data.areas.places.iloc[place], np.ones(ROWS, dtype=bool)
    label = known_only(row, row["precision"], before[place], None, View())
    badge = frame.locator(f".leaflet-enterprises-pane .leaflet-marker-icon[aria-label^='{label}']").first
    badge.evaluate("(mark) => mark.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    heading = frame.locator(".leaflet-popup strong").last  # the old one fades away
    expect(heading).to_contain_text(area_title(data, place, everyone, View()))
    choose(page, "filter_recognition", "样本中无称号")
    expect_number(page, data.count(fewer))
    expect(heading).to_contain_text(area_title(data, place, data.mask(fewer), View()))
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
    frame = from_afar(page)
    mark = frame.locator(f".leaflet-marker-icon:has({STACK})").first
    label, total = mark.get_attribute("aria-label") or "", int(mark.inner_text())
    mark.dispatch_event("click")
    card = frame.locator(CARD)
    assert card.locator("strong").inner_text() == label
    assert f"共 {total:,} 家" in label
    places = frame.locator(f"{CARD} .x-place")
    assert places.count() > 1
    name = places.first.inner_text()
    places.first.click()
    expect(frame.locator(".leaflet-popup strong").last).to_contain_text(name)
    assert frame.evaluate("explorer.map.getZoom()") >= 14
