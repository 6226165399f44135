"""The delta: one mark per city, its fill the tier of the published index; a city without one is hatched, never a colour."""

from typing import Final

import folium
import geopandas as gpd
import pandas as pd
from folium.map import CustomPane

from geo.places.yangtze_delta import EXTENT, PROVINCES, TIERS
from layers.base import Entry, Legend, View, points
from layers.basemap import BORDER, NEIGHBOUR, SEA
from layers.escape import plain
from layers.map import Script, Start

TIER_COLOURS: Final = {"1": "#08468C", "2": "#3F83C3", "3": "#8FBFDF", "4": "#D3E4F3"}
"""Tier → fill, one hue, dark to light."""

NO_VALUE_HATCHING: Final = "repeating-linear-gradient(45deg, #fff 0 3px, #9AA3AF 3px 4px)"
CENTRAL: Final = "#1F2933"
SIDES: Final = {
    **dict.fromkeys(["310000", "320200", "330400", "321200", "330600", "341800", "341300", "340300"], "right"),
    **dict.fromkeys(["320400", "330500", "340500", "340200", "340600", "340400", "340700", "341100"], "left"),
    **dict.fromkeys(["320100", "320500", "321100", "341700"], "below"),
}
"""Adcode → side of the name, where a name above would lie on a neighbour; above otherwise."""


def draw_delta_map(cities: gpd.GeoDataFrame, land: gpd.GeoDataFrame, view: View) -> folium.Map:
    """Draw the cities on land and sea; no border is drawn, none is published with the index.

    Parameters
    ----------
    cities : GeoDataFrame
        As `geo.places.yangtze_delta.load_cities` gives them.
    land : GeoDataFrame
        As `geo.places.yangtze_delta.load_delta_land` gives it.
    view : View
    """
    chart = folium.Map(
        tiles=None,
        location=[31.2, 119.3],
        zoom_start=7,
        maxZoom=10,
        minZoom=5,
        zoomSnap=0.1,
        maxBounds=[[24.5, 106.0], [38.5, 127.5]],
    )
    Script().add_to(chart)
    for order, name in enumerate(["delta_land", "cities", "labels"]):
        CustomPane(name, z_index=300 + 20 * order, pointer_events=name == "cities").add_to(chart)
    group = folium.FeatureGroup(name="delta_land", control=False)
    folium.GeoJson(
        land.to_json(),
        style_function=lambda _: {"stroke": False, "fillColor": NEIGHBOUR, "fillOpacity": 1},
        pane="delta_land",
        interactive=False,
    ).add_to(group)
    group.add_to(chart)
    best_first = cities.sort_values(["index2023", "tier", "central"], ascending=[False, True, False], kind="stable")
    # Cities with a tier first: of names that lie on each other the map shows the first.
    best_first = pd.concat([best_first[best_first["tier"] != ""], best_first[best_first["tier"] == ""]])
    marks = [city_mark(city, view) for _, city in best_first.iterrows()]
    points(best_first.geometry, marks, pane="cities").add_to(chart)
    labels = [
        {"kind": "label", "text": _label(city, view), "precision": SIDES.get(str(adcode), "above")}
        for adcode, city in best_first.iterrows()
    ]
    points(best_first.geometry, labels, pane="labels").add_to(chart)
    west, south, east, north = EXTENT
    settings = {
        "name": "delta",
        "bounds": [[south, west], [north, east]],
        "remember": True,
        "lang": "en" if view.lang == "en" else "zh-CN",
        "attribution": _attribution(view),
        "layers": [{"pane": "cities", "on": True, "legend": delta_legend(view).as_dict()}],
        "words": {
            "panel": view.word("图例", "Legend"),
            "home": view.word("回到长三角", "Whole delta"),
            "map": view.word("长三角城市地图", "Map of the cities of the delta"),
            "source": view.word("来源", "Source"),
            "unverified": view.word("待核实", "unverified"),
        },
    }
    Start(settings).add_to(chart)
    return chart


def delta_legend(view: View) -> Legend:
    """Legend of the cities, from the colours they are drawn with."""
    tiers = [
        Entry(view.word(zh, en), f"background:{TIER_COLOURS[tier]};border-radius:50%")
        for tier, (zh, en) in TIERS.items()
    ]
    shapes = [
        Entry(view.word("没有公布值", "No published value"), f"background:{NO_VALUE_HATCHING};border-radius:50%"),
        Entry(
            view.word("27 个中心区城市", "One of the 27 central cities"),
            f"border:2px solid {CENTRAL};border-radius:50%",
        ),
        Entry(view.word("其他城市", "Other city"), f"border:1px solid {BORDER};border-radius:50%"),
        Entry(view.word("江、海", "River, sea"), f"background:{SEA};border:1px solid {BORDER}"),
    ]
    note = view.word(
        "长三角城市智能制造发展指数（2023 版）：4 市有分值，13 市有梯队。名称后的数字为公布的分值",
        "Delta City Smart-Manufacturing Index (2023): 4 values and 13 tiers published. "
        "The number after a name is the published value",
    )
    return Legend(view.word("智能制造发展指数", "Smart-manufacturing index"), (*tiers, *shapes), note)


def city_mark(city: pd.Series, view: View) -> dict[str, object]:
    """Properties of one city's mark: fill by tier, outline by whether it is central, card with its source."""
    name = plain(city[f"name_{view.lang}"])
    tier = TIERS[city["tier"]].of(view.lang) if city["tier"] else view.word("没有公布值", "no published value")
    rows = [
        [view.word("省市", "Province"), view.word(city["province"], PROVINCES[city["province"]])],
        [
            view.word("27 个中心区城市", "27 central cities"),
            view.word("是", "yes") if city["central"] else view.word("否", "no"),
        ],
        [view.word("梯队", "Tier"), tier],
    ]
    if pd.notna(city["index2023"]):
        rows.append([view.word("指数（2023 版）", "Index (2023)"), f"{city['index2023']:,.6g}"])
    if city["band"]:
        rows.append([view.word("公布的分数段", "Published range"), plain(city["band"])])
    return {
        "kind": "city",
        "precision": "central" if city["central"] else "other",
        "colour": TIER_COLOURS.get(city["tier"], NO_VALUE_HATCHING),
        "tip": f"{_label(city, view)} · {tier}",
        "title": name,
        "rows": rows,
        "source": plain(city["index_source"]) or view.word("没有公布值", "no published value"),
        "url": "",
    }


def _label(city: pd.Series, view: View) -> str:
    name = plain(city[f"name_{view.lang}"])
    return f"{name} {city['index2023']:,.6g}" if pd.notna(city["index2023"]) else name


def _attribution(view: View) -> list[str]:
    approval = view.approval or view.word("示意图，未配置审图号", "schematic, no map approval number configured")
    lines = [
        view.word("城市点位：GeoNames（CC BY 4.0）", "Cities: GeoNames (CC BY 4.0)"),
        view.word("陆地：© OpenStreetMap 贡献者", "Land: © OpenStreetMap contributors"),
        view.word("未画省市界", "No provincial borders drawn"),
        view.word(f"审图号：{approval}", f"Map approval: {approval}") if view.approval else approval,
    ]
    return [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
