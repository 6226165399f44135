"""The legend is made of the colours that the layer draws with."""

import json
import re
from typing import Any

import pytest

from geo.codes.industries import INDUSTRIES
from geo.datasets.dataset import load_dataset
from layers.base import INDUSTRY_COLOURS, Entry, Legend, View
from layers.enterprises import BADGE, SIGN, STAR, enterprise_legend, gather
from layers.map import LAYERS

DATA = load_dataset()
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@pytest.mark.parametrize("name", ["belt", "core", "districts"])
def test_the_swatch_of_a_shape_has_its_line_and_fill(name):
    drawn = LAYERS[name].draw(DATA, View())
    children: list[Any] = list(drawn.layer._children.values())
    style = children[0].style_function({})
    swatch = drawn.legend.entries[0].swatch
    assert set(COLOUR.findall(swatch)) == {style["color"], style["fillColor"]}
    assert ("dashed" in swatch) == ("dashArray" in style)


def test_every_colour_of_a_mark_stands_in_the_legend():
    located = DATA.enterprises[DATA.enterprises["location_precision"] != "none"]
    legend = {colour for entry in enterprise_legend(View()).entries for colour in COLOUR.findall(entry.swatch)}
    drawn = {mark["colour"] for mark in gather(located, View())["mark"]}
    cards = {firm["colour"] for mark in gather(located, View())["mark"] for firm in mark["firms"]}
    assert BADGE in drawn
    assert drawn <= legend
    assert cards == legend - {BADGE, SIGN, STAR}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_industry_has_one_line_and_one_colour(lang):
    entries = enterprise_legend(View(lang=lang)).entries[: len(INDUSTRIES)]
    names = [name[lang == "en"] for name in INDUSTRIES.values()]
    assert [entry.label for entry in entries] == names
    colours = [COLOUR.findall(entry.swatch) for entry in entries]
    assert colours == [[INDUSTRY_COLOURS[code]] for code in INDUSTRIES]
    assert len({colour for (colour,) in colours}) == len(INDUSTRIES)


def test_a_legend_is_plain_values():
    legend = Legend("a", (Entry("b", "background:#fff"),), "c")
    assert json.loads(json.dumps(legend.as_dict())) == {
        "title": "a",
        "entries": [{"label": "b", "swatch": "background:#fff"}],
        "note": "c",
    }
