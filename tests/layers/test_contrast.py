"""Our own text is dark enough on what lies behind it: a contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""

import re
import tomllib
from pathlib import Path

import pytest

from layers.basemap import LAND, SEA
from layers.enterprises import BADGE
from reports.html import PAGE_INK

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted(
    file
    for folder in ("layers", "reports", "app")
    for file in (ROOT / folder).rglob("*.css")
    if (ROOT / "app" / "static") not in file.parents
)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
BEHIND = {"var(--colour)": BADGE}
"""Backgrounds that the script sets: a count of several is always of the badges' own colour."""


def hexadecimal(colour):
    digits = colour.strip().removeprefix("#")
    return "".join(2 * digit for digit in digits) if len(digits) == 3 else digits[:6]


def luminance(colour):
    digits = hexadecimal(colour)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def coloured_texts():
    """Selector, colour of its text, colour behind it; white where the rule says nothing else."""
    for file in STYLES:
        for selector, body in RULE.findall(re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"))):
            rules: dict[str, str] = dict(re.findall(r"([a-z-]+)\s*:\s*([^;]+)", body))
            colour = rules.get("color", "").removeprefix("var(--ink, ").removesuffix(")")
            if colour.startswith("#"):
                own = rules.get("background", "#fff")
                behind = BEHIND.get(own, own)
                yield f"{file.name} {selector.strip()}", colour, behind if behind.startswith("#") else "#fff"


def test_the_formula_is_that_of_wcag():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("selector", "colour", "behind"), list(coloured_texts()))
def test_every_colour_of_text_in_our_styles(selector, colour, behind):
    assert contrast(colour, behind) >= 4.5, selector


@pytest.mark.parametrize("behind", [LAND, SEA, "#fff"])
def test_names_on_the_map_and_figures_in_charts(behind):
    name = next(colour for selector, colour, _ in coloured_texts() if "div.x-label" in selector)
    assert contrast(name, behind) >= 4.5
    assert contrast(PAGE_INK, behind) >= 4.5


def test_the_theme():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for behind in (theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]):
        for text in ("textColor", "linkColor", "primaryColor"):
            assert contrast(theme[text], behind) >= 4.5, (text, behind)
