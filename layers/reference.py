"""Districts, core and belt, parks and towns, and the names that the offline map bears."""

import re
from typing import Final

import folium
import geopandas as gpd
import pandas as pd

from geo.catalog import read_table
from geo.crs import STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.indicators.intentions import INTENTION_DOCUMENTS, load_intentions
from geo.places.districts import adcodes_of
from geo.places.parks import FEATURED_PARKS
from geo.places.zones import BELT, CORE, CORE_NAME, CORE_NAME_EN, NOT_DRAWN, core_label
from geo.text import Text
from layers.base import Drawn, Entry, Legend, View, points, shapes, shifted
from layers.basemap import BORDER, LAND
from layers.escape import plain, web_address


def draw_districts(data: Dataset, view: View) -> Drawn:
    """Draw the districts: border, name at the middle of the land, official area [km²] on hover."""
    datum = view.datum
    table = data.districts.drop(columns="geometry").join(data.outlines[["label_lon", "label_lat", "geometry"]])
    outlines = gpd.GeoDataFrame(table, geometry="geometry", crs=data.outlines.crs)
    names = outlines[f"name_{view.lang}"].map(plain)
    area = view.word("公布面积", "official area")
    tips = [f"{name} · {area} {km2:,.1f} km²" for name, km2 in zip(names, outlines["area_km2"], strict=True)]
    group = folium.FeatureGroup(name="districts", control=False)
    fill = {"fillColor": LAND, "fillOpacity": 1.0}  # not over the tiles of an online base map
    shapes(
        shifted(outlines.geometry, datum),
        [{"tip": tip, "code": code} for code, tip in zip(outlines.index, tips, strict=True)],
        pane="districts",
        style={"color": BORDER, "weight": 1, **fill},
    ).add_to(group)
    labels = gpd.GeoSeries.from_xy(outlines["label_lon"], outlines["label_lat"], crs=outlines.crs)
    named = [{"kind": "label", "text": name, "of": "districts", "code": code} for code, name in names.items()]
    points(shifted(labels, datum), named, pane="labels").add_to(group)
    entry = Entry(
        view.word("区界（示意）", "District border (schematic)"), f"border:1px solid {BORDER};background:{LAND}"
    )
    return Drawn(group, Legend(view.word("行政区", "Districts"), (entry,)))


CRIMSON: Final = "#B3123B"
BLUE: Final = "#1F5AA6"
_CORE_STYLE: Final = {"color": CRIMSON, "weight": 3, "dashArray": "8 5", "fillColor": CRIMSON, "fillOpacity": 0.08}
_BELT_STYLE: Final = {"color": BLUE, "weight": 1.5, "fillColor": BLUE, "fillOpacity": 0.08}


def draw_core(data: Dataset, view: View) -> Drawn:
    """Draw the core: dashed, since its outline is inferred from a published text."""
    core = data.zones.loc[[CORE]]
    tip = view.word("核：临港新片区（按公开文字范围推定）", f"Core: {CORE_NAME_EN} (inferred from the published text)")
    missing = view.word("、", ", ").join(view.word(*names) for *names, _, _ in NOT_DRAWN)
    group = folium.FeatureGroup(name="core", control=False)
    shapes(
        shifted(core.geometry.simplify(0.0005), view.datum),
        [{"tip": f"{tip} · {core['area_km2'].iloc[0]:,.1f} km²"}],
        pane="core",
        style=_CORE_STYLE,
    ).add_to(group)
    label = gpd.GeoSeries.from_xy(*([value] for value in core_label()), crs=core.crs)
    name = view.word(CORE_NAME, CORE_NAME_EN)
    points(
        shifted(label, view.datum),
        [{"kind": "label", "text": name, "of": "core", "code": CORE}],
        pane="labels",
    ).add_to(group)
    entry = Entry(view.word("推定范围", "Inferred outline"), f"border:2px dashed {CRIMSON};background:{CRIMSON}14")
    note = view.word(f"未画出：{missing}", f"Not drawn: {missing}")
    return Drawn(group, Legend(view.word("一核：临港", "Core: Lingang"), (entry,), note))


def draw_belt(data: Dataset, view: View) -> Drawn:
    """Draw the belt: the five districts the plan names, on land."""
    land = data.outlines.loc[data.districts.index[data.districts["belt"]]].geometry.union_all()
    tip = view.word(
        "带：浦东、闵行、嘉定、宝山、松江“等区域”", "Belt: Pudong, Minhang, Jiading, Baoshan, Songjiang “and others”"
    )
    group = folium.FeatureGroup(name="belt", control=False)
    shapes(
        shifted(gpd.GeoSeries([land], crs=data.outlines.crs), view.datum),
        [{"tip": f"{tip} · {data.zones.loc[BELT, 'area_km2']:,.1f} km²"}],
        pane="belt",
        style=_BELT_STYLE,
    ).add_to(group)
    entry = Entry(
        view.word("计划点名的五区", "The five districts named"), f"border:2px solid {BLUE};background:{BLUE}14"
    )
    note = view.word("原文“等区域”，开放列举", "The plan says “and other areas”: an open list")
    return Drawn(group, Legend(view.word("一带：近郊产业带", "Belt: near suburbs"), (entry,), note))


