"""A reader whose system is dark gets dark pages, maps and charts; paper is light for everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.screen import at_rest, map_of
from tests.layers.test_contrast import contrast, luminance

RULES = [("light", 0.6, 1.0), ("dark", 0.0, 0.1)]
"""Theme, and between which the luminance of what fills the screen lies."""


def hexadecimal(colour: str) -> str:
    """A computed colour as #rrggbb."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def colour_of(place: Locator, name: str) -> str:
    return hexadecimal(place.evaluate("(element, name) => getComputedStyle(element)[name]", name))


@pytest.mark.parametrize(("theme", "least", "most"), RULES)
def test_page_and_map_follow_the_system(page: Page, theme: str, least: float, most: float) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto("/")
    frame = map_of(page, ".leaflet-districts-pane path")
    app = page.locator(".stApp")
    assert least <= luminance(colour_of(app, "backgroundColor")) <= most
    assert contrast(colour_of(app, "color"), colour_of(app, "backgroundColor")) >= 7
    grounds = [
        colour_of(frame.locator(".leaflet-districts-pane path").first, "fill"),
        colour_of(frame.locator(".leaflet-land-pane path").first, "fill"),
        colour_of(frame.locator(".leaflet-container"), "backgroundColor"),
    ]
    assert all(least <= luminance(ground) <= most for ground in grounds), grounds
    assert len(set(grounds)) == 3  # land, land around and water are told apart
    core = colour_of(frame.locator(".leaflet-core-pane path").first, "stroke")
    assert contrast(core, grounds[0]) >= 3
    legend = frame.locator(".x-layer:has([name=core]) .x-swatch").first
    assert colour_of(legend, "borderTopColor") == core
    mark = frame.locator(".x-control-home, .leaflet-control-zoom a").first
    assert least <= luminance(colour_of(mark, "backgroundColor")) <= most


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_read_on_either(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto("/clusters")
    at_rest(page)
    chart = page.locator("[data-testid=stVegaLiteChart] svg.marks").first
    chart.wait_for()
    behind = colour_of(page.locator(".stApp"), "backgroundColor")
    assert contrast(colour_of(chart.locator("text").first, "fill"), behind) >= 4.5
    assert contrast(colour_of(chart.locator("path[stroke='#374151']").first, "stroke"), behind) >= 4.5


def test_paper_is_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/clusters")
    at_rest(page)
    page.locator("[data-testid=stVegaLiteChart] svg.marks").first.wait_for()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")  # with the theme still that of the screen, as it is when a browser prints
    assert colour_of(page.locator(".stApp"), "backgroundColor") == "#ffffff"
    for ink in (
        page.locator("h1"),
        page.locator(".st-key-strip p").first,
        page.locator("[data-testid=stMetricValue] p").first,
    ):
        assert contrast(colour_of(ink, "color"), "#ffffff") >= 7
    text = page.locator("[data-testid=stVegaLiteChart] svg.marks text").first
    assert contrast(colour_of(text, "fill"), "#ffffff") >= 7
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert luminance(colour_of(page.locator(".stApp"), "backgroundColor")) < 0.1
