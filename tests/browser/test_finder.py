"""The finder in a browser: an area drawn, its link opened again, a card by keyboard, a correction and back."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from app.ui.annotations import LINK_ZOOM
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.axe import grave_findings
from tests.browser.conftest import Server, Traffic, open_page, running_app
from tests.browser.screen import (
    at_rest,
    drawn_ids,
    expect_number,
    map_of,
    mark_of,
    open_map,
    pick_option,
    wait_for_marks,
)

DRAWING = ".st-key-area_map iframe"
NOTE = ".st-key-note_map iframe"
CARD = ".st-key-card"


def filters_of(page: Page) -> Filters:
    return Filters.from_query(urlsplit(page.url).query)[0]


def test_an_area_drawn_is_the_selection_and_its_link_opens_it_again(
    page: Page, data: Dataset, browser: Browser, server: Server, traffic: Traffic
) -> None:
    open_map(page)
    at_rest(page)
    page.locator(".st-key-map_draw button").click()
    drawing = map_of(page, ".leaflet-draw", DRAWING)
    drawing.locator(".leaflet-draw-draw-rectangle").click()
    box = page.locator(DRAWING).bounding_box()
    assert box
    page.mouse.move(box["x"] + 420, box["y"] + 160)
    page.mouse.down()
    page.mouse.move(box["x"] + 560, box["y"] + 280, steps=4)
    page.mouse.up()
    drawing.wait_for_function("window.drawnItems && window.drawnItems.getLayers().length === 1")
    page.locator(".st-key-area_take button").click()
    expect(page).to_have_url(re.compile("within="))
    filters = filters_of(page)
    rows = data.select(filters)
    assert 0 < len(rows) < len(data.enterprises)
    expect_number(page, len(rows))
    wait_for_marks(map_of(page), sorted(rows.index))
    expect(page.locator(".st-key-notices")).to_contain_text(f"{data.left_out(filters):,} 家")
    with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as other:
        other.goto(page.url)
        expect_number(other, len(rows))
        wait_for_marks(map_of(other), sorted(rows.index))
        assert filters_of(other) == filters


def test_a_card_is_opened_by_keyboard_alone_and_has_a_link_of_its_own(page: Page, data: Dataset) -> None:
    rows = data.select(Filters(district=("310117",)))
    row = rows[rows["location_precision"] == "road"].iloc[0]
    page.goto("/enterprises?district=310117")
    at_rest(page)
    page.locator(".st-key-filter_q input").focus()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.st-key-card_choice input')"):
            break
    page.keyboard.type(str(row["name"]))
    page.keyboard.press("Enter")
    card = page.locator(CARD)
    expect(card).to_contain_text(str(row["name"]))
    expect(card).to_contain_text("附近的园区")
    expect(page).to_have_url(re.compile(f"id={row['enterprise_id']}"))
    page.frame_locator(".st-key-card_map iframe").locator(".x-panel").wait_for()
    assert grave_findings(page) == []
    page.reload()
    expect(card).to_contain_text(str(row["address"]))
    assert filters_of(page) == Filters(district=("310117",))


def test_the_popup_leads_to_the_card(page: Page, data: Dataset) -> None:
    core = Filters(zone=("core",))
    row = data.select(core).query("location_precision == 'site'").iloc[0]
    frame = open_map(page, "?zone=core")
    wait_for_marks(frame, drawn_ids(data, core))
    mark_of(frame, str(row["enterprise_id"])).dispatch_event("click")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="打开完整卡片").click()
    expect(opened.value.locator(CARD)).to_contain_text(str(row["name"]))
    assert filters_of(opened.value) == Filters(zone=("core",))


def test_a_correction_is_applied_and_taken_back(browser: Browser, data: Dataset, tmp_path: Path) -> None:
    row = data.select(Filters(district=("310115",))).iloc[0]
    songjiang = len(data.select(Filters(district=("310117",))))
    with running_app(tmp_path, EXPLORER_WORKSPACE=str(tmp_path / "workspace")) as server:
        own = Traffic(server.url)
        with open_page(browser, server, own, viewport={"width": 1440, "height": 900}) as page:
            page.goto(f"/enterprises?district=310117&id={row['enterprise_id']}")
            at_rest(page)
            page.locator(".st-key-follow button").first.click()
            page.locator(".st-key-person input").fill("李四")
            page.keyboard.press("Enter")
            at_rest(page)
            page.locator(".st-key-correct summary").click()
            for key, words in (("correct_field", "所在区"), ("correct_code_adcode", "松江区")):
                pick_option(page, key, words)
                at_rest(page)
            page.locator(".st-key-correct_reason input").fill("现场走访")
            page.keyboard.press("Enter")
            at_rest(page)
            page.locator(".st-key-correct_keep button").click()
            expect_number(page, songjiang + 1)
            expect(page.locator(CARD)).to_contain_text("李四")
            expect(page.locator(CARD)).to_contain_text("原为 浦东新区")
            page.locator("[class*='st-key-undo_'] button").click()
            expect_number(page, songjiang)
            expect(page.locator(CARD)).to_contain_text("已撤回")


def test_an_annotation_is_drawn_and_its_link_opens_the_map_there(browser: Browser, tmp_path: Path) -> None:
    with running_app(tmp_path, EXPLORER_WORKSPACE=str(tmp_path / "workspace")) as server:
        own = Traffic(server.url)
        with open_page(browser, server, own, viewport={"width": 1440, "height": 900}) as page:
            open_map(page)
            at_rest(page)
            page.locator("[class*='st-key-notes_'] button").first.click()
            page.locator(".st-key-note_draw button").click()
            drawing = map_of(page, ".leaflet-draw", NOTE)
            drawing.locator(".leaflet-draw-draw-marker").click()
            box = page.locator(NOTE).bounding_box()
            assert box
            page.mouse.click(box["x"] + 480, box["y"] + 220)
            drawing.wait_for_function("window.drawnItems && window.drawnItems.getLayers().length === 1")
            page.locator(".st-key-person input").fill("李四")
            page.keyboard.press("Enter")
            page.locator(".st-key-note_text textarea").fill("这里要修路")
            page.keyboard.press("Tab")
            keep = page.locator(".st-key-note_keep button")
            expect(keep).to_be_enabled()
            keep.click()
            expect(page.locator(".st-key-note_keep")).to_have_count(0)
            at_rest(page)
            map_of(page).wait_for_function(
                "() => Object.values(explorer.map._layers).some((one) => one.feature?.properties.text === '这里要修路')"
            )
            page.locator("[class*='st-key-notes_'] button").first.click()
            link = page.get_by_role("link", name="链接").get_attribute("href")
            assert link
            page.goto(link)
            expect(page.get_by_test_id("stAlert").filter(has_text="这里要修路")).to_contain_text("李四")
            assert map_of(page).evaluate("explorer.map.getZoom()") == LINK_ZOOM
