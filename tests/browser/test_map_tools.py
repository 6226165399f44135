"""Looking for a place on the map, and measuring on it, by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.browser.axe import grave_findings
from tests.browser.screen import open_map, stand_still

GEOD = Geod(ellps="WGS84")
CORNERS = [(430, 200), (560, 210), (520, 330)]


def centre_of(frame):
    return frame.evaluate("(() => { const { lng, lat } = explorer.map.getCenter(); return [lng, lat]; })()")


def test_distance_and_area_are_those_of_the_ellipsoid(page: Page) -> None:
    frame = open_map(page)
    frame.evaluate("explorer.map.setView([31.1, 121.4], 11, { animate: false })")
    stand_still(frame)
    frame.get_by_role("button", name="量距离与面积").click()
    at = frame.evaluate(
        "(corners) => corners.map((spot) => { const { lng, lat } = explorer.map.containerPointToLatLng(spot); return [lng, lat]; })",
        CORNERS,
    )
    for x, y in CORNERS:
        frame.locator(".leaflet-container").click(position={"x": x, "y": y})
    lon, lat = zip(*at, strict=True)
    square, _ = GEOD.polygon_area_perimeter(lon, lat)
    results = frame.locator(".x-measure span")
    expect(results).to_have_count(2)
    said = [
        float(one.replace(",", ""))
        for one in re.findall(r"[\d,.]+(?= (?:km|km²|亩))", " ".join(results.all_inner_texts()))
    ]
    assert said == pytest.approx(
        [GEOD.line_length(lon, lat) / 1e3, abs(square) / 1e6, abs(square) * 15 / 1e4], rel=5e-3
    )
    expect(frame.locator(".leaflet-popup")).to_have_count(0)  # what lies under a point is not opened
    page.keyboard.press("Backspace")
    expect(results).to_have_count(1)
    page.keyboard.press("Escape")
    expect(frame.locator(".x-measure")).to_be_hidden()


def test_measured_by_keyboard_alone(page: Page) -> None:
    frame = open_map(page)
    frame.get_by_role("button", name="量距离与面积").press("Enter")
    frame.evaluate("explorer.map.setView([31.1, 121.4], 12, { animate: false })")
    page.keyboard.press("Enter")
    start = centre_of(frame)
    frame.evaluate("explorer.map.setView([31.1, 121.41], 12, { animate: false })")
    page.keyboard.press("Enter")
    expected = GEOD.inv(*start, *centre_of(frame))[2]
    expect(frame.locator(".x-measure span")).to_have_text(f"长 {round(expected)} m")
    numbers = frame.evaluate("[0.0495, 1234567.25, 12345, -1234, '31012', '甲 12345'].map(explorer.number)")
    assert numbers == ["0.0495", "1,234,567.25", "12,345", "-1,234", "31,012", "甲 12345"]


def test_a_small_area_in_mu_is_three_figures(page: Page) -> None:
    frame = open_map(page)
    frame.get_by_role("button", name="量距离与面积").press("Enter")
    corners = []
    for lon, lat in [(121.41, 31.1), (121.4101, 31.1), (121.41, 31.10006)]:
        frame.evaluate("([lon, lat]) => explorer.map.setView([lat, lon], 18, { animate: false })", [lon, lat])
        page.keyboard.press("Enter")
        corners.append(centre_of(frame))
    expect(frame.locator(".x-measure span")).to_have_count(2)
    said = frame.locator(".x-measure span").last.inner_text()
    ((square, mu),) = re.findall(r"([\d.]+) m²（([\d.]+) 亩）", said)
    exact = abs(GEOD.polygon_area_perimeter([x for x, _ in corners], [y for _, y in corners])[0])
    assert float(square) == pytest.approx(exact, abs=1)
    assert float(mu) == pytest.approx(exact * 15 / 1e4, rel=5e-3)


@pytest.mark.parametrize(("screen", "text"), [("page", "31.0312, 121.4405"), ("phone", "121.4405，31.0312")])
def test_coordinates_are_looked_for_in_either_order(request: pytest.FixtureRequest, screen: str, text: str) -> None:
    frame = open_map(request.getfixturevalue(screen))
    frame.get_by_role("button", name="找街镇").click()
    frame.locator(".x-find input").fill(text)
    expect(frame.locator(".x-found button")).to_have_text("经度 121.4405，纬度 31.0312（WGS-84）")
    frame.locator(".x-find input").press("Enter")
    assert centre_of(frame) == pytest.approx([121.4405, 31.0312], abs=1e-3)
    expect(frame.locator(".leaflet-tooltip")).to_be_visible()
    expect(frame.locator(".x-find")).to_be_visible(
        visible=screen == "page"
    )  # on a phone it would lie on what was found


def test_a_road_of_two_districts_is_told_apart_and_gone_to(page: Page) -> None:
    frame = open_map(page)
    frame.get_by_role("button", name="找街镇").click()
    frame.locator(".x-find input").fill("沪太路")
    own = frame.locator(".x-found button").filter(has_text=re.compile("^沪太路(?!.*路)"))
    assert sorted(own.locator("small").all_inner_texts()) == ["宝山区", "普陀区", "静安区"]
    known = frame.evaluate("explorer.names.filter(([, name]) => name === '沪太路').map(([, , lat, lon]) => [lon, lat])")
    frame.locator(".x-found button").first.click()
    assert centre_of(frame) == pytest.approx(known[0], abs=1e-3)
    expect(frame.locator(".leaflet-tooltip")).to_contain_text("沪太路 · 位置近似")
    frame.locator(".x-find input").fill("没有这条路")
    expect(frame.locator(".x-found")).to_contain_text("没有找到")
    assert grave_findings(page) == []
