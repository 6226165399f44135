"""Accounts that cannot double count: under any filters the parts add up, and every face counts the same set."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import load_dataset
from geo.filters.filters import FACETS, NONE, SEARCHED, Filters, options
from geo.places.districts import attributes
from geo.places.zones import ZONES
from geo.text import fold

DATA = load_dataset()
TABLE = DATA.enterprises
ROWS = TABLE.drop(columns="geometry").to_dict("records")
PUDONG = "310115"

unknown_values = st.text("abcxyz0189_-é临", min_size=1, max_size=8)
words = st.sampled_from(["", "上海", "机器人", "临港", "ABB", "股份 半导体", "张江", "不存在的公司", "（上海）", "%_*"])


def values_of(facet):
    return st.lists(
        st.one_of(st.sampled_from(list(options(facet))), unknown_values), max_size=3, unique=True
    ).map(tuple)  # fmt: skip


some_filters = st.builds(Filters, q=words, **{facet: values_of(facet) for facet in FACETS})
known_filters = st.builds(
    Filters,
    q=words,
    **{facet: st.lists(st.sampled_from(list(options(facet))), max_size=3, unique=True).map(tuple) for facet in FACETS},
)


TRUE_RECOGNITIONS = set(load_kinds().query("type == 'recognition'").index)


def holds(row, facet):
    """Values of one row in one facet, by the plainest reading."""
    value = row[FACETS[facet]] or NONE
    held = set(value.split(";")) if facet == "recognition" else {value}
    return held | {"any"} if facet == "recognition" and held & TRUE_RECOGNITIONS else held


def matches(row, filters, but=""):
    for facet in FACETS:
        wanted = getattr(filters, facet)
        if facet != but and wanted and not holds(row, facet) & set(wanted):
            return False
    text = "\n".join(row[column] for column in SEARCHED)
    return all(fold(word) in fold(text) for word in filters.q.split())


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_the_parts_add_up_to_the_total(filters):
    chosen = DATA.select(filters)
    by_district = [int((chosen["adcode"] == adcode).sum()) for adcode in attributes().index]
    assert sum(by_district) + int((chosen["adcode"] == "").sum()) == len(chosen)
    assert sum(int((chosen["zone"] == zone).sum()) for zone in ZONES) == len(chosen)


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_pudong_with_and_without_its_core(filters):
    chosen = DATA.select(replace(filters, district=(PUDONG,)))
    assert (chosen["adcode"] == PUDONG).all()
    core, belt = (int((chosen["zone"] == zone).sum()) for zone in ("core", "belt"))
    assert core + belt == len(chosen)
    if not filters.zone:
        assert len(DATA.select(replace(filters, district=(PUDONG,), zone=("core",)))) == core
        assert len(DATA.select(replace(filters, district=(PUDONG,), zone=("belt",)))) == belt


def test_pudong_really_has_both():
    pudong = DATA.select(Filters(district=(PUDONG,)))
    assert set(pudong["zone"]) == {"core", "belt"}


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_the_selection_is_the_one_of_a_plain_loop(filters):
    expected = [row["enterprise_id"] for row in ROWS if matches(row, filters)]
    assert DATA.select(filters).index.tolist() == expected
    mask = filters.mask(TABLE)
    assert mask.dtype == np.bool_
    assert mask.shape == (len(TABLE),)
    assert int(mask.sum()) == len(expected)


@given(some_filters)
@settings(max_examples=40, deadline=None)
def test_every_count_of_every_facet_is_the_one_of_a_plain_loop(filters):
    counts = filters.facet_counts(TABLE)
    assert list(counts) == list(FACETS)
    for facet in FACETS:
        expected = Counter(
            value for row in ROWS if matches(row, filters, but=facet) for value in holds(row, facet)
        )  # fmt: skip
        assert counts[facet].to_dict() == {option: expected[option] for option in options(facet)}


@given(known_filters)
@settings(max_examples=40, deadline=None)
def test_a_count_is_what_choosing_the_option_gives(filters):
    counts = filters.facet_counts(TABLE)
    for facet in FACETS:
        for option, count in list(counts[facet].items())[:6]:
            assert len(DATA.select(replace(filters, **{facet: (option,)}))) == count


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_the_query_brings_back_the_same_filters(filters):
    assert Filters.from_query(filters.to_query()) == (filters, [])
    assert Filters.from_query("?" + filters.to_query()) == (filters, [])
    assert Filters.from_query(filters.as_params()) == (filters, [])


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_unknown_values_are_named_and_match_nothing(filters):
    unknown = filters.unknown()
    for facet in FACETS:
        chosen = getattr(filters, facet)
        assert unknown.get(facet, []) == [value for value in chosen if value not in options(facet)]
        if chosen and len(unknown.get(facet, [])) == len(chosen):
            assert DATA.select(filters).empty
    cleaned = replace(
        filters,
        **{
            facet: tuple(value for value in getattr(filters, facet) if value in options(facet))
            for facet in FACETS
            if set(getattr(filters, facet)) - set(unknown.get(facet, []))
        },
    )
    assert DATA.select(cleaned).index.equals(DATA.select(filters).index)


@given(some_filters)
@settings(max_examples=60, deadline=None)
def test_the_sentence_ends_in_the_count(filters):
    count = len(DATA.select(filters))
    assert filters.sentence(count).endswith(f"{count:,} 家")
    assert filters.sentence(count, "en").split(" · ")[-1].startswith(f"{count:,} enterprise")


@pytest.mark.parametrize("facet", FACETS)
def test_each_option_once_and_all_together_everything(facet):
    everything = Filters(**{facet: tuple(options(facet))})  # type: ignore[arg-type]
    assert len(DATA.select(everything)) == len(TABLE)
    if facet != "recognition":
        each = [Filters(**{facet: (option,)}) for option in options(facet)]  # type: ignore[arg-type]
        assert sum(len(DATA.select(filters)) for filters in each) == len(TABLE)