VIOLET: Final = "#6D28D9"
_INTENDED_STYLE: Final = {"color": VIOLET, "weight": 2, "dashArray": "2 5", "fillColor": VIOLET, "fillOpacity": 0.10}


def draw_intended(data: Dataset, view: View) -> Drawn:
    """Draw the districts that a published document means for an industry, each with a card of what it says."""
    meant = load_intentions()
    own = meant[(meant["park_id"] == "") & (meant["adcode"] != "")]
    theme = "theme_en" if view.lang == "en" else "theme"
    cards = []
    for adcode, rows in own.groupby("adcode"):
        name = data.districts.at[adcode, f"name_{view.lang}"]
        said = [
            (INTENTION_DOCUMENTS[str(kind)].of(view.lang), view.word("、", ", ").join(group[theme]))
            for kind, group in rows.groupby("document", sort=False)
        ]
        cards.append(
            {
                "tip": plain(f"{name} · {view.word('；', '; ').join(text for _, text in said)}"),
                "title": plain(f"{name} · {view.word('规划定位', 'meant for')}"),
                "rows": [[label, plain(text)] for label, text in said],
                "source": plain(view.word("；", "; ").join(dict.fromkeys(rows["source_title"]))),
                "url": next((web_address(url) for url in rows["source_url"] if web_address(url)), ""),
            }
        )
    group = folium.FeatureGroup(name="intended", control=False)
    outlines = data.outlines.geometry.loc[sorted(set(own["adcode"]))]
    shapes(shifted(outlines, view.datum), cards, pane="intended", style=_INTENDED_STYLE).add_to(group)
    entry = Entry(
        view.word("文件写明产业的区", "District a document means"), f"border:2px dotted {VIOLET};background:{VIOLET}1A"
    )
    note = view.word(
        f"{len(cards)} 个区；没有写的不等于没有定位。园区的主题见园区的卡片",
        f"{len(cards)} districts; a silent document rules nothing out. Themes of parks stand in their cards",
    )
    return Drawn(group, Legend(view.word("规划定位", "Intended"), (entry,), note))


TEAL = "#0F766E"


def draw_parks(data: Dataset, view: View) -> Drawn:
    """Draw each park that has a point as a diamond, dotted where the point is not verified, with a card of what is published."""
    parks = data.parks.dropna(subset="geometry")
    group = folium.FeatureGroup(name="parks", control=False)
    marks = [{"kind": "diamond", "tip": plain(row.name), **_card(row, view)} for row in parks.itertuples()]
    points(shifted(parks.geometry, view.datum), marks, pane="parks").add_to(group)
    without = int(data.parks.geometry.isna().sum())
    swatch = f"background:var(--x-blank,#fff);border:2px solid var(--x-park,{TEAL});transform:rotate(45deg) scale(.7)"
    entries = (
        Entry(view.word("园区（来源写明在哪里）", "Park (a source says where)"), swatch),
        Entry(view.word("园区（点位未核实）", "Park (unverified point)"), swatch.replace("solid", "dotted")),
    )
    verified = int((data.parks["batch"] != "").sum())
    note = view.word(
        f"市级特色产业园区 {FEATURED_PARKS} 个，核实 {verified} 个；{without} 个园区没有点位，未画出",
        f"Of the city's {FEATURED_PARKS} featured parks {verified} are verified; {without} parks without a point are not drawn",
    )
    return Drawn(group, Legend(view.word("园区", "Parks"), entries, note))


_BASIS_WORDS: Final = {
    "高": Text("公布地址的坐标，判为较准，未核实", "coordinates of the published address, judged close, unverified"),
    "中(未核实,约2016年地理编码)": Text(
        "第三方地理编码，约 2016 年，未核实", "third-party geocoding of about 2016, unverified"
    ),
}
"""How good the table of points calls the coordinates of a park → words."""

_INFERRED: Final = re.compile("按(?:地址)?所在(镇|道路|园区)（(.+)）推定")


