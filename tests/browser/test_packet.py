"""The packet taken from the page and opened from disk with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.documents import packet_html
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.conftest import Server, Traffic, open_page
from tests.browser.screen import at_rest, mark_of, taken, wait_for_marks

CORE = Filters(zone=("core",))


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_the_packet_stands_alone(
    browser: Browser, server: Server, data: Dataset, page: Page, tmp_path: Path, lang: str, width: int
) -> None:
    page.goto(f"/enterprises?zone=core&lang={lang}")
    at_rest(page)
    coming = taken(page, page.locator(".st-key-download_packet button").first)
    file = tmp_path / "资料 1.html"
    coming.save_as(file)
    assert file.read_bytes().decode("utf-8") == packet_html(data, CORE, lang)

    selected = data.select(CORE)
    located = selected[selected["location_precision"] != "none"]
    traffic, complaints = Traffic(server.url), list[str]()
    with open_page(browser, server, traffic, viewport={"width": width, "height": 844}) as alone:
        alone.context.set_offline(True)
        alone.on("pageerror", lambda error: complaints.append(str(error)))
        alone.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        alone.goto(file.as_uri())
        wait_for_marks(alone.main_frame, sorted(located.index))
        placed = located[located["location_precision"].isin(["site", "road"])]
        mark_of(alone.main_frame, placed.index[0]).dispatch_event("click")
        expect(alone.locator(".leaflet-popup .x-card")).to_contain_text(placed["name"].iloc[0])
        alone.locator("#list a").first.click()
        expect(alone.locator("#firm-1")).to_be_in_viewport()
        expect(alone.locator("#firm-1")).to_contain_text(selected["name"].iloc[0])
        assert alone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        alone.emulate_media(media="print")
        expect(alone.locator("nav")).to_be_hidden()
        expect(alone.locator(".map")).to_be_visible()
    assert traffic.asked == [file.as_uri()]
    assert not complaints


def test_a_script_that_is_not_the_packets_own_does_not_run(
    browser: Browser, server: Server, data: Dataset, tmp_path: Path
) -> None:
    file = tmp_path / "forged.html"
    forged = "<script>window.pwned=1</script><img src='data:,x' onerror='window.pwned=1'>"
    file.write_text(packet_html(data, CORE).replace("<header>", f"<header>{forged}"), encoding="utf-8")
    traffic = Traffic(server.url, forged=True)
    with open_page(browser, server, traffic) as alone:
        alone.goto(file.as_uri())
        alone.wait_for_function("window.explorer && explorer.map")
        assert alone.evaluate("typeof window.pwned") == "undefined"
    assert len(traffic.refused) == 2
    assert traffic.asked == [file.as_uri()]
