"""Featured parks and development zones, known as points."""

from __future__ import annotations

import folium

from geo.datasets import Datasets
from layers.basemap import BASEMAPS
from layers.escape import plain, web_address
from layers.feature import points
from layers.legend import Entry, Legend
from layers.view import Drawn, View, shifted

TEAL = "#0F766E"


def draw_parks(data: Datasets, view: View) -> Drawn:
    """Draw each park that has a point as a diamond, with a card of what is published of it."""
    parks = data.parks.dropna(subset="geometry")
    group = folium.FeatureGroup(name="parks", control=False)
    marks = [{"kind": "diamond", "tip": plain(row.name), **_card(row, view)} for row in parks.itertuples()]
    points(shifted(parks.geometry, BASEMAPS[view.basemap].datum), marks, pane="parks").add_to(group)
    without = int(data.parks.geometry.isna().sum())
    swatch = f"background:#fff;border:2px solid {TEAL};transform:rotate(45deg) scale(.7)"
    entry = Entry(view.word("园区（近似点）", "Park (approximate point)"), swatch)
    note = view.word(f"{without} 个园区没有点位，未画出", f"{without} parks without a point are not drawn")
    return Drawn(group, Legend(view.word("园区", "Parks"), (entry,), note))


def _card(row, view: View) -> dict[str, object]:  # type: ignore[no-untyped-def]
    published = f"{row.area_km2:,.2f} km²" if row.area_km2 == row.area_km2 else ""
    rows = [
        (view.word("类别", "Category"), row.category),
        (view.word("公布面积", "Published area"), published),
        (view.word("列入年份", "Listed in"), row.year_listed),
        (view.word("点位依据", "Point from"), row.point_basis),
    ]
    source = row.source_title if row.evidence == "source" else view.word("待核实", "Unverified")
    return {
        "title": plain(row.name),
        "rows": [[label, plain(value)] for label, value in rows if plain(value)],
        "source": plain(source),
        "url": web_address(row.source_url),
        "unverified": row.evidence != "source",
    }
