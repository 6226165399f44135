"""Hot and cold spots of an industry, and the outlines of its dense groups."""

from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd

from geo.clusters.analysis import Groups, HotSpots
from geo.clusters.autocorrelation import AREA_KINDS, FDR_ALPHA
from geo.clusters.lattice import LEAST_FIRMS
from geo.codes.industries import INDUSTRIES
from layers.base import INDUSTRY_COLOURS, Drawn, Entry, Legend, View, points, shapes, shifted
from layers.enterprises import gather
from layers.escape import plain

PANE: Final = "enterprises"

HOTSPOT_COLOURS: Final[dict[str, str]] = {
    "hot": "#E66101",
    "high_alone": "#FDB863",
    "low_alone": "#B2ABD2",
    "cold": "#5E3C99",
    "none": "#9CA3AF",
}
"""Kind of area → colour: orange to purple, told apart by the colour-blind and unlike core and belt."""

BY_CHANCE: Final = "#6B7280"
_FILL: Final = {"none": 0.12}


def draw_hot_spots(found: HotSpots, industry: str, source: str, view: View) -> Drawn:
    """Draw the tested areas by what they are; squares as such, towns as points with their number of firms.

    Parameters
    ----------
    found : HotSpots
    industry : str
        Code of the industry.
    source : str
        Name and date of the set, for the cards.
    view : View
    """
    group = folium.FeatureGroup(name="hotspots", control=False)
    datum = view.datum
    for kind in ("none", "low_alone", "high_alone", "cold", "hot"):
        areas = found.areas[found.areas["kind"] == kind]
        if areas.empty:
            continue
        if found.unit != "grid":
            marks = [_mark(area, kind, industry, source, view) for area in areas.to_dict("records")]
            points(shifted(areas.geometry, datum), marks, pane=PANE).add_to(group)
            continue
        style = {
            "color": HOTSPOT_COLOURS[kind], "weight": 0.5, "fillColor": HOTSPOT_COLOURS[kind], "fillOpacity": _FILL.get(kind, 0.7),
            "stroke": kind != "none",
        }  # fmt: skip
        if kind == "none":  # one shape: thousands of squares with nothing to say would only burden the browser
            geometry = gpd.GeoSeries([areas.union_all()], crs=areas.crs)
            cards: list[dict[str, Any]] = [{"tip": AREA_KINDS[kind].of(view.lang)}]
        else:
            geometry = areas.geometry
            cards = [_card(area, industry, source, view) for area in areas.to_dict("records")]
        shapes(shifted(geometry, datum), cards, pane=PANE, style=style).add_to(group)
    return Drawn(group, hot_spot_legend(found, industry, view))


def hot_spot_legend(found: HotSpots, industry: str, view: View) -> Legend:
    """Legend of the kinds that occur, with their numbers."""
    kinds = [kind for kind in HOTSPOT_COLOURS if found.count(kind)]
    entries = tuple(
        Entry(
            f"{AREA_KINDS[kind][view.lang == 'en']} · {found.count(kind):,}",
            f"background:color-mix(in srgb,{HOTSPOT_COLOURS[kind]} {_FILL.get(kind, 0.8):.0%},transparent);"
            f"border:1px solid {HOTSPOT_COLOURS[kind]}" + (";border-radius:50%" if found.unit != "grid" else ""),
        )
        for kind in kinds
    )
    note = view.word(
        f"FDR {FDR_ALPHA:.0%}；少于 {LEAST_FIRMS} 家企业的 {found.thin:,} 个不检验、不上色",
        f"FDR {FDR_ALPHA:.0%}; {found.thin:,} with fewer than {LEAST_FIRMS} firms are not tested, not coloured",
    )
    name = INDUSTRIES[industry]
    return Legend(view.word(f"热点与冷点：{name.zh}", f"Hot and cold spots: {name.en}"), entries, note)


def draw_outlines(
    found: Groups, industry: str, source: str, view: View, firms: gpd.GeoDataFrame | None = None
) -> Drawn:
    """Draw the outlines: solid where denser than the whole distribution explains, dashed where not.

    Parameters
    ----------
    found : Groups
    industry : str
        Code of the industry.
    source : str
        Name and date of the set, for the cards.
    view : View
    firms : GeoDataFrame, optional
        Enterprises to draw upon them, where they are few: canonical columns.
    """
    group = folium.FeatureGroup(name="outlines", control=False)
    datum = view.datum
    for beyond in (False, True):
        chosen = found.outlines[(found.outlines["p"] <= FDR_ALPHA) == beyond]
        if chosen.empty:
            continue
        cards = [_group_card(row, source, view) for row in chosen.reset_index().to_dict("records")]
        shapes(shifted(chosen.geometry, datum), cards, pane=PANE, style=_outline_style(industry, beyond)).add_to(group)
    if firms is not None and len(firms):
        marks = gather(firms, view)
        points(shifted(marks.geometry, datum), marks["mark"].tolist(), pane=PANE).add_to(group)
    return Drawn(group, outline_legend(found, industry, view))


