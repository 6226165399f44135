"""One core, one belt."""

from __future__ import annotations

from typing import Final

import folium
import geopandas as gpd

from geo.datasets import Datasets
from geo.zones import BELT, CORE, NOT_DRAWN, core_label
from layers.basemap import BASEMAPS
from layers.feature import points, shapes
from layers.legend import Entry, Legend
from layers.view import Drawn, View, shifted

CRIMSON: Final = "#B3123B"
BLUE: Final = "#1F5AA6"
_CORE_STYLE: Final = {"color": CRIMSON, "weight": 3, "dashArray": "8 5", "fillColor": CRIMSON, "fillOpacity": 0.08}
_BELT_STYLE: Final = {"color": BLUE, "weight": 1.5, "fillColor": BLUE, "fillOpacity": 0.08}


def draw_core(data: Datasets, view: View) -> Drawn:
    """Draw the core: dashed, since its outline is inferred from a published text."""
    core = data.zones.loc[[CORE]]
    tip = view.word("核：临港新片区（按公开文字范围推定）", "Core: Lingang New Area (inferred from the published text)")
    missing = view.word("、", ", ").join(view.word(*names) for *names, _, _ in NOT_DRAWN)
    group = folium.FeatureGroup(name="core", control=False)
    shapes(
        shifted(core.geometry.simplify(0.0005), BASEMAPS[view.basemap].datum),
        [{"tip": f"{tip} · {core['area_km2'].iloc[0]:,.1f} km²"}],
        pane="core",
        style=_CORE_STYLE,
    ).add_to(group)
    label = gpd.GeoSeries.from_xy(*([value] for value in core_label()), crs=core.crs)
    name = core["name_en" if view.lang == "en" else "name_zh"].iloc[0]
    points(
        shifted(label, BASEMAPS[view.basemap].datum), [{"kind": "label", "text": name, "of": "core"}], pane="labels"
    ).add_to(group)
    entry = Entry(view.word("推定范围", "Inferred outline"), f"border:2px dashed {CRIMSON};background:{CRIMSON}14")
    note = view.word(f"未画出：{missing}", f"Not drawn: {missing}")
    return Drawn(group, Legend(view.word("一核：临港", "Core: Lingang"), (entry,), note))


def draw_belt(data: Datasets, view: View) -> Drawn:
    """Draw the belt: the five districts the plan names, on land."""
    land = data.outlines.loc[data.districts.index[data.districts["belt"]]].geometry.union_all()
    tip = view.word(
        "带：浦东、闵行、嘉定、宝山、松江“等区域”", "Belt: Pudong, Minhang, Jiading, Baoshan, Songjiang “and others”"
    )
    group = folium.FeatureGroup(name="belt", control=False)
    shapes(
        shifted(gpd.GeoSeries([land], crs=data.outlines.crs), BASEMAPS[view.basemap].datum),
        [{"tip": f"{tip} · {data.zones.loc[BELT, 'area_km2']:,.1f} km²"}],
        pane="belt",
        style=_BELT_STYLE,
    ).add_to(group)
    entry = Entry(
        view.word("计划点名的五区", "The five districts named"), f"border:2px solid {BLUE};background:{BLUE}14"
    )
    note = view.word("原文“等区域”，开放列举", "The plan says “and other areas”: an open list")
    return Drawn(group, Legend(view.word("一带：近郊产业带", "Belt: near suburbs"), (entry,), note))
