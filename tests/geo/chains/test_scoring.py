"""Scores add up, unknown is not nothing, and what a weight does is what is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.chains.scoring import ranks_without, score, sensitivity
from geo.errors import DataError

VALUES = st.one_of(st.floats(0, 1), st.just(np.nan))
NAMES = ["a", "b", "c"]
TABLES = st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=12).map(
    lambda rows: pd.DataFrame(rows, columns=NAMES, dtype=float)
)
WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 10) for name in NAMES})


def test_by_hand():
    terms = pd.DataFrame(
        {"a": [1.0, 0.4, np.nan], "b": [0.5, np.nan, np.nan], "c": [0.0, 1.0, np.nan]}, index=list("xyz")
    )
    found = score(terms, {"a": 5, "b": 3, "c": 2})
    assert found.points.loc["x"].tolist() == [50.0, 15.0, 0.0]
    assert found.points.loc["y", ["a", "c"]].tolist() == [28.6, 28.6]  # 100·0.4·5/7, 100·1·2/7
    assert found.total.tolist()[:2] == [65.0, 57.2]
    assert np.isnan(found.total["z"])
    assert found.known.tolist() == [1.0, 0.7, 0.0]
    assert found.low.tolist() == [65.0, 40.0, 0.0]
    assert found.high.round(9).tolist() == [65.0, 70.0, 100.0]
    assert found.rank.tolist() == [1, 2, 3]


@settings(deadline=None)
@given(TABLES, WEIGHTS)
def test_points_add_up_exactly_to_what_is_shown(terms, weights):
    found = score(terms, weights)
    for row in terms.index:
        shown = [f"{points:.1f}" for points in found.points.loc[row] if points == points]
        tenths = sum(round(float(text) * 10) for text in shown)
        if found.total[row] == found.total[row]:
            assert tenths == round(found.total[row] * 10)
    assert (found.points.isna() >= terms.isna()).all().all()
    worth = found.total.fillna(-1)
    assert found.rank.tolist() == [1 + int((worth > own).sum()) for own in worth]  # equal totals, equal ranks
    assert found.rank.iloc[found.order].is_monotonic_increasing


@settings(deadline=None)
@given(TABLES, WEIGHTS)
def test_the_total_lies_between_its_bounds_and_is_the_mean_of_what_is_known(terms, weights):
    found = score(terms, weights)
    known = found.total.dropna().index
    half = 0.05 * len(NAMES) + 1e-9
    assert (found.low[known] <= found.total[known] + half).all()
    assert (found.total[known] <= found.high[known] + half).all()
    for row in known:
        pairs = [(weights[name], terms.at[row, name]) for name in NAMES if terms.at[row, name] == terms.at[row, name]]
        mean = sum(w * x for w, x in pairs) / sum(w for w, _ in pairs)
        assert abs(found.total[row] - 100 * mean) <= half


@settings(deadline=None)
@given(TABLES, WEIGHTS, st.sampled_from(NAMES))
def test_a_weight_of_nothing_is_the_term_left_out(terms, weights, name):
    rest = [other for other in NAMES if other != name]
    without = score(terms[rest], weights)
    pd.testing.assert_series_equal(score(terms, {**weights, name: 0}).total, without.total)
    assert ranks_without(terms, weights)[name].tolist() == without.rank.tolist()


@settings(deadline=None)
@given(TABLES, WEIGHTS, st.integers(0, 11), st.sampled_from(NAMES))
def test_a_better_term_never_costs_points(terms, weights, row, name):
    if row < len(terms) and terms.at[row, name] == terms.at[row, name]:
        better = terms.copy()
        better.at[row, name] = 1.0
        before, after = score(terms, weights), score(better, weights)
        if before.total[row] == before.total[row]:
            assert after.total[row] >= before.total[row]
            assert after.rank[row] <= before.rank[row]


def test_equal_totals_share_a_rank_and_the_better_known_stands_first():
    terms = pd.DataFrame({"a": [0.5, np.nan, 0.5, 0.9], "b": [0.5, 0.5, 0.5, 0.1]}, index=list("wxyz"))
    found = score(terms, {"a": 1, "b": 1})  # totals 50, 50 (of half the weights), 50, 50
    assert found.rank.tolist() == [1, 1, 1, 1]
    assert terms.index[found.order].tolist() == ["w", "y", "z", "x"]
    lower = score(pd.DataFrame({"a": [0.2, 0.7, 0.7, np.nan, 0.1]}), {"a": 1})
    assert lower.rank.tolist() == [3, 1, 1, 5, 4]
    stays = sensitivity(terms, {"a": 1, "b": 1}, top=1)
    assert stays.same_first < 1  # z leads or falls behind as soon as the weights differ


def test_only_the_ratio_of_weights_counts():
    terms = pd.DataFrame({"a": [0.1, 0.9], "b": [0.7, np.nan]})
    pd.testing.assert_frame_equal(score(terms, {"a": 1, "b": 2}).points, score(terms, {"a": 10, "b": 20}).points)


@pytest.mark.parametrize("weights", [{"a": 1}, {"a": 1, "b": -1}, {"a": 1, "b": float("nan")}])
def test_wrong_weights_are_refused(weights):
    with pytest.raises(DataError):
        score(pd.DataFrame({"a": [0.1], "b": [0.2]}), weights)


def test_values_beyond_the_scale_are_refused():
    with pytest.raises(DataError):
        score(pd.DataFrame({"a": [1.2]}), {"a": 1})


def test_what_is_hardly_known_ranks_last():
    terms = pd.DataFrame({"a": [1.0, 0.1], "b": [np.nan, 0.2]}, index=["hardly", "known"])
    weights = {"a": 1, "b": 2}
    assert score(terms, weights).rank.tolist() == [1, 2]
    assert score(terms, weights, least_known=0.5).rank.tolist() == [2, 1]
    assert ranks_without(terms, weights, 0.5)["b"].tolist() == [1, 2]
    assert sensitivity(terms, weights, 1, least_known=0.5).same_first == 1


def test_an_order_that_hangs_on_a_weight_is_said_to():
    terms = pd.DataFrame({"a": [1.0, 0.0, 0.0], "b": [0.0, 1.0, 0.0]}, index=list("xyz"))
    close = sensitivity(terms, {"a": 1.1, "b": 1}, top=1)  # x leads unless a loses or b gains more than a tenth
    # weights a·{.88, 1.1, 1.32}, b·{.8, 1, 1.2}: b beats a in (.88,1), (.88,1.2), (1.1,1.2)
    assert (close.changes, close.same_first, close.same_top) == (9, 6 / 9, 6 / 9)
    assert close.ranks.loc["x"].tolist() == [1, 2, 6 / 9]
    assert close.ranks.loc["z"].tolist() == [3, 3, 0]
    assert sensitivity(terms, {"a": 1.1, "b": 1}, top=2).same_top == 1
    assert sensitivity(terms, {"a": 2, "b": 1}, top=1).same_first == 1


@settings(deadline=None, max_examples=50)
@given(TABLES, WEIGHTS, st.integers(1, 5))
def test_the_present_rank_lies_within_its_range(terms, weights, top):
    found = sensitivity(terms, weights, top)
    assert found.changes == 3 ** sum(weight > 0 for weight in weights.values())
    unchanged = sensitivity(terms, weights, top, change=0)
    assert unchanged.same_first == unchanged.same_top == 1
    assert (found.ranks["best"] <= unchanged.ranks["best"]).all()
    assert (found.ranks["worst"] >= unchanged.ranks["worst"]).all()
