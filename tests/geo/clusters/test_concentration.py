"""Distances between firms: formulas written out, pointpats' figures, planted and random industries."""

import geopandas as gpd
import libpysal
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointpats import k as pointpats_k
from pointpats.geometry import area, prepare_hull

from geo.clusters.concentration import (
    Concentration,
    concentration,
    detectable_cases,
    envelope,
    k_density,
    pair_histogram,
)
from geo.clusters.eligibility import decided
from geo.clusters.pattern import pattern_of

RNG = np.random.default_rng(11)
X, Y = RNG.uniform(0, 20_000, (2, 600))


def answered(pattern, **options) -> Concentration:
    return decided(concentration(pattern, **options))


def case(centre, radius, seed=0):
    """One in ten anywhere, all within a radius [m] of a centre."""
    anywhere = np.random.default_rng(seed).random(600) < 0.1
    return anywhere | (np.hypot(X - centre[0], Y - centre[1]) < radius)


def test_the_density_is_the_formula_of_duranton_and_overman():
    """Sum over all pairs of a Gaussian at the distance and its mirror at 0, over n (n − 1) h / 2."""
    x, y, h = X[:60], Y[:60], 700.0
    at = np.linspace(0, 12_000, 7)
    first, second = np.triu_indices(60, 1)
    distances = np.hypot(x[first] - x[second], y[first] - y[second])
    both = np.array([np.exp(-0.5 * ((d - sign * distances) / h) ** 2).sum() for d in at for sign in (1, -1)])
    written = both.reshape(-1, 2).sum(axis=1) / np.sqrt(2 * np.pi) * 2 / (60 * 59 * h)
    assert k_density(x, y, at, h) == pytest.approx(written, rel=1e-2)  # distances are binned by a sixteenth of h


def test_the_density_sums_to_one():
    at = np.linspace(0, 45_000, 900)
    assert np.trapezoid(k_density(X, Y, at, 800), at) == pytest.approx(1, abs=1e-3)


def test_the_running_sum_of_pairs_is_the_k_of_pointpats_on_its_own_example():
    """Points of Virginia, which come with PySAL; pointpats takes the points' own hull for the area."""
    table = gpd.read_file(libpysal.examples.get_path("vautm17n_points.shp"))
    points = np.column_stack([table.geometry.x, table.geometry.y])
    at, published = pointpats_k(points, support=12)
    counts = pair_histogram(points[:, 0].copy(), points[:, 1].copy(), at[1], len(at) - 1)
    k = 2 * np.cumsum(counts) * area(prepare_hull(points, None)) / len(points) ** 2
    assert k == pytest.approx(published[1:])


def test_pairs_are_counted_by_hand():
    """A 3-4-5 triangle and a point upon one corner: distances 0, 3, 3, 4, 4 … of 6 pairs."""
    counts = pair_histogram(np.array([0.0, 3, 0, 0]), np.array([0.0, 0, 4, 0]), 1.0, 5)
    assert counts.tolist() == [1, 0, 0, 2, 2]  # the pair at 5 lies beyond the last bin


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(80)), st.integers(-1000, 1000))
def test_order_and_place_do_not_matter(order, shift):
    order = np.array(order)
    at = np.linspace(0, 10_000, 5)
    moved = k_density(X[:80][order] + shift, Y[:80][order] - shift, at, 500)
    assert moved == pytest.approx(k_density(X[:80], Y[:80], at, 500), rel=1e-2)


def test_a_planted_industry_is_localised_at_its_own_scale():
    found = answered(pattern_of(X, Y, case((6000, 12_000), 2500)))
    assert found.verdict == "localised"
    assert found.band.p_high == 0.005
    low, high = found.beyond_m() or (np.inf, np.inf)
    assert low < 1000
    assert high < 8000
    assert found.neighbours[2] > 1.5
    assert found.stability == 1.0


