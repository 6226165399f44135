"""The order of visits: every place once, never a longer way than the one given."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.routing import legs, visit_order

PLACES = st.lists(st.tuples(st.floats(120.9, 122.0), st.floats(30.7, 31.9)), max_size=14)


def length(places):
    return legs(*np.array(places).T).sum() if len(places) > 1 else 0.0


@given(PLACES)
@settings(max_examples=60, deadline=None)
def test_every_place_once_and_never_longer_than_given(places):
    lon, lat = np.array(places).reshape(-1, 2).T
    order = visit_order(lon, lat)
    assert sorted(order.tolist()) == list(range(len(places)))
    assert length([places[place] for place in order]) <= length(places) + 1e-6


@given(PLACES.filter(lambda places: len(places) > 3))
@settings(max_examples=30, deadline=None)
def test_no_stretch_turned_round_makes_the_way_shorter(places):
    lon, lat = np.array(places).T
    way = [places[place] for place in visit_order(lon, lat)]
    for first in range(len(way)):
        for last in range(first + 1, len(way)):
            turned = way[:first] + way[first : last + 1][::-1] + way[last + 1 :]
            assert length(turned) >= length(way) - 1e-3


def test_places_on_a_line_are_visited_along_it():
    lon = [121.0, 121.4, 121.2, 121.1, 121.3]
    order = visit_order(lon, [31.1] * 5).tolist()
    assert order in ([0, 3, 2, 4, 1], [1, 4, 2, 3, 0])


def test_a_crossing_is_resolved():
    # a square: the way given crosses itself
    assert (
        legs([121, 121.1, 121.1, 121], [31, 31.1, 31, 31.1]).sum()
        > 1.05 * legs(*np.array([(121, 31), (121, 31.1), (121.1, 31.1), (121.1, 31)]).T).sum()
    )
    order = visit_order([121, 121.1, 121.1, 121], [31, 31.1, 31, 31.1])
    corners = np.array([[121, 31], [121.1, 31.1], [121.1, 31], [121, 31.1]])[order]
    assert (np.abs(np.diff(corners, axis=0)) > 0.05).sum(axis=1).tolist() == [1, 1, 1]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_places_stay_as_they_are(count):
    assert visit_order([121.0] * count, [31.0] * count).tolist() == list(range(count))


def test_places_at_one_address_are_no_trouble():
    order = visit_order([121.0, 121.5, 121.0, 121.5, 121.0], [31.0] * 5)
    assert legs(np.array([121.0, 121.5, 121.0, 121.5, 121.0])[order], [31.0] * 5).tolist().count(0.0) == 3


costs = st.integers(1, 7).flatmap(
    lambda n: st.lists(st.lists(st.floats(1, 100), min_size=n, max_size=n), min_size=n, max_size=n).map(np.array)
)


@given(costs)
def test_costs_that_differ_both_ways_never_make_the_way_longer(costs):
    count = len(costs)
    order = visit_order(np.full(count, 121.0), np.full(count, 31.0), costs)
    assert sorted(order) == list(range(count))

    def length(way):
        return sum(costs[one, next_] for one, next_ in itertools.pairwise(way))

    assert length(order) <= length(range(count)) + 1e-6
    for i, j in itertools.combinations(range(count), 2):
        turned = [*order[:i], *order[i : j + 1][::-1], *order[j + 1 :]]
        assert length(order) <= length(turned) + 1e-5
