"""The visit sheet as one HTML page to print: nothing in it asks for anything, all text of the data is escaped."""

import tempfile
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.records.enterprises import positions_in
from app.records.shortlist import FOLLOW_UP_STAGES, Entry
from geo.datasets.dataset import BUILT_IN_TITLE, Dataset
from geo.datasets.profile import profile_of
from geo.distance import distance_m
from geo.enterprises.schema import COLUMNS, PRECISION_LABELS
from geo.export.selection import notes_of
from geo.export.spreadsheet import Sheet, write_xlsx
from geo.filters.filters import options
from geo.ingest.values.privacy import is_personal_title
from geo.places.geocoding import POINT_PRECISIONS
from geo.roads.store import Roads
from geo.routing import legs, visit_order
from geo.text import Text

MAX_STOPS: Final = 300
"""Entries that a visit sheet takes."""

VISIT_COLUMNS: Final[dict[str, Text]] = {
    "stop": Text("次序", "Stop"),
    "group": Text("分组", "Group"),
    "name": COLUMNS["name"].label,
    "address": COLUMNS["address"].label,
    "district": COLUMNS["district"].label,
    "town": COLUMNS["town"].label,
    "park": COLUMNS["park"].label,
    "industry": COLUMNS["industry"].label,
    "capital": COLUMNS["capital_amount"].label,
    "founded": COLUMNS["founded"].label,
    "contact": Text("联系方式", "Contact"),
    "leg_km": Text("距上一站直线（km）", "Straight line from the last stop (km)"),
    "leg_minutes": Text("从上一站驾车（分钟）", "From the last stop by car (min)"),
    "precision": COLUMNS["location_precision"].label,
    "stage": Text("阶段", "Stage"),
    "next_step": Text("下一步", "Next step"),
    "due": Text("期限", "Due"),
    "owner": Text("负责人", "Owner"),
    "notes": Text("备注", "Notes"),
    "set": Text("来自", "From"),
    "uscc": COLUMNS["uscc"].label,
    "lon": COLUMNS["lon"].label,
    "lat": COLUMNS["lat"].label,
}
"""Columns of the visit sheet → header in Chinese and English; contacts only where an import kept them."""


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

_DRIVEN: Final = {
    "zh": (
        "次序",
        "最近邻加 2-opt，按驾车时间。{about}。只知园区、街镇或区的企业不排次序，按区、街镇列在后面。"
        "没有驾车时间的路段有 {n} 段，按直线以 {kmh:g} km/h 折算后排次序，分钟数留空。",
    ),
    "en": (
        "Order",
        "Nearest neighbour and 2-opt on driving times. {about}. Enterprises known only by park, town or district have no "
        "place in it and follow by area. Legs without a driving time: {n}; they are ordered by straight lines at {kmh:g} km/h "
        "and their minutes stay empty.",
    ),
}

FALLBACK_KMH: Final = 20.0
"""Assumed speed along the straight line between places that have no driving time, to put them in order."""

MAX_DRIVEN_STOPS: Final = 60
"""Stops of which the driving times from each to each are looked for; more go by straight lines."""


class Visit(NamedTuple):
    """A visit sheet.

    `rows` one per entry, columns of `VISIT_COLUMNS`: first those with a point of their own in the order of the way, then the
    others by group, their
    `stop`, `leg_km` and `leg_minutes` (by driving time only) missing.  `sentence` says what the list holds, `notes` where it is from.
    """

    rows: pd.DataFrame
    sentence: str
    notes: dict[str, str]
    synthetic: bool


def plan_visit(
    entries: Sequence[Entry], data: Dataset, sentence: str, lang: str = "zh", roads: Roads | None = None
) -> Visit:
    """Put entries in the order in which to visit them.

    Parameters
    ----------
    entries : sequence of Entry
        Facts are those of the open set where it holds the enterprise, else those kept when it was picked.
    data : Dataset
        The open set.
    sentence : str
        What the list holds, in words.
    lang : {"zh", "en"}
    roads : Roads, optional
        When given, and there are at most `MAX_DRIVEN_STOPS` stops, the order is by driving time.

    Returns
    -------
    Visit
    """
    facts = _facts(entries, data, lang)
    ordered, undriven = _ordered(facts, roads)
    unused = {*(() if facts["contact"].any() else ("contact",)), *(("leg_minutes",) if undriven is None else ())}
    rows = _in_words(ordered, lang == "en")[[name for name in VISIT_COLUMNS if name not in unused]]
    synthetic = bool(facts["synthetic"].any())
    titles = list(dict.fromkeys(facts["set"]))
    notes = notes_of(
        len(rows),
        lang,
        sentence,
        data.date,
        synthetic=synthetic,
        lists=[title for title in titles if title != BUILT_IN_TITLE.zh],
        sample=BUILT_IN_TITLE.zh in titles,
    )
    spoken = "en" if lang == "en" else "zh"
    if roads is None or undriven is None:
        return Visit(rows, sentence, notes | _ORDER[spoken], synthetic)
    key, text = _DRIVEN[spoken]
    order = {key: text.format(about=roads.record.about(spoken), n=undriven, kmh=FALLBACK_KMH)}
    return Visit(rows, sentence, notes | order, synthetic)


