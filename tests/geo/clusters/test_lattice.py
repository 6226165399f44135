"""Squares, towns and districts: counted by hand, the same however rows and grid are moved together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clusters.autocorrelation import PERMUTATION_SEED
from geo.clusters.lattice import districts, gather_regions, grid, towns
from geo.clusters.pattern import pattern_of
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters

DATA = load_dataset()
RNG = np.random.default_rng(PERMUTATION_SEED)
X, Y = RNG.uniform(0, 6000, (2, 500))
CASE = RNG.random(500) < 0.3


def test_squares_by_hand():
    """Two firms at home, one next door, one across the corner, one far away and so no part of the lattice."""
    pattern = pattern_of([100, 900, 1500, 2500, 9999], [100, 200, 700, 1500, 9999], [True, False, True, False, True])
    lattice = grid(pattern, 1000, least=1)
    assert lattice.table[["x", "y", "firms", "cases"]].to_numpy().tolist() == [
        [500, 500, 2, 1],
        [1500, 500, 1, 1],
        [2500, 1500, 1, 0],
    ]
    assert lattice.member.tolist() == [0, 0, 1, 2, -1]
    assert lattice.thin == 1
    assert lattice.graph.sparse.toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def test_squares_with_few_firms_are_not_tested():
    pattern = pattern_of([1, 2, 3, 1001, 1002, 2001], [5] * 6, [True] * 6)
    lattice = grid(pattern, 1000, least=2)
    assert lattice.table["firms"].tolist() == [3, 2]
    assert lattice.thin == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.permutations(range(500)))
def test_whole_squares_of_shift_and_the_order_of_rows_change_nothing(east, north, order):
    lattice = grid(pattern_of(X, Y, CASE))
    order = np.array(order)
    moved = grid(pattern_of(X[order] + east * 1000, Y[order] + north * 1000, CASE[order]))
    assert moved.table["firms"].tolist() == lattice.table["firms"].tolist()
    assert moved.table["cases"].tolist() == lattice.table["cases"].tolist()
    assert (moved.graph.sparse != lattice.graph.sparse).nnz == 0
    assert moved.member.tolist() == lattice.member[order].tolist()


def test_squares_lie_around_their_firms():
    lattice = grid(pattern_of(X + 350_000, Y + 3_450_000, CASE))
    west, south, east, north = lattice.squares().to_crs(32651).bounds.to_numpy().T
    there = lattice.member >= 0
    at = lattice.member[there]
    assert (X[there] + 350_000 >= west[at] - 0.01).all()
    assert (X[there] + 350_000 <= east[at] + 0.01).all()
    assert (Y[there] + 3_450_000 >= south[at] - 0.01).all()
    assert (Y[there] + 3_450_000 <= north[at] + 0.01).all()


def test_a_district_counts_all_its_firms_whatever_their_precision():
    lattice = districts(DATA, Filters(), "equipment", least=1)
    table = DATA.enterprises[(DATA.enterprises["adcode"] != "") & (DATA.enterprises["location_precision"] != "none")]
    assert lattice.table["firms"].to_dict() == table["adcode"].value_counts().reindex(lattice.table.index).to_dict()
    own = table[table["industry"] == "equipment"]["adcode"].value_counts()
    assert lattice.table["cases"].to_dict() == own.reindex(lattice.table.index, fill_value=0).to_dict()


def test_a_town_counts_the_firms_that_name_it():
    lattice = towns(DATA, Filters(), "electronics", least=1)
    table = DATA.enterprises
    zhangjiang = (table["town"] == "张江镇") & table["location_precision"].isin(["site", "road", "town"])
    row = lattice.table[lattice.table["name"] == "张江镇"].iloc[0]
    assert row["firms"] == zhangjiang.sum()
    assert row["cases"] == (zhangjiang & (table["industry"] == "electronics")).sum()
    assert set(lattice.graph.cardinalities) == {6}


def test_clusters_are_hot_squares_that_touch():
    pattern = pattern_of([500, 1500, 2500, 3500, 4500], [500] * 5, [True, True, False, True, False])
    lattice = grid(pattern, least=1)
    spots = lattice.table[[]].assign(kind=["hot", "hot", "none", "hot", "cold"], q=[0.01, 0.02, 0.5, 0.03, 0.01])
    regions = gather_regions(lattice, spots)
    assert regions.of_area.tolist() == [1, 1, 0, 2, 0]
    assert regions.table["cases"].tolist() == [2, 1]
    assert regions.table["expected"].tolist() == pytest.approx([1.2, 0.6])
    assert regions.table["area_km2"].tolist() == [2.0, 1.0]
    assert regions.table["q"].tolist() == [0.01, 0.03]
