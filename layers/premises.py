"""Premises on the map: one mark a point, in the colour of its kind, with cards of plain text."""

from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd

from geo.enterprises.schema import PRECISION_LABELS
from geo.premises.premises import PREMISES_COLUMNS, PREMISES_KINDS, fact_of, size_column
from geo.premises.quantities import QUANTITIES
from layers.base import Drawn, Entry, Legend, View, points, shifted
from layers.escape import plain

KIND_COLOURS: Final = {
    "parcel": "#E69F00", "plant": "#0072B2", "floor": "#56B4E9", "lab": "#009E73", "warehouse": "#D55E00",
    "office": "#CC79A7", "": "#6B7280",
}  # fmt: skip
"""Kind of premises → colour (Okabe–Ito)."""

MAX_ROWS_ON_CARD: Final = 20
MAX_FILES_ON_CARD: Final = 5
SEVERAL_PREMISES: Final = "#374151"
_ON_CARD: Final = (
    "kind",
    "address",
    *QUANTITIES,
    "environment",
    "admitted",
    "available_from",
    "organisation",
    "updated",
)


def draw_premises(table: pd.DataFrame, view: View) -> Drawn:
    """Draw premises that have a point; those on one point as one mark with their number.

    Parameters
    ----------
    table : DataFrame
        As `geo.premises.premises.premises_table` gives it.
    view : View
    """
    group = folium.FeatureGroup(name="premises", control=False)
    located = table[table["lon"].notna() & table["lat"].notna()]
    marks, where = [], []
    for (lon, lat, precision), rows in located.groupby(["lon", "lat", "location_precision"], sort=False):
        marks.append(_mark(rows.to_dict("records"), str(precision), view))
        where.append((lon, lat))
    if marks:
        geometry = gpd.GeoSeries.from_xy(*zip(*where, strict=True), crs=4326)
        points(shifted(geometry, view.datum), marks, pane="enterprises").add_to(group)
    return Drawn(group, premises_legend(view))


def premises_legend(view: View) -> Legend:
    """Legend of the marks; the same whatever is drawn, so that the map stays where the user has moved it."""
    kinds = PREMISES_KINDS | {"": None}
    entries = tuple(
        Entry(
            name.of(view.lang) if name else view.word("类型未写明", "Type not stated"),
            f"background:{KIND_COLOURS[code]};border-radius:50%",
        )
        for code, name in kinds.items()
    )
    note = view.word(
        "数字为同一点上的几处；方形只知到园区、街镇或区",
        "Numbers: several on one point; squares are known by park, town or district only",
    )
    return Legend(view.word("载体", "Premises"), entries, note)


def _mark(rows: list[dict[str, Any]], precision: str, view: View) -> dict[str, Any]:
    first = rows[0]
    how = PRECISION_LABELS[precision].of(view.lang) if precision in PRECISION_LABELS else ""
    error = first["location_error_m"]
    if not pd.isna(error) and error:
        how += view.word(f"，误差约 {error:,.0f} m", f", within about {error:,.0f} m")
    files = list(dict.fromkeys(row["source_file"] for row in rows if row["source_file"]))
    source = plain(view.word("、", ", ").join(files[:MAX_FILES_ON_CARD]))
    if (more := len(files) - MAX_FILES_ON_CARD) > 0:
        source += view.word(f"等，另有 {more} 份", f" and {more} more")
    mark = {"precision": precision, "n": len(rows), "source": source, "url": ""}
    if len(rows) == 1:
        facts = [
            [PREMISES_COLUMNS[column].name.of(view.lang), plain(fact)]
            for column in _ON_CARD
            if (fact := fact_of(first, column, view.lang, written=True))
        ]
        facts.append([PREMISES_COLUMNS["location_precision"].name.of(view.lang), how])
        own = {"tip": f"{plain(first['name'])} · {how}", "title": plain(first["name"]), "rows": facts}
        fine = precision in ("site", "road")
        return mark | own | {"kind": "firm" if fine else "badge", "colour": KIND_COLOURS[first["kind"]]}
    facts = [[plain(row["name"]), plain(_short(row, view))] for row in rows[:MAX_ROWS_ON_CARD]]
    if len(rows) > MAX_ROWS_ON_CARD:
        facts.append(
            ["…", view.word(f"另有 {len(rows) - MAX_ROWS_ON_CARD} 处", f"{len(rows) - MAX_ROWS_ON_CARD} more")]
        )
    title = view.word(f"{len(rows)} 处载体", f"{len(rows)} premises")
    own = {"tip": f"{title} · {how}", "title": f"{title} · {how}", "rows": facts}
    return mark | own | {"kind": "badge", "colour": SEVERAL_PREMISES}


def _short(row: dict[str, Any], view: View) -> str:
    columns = ("kind", size_column(row), "rent")
    return " · ".join(filter(None, (fact_of(row, column, view.lang) for column in columns)))
