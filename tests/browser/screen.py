"""What the browser tests read from the screen, and the few things they do there."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Download, Frame, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from app.ui.page import PAGES
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters

IFRAME = "iframe[src*='streamlit_folium']"
WITHOUT_FILTERS = [page.name for page in PAGES if not page.selection]
NUMBER = ".st-key-kpi_enterprises [data-testid='stMetricValue']"
GRID = ".st-key-table canvas table[role='grid']"

_MARKS = """() => Object.values(explorer.map._layers)
  .filter((layer) => layer.feature && layer.feature.properties.firms)
  .map((layer) => ({
    ...layer.feature.properties, lon: layer.getLatLng().lng, lat: layer.getLatLng().lat,
    ids: layer.feature.properties.firms.map((card) => card.id) }))"""
_HOLDS = """(ids) => window.explorer && explorer.map && document.querySelector(".x-panel")
  && JSON.stringify(ids) === JSON.stringify(Object.values(explorer.map._layers)
    .flatMap((layer) => (layer.feature && layer.feature.properties.firms) || []).map((card) => card.id).sort())"""


_AREAS = """() => {
  const areas = [];
  explorer.map.eachLayer((layer) => {
    const { kind, precision, n } = (layer.feature && layer.feature.properties) || {};
    if (kind !== "badge" || precision === "site" || precision === "road" || layer.leaving) return;
    const badge = layer.getElement().querySelector(".x-badge");
    const { left, top, right, bottom } = badge.getBoundingClientRect();
    const at = explorer.map.latLngToContainerPoint(layer.getLatLng());
    const moved = [parseFloat(badge.style.marginLeft || 0), parseFloat(badge.style.marginTop || 0)];
    const centre = explorer.map.containerPointToLatLng(at.add(moved));
    const seen = (place) => [place.feature.properties.colour, Boolean(place.feature.properties.unverified)];
    areas.push({
      looks: [getComputedStyle(badge).getPropertyValue("--colour"), badge.classList.contains("x-unverified")],
      each: (layer.stack || [layer]).map(seen),
      n, text: Number(badge.textContent), shown: badge.checkVisibility({ checkVisibilityCSS: true }),
      code: layer.feature.properties.code, moved, centre: [centre.lng, centre.lat],
      ranks: (layer.stack || [layer]).map((place) => place.feature.properties.precision + place.feature.properties.code),
      stack: layer.stack && layer.stack.map((place) => place.feature.properties.n), left, top, right, bottom });
  });
  return areas;
}"""


def open_map(page: Page, query: str = "") -> Frame:
    """Open the map page and wait until the map stands in its frame."""
    page.goto(f"/{query}")
    return map_of(page)


def map_of(page: Page, holding: str = ".x-panel", iframe: str = IFRAME) -> Frame:
    """The frame that holds the map, once it is drawn and holds an element.

    While one map takes another's place both stand in the page for a moment, and a frame that has just been put there
    may be put there anew: the wait is for the one that stays, and for what it holds.
    """
    page.wait_for_function(
        """([frame, holding]) => {
          const all = document.querySelectorAll(frame);
          return all.length === 1 && all[0].contentDocument?.querySelector(holding);
        }""",
        arg=[iframe, holding],
    )
    frame = page.locator(iframe).element_handle().content_frame()
    assert frame
    frame.wait_for_function(
        "(holding) => window.explorer && explorer.map && document.querySelector(holding)", arg=holding
    )
    return frame


def marks(frame: Frame) -> list[dict[str, Any]]:
    """The marks of enterprises on the map: properties, `ids`, `lon`, `lat`."""
    return frame.evaluate(_MARKS)


def areas_drawn(frame: Frame) -> list[dict[str, Any]]:
    """The badges of areas: own count `n`, `text`, whether `shown`, counts of its `stack` or None, box on the screen.

    `looks` is colour and whether the rim is dotted, `each` the same for every place it stands for; `ranks` are their
    precisions and districts, `moved` how far the badge made way [px], `centre` where it stands then [lon, lat].
    """
    return frame.evaluate(_AREAS)


def drawn_ids(data: Dataset, filters: Filters) -> list[str]:
    """The enterprises of a selection that have a place on the map."""
    rows = data.select(filters)
    return sorted(rows.index[rows["location_precision"] != "none"])


def wait_for_marks(frame: Frame, ids: list[str]) -> None:
    """Wait until exactly these enterprises stand on the map."""
    frame.wait_for_function(_HOLDS, arg=sorted(ids))


def mark_of(frame: Frame, enterprise_id: str) -> Any:
    """The element of the mark that holds an enterprise."""
    return frame.evaluate_handle(
        """(id) => Object.values(explorer.map._layers).find((layer) =>
          ((layer.feature && layer.feature.properties.firms) || []).some((card) => card.id === id)).getElement()""",
        enterprise_id,
    ).as_element()


def stand_still(frame: Frame) -> None:
    """Wait until the map has moved to where it goes: a press on what still moves with it does not count as a click."""
    frame.wait_for_function("() => !explorer.map._panAnim?._inProgress && !explorer.map._animatingZoom")


def new_page(page: Page, link: Locator) -> Page:
    """The page that a link of the map opens beside this one.

    Marks that are exchanged at that very moment take the pressed link with them, and a reader presses again.
    """
    for _ in range(3):
        stand_still(map_of(page))
        try:
            with page.context.expect_page(timeout=15_000) as opened:
                link.click()
            return opened.value
        except PlaywrightTimeoutError:
            continue
    raise AssertionError("three presses, and no page opened")


def number(page: Page) -> int:
    """The number of selected enterprises as the strip says it, once the page has come to rest."""
    at_rest(page)
    return int(page.locator(NUMBER).inner_text().replace(",", ""))


def expect_number(page: Page, count: int, seconds: float = 15) -> None:
    """Wait until the strip says so many enterprises, at most so long."""
    expect(page.locator(NUMBER)).to_have_text(f"{count:,}", timeout=seconds * 1000)


def at_rest(page: Page) -> None:
    """Wait until strip, style and filters stand and no run of the page is under way."""
    page.locator(NUMBER).wait_for()
    page.locator("[data-testid='stHtml'] style").first.wait_for(state="attached")
    if any(page.url.partition("?")[0].endswith(f"/{name}") for name in WITHOUT_FILTERS):
        page.get_by_role("heading", level=1).wait_for()
    else:
        page.locator(".st-key-filter_district input").first.wait_for(state="attached")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option by the words it starts with, and close a list that stays open."""
    pick_option(page, key, option)
    page.keyboard.press("Escape")


