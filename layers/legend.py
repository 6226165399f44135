"""Legends: made by the layer that draws, from the colours it draws with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

INDUSTRY_COLOURS: Final[dict[str, str]] = {
    "auto": "#D55E00",
    "electronics": "#0072B2",
    "aviation": "#56B4E9",
    "biomedicine": "#009E73",
    "equipment": "#E69F00",
    "materials": "#CC79A7",
    "other": "#6B7280",
    "": "#6B7280",
}
"""Industry code → colour (Okabe–Ito), the same in map, chart, table and packet."""


@dataclass(frozen=True)
class Entry:
    """One line of a legend: what it says, and the swatch as CSS declarations."""

    label: str
    swatch: str


@dataclass(frozen=True)
class Legend:
    """Title and entries of one layer's legend; `note` is a line of small print below them."""

    title: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    note: str = ""

    def as_dict(self) -> dict[str, object]:
        """The legend as plain values, for the panel on the map."""
        entries = [{"label": entry.label, "swatch": entry.swatch} for entry in self.entries]
        return {"title": self.title, "entries": entries, "note": self.note}
