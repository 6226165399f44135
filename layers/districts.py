"""The 16 districts: outline on land, name, official area."""

from __future__ import annotations

import folium
import geopandas as gpd

from geo.datasets import Datasets
from layers.basemap import BASEMAPS, BORDER, LAND
from layers.escape import plain
from layers.feature import points, shapes
from layers.legend import Entry, Legend
from layers.view import Drawn, View, shifted


def draw_districts(data: Datasets, view: View) -> Drawn:
    """Draw the districts: border, name at the middle of the land, official area [km²] on hover."""
    datum = BASEMAPS[view.basemap].datum
    table = data.districts.drop(columns="geometry").join(data.outlines[["label_lon", "label_lat", "geometry"]])
    outlines = gpd.GeoDataFrame(table, geometry="geometry", crs=data.outlines.crs)
    names = outlines["name_en" if view.lang == "en" else "name_zh"].map(plain)
    area = view.word("公布面积", "official area")
    tips = [f"{name} · {area} {km2:,.1f} km²" for name, km2 in zip(names, outlines["area_km2"], strict=True)]
    group = folium.FeatureGroup(name="districts", control=False)
    fill = {"fillColor": LAND, "fillOpacity": 1.0 if view.basemap == "offline" else 0.0}
    shapes(
        shifted(outlines.geometry, datum),
        [{"tip": tip} for tip in tips],
        pane="districts",
        style={"color": BORDER, "weight": 1, **fill},
    ).add_to(group)
    labels = gpd.GeoSeries.from_xy(outlines["label_lon"], outlines["label_lat"], crs=outlines.crs)
    named = [{"kind": "label", "text": name, "of": "districts"} for name in names]
    points(shifted(labels, datum), named, pane="labels").add_to(group)
    entry = Entry(
        view.word("区界（示意）", "District border (schematic)"), f"border:1px solid {BORDER};background:{LAND}"
    )
    return Drawn(group, Legend(view.word("行政区", "Districts"), (entry,)))
