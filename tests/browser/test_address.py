"""The address in a real browser: opened again, gone back from, told by the map, and carried to the other pages."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.screen import IFRAME, NUMBER, at_rest, map_of

QUERY = ".st-key-filter_q input"
LINK = "/?district=310117&map=31.60000,121.50000,12&layers=land,core,enterprises"


def held(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_link_opens_the_view_and_the_layers_and_leads_to_what_is_outside(page: Page) -> None:
    page.goto(LINK)
    frame = map_of(page)
    notice = page.frame_locator(IFRAME).locator(".x-notice")
    expect(notice).to_contain_text("85 家在图外")  # all of Songjiang: the view is that of Chongming
    assert sorted(frame.evaluate("[...explorer.hidden]")) == ["belt", "districts", "intended", "parks", "towns"]
    before = page.evaluate("history.length")
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    page.wait_for_url(lambda url: "map=31.6" not in url)
    inside = "([lat, lng]) => explorer.map.getBounds().contains([lat, lng])"
    assert frame.evaluate(inside, [31.03, 121.22])  # the seat of Songjiang
    assert page.evaluate("history.length") == before  # a move is no entry of its own
    moved = held(page.url)["map"]
    page.reload()
    frame = map_of(page)
    assert held(page.url)["map"] == moved
    lat, _, zoom = map(float, moved.split(","))
    assert abs(frame.evaluate("explorer.map.getCenter().lat") - lat) < 0.001
    assert frame.evaluate("explorer.map.getZoom()") == zoom


def test_back_and_forward_undo_and_redo_a_filter_in_one_press(page: Page) -> None:
    page.goto("/?district=310117")
    frame = map_of(page)
    frame.evaluate("explorer.map.setView([31.0, 121.2], 12, { animate: false })")
    field = page.locator(QUERY)
    field.fill("机器人")
    field.press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    assert held(page.url)["map"].startswith("31.0")
    number = page.locator(NUMBER)
    expect(number).not_to_have_text("85")
    page.go_back()
    expect(number).to_have_text("85", timeout=60_000)
    expect(field).to_have_value("", timeout=60_000)
    assert "q" not in held(page.url)
    page.go_forward()
    expect(number).not_to_have_text("85", timeout=60_000)
    expect(field).to_have_value("机器人", timeout=60_000)


def test_a_page_is_left_and_come_back_to_in_one_press_with_its_filters(page: Page) -> None:
    page.goto("/?district=310117")
    map_of(page)
    page.get_by_role("link", name="区与园区").click()
    page.wait_for_url(lambda url: "/districts" in url and "district=310117" in url)
    expect(page.locator(".st-key-districts_choice")).to_be_visible()
    page.go_back()
    map_of(page)
    assert urlsplit(page.url).path == "/"
    assert held(page.url)["district"] == "310117"


def test_a_choice_whose_map_has_a_frame_of_its_own_is_undone_in_one_press(page: Page) -> None:
    page.goto("/districts")
    at_rest(page)
    before = page.evaluate("history.length")
    for key in ("districts-indicator", "districts-scheme"):
        at_rest(page)
        page.locator(f".st-key-{key} input").click()
        page.get_by_role("option").nth(1).click()
        page.wait_for_url(f"**?*{key.replace('-', '_')}=*")
    at_rest(page)
    page.locator("[data-testid=stIFrame]").wait_for()
    assert page.evaluate("history.length") == before + 2
    page.go_back()
    page.wait_for_url(lambda url: "districts_indicator" in url and "districts_scheme" not in url)


def test_a_filter_that_nothing_in_view_meets_moves_the_map(page: Page) -> None:
    page.goto("/")
    frame = map_of(page)
    frame.evaluate("explorer.map.setView([31.6, 121.5], 12, { animate: false })")
    field = page.locator(QUERY)
    field.fill("松江")
    field.press("Enter")
    frame.wait_for_function("() => explorer.map.getBounds().contains([31.03, 121.22])")
    field.fill("没有这样的企业")
    field.press("Enter")
    expect(page.frame_locator(IFRAME).locator(".x-notice")).to_contain_text("没有企业符合筛选")
