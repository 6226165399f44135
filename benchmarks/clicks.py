"""A click on a filter in the running app, until the map is painted anew, in Chromium."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import Line
from benchmarks.browser import VIEWPORT, chromium, streamlit
from geo.datasets.demo import write_demo

CLICKS = (
    *(("zone", "带"), ("industry", "汽车"), ("district", "松江")),
    *(("zone", "核"), ("industry", "高端"), ("district", "浦东")),
)
FRAME = "iframe[title='streamlit_folium.st_folium']"
CHOSEN = """([query, start]) => new Promise((done) => {
  const look = () => {
    const layers = Object.values(window.explorer.map._layers);
    const tiles = layers.find((layer) => layer._url && layer._url.startsWith('/tiles/') && layer._url.includes(query));
    if (tiles && !tiles._loading) requestAnimationFrame(() => done(Date.now() - start));
    else requestAnimationFrame(look);
  };
  look();
})"""


def measure(rows: int) -> Iterator[Line]:
    """Measure one click after another, each a further filter or another one; the median counts."""
    with tempfile.TemporaryDirectory() as parent, chromium() as browser:
        if browser is None:
            return
        write_demo(rows, Path(parent) / "set")
        with streamlit(EXPLORER_SET=str(Path(parent) / "set")) as (address, _):
            figures, before, after = _clicks(browser, address)
    what = f"a click on a filter until the map is painted anew, {rows:,} rows"
    yield Line(f"{what}, median", median(figures), at_most=400)
    yield Line(f"{what}, worst of {len(figures)}", max(figures))
    yield Line("maps made anew by it", float(before != after), "maps", at_most=0)


def _clicks(browser: Any, address: str) -> tuple[list[float], Any, Any]:
    page = browser.new_page(viewport=VIEWPORT)
    page.goto(address)
    page.frame_locator(FRAME).locator(".x-tile").first.wait_for(state="attached", timeout=180_000)
    frame = page.locator(FRAME).element_handle().content_frame()
    frame.evaluate("() => { explorer.map.setZoom(11, { animate: false }); explorer.first = Math.random(); }")
    before = frame.evaluate("() => [explorer.first, explorer.map.getZoom()]")
    figures = []
    for facet, words in CLICKS:
        page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
        frame.wait_for_function("() => !document.querySelector('.leaflet-tile:not(.leaflet-tile-loaded)')")
        box = page.locator(f".st-key-filter_{facet} input").first
        box.click()
        box.fill(words)
        option = page.locator("[role='option']").first
        option.wait_for()
        start = page.evaluate("() => Date.now()")
        option.click()
        figures.append(float(frame.evaluate(CHOSEN, [f"{facet}=", start])))
        page.keyboard.press("Escape")
    return figures, before, frame.evaluate("() => [explorer.first, explorer.map.getZoom()]")
