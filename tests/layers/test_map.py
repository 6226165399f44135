import re

import pytest
from streamlit_folium import generate_js_hash, generate_leaflet_string

from app.setup.assets import serve_folium_scripts
from geo.datasets.dataset import load_dataset
from layers.base import View
from layers.map import LAYERS, attribution, base_map, build_map
from layers.tile_source import BASEMAPS

DATA = load_dataset()


@pytest.fixture(autouse=True)
def local_scripts():
    serve_folium_scripts()


def page(view=None, data=DATA):
    return build_map(data, view or View()).get_root().render()


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_a_pane_and_a_switch_of_its_name(name):
    html = page()
    assert f'createPane(\n                "{name}"' in html or re.search(rf'createPane\(\s*"{name}"', html)
    assert f'"pane": "{name}"' in html or f'"pane":"{name}"' in html


def test_the_base_map_keeps_its_identity_whatever_the_selection():
    def identity():
        chart = base_map(DATA, View())
        chart.get_root().render()
        return generate_js_hash(generate_leaflet_string(chart), "folium")

    assert identity() == identity()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_offline_map_names_no_outside_script_or_picture(lang):
    html = page(View(lang=lang))
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', html) == []
    assert "tile.openstreetmap" not in html


def test_an_online_base_map_is_named_only_when_chosen():
    assert "tile.openstreetmap.org" in page(View(basemap="osm"))


def test_a_key_stands_in_the_address_of_the_base_map_that_needs_one():
    html = page(View(basemap="tianditu", key="geheim"))
    assert "tk=geheim" in html
    assert [name for name, basemap in BASEMAPS.items() if basemap.needs_key] == ["tianditu"]


def test_the_approval_number_is_printed_or_its_absence_said():
    assert "审图号：沪S(2026)001号" in attribution(DATA, View(approval="沪S(2026)001号"), "")
    assert any("未配置审图号" in line for line in attribution(DATA, View(), ""))


def test_attribution_is_escaped():
    assert all("<" not in line for line in attribution(DATA, View(approval="<script>"), "<b>"))
