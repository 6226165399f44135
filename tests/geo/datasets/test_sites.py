"""Sites of one enterprise: each is a row that is found and drawn, and together they count once."""

from dataclasses import replace

import numpy as np
import pytest

from geo.chains.gaps import count_nodes
from geo.clusters.lattice import districts
from geo.clusters.pattern import marked_pattern
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.timeline import growth, undated
from reports.brief_facts import make_brief


@pytest.fixture(scope="module")
def data():
    """The built-in sample, five of whose enterprises in Jiading are further sites of the first there."""
    built_in = load_dataset()
    table = built_in.enterprises.copy()
    here = np.flatnonzero((table["adcode"] == "310114").to_numpy())[:6]
    table["parent_id"] = ""
    table.iloc[here[1:], table.columns.get_loc("parent_id")] = table["enterprise_id"].iloc[here[0]]
    return replace(built_in.with_enterprises(table), title="测试")


def test_rows_are_found_and_enterprises_counted(data):
    assert len(data.select(Filters())) == 900
    assert data.count(Filters()) == int(data.counted_mask(Filters()).sum()) == 895
    assert data.facet_counts(Filters())["district"]["310114"] == 60 - 5


@pytest.mark.parametrize("level", ["district", "zone"])
def test_every_table_of_places_counts_them_once(data, level):
    assert set(PLACE_LEVELS) == {"district", "zone", "park", "town"}
    without = load_dataset()
    here, there = count_places(data, level=level), count_places(without, level=level)
    assert int((there.enterprises - here.enterprises).sum()) == 5
    assert int(there.whole.sum() - here.whole.sum()) == 5


@pytest.mark.parametrize("level", ["park", "town"])
def test_parks_and_towns_too(data, level):
    site = data.enterprises["parent_id"] != ""
    held = count_places(load_dataset(), level=level).enterprises - count_places(data, level=level).enterprises
    assert int(held.sum()) == int((data.place_codes[level][site] >= 0).sum())


def test_statistics_and_reports_count_them_once(data):
    everyone = Filters()
    assert int(growth(data, everyone, "recognition").iloc[-1].sum()) + undated(data, everyone, "recognition") == 895
    pattern = marked_pattern(data, everyone, "auto")
    assert pattern.firms + sum(pattern.left_out.values()) == 895
    lattice = districts(data, everyone, "auto", least=1)
    assert lattice.table.at["310114", "firms"] == 55
    brief = make_brief(data, "310114")
    assert brief.enterprises == int(brief.industries["enterprises"].sum()) == 55
    assert int(count_nodes(data.nodes, data.companies).sum()) <= int(count_nodes(data.nodes).sum())
