"""Hot spots and outlines on the map: one legend for what is drawn, text from data as text, shapes where the areas are."""

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.clusters.analysis import HotSpots, find_groups
from geo.clusters.autocorrelation import Autocorrelation
from geo.clusters.eligibility import decided
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from layers.base import INDUSTRY_COLOURS, View
from layers.hotspots import HOTSPOT_COLOURS, draw_hot_spots, draw_outlines

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


def found(unit="grid", kinds=("hot", "cold", "none", "none", "high_alone")):
    n = len(kinds)
    shape = [shapely.box(121 + k / 100, 31, 121.01 + k / 100, 31.01) for k in range(n)]
    areas = gpd.GeoDataFrame(
        {
            "name": HOSTILE, "firms": 10, "cases": np.arange(n), "expected": 2.0, "rate": 0.2, "statistic": 1.0,
            "p": 0.01, "q": 0.02, "kind": list(kinds), "cluster": 1,
        },
        geometry=shape if unit == "grid" else [one.centroid for one in shape], crs=4326,
    )  # fmt: skip
    overall = Autocorrelation(0.1, -0.1, 1.0, 0.2, n, 999, 1)
    return HotSpots(unit, "getis_ord", overall, areas, areas.iloc[:0], areas.iloc[:0], 50, 10, 3, 999, 1, 12, 2.0)


def features(drawn):
    return [feature for child in drawn.layer._children.values() for feature in child.data["features"]]


def styles_of(drawn):
    return [child.style_function(None) for child in drawn.layer._children.values()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_names_the_kinds_drawn_with_their_colours_and_numbers(lang):
    drawn = draw_hot_spots(found(), "auto", "set", View(lang))
    assert [entry.label.rpartition(" · ")[2] for entry in drawn.legend.entries] == ["1", "1", "1", "2"]
    for entry, kind in zip(drawn.legend.entries, ("hot", "high_alone", "cold", "none"), strict=True):
        assert HOTSPOT_COLOURS[kind] in entry.swatch
    assert "3" in drawn.legend.note
    styles = [style["fillColor"] for style in styles_of(drawn)]
    assert styles == [HOTSPOT_COLOURS[kind] for kind in ("none", "high_alone", "cold", "hot")]


def test_what_is_not_significant_is_one_shape_without_a_card():
    drawn = features(draw_hot_spots(found(), "auto", "set", View()))
    plain = [feature for feature in drawn if "rows" not in feature["properties"]]
    assert len(plain) == 1
    assert len(drawn) == 4


def test_towns_are_marks_with_their_number_where_they_are_something():
    drawn = features(draw_hot_spots(found("town"), "auto", "set", View()))
    assert {feature["geometry"]["type"] for feature in drawn} == {"Point"}
    assert [feature["properties"].get("n") for feature in drawn] == [None, None, 4, 1, 0]


def test_names_stay_text():
    chart = folium.Map()
    draw_hot_spots(found(), "auto", HOSTILE, View()).layer.add_to(chart)
    page = chart.get_root().render()
    assert "{{7*7}}" not in page
    assert "onerror=alert(1)>49" not in page
    assert page.count("<img src=x") == page.count("onerror=alert(1)>\\u007b\\u007b7*7")


def test_outlines_beyond_the_whole_are_solid_and_the_others_dashed(tmp_path):
    write_demo(1200, tmp_path / "made_up")
    data = open_dataset(tmp_path / "made_up")
    groups = decided(find_groups(data, Filters(), "equipment", simulations=39))
    beyond = (groups.outlines["p"] < 0.05).tolist()
    assert any(beyond)
    assert not all(beyond)
    drawn = draw_outlines(groups, "equipment", "set", View("en"))
    dashed, solid = styles_of(drawn)
    assert "dashArray" in dashed
    assert "dashArray" not in solid
    assert solid["color"] == INDUSTRY_COLOURS["equipment"]
    counts = [entry.label.rpartition(" · ")[2] for entry in drawn.legend.entries]
    assert sorted(counts) == sorted([f"{sum(beyond)}", f"{beyond.count(False)}"])
    firms = data.enterprises.iloc[groups.members["row"]]
    marks = features(draw_outlines(groups, "equipment", "set", View("en"), firms))[len(groups.outlines) :]
    assert sorted(card["id"] for mark in marks for card in mark["properties"]["firms"]) == sorted(firms.index)
    titles = [feature["properties"]["title"] for feature in features(drawn)]
    expected = [f"{number} · {place}" for number, place in enumerate(groups.outlines["place"], 1)]
    assert sorted(titles) == sorted(expected)