def count_stops(entries: Sequence[Entry], data: Dataset) -> int:
    """Stops that the visit sheet of these entries has: enterprises with a point of their own, each once."""
    places = positions_in(data, [entry.firm for entry in entries])
    rows = [
        data.enterprises.iloc[place] if place >= 0 else entry.firm.facts
        for entry, place in zip(entries, places, strict=True)
    ]
    facts = pd.DataFrame({name: [row.get(name, "") for row in rows] for name in ("lon", "lat", "location_precision")})
    facts["key"] = [entry.firm.key for entry in entries]
    return facts.loc[_has_point(facts), "key"].nunique()


def visit_xlsx(visit: Visit, lang: str = "zh") -> bytes:
    """The visit sheet as a workbook: typed columns, days as dates, codes as text, source and order on a second sheet."""
    en = lang == "en"
    names = list(visit.rows.columns)
    table = visit.rows.rename(columns={name: pair[en] for name, pair in VISIT_COLUMNS.items()})
    kinds = ["code" if name == "uscc" else "date" if name == "due" else "" for name in names]
    wide = {"name": 32, "address": 40, "contact": 30, "next_step": 30, "notes": 40, "set": 24, "uscc": 22}
    widths = {place: wide[name] for place, name in enumerate(names) if name in wide}
    sheet = Sheet("visit" if en else "走访单", table, kinds, widths)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        write_xlsx(Path(folder) / "visit.xlsx", [sheet], visit.notes)
        return (Path(folder) / "visit.xlsx").read_bytes()


def contact_columns(data: Dataset) -> list[str]:
    """Columns with people's names, telephones and mailboxes, which a dataset has where its importer chose to keep them.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> contact_columns(load_dataset())
    []
    """
    return [name for name in data.enterprises.columns if name not in COLUMNS and is_personal_title(str(name))]


