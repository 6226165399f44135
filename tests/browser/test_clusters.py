"""The clusters page in a browser: outlines on the map with their legend, a phone's width, English words."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Page, expect

from geo.clusters.analysis import find_groups
from geo.clusters.eligibility import decided
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from tests.browser.conftest import Traffic, open_page, running_app
from tests.browser.screen import at_rest, map_of, no_traceback, taken

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def test_outlines_stand_on_the_map_with_their_legend_and_members(browser: Browser, tmp_path: Path) -> None:
    write_demo(1200, tmp_path / "made_up")
    groups = decided(find_groups(open_dataset(tmp_path / "made_up"), Filters(), "equipment")).outlines
    explained = int((groups["p"] >= 0.05).sum())
    with (
        running_app(
            tmp_path, EXPLORER_WORKSPACE=str(tmp_path / "own"), EXPLORER_SET=str(tmp_path / "made_up")
        ) as server,
        open_page(browser, server, Traffic(server.url)) as page,
    ):
        page.goto("/clusters?industry=equipment")
        at_rest(page)
        page.get_by_role("radio", name="集群轮廓").or_(page.get_by_role("button", name="集群轮廓")).first.click()
        frame = map_of(page, "path.leaflet-interactive[stroke-dasharray='5 4']")
        expect(frame.locator(".x-panel")).to_contain_text("集群轮廓：高端装备")
        expect(frame.locator(".x-panel")).to_contain_text(f"整体分布可以解释 · {explained}")
        at_rest(page)
        coming = taken(page, page.locator(".st-key-clusters_members button"))
        file = tmp_path / "members.csv"
        coming.save_as(file)
        members = pd.read_csv(file, encoding="utf-8-sig")
        assert sorted(members["cluster"].value_counts()) == sorted(groups["members"])
        no_traceback(page)


def test_a_phone_reads_the_verdict_in_english_without_scrolling_sideways(phone: Page) -> None:
    phone.goto("/clusters?lang=en")
    at_rest(phone)
    expect(phone.locator(".st-key-clusters_decide")).to_contain_text("Enough firms?")
    expect(
        phone.locator("[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg").first
    ).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ends = "(all) => all.map((one) => one.getBoundingClientRect().right)"
    assert (
        max(phone.locator("[data-testid='stMain'] [role=radio]").evaluate_all(ends)) <= 390
    )  # nothing to choose is hidden
    phone.locator(".st-key-lang").evaluate("(one) => one.remove()")
    assert not CHINESE.findall(phone.locator("[data-testid='stMain']").inner_text())
    no_traceback(phone)
