"""From the command to the first map on the built-in data, beside an empty Streamlit page."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks import Line
from benchmarks.browser import VIEWPORT, chromium, free_port, running, streamlit

TIMES = 3  # of each; the best counts
FRAME = "iframe[title='streamlit_folium.st_folium']"
MARK = "div.x-firm"  # an enterprise on the map: base map and panel stand before it
EMPTY = "import streamlit as st\n\nst.title('empty')\n"


def measure(rows: int) -> Iterator[Line]:
    """Measure the start of the server and of the first page, and a page of a server that runs."""
    del rows  # the built-in data
    with tempfile.TemporaryDirectory() as parent, chromium() as browser:
        if browser is None:
            return
        script = Path(parent) / "empty.py"
        script.write_text(EMPTY, encoding="utf-8")
        empty, ours = [], []
        for _ in range(TIMES):
            port = free_port()
            empty.append(_start(browser, streamlit(script), "h1"))
            ours.append(_start(browser, running(["make", "run", f"PORT={port}"], port), FRAME, MARK))
    for k, what in enumerate(
        ("from make run to the enterprises on the first map", "a further reader until they stand")
    ):
        peers: dict[str, float | str] = {"empty Streamlit page": min(times[k] for times in empty)}
        bounds = {"empty Streamlit page": 0.5} if k == 0 else {}
        yield Line(what, min(times[k] for times in ours), peers=peers, at_least=bounds)


def _start(browser: Any, server: AbstractContextManager[tuple[str, int]], *selectors: str) -> tuple[float, float]:
    """Start a server; time until the first page stands, and until a second reader's does [ms]."""
    begun = time.perf_counter()
    with server as (address, _):
        _open(browser, address, *selectors)
        first = time.perf_counter()
        _open(browser, address, *selectors)
        return (first - begun) * 1e3, (time.perf_counter() - first) * 1e3


def _open(browser: Any, address: str, frame: str, inside: str = "") -> None:
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    place = page.frame_locator(frame).locator(inside) if inside else page.locator(frame)
    place.first.wait_for(timeout=180_000)
    context.close()
