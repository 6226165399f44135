"""What changed between two releases, where it changed."""

from typing import Final

import folium
import geopandas as gpd
import pandas as pd

from geo.datasets.diff import CHANGE_KINDS
from layers.base import Drawn, Entry, Legend, View, points, shifted
from layers.escape import plain

CHANGE_COLOURS: Final[dict[str, str]] = {
    "new": "#009E73",
    "gone": "#6B7280",
    "moved": "#0072B2",
    "renamed": "#CC79A7",
    "changed": "#E69F00",
}
"""Kind of change → colour."""


def draw_changes(changes: pd.DataFrame, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, view: View) -> Drawn:
    """Draw one badge per place and kind, with the names there.

    Parameters
    ----------
    changes : DataFrame
        As `geo.datasets.diff.compare` gives it.
    before, after : GeoDataFrame
        The two releases; what is gone is drawn where it was.
    """
    places = pd.concat([before[["lon", "lat"]], after[["lon", "lat"]]])
    places = places[~places.index.duplicated(keep="last")]
    located = changes.join(places, on="enterprise_id").dropna(subset=["lon", "lat"])
    group = folium.FeatureGroup(name="changes", control=False)
    marks, where = [], []
    for (lon, lat, kind), rows in located.groupby(["lon", "lat", "kind"], sort=False):
        name = CHANGE_KINDS[str(kind)].of(view.lang)
        facts = [
            [name, plain(f"{row.name} {row.detail}".strip())]
            for row in rows[["name", "detail"]].itertuples(index=False)
        ]
        marks.append(
            {
                "kind": "badge",
                "precision": "change",
                "n": len(rows),
                "colour": CHANGE_COLOURS[str(kind)],
                "tip": f"{name} · {len(rows)}",
                "title": name,
                "rows": facts[:50],
                "source": "",
                "url": "",
            }
        )
        where.append((lon, lat))
    if marks:
        geometry = gpd.GeoSeries.from_xy(*zip(*where, strict=True), crs=after.crs)
        points(shifted(geometry, view.datum), marks, pane="enterprises").add_to(group)
    entries = tuple(
        Entry(names.of(view.lang), f"background:#fff;border:2px solid {CHANGE_COLOURS[kind]};border-radius:4px")
        for kind, names in CHANGE_KINDS.items()
    )
    return Drawn(group, Legend(view.word("变化", "Changes"), entries))
