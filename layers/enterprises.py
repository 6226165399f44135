"""The enterprises: one mark per place known, the precision of the place visible in the mark.

An own coordinate is a full circle, a road a half transparent one; what is known by park, town or district only is
gathered in one badge with a count, so that an area is never drawn as if it were a site.
"""

from collections.abc import Mapping
from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd

from geo.codes.industries import INDUSTRIES
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.datasets.profile import profile_of
from geo.enterprises.schema import PRECISION_LABELS
from layers.base import INDUSTRY_COLOURS, Drawn, Entry, Legend, View, points, shifted
from layers.basemap import BASEMAPS
from layers.escape import plain, web_address

BADGE: Final = "#374151"
STACK: Final = "2px 2px 0 #fff,3px 3px 0 #374151"
"""What the badge of several places looks like, as in ``map.css``."""


def draw_enterprises(data: Dataset, view: View) -> Drawn:
    """Draw `data.enterprises`; those without any known place are not drawn."""
    located = data.enterprises[data.enterprises["location_precision"] != "none"]
    group = folium.FeatureGroup(name="enterprises", control=False)
    marks = gather(located, view)
    if len(marks):
        geometry = shifted(marks.geometry, BASEMAPS[view.basemap].datum)
        points(geometry, marks["mark"].tolist(), pane="enterprises").add_to(group)
    return Drawn(group, enterprise_legend(view))


def gather(located: gpd.GeoDataFrame, view: View) -> gpd.GeoDataFrame:
    """One mark per place and precision, with the cards of the enterprises there.

    Returns
    -------
    GeoDataFrame
        Column `mark` (properties for the map's script; `n` enterprises), `geometry` (points, WGS-84).
    """
    places: dict[tuple[float, float, str], list[dict[str, Any]]] = {}
    for row in pd.DataFrame(located).to_dict("records"):
        places.setdefault((row["lon"], row["lat"], row["location_precision"]), []).append(row)
    marks = [_mark(precision, firms, view) for (_, _, precision), firms in places.items()]
    where = pd.DataFrame([place[:2] for place in places], columns=["lon", "lat"], dtype=float)
    return gpd.GeoDataFrame({"mark": marks}, geometry=gpd.points_from_xy(where["lon"], where["lat"]), crs=located.crs)


def card(row: Mapping[str, Any] | pd.Series, view: View) -> dict[str, Any]:
    """Popup of one enterprise: the short form of its profile as plain text."""
    profile = profile_of(row, view.lang, brief=True)
    rows = [
        [fact.label, plain(" · ".join(filter(None, [fact.value, fact.evidence])))]
        for facts in profile.facts.values()
        for fact in facts
    ]
    return {
        "id": profile.enterprise_id,
        "name": plain(profile.name),
        "colour": INDUSTRY_COLOURS.get(row["industry"], INDUSTRY_COLOURS["other"]),
        "unverified": profile.unverified,
        "rows": rows,
        "source": plain(profile.source),
        "url": web_address(profile.url),
    }


def enterprise_legend(view: View) -> Legend:
    """Legend of the marks: the industries' colours and the shapes of the precisions."""
    colours = [
        Entry(name.of(view.lang), f"background:{INDUSTRY_COLOURS[code]};border-radius:50%")
        for code, name in INDUSTRIES.items()
    ]
    shapes = [
        Entry(view.word("实心：坐标已知", "Solid: own coordinate"), f"background:{BADGE};border-radius:50%"),
        Entry(
            view.word("半透明：按道路门牌", "Half: road and number"),
            f"background:color-mix(in srgb,{BADGE} 55%,transparent);border-radius:50%",
        ),
        Entry(
            view.word("数字：只知园区、街镇或区", "Number: area only"),
            f"background:#fff;border:2px solid {BADGE};border-radius:4px",
        ),
        Entry(
            view.word("叠放：几处合计，点开分列", "Stacked: sum of places, click to list"),
            f"background:#fff;border:2px solid {BADGE};border-radius:4px;box-shadow:{STACK}",
        ),
        Entry(view.word("点线边：待核实", "Dotted: unverified"), f"border:2px dotted {BADGE};border-radius:50%"),
    ]
    return Legend(view.word("企业", "Enterprises"), (*colours, *shapes))


def _mark(precision: str, firms: list[dict[str, Any]], view: View) -> dict[str, Any]:
    cards = [card(row, view) for row in firms]
    single = len(cards) == 1
    fine = precision in ("site", "road")
    name = cards[0]["name"] if single else view.word(f"{len(cards)} 家", f"{len(cards)} enterprises")
    area = "" if fine else area_name(firms[0], precision, view)
    return {
        "kind": "firm" if fine and single else "badge",
        "precision": precision,
        "n": len(cards),
        "colour": cards[0]["colour"] if single else BADGE,
        "unverified": all(item["unverified"] for item in cards),
        "tip": " · ".join(filter(None, [plain(area), name, PRECISION_LABELS[precision].of(view.lang)])),
        "title": " · ".join(filter(None, [plain(area), name])) if not single else "",
        "firms": cards,
    }


def area_name(row: Mapping[str, Any], precision: str, view: View) -> str:
    """Name of the area that a place of such precision stands for."""
    known = {"town": row["town"], "park": row["park"]}.get(precision)
    if not known and row["zone"] == "core" and precision == "district":
        return view.word("临港新片区", "Lingang New Area")
    names = options("district")
    return str(known or (names[row["adcode"]].of(view.lang) if row["adcode"] in names else row["district"]))
