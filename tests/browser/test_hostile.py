"""Hostile text in every field of an enterprise shows as the characters it is made of, and runs nowhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from geo import catalog
from geo.datasets.dataset import Dataset, load_dataset
from tests.browser.conftest import ROOT, Server, Traffic, open_page, running_app
from tests.browser.screen import (
    expect_number,
    mark_of,
    marks,
    no_traceback,
    open_map,
    pick_row,
    table_rows,
    taken,
    wait_for_marks,
)

SCRIPT = "<script>window.pwned=1</script>"
TEXTS = [
    SCRIPT,
    "<img src=x onerror=window.pwned=1>",
    "${7*7}${window.pwned=1}",
    "{{7*7}}{% raw %}",
    "`};window.pwned=1;//`",
    "'\"><svg/onload=window.pwned=1>",
    "</script><script>window.pwned=1</script>",
    "</style></title></textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "[a](javascript:window.pwned=1) ![b](https://outside.example/a.png) **c** :red[d] $e$",
    "\u202ereversed\u0007 & &lt;b&gt; \\u003cb\\u003e \\",
]
LONG = "长" * 10_000
URL = "javascript:window.pwned=1"
PWNED = "typeof window.pwned === 'undefined' && typeof parent.pwned === 'undefined'"


def poison(folder: Path) -> None:
    """Put the texts into copied data: one enterprise each, all fields but the district, at its own address or place."""
    file = folder / "enterprises" / "enterprises.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    kept = table[table["district"] == "闵行区"].head(len(TEXTS) + 1).reset_index(drop=True)
    for row, text in enumerate([*TEXTS, LONG]):
        for column in (
            "industry_detail",
            "town_or_park",
            "district_source_title",
            "address_source_title",
            "stock_code",
        ):
            kept.loc[row, column] = text
        kept.loc[row, "name"] = f"企业{row} {text}"
        kept.loc[row, "address"] = f"{text} 剑川路 {row} 号"
        kept.loc[row, ["district_source_url", "address_source_url"]] = URL
        kept.loc[row, ["district_evidence", "lon_wgs84", "lat_wgs84"]] = [
            "source",
            f"{121.36 + row / 200:.3f}",
            "31.11",
        ]
    kept.to_csv(file, index=False)
    file = folder / "recognitions" / "recognitions.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False).head(1)
    table = pd.concat([table] * len(kept), ignore_index=True).assign(
        name=kept["name"], source_title=[*TEXTS, LONG], batch=[*TEXTS, LONG], source_url=URL
    )
    table.to_csv(file, index=False)


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", folder)
    poison(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_DATA", str(folder))
        assert set(catalog.update()) >= {"enterprises", "recognitions"}
    return folder


@pytest.fixture(scope="module")
def server(hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over the hostile data, instead of the one that all other tests share."""
    with running_app(tmp_path_factory.mktemp("hostile_app"), EXPLORER_DATA=str(hostile_folder)) as running:
        yield running


@pytest.fixture(scope="module")
def data(hostile_folder: Path) -> Dataset:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_DATA", str(hostile_folder))
        return load_dataset()


def shown(text: str) -> str:
    """The text as a card shows it: without control characters, and cut when very long."""
    text = "".join(character for character in text if character.isprintable())
    return text[:500] if len(text) > 600 else text


def unharmed(page: Page) -> None:
    for frame in page.frames:
        assert frame.evaluate(PWNED), frame.url
    assert not page.locator("img[src='x']").count()
    no_traceback(page)


def test_every_text_reaches_the_app(data: Dataset) -> None:
    assert len(data.enterprises) == len(TEXTS) + 1
    for text, name in zip(TEXTS, data.enterprises["name"], strict=False):
        assert text in name


@pytest.mark.parametrize("place", range(len(TEXTS) + 1))
def test_tooltip_and_popup_show_text(page: Page, data: Dataset, place: int) -> None:
    text = [*TEXTS, LONG][place]
    frame = open_map(page)
    wait_for_marks(frame, sorted(data.enterprises.index))
    unharmed(page)
    row = data.enterprises.iloc[place]
    mark = mark_of(frame, row["enterprise_id"])
    mark.dispatch_event("mouseover")
    tip = frame.locator(".leaflet-tooltip")
    expect(tip).to_contain_text(shown(text)[:200])
    mark.dispatch_event("click")
    card = frame.locator(".leaflet-popup .x-card")
    expect(card).to_contain_text(shown(text))
    facts = card.locator(".x-facts").inner_text()
    for label in ("地址", "来源", "行业", "股票代码"):
        assert label in facts
    assert facts.replace("\n", " ").count(shown(text)[:40].strip()) >= 3
    assert not card.locator("a:not(.x-more, .x-follow), img, script, svg, iframe").count()
    assert "/shortlist?" in str(card.locator("a.x-follow").get_attribute("href"))
    unharmed(page)


def test_the_table_and_the_cards_show_text(page: Page, data: Dataset) -> None:
    page.goto("/enterprises")
    expect_number(page, len(data.enterprises))
    assert table_rows(page) == len(data.enterprises)
    cells = page.locator(".st-key-table canvas td").all_inner_texts()
    for place, text in enumerate(TEXTS):
        assert any(shown(text)[:8] in cell for cell in cells), text
        card = pick_row(page, place)
        expect(card).to_contain_text(" ".join(shown(text).split())[:60])
        assert not card.locator("img, script, iframe:not([src*='streamlit_folium'])").count()
        assert not card.locator("a[href^='javascript']").count()
        unharmed(page)
        page.mouse.wheel(0, -3000)
    page.goto("/sources")
    expect_number(page, len(data.enterprises))
    unharmed(page)


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_search_is_text(page: Page, text: str) -> None:
    page.goto("/enterprises")
    expect_number(page, len(TEXTS) + 1)
    search = page.locator(".st-key-filter_q input")
    search.fill(text)
    search.press("Enter")
    expect(page.locator(".st-key-strip")).to_contain_text(" ".join(shown(text).split())[:8])
    unharmed(page)


def test_the_downloaded_map_runs_nothing(
    browser: Browser, server: Server, data: Dataset, page: Page, tmp_path: Path
) -> None:
    open_map(page)
    coming = taken(page, page.locator(".st-key-map_download button"))
    file = tmp_path / "hostile.html"
    coming.save_as(file)
    traffic = Traffic(server.url)
    with open_page(browser, server, traffic) as alone:
        alone.context.set_offline(True)
        alone.goto(file.as_uri())
        frame = alone.main_frame
        wait_for_marks(frame, sorted(data.enterprises.index))
        assert sum(mark["n"] for mark in marks(frame)) == len(data.enterprises)
        for place, text in enumerate(TEXTS):
            mark_of(frame, data.enterprises.index[place]).dispatch_event("click")
            expect(frame.locator(".leaflet-popup .x-card").last).to_contain_text(shown(text))
        unharmed(alone)
    assert traffic.asked == [file.as_uri()]
