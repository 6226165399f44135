"""Districts, zones, parks, towns and land: what is drawn is what is known, and the rest is said."""

import folium
import pytest

from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from layers.base import View
from layers.basemap import BORDER
from layers.filter_areas import draw_limits
from layers.reference import (
    BLUE,
    CRIMSON,
    VIOLET,
    draw_belt,
    draw_core,
    draw_districts,
    draw_intended,
    draw_parks,
    draw_towns,
)

DATA = load_dataset()


def features(drawn):
    return [feature for layer in drawn.layer._children.values() for feature in layer.data["features"]]


def test_every_district_is_drawn_and_labelled_once():
    drawn = features(draw_districts(DATA, View()))
    labels = [feature["properties"]["text"] for feature in drawn if "text" in feature["properties"]]
    assert sorted(labels) == sorted(DATA.districts["name_zh"])
    assert len(drawn) == 32


def test_the_core_is_dashed_and_says_what_is_not_drawn():
    drawn = draw_core(DATA, View())
    assert CRIMSON in drawn.legend.entries[0].swatch
    assert "dashed" in drawn.legend.entries[0].swatch
    assert "浦东国际机场南侧" in drawn.legend.note


def test_the_belt_is_an_open_list():
    drawn = draw_belt(DATA, View())
    assert BLUE in drawn.legend.entries[0].swatch
    assert "等区域" in drawn.legend.note


def test_parks_without_a_point_are_counted_not_drawn():
    drawn = draw_parks(DATA, View())
    missing = int(DATA.parks.geometry.isna().sum())
    assert len(features(drawn)) == len(DATA.parks) - missing
    assert str(missing) in drawn.legend.note


def test_districts_that_a_document_means_have_a_card_with_its_words_and_source():
    drawn = features(draw_intended(DATA, View()))
    cards = {feature["properties"]["title"].split(" · ")[0]: feature["properties"] for feature in drawn}
    assert len(cards) == len(drawn) == 13
    rows = dict(cards["宝山区"]["rows"])
    assert rows == {"首批“市区协同”千亿级产业集群": "高端新材料、机器人及高端装备"}
    assert "澎湃新闻 2024-09-24" in cards["宝山区"]["source"]
    assert cards["宝山区"]["url"] == "http://thepaper.cn/newsDetail_forward_28837128"
    assert "崇明区" not in cards


def test_a_park_without_a_verified_point_is_dotted_and_its_card_has_words_for_it():
    for lang in ("zh", "en"):
        drawn = draw_parks(DATA, View(lang))
        marks = [feature["properties"] for feature in features(drawn)]
        parks = DATA.parks.dropna(subset="geometry")
        assert [mark["unverified"] for mark in marks] == (parks["point_evidence"] != "source").tolist()
        assert 0 < sum(mark["unverified"] for mark in marks) < len(marks)
        assert [("dotted" in entry.swatch) for entry in drawn.legend.entries] == [False, True]
        label = {"zh": "点位依据", "en": "Point from"}[lang]
        for mark, basis in zip(marks, parks["point_basis"], strict=True):
            said = dict(mark["rows"])[label]
            assert said.startswith(
                "按" if basis.startswith("按") and lang == "zh" else ("公布", "第三方", "coord", "third", "inf")
            )
            assert "(未核实" not in said
            assert mark["unverified"] or "推定" in said or "inferred" in said


def test_a_drawn_area_is_not_drawn_like_core_or_belt():
    group = folium.FeatureGroup()
    draw_limits(Filters(near=("121.5:31.2:5",)), View(), group)
    (drawn,) = group._children.values()
    assert isinstance(drawn, folium.GeoJson)
    style = drawn.style_function({})
    assert "dashArray" not in style
    assert style["color"] not in (CRIMSON, BLUE, BORDER, VIOLET)


def test_towns_are_dots_and_no_borders():
    drawn = features(draw_towns(DATA, View()))
    assert {feature["geometry"]["type"] for feature in drawn} == {"Point"}
    assert len(drawn) == 214


@pytest.mark.parametrize("draw", [draw_districts, draw_core, draw_belt, draw_intended, draw_parks, draw_towns])
def test_english_has_no_chinese_in_its_legend(draw):
    legend = draw(DATA, View(lang="en")).legend
    text = legend.title + legend.note + "".join(entry.label for entry in legend.entries)
    assert not any("\u4e00" <= character <= "\u9fff" for character in text)
