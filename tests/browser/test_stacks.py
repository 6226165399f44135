"""Counts of areas that would lie on each other are stacked: nothing is lost, and a stack leads to each of its places."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from playwright.sync_api import Frame, Page, expect

from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.screen import areas_drawn, at_rest, choose, drawn_ids, expect_number, open_map, wait_for_marks

STACK = ".x-badge.x-stack"
MARK = f".leaflet-marker-icon:has({STACK})"
NEUTRAL = "#374151"
CARD = ".leaflet-popup .x-card"


def from_afar(page: Page, data: Dataset, filters: Filters | None = None) -> Frame:
    """The whole city so small that some areas lie on each other."""
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, filters or Filters()))
    at_rest(page)
    frame.evaluate("explorer.map.setView([31.2, 121.5], 8, { animate: false })")
    frame.locator(STACK).first.wait_for()
    return frame


def area(box: dict[str, Any]) -> float:
    return (box["right"] - box["left"]) * (box["bottom"] - box["top"])


def common(one: dict[str, Any], other: dict[str, Any]) -> float:
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return max(0.0, wide) * max(0.0, high)


def counted(data: Dataset, filters: Filters) -> int:
    """Enterprises known by an area that holds several of them, which are drawn as badges."""
    return int(data.areas.counts(data.mask(filters)).sum())


def test_what_is_shown_adds_up_and_does_not_lie_on_each_other(page: Page, data: Dataset) -> None:
    frame = from_afar(page, data)
    for filters in (Filters(), Filters(industry=("equipment",))):
        if filters.industry:
            choose(page, "filter_industry", "高端装备")
            expect_number(page, data.count(filters))
            wait_for_marks(frame, drawn_ids(data, filters))
            frame.wait_for_function("!explorer.fading")
            frame.locator(STACK).first.wait_for()
        drawn = areas_drawn(frame)
        shown = [badge for badge in drawn if badge["shown"]]
        assert len(shown) < len(drawn)
        assert sum(badge["text"] for badge in shown) == sum(badge["n"] for badge in drawn) == counted(data, filters)
        assert all(badge["text"] == sum(badge["stack"] or [badge["n"]]) for badge in shown)
        for badge in shown:
            colours, doubts = map(set, zip(*badge["each"], strict=True))
            assert badge["looks"] == [colours.pop() if len(colours) == 1 else NEUTRAL, doubts == {True}]
        for one, other in combinations(shown, 2):
            assert common(one, other) < 0.6 * min(area(one), area(other))


def test_near_by_no_area_is_stacked(page: Page, data: Dataset) -> None:
    frame = from_afar(page, data)
    frame.evaluate("explorer.map.setView([31.2, 121.5], 16, { animate: false })")
    expect(frame.locator(STACK)).to_have_count(0)
    assert all(badge["shown"] and badge["text"] == badge["n"] for badge in areas_drawn(frame))


def test_a_stack_lists_its_places_and_leads_to_each(page: Page, data: Dataset) -> None:
    frame = from_afar(page, data)
    mark = frame.locator(MARK).first
    total = int(mark.inner_text())
    label = mark.get_attribute("aria-label")
    mark.dispatch_event("click")
    card = frame.locator(CARD)
    assert label == card.locator("strong").inner_text()
    assert f"共 {total} 家" in label
    places = card.locator("button")
    expect(places.first).to_be_visible()
    assert places.count() > 1
    place = places.last.inner_text().split(" · ")[0]
    places.last.click()
    expect(frame.locator(f"{CARD} .x-firm").first).to_be_visible()
    expect(frame.locator(CARD).last).to_contain_text(place)  # the list fades away
    assert frame.evaluate("explorer.map.getZoom()") >= 14


def test_a_list_goes_when_the_map_is_zoomed(page: Page, data: Dataset) -> None:
    frame = from_afar(page, data)
    frame.locator(STACK).first.dispatch_event("click")
    expect(frame.locator(f"{CARD} button").first).to_be_visible()
    frame.evaluate("explorer.map.setZoom(9, { animate: false })")
    expect(frame.locator(CARD)).to_have_count(0)


def test_the_keyboard_goes_into_a_stack_and_back(page: Page, data: Dataset) -> None:
    frame = from_afar(page, data)
    mark = frame.locator(MARK).first
    assert mark.get_attribute("tabindex") == "0"
    mark.focus()
    page.keyboard.press("Enter")
    expect(frame.locator(f"{CARD} button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.locator(CARD)).to_have_count(0)
    expect(mark).to_be_focused()
