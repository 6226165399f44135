"""A press on a download always gives a file, on every page: it is made after the run that offered it has ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.ui.page import PAGES
from tests.browser.screen import at_rest, taken

WITHOUT_FILES = {"admin", "import", "plan", "sources", "shortlist"}
"""Pages that offer none as they open."""


@pytest.mark.parametrize("name", [page.name for page in PAGES if page.name not in WITHOUT_FILES])
def test_every_button_gives_its_file(page: Page, name: str) -> None:
    address = "/?lang=en" if name == PAGES[0].name else f"/{name}?lang=en"
    page.goto(address + ("&clusters_question=outlines" if name == "clusters" else ""))
    at_rest(page)
    if name == "whatif":
        page.locator(".st-key-whatif_add button").click()
    buttons = page.locator("[data-testid=stMain] [data-testid=stDownloadButton] button:visible:enabled")
    expect(buttons.first).to_be_visible()
    at_rest(page)
    for button in buttons.all():
        download = taken(page, button)
        assert download.path().stat().st_size > 20, download.suggested_filename
