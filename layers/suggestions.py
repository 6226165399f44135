"""Suggestions for a gap on the map: each with its rank, in the colour of how it fits, and the anchors of the area."""

from __future__ import annotations

from typing import Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.placing import POINT_PRECISIONS
from geo.suggestions import FITS, TERMS, Shortlist
from layers.basemap import BASEMAPS
from layers.escape import plain
from layers.feature import points
from layers.legend import Entry, Legend
from layers.view import Drawn, View, shifted

COLOURS: Final[dict[str, str]] = {
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
    enterprises: gpd.GeoDataFrame, found: Shortlist, anchors: NDArray[np.int64], view: View, most: int = 30
) -> Drawn:
    """Draw the first suggestions and the anchors that have a point of their own.

    Parameters
    ----------
    enterprises : GeoDataFrame
        The table that the rows of `found` and `anchors` speak of.
    found : Shortlist
    anchors : ndarray of int
        Rows of the anchors; beyond `MOST_ANCHORS` the first ones.
    most : int
        Suggestions that are drawn.
    """
    place, shown = int(view.lang == "en"), found.table.iloc[:most]
    group = folium.FeatureGroup(name="suggestions", control=False)
    rows = enterprises.iloc[shown["row"]]
    fine = rows["location_precision"].isin(POINT_PRECISIONS).to_numpy()
    marks = []
    for row, about in zip(rows[fine].to_dict("records"), shown[fine].itertuples(), strict=True):
        rank, total = found.scores.rank[about.Index], found.scores.total[about.Index]
        fit = FITS[about.fit][1][place]
        points_of = found.scores.points.loc[about.Index]
        facts = [[view.word("评分", "Score"), f"{total:.1f}"], [view.word("契合", "Fit"), fit]]
        facts += [
            [names[place], view.word("未知", "unknown") if pd.isna(points_of[term]) else f"{points_of[term]:.1f}"]
            for term, names in TERMS.items()
        ]
        marks.append(
            {
                "kind": "badge",
                "precision": row["location_precision"],
                "n": int(rank),
                "colour": COLOURS[about.fit],
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
    """Legend of the marks; the same whatever is drawn, so that the map stays where the reader has moved it."""
    entries = [
        Entry(view.word(*names), f"background:{COLOURS[fit]};border-radius:50%") for fit, (_, names) in FITS.items()
    ]
    anchor = view.word("锚点：本区上下游企业", "Anchor: up- or downstream here")
    entries.append(Entry(anchor, f"background:{ANCHOR};border-radius:50%;transform:scale(.7)"))
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
        points(shifted(geometry, BASEMAPS[view.basemap].datum), marks, pane="enterprises").add_to(group)