def _facts(entries: Sequence[Entry], data: Dataset, lang: str) -> pd.DataFrame:
    """Facts and follow-up of each entry, one row each."""
    contacts = contact_columns(data)
    rows: list[dict[str, Any]] = []
    places = positions_in(data, [entry.firm for entry in entries])
    names = ("adcode", "district", "town", "park", "address", "lon", "lat", "location_precision")
    for entry, place in zip(entries, places, strict=True):
        kept = entry.firm.facts
        row = data.enterprises.iloc[place] if place >= 0 else kept
        facts = {name: row.get(name, "") for name in names}
        facts |= {"name": str(row["name"]) if place >= 0 else entry.firm.name, "uscc": entry.firm.uscc}
        facts |= {"key": entry.firm.key}
        said = profile_of({"enterprise_id": "", **row}, lang).facts
        words = {fact.column: fact.value for section in said.values() for fact in section}
        facts |= {"industry": words.get("industry", ""), "founded": words.get("founded", "")}
        facts |= {"capital": words.get("capital_amount", "")}
        known = {name: row[name] for name in contacts if name in row and not pd.isna(row[name]) and str(row[name])}
        facts |= {"contact": "；".join(f"{name} {value}" for name, value in known.items())}
        facts |= {"set": data.title if place >= 0 else entry.firm.set_title}
        facts |= {"synthetic": data.synthetic if place >= 0 else bool(kept.get("synthetic"))}
        rows.append(facts | {name: getattr(entry, name) for name in ("stage", "next_step", "due", "owner", "notes")})
    more = ("industry", "capital", "founded", "contact")
    columns = [*names, *more, "key", "name", "uscc", "set", "synthetic", "stage", "next_step", "due", "owner", "notes"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(lon=pd.to_numeric(frame["lon"]), lat=pd.to_numeric(frame["lat"]))


def _ordered(facts: pd.DataFrame, roads: Roads | None) -> tuple[pd.DataFrame, int | None]:
    """Number the stops along the way, one to an enterprise whoever follows it; areas come last, without a number.

    Second, how many legs have no driving time; None where the order is by straight lines.
    """
    own_point = _has_point(facts)
    stops, areas = facts[own_point], facts[~own_point]
    places = stops.drop_duplicates("key")
    driven = roads is not None and len(places) <= MAX_DRIVEN_STOPS
    seconds = roads.network.matrix(places["lon"], places["lat"]) if roads is not None and driven else None
    order = visit_order(places["lon"], places["lat"], None if seconds is None else _finite(seconds, places))
    places = places.iloc[order].set_index("key")
    minutes = np.full(len(order), np.nan)
    if seconds is not None:
        along = seconds[order[:-1], order[1:]]
        minutes[1:] = np.where(np.isfinite(along), along / 60, np.nan).round(0)
    places = places.assign(
        stop=np.arange(1, len(places) + 1),
        leg_km=np.r_[np.nan, legs(places["lon"], places["lat"]) / 1000][: len(places)].round(1),
        leg_minutes=minutes,
    )
    stops = stops.join(places[["stop", "leg_km", "leg_minutes"]], on="key").sort_values("stop", kind="stable")
    for leg in ("leg_km", "leg_minutes"):
        stops[leg] = stops[leg].where(~stops["key"].duplicated())
    areas = areas.sort_values(["adcode", "town", "park", "name"], kind="stable")
    rows = pd.concat([stops, areas]).reset_index(drop=True).astype({"stop": "Int64"})
    return rows, None if seconds is None else int(np.isnan(minutes[1:]).sum())


def _has_point(facts: pd.DataFrame) -> "pd.Series[bool]":
    known = pd.to_numeric(facts["lon"]).notna() & pd.to_numeric(facts["lat"]).notna()
    return facts["location_precision"].isin(POINT_PRECISIONS) & known


def _finite(seconds: NDArray[np.float64], places: pd.DataFrame) -> NDArray[np.float64]:
    """Driving times, and along the straight line at `FALLBACK_KMH` where there is none."""
    lon, lat = places["lon"].to_numpy(float), places["lat"].to_numpy(float)
    metres = np.array([distance_m(lon, lat, x, y) for x, y in zip(lon, lat, strict=True)]).reshape(seconds.shape)
    return np.where(np.isfinite(seconds), seconds, metres / (FALLBACK_KMH / 3.6))


def _in_words(rows: pd.DataFrame, en: bool) -> pd.DataFrame:
    """The codes of the rows as a user calls them, and the group that each stands in."""
    districts = {code: pair[en] for code, pair in options("district").items()}
    records = rows.to_dict("records")
    way = "By way" if en else "按路线"
    return rows.assign(
        district=[districts.get(row["adcode"], row["district"]) for row in records],
        group=[way if pd.notna(row["stop"]) else _area(row, districts, en) for row in records],
        precision=[PRECISION_LABELS.get(row["location_precision"], ("", ""))[en] for row in records],
        stage=[FOLLOW_UP_STAGES[row["stage"]][en] for row in records],
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
    if "leg_minutes" in visit.rows:
        way += _driven_in_all(visit.rows, en)
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


def _driven_in_all(rows: pd.DataFrame, en: bool) -> str:
    """The minutes of all legs, and of how many they are not known."""
    unknown = int((rows["leg_km"].notna() & rows["leg_minutes"].isna()).sum())
    legs_en = "1 leg" if unknown == 1 else f"{unknown} legs"
    if not rows["leg_minutes"].notna().any():
        none = f", driving time unknown ({legs_en})" if en else f"，驾车时间不知（{unknown} 段）"
        return none if unknown else ""
    minutes = rows["leg_minutes"].sum()
    more = (f" ({legs_en} unknown)" if en else f"（另有 {unknown} 段不知）") if unknown else ""
    return (f", {minutes:.0f} min by car" if en else f"，驾车合计 {minutes:.0f} 分钟") + more


def _group(name: str, rows: list[dict[str, Any]], en: bool) -> str:
    head = f"<section><h2>{escape(name)} <small>{len(rows)}</small></h2><ol>"
    return head + "".join(_stop(row, en) for row in rows) + "</ol></section>"


def _stop(row: dict[str, Any], en: bool) -> str:
    """One enterprise: number, name, where, what is next, and room to write."""
    number = "" if pd.isna(row["stop"]) else str(int(row["stop"]))
    leg = "" if pd.isna(row["leg_km"]) else f"{row['leg_km']:.1f} km"
    if not pd.isna(row.get("leg_minutes", np.nan)):
        leg += f" · {row['leg_minutes']:.0f} {'min by car' if en else '分钟（驾车）'}"
    where = " · ".join(filter(None, [row["district"], row["park"] or row["town"], row["address"]]))
    due = row["due"].isoformat() if row["due"] is not None and not pd.isna(row["due"]) else ""
    told = [f"{VISIT_COLUMNS[name][en]} {row[name]}" for name in ("capital", "founded") if row[name]]
    about = " · ".join(filter(None, [row["industry"], *told]))
    state = " · ".join(filter(None, [row["stage"], due, row["owner"]]))
    source = " · ".join(filter(None, [row["precision"], row["uscc"], row["set"]]))
    items = "".join(
        f"<dt>{escape(VISIT_COLUMNS[name][en])}</dt><dd>{escape(str(row[name]))}</dd>"
        for name in ("contact", "next_step", "notes")
        if row.get(name)
    )
    return (
        f'<li><div class="number">{number}</div><div><h3>{escape(str(row["name"]))}</h3>'
        f'<p>{escape(where)}<span class="leg">{leg}</span></p><p>{escape(about)}</p><p class="state">{escape(state)}</p>'
        f'<dl>{items}</dl><p class="source">{escape(source)}</p><div class="room"></div></div></li>'
    )
