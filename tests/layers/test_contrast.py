"""Our own text is dark enough on what lies behind it: a contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from layers.base import THEMED_COLOURS
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


VARIABLE = re.compile(r"(--x-[a-z-]+)\s*:\s*(#[0-9A-Fa-f]{3,6})")
PAPER = {"light": "#fff", "dark": "#222A33"}
"""Behind what says nothing else: of our dark backgrounds the lightest, that of fields, on which light text reads worst."""


def text_of(file):
    """A style sheet without its comments and without what it says of paper, where ink is always dark."""
    bare = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)
    return bare.split("@media print {")[0]


def variables(file, theme):
    """The colours that a style sheet has by name, in one theme."""
    daylight, _, dark = text_of(file).partition("(prefers-color-scheme: dark)")
    found = dict(VARIABLE.findall(daylight))
    return found | (dict(VARIABLE.findall(dark)) if theme == "dark" else {})


def coloured_texts():
    """Theme, selector, colour of its text, colour behind it; that of the page where the rule says nothing else."""
    for file, theme in product(STYLES, PAPER):
        if theme == "dark" and (file.parts[-3] == "reports" or file.name == "visit.css"):
            continue  # a document is paper
        known = variables(file, theme)

        def of(value, known=known):
            return known.get(value.removeprefix("var(").removesuffix(")"), value)

        for selector, body in RULE.findall(text_of(file)):
            rules: dict[str, str] = dict(re.findall(r"([a-z-]+)\s*:\s*([^;]+)", body))
            colour = of(rules.get("color", "").replace("var(--ink, #fff)", "#fff"))
            if colour.startswith("#"):
                own = of(rules.get("background", PAPER[theme]))
                behind = BEHIND.get(own, own)
                yield (
                    theme,
                    f"{file.name} {selector.strip()}",
                    colour,
                    behind if behind.startswith("#") else PAPER[theme],
                )


def test_the_formula_is_that_of_wcag():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "selector", "colour", "behind"), list(coloured_texts()))
def test_every_colour_of_text_in_our_styles(theme, selector, colour, behind):
    assert contrast(colour, behind) >= 4.5, (theme, selector)


@pytest.mark.parametrize("behind", [LAND, SEA, "#fff"])
def test_names_on_the_map_and_figures_in_charts(behind):
    name = next(
        colour for theme, selector, colour, _ in coloured_texts() if "div.x-label" in selector and theme == "light"
    )
    assert contrast(name, behind) >= 4.5
    assert contrast(PAGE_INK, behind) >= 4.5


MAP_STYLE = ROOT / "layers" / "static" / "map.css"


@pytest.mark.parametrize("ground", ["--x-land", "--x-around", "--x-sea"])
def test_what_stands_on_the_dark_map(ground):
    dark = variables(MAP_STYLE, "dark")
    for text in ("--x-name", "--x-quiet", "--x-park"):
        assert contrast(dark[text], dark[ground]) >= 4.5, text
    for line in ("--x-core", "--x-belt", "--x-intended", "--x-drawn", "--x-rim"):  # WCAG 2.2, 1.4.11
        assert contrast(dark[line], dark[ground]) >= 3, line


def test_by_day_a_themed_colour_is_the_one_that_is_drawn():
    daylight = variables(MAP_STYLE, "light")
    assert {daylight[name]: name for name in THEMED_COLOURS.values()} == THEMED_COLOURS


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_theme(name):
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][name]
    for behind in (theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]):
        for text in ("textColor", "linkColor", "primaryColor"):
            assert contrast(theme[text], behind) >= 4.5, (text, behind)
