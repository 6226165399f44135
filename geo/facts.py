"""All that is known of an enterprise, fact by fact, each with its evidence, source and date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from geo.labels import COLUMN_LABELS, EVIDENCE_LABELS, labelled
from geo.options import options

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "registered": (
        *("name", "aliases", "kind", "uscc", "uscc_valid", "status", "founded", "capital", "insured", "size"),
        *("stock_code",),
    ),
    "industry": ("industry", "industry_detail", "gb4754", "business_scope", "recognitions"),
    "place": (
        *("district", "district_basis", "zone", "town", "park", "address", "registration"),
        *("location_precision", "location_error_m", "point"),
    ),
}
"""Section → facts, by the column that holds them; capital and point are made of two."""

_SOURCES: Final = {
    "name": ("name_evidence", "", ""),
    "address": ("address_evidence", "address_source_title", "address_source_url"),
    "district": ("evidence", "district_source_title", "district_source_url"),
}
"""Fact → columns of its evidence, source and link; all others come from the list itself."""


class Fact(NamedTuple):
    """A fact of an enterprise in words: what it is called, what it says, and where it is known from."""

    column: str
    label: str
    value: str
    evidence: str
    source: str
    url: str


def facts_of(row: pd.Series, lang: str = "zh") -> dict[str, list[Fact]]:
    """Facts of a row of the table, section → facts; what is unknown is left out.

    Examples
    --------
    >>> from geo.enterprises import load_enterprises
    >>> facts = facts_of(load_enterprises().iloc[1])
    >>> facts["registered"][0].label, facts["place"][0].column
    ('企业名称', 'district')
    """
    en = lang == "en"
    shown = labelled(pd.DataFrame([row]).drop(columns="geometry", errors="ignore"), lang).iloc[0]
    said: dict[str, Any] = {column: shown.get(pair[en], "") for column, pair in COLUMN_LABELS.items()}
    said["capital"] = _capital(row, lang)
    said["gb4754"] = options("gb4754").get(str(row["gb4754"]), (row["gb4754"],) * 2)[en]
    said["status"] = "" if row["status"] == "unknown" else said["status"]
    error = row["location_error_m"]
    said["location_error_m"] = f"{error:,.0f}" if pd.notna(error) and error else ""
    said["point"] = f"{row['lon']:.5f}, {row['lat']:.5f}" if row["location_precision"] in ("site", "road") else ""
    labels = {name: pair[en] for name, pair in COLUMN_LABELS.items()} | {
        "capital": COLUMN_LABELS["capital_amount"][en],
        "point": "WGS-84" if en else "坐标（WGS-84）",
    }
    return {
        section: [
            Fact(name, labels[name], text, *_source(name, row, lang)) for name in names if (text := _text(said[name]))
        ]
        for section, names in SECTIONS.items()
    }


def _source(name: str, row: pd.Series, lang: str) -> tuple[str, str, str]:
    evidence, title, url = _SOURCES.get(name, ("", "", ""))
    names: Mapping[str, tuple[str, str]] = options("evidence") if evidence == "evidence" else EVIDENCE_LABELS
    code = _text(row[evidence]) if evidence else ""
    said = names[code][lang == "en"] if code in names else code
    return said, _text(row[title]) if title else "", _text(row[url]) if url else ""


def _capital(row: pd.Series, lang: str) -> str:
    if pd.isna(row["capital_amount"]):
        return ""
    if lang == "en":
        return f"{row['capital_currency']} {row['capital_amount']:,.10g}"
    return f"{row['capital_amount'] / 1e4:,.10g} 万 {row['capital_currency']}"


def _text(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
