"""The map in a browser: marks, switches, legend, and what a click on a filter leaves alone."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Frame, Page, expect

from geo.clusters.hexagons import count_hexagons
from geo.codes.industries import INDUSTRIES
from geo.crs import from_wgs84
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.timeline import Until, known_until
from layers.map import LAYERS
from tests.browser.conftest import Traffic
from tests.browser.screen import (
    at_rest,
    choose,
    drawn_ids,
    expect_number,
    map_of,
    mark_of,
    marks,
    no_traceback,
    number,
    open_map,
    pick_option,
    table_rows,
    wait_for_marks,
)
from tests.tile_files import PIXEL

BASE = ["land", "districts", "belt", "core", "parks", "labels"]
WATCH = """(panes) => {
  explorer.fewest = Object.fromEntries(panes.map((name) => [name, Infinity]));
  explorer.looks = 0;
  const look = () => {
    explorer.looks += 1;
    for (const name of panes) {
      const pane = document.querySelector(`.leaflet-${name}-pane`);
      const drawn = pane && pane.isConnected ? pane.querySelectorAll("path, .leaflet-marker-icon").length : 0;
      explorer.fewest[name] = Math.min(explorer.fewest[name], drawn);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  const frame = () => { look(); requestAnimationFrame(frame); };
  frame();
}"""
RGBA = """(text) => {
  const parts = text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  return [...parts.slice(0, 3).map((part) => Math.round(part * scale)), parts[3] ?? 1];
}"""


def view_of(frame: Frame) -> list[float]:
    return frame.evaluate("[explorer.map.getCenter().lat, explorer.map.getCenter().lng, explorer.map.getZoom()]")


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("", Filters()),
        ("?district=310109", Filters(district=("310109",))),
        ("?zone=unplaced", Filters(zone=("unplaced",))),
        ("?q=zzzz", Filters(q="zzzz")),
        ("?recognition=lighthouse&zone=core,belt", Filters(recognition=("lighthouse",), zone=("core", "belt"))),
    ],
)
def test_number_marks_and_table_are_one_set(page: Page, data: Dataset, query: str, filters: Filters) -> None:
    rows = data.select(filters)
    frame = open_map(page, query)
    wait_for_marks(frame, drawn_ids(data, filters))
    undrawn = page.locator(".st-key-map_undrawn")
    left_out = int((rows["location_precision"] == "none").sum())
    assert sum(mark["n"] for mark in marks(frame)) + left_out == number(page) == len(rows)
    expect(undrawn).to_contain_text(f"{left_out} 家") if left_out else expect(undrawn).to_have_count(0)
    page.goto(f"/enterprises{query}")
    expect_number(page, len(rows))
    assert table_rows(page) == len(rows)
    no_traceback(page)


def test_a_switch_hides_and_shows_its_layer(page: Page) -> None:
    frame = open_map(page)
    for name, layer in LAYERS.items():
        switch = frame.locator(f".x-panel input[name='{name}']")
        pane = frame.locator(f".leaflet-{name}-pane")
        shown = "none" if not layer.on else "block"
        expect(pane).to_have_css("display", shown)
        for _ in range(3):
            if shown == "block":
                expect(pane.locator("path, .leaflet-marker-icon")).not_to_have_count(0)
            switch.click()
            shown = "block" if shown == "none" else "none"
            expect(pane).to_have_css("display", shown)


def swatch(frame: Frame, layer: str, entry: int, style: str) -> list[float]:
    colour = frame.evaluate(
        """([layer, entry, style]) => getComputedStyle(document.querySelector(`.x-panel input[name=${layer}]`)
          .closest(".x-layer").querySelectorAll(".x-swatch")[entry])[style]""",
        [layer, entry, style],
    )
    return frame.evaluate(RGBA, colour)


def drawn(frame: Frame, selector: str, style: str) -> list[list[float]]:
    colours = frame.evaluate(
        """([selector, style]) => [...new Set([...document.querySelectorAll(selector)]
          .map((shape) => getComputedStyle(shape)[style]))]""",
        [selector, style],
    )
    return [frame.evaluate(RGBA, colour) for colour in colours]


def test_the_legend_shows_the_colours_on_the_map(page: Page) -> None:
    frame = open_map(page)
    frame.locator(".x-panel input[name='towns']").click()
    frame.locator("div.x-dot").first.wait_for()
    assert drawn(frame, ".leaflet-districts-pane path", "fill") == [swatch(frame, "land", 0, "backgroundColor")]
    assert drawn(frame, ".leaflet-land-pane path", "fill") == [swatch(frame, "land", 1, "backgroundColor")]
    assert drawn(frame, ".leaflet-container", "backgroundColor") == [swatch(frame, "land", 2, "backgroundColor")]
    assert drawn(frame, ".leaflet-districts-pane path", "stroke") == [swatch(frame, "districts", 0, "borderTopColor")]
    for layer in ("belt", "core"):
        assert drawn(frame, f".leaflet-{layer}-pane path", "stroke") == [swatch(frame, layer, 0, "borderTopColor")]
        fill, opacity = drawn(frame, f".leaflet-{layer}-pane path", "fill"), swatch(frame, layer, 0, "backgroundColor")
        assert [fill[0][:3]] == [opacity[:3]]
        share = float(frame.locator(f".leaflet-{layer}-pane path").first.get_attribute("fill-opacity") or 0)
        assert opacity[3] == pytest.approx(share, abs=0.005)
    assert drawn(frame, "div.x-dot", "backgroundColor") == [swatch(frame, "towns", 0, "backgroundColor")]
    assert drawn(frame, "div.x-diamond", "borderTopColor") == [swatch(frame, "parks", 0, "borderTopColor")]


def test_marks_have_the_colour_of_their_industry(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, Filters()))
    frame.evaluate("explorer.map.setView([31.2, 121.5], 16, { animate: false })")
    expect(frame.locator(".x-stack")).to_have_count(0)  # a stack stands for several places
    legend = {code: swatch(frame, "enterprises", place, "backgroundColor") for place, code in enumerate(INDUSTRIES)}
    half = swatch(frame, "enterprises", len(INDUSTRIES) + 1, "backgroundColor")[3]
    many = swatch(frame, "enterprises", len(INDUSTRIES) + 3, "borderTopColor")
    seen = set()
    for mark in marks(frame):
        shape = mark_of(frame, mark["ids"][0]).query_selector("div")
        style = "borderTopColor" if mark["kind"] == "badge" else "backgroundColor"
        colour = frame.evaluate(RGBA, shape.evaluate(f"(shape) => getComputedStyle(shape).{style}"))
        if mark["n"] == 1:
            industry = data.enterprises.at[mark["ids"][0], "industry"] or "other"
            assert colour[:3] == legend[industry][:3], mark["tip"]
            seen.add((mark["kind"], mark["precision"] == "road"))
            if mark["kind"] == "firm":
                assert colour[3] == (half if mark["precision"] == "road" else 1)
        elif mark["precision"] not in ("road", "site"):
            assert colour == many
    assert {("firm", True), ("firm", False), ("badge", False)} <= seen


def test_a_filter_click_leaves_view_and_map_alone(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, Filters()))
    at_rest(page)
    frame.evaluate("explorer.map.setView([31.1, 121.4], 11.5, { animate: false })")
    before = view_of(frame)
    frame.evaluate("explorer.map.known = 'the same map'")
    frame.evaluate(WATCH, BASE)
    steps = [
        ("filter_district", "闵行区", Filters(district=("310112",))),
        ("filter_industry", "高端装备", Filters(district=("310112",), industry=("equipment",))),
        ("filter_evidence", "来源可查", Filters(district=("310112",), industry=("equipment",), evidence=("source",))),
        (
            "filter_zone",
            "核：临港",
            Filters(district=("310112",), industry=("equipment",), evidence=("source",), zone=("core",)),
        ),
    ]
    assert len({len(data.select(filters)) for _, _, filters in steps}) == len(steps)
    for key, option, filters in steps:
        choose(page, key, option)
        expect_number(page, len(data.select(filters)))
        wait_for_marks(frame, drawn_ids(data, filters))
        assert view_of(frame) == before
    assert not len(data.select(steps[-1][2])), "the last step selects nothing, so that its notice comes and goes"
    page.get_by_role("button", name="清除全部筛选").click()
    expect_number(page, len(data.enterprises))
    wait_for_marks(frame, drawn_ids(data, Filters()))
    assert view_of(frame) == before
    assert map_of(page).evaluate("explorer.map.known") == "the same map"
    assert frame.evaluate("explorer.looks") > 10
    fewest = frame.evaluate("explorer.fewest")
    assert set(fewest) == set(BASE)
    assert min(fewest.values()) > 0, fewest


def placed(frame: Frame) -> dict[str, list[Any]]:
    """West and north of every layer's first shape, and every point by its text [degrees]."""
    return frame.evaluate(
        """() => {
          const found = {};
          explorer.map.eachLayer((layer) => {
            if (!layer.feature) return;
            const own = layer.feature.properties, pane = layer.options.pane;
            if (layer.getLatLng) {
              const name = own.text || own.title || own.tip;
              (found[`${pane}|${name}`] ??= []).push([layer.getLatLng().lng, layer.getLatLng().lat]);
            } else if (layer.getBounds) {
              const box = layer.getBounds();
              (found[`${pane}|${own.tip || ""}`] ??= []).push([box.getWest(), box.getSouth()]);
            }
          });
          return found;
        }"""
    )


def test_every_layer_moves_with_a_basemap_in_another_datum(page: Page, traffic: Traffic, data: Dataset) -> None:
    traffic.allowed |= {f"https://webrd0{place}.is.autonavi.com" for place in (1, 2, 3, 4)}
    page.route("https://*.is.autonavi.com/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    frame = open_map(page, "?district=310112,310151")
    filters = Filters(district=("310112", "310151"))
    wait_for_marks(frame, drawn_ids(data, filters))
    at_rest(page)
    for name in ("intended", "towns"):  # off at first
        frame.locator(f".x-panel input[name='{name}']").click()
    frame.locator(".leaflet-intended-pane path").first.wait_for(state="attached")
    frame.locator("div.x-dot").first.wait_for()
    before = placed(frame)
    page.locator(".st-key-map_tools .stPopover button").first.click()
    pick_option(page, "basemap", "高德")
    expect(page.locator(".st-key-basemap input")).to_have_value(re.compile("高德"))
    frame = map_of(page, holding="img.leaflet-tile")
    wait_for_marks(frame, drawn_ids(data, filters))
    after = placed(frame)
    assert {key.split("|")[0] for key in after} >= {*LAYERS, "labels"} - {"land", "intended"}
    assert after.keys() == {key for key in before if not key.startswith("land|")}
    for key, places in after.items():
        old, new = np.array(before[key]).T, np.array(places).T
        east, north = from_wgs84(old[0], old[1], "gcj02")
        metres = np.hypot((new[0] - old[0]) * 95_300, (new[1] - old[1]) * 110_900)
        assert (metres > 300).all(), key
        assert (metres < 700).all(), key
        # The corner of a shape's box is not the same point of the shape in both datums, but metres from it.
        exact = 3e-6 if "enterprises|" in key or key.startswith(("parks", "labels", "towns")) else 5e-4
        np.testing.assert_allclose(new, [east, north], atol=exact, rtol=0)
    page.locator(".stAppViewContainer").wait_for()
    no_traceback(page)


def test_a_basemap_without_its_key_is_named(page: Page) -> None:
    frame = open_map(page)
    page.locator(".st-key-map_tools .stPopover button").first.click()
    choose(page, "basemap", "天地图")
    expect(page.locator("[data-testid='stAlert']")).to_contain_text("EXPLORER_TIANDITU_KEY")
    at_rest(page)
    assert frame.locator(".leaflet-land-pane path").count()


def test_attribution_and_approval_line_stand_on_the_map(page: Page) -> None:
    line = open_map(page).locator(".leaflet-control-attribution")
    for words in ("OpenStreetMap", "高德", "审图号"):
        expect(line).to_contain_text(words)
    assert not re.search("Leaflet", line.inner_text())


def test_hexagons_stand_in_the_place_of_the_enterprises(page: Page, data: Dataset) -> None:
    frame = open_map(page, "?map_content=hexagons&map_hexagon=5000")
    found = count_hexagons(data, size_m=5000)
    cells = frame.locator(".leaflet-enterprises-pane path")
    expect(cells).to_have_count(len(found.cells))
    said = frame.evaluate(
        """() => Object.values(explorer.map._layers).flatMap((layer) =>
          layer.feature && layer.feature.geometry.type === "Polygon" && layer.feature.properties.firms
            ? [layer.feature.properties.firms.map((card) => card.id)] : [])"""
    )
    held = [set(data.enterprises.index[found.rows[found.cell == cell]]) for cell in range(len(found.cells))]
    assert sorted(map(sorted, said)) == sorted(map(sorted, held))
    expect(frame.locator(".x-panel")).to_contain_text(f"{found.vague:,} 家不入格")


def test_the_map_shows_the_year_of_its_slider(page: Page, data: Dataset) -> None:
    frame = open_map(page, "?zone=belt&map_basis=recognition&map_year=2020")
    rows = data.enterprises[data.mask(Filters(zone=("belt",))) & known_until(data, Until("recognition", 2020))]
    wait_for_marks(frame, sorted(rows.index[rows["location_precision"] != "none"]))
    page.locator(".st-key-map_tools input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    rows = data.enterprises[data.mask(Filters(zone=("belt",))) & known_until(data, Until("recognition", 2019))]
    wait_for_marks(map_of(page), sorted(rows.index[rows["location_precision"] != "none"]))
    expect(page.locator(".st-key-head")).to_contain_text("截至 2019 年")
    expect(page).to_have_url(re.compile("map_year=2019"))
