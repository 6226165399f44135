"""In Chinese every word of a page is Chinese, also what Streamlit says by itself: menus, hints, names for a screen reader."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from app.ui.page import PAGES
from geo.datasets.dataset import Dataset
from geo.installation import VARIABLES
from tests.browser.screen import at_rest, map_of

LATIN = re.compile(r"[A-Za-z]{2,}")
UNITS = {"km", "TOP", "EPSG", "MB", "GB"}
FORMATS = set(
    re.findall(
        r"\S+",
        "CSV XLSX XLSB XLS ODS FODS GEOJSON GEOJSONL GEOJSONS GPKG GPX GDB FGB JSON JSONL NDJSON PARQUET TSV TXT ZIP HTML PDF PPTX"
        " MHT MHTML XML PNG SVG KML KMZ MIF TAB SHP DBF Word Excel",
    )
)
CODES = set(re.findall(r"\S+", "GB HHI LQ MIT ODbL PyPI WGS GCJ CGCS BD UTM CRS ln log min"))
NAMES = set(
    re.findall(
        r"\S+", "English Language OpenStreetMap Ripley Duranton Overman Hidalgo Wilson Moran Getis Ord Shift Esc Ctrl"
    )
)
NAMES |= {"yihe", "yidai", "AI", "IT", "LED", "zz"}
ALLOWED = UNITS | FORMATS | CODES | NAMES

SAID = """() => {
  const said = [];
  const icon = "[data-testid=stIconMaterial], [data-testid=stExpanderIcon], [data-testid=stAlertDynamicIcon], [role=img]";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (around.closest(`style, script, noscript, td, ${icon}`) || getComputedStyle(around).display === "none") continue;
    said.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "aria-roledescription", "aria-valuetext"]) {
    for (const element of document.querySelectorAll(`body [${name}]`)) {
      if (!element.closest("svg") && getComputedStyle(element).display !== "none") said.push(element.getAttribute(name));
    }
  }
  return said;
}"""


def strange(page: Page, names: set[str]) -> set[str]:
    """What the page says in Latin letters, but for units, codes, endings of files and names."""
    return {
        " ".join(text.split())[:90]
        for text in page.evaluate(SAID)
        if {word for word in LATIN.findall(text) if word not in ALLOWED} - names
    }


@pytest.fixture(scope="module")
def names(data: Dataset) -> set[str]:
    """Words of Latin letters in names and products of the enterprises, and in names of settings as they are typed."""
    rows = data.enterprises
    return {word for name in VARIABLES for word in LATIN.findall(name)} | {
        word
        for column in ("name", "industry_detail", "park", "address")
        for text in rows[column].astype(str)
        for word in LATIN.findall(text)
    }


def column_menu(page: Page, table: Locator) -> Locator:
    """Open the menu of a table's first column: three dots, drawn where the column ends, which only a press finds."""
    box = table.locator("canvas").first.bounding_box()
    assert box
    menu = page.locator("[data-testid=stDataFrameColumnMenu]")
    for x in range(60, int(box["width"]), 14):
        page.mouse.move(box["x"] + x, box["y"] + 16)
        page.mouse.click(box["x"] + x, box["y"] + 16)
        if menu.count():
            break
    menu.wait_for()
    return menu


def states(page: Page) -> Iterator[str]:
    """Open, one after another, what Streamlit shows only when it is asked for; names each."""
    yield "as it opens"
    for opener in page.locator("[data-testid=stMain] [data-testid=stPopover] button").all():
        opener.click()
        page.locator("[data-testid=stPopoverBody]").wait_for()
        yield "popover"
        page.keyboard.press("Escape")
    for kind in ("stMultiSelect", "stSelectbox"):
        field = page.locator(f"[data-testid={kind}] input:enabled:visible").first
        if field.count():
            opened = page.get_by_role("listbox")
            for _ in range(3):  # a run that ends at that very moment closes it, and a reader presses again
                field.click()
                with contextlib.suppress(PlaywrightTimeoutError):
                    opened.wait_for(timeout=5_000)
                    break
            yield kind
            page.keyboard.type("zz")
            yield f"{kind} without a match"
            page.keyboard.press("Backspace")
            page.keyboard.press("Backspace")
            page.keyboard.press("Escape")
    for field in page.locator("[data-testid=stTextInput] input:visible").all()[:1]:
        field.click()
        page.keyboard.type("7")
        yield "text typed"
        page.keyboard.press("Backspace")
    for table in page.locator("[data-testid=stMain] [data-testid=stDataFrame]:visible").all()[:1]:
        table.scroll_into_view_if_needed()
        table.hover()
        yield "tools of a table"
        menu = column_menu(page, table)
        for entry in menu.get_by_role("menuitem").all():
            entry.hover()
            yield "menu of a column"
        page.keyboard.press("Escape")
    for chart in page.locator("[data-testid=stVegaLiteChart]:visible").all()[:1]:
        chart.scroll_into_view_if_needed()
        chart.hover()
        yield "chart"


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_in_chinese_every_word_is_chinese(page: Page, name: str, names: set[str]) -> None:
    page.goto("/" if name == PAGES[0].name else f"/{name}")
    at_rest(page)
    if name == PAGES[0].name:
        map_of(page)
    found: dict[str, str] = {}
    for state in states(page):
        page.wait_for_timeout(150)  # what is exchanged is exchanged before the next picture
        for text in strange(page, names):
            found.setdefault(text, state)
    assert found == {}


def test_a_page_that_does_not_exist_is_said_in_the_users_language(page: Page) -> None:
    page.goto("/nosuch")
    expect(page.get_by_role("dialog")).to_contain_text("没有这一页")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_document_has_its_language_and_streamlit_keeps_its_words_in_english(page: Page) -> None:
    page.goto("/enterprises")
    at_rest(page)
    html = page.locator("html")
    opener = page.locator(".st-key-filter_district [data-testid=stMultiSelect] button").last
    expect(html).to_have_attribute("lang", "zh-CN")
    expect(opener).to_have_attribute("aria-label", "展开选项")
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    expect(html).to_have_attribute("lang", "en")
    expect(page.locator(".st-key-filter_district [data-testid=stMultiSelect] button").last).to_have_attribute(
        "aria-label", "Open"
    )


def test_words_of_data_are_left_alone(page: Page) -> None:
    """A search for what Streamlit calls one of its own buttons shows as it was typed."""
    page.goto("/enterprises?q=Search")
    at_rest(page)
    expect(page.locator(".st-key-strip")).to_contain_text("Search")
    expect(page.locator(".st-key-filter_q input")).to_have_value("Search")
