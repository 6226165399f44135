"""What fails is said in one sentence on the page, never as a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.setup.assets import ASSETS_ROUTE, leaflet_js
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.conftest import ROOT, Traffic, open_page, running_app
from tests.browser.screen import IFRAME, expect_number, no_traceback


def without_towns(folder: Path) -> str:
    (folder / "towns" / "towns.csv").unlink()
    return "towns.csv"


def cut_boundaries(folder: Path) -> str:
    file = folder / "shanghai_districts" / "districts.parquet"
    file.write_bytes(file.read_bytes()[:1000])
    return "districts.parquet"


def changed_number(folder: Path) -> str:
    file = folder / "enterprises" / "enterprises.csv"
    file.write_bytes(file.read_bytes().replace(b"688336", b"688337", 1))
    return "enterprises.csv"


def broken_catalogue(folder: Path) -> str:
    (folder / "catalog.json").write_text("[{", encoding="utf-8")
    return "catalog.json"


def catalogue_without_licences(folder: Path) -> str:
    file = folder / "catalog.json"
    entries = json.loads(file.read_text(encoding="utf-8"))
    del entries[0]["licence"]
    file.write_text(json.dumps(entries), encoding="utf-8")
    return "licence"


@pytest.mark.parametrize(
    "spoil", [without_towns, cut_boundaries, changed_number, broken_catalogue, catalogue_without_licences]
)
def test_spoilt_data_is_said_in_one_sentence(browser: Browser, tmp_path: Path, spoil: Callable[[Path], str]) -> None:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    named = spoil(folder)
    with (
        running_app(tmp_path, EXPLORER_DATA=str(folder)) as server,
        open_page(browser, server, Traffic(server.url)) as page,
    ):
        for path in ("/", "/enterprises?lang=en"):
            page.goto(path)
            alert = page.locator("[data-testid='stAlert']")
            expect(alert).to_have_count(1)
            expect(alert).to_contain_text(named)
            no_traceback(page)
            assert str(tmp_path) not in page.locator("body").inner_text()
        assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_a_page_script_that_does_not_arrive_leaves_the_page_usable(page: Page, data: Dataset) -> None:
    script = leaflet_js()[0][1]
    page.route(f"**{script}", lambda route: route.fulfill(status=404, body="gone"))
    with page.expect_response(f"**{script}"):
        page.goto("/?district=310109")
    expect_number(page, data.count(Filters(district=("310109",))))
    no_traceback(page)
    page.get_by_role("link", name="企业名录").click()
    page.locator(".st-key-table canvas").first.wait_for()
    no_traceback(page)


def test_marks_that_do_not_arrive_are_said_on_the_map(page: Page) -> None:
    page.route("**/marks?*", lambda route: route.abort())
    page.goto("/")
    expect(page.frame_locator(IFRAME).locator(".leaflet-popup")).to_contain_text("没有取到这里的企业")
    no_traceback(page)


def test_a_script_nobody_serves_is_refused_in_one_sentence(page: Page) -> None:
    answer = page.request.get(f"{ASSETS_ROUTE}leaflet-0.0.1.js")
    assert answer.status == 404
    assert answer.text().strip()
    assert len(answer.text().splitlines()) == 1
