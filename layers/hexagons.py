"""Hexagons coloured by how many enterprises they hold, or by what these weigh."""

from dataclasses import replace
from typing import Any, Final

import folium
import numpy as np

from geo.clusters.hexagons import Hexagons
from geo.datasets.dataset import Dataset
from geo.indicators.weights import COUNT
from layers.base import Drawn, Legend, View, shapes, shifted
from layers.classes import NO_DATA_COLOUR, Shading, classify
from layers.enterprises import card
from layers.escape import plain

MAX_HEXAGON_CARDS: Final = 1000
"""Enterprises in hexagons up to which each has its card in the map."""

_STROKE: Final = {"color": "#43307E", "weight": 1, "opacity": 0.6}


def draw_hexagons(data: Dataset, found: Hexagons, title: str, view: View) -> Drawn:
    """Draw hexagons in classes of their value, each with a card of what it holds.

    Parameters
    ----------
    data : Dataset
        The one they were counted in.
    found : Hexagons
    title : str
        Name of the weight, in the user's language.
    view : View
    """
    shading = Shading("hexagon", title, classify(found.cells["value"]))
    colours = shading.classes.colours
    group = folium.FeatureGroup(name="hexagons", control=False)
    outlines = shifted(found.cells.geometry, view.datum)
    for colour in sorted(set(colours)):
        there = np.flatnonzero(colours == colour)
        fill = (
            {"fillColor": colour, "fillOpacity": 0.72} if colour else {"fillColor": NO_DATA_COLOUR, "fillOpacity": 0.5}
        )
        dashed = {} if colour else {"dashArray": "3 3"}
        cards = [_card(data, found, shading, int(position), view) for position in there]
        shapes(outlines.iloc[there], cards, pane="enterprises", style=_STROKE | fill | dashed).add_to(group)
    return Drawn(group, hexagon_legend(found, shading, view))


def hexagon_legend(found: Hexagons, shading: Shading, view: View) -> Legend:
    """Legend of the classes, the size of a hexagon, and how many enterprises are in none."""
    legend = shading.legend(view)
    side = f"{found.size_m / 1000:g}"
    radius = f"{found.size_m / 2000:g}"
    note = view.word(
        f"六边形对边相距 {side} 千米；位置误差超过 {radius} 千米的 {found.vague:,} 家不入格。{legend.note}",
        f"Hexagons {side} km from side to side; {found.vague:,} that may lie more than {radius} km from their point are in "
        f"none. {legend.note}",
    )
    return replace(legend, note=note)


def _card(data: Dataset, found: Hexagons, shading: Shading, position: int, view: View) -> dict[str, Any]:
    """What a hexagon holds, and the cards of its enterprises where these are few in all."""
    number, known = (int(found.cells[name].iloc[position]) for name in ("enterprises", "known"))
    said = view.word(f"{number:,} 家", f"{number:,} enterprises")
    if found.weight != COUNT:
        value = shading.say(float(found.cells["value"].iloc[position]))
        said += view.word(
            f" · {shading.title} {value}（{known:,} 家已知）", f" · {shading.title} {value} (known of {known:,})"
        )
    if len(found.rows) <= MAX_HEXAGON_CARDS:
        inside = data.enterprises.iloc[found.rows[found.cell == position]]
        return {
            "tip": said,
            "title": said,
            "firms": [card(row, view) for row in inside.reset_index().to_dict("records")],
        }
    title = view.word(data.title, "Built-in sample" if data.built_in else data.title)
    return {"tip": said, "title": said, "rows": [], "source": plain(f"{title} {data.date}")}
