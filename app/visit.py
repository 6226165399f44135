"""The visit sheet: entries in the order of a sensible way, as a workbook and as a page to print."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from app.records.firms import positions_in
from app.records.shortlist import STAGES, Entry
from geo.datasets import Datasets
from geo.export import notes_of
from geo.filters import options
from geo.labels import PRECISION_LABELS
from geo.placing import POINT_PRECISIONS
from geo.route import legs, visit_order
from geo.sheets import Sheet, write_xlsx

MOST: Final = 300
"""Entries that a visit sheet takes."""

COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "stop": ("次序", "Stop"),
    "group": ("分组", "Group"),
    "name": ("企业名称", "Enterprise"),
    "address": ("地址", "Address"),
    "district": ("所在区", "District"),
    "town": ("街道/镇", "Town"),
    "park": ("园区", "Park"),
    "leg_km": ("距上一站直线（km）", "Straight line from the last stop (km)"),
    "precision": ("定位精度", "Location precision"),
    "stage": ("阶段", "Stage"),
    "next_step": ("下一步", "Next step"),
    "due": ("期限", "Due"),
    "owner": ("负责人", "Owner"),
    "notes": ("备注", "Notes"),
    "set": ("来自", "From"),
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "lon": ("经度", "Longitude"),
    "lat": ("纬度", "Latitude"),
}
"""Columns of the visit sheet → header in Chinese and English."""


_ORDER: Final = {
    "zh": {
        "次序": "最近邻加 2-opt，按直线距离（EPSG:32651），不含道路与路况。"
        "只知园区、街镇或区的企业不排次序，按区、街镇列在后面。"
    },
    "en": {
        "Order": "Nearest neighbour and 2-opt on straight lines (EPSG:32651); roads and traffic are not known. "
        "Enterprises known only by park, town or district have no place in it and follow by area."
    },
}


class Visit(NamedTuple):
    """A visit sheet.

    `rows` one per entry, columns of `COLUMNS`: first those with a point of their own in the order of the way, then the
    others by group, their `stop` and `leg_km` missing.  `sentence` says what the list holds, `notes` where it is from.
    """

    rows: pd.DataFrame
    sentence: str
    notes: dict[str, str]
    synthetic: bool


def plan_visit(entries: Sequence[Entry], data: Datasets, sentence: str, lang: str = "zh") -> Visit:
    """Put entries in the order in which to visit them.

    Parameters
    ----------
    entries : sequence of Entry
        Facts are those of the open set where it holds the enterprise, else those kept when it was picked.
    data : Datasets
        The open set.
    sentence : str
        What the list holds, in words.
    lang : {"zh", "en"}

    Returns
    -------
    Visit
    """
    facts = _facts(entries, data)
    rows = _in_words(_ordered(facts), lang == "en")[list(COLUMNS)]
    synthetic = bool(facts["synthetic"].any())
    notes = notes_of(len(rows), lang, sentence, data.date, synthetic=synthetic)
    return Visit(rows, sentence, notes | _ORDER["en" if lang == "en" else "zh"], synthetic)


def visit_xlsx(visit: Visit, lang: str = "zh") -> bytes:
    """The visit sheet as a workbook: typed columns, days as dates, codes as text, source and order on a second sheet."""
    en = lang == "en"
    table = visit.rows.rename(columns={name: pair[en] for name, pair in COLUMNS.items()})
    kinds = ["code" if name == "uscc" else "date" if name == "due" else "" for name in COLUMNS]
    wide = {"name": 32, "address": 40, "next_step": 30, "notes": 40, "set": 24, "uscc": 22}
    widths = {place: wide[name] for place, name in enumerate(COLUMNS) if name in wide}
    sheet = Sheet("visit" if en else "走访单", table, kinds, widths)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        write_xlsx(Path(folder) / "visit.xlsx", [sheet], visit.notes)
        return (Path(folder) / "visit.xlsx").read_bytes()


def _facts(entries: Sequence[Entry], data: Datasets) -> pd.DataFrame:
    """Facts and follow-up of each entry, one row each."""
    rows: list[dict[str, Any]] = []
    places = positions_in(data, [entry.firm for entry in entries])
    names = ("adcode", "district", "town", "park", "address", "lon", "lat", "location_precision")
    for entry, place in zip(entries, places, strict=True):
        kept = entry.firm.facts
        row = data.enterprises.iloc[place] if place >= 0 else kept
        facts = {name: row.get(name, "") for name in names}
        facts |= {"name": str(row["name"]) if place >= 0 else entry.firm.name, "uscc": entry.firm.uscc}
        facts |= {"key": entry.firm.key}
        facts |= {"set": data.title if place >= 0 else entry.firm.set_title}
        facts |= {"synthetic": data.synthetic if place >= 0 else bool(kept.get("synthetic"))}
        rows.append(facts | {name: getattr(entry, name) for name in ("stage", "next_step", "due", "owner", "notes")})
    columns = [*names, "key", "name", "uscc", "set", "synthetic", "stage", "next_step", "due", "owner", "notes"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(lon=pd.to_numeric(frame["lon"]), lat=pd.to_numeric(frame["lat"]))


def _ordered(facts: pd.DataFrame) -> pd.DataFrame:
    """Number the stops along the way, one to an enterprise whoever follows it; areas come last, without a number."""
    own_point = facts["location_precision"].isin(POINT_PRECISIONS) & facts["lon"].notna() & facts["lat"].notna()
    stops, areas = facts[own_point], facts[~own_point]
    places = stops.drop_duplicates("key")
    places = places.iloc[visit_order(places["lon"], places["lat"])].set_index("key")
    places = places.assign(
        stop=np.arange(1, len(places) + 1),
        leg_km=np.r_[np.nan, legs(places["lon"], places["lat"]) / 1000][: len(places)].round(1),
    )
    stops = stops.join(places[["stop", "leg_km"]], on="key").sort_values("stop", kind="stable")
    stops["leg_km"] = stops["leg_km"].where(~stops["key"].duplicated())
    areas = areas.sort_values(["adcode", "town", "park", "name"], kind="stable")
    return pd.concat([stops, areas]).reset_index(drop=True).astype({"stop": "Int64"})


def _in_words(rows: pd.DataFrame, en: bool) -> pd.DataFrame:
    """The codes of the rows as a reader calls them, and the group that each stands in."""
    districts = {code: pair[en] for code, pair in options("district").items()}
    records = rows.to_dict("records")
    way = "By way" if en else "按路线"
    return rows.assign(
        district=[districts.get(row["adcode"], row["district"]) for row in records],
        group=[way if pd.notna(row["stop"]) else _area(row, districts, en) for row in records],
        precision=[PRECISION_LABELS.get(row["location_precision"], ("", ""))[en] for row in records],
        stage=[STAGES[row["stage"]][en] for row in records],
        set=[_set(row["set"], row["synthetic"], en) for row in records],
    )


def _area(row: dict[str, Any], districts: dict[str, str], en: bool) -> str:
    """Name of the area that an enterprise without a point of its own is listed under."""
    parts = [part for part in (districts.get(row["adcode"], row["district"]), row["town"] or row["park"]) if part]
    if not parts:
        return "No location known" if en else "没有可用的位置"
    return " · ".join(parts) + (" (area only)" if en else "（只知区域）")


def _set(title: str, made_up: bool, en: bool) -> str:
    if not made_up:
        return title
    return f"{title} (synthetic data)" if en else f"{title}（合成数据）"
