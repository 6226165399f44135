"""The enterprises as marks or as tiles: when which, how much of the page changes, what the addresses hold."""

import json
import re
from dataclasses import replace

import pytest
from streamlit_folium import _get_feature_group_string

from app.setup import assets
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import FACETS, Filters
from geo.index.tiles import log_breaks
from layers import remote as tiles
from layers.base import View
from layers.map import base_map, build_map
from layers.remote import MARKS_LIMIT, area_badges, density, draw_selection, is_large, selection_legend, served_query
from reports.html import render_html

VIEW = View()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(MARKS_LIMIT + 2000, folder)
    return open_dataset(folder)


def as_script(text):
    """Text as the settings in a script hold it."""
    return json.dumps(text)[1:-1]


def changing_part(data, filters, set_id="abc", view=VIEW):
    chart = base_map(data, view)
    return _get_feature_group_string(draw_selection(data, filters, view, set_id).layer, chart)


def test_few_are_marks_and_many_are_tiles(large):
    assert is_large(large)
    assert '"/tiles/abc/' in changing_part(large, Filters())
    few = Filters(zone=("core",), industry=("aviation",))
    assert not is_large(large, few)
    assert '"/marks?' in changing_part(large, few)
    assert "/tiles/" not in changing_part(large, few)
    assert not is_large(load_dataset())


def test_the_switch_is_at_the_limit(large, monkeypatch):
    located = large.count(Filters(), precision=["site", "road", "park", "town", "district"])
    monkeypatch.setattr(tiles, "MARKS_LIMIT", located)
    assert not is_large(large)
    monkeypatch.setattr(tiles, "MARKS_LIMIT", located - 1)
    assert is_large(large)


def test_what_changes_with_a_filter_is_small(large):
    assert len(changing_part(large, Filters()).encode()) < 2_000
    assert len(changing_part(large, Filters(q="合" * 200)).encode()) < 10_000


def test_the_group_is_the_same_at_every_run_and_differs_by_filter_only(large):
    first = changing_part(large, Filters(q="号"))
    assert first == changing_part(large, Filters(q="号"))
    assert first != changing_part(large, Filters(q="合"))
    assert first.replace("q=%E5%8F%B7", "") == changing_part(large, Filters(q="合")).replace("q=%E5%90%88", "")


def test_addresses_hold_the_filters_and_nothing_that_could_leave_the_script(large):
    hostile = Filters(q="</script><b>`${1}'\"\\")
    text = changing_part(large, replace(hostile, q=""))
    assert '"/at?set=abc\\u0026lang=zh"' in text
    query = served_query(hostile, VIEW, "abc")
    assert not set(query) & set("<>`$'\"\\ ")
    assert Filters.from_query(query.split("&lang")[0])[0].q == hostile.q


def test_values_that_no_facet_has_do_not_reach_the_routes():
    query = served_query(Filters(industry=("auto", "nothing"), zone=("belt", "core")), VIEW)
    assert query == "zone=belt,core&industry=auto"
    assert set(FACETS) >= {part.split("=")[0] for part in query.split("&")}
    assert served_query(Filters(), View(basemap="amap")) == "datum=gcj02"


def test_the_base_map_does_not_depend_on_the_filters_and_its_legend_says_how_many_are_drawn(large):
    legend = selection_legend(large, VIEW)
    small = selection_legend(load_dataset(), VIEW)
    assert legend.entries == small.entries
    assert legend.note
    assert not small.note
    assert density(load_dataset(), VIEW) is None
    classes = density(large, VIEW)
    assert classes is not None
    assert classes["breaks"][9] == log_breaks(large.facet_index, 9)
    assert len(classes["colours"]) == len(classes["breaks"][9]) == 5


def test_the_map_says_that_the_data_are_made_up(large):
    assert as_script("合成数据") in base_map(large, VIEW).get_root().render()
    assert "Synthetic data" in base_map(large, View("en")).get_root().render()


def test_badges_stand_for_areas_and_hold_no_card(large):
    badges = area_badges(large, Filters(), VIEW)["marks"]
    by_area = large.enterprises["location_precision"].isin(["park", "town", "district"]).sum()
    assert sum(badge["n"] for badge in badges) == by_area
    assert all(badge["kind"] == "badge" and "firms" not in badge for badge in badges)
    assert len({badge["place"] for badge in badges}) == len(badges)
    english = area_badges(large, Filters(), View("en"))["marks"]
    assert all(badge["tip"].startswith("known only to be in ") for badge in english)


def test_a_file_to_take_along_holds_images_and_says_so(large):
    assets.serve_folium_scripts()
    page = render_html(large, Filters(), VIEW, assets.inline)
    found = re.search(r"explorer\.tiles\((\{.*?\})\);", page)
    assert found
    settings = json.loads(found[1])
    assert settings["images"]
    assert settings["near"] == 11
    assert all(image.startswith("data:image/png;base64,") for image in settings["images"].values())
    assert sum(badge["n"] for badge in settings["content"]["marks"]) > 0
    assert "tiles" not in settings
    assert "at" not in settings
    assert as_script("只含远处的图像") in page
    assert "/tiles/" not in page
    assert len(page) < 5_000_000


def test_a_map_of_few_has_no_images(large):
    few = Filters(zone=("core",), industry=("aviation",))
    found = re.search(r"explorer\.tiles\((\{.*?\})\);", build_map(large, VIEW, few).get_root().render())
    assert found
    settings = json.loads(found[1])
    assert settings.keys() == {"content"}
    located = large.select(few)["location_precision"].ne("none").sum()
    assert sum(mark["n"] for mark in settings["content"]["marks"]) == located > 0
