"""The plan page in a browser: the year on the slider is the year on the map, and the delta has a map of its own."""

from __future__ import annotations

from playwright.sync_api import Frame, Page, expect

from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.timeline import Until, known_until
from geo.places.yangtze_delta import load_cities
from layers.yangtze_delta import TIER_COLOURS
from tests.browser.axe import grave_findings
from tests.browser.screen import at_rest, map_of, no_traceback, wait_for_marks

CITIES = """() => Object.values(explorer.map._layers)
  .filter((layer) => layer.feature && layer.feature.properties.kind === "city")
  .map((layer) => ({ ...layer.feature.properties,
    drawn: getComputedStyle(layer.getElement().querySelector(".x-city")).backgroundImage }))"""


def open_section(page: Page, name: str, query: str = "") -> None:
    page.goto(f"/plan{query}")
    at_rest(page)
    page.locator(".st-key-plan_section").get_by_text(name, exact=True).click()


def view_of(frame: Frame) -> list[float]:
    return frame.evaluate("[explorer.map.getCenter().lat, explorer.map.getCenter().lng, explorer.map.getZoom()]")


def drawn_ids(data: Dataset, year: int) -> list[str]:
    rows = data.enterprises[data.mask(Filters(zone=("belt",))) & known_until(data, Until("recognition", year))]
    return sorted(rows.index[rows["location_precision"] != "none"])


def test_the_map_shows_the_year_of_the_slider_and_keeps_its_view(page: Page, data: Dataset) -> None:
    open_section(page, "逐年布局", "?zone=belt")
    frame = map_of(page)
    wait_for_marks(frame, drawn_ids(data, 2026))
    frame.evaluate("explorer.map.setView([31.05, 121.5], 11.5, { animate: false })")
    frame.evaluate("explorer.map.known = 'the same map'")
    before = view_of(frame)
    slider = page.locator(".st-key-plan_year_recognition input[type=range]")
    slider.focus()
    for year in (2025, 2024, 2023):
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".st-key-replay_counts")).to_contain_text(f"截至 {year} 年")
    wait_for_marks(frame, drawn_ids(data, 2023))
    assert len(drawn_ids(data, 2023)) < len(drawn_ids(data, 2026))
    assert view_of(frame) == before
    assert map_of(page).evaluate("explorer.map.known") == "the same map"
    no_traceback(page)


def test_it_plays_from_the_first_year_and_stops_when_told(page: Page) -> None:
    open_section(page, "逐年布局")
    map_of(page)
    counts = page.locator(".st-key-replay_counts")
    button = page.locator(".st-key-plan_play button")
    button.click()
    expect(counts).to_contain_text("截至 1992 年", timeout=15_000)
    button.click()
    expect(button).to_contain_text("播放")
    at_rest(page)
    no_traceback(page)


def test_the_delta_has_its_own_map_and_leaves_that_of_shanghai_alone(page: Page) -> None:
    page.goto("/")
    map_of(page).evaluate("explorer.map.setView([31.05, 121.5], 12, { animate: false })")
    open_section(page, "长三角")
    frame = map_of(page)
    frame.wait_for_function("explorer.map.getZoom() < 9")
    cities = {city["title"]: city for city in frame.evaluate(CITIES)}
    table = load_cities()
    assert set(cities) == set(table["name_zh"])
    for _, row in table.iterrows():
        city = cities[row["name_zh"]]
        assert ("gradient" in city["drawn"]) == (row["tier"] == "")
        assert city["colour"] == TIER_COLOURS.get(row["tier"], city["colour"])
        assert (city["precision"] == "central") == row["central"]
    for name in ("上海 301", "苏州 182", "杭州 154", "无锡 142"):
        expect(frame.locator("div.x-label", has_text=name)).to_be_visible()
    assert grave_findings(page) == []
    frame.evaluate("explorer.map.setZoom(7.5, { animate: false })")
    page.get_by_role("link", name="地图", exact=True).click()
    shanghai = map_of(page, ".x-account")  # which the Delta's map, still there for a moment, has not
    assert shanghai.evaluate("explorer.map.getZoom()") == 12
