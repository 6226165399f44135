"""Towns and sub-districts: approximate points, no borders."""

from __future__ import annotations

import folium

from geo.datasets import Datasets
from layers.basemap import BASEMAPS
from layers.escape import plain
from layers.feature import points
from layers.legend import Entry, Legend
from layers.view import Drawn, View, shifted


def draw_towns(data: Datasets, view: View) -> Drawn:
    """Draw each town as a small dot at the median of its published addresses."""
    towns = data.towns.dropna(subset="geometry")
    approximate = view.word("点位近似，无镇界", "approximate point, no border exists")
    group = folium.FeatureGroup(name="towns", control=False)
    marks = [{"kind": "dot", "tip": f"{plain(name)} · {approximate}"} for name in towns["name"]]
    points(shifted(towns.geometry, BASEMAPS[view.basemap].datum), marks, pane="towns").add_to(group)
    entry = Entry(
        view.word("街道、镇（近似点）", "Town (approximate)"),
        "background:#6B7280;border-radius:50%;transform:scale(.5)",
    )
    return Drawn(group, Legend(view.word("街镇", "Towns"), (entry,)))
