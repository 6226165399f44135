"""Names and counts on the map make way for each other; what stands for a point stays where it is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from geo.datasets.dataset import Dataset
from tests.browser.screen import map_of, wait_for_marks

HIDDEN_AREA = """(moved) => {
  const badges = [...document.querySelectorAll(".x-badge:not(.x-site):not(.x-road)")]
    .filter((badge) => !moved || getComputedStyle(badge).visibility === "visible");
  const before = badges.map((badge) => badge.style.margin);
  if (!moved) badges.forEach((badge) => (badge.style.margin = ""));
  const boxes = badges.map((badge) => badge.getBoundingClientRect());
  badges.forEach((badge, place) => (badge.style.margin = before[place]));
  let area = 0;
  boxes.forEach((one, place) => boxes.slice(place + 1).forEach((other) => {
    const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (width > 0 && height > 0) area += width * height;
  }));
  return area;
}"""
FARTHEST = """() => Math.max(...[...document.querySelectorAll(".x-badge, div.x-firm")].map((mark) =>
  Math.hypot(parseFloat(mark.style.marginTop || 0), parseFloat(mark.style.marginLeft || 0))))"""
POINTS_MOVED = (
    'document.querySelectorAll("div.x-firm[style*=margin], .x-site[style*=margin], .x-road[style*=margin]").length'
)


def test_counts_make_way_and_names_go_with_their_layer(page: Page, data: Dataset) -> None:
    page.goto("/")
    frame = map_of(page)
    located = data.enterprises[data.enterprises["location_precision"] != "none"]
    wait_for_marks(frame, sorted(located.index))
    frame.evaluate("explorer.map.setView([31.2, 121.45], 11, { animate: false })")
    frame.wait_for_function("document.querySelector('.x-badge[style*=margin]')")
    assert frame.evaluate(HIDDEN_AREA, True) < frame.evaluate(HIDDEN_AREA, False) / 5
    assert 0 < frame.evaluate(FARTHEST) < 26.5
    assert frame.evaluate(POINTS_MOVED) == 0

    name = frame.locator(".x-label", has_text="松江区")
    expect(name).to_be_visible()
    frame.locator(".x-panel input[name='districts']").uncheck()
    expect(name).to_be_hidden()
    expect(frame.locator(".x-label", has_text="青浦区")).to_be_hidden()
    frame.locator(".x-panel input[name='districts']").check()
    expect(name).to_be_visible()


def test_on_a_phone_the_scale_bar_is_free(phone: Page) -> None:
    phone.goto("/")
    frame = map_of(phone)
    scale, lines = (
        frame.locator(selector).bounding_box()
        for selector in (".leaflet-control-scale", ".leaflet-control-attribution")
    )
    assert scale
    assert lines
    assert scale["y"] + scale["height"] <= lines["y"]


def test_the_name_of_the_core_gives_way_to_no_other(page: Page, phone: Page) -> None:
    for opened, query, name in ((page, "/?lang=en", "Lin-gang Special Area"), (phone, "/", "临港新片区")):
        opened.goto(query)
        frame = map_of(opened)
        frame.locator(".x-panel input[name='enterprises']").evaluate("(switched) => switched.click()")
        expect(frame.locator("div.x-label", has_text=name)).to_be_visible()
