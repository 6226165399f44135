"""The enterprises: one mark per place known, the precision of the place visible in the mark.

An own coordinate is a full circle, a road a half transparent one; what is known by park, town or district only is
gathered in one badge with a count, so that an area is never drawn as if it were a site.  That count is the rest of which
no more is known, and is said to be so beside the total of the area.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd

from geo.codes.industries import INDUSTRIES
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.datasets.profile import profile_of
from geo.enterprises.schema import PRECISION_LABELS
from geo.enterprises.table import with_points
from geo.places.zones import CORE, CORE_NAME, CORE_NAME_EN
from layers.base import INDUSTRY_COLOURS, Drawn, Entry, Legend, View, points, shifted
from layers.escape import plain, web_address

BADGE: Final = "#374151"
LEGEND_INK: Final = f"var(--x-rim,{BADGE})"
"""Of signs of the legend that have no ground of their own, which a dark page would swallow."""
SIGN: Final = "#1F2933"
"""Behind the name and total of a district; those that the plan names for the belt, and the core, have the colours of these."""
STAR: Final = "#FDE68A"
"""Behind the star of what is followed."""

STACK: Final = "2px 2px 0 #fff,3px 3px 0 #374151"
"""What the badge of several places looks like, as in ``map.css``."""


def draw_enterprises(data: Dataset, view: View) -> Drawn:
    """Draw `data.enterprises`; those without any known place are not drawn."""
    located = with_points(data.enterprises[data.enterprises["location_precision"] != "none"])
    group = folium.FeatureGroup(name="enterprises", control=False)
    marks = gather(located, view)
    if len(marks):
        geometry = shifted(marks.geometry, view.datum)
        points(geometry, marks["mark"].tolist(), pane="enterprises").add_to(group)
    return Drawn(group, enterprise_legend(view))


AreaTotal = Callable[[Mapping[str, Any], str], int]
"""Row of an enterprise known by an area, and its precision → enterprises in that area, however precisely known."""


def gather(located: gpd.GeoDataFrame, view: View, total: AreaTotal | None = None) -> gpd.GeoDataFrame:
    """One mark per place and precision, with the cards of the enterprises there.

    Parameters
    ----------
    located : GeoDataFrame
    view : View
    total : callable, optional
        Total of an area, which is said beside what is known by that area only.

    Returns
    -------
    GeoDataFrame
        Column `mark` (properties for the map's script; `n` enterprises), `geometry` (points, WGS-84).
    """
    places: dict[tuple[float, float, str], list[dict[str, Any]]] = {}
    for row in pd.DataFrame(located).to_dict("records"):
        places.setdefault((row["lon"], row["lat"], row["location_precision"]), []).append(row)
    marks = [_mark(precision, firms, view, total) for (_, _, precision), firms in places.items()]
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
        Entry(view.word("实心：坐标已知", "Solid: own coordinate"), f"background:{LEGEND_INK};border-radius:50%"),
        Entry(
            view.word("半透明：按道路门牌", "Half: road and number"),
            f"background:color-mix(in srgb,{LEGEND_INK} 55%,transparent);border-radius:50%",
        ),
        Entry(
            view.word("深底：全区总数", "Dark: total of a district"),
            f"background:var(--x-sign,{SIGN});border-radius:4px",
        ),
        Entry(
            view.word("白底：位置只知到此的", "White: known no closer than here"),
            f"background:#fff;border:2px solid {BADGE};border-radius:4px",
        ),
        Entry(
            view.word("叠放：同区几处，点开分列", "Stacked: sum within a district"),
            f"background:#fff;border:2px solid {BADGE};border-radius:4px;box-shadow:{STACK}",
        ),
        Entry(
            view.word("★ 有人跟进", "★ Followed by somebody"),
            f"background:{STAR};border:1px solid {SIGN};border-radius:50%",
        ),
        Entry(view.word("点线边：待核实", "Dotted: unverified"), f"border:2px dotted {LEGEND_INK};border-radius:50%"),
    ]
    return Legend(view.word("企业", "Enterprises"), (*colours, *shapes))


def _mark(precision: str, firms: list[dict[str, Any]], view: View, total: AreaTotal | None) -> dict[str, Any]:
    cards = [card(row, view) for row in firms]
    single = len(cards) == 1
    fine = precision in ("site", "road")
    name = cards[0]["name"] if single else ""
    mark = {
        "kind": "firm" if fine and single else "badge",
        "precision": precision,
        "n": len(cards),
        "colour": cards[0]["colour"] if single else BADGE,
        "unverified": all(item["unverified"] for item in cards),
        "firms": cards,
    }
    if not fine:
        told = known_only(firms[0], precision, len(cards), total(firms[0], precision) if total else None, view)
        tip = " · ".join(filter(None, [told, name]))
        return mark | {"tip": tip, "title": told, **area_codes(firms[0], precision)}
    name = name or view.word(f"{len(cards)} 家", f"{len(cards)} enterprises")
    tip = f"{name} · {PRECISION_LABELS[precision].of(view.lang)}"
    return mark | {"tip": tip, "title": "" if single else name}


def known_only(row: Mapping[str, Any], precision: str, n: int, total: int | None, view: View) -> str:
    """What the number of an area's badge counts: those of whom no more is known, and beside them the total.

    Examples
    --------
    >>> row = {"adcode": "310114", "district": "嘉定区", "town": "", "park": "", "zone": "belt"}
    >>> known_only(row, "district", 27, 41, View())
    '只知在嘉定区 27（全区 41）'
    >>> known_only(row, "district", 27, 41, View("en"))
    'known only to be in Jiading 27 (41 in the whole district)'
    """
    area = plain(area_name(row, precision, view))
    zh, en = {"park": ("全园", "park"), "town": ("全镇", "town")}.get(precision, ("全区", "district"))
    if area.endswith("街道"):
        zh = "全街道"
    if area_code(row, precision) == CORE:
        zh, en = "全片区", "area"
        names = options("district")
        if row["adcode"] in names:
            district = names[row["adcode"]].of(view.lang)
            area = view.word(f"{area}{district}部分", f"{area} ({district})")
    whole = "" if total is None else view.word(f"（{zh} {total:,}）", f" ({total:,} in the whole {en})")
    return view.word(f"只知在{area} {n:,}{whole}", f"known only to be in {area} {n:,}{whole}")


def area_code(row: Mapping[str, Any], precision: str) -> str:
    """District of an area by its adcode, or ``core`` where no more than that is known."""
    return CORE if row["zone"] == CORE and precision == "district" else str(row["adcode"])


def area_codes(row: Mapping[str, Any], precision: str) -> dict[str, str]:
    """What tells a mark's district: `code` as `area_code` gives it, and `adcode`, empty where no district is known."""
    return {"code": area_code(row, precision), "adcode": str(row["adcode"])}


def area_name(row: Mapping[str, Any], precision: str, view: View) -> str:
    """Name of the area that a place of such precision stands for."""
    known = {"town": row["town"], "park": row["park"]}.get(precision)
    if not known and area_code(row, precision) == CORE:
        return view.word(CORE_NAME, CORE_NAME_EN)
    names = options("district")
    return str(known or (names[row["adcode"]].of(view.lang) if row["adcode"] in names else row["district"]))
