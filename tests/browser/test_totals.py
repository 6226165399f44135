"""The opening map: a sign for each district with its total, covered by nothing; and the account of the selection."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.places.districts import locate
from geo.places.zones import in_core
from layers.totals import ACCOUNT_LABELS
from tests.browser.conftest import Server, Traffic, open_page
from tests.browser.screen import (
    areas_drawn,
    at_rest,
    choose,
    drawn_ids,
    expect_number,
    map_of,
    open_map,
    stand_still,
    wait_for_marks,
)

WRITTEN = """() => {
  const frame = explorer.map.getContainer();
  const seen = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && parseFloat(getComputedStyle(one).fontSize) > 0;
  const boxOf = (one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { text: one.textContent, kind: one.className, left, top, right, bottom };
  };
  const written = [...frame.querySelectorAll(".x-total, div.x-label, .x-badge")].filter(seen);
  const covered = written.filter((one) => !one.matches(".x-label")).map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    const points = [];
    for (let x = 0.1; x < 1; x += 0.2) {
      for (let y = 0.1; y < 1; y += 0.2) points.push([left + x * (right - left), top + y * (bottom - top)]);
    }
    const above = points.map(([x, y]) => document.elementFromPoint(x, y)).filter((found) => found && !one.contains(found));
    return [one.textContent, above.map((found) => found.className.baseVal ?? found.className)];
  }).filter(([, above]) => above.length);
  const controls = [...frame.querySelectorAll(".leaflet-control")].filter((one) => one.offsetWidth);
  return { written: written.map(boxOf), controls: controls.map(boxOf), covered, width: innerWidth, height: innerHeight };
}"""
SIGNS = """() => Object.values(explorer.map._layers).filter((layer) => layer.total).map((layer) => {
  const { left, top, right, bottom } = layer.getElement().querySelector(".x-total").getBoundingClientRect();
  const corner = explorer.map.getContainer().getBoundingClientRect();
  const at = explorer.map.containerPointToLatLng([(left + right) / 2 - corner.left, (top + bottom) / 2 - corner.top]);
  const number = layer.getElement().querySelector("b");
  const size = parseFloat(getComputedStyle(number).fontSize);
  return { codes: layer.total.map(({ code }) => code), n: Number(number.textContent), lon: at.lng, lat: at.lat, size };
})"""
SCREENS: list[dict[str, Any]] = [
    {"viewport": {"width": 1440, "height": 900}},
    {"viewport": {"width": 1366, "height": 680}},
    {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
]


def opened(page: Page, data: Dataset, query: str = "", filters: Filters | None = None) -> Frame:
    page.goto(f"/{query}")
    frame = map_of(page)
    wait_for_marks(frame, drawn_ids(data, filters or Filters()))
    at_rest(page)
    frame.locator(".x-account").wait_for()
    frame.wait_for_function("document.querySelector('.x-total') && !explorer.fading")
    return frame


def meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        min(one["right"], other["right"]) - max(one["left"], other["left"]) > 0.5
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 0.5
    )


def expect_in_own_districts(frame: Frame) -> list[dict[str, Any]]:
    signs = frame.evaluate(SIGNS)
    lon, lat = np.array([[sign["lon"], sign["lat"]] for sign in signs]).T
    for sign, here, within in zip(signs, locate(lon, lat), in_core(lon, lat), strict=True):
        assert ("core" if within else here) in sign["codes"], sign
        assert "core" not in sign["codes"] or len(sign["codes"]) == 1
    return signs


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen["viewport"]["width"]))
def test_nothing_covers_a_number_or_a_name(
    browser: Browser, server: Server, traffic: Traffic, data: Dataset, screen: dict[str, Any], lang: str
) -> None:
    with open_page(browser, server, traffic, **screen) as page:
        frame = opened(page, data, f"?lang={lang}")
        found = frame.evaluate(WRITTEN)
        written = found["written"]
        assert len(written) > 8
        for one in written:
            assert one["left"] >= 0
            assert one["top"] >= 0
            assert one["right"] <= found["width"]
            assert one["bottom"] <= found["height"]
            assert not [control for control in found["controls"] if meet(one, control)], one
        assert not [(one, other) for one, other in combinations(written, 2) if meet(one, other)]
        assert not found["covered"]
        signs = expect_in_own_districts(frame)
        assert min(sign["size"] for sign in signs) >= 14
        told = {code for sign in signs for code in sign["codes"]}
        assert told == {*data.districts.index, "core"}
        for sign in signs:
            counts = [
                data.count(Filters(), zone=[code]) if code == "core" else data.count(Filters(), district=[code])
                for code in sign["codes"]
            ]
            assert sign["n"] == sum(counts)


@pytest.mark.parametrize("zoom", [8, 9, 10.5])
def test_signs_stay_in_their_districts_at_every_zoom(page: Page, data: Dataset, zoom: float) -> None:
    frame = opened(page, data)
    frame.evaluate("(zoom) => explorer.map.setView([31.2, 121.5], zoom, { animate: false })", zoom)
    frame.wait_for_function("!document.querySelector('.x-total') || explorer.map.getZoom() < 11")
    expect_in_own_districts(frame)
    written = frame.evaluate(WRITTEN)["written"]
    assert not [(one, other) for one, other in combinations(written, 2) if meet(one, other)]


@pytest.mark.parametrize("zoom", [11, 12, 13])
def test_counts_of_areas_stay_in_their_districts_and_ranks_apart(page: Page, data: Dataset, zoom: int) -> None:
    frame = opened(page, data)
    frame.evaluate("(zoom) => explorer.map.setView([31.2, 121.5], zoom, { animate: false })", zoom)
    expect(frame.locator(".x-total")).to_have_count(0)
    shown = [area for area in areas_drawn(frame) if area["shown"]]
    assert len(shown) > 20
    for area in shown:
        assert len(set(area["ranks"])) == 1, area
        assert area["moved"] == [0, 0] or area["code"] != "", area
    moved = [area for area in shown if area["moved"] != [0, 0]]
    assert moved
    lon, lat = np.array([area["centre"] for area in moved]).T
    for area, here, within in zip(moved, locate(lon, lat), in_core(lon, lat), strict=True):
        assert within if area["code"] == "core" else here == area["code"], area


def test_a_sign_tells_its_parts_and_leads_to_what_is_known_of_the_district_only(page: Page, data: Dataset) -> None:
    frame = opened(page, data)
    mark = frame.locator(".leaflet-marker-icon:has(.x-total)", has_text="嘉定区")
    whole = data.count(Filters(), district=["310114"])
    rest = data.count(Filters(), district=["310114"], precision=["district"])
    assert mark.get_attribute("aria-label") == f"嘉定区 {whole} 家"
    mark.focus()
    page.keyboard.press("Enter")
    card = frame.locator(".leaflet-popup .x-card").last
    expect(card).to_contain_text(f"嘉定区 {whole} 家")
    stand_still(frame)
    sides = [frame.locator(selector).bounding_box() for selector in (".x-account", ".leaflet-popup")]
    assert sides[0]
    assert sides[1]
    assert sides[0]["x"] + sides[0]["width"] <= sides[1]["x"]
    button = card.get_by_role("button", name=f"只知在嘉定区 {rest}（全区 {whole}）")
    expect(button).to_be_focused()
    button.press("Enter")
    heading = frame.locator(".leaflet-popup strong").last
    expect(heading).to_have_text(f"只知在嘉定区 {rest}（全区 {whole}）")
    expect(frame.locator(".leaflet-popup").last.locator("summary")).to_have_count(rest)


def test_the_account_adds_up_to_the_selection_and_follows_it(page: Page, data: Dataset) -> None:
    frame = opened(page, data)
    for filters in (Filters(), Filters(industry=("equipment",))):
        if filters.industry:
            choose(page, "filter_industry", "高端装备")
            expect_number(page, data.count(filters))
            wait_for_marks(frame, drawn_ids(data, filters))
        n = data.count(filters)
        core, belt = (data.count(filters, zone=[zone]) for zone in ("core", "belt"))
        expect(frame.locator(".x-account summary")).to_have_text(f"核 {core} · 带 {belt} · 共 {n} 家")
        rows = frame.locator(".x-account tr").all()
        told = {row.locator("th").inner_text(): int(row.locator("td").inner_text().replace(",", "")) for row in rows}
        zones = {name.zh: data.count(filters, zone=[code]) for code, name in options("zone").items()}
        places = {name.zh: data.count(filters, precision=[code]) for code, name in ACCOUNT_LABELS.items()}
        assert told == {name: count for name, count in (zones | places).items() if count}
        assert sum(zones.values()) == sum(places.values()) == n


def test_the_offline_map_names_places_and_roads_as_one_moves_closer(page: Page, data: Dataset) -> None:
    frame = opened(page, data)
    names = frame.locator(".x-name")
    expect(names).to_have_count(0)
    look = "([lat, lon, zoom]) => explorer.map.setView([lat, lon], zoom, { animate: false })"
    for zoom, selector, name in (
        (11, ".x-of-town", "安亭镇"),
        (12, ".x-of-park", "上海莘庄工业区"),
        (13.5, ".x-of-road", "曹安公路"),
    ):
        at = frame.evaluate("(name) => explorer.names.find((own) => own[1] === name).slice(2, 4)", name)
        frame.evaluate(look, [*at, zoom])
        expect(frame.locator(f".x-name{selector}", has_text=name).first).to_be_visible()
        boxes = frame.evaluate(
            """() => ['.x-name', '.x-badge, div.x-firm, div.x-label, .x-diamond, .leaflet-control'].map((selector) =>
              [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().toJSON()).filter((box) => box.width))"""
        )
        assert not [1 for one, other in combinations(boxes[0], 2) if meet(one, other)]
        assert not [(one, other) for one in boxes[0] for other in boxes[1] if meet(one, other)]
    frame.locator(".x-panel input[name='land']").click()
    expect(names).to_have_count(0)


@pytest.mark.parametrize("districts", ["310113,310114", "310112,310104"])
def test_neighbours_without_room_for_both_are_still_said(page: Page, districts: str) -> None:
    frame = open_map(page, f"?district={districts}")
    frame.evaluate("explorer.map.setView([31.2, 121.45], 8, { animate: false })")
    frame.wait_for_function("document.querySelector('.leaflet-enterprises-pane .x-total')")