def pick_option(page: Page, key: str, option: str) -> None:
    """Pick an option of a select box, or of a multiselect whose list stays open, by the words it starts with.

    A run of the page that ends at that very moment closes the list, and a reader opens it again.
    """
    box = page.locator(f".st-key-{key} input").first
    wanted = page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first
    for _ in range(3):
        at_rest(page)
        box.click()
        box.fill(option)
        try:
            return wanted.click(timeout=10_000)
        except PlaywrightTimeoutError:
            continue
    raise AssertionError(f"the list of {key} did not stay open for {option}, three times")


def table_rows(page: Page) -> int:
    """Rows of the table of enterprises, without its header."""
    grid = page.locator(GRID)
    if not number(page):  # nothing is listed: there is no table
        at_rest(page)
        expect(grid).to_have_count(0)
        return 0
    grid.wait_for(state="attached")
    return int(grid.get_attribute("aria-rowcount") or 0) - 1


def pick_row(page: Page, row: int) -> Locator:
    """Pick a row of the table of enterprises, counted from 0, and wait for its card."""
    box = page.locator(".st-key-table canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 33 * (row + 1.5))
    card = page.locator(".st-key-card")
    card.wait_for()
    return card


def no_traceback(page: Page) -> None:
    """Fail when the page shows an exception."""
    expect(page.locator("[data-testid='stException']")).to_have_count(0)
    assert "Traceback" not in page.locator("body").inner_text()


def taken(page: Page, button: Locator) -> Download:
    """What a download button gives.

    A file is made when it is asked for, an atlas of all districts in some seconds, many on a busy machine; a run of the
    page that ends at that very moment takes the last run's file with it, and a reader clicks again.
    """
    for _ in range(3):
        at_rest(page)
        try:
            with page.expect_download(timeout=60_000) as coming:
                button.click()
            return coming.value
        except PlaywrightTimeoutError:
            continue
    raise AssertionError("three clicks, and no file came")
