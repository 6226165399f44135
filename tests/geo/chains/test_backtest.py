"""The back-test on a made-up city whose outcome can be told by hand."""

import numpy as np
import pandas as pd
import pytest

from geo.chains.assignment import nodes_of
from geo.chains.gaps import BACKTEST_METHODS, backtest, entry_years, interval
from geo.datasets.dataset import load_dataset
from geo.places.districts import attributes
from tests.geo.chains.test_assignment import firms

DATA = load_dataset()
ROBOT, LIFT, VALVE = "工业机器人", "电梯", "阀门"


def city(*rows):
    """District, product and year of each enterprise."""
    nodes = nodes_of(firms(*((f"企业{k}", "equipment", product) for k, (_, product, _) in enumerate(rows))))
    return nodes, np.array([row[0] for row in rows]), np.array([row[2] for row in rows], dtype=float)


def test_by_hand():
    nodes, areas, years = city(
        (0, LIFT, 2000), (0, LIFT, 2001), (0, VALVE, 2002), (1, LIFT, 2003), (1, ROBOT, 2010), (0, ROBOT, 2011)
    )  # fmt: skip
    found = backtest(nodes, areas, 2, years, [2005], tops=[3]).set_index("method")
    # On the robot stand two nodes (EQP-M1, SMART-M1) in two districts: four cases come true.
    assert found["known"].tolist()[0], found["later"].tolist()[0] == (4, 2)
    assert found["true"].unique().tolist() == [4]
    assert found["cases"].unique().tolist() == [2 * 112 - 3]
    assert found.at["random", "hits"] == pytest.approx(3 * 4 / 221)
    # The biggest district first: its most frequent missing nodes; the one node that the other lacks is the valve's.
    assert found.at["node", "hits"] == 0
    assert set(found.index) == set(BACKTEST_METHODS)


def test_an_entry_on_a_node_that_is_there_is_no_case():
    nodes, areas, years = city((0, LIFT, 2000), (0, LIFT, 2010))
    found = backtest(nodes, areas, 1, years, [2005], tops=[5])
    assert found["true"].tolist() == [0] * 4


def test_without_a_later_or_an_earlier_enterprise_there_is_nothing_to_compare():
    nodes, areas, years = city((0, LIFT, 2000), (0, ROBOT, np.nan))
    assert backtest(nodes, areas, 1, years, [1990, 2005]).empty


def test_what_happens_later_does_not_reach_the_order():
    nodes, areas, years = city(
        (0, LIFT, 2000), (1, LIFT, 2000), (1, VALVE, 2001), (0, VALVE, 2010), (1, ROBOT, 2012)
    )  # fmt: skip
    later = years.copy()
    later[[3, 4]] = [2012, 2010]
    columns = ["k", "method", "cases", "hits"]
    one, other = (backtest(nodes, areas, 2, y, [2005])[columns] for y in (years, later))
    pd.testing.assert_frame_equal(one, other)


def test_years_of_the_sample_are_those_of_its_lists():
    years, basis = entry_years(DATA.enterprises, DATA.recognitions)
    assert basis == "listed"
    row = DATA.enterprises.index.get_loc(
        DATA.enterprises.index[DATA.enterprises["name"] == "上工申贝(集团)股份有限公司"][0]
    )
    assert years[row] == 1994
    founded = DATA.enterprises.assign(founded="1999-05-01")
    assert entry_years(founded, DATA.recognitions)[1] == "founded"
    assert set(entry_years(founded, DATA.recognitions)[0]) == {1999.0}


def test_the_figures_of_the_reference():
    """What the documentation says of the sample; the biggest district first is as good, and stays said."""
    years, _ = entry_years(DATA.enterprises, DATA.recognitions)
    areas = attributes().index.get_indexer(DATA.enterprises["adcode"])
    found = backtest(nodes_of(DATA.enterprises), areas, 16, years, [2012, 2015, 2017, 2019, 2021], tops=[20])
    hits = found.pivot(index="cut", columns="method", values="hits")
    assert hits["score"].astype(int).tolist() == [9, 9, 8, 5, 4]
    assert hits["district"].astype(int).tolist() == [11, 11, 7, 7, 3]
    assert hits["node"].astype(int).tolist() == [5, 5, 3, 8, 1]
    assert hits["random"].round(1).tolist() == [2.3, 2.2, 1.8, 1.5, 0.7]


def test_intervals_of_small_numbers_are_wide():
    assert [round(bound, 3) for bound in interval(0, 10)] == [0.0, 0.278]
    assert all(np.isnan(bound) for bound in interval(0, 0))