def outline_legend(found: Groups, industry: str, view: View) -> Legend:
    """Legend of the outlines, with their numbers."""
    colour, name = INDUSTRY_COLOURS[industry], INDUSTRIES[industry]
    beyond = int((found.outlines["p"] <= FDR_ALPHA).sum())
    rest = len(found.outlines) - beyond
    entries = (
        Entry(
            view.word(f"超出整体分布 · {beyond}", f"Beyond the whole distribution · {beyond}"),
            f"background:color-mix(in srgb,{colour} 30%,transparent);border:2px solid {colour}",
        ),
        Entry(
            view.word(f"整体分布可以解释 · {rest}", f"Explained by the whole distribution · {rest}"),
            f"border:2px dashed {BY_CHANCE}",
        ),
    )
    return Legend(view.word(f"集群轮廓：{name.zh}", f"Outlines: {name.en}"), entries)


def _outline_style(industry: str, beyond: bool) -> dict[str, Any]:
    if beyond:
        colour = INDUSTRY_COLOURS[industry]
        return {"color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.3}
    return {"color": BY_CHANCE, "weight": 1.5, "dashArray": "5 4", "fillColor": BY_CHANCE, "fillOpacity": 0.08}


def _card(area: dict[str, Any], industry: str, source: str, view: View) -> dict[str, Any]:
    """Card of one area: what it is, and the figures that make it so."""
    kind = AREA_KINDS[area["kind"]].of(view.lang)
    name = INDUSTRIES[industry]
    rows = [
        (view.word("全部企业", "All firms"), f"{area['firms']:,}"),
        (view.word(name.zh, name.en), f"{area['cases']:,}"),
        (view.word("按整体占比应有", "Expected by the overall rate"), f"{area['expected']:,.1f}"),
        (view.word("平滑后的占比", "Smoothed rate"), f"{area['rate']:.1%}"),
        (view.word("统计量", "Statistic"), f"{area['statistic']:.2f}"),
        (view.word("p（置换）", "p (permutation)"), f"{area['p']:.4f}"),
        (view.word("q（FDR）", "q (FDR)"), f"{area['q']:.4f}"),
        (view.word("所属集群", "Cluster"), f"{area['cluster']}" if area["cluster"] else "–"),
    ]
    title = f"{plain(area['name'])} · {kind}" if area["name"] else kind
    tip = f"{title} · {area['cases']:,} / {area['firms']:,}"
    return {"tip": tip, "title": title, "rows": [[label, value] for label, value in rows], "source": plain(source)}


def _mark(area: dict[str, Any], kind: str, industry: str, source: str, view: View) -> dict[str, Any]:
    """A town: its number where it is something, a mere circle where not."""
    shape = {"kind": "firm"} if kind == "none" else {"kind": "badge", "n": int(area["cases"])}
    return (
        shape | {"precision": "road", "colour": HOTSPOT_COLOURS[kind], "url": ""} | _card(area, industry, source, view)
    )


def _group_card(group: dict[str, Any], source: str, view: View) -> dict[str, Any]:
    rows = [
        (view.word("组内企业", "Members"), f"{group['members']:,}"),
        (view.word("轮廓内全部企业", "All firms within"), f"{group['firms']:,}"),
        (view.word("轮廓内本行业", "Of the industry within"), f"{group['cases']:,}"),
        (view.word("按整体占比应有", "Expected by the overall rate"), f"{group['expected']:,.1f}"),
        (view.word("p（随机标签）", "p (random labels)"), f"{group['p']:.3f}"),
        (view.word("稳定性", "Stability"), "–" if pd.isna(group["stability"]) else f"{group['stability']:.2f}"),
        (view.word("代表企业", "Leading firms"), plain(group["leading"])),
    ]
    title = f"{group['cluster']} · {plain(group['place'])}"
    tip = f"{title} · {view.word(str(group['members']) + ' 家', str(group['members']) + ' firms')}"
    return {"tip": tip, "title": title, "rows": [[label, value] for label, value in rows], "source": plain(source)}
