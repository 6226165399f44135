"""The shortlist in a browser: from the map to the list and back after a reload, by keyboard, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.datasets.dataset import Dataset
from tests.browser.conftest import Server, Traffic, open_page, running_app
from tests.browser.screen import at_rest, map_of, new_page, no_traceback, pick_row

SAID = "[data-testid='stAlert']"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with records of its own."""
    folder = tmp_path_factory.mktemp("shortlist")
    with running_app(folder, EXPLORER_WORKSPACE=str(folder / "workspace")) as running:
        yield running


def go(page: Page, path: str) -> None:
    page.goto(path)
    at_rest(page)


def be(page: Page, name: str) -> None:
    """Type a name into the box that asks who the person is."""
    page.locator(".st-key-person input").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-person input")).to_have_value(name)
    at_rest(page)


def test_from_the_map_into_the_list_which_is_there_after_a_reload(page: Page, data: Dataset) -> None:
    name = data.enterprises["name"][data.enterprises["adcode"] == "310117"].iloc[5]
    go(page, f"/?district=310117&q={name}")
    frame = map_of(page, ".x-firm, .x-badge")
    frame.locator(".x-firm, .x-badge").first.click()
    listed = new_page(page, frame.get_by_role("link", name="加入跟进"))
    at_rest(listed)
    expect(listed.locator(".st-key-wanted")).to_contain_text(name)
    assert "district=310117" in listed.url  # the filters came along, the pick did not stay in the address
    assert "add=" not in listed.url
    be(listed, "张三")
    listed.locator(".st-key-follow_add button").click()
    expect(listed.locator(SAID).filter(has_text="已加入 1 家")).to_be_visible()
    listed.reload()
    at_rest(listed)
    expect(listed.locator(".st-key-person input")).to_have_value("张三")  # kept by the browser, not in the address
    expect(listed.locator(".st-key-shortlist_table canvas table")).to_contain_text(name)
    go(listed, "/")
    frame = map_of(listed, ".x-total")
    expect(frame.locator(".x-total", has_text="松江区").locator("i")).to_have_text("★ 1")
    go(listed, "/?district=310117")  # others may be followed elsewhere
    frame = map_of(listed, ".x-star")
    frame.evaluate("explorer.map.setView([31.03, 121.23], 12, { animate: false })")
    star = frame.locator(".x-star")
    expect(star).to_have_count(1)
    expect(star).to_be_visible()
    star.hover()
    expect(frame.locator(".leaflet-tooltip")).to_have_text(f"跟进中：{name}")
    go(listed, "/?district=310112")
    expect(map_of(listed, ".x-firm").locator(".x-star")).to_have_count(0)
    no_traceback(listed)


def test_by_keyboard_alone_an_entry_is_picked_edited_and_kept(page: Page, data: Dataset, tmp_path: Path) -> None:
    name = data.enterprises["name"].iloc[0]

    def tab_to(key: str, element: str = "input, textarea, button, summary") -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(
                "([key, element]) => document.activeElement.matches(`.st-key-${key} :is(${element})`)", [key, element]
            ):
                return
        pytest.fail(f"the Tab key does not reach {key}")

    def choose_typed(text: str) -> None:
        page.keyboard.type(text)
        page.get_by_role("option").filter(has_text=text).wait_for()
        page.keyboard.press("ArrowDown")
        page.locator("[role='option'][data-focused='true']").filter(has_text=text).wait_for()
        page.keyboard.press("Enter")
        at_rest(page)

    go(page, f"/shortlist?add={data.enterprises.index[0]}")
    page.locator(".st-key-filter_q input").focus()
    tab_to("person", "input")
    choose_typed("李四")
    expect(page.locator(".st-key-follow_add button")).to_be_enabled()
    tab_to("follow_add", "button")
    page.keyboard.press("Enter")
    expect(page.locator(SAID).filter(has_text="已加入 1 家")).to_be_visible()
    page.locator(".st-key-entry_id input").wait_for()
    at_rest(page)
    tab_to("entry_id", "input")
    choose_typed(f"{name} · 李四")
    page.locator(".st-key-entry").wait_for()
    at_rest(page)
    page.locator(".st-key-entry_id input").focus()
    tab_to("entry", "textarea")
    page.keyboard.type("下周二上门")
    tab_to("entry_save", "button")
    page.keyboard.press("Enter")
    expect(page.locator(SAID).filter(has_text="已保存")).to_be_visible()
    at_rest(page)
    tab_to("visit_html", "button")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "visit.html")
    page.goto((tmp_path / "visit.html").as_uri())  # any outside request fails the test
    expect(page.locator("body")).to_contain_text("下周二上门")


def test_on_a_phone_the_second_follower_is_warned(
    browser: Browser, server: Server, traffic: Traffic, phone: Page, data: Dataset
) -> None:
    enterprise = data.enterprises.index[1]
    with open_page(browser, server, traffic) as desk:
        go(desk, f"/shortlist?add={enterprise}")
        be(desk, "王五")
        desk.locator(".st-key-follow_add button").click()
        expect(desk.locator(SAID).filter(has_text="已加入")).to_be_visible()
    go(phone, f"/shortlist?add={enterprise}&lang=en")
    be(phone, "Li")
    expect(phone.locator(".st-key-follow")).to_contain_text("Already followed by 王五")
    phone.get_by_role("button", name="Follow as well").click()
    expect(phone.locator(SAID).filter(has_text="1 added")).to_be_visible()
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert not re.search("[\u4e00-\u9fff]", phone.locator(".st-key-shortlist_filters").inner_text().replace("王五", ""))


def test_several_rows_of_the_table_are_followed_at_once(page: Page) -> None:
    page.goto("/enterprises?district=310117")
    at_rest(page)
    pick_row(page, 0)
    at_rest(page)
    pick_row(page, 1)
    button = page.locator(".st-key-many_add button")
    expect(button).to_contain_text("2")
    expect(button).to_be_disabled()  # until the card knows who it is for
    no_traceback(page)
