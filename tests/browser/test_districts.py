"""Choropleths in a browser: the legend is that of the colours, two maps are one view, figures come as files."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import pytest
from matplotlib.image import imread
from playwright.sync_api import Frame, Page, expect

from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.indicators.definitions import measure
from layers.classes import classify
from tests.browser.screen import at_rest, choose, no_traceback, taken

LEGENDS = """() => [...document.querySelectorAll(".x-strip")].map((strip) => ({
  title: strip.querySelector("strong").textContent, note: strip.querySelector("small").textContent,
  rows: [...strip.querySelectorAll(".x-entry")].map((row) => [
    getComputedStyle(row.querySelector(".x-swatch")).backgroundColor, row.textContent]) }))"""
FILLS = """(number) => Object.fromEntries(Object.values(explorer.maps[number]._layers)
  .filter((layer) => layer.feature && layer.feature.properties.place)
  .map((layer) => [layer.feature.properties.place, getComputedStyle(layer.getElement()).fill]))"""
VIEWS = "explorer.maps.map((map) => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])"


def frame_of(page: Page, maps: int) -> Frame:
    """The frame of the choropleths, once so many maps stand in it."""
    at_rest(page)
    page.wait_for_function(
        """(maps) => [...document.querySelectorAll("iframe")].some((frame) =>
          frame.contentWindow.explorer?.maps?.length === maps
          && frame.contentDocument.querySelectorAll(".x-strip").length === maps)""",
        arg=maps,
    )
    return next(frame for frame in page.frames if frame.evaluate("window.explorer?.maps?.length || 0") == maps)


def test_legend_and_colours_are_one_and_two_maps_one_view(page: Page, data: Dataset) -> None:
    page.goto("/districts")
    frame_of(page, 1)
    choose(page, "districts-scheme", "等数")
    choose(page, "districts-second", "有称号的比例")
    frame = frame_of(page, 2)
    legends: list[dict[str, Any]] = frame.evaluate(LEGENDS)
    for number, code in enumerate(["density_km2", "recognised_share"]):
        classes = classify(measure(count_places(data), code), "quantiles")
        fills = frame.evaluate(FILLS, number)
        assert {place: _rgb(colour) for place, colour in classes.colours.items()} == fills
        assert "等数" in legends[number]["note"]
        rows = {colour: text for colour, text in legends[number]["rows"] if colour in fills.values()}
        counted = {colour: int(re.findall(r"（(\d+)）", text)[0]) for colour, text in rows.items()}
        assert counted == dict(Counter(fills.values()))
    before = frame.evaluate(VIEWS)
    assert before[0] == pytest.approx(before[1], abs=0.001)
    frame.evaluate("explorer.maps[1].setView([30.95, 121.8], 11, { animate: false })")
    frame.wait_for_function("explorer.maps[0].getZoom() === 11")
    after = frame.evaluate(VIEWS)
    assert after[0] == pytest.approx(after[1], abs=0.001)
    choose(page, "districts-second", "汽车占比")
    for view in frame_of(page, 2).evaluate(VIEWS):
        assert view == pytest.approx(after[0], abs=0.001)
    no_traceback(page)


@pytest.mark.parametrize("height", [680, 1100])
def test_what_is_below_a_map_begins_where_the_map_ends(page: Page, height: int) -> None:
    page.set_viewport_size({"width": 1440, "height": height})
    page.goto("/districts")
    frame_of(page, 1)
    map_ends, text_begins = page.locator(".st-key-districts_map").evaluate(
        """(one) => {
          let below = one;
          while (!below.nextElementSibling) below = below.parentElement;
          const map = one.querySelector("iframe").getBoundingClientRect();
          return [map.bottom, below.nextElementSibling.getBoundingClientRect().top];
        }"""
    )
    assert map_ends <= text_begins <= map_ends + 40


def test_figure_and_tables_come_as_files(page: Page) -> None:
    page.goto("/districts?lang=en&district=310117,310112")
    at_rest(page)
    contents = {}
    for suffix in ("png", "svg", "csv", "xlsx"):
        download = taken(page, page.locator(f".st-key-districts_{suffix} button"))
        assert download.suggested_filename.endswith(f".{suffix}")
        contents[suffix] = download.path().read_bytes()
    assert imread(io.BytesIO(contents["png"])).shape[:2] == (1440, 2000)
    assert contents["svg"].startswith(b"<?xml")
    header, *rows = contents["csv"].decode("utf-8-sig").splitlines()
    assert "Location quotient, automotive (ratio)" in header
    assert len(rows) == 16
    assert contents["xlsx"][:2] == b"PK"


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"


def test_a_supposed_plant_goes_into_a_file_only_when_ticked(page: Page, data: Dataset) -> None:
    page.goto("/whatif?district=310117")
    at_rest(page)
    page.locator(".st-key-whatif_add button").click()
    button = page.locator(".st-key-whatif_csv button")
    rows = len(data.select(Filters(district=("310117",))))
    expect(button).to_contain_text(f"{rows} 行")
    names = {}
    for ticked in (False, True):
        if ticked:
            page.locator(".st-key-whatif_tick label").click()
            expect(button).to_contain_text(f"{rows + 1} 行")
            at_rest(page)
        download = taken(page, button)
        names[ticked] = download.suggested_filename
        lines = download.path().read_text(encoding="utf-8-sig")
        assert ("【假设】" in lines, "假设的企业（不存在）" in lines) == (ticked, ticked)
    assert ("hypothetical" in names[False], "hypothetical" in names[True]) == (False, True)
    page.locator(".st-key-whatif_undo button").click()
    expect(button).to_have_count(0)
    no_traceback(page)
