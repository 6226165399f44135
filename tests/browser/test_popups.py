"""Popups of the map in a browser: what they say stays true, they make room for themselves, a keyboard reaches them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from geo.codes.industries import INDUSTRIES
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.screen import (
    at_rest,
    choose,
    drawn_ids,
    mark_of,
    marks,
    open_map,
    stand_still,
    wait_for_marks,
)


def mixed_place(data: Dataset) -> tuple[list[str], str, str]:
    """A place with enterprises of several industries: their ids, an industry there, and one that is not."""
    located = data.enterprises[data.enterprises["location_precision"].isin(["road", "town"])]
    for _, firms in located.groupby(["lon", "lat", "location_precision"]):
        here = set(firms["industry"]) - {""}
        if len(here) > 1:
            code = sorted(here)[0]
            return firms.index.tolist(), code, next(other for other in INDUSTRIES if other not in here)
    raise AssertionError("no place holds two industries")


def test_an_open_popup_stays_true(page: Page, data: Dataset) -> None:
    ids, kept, other = mixed_place(data)
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, Filters()))
    at_rest(page)
    names = data.enterprises.loc[ids, "name"]
    staying = names[data.enterprises.loc[ids, "industry"] == kept]
    mark_of(frame, ids[0]).dispatch_event("click")
    summaries = frame.locator(".leaflet-popup .x-card summary")
    expect(summaries).to_have_count(len(ids))
    stand_still(frame)
    frame.locator(".leaflet-popup summary", has_text=staying.iloc[0]).click()
    choose(page, "filter_industry", INDUSTRIES[kept].zh)
    wait_for_marks(frame, drawn_ids(data, Filters(industry=(kept,))))
    expect(summaries).to_have_count(len(staying))
    for name in staying:
        expect(summaries.filter(has_text=name)).to_have_count(1)
    expect(frame.locator(".leaflet-popup .x-facts").first).to_contain_text(INDUSTRIES[kept].zh)
    choose(page, "filter_district", "崇明区")
    none = Filters(industry=(kept,), district=("310151",))
    wait_for_marks(frame, drawn_ids(data, none))
    expect(frame.locator(".leaflet-popup")).to_have_count(0)
    page.get_by_role("button", name="清除全部筛选").click()
    choose(page, "filter_industry", INDUSTRIES[other].zh)
    wait_for_marks(frame, drawn_ids(data, Filters(industry=(other,))))
    expect(frame.locator(".leaflet-popup")).to_have_count(0)


def test_a_popup_makes_room_for_itself_in_one_move(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, Filters()))
    at_rest(page)
    alone = next(mark for mark in marks(frame) if len(mark["ids"]) == 1)
    frame.evaluate(
        """([lat, lon]) => {
          const { map } = explorer;
          map.setView([lat, lon], 13, { animate: false });
          map.panBy([0, map.getSize().y / 2 - 30], { animate: false });  // under the upper edge
          window.moves = 0;
          map.on("autopanstart", () => (window.moves += 1));
        }""",
        [alone["lat"], alone["lon"]],
    )
    mark_of(frame, alone["ids"][0]).dispatch_event("click")
    frame.locator(".leaflet-popup .x-facts").wait_for()
    stand_still(frame)
    assert frame.evaluate("window.moves") == 1
    assert frame.evaluate("document.querySelector('.leaflet-popup').getBoundingClientRect().top >= 0")


def test_the_keyboard_reaches_a_mark_and_its_popup(page: Page, data: Dataset) -> None:
    frame = open_map(page, "?district=310109")
    wait_for_marks(frame, drawn_ids(data, Filters(district=("310109",))))
    at_rest(page)
    first = marks(frame)[0]["ids"][0]
    mark = mark_of(frame, first)
    assert mark.get_attribute("tabindex") == "0"
    assert mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    card = frame.locator(".leaflet-popup .x-card")
    expect(card).to_contain_text(data.enterprises.at[first, "name"])
    assert frame.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    page.keyboard.press("Escape")
    expect(frame.locator(".leaflet-popup")).to_have_count(0)
    assert mark.evaluate("(element) => document.activeElement === element")


def test_a_popup_opens_beside_the_panel(page: Page, data: Dataset) -> None:
    frame = open_map(page)
    wait_for_marks(frame, drawn_ids(data, Filters()))
    at_rest(page)
    east = max(marks(frame), key=lambda mark: mark["lon"])
    mark_of(frame, east["ids"][0]).dispatch_event("click")
    frame.locator(".leaflet-popup").wait_for()
    frame.wait_for_function(
        "document.querySelector('.leaflet-popup').getBoundingClientRect().right"
        " <= document.querySelector('.x-panel').getBoundingClientRect().left"
    )
