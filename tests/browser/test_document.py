"""The map as a file: opened from disk with the network off it shows everything and asks for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.documents import write_html
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from layers.map import LAYERS
from tests.browser.conftest import Server, Traffic, open_page
from tests.browser.screen import mark_of, marks, wait_for_marks


def one(data: Dataset) -> Filters:
    """Filters that select one located enterprise, by its name."""
    rows = data.enterprises[data.enterprises["location_precision"] == "road"]
    return Filters(q=str(rows["name"].iloc[0]))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("selection", ["one", "empty", "all"])
def test_the_document_stands_alone(
    browser: Browser, server: Server, data: Dataset, tmp_path: Path, selection: str, lang: str
) -> None:
    filters = {"one": one(data), "empty": Filters(q="zzzz"), "all": Filters()}[selection]
    rows = data.select(filters)
    assert len(rows) == {"one": 1, "empty": 0, "all": len(data.enterprises)}[selection]
    located = rows[rows["location_precision"] != "none"]
    file = tmp_path / "地图 1.html"
    write_html(data, filters, file, lang)
    traffic = Traffic(server.url)
    complaints: list[str] = []
    with open_page(browser, server, traffic, viewport={"width": 1280, "height": 800}) as page:
        page.context.set_offline(True)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(file.as_uri())
        frame = page.main_frame
        wait_for_marks(frame, sorted(located.index))
        assert sum(mark["n"] for mark in marks(frame)) == len(located)
        for name in LAYERS:
            assert frame.locator(f".x-panel input[name='{name}']").count() == 1
        assert frame.locator(".x-swatch").count() >= 10
        for name in ("land", "districts", "belt", "core"):
            assert frame.locator(f".leaflet-{name}-pane path").count(), name
        if len(located):
            mark_of(frame, located.index[0]).dispatch_event("click")
            expect(frame.locator(".leaflet-popup .x-card")).to_contain_text(located["name"].iloc[0])
        assert filters.sentence(len(rows), lang) in page.title()
        assert page.locator("html").get_attribute("lang") == ("en" if lang == "en" else "zh-CN")
        box = frame.locator(".leaflet-container").bounding_box()
        assert box
        assert (box["width"], box["height"]) == (1280, 800)
    assert traffic.asked == [file.as_uri()]
    assert not complaints
