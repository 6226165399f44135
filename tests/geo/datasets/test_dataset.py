import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datasets.dataset import load_dataset
from geo.filters.filters import FACETS, Filters, options

DATA = load_dataset()


def facet_values(name: str):
    return st.lists(st.sampled_from([*options(name), "不存在"]), max_size=3, unique=True).map(tuple)


ANY_FILTERS = st.builds(
    Filters,
    **{name: facet_values(name) for name in FACETS},
    q=st.sampled_from(["", "机器人", "上海 路", "ＡＢＢ", "松江", "zzzz", "有限公司"]),
)


@settings(max_examples=80, deadline=None)
@given(ANY_FILTERS)
def test_the_store_selects_what_the_filters_say(filters):
    assert np.array_equal(DATA.mask(filters), filters.mask(DATA.enterprises))


@settings(max_examples=60, deadline=None)
@given(ANY_FILTERS)
def test_the_store_counts_what_the_filters_say(filters):
    expected = filters.facet_counts(DATA.enterprises)
    for name, counts in DATA.facet_counts(filters).items():
        pd.testing.assert_series_equal(counts, expected[name], check_names=False)


def test_other_enterprises_bring_their_own_store():
    few = DATA.with_enterprises(DATA.enterprises.iloc[:3])
    assert few.facet_index.size == 3
    assert DATA.facet_index.size == len(DATA.enterprises)
