"""Chains and sites in a browser: a node leads to its suggestions, ranks stand on the map, the map stays where it was put."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from geo.chains.assignment import load_chains, on_node
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from tests.browser.screen import at_rest, map_of, no_traceback

BADGES = """() => Object.values(explorer.map._layers)
  .filter((layer) => layer.feature && layer.feature.properties.kind === "badge")
  .map((layer) => layer.feature.properties.n).sort((a, b) => a - b)"""


def test_a_gap_leads_to_whom_to_ask(page: Page, data: Dataset) -> None:
    page.goto("/chains?district=310117")
    at_rest(page)
    page.locator(".st-key-chain").get_by_text("高端装备", exact=True).click()
    name = load_chains().at["EQP-M4", "name_zh"]
    assert not (on_node(data.nodes, "EQP-M4") & data.mask(Filters(district=("310117",)))).any()
    node = page.locator(".st-key-node_EQP-M4 button")
    expect(node).to_contain_text("0 / ")
    node.click()
    expect(page.get_by_role("heading", name=f"补链建议：{name}")).to_be_visible()
    expect(page.locator(".st-key-node_about")).to_contain_text("浦东新区")
    frame = map_of(page)
    frame.wait_for_function(f"({BADGES})().length > 0")
    ranks = frame.evaluate(BADGES)
    assert len(set(ranks)) == len(ranks)
    assert max(ranks) <= 50
    expect(page.locator(".st-key-backtest_box")).to_contain_text("最大的区优先")
    no_traceback(page)


def test_the_map_of_sites_stays_where_it_was_put_when_a_weight_changes(page: Page) -> None:
    page.goto("/fit")
    at_rest(page)
    frame = map_of(page)
    frame.wait_for_function(f"({BADGES})().length > 0")
    before = frame.evaluate(BADGES)
    frame.evaluate("explorer.map.setView([31.0, 121.3], 12, { animate: false })")
    thumb = page.locator(".st-key-fit_weight_type input[type=range]")
    thumb.focus()
    for _ in range(6):
        thumb.press("ArrowLeft")
    expect(thumb).to_have_value("0")
    at_rest(page)
    frame.wait_for_function(f"JSON.stringify(({BADGES})()) !== {str(before)!r}.replaceAll(' ', '')")
    assert frame.evaluate("explorer.map.getZoom()") == 12


def test_both_pages_fit_on_a_phone(phone: Page) -> None:
    for path in ("/chains?lang=en", "/fit?lang=en"):
        phone.goto(path)
        at_rest(phone)
        map_of(phone)
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        no_traceback(phone)
