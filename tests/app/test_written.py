"""A map that has been written down is the same map to the browser, and st_folium adds nothing to what is kept."""

from __future__ import annotations

import pytest
from branca.element import Figure
from streamlit_folium import _get_feature_group_string, generate_js_hash, generate_leaflet_string

from app.assets import serve_folium_scripts
from app.written import write
from geo.datasets import load_datasets
from geo.filters import Filters
from layers.map import base_map
from layers.tiles import draw_selection
from layers.view import View

DATA = load_datasets()


@pytest.fixture(autouse=True)
def local_scripts() -> None:
    serve_folium_scripts()


@pytest.mark.parametrize("view", [View(), View(lang="en"), View(basemap="amap")], ids=str)
def test_the_script_is_that_of_the_map(view: View) -> None:
    written = write(base_map(DATA, view))
    chart = base_map(DATA, view)
    chart.get_root().render()
    as_written = generate_js_hash(generate_leaflet_string(written.as_map()), "folium")
    assert as_written == generate_js_hash(generate_leaflet_string(chart), "folium")


def test_links_and_style_are_those_of_the_map() -> None:
    written = write(base_map(DATA, View()))
    names = [url for _, url in (*written.js, *written.css)]
    assert all(name.startswith("/assets/") for name in names)
    assert [name for name in names if "leaflet-1" in name and name.endswith(".js")]
    assert [name for name in names if "fullscreen" in name]
    chart = written.as_map()
    chart.render()
    figure = chart.get_root()
    assert isinstance(figure, Figure)
    head = figure.header.render()
    assert ".x-panel" in head
    assert "#map_div" in head


def test_a_selection_that_is_added_leaves_what_is_kept_alone() -> None:
    written = write(base_map(DATA, View()))
    for filters in (Filters(), Filters(zone=("core",)), Filters(q="zzzz")):
        chart = written.as_map()
        chart.render()
        group = draw_selection(DATA, filters, View(), "builtin").layer
        alone = draw_selection(DATA, filters, View(), "builtin").layer
        plain = base_map(DATA, View())
        plain.get_root().render()
        assert generate_leaflet_string(chart) == written.script
        generate_leaflet_string(plain)
        added, expected = (_get_feature_group_string(one, onto) for one, onto in ((group, chart), (alone, plain)))
        assert generate_js_hash(added) == generate_js_hash(expected)
        assert "map_div" in added
    assert generate_leaflet_string(written.as_map()) == written.script
