"""Everyone can use it: nothing grave by axe on any page, and the finder works by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from app.documents import packet_html
from app.ui.page import PAGES
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.axe import grave_findings
from tests.browser.conftest import Server, Traffic, open_page
from tests.browser.screen import at_rest, expect_number, map_of, mark_of, number, pick_row, wait_for_marks

CORE = Filters(zone=("core",))
DISTRICT = "310117"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_axe_finds_nothing_grave(page: Page, name: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/" if name == PAGES[0].name else f"/{name}")
    at_rest(page)
    if name == "map":
        map_of(page, ".x-badge")
    if name == "enterprises":
        pick_row(page, 0)
        at_rest(page)
    assert grave_findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_an_open_popup(page: Page, data: Dataset, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/?zone=core&lang=en")
    frame = map_of(page)
    ids = data.select(CORE).query("location_precision != 'none'").index
    wait_for_marks(frame, sorted(ids))
    mark_of(frame, ids[0]).dispatch_event("click")
    frame.locator(".leaflet-popup .x-card").wait_for()
    assert grave_findings(page) == []


def test_axe_finds_nothing_grave_in_the_packet(browser: Browser, server: Server, data: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "packet.html"
    file.write_text(packet_html(data, CORE), encoding="utf-8")
    traffic = Traffic(server.url)
    with open_page(browser, server, traffic, bypass_csp=True) as alone:
        alone.goto(file.as_uri())
        alone.locator(".x-panel").wait_for()
        assert grave_findings(alone) == []


def press_until(page: Page, key: str, reached: str, most: int = 60) -> None:
    """Press a key until the focus is on an element that matches."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("(selector) => document.activeElement.matches(selector)", reached):
            return
    pytest.fail(f"{key} does not reach {reached}")


def test_filter_table_and_card_by_keyboard_alone(page: Page, data: Dataset) -> None:
    page.goto("/enterprises")
    at_rest(page)
    press_until(page, "Tab", ".st-key-filter_district input")
    page.keyboard.type("松江")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    selected = data.select(Filters(district=(DISTRICT,)))
    expect_number(page, len(selected))
    at_rest(page)
    page.keyboard.press("Escape")
    press_until(page, "Tab", ".st-key-table canvas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    card = page.locator(".st-key-card")
    expect(card).to_be_visible()
    assert any(name in card.inner_text() for name in selected["name"].head(3))
    assert number(page) == len(selected)


def test_a_mark_is_reached_by_tab_and_its_focus_is_seen(page: Page, data: Dataset) -> None:
    page.goto("/?district=310109")
    frame = map_of(page)
    ids = data.select(Filters(district=("310109",))).query("location_precision != 'none'").index
    wait_for_marks(frame, sorted(ids))
    at_rest(page)
    frame.locator(".x-panel summary").focus()
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        label = frame.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if any(name in label for name in data.enterprises.loc[ids, "name"]):
            break
    else:
        pytest.fail("no mark of an enterprise is reached")
    seen = frame.evaluate(
        "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth)])"
        "(getComputedStyle(document.activeElement.firstElementChild))"
    )
    assert seen[0] == "solid"
    assert seen[1] >= 2
    page.keyboard.press("Enter")
    expect(frame.locator(".leaflet-popup .x-card")).to_be_visible()
