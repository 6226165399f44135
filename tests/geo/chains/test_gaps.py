"""Counts on nodes, proximity by hand, and the terms of a gap."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from geo.chains.assignment import NODE_COLUMNS, load_chains, nodes_of
from geo.chains.gaps import GAP_TERMS, count_by, count_nodes, gap_terms, proximity
from geo.enterprises.table import load_enterprises

SAMPLE = load_enterprises()
NODES = nodes_of(SAMPLE)
TABLE = load_chains().index


def on(**counts):
    """Enterprises on nodes: `on(EQP_U1=3)`."""
    return pd.Series({name.replace("_", "-"): n for name, n in counts.items()}).reindex(TABLE, fill_value=0)


def test_counts_are_those_of_the_table():
    expected = pd.concat([NODES[column].dropna().astype(str) for column in NODE_COLUMNS]).value_counts()
    counts = count_nodes(NODES)
    assert counts[counts > 0].sort_index().to_dict() == expected.sort_index().to_dict()


def test_areas_add_up_to_the_whole_and_negative_ones_count_nowhere():
    areas = np.arange(len(NODES)) % 3
    assert count_by(NODES, areas, 3).sum(axis=1).equals(count_nodes(NODES).rename(None))
    assert (
        count_by(NODES, np.where(areas == 2, -1, areas), 2)
        .sum(axis=1)
        .equals(count_nodes(NODES, areas != 2).rename(None))
    )


def test_proximity_by_hand():
    # Of ten enterprises three are on a, two on b, five on c; areas 0 to 2 are specialised in a, 0 and 1 in b, 3 in c.
    counts = pd.DataFrame([[1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 5], [0, 0, 0, 0]], index=list("abcd"))
    near = proximity(counts)
    assert near.loc["a", ["a", "b", "c"]].tolist() == [1, 2 / 3, 0]
    assert near.loc["b", ["a", "b", "c"]].tolist() == [2 / 3, 1, 0]
    assert near["d"].isna().all()


@settings(deadline=None, max_examples=60)
@given(npst.arrays(np.int64, (6, 4), elements=st.integers(0, 5)))
def test_proximity_is_symmetric_and_between_0_and_1(counts):
    near = proximity(pd.DataFrame(counts)).to_numpy()
    np.testing.assert_array_equal(near, near.T)
    known = near[np.isfinite(near)]
    assert ((known >= 0) & (known <= 1)).all()
    assert all(near[k, k] == 1 or np.isnan(near[k, k]) for k in range(6))


def test_terms_by_hand():
    near = pd.DataFrame(np.nan, index=TABLE, columns=TABLE)
    near.loc["EQP-M1", ["EQP-U1", "EQP-U2"]] = [0.6, 0.2]  # EQP-M1: three nodes up (U1 U2 U3), one down (D1)
    own = on(EQP_U1=3, EQP_U3=1)
    city = on(EQP_U1=10, EQP_U2=4, EQP_U3=1, EQP_M1=7, AUTO_D1=20)
    terms = gap_terms(own, city, near).loc["EQP-M1"]
    assert terms["related"] == 0.6 / 0.8  # U1 is here, U2 is not
    assert terms["neighbours"] == 2 / 4
    assert terms["demand"] == np.log1p(4) / np.log1p(15)
    assert terms["supply"] == np.log1p(7) / np.log1p(20)


def test_what_cannot_be_known_is_not_0():
    nothing = gap_terms(on(), on(), pd.DataFrame(np.nan, index=TABLE, columns=TABLE))
    assert nothing[["related", "demand", "supply"]].isna().all().all()
    assert (nothing["neighbours"] == 0).all()
    assert list(nothing.columns) == list(GAP_TERMS)
