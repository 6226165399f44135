"""The visit sheet as one HTML page to print: nothing in it asks for anything, all text of the data is escaped."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pandas as pd

from app.visit import COLUMNS, Visit

_STYLE: Final = Path(__file__).with_name("visit.css")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def visit_html(visit: Visit, lang: str, day: str) -> str:
    """The visit sheet as an HTML document.

    Parameters
    ----------
    visit : Visit
    lang : {"zh", "en"}
    day : str
        The day on which it is made, ISO 8601.
    """
    en = lang == "en"
    title = "Visit sheet" if en else "走访单"
    made_up = "Synthetic data: these enterprises are made up." if en else "合成数据：这些企业是虚构的。"
    rows = visit.rows.to_dict("records")
    parts = [_group(name, list(members), en) for name, members in groupby(rows, key=lambda row: str(row["group"]))]
    total = visit.rows["leg_km"].sum()
    stops = int(visit.rows["stop"].nunique())
    way = f"{stops} stops, {total:.1f} km of straight lines" if en else f"{stops} 站，直线合计 {total:.1f} km"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"en" if en else "zh-CN"}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} {escape(day)}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>",
            f"<header><h1>{escape(title)}</h1><p>{escape(visit.sentence)}</p>",
            f"<p>{escape(way)} · {escape(day)}</p>" if stops else f"<p>{escape(day)}</p>",
            f'<p class="synthetic">{escape(made_up)}</p>' if visit.synthetic else "",
            "</header><main>",
            *parts,
            "</main><footer><dl>",
            *(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in visit.notes.items()),
            "</dl></footer></body></html>",
        ]
    )


def _group(name: str, rows: list[dict[str, Any]], en: bool) -> str:
    head = f"<section><h2>{escape(name)} <small>{len(rows)}</small></h2><ol>"
    return head + "".join(_stop(row, en) for row in rows) + "</ol></section>"


def _stop(row: dict[str, Any], en: bool) -> str:
    """One enterprise: number, name, where, what is next, and room to write."""
    number = "" if pd.isna(row["stop"]) else str(int(row["stop"]))
    leg = "" if pd.isna(row["leg_km"]) else f"{row['leg_km']:.1f} km"
    where = " · ".join(filter(None, [row["district"], row["park"] or row["town"], row["address"]]))
    due = row["due"].isoformat() if row["due"] is not None and not pd.isna(row["due"]) else ""
    state = " · ".join(filter(None, [row["stage"], due, row["owner"]]))
    source = " · ".join(filter(None, [row["precision"], row["uscc"], row["set"]]))
    items = "".join(
        f"<dt>{escape(COLUMNS[name][en])}</dt><dd>{escape(str(row[name]))}</dd>"
        for name in ("next_step", "notes")
        if row[name]
    )
    return (
        f'<li><div class="number">{number}</div><div><h3>{escape(str(row["name"]))}</h3>'
        f'<p>{escape(where)}<span class="leg">{leg}</span></p><p class="state">{escape(state)}</p>'
        f'<dl>{items}</dl><p class="source">{escape(source)}</p><div class="room"></div></div></li>'
    )
