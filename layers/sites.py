"""Ranked places on the map: parks and towns with their rank, at points that are approximate and no boundary."""

from __future__ import annotations

from typing import Final

import folium
import geopandas as gpd
import pandas as pd

from geo.scores import Scores
from geo.sitefit import CRITERIA
from layers.basemap import BASEMAPS
from layers.escape import plain
from layers.feature import points
from layers.legend import Entry, Legend
from layers.parks import TEAL
from layers.view import Drawn, View, shifted

COLOURS: Final[dict[str, str]] = {"park": TEAL, "town": "#6B7280"}
FIRM: Final = "#B45309"


def draw_sites(
    places: gpd.GeoDataFrame, scores: Scores, view: View, most: int = 20, firm: tuple[float, float, str] | None = None
) -> Drawn:
    """Draw the first places with their ranks.

    Parameters
    ----------
    places : GeoDataFrame
        As `geo.sitefit.load_places` gives it.
    scores : Scores
        Of these places.
    most : int
        Places that are drawn.
    firm : (lon, lat, name), optional
        The enterprise to be near.
    """
    place = int(view.lang == "en")
    first = scores.rank[scores.total.notna()].nsmallest(most).index
    located = places.loc[first].dropna(subset="geometry")
    group = folium.FeatureGroup(name="sites", control=False)
    marks = []
    for row in located.itertuples():
        parts = scores.points.loc[row.Index]
        facts = [[view.word("评分", "Score"), f"{scores.total[row.Index]:.1f}"]]
        facts += [
            [CRITERIA[name][place], view.word("缺", "missing") if pd.isna(value) else f"{value:.1f}"]
            for name, value in parts.items()
        ]
        marks.append(
            {
                "kind": "badge",
                "precision": row.kind,
                "n": int(scores.rank[row.Index]),
                "colour": COLOURS[str(row.kind)],
                "tip": f"{scores.rank[row.Index]} · {plain(row.name)} · {scores.total[row.Index]:.1f}",
                "title": plain(row.name),
                "rows": facts,
                "source": view.word("点位近似", "approximate point"),
                "url": "",
            }
        )
    if marks:
        points(shifted(located.geometry, BASEMAPS[view.basemap].datum), marks, pane="enterprises").add_to(group)
    if firm:
        tip = f"{view.word('指定企业', 'Given enterprise')} · {plain(firm[2])}"
        at = gpd.GeoSeries.from_xy([firm[0]], [firm[1]], crs=4326)
        mark = [{"kind": "firm", "precision": "site", "colour": FIRM, "tip": tip}]
        points(shifted(at, BASEMAPS[view.basemap].datum), mark, pane="enterprises").add_to(group)
    return Drawn(group, site_legend(view))


def site_legend(view: View) -> Legend:
    """Legend of the marks; the same whatever is drawn, so that the map stays where the reader has moved it."""
    swatch = "background:#fff;border:2px solid {};border-radius:{}"
    entries = (
        Entry(view.word("园区（近似点）", "Park (approximate point)"), swatch.format(COLOURS["park"], "50%")),
        Entry(
            view.word("街镇（近似点，无镇界）", "Town (approximate, no border)"), swatch.format(COLOURS["town"], "3px")
        ),
        Entry(view.word("指定企业", "Given enterprise"), f"background:{FIRM};border-radius:50%"),
    )
    note = view.word("数字为名次；没有点位的地方不画", "Numbers are ranks; places without a point are not drawn")
    return Legend(view.word("选址排序", "Ranked places"), entries, note)
