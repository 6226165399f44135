"""A link that a colleague sent opens as it was sent, once who got it has signed in."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser

from tests.browser.conftest import STARTUP_SECONDS, Traffic, open_page
from tests.browser.screen import expect_number
from tests.security.provider import installation


def test_a_link_is_still_there_after_signing_in(browser: Browser, tmp_path: Path) -> None:
    with installation(tmp_path) as app:
        traffic = Traffic(app.url, allowed={app.provider, "https://cdn.jsdelivr.net"})
        with open_page(browser, app, traffic, viewport={"width": 1366, "height": 680}) as page:
            page.goto("/enterprises?district=310117&lang=en")
            page.locator(".st-key-sign_in_button button").click()
            page.locator("[name=sub]").fill("zhang")
            page.locator("[type=submit]").first.click()
            expect_number(page, 85, STARTUP_SECONDS)
            where = urlsplit(page.url)
            assert (where.path, parse_qs(where.query)) == ("/enterprises", {"district": ["310117"], "lang": ["en"]})
            assert page.evaluate("sessionStorage.getItem('explorer.asked')") is None  # taken once
