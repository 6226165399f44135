"""Counts as horizontal bars, drawn as SVG: every bar carries its number, so that it reads in greyscale too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from layers.markup import SVG, node

WIDTH, ROW, LABEL, END = 620, 24, 190, 110
"""Width of a figure, height of a row, room for labels and for numbers [px]."""

INK: Final = "#1F2933"


class Part(NamedTuple):
    """A piece of a bar: how many, its colour, and whether it is hatched."""

    n: int
    colour: str
    hatched: bool = False


class Bar(NamedTuple):
    """A bar: label, pieces, and what stands after the number."""

    label: str
    parts: tuple[Part, ...]
    note: str = ""

    @property
    def n(self) -> int:
        """Total of the pieces."""
        return sum(part.n for part in self.parts)


def draw_bars(title: str, bars: Sequence[Bar], key: str) -> Element:
    """Draw counts as bars of one scale from zero.

    Parameters
    ----------
    title : str
        What is counted; the figure's name for a screen reader.
    bars : sequence of Bar
    key : str
        Tells the figures of one page apart.

    Examples
    --------
    >>> from layers.markup import html_of
    >>> "97 · 12" in html_of(draw_bars("家数", [Bar("浦东新区", (Part(97, "#1F5AA6"),), "12")], "a"))
    True
    """
    most = max([bar.n for bar in bars], default=0) or 1
    scale = (WIDTH - LABEL - END) / most
    hatch = node(
        "pattern",
        node("path", d="M0 6L6 0", stroke="#fff", stroke_width="1.5"),
        id=f"hatch-{key}",
        width="6",
        height="6",
        patternUnits="userSpaceOnUse",
    )
    drawn = node("svg", node("defs", hatch), xmlns=SVG, viewBox=f"0 0 {WIDTH} {ROW * len(bars)}", role="img")
    drawn.set("aria-label", title)
    for place, bar in enumerate(bars):
        middle = ROW * place + ROW / 2
        drawn.append(_text(bar.label, LABEL - 8, middle, "end"))
        x = float(LABEL)
        for part in bar.parts:
            drawn.append(_rect(x, middle, part.n * scale, part.colour))
            if part.hatched:
                drawn.append(_rect(x, middle, part.n * scale, f"url(#hatch-{key})"))
            x += part.n * scale
        drawn.append(_text(f"{bar.n:,}" + (f" · {bar.note}" if bar.note else ""), x + 6, middle, "start"))
    return drawn


def _rect(x: float, middle: float, width: float, fill: str) -> Element:
    return node("rect", x=f"{x:.1f}", y=f"{middle - 8:.1f}", width=f"{width:.1f}", height="16", fill=fill)


def _text(text: str, x: float, y: float, anchor: str) -> Element:
    return node("text", text, x=f"{x:.1f}", y=f"{y + 4:.1f}", fill=INK, font_size="13", text_anchor=anchor)
