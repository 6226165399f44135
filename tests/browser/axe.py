"""What axe-core, which only the tests know, finds in a page and its frames."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

SCRIPT: Final = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE: Final = ("serious", "critical")

STREAMLITS_OWN: Final[dict[str, str]] = {}
"""Selector of an element that Streamlit makes and we cannot change → why its findings are left out."""

_RUN = """async (left_out) => (await axe.run({ exclude: left_out }, { iframes: false, resultTypes: ["violations"] })).violations
  .flatMap((found) => found.nodes.map((node) => [found.impact, found.id, node.target.join(" "), node.failureSummary]))"""


def grave_findings(page: Page) -> list[str]:
    """Serious and critical findings of the page and of every frame in it, one line each."""
    script = SCRIPT.read_text(encoding="utf-8")
    found = []
    for frame in page.frames:
        frame.evaluate(script)
        for impact, rule, target, summary in frame.evaluate(_RUN, [[selector] for selector in STREAMLITS_OWN]):
            if impact in GRAVE:
                found.append(f"{rule} ({impact}) {target}: {' '.join(str(summary).split())}")
    return found
