"""Empirical Bayes index and rates: by hand, and as esda publishes them."""

import geopandas as gpd
import libpysal
import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes, assuncao_rate
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.clusters.autocorrelation import eb_index, eb_rate


def sids():
    table = gpd.read_file(libpysal.examples.get_path("sids2.shp"))
    return table["SID79"].to_numpy(float), table["BIR79"].to_numpy(float)


def test_by_hand():
    """b = 12/30; s² = mean of (−.3, .5, −.2)² = 0.38/3; a = s² − .4/10; v = a + .04."""
    index = eb_index([1, 9, 2], [10, 10, 10])
    assert index == pytest.approx(np.array([-0.3, 0.5, -0.2]) / np.sqrt(0.38 / 3))


def test_the_index_is_that_of_esda_on_its_own_example():
    """Sudden infant deaths in North Carolina, the example of esda's `Moran_Rate`."""
    assert eb_index(*sids()) == pytest.approx(assuncao_rate(*sids()))


def test_the_rate_is_that_of_esda_on_its_own_example():
    assert eb_rate(*sids()) == pytest.approx(Empirical_Bayes(*sids()).r.ravel())


def test_a_negative_variance_between_areas_does_not_let_a_large_area_run_away():
    """Rates like chance: esda's formula has a vanishing variance for some size of area, ours has not."""
    firms = np.array([10.0] * 20 + [30, 1000])
    cases = np.round(firms * 0.2)
    cases[-1] += 5
    assert abs(eb_index(cases, firms)[-1]) < 1
    assert np.isfinite(eb_index(cases, firms)).all()


@pytest.mark.parametrize("cases", [[0, 0, 0], [5, 5, 5]])
def test_without_any_difference_there_is_no_index(cases):
    assert np.isnan(eb_index(cases, [5, 5, 5])).all()


@given(arrays(np.int64, 12, elements=st.integers(1, 500)), st.randoms())
def test_a_smoothed_rate_lies_between_its_own_and_that_of_all(firms, dice):
    cases = np.array([dice.randint(0, int(n)) for n in firms])
    own, whole = cases / firms, cases.sum() / firms.sum()
    rate = eb_rate(cases, firms)
    assert (rate >= np.minimum(own, whole) - 1e-12).all()
    assert (rate <= np.maximum(own, whole) + 1e-12).all()
