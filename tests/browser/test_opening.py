"""A server that starts again shows the map that the last one kept, and no other takes its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.server.prerender import PrerenderedMap
from app.server.snapshot import SNAPSHOT_FILE
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.conftest import ROOT, STARTUP_SECONDS, Traffic, open_page, running_app
from tests.browser.screen import choose, drawn_ids, expect_number, map_of, no_traceback, wait_for_marks


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the first maps were kept, however long that took."""
    folder = tmp_path_factory.mktemp("kept")
    environment = os.environ | {"EXPLORER_WORKSPACE": str(folder)}
    subprocess.run([sys.executable, "-m", "app.server.snapshot"], cwd=ROOT, env=environment, check=True)
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_map_stays_when_the_tables_come(browser: Browser, data: Dataset, kept: Path, lang: str) -> None:
    script = json.loads((kept / SNAPSHOT_FILE.format(lang=lang)).read_text(encoding="utf-8"))["map"]["script"]
    name = PrerenderedMap(script, "", (), ()).name
    with running_app(kept, EXPLORER_WORKSPACE=str(kept)) as server:
        traffic = Traffic(server.url)
        with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as page:
            # The server reads its tables while the map stands already; with a busy machine that takes most of a minute.
            page.set_default_timeout(STARTUP_SECONDS * 1000)
            page.goto(f"/?lang={lang}")
            frame = map_of(page)
            frame.evaluate("window.same = true")
            expect_number(page, len(data.enterprises), STARTUP_SECONDS)
            wait_for_marks(frame, drawn_ids(data, Filters()))
            choose(page, "filter_district", {"zh": "闵行区", "en": "Minhang"}[lang])
            wait_for_marks(frame, drawn_ids(data, Filters(district=("310112",))))
            assert frame.evaluate("window.same")
            no_traceback(page)
        assert {url.rpartition("/")[2] for url in traffic.asked if "/written/" in url} == {name}
