"""A statistic that cannot decide says why, in one sentence of each language, and gives no figure."""

import re

import numpy as np
import pandas as pd
import pytest

from geo.clusters.analysis import areas_of, decidable, find_groups, find_hot_spots
from geo.clusters.autocorrelation import global_moran, hot_spots
from geo.clusters.concentration import concentration
from geo.clusters.eligibility import NotEstimable, refuse_areas, refuse_counts
from geo.clusters.lattice import grid
from geo.clusters.outlines import outline
from geo.clusters.pattern import marked_pattern, pattern_of
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.text import Text

DATA = load_dataset()
RNG = np.random.default_rng(5)
X, Y = RNG.uniform(0, 30_000, (2, 400))
FEW = pattern_of(X, Y, np.arange(400) < 9)
ALL = pattern_of(X, Y, np.arange(400) < 350)
ONE_PLACE = pattern_of(np.full(400, 7.0), np.full(400, 7.0), np.arange(400) < 100)


@pytest.mark.parametrize("method", [concentration, outline])
@pytest.mark.parametrize(("pattern", "said"), [(FEW, "9 firms"), (ALL, "88%"), (pattern_of([], [], []), "Only 0")])
def test_too_few_firms_or_nearly_all_of_them(method, pattern, said):
    refusal = method(pattern)
    assert isinstance(refusal, NotEstimable)
    assert said in refusal.en
    assert re.fullmatch("[^。]+。", refusal.zh)


def test_one_point_has_no_distances():
    assert concentration(ONE_PLACE) == NotEstimable(
        "所有企业的点位相同，没有距离可言。", "All firms are at one point: there are no distances."
    )


@pytest.mark.parametrize("method", [global_moran, hot_spots])
@pytest.mark.parametrize(
    ("side", "said"), [(3000, "cannot go below 1/56"), (5000, "at least 30"), (900, "at least 30")]
)
def test_too_few_areas(method, side, said):
    """Nine squares: a side one has C(8, 5) = 56 sets of neighbours, which nine tests need more of."""
    refusal = method(grid(pattern_of(X % side, Y % side, np.arange(400) < 100)))
    assert isinstance(refusal, NotEstimable)
    assert said in refusal.en


def test_equal_rates_leave_nothing_to_test():
    x, y = np.meshgrid(np.arange(6) * 1000 + 500, np.arange(6) * 1000 + 500)
    pattern = pattern_of(np.repeat(x.ravel(), 5), np.repeat(y.ravel(), 5), np.tile(np.arange(5) == 0, 36))
    refusal = global_moran(grid(pattern))
    assert isinstance(refusal, NotEstimable)
    assert "same in every area" in refusal.en


def test_five_districts_can_never_be_significant():
    found = find_hot_spots(DATA, Filters(zone=("belt",)), "equipment", "district")
    assert found == refuse_areas([1, 2, 2, 1, 2], Text("区", "districts"))
    assert isinstance(found, NotEstimable)
    assert "1/6" in found.zh


def test_the_smallest_p_value_is_that_of_all_choices_of_neighbours():
    """Four areas around one: each corner has C(4, 2) = 6 sets of neighbours, the middle 1."""
    values = np.array([3.0, 9.0, 4.0, 8.0, 1.0])
    others = np.array([[b, c] for b in range(1, 5) for c in range(1, b)])
    lags = values[others].sum(axis=1)
    assert len(lags) == 6
    assert (lags >= lags.max()).mean() == pytest.approx(1 / 6)


@pytest.mark.parametrize("industry", ["auto", "aviation", "other"])
def test_the_sample_is_too_coarse_for_most_industries(industry):
    found = decidable(DATA, Filters(), industry)
    assert all(isinstance(decision.refusal, NotEstimable) for name, decision in found.items() if name != "place")


def test_what_is_said_to_be_decidable_is_decided():
    for industry in ("electronics", "equipment"):
        found = decidable(DATA, Filters(), industry)
        pattern = marked_pattern(DATA, Filters(), industry)
        assert (found["concentration"].refusal is None) == (not isinstance(concentration(pattern), NotEstimable))
        for unit in ("grid", "town"):
            lattice = areas_of(DATA, Filters(), industry, unit, pattern)
            assert found[unit].refusal == lattice.refusal()
            assert isinstance(find_hot_spots(DATA, Filters(), industry, unit), NotEstimable)


def test_an_empty_selection_is_refused_everywhere():
    nothing = Filters(q="zzzz")
    assert all(decision.refusal for decision in decidable(DATA, nothing, "auto").values())
    assert isinstance(find_groups(DATA, nothing, "auto"), NotEstimable)


@pytest.mark.parametrize(("cases", "firms"), [(10, 29), (9, 1000), (81, 100), (0, 0)])
def test_counts_that_are_refused(cases, firms):
    assert isinstance(refuse_counts(cases, firms), NotEstimable)


def test_counts_that_pass():
    assert refuse_counts(10, 30) is None
    assert refuse_counts(80, 100) is None


def test_only_point_locations_take_part_in_distances():
    pattern = marked_pattern(DATA, Filters(), "electronics")
    used = pd.DataFrame(DATA.enterprises).iloc[pattern.rows]
    assert set(used["location_precision"]) == {"site", "road"}
    assert pattern.firms + sum(pattern.left_out.values()) == len(DATA.enterprises)
    own = (DATA.enterprises["industry"] == "electronics").sum()
    assert pattern.cases + sum(pattern.cases_left_out.values()) == own


def test_the_industry_filter_is_lifted_and_the_others_hold():
    narrow = marked_pattern(DATA, Filters(industry=("auto",), district=("310115",)), "electronics")
    assert narrow.rows.tolist() == marked_pattern(DATA, Filters(district=("310115",)), "electronics").rows.tolist()
    assert set(DATA.enterprises["adcode"].iloc[narrow.rows]) == {"310115"}
