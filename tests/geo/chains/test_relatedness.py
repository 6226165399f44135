"""Related industries: proximity by hand, refusals with their reason, intervals beside chance, and how the pairs behave."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.chains.gaps import backtest, proximity
from geo.chains.relatedness import RELATED_WEIGHTS, compared, related_nodes, related_to
from geo.errors import DataError

TABLES = arrays.arrays(np.int64, (4, 9), elements=st.integers(0, 30))


def test_proximity_by_hand():
    """a is specialised in areas 0–3, b in 0–1 and 4–5, c in 6–7: φ(a, b) = 2/4, φ(a, c) = φ(b, c) = 0."""
    counts = pd.DataFrame(0, index=list("abc"), columns=range(8))
    counts.loc["a", [0, 1]], counts.loc["a", [2, 3]] = 10, 20
    counts.loc["b", [0, 1]], counts.loc["b", [4, 5]] = 10, 20
    counts.loc["c", [6, 7]] = 20
    found = related_nodes(counts, 50).set_index(["first", "second"])
    assert found["proximity"].to_dict() == {("a", "b"): 0.5, ("a", "c"): 0.0, ("b", "c"): 0.0}
    assert found["together"].to_dict() == {("a", "b"): 2, ("a", "c"): 0, ("b", "c"): 0}
    assert found.loc[("a", "c"), ["first_enterprises", "second_enterprises"]].tolist() == [60, 40]
    assert found.loc[("a", "c"), "verdict"] == "apart"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[10] * 7, [10] * 7], "只有 7 处"),
        ([[9] * 20, [0] * 20], "只有 0 处"),
        ([[20] * 8, [1, *[0] * 7]], "只有 1 个"),
        ([[0] * 3], "只有 0 处"),
    ],
)
def test_small_sets_are_refused_with_the_reason(table, reason):
    with pytest.raises(DataError, match=reason):
        related_nodes(pd.DataFrame(table), 10)


def test_an_area_with_few_enterprises_takes_no_part():
    counts = pd.DataFrame([[10, 4, *[10] * 7], [0, 5, *[10] * 7]])
    assert list(compared(counts).columns) == [0, *range(2, 9)]


def test_where_industries_lie_together_it_is_told_and_of_chance_it_is_not():
    block = np.kron(np.array([[40, 2], [40, 2], [2, 40]]), np.ones((1, 5), dtype=int))
    verdicts = related_nodes(pd.DataFrame(block, index=list("abc")), 100).set_index(["first", "second"])["verdict"]
    assert verdicts.to_dict() == {("a", "b"): "together", ("a", "c"): "apart", ("b", "c"): "apart"}
    random = np.random.default_rng(1)
    told = [related_nodes(pd.DataFrame(random.poisson(8, (4, 12))), 60, seed)["verdict"] for seed in range(12)]
    assert (pd.concat(told) != "open").mean() < 0.15  # 5 % of single pairs are to be expected


@given(TABLES)
def test_proximity_is_symmetric_and_does_not_know_the_order_of_nodes_and_areas(table):
    counts = pd.DataFrame(table)
    found = proximity(counts).to_numpy()
    assert np.array_equal(found, found.T, equal_nan=True)
    assert np.nanmin(found, initial=0) >= 0
    assert np.nanmax(found, initial=0) <= 1
    turned = proximity(counts.iloc[::-1, ::-1]).to_numpy()[::-1, ::-1]
    assert np.array_equal(found, turned, equal_nan=True)


@settings(max_examples=20, deadline=None)
@given(TABLES, st.integers(0, 9))
def test_the_pairs_are_the_same_in_any_order_and_their_intervals_lie_between_0_and_1(table, seed):
    counts = pd.DataFrame(table, index=list("abcd"))
    try:
        found = related_nodes(counts, 8, seed)
    except DataError:
        return
    turned = related_nodes(counts.iloc[::-1, ::-1], 8, seed)
    assert by_pair(found) == by_pair(turned)
    known = found.dropna(subset=["low", "high"])
    assert ((known["low"] >= 0) & (known["low"] <= known["high"]) & (known["high"] <= 1)).all()
    assert related_nodes(counts, 8, seed).equals(found)
    for node in set(found["first"]) | set(found["second"]):
        own = related_to(found, node)
        assert (own["first"] == node).all()
        assert by_pair(own).items() <= by_pair(found).items()


def by_pair(found):
    rows = found[["first", "second", "first_enterprises", "second_enterprises", "together", "proximity"]]
    return {
        frozenset([(row.first, row.first_enterprises), (row.second, row.second_enterprises)]): (
            row.together,
            row.proximity,
        )
        for row in rows.itertuples()
    }


def test_proximity_alone_is_back_tested_like_the_gaps():
    from geo.chains.assignment import load_chains

    table = load_chains().index
    nodes = pd.DataFrame({"node": pd.Categorical([table[0], table[1], table[0], table[1]], categories=table)})
    for column in ("node_2", "node_3"):
        nodes[column] = pd.Categorical([None] * 4, categories=table)
    years, areas = np.array([2000.0, 2000, 2000, 2010]), np.array([0, 0, 1, 1])
    found = backtest(nodes, areas, 2, years, [2005], tops=(1,), weights=RELATED_WEIGHTS)
    assert found.set_index("method")["true"].unique().tolist() == [1]
    assert set(found["method"]) == {"score", "district", "node", "random"}
