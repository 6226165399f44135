"""Suggestions for a gap on the map: each with its rank, in the colour of how it fits, and the anchors of the area."""

from typing import Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains.candidates import CANDIDATE_TERMS, FITS, Candidates
from geo.chains.scoring import Scores
from geo.chains.sites import CRITERIA
from geo.places.geocoding import POINT_PRECISIONS
from layers.base import Drawn, Entry, Legend, View, points, shifted
from layers.escape import plain
from layers.reference import TEAL

PLACE_COLOURS: Final[dict[str, str]] = {"park": TEAL, "town": "#6B7280"}
FIRM: Final = "#B45309"


def draw_sites(
    places: gpd.GeoDataFrame, scores: Scores, view: View, most: int = 20, firm: tuple[float, float, str] | None = None
) -> Drawn:
    """Draw the first places with their ranks.

    Parameters
    ----------
    places : GeoDataFrame
        As `geo.chains.sites.load_places` gives it.
    scores : Scores
        Of these places.
    most : int
        Places that are drawn.
    firm : (lon, lat, name), optional
        The enterprise to be near.
    """
    first = scores.rank[scores.total.notna()].nsmallest(most).index
    located = places.loc[first].dropna(subset="geometry")
    group = folium.FeatureGroup(name="sites", control=False)
    marks = []
    for row in located.itertuples():
        parts = scores.points.loc[row.Index]
        facts = [[view.word("评分", "Score"), f"{scores.total[row.Index]:.1f}"]]
        facts += [
            [CRITERIA[name].of(view.lang), view.word("缺", "missing") if pd.isna(value) else f"{value:.1f}"]
            for name, value in parts.items()
        ]
        marks.append(
            {
                "kind": "badge",
                "precision": row.kind,
                "n": int(scores.rank[row.Index]),
                "colour": PLACE_COLOURS[str(row.kind)],
                "tip": f"{scores.rank[row.Index]} · {plain(row.name)} · {scores.total[row.Index]:.1f}",
                "title": plain(row.name),
                "rows": facts,
                "source": view.word("点位近似", "approximate point"),
                "url": "",
            }
        )
    if marks:
        points(shifted(located.geometry, view.datum), marks, pane="enterprises").add_to(group)
    if firm:
        tip = f"{view.word('指定企业', 'Given enterprise')} · {plain(firm[2])}"
        at = gpd.GeoSeries.from_xy([firm[0]], [firm[1]], crs=4326)
        mark = [{"kind": "firm", "precision": "site", "colour": FIRM, "tip": tip}]
        points(shifted(at, view.datum), mark, pane="enterprises").add_to(group)
    return Drawn(group, site_legend(view))


def site_legend(view: View) -> Legend:
    """Legend of the marks; the same whatever is drawn, so that the map stays where the user has moved it."""
    swatch = "background:#fff;border:2px solid {};border-radius:{}"
    entries = (
        Entry(view.word("园区（近似点）", "Park (approximate point)"), swatch.format(PLACE_COLOURS["park"], "50%")),
        Entry(
            view.word("街镇（近似点，无镇界）", "Town (approximate, no border)"),
            swatch.format(PLACE_COLOURS["town"], "3px"),
        ),
        Entry(view.word("指定企业", "Given enterprise"), f"background:{FIRM};border-radius:50%"),
    )
    note = view.word("数字为名次；没有点位的地方不画", "Numbers are ranks; places without a point are not drawn")
    return Legend(view.word("选址排序", "Ranked places"), entries, note)


FIT_COLOURS: Final[dict[str, str]] = {
    "node": "#0072B2",
    "second": "#56B4E9",
    "code": "#009E73",
    "stage": "#E69F00",
    "next": "#CC79A7",
}
"""How an enterprise fits → colour."""

ANCHOR: Final = "#374151"
MOST_ANCHORS: Final = 300


def draw_suggestions(
    enterprises: gpd.GeoDataFrame, found: Candidates, anchors: NDArray[np.int64], view: View, most: int = 30
) -> Drawn:
    """Draw the first suggestions and the anchors that have a point of their own.

    Parameters
    ----------
    enterprises : GeoDataFrame
        The table that the rows of `found` and `anchors` speak of.
    found : Candidates
    anchors : ndarray of int
        Rows of the anchors; beyond `MOST_ANCHORS` the first ones.
    most : int
        Suggestions that are drawn.
    """
    shown = found.table.iloc[:most]
    group = folium.FeatureGroup(name="suggestions", control=False)
    rows = enterprises.iloc[shown["row"]]
    fine = rows["location_precision"].isin(POINT_PRECISIONS).to_numpy()
    marks = []
    for row, about in zip(rows[fine].to_dict("records"), shown[fine].itertuples(), strict=True):
        rank, total = found.scores.rank[about.Index], found.scores.total[about.Index]
        fit = FITS[about.fit][1].of(view.lang)
        points_of = found.scores.points.loc[about.Index]
        facts = [[view.word("评分", "Score"), f"{total:.1f}"], [view.word("契合", "Fit"), fit]]
        facts += [
            [
                names.of(view.lang),
                view.word("未知", "unknown") if pd.isna(points_of[term]) else f"{points_of[term]:.1f}",
            ]
            for term, names in CANDIDATE_TERMS.items()
        ]
        marks.append(
            {
                "kind": "badge",
                "precision": row["location_precision"],
                "n": int(rank),
                "colour": FIT_COLOURS[about.fit],
                "tip": f"{rank} · {plain(row['name'])} · {total:.1f}",
                "title": plain(row["name"]),
                "rows": facts,
                "source": plain(row["source_file"]),
                "url": "",
            }
        )
    near = enterprises.iloc[anchors[:MOST_ANCHORS]]
    _add(group, [_anchor(row, view) for row in near.to_dict("records")], near, view)
    _add(group, marks, rows[fine], view)
    return Drawn(group, suggestion_legend(view))


def suggestion_legend(view: View) -> Legend:
    """Legend of the marks; the same whatever is drawn, so that the map stays where the user has moved it."""
    entries = [
        Entry(name.of(view.lang), f"background:{FIT_COLOURS[fit]};border-radius:50%") for fit, (_, name) in FITS.items()
    ]
    anchor = view.word("锚点：本区上下游企业", "Anchor: up- or downstream here")
    entries.append(Entry(anchor, f"background:var(--x-rim,{ANCHOR});border-radius:50%;transform:scale(.7)"))
    note = view.word(
        "数字为名次；没有自己点位的企业不画", "Numbers are ranks; who has no point of its own is not drawn"
    )
    return Legend(view.word("补链建议", "Suggestions"), tuple(entries), note)


def _anchor(row, view: View) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "kind": "firm",
        "precision": row["location_precision"],
        "colour": ANCHOR,
        "tip": f"{view.word('锚点', 'Anchor')} · {plain(row['name'])}",
    }


def _add(group: folium.FeatureGroup, marks: list[dict[str, object]], rows: gpd.GeoDataFrame, view: View) -> None:
    if marks:
        geometry = gpd.GeoSeries.from_xy(rows["lon"], rows["lat"], crs=4326)
        points(shifted(geometry, view.datum), marks, pane="enterprises").add_to(group)
