"""The pages in a browser: addresses, links, languages, downloads, card, phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from app.ui.page import PAGES
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.screen import (
    at_rest,
    choose,
    expect_number,
    map_of,
    no_traceback,
    number,
    open_map,
    pick_row,
    table_rows,
    taken,
    wait_for_marks,
)

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
LINK = "?district=310112,310115&zone=belt&industry=equipment,electronics&evidence=source&q=%E8%B7%AF"
LINKED = Filters(
    district=("310112", "310115"), zone=("belt",), industry=("equipment", "electronics"), evidence=("source",), q="路"
)
PATHS = ["/", "/enterprises", "/sources"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_at_its_address(page: Page, data: Dataset, path: str) -> None:
    page.goto(path)
    assert number(page) == len(data.enterprises)
    no_traceback(page)


@pytest.mark.parametrize("path", PATHS)
def test_a_shared_link_opens_the_same_screen(page: Page, data: Dataset, path: str) -> None:
    page.goto(path + LINK)
    rows = data.select(LINKED)
    assert 0 < len(rows) < len(data.enterprises)
    assert number(page) == len(rows)
    expect(page.locator(".st-key-strip")).to_contain_text(LINKED.sentence(len(rows)))
    for key, options in {
        "filter_district": ["闵行区", "浦东新区"],
        "filter_zone": ["带：近郊五区"],
        "filter_industry": ["高端装备", "电子信息"],
        "filter_evidence": ["来源可查"],
    }.items():
        for option in options:
            expect(page.locator(f".st-key-{key}")).to_contain_text(option)
    expect(page.locator(".st-key-filter_q input")).to_have_value("路")
    assert Filters.from_query(page.url.partition("?")[2]) == (LINKED, [])


def test_the_address_follows_the_filters(page: Page, data: Dataset) -> None:
    open_map(page)
    choose(page, "filter_district", "闵行区")
    expect(page).to_have_url(re.compile(r"\?district=310112$"))
    choose(page, "filter_industry", "高端装备")
    expect(page).to_have_url(re.compile(r"district=310112&industry=equipment$"))
    search = page.locator(".st-key-filter_q input")
    search.fill("路")
    search.press("Enter")
    filters = Filters(district=("310112",), industry=("equipment",), q="路")
    assert 0 < len(data.select(filters)) < len(data.select(Filters(district=("310112",), industry=("equipment",))))
    expect_number(page, len(data.select(filters)))
    at_rest(page)
    assert Filters.from_query(page.url.partition("?")[2]) == (filters, [])
    page.get_by_role("button", name="清除全部筛选").click()
    expect_number(page, len(data.enterprises))
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_page_switch_keeps_the_filters(page: Page, data: Dataset) -> None:
    frame = open_map(page, "?industry=auto&lang=en")
    rows = data.select(Filters(industry=("auto",)))
    frame.evaluate("explorer.map.setView([31.0, 121.3], 12, { animate: false })")
    at_rest(page)
    page.get_by_role("link", name="Enterprises").click()
    expect(page).to_have_url(re.compile(r"/enterprises\?"))
    page.locator(".st-key-table canvas").first.wait_for()
    expect_number(page, len(rows))
    assert table_rows(page) == len(rows)
    assert Filters.from_query(page.url.partition("?")[2]) == (Filters(industry=("auto",)), ["lang"])
    at_rest(page)
    page.get_by_role("link", name="Map").click()
    wait_for_marks(map_of(page), sorted(rows.index[rows["location_precision"] != "none"]))
    assert number(page) == len(rows)
    assert map_of(page).evaluate("explorer.map.getZoom()") == 12


def test_what_is_chosen_on_a_page_stays_while_another_is_open(page: Page) -> None:
    page.goto("/enterprises?district=310109")
    at_rest(page)
    page.get_by_role("button", name="显示的列").click()
    page.locator(".st-key-table_columns input").fill("经度")
    page.get_by_role("option", name="经度", exact=True).click()
    page.keyboard.press("Escape")
    header = page.locator(".st-key-table canvas table[aria-colcount='12']")
    expect(header).to_have_count(1)
    at_rest(page)
    page.get_by_role("link", name="数据来源").click()
    expect(page.get_by_role("heading", name="数据目录")).to_be_visible()
    at_rest(page)
    page.get_by_role("link", name="企业名录").click()
    expect(header).to_have_count(1)


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_filter_value_is_named_and_can_be_removed(page: Page, data: Dataset, path: str) -> None:
    page.goto(f"{path}?district=999999,310112&colour=red&lang=fr")
    expect_number(page, len(data.select(Filters(district=("999999", "310112")))))
    warnings = page.locator(".st-key-notices [data-testid='stAlert']")
    expect(warnings.filter(has_text="999999")).to_have_count(1)
    expect(warnings.filter(has_text="colour")).to_contain_text("lang=fr")
    tag = page.locator(".st-key-filter_district").get_by_text("999999（未知）")
    expect(tag).to_be_visible()
    at_rest(page)
    page.locator(".st-key-filter_district [data-baseweb='tag'], .st-key-filter_district [data-tag]").filter(
        has_text="999999"
    ).or_(page.locator(".st-key-filter_district").get_by_role("button", name=re.compile("999999"))).first.locator(
        "svg, [role='presentation'], button"
    ).last.click()
    expect(tag).to_have_count(0)
    expect(warnings.filter(has_text="999999")).to_have_count(0)
    expect_number(page, len(data.select(Filters(district=("310112",)))))
    no_traceback(page)


def test_a_value_of_unknowns_alone_selects_nothing(page: Page) -> None:
    page.goto("/?industry=cars")
    expect_number(page, 0)
    expect(page.locator(".st-key-notices")).to_contain_text("cars")


@pytest.mark.parametrize("query", ["?district=![x](https://outside.example/a.png)", "?zone=<b>:red[x]</b>$1$"])
def test_a_hostile_link_is_shown_as_text(page: Page, query: str) -> None:
    page.goto(f"/{query}")
    expect_number(page, 0)
    expect(page.locator(".st-key-notices [data-testid='stAlert']")).to_contain_text(query.partition("=")[2])
    expect(page.locator(".st-key-notices img")).to_have_count(0)


@pytest.mark.parametrize("path", PATHS)
def test_the_words_are_english_in_english(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{path}?lang=en&district=310109")
    at_rest(page)
    expect(page.get_by_test_id("stTopNavLink").filter(visible=True)).to_have_count(sum(one.listed for one in PAGES))
    expect(page.get_by_test_id("stTopNavSection")).to_have_count(0)  # nor is one of them behind “2 more”
    page.locator(".st-key-lang").evaluate("(one) => one.remove()")
    said = page.locator("body").inner_text()
    if path == "/":
        frame = map_of(page)
        frame.locator(".x-badge").first.wait_for()
        said += frame.locator("body").inner_text()
        said += " ".join(frame.locator("[aria-label]").evaluate_all("(all) => all.map((one) => one.title || '')"))
    else:
        said += " ".join(page.locator("canvas th").all_inner_texts())
    assert len(said) > 300
    assert not CHINESE.findall(said.replace("×", ""))


def test_the_language_switch_keeps_the_filters(page: Page, data: Dataset) -> None:
    page.goto("/enterprises?district=310117")
    at_rest(page)
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    expect(page.locator(".st-key-strip")).to_contain_text("Songjiang")
    expect(page).to_have_url(re.compile("lang=en"))
    assert number(page) == len(data.select(Filters(district=("310117",))))


def read_csv(file: Path) -> list[str]:
    return pd.read_csv(file, dtype=str, encoding="utf-8-sig")["编号"].tolist()


def read_xlsx(file: Path) -> list[str]:
    return pd.read_excel(file, dtype=str, engine="calamine")["编号"].tolist()


def read_geo(file: Path) -> list[str]:
    return gpd.read_file(file)["编号"].tolist()


@pytest.mark.parametrize("query", ["?district=310117&industry=equipment", ""])
@pytest.mark.parametrize(
    ("suffix", "read"), [("csv", read_csv), ("xlsx", read_xlsx), ("geojson", read_geo), ("gpkg", read_geo)]
)
def test_a_download_holds_the_selection(
    page: Page, data: Dataset, tmp_path: Path, suffix: str, read: Callable[[Path], list[str]], query: str
) -> None:
    page.goto(f"/enterprises{query}")
    rows = data.select(Filters.from_query(query)[0])
    expect_number(page, len(rows))
    at_rest(page)
    coming = taken(page, page.locator(f".st-key-download_{suffix} button"))
    file = tmp_path / f"taken.{suffix}"
    coming.save_as(file)
    assert coming.suggested_filename.endswith(f".{suffix}")
    assert read(file) == rows.index.tolist()


def test_the_downloaded_map_holds_the_selection(page: Page, data: Dataset, tmp_path: Path) -> None:
    open_map(page, "?district=310117")
    rows = data.select(Filters(district=("310117",)))
    expect_number(page, len(rows))
    at_rest(page)
    coming = taken(page, page.locator(".st-key-map_download button"))
    file = tmp_path / "map.html"
    coming.save_as(file)
    drawn = re.findall(r'"id":\s*"(E[0-9a-f]{12})"', file.read_text(encoding="utf-8"))
    assert sorted(drawn) == sorted(rows.index[rows["location_precision"] != "none"])


def test_a_picked_row_shows_its_card(page: Page, data: Dataset) -> None:
    page.goto("/enterprises?district=310112")
    rows = data.select(Filters(district=("310112",)))
    expect_number(page, len(rows))
    at_rest(page)
    card = pick_row(page, 1)
    expect(card).to_contain_text(rows["name"].iloc[1])
    expect(card).to_contain_text("闵行区")
    expect(card).to_contain_text("2026-11-24")


def test_a_card_is_never_that_of_another_row(page: Page, data: Dataset) -> None:
    page.goto("/enterprises")
    at_rest(page)
    name = data.enterprises["name"].iloc[1]
    expect(pick_row(page, 1)).to_contain_text(name)
    away = Filters(district=("310117",))
    assert name not in set(data.select(away)["name"])
    choose(page, "filter_district", "松江区")
    expect_number(page, len(data.select(away)))
    at_rest(page)
    expect(page.locator(".st-key-card")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_phone_needs_no_scrolling_sideways(phone: Page, path: str, lang: str) -> None:
    phone.goto(f"{path}?lang={lang}")
    at_rest(phone)
    expect(phone.locator(".st-key-strip")).to_be_in_viewport()
    if path == "/":
        frame = map_of(phone)
        frame.locator(".x-badge").first.wait_for()
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(phone.locator(".st-key-map")).to_be_in_viewport(ratio=0.7)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = phone.locator("[data-testid='stMain'] *").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1"
        " && !one.closest('[data-testid=stDataFrame]')).map((one) => one.className)"
    )
    assert not wide


def test_a_table_offers_no_download_beside_ours(page: Page) -> None:
    page.goto("/enterprises?district=310109")
    page.locator(".st-key-table canvas").first.wait_for()
    page.locator(".st-key-table").hover()
    toolbar = page.locator("[data-testid=stElementToolbar] button")
    expect(toolbar.first).to_be_visible()
    expect(page.locator("[data-testid=stElementToolbar] button[aria-label='Download as CSV']")).to_be_hidden()
