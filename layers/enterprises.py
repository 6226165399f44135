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
from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import Dataset
from geo.enterprises.schema import PRECISION_LABELS
from geo.filters.filters import options
from layers.base import INDUSTRY_COLOURS, Drawn, Entry, Legend, View, points, shifted
from layers.basemap import BASEMAPS
from layers.escape import plain, web_address

BADGE: Final = "#374151"
STACK: Final = "2px 2px 0 #fff,3px 3px 0 #374151"
"""What the badge of several places looks like, as in ``map.css``."""

Names = dict[str, dict[str, str]]


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
    names = names_in(view.lang)
    places: dict[tuple[float, float, str], list[dict[str, Any]]] = {}
    for row in pd.DataFrame(located).to_dict("records"):
        places.setdefault((row["lon"], row["lat"], row["location_precision"]), []).append(row)
    marks = [_mark(precision, firms, view, names) for (_, _, precision), firms in places.items()]
    where = pd.DataFrame([place[:2] for place in places], columns=["lon", "lat"], dtype=float)
    return gpd.GeoDataFrame({"mark": marks}, geometry=gpd.points_from_xy(where["lon"], where["lat"]), crs=located.crs)


def names_in(lang: str) -> Names:
    """Names of the codes that cards show, facet → code → name; read once for many cards."""
    en = lang == "en"
    names = {
        facet: {code: pair[en] for code, pair in options(facet).items()} for facet in ("district", "zone", "evidence")
    }
    return names | {"recognition": load_kinds()["name_en" if en else "name_zh"].to_dict()}


def card(row: Mapping[str, Any] | pd.Series, view: View, names: Names | None = None) -> dict[str, Any]:
    """Card of one enterprise: facts, where it is known from, source, date and evidence, as plain text.

    `names` are those of `names_in`, for who makes many cards.
    """
    en = view.lang == "en"
    names = names or names_in(view.lang)
    industry = INDUSTRIES.get(row["industry"])
    kinds = names["recognition"]
    recognitions = [kinds[kind] for kind in plain(row["recognitions"]).split(";") if kind in kinds]
    error = row["location_error_m"]
    precision = PRECISION_LABELS[row["location_precision"]][en]
    if pd.notna(error) and error:
        precision += view.word(f"，预期误差约 {error / 1000:.1f} km", f", expected error about {error / 1000:.1f} km")
    facts = [
        (view.word("行业", "Industry"), f"{industry[en] if industry else ''} {plain(row['industry_detail'])}".strip()),
        (view.word("归属", "Zone"), names["zone"][row["zone"]]),
        (view.word("所在区", "District"), names["district"].get(row["adcode"], row["district"])),
        (view.word("园区街镇", "Park, town"), row["park"] or row["town"]),
        (view.word("地址", "Address"), row["address"]),
        (view.word("称号上市", "Recognition"), view.word("、", ", ").join(recognitions)),
        (view.word("股票代码", "Stock code"), row["stock_code"]),
        (view.word("信用代码", "USCC"), row["uscc"]),
        (view.word("定位精度", "Precision"), precision),
        (view.word("位置矛盾", "Conflict"), row["location_conflict"]),
        (view.word("位置说明", "Note"), row["location_note"]),
        (view.word("证据", "Evidence"), names["evidence"].get(row["evidence"], "")),
        (view.word("截至", "As of"), row["compiled"]),
    ]
    return {
        "id": row["enterprise_id"],
        "name": plain(row["name"]),
        "colour": INDUSTRY_COLOURS.get(row["industry"], INDUSTRY_COLOURS["other"]),
        "unverified": row["evidence"] in ("unverified", "none"),
        "rows": [[label, text] for label, value in facts if (text := plain(value))],
        "source": plain(row["district_source_title"]) or plain(row["source_file"]),
        "url": web_address(row["district_source_url"]),
    }


def enterprise_legend(view: View) -> Legend:
    """Legend of the marks: the industries' colours and the shapes of the precisions."""
    colours = [
        Entry(view.word(name.zh, name.en), f"background:{INDUSTRY_COLOURS[code]};border-radius:50%")
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


def _mark(precision: str, firms: list[dict[str, Any]], view: View, names: Names) -> dict[str, Any]:
    cards = [card(row, view, names) for row in firms]
    single = len(cards) == 1
    fine = precision in ("site", "road")
    name = cards[0]["name"] if single else view.word(f"{len(cards)} 家", f"{len(cards)} enterprises")
    first = firms[0]
    area = ""
    if not fine:
        known = {"town": first["town"], "park": first["park"]}
        area = known.get(precision) or _area(first, view, names)
    return {
        "kind": "firm" if fine and single else "badge",
        "precision": precision,
        "n": len(cards),
        "colour": cards[0]["colour"] if single else BADGE,
        "unverified": all(item["unverified"] for item in cards),
        "tip": " · ".join(filter(None, [plain(area), name, view.word(*PRECISION_LABELS[precision])])),
        "title": " · ".join(filter(None, [plain(area), name])) if not single else "",
        "firms": cards,
    }


def _area(row: dict[str, Any], view: View, names: Names) -> str:
    if row["zone"] == "core" and row["location_precision"] == "district":
        return view.word("临港新片区", "Lingang New Area")
    return names["district"].get(row["adcode"], row["district"])