def basis_of_point(basis: str, view: View) -> str:
    """Where the point of a park comes from, in words.

    Examples
    --------
    >>> basis_of_point("中(未核实,约2016年地理编码)", View()), basis_of_point("按所在镇（罗店镇）推定", View("en"))
    ('第三方地理编码，约 2016 年，未核实', 'inferred from the town it lies in (罗店镇)')
    """
    if basis in _BASIS_WORDS:
        return _BASIS_WORDS[basis].of(view.lang)
    inferred = _INFERRED.fullmatch(basis)
    if not inferred or view.lang != "en":
        return basis
    kind = {"镇": "town it lies in", "道路": "road of its address", "园区": "park it lies in"}[inferred[1]]
    return f"inferred from the {kind} ({inferred[2]})"


def _card(row, view: View) -> dict[str, object]:  # type: ignore[no-untyped-def]
    published = f"{row.area_km2:,.2f} km²" if row.area_km2 == row.area_km2 else ""
    rows = [
        (view.word("类别", "Category"), row.category),
        (view.word("公布面积", "Published area"), published),
        (view.word("列入年份", "Listed in"), row.year_listed),
        (view.word("特色园区批次", "Batch of featured parks"), row.batch),
        (view.word("点位依据", "Point from"), basis_of_point(row.point_basis, view)),
        (
            view.word("点位误差", "Error of the point"),
            "" if row.location_error_m != row.location_error_m else f"{row.location_error_m / 1000:.1f} km",
        ),
    ]
    source = row.source_title if row.evidence == "source" else view.word("待核实", "Unverified")
    return {
        "title": plain(row.name),
        "rows": [[label, plain(value)] for label, value in rows if plain(value)],
        "source": plain(source),
        "url": web_address(row.source_url),
        "unverified": row.point_evidence != "source",
    }


def draw_towns(data: Dataset, view: View) -> Drawn:
    """Draw each town as a small dot at the median of its published addresses."""
    towns = data.towns.dropna(subset="geometry")
    approximate = view.word("点位近似，无镇界", "approximate point, no border exists")
    group = folium.FeatureGroup(name="towns", control=False)
    marks = [{"kind": "dot", "tip": f"{plain(name)} · {approximate}"} for name in towns["name"]]
    points(shifted(towns.geometry, view.datum), marks, pane="towns").add_to(group)
    entry = Entry(
        view.word("街道、镇（近似点）", "Town (approximate)"),
        "background:#6B7280;border-radius:50%;transform:scale(.5)",
    )
    return Drawn(group, Legend(view.word("街镇", "Towns"), (entry,)))


MAIN_ROAD_ADDRESSES: Final = 15
"""Published addresses on a road within a district from which on it is a main road, whatever it is called."""

HIGHWAY: Final = "(?:公路|大道)$"
"""How the names of main roads end."""


def map_names(data: Dataset, view: View) -> list[list[str | float]]:
    """Places to look for, which the offline map names as one zooms in: those that come first before those they meet.

    Parameters
    ----------
    data : Dataset
    view : View

    Returns
    -------
    list of [kind, name, lat, lon, adcode]
        Kind is ``town``, ``park``, ``road`` for a main road or ``lane`` for another; degrees in the datum of the base map.
        A town stands at the median of its published addresses, a road at the median of those within one district.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> ["town", "张江镇"] in [name[:2] for name in map_names(load_dataset(), View())]
    True
    """
    towns = data.towns.dropna(subset="geometry").sort_values("n_points", ascending=False, kind="stable")
    parks = data.parks.dropna(subset="geometry")
    table = pd.concat([towns.assign(kind="town"), parks.assign(kind="park"), _roads()])
    moved = shifted(table.geometry, view.datum)
    return [
        [kind, plain(name), round(y, 4), round(x, 4), code]
        for kind, name, y, x, code in zip(table["kind"], table["name"], moved.y, moved.x, table["adcode"], strict=True)
    ]


def _roads() -> gpd.GeoDataFrame:
    """Roads of the gazetteer, the main ones first, each time those with most published addresses."""
    roads = read_table("roads", ["road", "district", "n_points", "lon_wgs84", "lat_wgs84"])
    seen = pd.to_numeric(roads["n_points"])
    main = (seen >= MAIN_ROAD_ADDRESSES) | roads["road"].str.contains(HIGHWAY)
    lon, lat = (pd.to_numeric(roads[name]) for name in ("lon_wgs84", "lat_wgs84"))
    columns = {"name": roads["road"], "kind": main.map({True: "road", False: "lane"}), "seen": seen}
    codes = adcodes_of(roads["district"])
    table = gpd.GeoDataFrame(columns | {"adcode": codes}, geometry=gpd.points_from_xy(lon, lat, crs=STORAGE_CRS))
    return table.sort_values(["kind", "seen"], ascending=False, kind="stable")