def test_an_industry_that_keeps_apart_is_dispersed():
    """One firm of the industry for every 2 km square: never two close together."""
    _, taken = np.unique((X // 2500).astype(int) * 100 + (Y // 2500).astype(int), return_index=True)
    found = answered(pattern_of(X, Y, np.isin(np.arange(600), taken)))
    assert found.verdict == "dispersed"
    assert (found.beyond_m() or (np.inf,))[0] < 1500


def test_random_industries_are_like_the_whole():
    """Of 24 random industries one in twenty is called localised by chance; four would be one chance in thirty."""
    wrong = 0
    for seed in range(24):
        label = np.random.default_rng(seed).random(600) < 0.15
        wrong += answered(pattern_of(X, Y, label), simulations=99, seed=seed).band.p_high <= 0.05
    assert wrong <= 3


def test_where_all_firms_gather_an_industry_may_gather_too():
    """Firms in one dense town, labels by chance: close together, but no closer than all."""
    rng = np.random.default_rng(2)
    x, y = np.r_[rng.normal(5000, 300, 400), X[:200]], np.r_[rng.normal(5000, 300, 400), Y[:200]]
    found = answered(pattern_of(x, y, rng.random(600) < 0.2))
    assert found.verdict == "neither"
    assert found.density[0] > found.density[-1]


def test_a_seed_gives_the_same_again_and_work_can_be_stopped():
    pattern = pattern_of(X, Y, case((6000, 6000), 1500))
    assert answered(pattern, simulations=39).band.p_high == answered(pattern, simulations=39).band.p_high
    told = []

    def stop(done, steps):
        told.append((done, steps))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        concentration(pattern, simulations=39, progress=stop)
    assert told == [(1, 39), (2, 39), (3, 39)]


def test_the_global_band_is_left_exactly_when_the_p_value_says_so():
    rng = np.random.default_rng(4)
    for _ in range(60):
        curves = rng.normal(0, 1, (100, 12)).cumsum(axis=1)
        observed = curves[0] * rng.uniform(0.5, 3)
        found = envelope(observed, curves[1:])
        assert bool((observed > found.high).any()) == (found.p_high <= 0.05)
        assert bool((observed < found.low).any()) == (found.p_low <= 0.05)


def test_what_could_have_been_seen_grows_with_the_firms_and_is_the_same_for_a_seed():
    found = {}
    for firms in (16, 120):
        anywhere = np.zeros(600, bool)
        anywhere[np.random.default_rng(4).choice(600, firms, replace=False)] = True
        answer = answered(pattern_of(X, Y, anywhere), simulations=99)
        assert answer.verdict == "neither"
        assert answered(pattern_of(X, Y, anywhere), simulations=99).detectable == answer.detectable
        found[firms] = answer.detectable / firms
    assert 0 < found[120] < found[16] <= 1


def test_the_needed_number_is_the_one_that_is_seen_in_four_of_five_tries():
    row = pattern_of(np.arange(200) * 1000.0, np.zeros(200), np.arange(200) < 20)

    def gathered(drawn):  # sees as many as ten within the place of a planted industry: twice as many firms in a row
        return np.mean([max(np.sum(abs(rows - middle) <= 10) for middle in range(200)) >= 10 for rows in drawn])

    assert 6 <= detectable_cases(row, 20, gathered, seed=3) <= 10
    assert detectable_cases(row, 20, lambda _drawn: 0.0, seed=3) == 0
    assert detectable_cases(row, 20, lambda _drawn: 1.0, seed=3) == 2  # a tenth


def test_stretches_without_a_gap():
    found = answered(pattern_of(X, Y, case((6000, 12_000), 2500)))
    spans = found.spans_m()
    assert (spans[0][0], spans[-1][1]) == found.beyond_m()
    beyond = found.density > found.band.high
    inside = np.logical_or.reduce([(found.distance_m >= low) & (found.distance_m <= high) for low, high in spans])
    assert np.array_equal(inside, beyond)
