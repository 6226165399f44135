"""A map that has been written down is the same map to the browser, and st_folium adds nothing to what is kept."""

from __future__ import annotations

import re

import pytest
from branca.element import Figure
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit_folium import _get_feature_group_string, generate_js_hash, generate_leaflet_string

from app.server.asgi import ROUTES
from app.server.prerender import write
from app.setup.assets import serve_folium_scripts
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from layers.base import View
from layers.map import base_map
from layers.remote import draw_selection

DATA = load_dataset()
CLIENT = TestClient(Starlette(routes=ROUTES))


@pytest.fixture(autouse=True)
def local_scripts() -> None:
    serve_folium_scripts()


def unnamed(script: str) -> str:
    """A script without the random part of Folium's names."""
    return re.sub(r"_[0-9a-f]{32}", "", script)


@pytest.mark.parametrize("view", [View(), View(lang="en"), View(basemap="amap")], ids=str)
def test_the_file_holds_the_script_of_the_map(view: View) -> None:
    written = write(base_map(DATA, view))
    chart = written.as_map()
    address = dict(chart.default_js)["written"]
    answer = CLIENT.get(address)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    again = base_map(DATA, view)
    again.get_root().render()
    inside = answer.text.split("\n", 1)[1].rsplit("\n};", 1)[0]
    assert unnamed(inside).replace("window.map_div =", "var map_div =", 1) == unnamed(generate_leaflet_string(again))


def test_the_page_calls_the_file_by_its_name() -> None:
    written = write(base_map(DATA, View()))
    script = generate_leaflet_string(written.as_map())
    assert script == f"window.written['{written.name}']();"
    assert f'["{written.name}"] = function' in written.file
    other = write(base_map(DATA, View(lang="en")))
    assert generate_js_hash(generate_leaflet_string(other.as_map()), "folium") != generate_js_hash(script, "folium")


def test_what_is_not_kept_is_said_in_one_sentence() -> None:
    answer = CLIENT.get("/written/0123456789abcdef.js")
    assert answer.status_code == 404
    assert "刷新" in answer.text


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
    kept = written.file
    for filters in (Filters(), Filters(zone=("core",)), Filters(q="zzzz")):
        chart = written.as_map()
        chart.render()
        group = draw_selection(DATA, filters, View(), "builtin").layer
        alone = draw_selection(DATA, filters, View(), "builtin").layer
        plain = base_map(DATA, View())
        plain.get_root().render()
        generate_leaflet_string(chart)
        generate_leaflet_string(plain)
        added, expected = (_get_feature_group_string(one, onto) for one, onto in ((group, chart), (alone, plain)))
        assert generate_js_hash(added) == generate_js_hash(expected)
        assert "map_div" in added
    assert written.file == kept
    assert CLIENT.get(f"/written/{written.name}").text == kept
