import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import layers.map
from geo.datasets.dataset import load_dataset
from layers.base import View
from layers.escape import MAX_TEXT_LENGTH, inert_json, plain, web_address
from layers.map import build_map


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_empty(missing):
    assert plain(missing) == ""
    assert web_address(missing) == ""


@given(st.text())
def test_text_is_bounded_and_without_control_characters(text):
    shown = plain(text)
    assert len(shown) <= MAX_TEXT_LENGTH + 1
    assert all(character.isprintable() or character in "\n\t" for character in shown)


@pytest.mark.parametrize("text", ["<script>", "${7*7}", "`a`", "\"'", "{{7*7}}", "</script>"])
def test_markup_stays_as_it_was_written(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x.y", "x", "vbscript:x"]
)
def test_only_web_addresses_become_links(address):
    assert web_address(address) == ""


def test_a_web_address_stays():
    assert web_address(" https://example.org/a?b=c ") == "https://example.org/a?b=c"


HOSTILE = ["{{7*7}}", "{% for", "{# x", "}}", '"{{7*7}}"', "\\{{7*7}}", '\\\\"{{', "</script>", "'", "\u2028"]


@given(
    st.recursive(st.text() | st.sampled_from(HOSTILE), lambda some: st.lists(some) | st.dictionaries(st.text(), some))
)
def test_json_for_a_script_holds_no_brace_in_a_text_and_means_the_same(value):
    text = inert_json(value)
    assert json.loads(text) == value
    assert not re.search(r"\{[{%#]", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_folium_takes_no_text_for_a_template(text):
    data = load_dataset()
    table = data.enterprises.head(3).copy()
    for column in ("name", "address", "park", "industry_detail", "district_source_title", "location_note"):
        table[column] = text
    page = build_map(replace(data.with_enterprises(table), title=text), View()).get_root().render()
    script = re.search(r"explorer\.tiles\((\{[^\n]*\"firms\"[^\n]*\})\);", page)
    assert script
    names = [firm["name"] for mark in json.loads(script[1])["content"]["marks"] for firm in mark["firms"]]
    located = table[table["location_precision"] != "none"]
    assert names == [plain(text)] * len(located)
    assert "</script>" not in script[1]


def test_the_maps_own_script_is_no_template():
    for file in Path(layers.map.__file__).parent.glob("*.js"):
        assert not re.search(r"\{[{%#]", file.read_text(encoding="utf-8")), file.name
