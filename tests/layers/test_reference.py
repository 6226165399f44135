"""Districts, zones, parks, towns and land: what is drawn is what is known, and the rest is said."""

import pytest

from geo.datasets.dataset import load_dataset
from layers.base import View
from layers.reference import BLUE, CRIMSON, draw_belt, draw_core, draw_districts, draw_intended, draw_parks, draw_towns

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


def test_towns_are_dots_and_no_borders():
    drawn = features(draw_towns(DATA, View()))
    assert {feature["geometry"]["type"] for feature in drawn} == {"Point"}
    assert len(drawn) == 214


@pytest.mark.parametrize("draw", [draw_districts, draw_core, draw_belt, draw_intended, draw_parks, draw_towns])
def test_english_has_no_chinese_in_its_legend(draw):
    legend = draw(DATA, View(lang="en")).legend
    text = legend.title + legend.note + "".join(entry.label for entry in legend.entries)
    assert not any("\u4e00" <= character <= "\u9fff" for character in text)
