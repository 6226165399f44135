"""Nodes kept beside a set are those of its table, and the filter by node selects who stands on it."""

import numpy as np
import pandas as pd
import pytest

from geo.chains.assignment import coded_nodes, load_chains, nodes_of, on_node, open_nodes, save_nodes
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import NONE, Filters

DATA = load_dataset()


def test_what_is_kept_is_what_was_read(tmp_path):
    save_nodes(DATA.nodes, tmp_path / "nodes", "one")
    pd.testing.assert_frame_equal(open_nodes(tmp_path / "nodes", "one", DATA.enterprises.index), DATA.nodes)


def test_nodes_of_another_table_are_refused(tmp_path):
    save_nodes(DATA.nodes, tmp_path / "nodes", "one")
    with pytest.raises(DataError):
        open_nodes(tmp_path / "nodes", "two", DATA.enterprises.index)


def test_a_set_has_the_nodes_of_its_table_at_the_first_and_at_the_second_opening(tmp_path):
    write_demo(500, tmp_path / "demo")
    told = []
    first = open_dataset(tmp_path / "demo", DATA, lambda stage, _done: told.append(stage))
    again = open_dataset(tmp_path / "demo", DATA)
    assert told[-1] == "nodes"
    assert first.nodes["node"].notna().any()
    pd.testing.assert_frame_equal(first.nodes, nodes_of(first.enterprises))
    pd.testing.assert_frame_equal(again.nodes, first.nodes)


@pytest.mark.parametrize("node", ["EQP-M1", "SMART-M1", "SMART-D1", "AERO-M7"])
def test_the_filter_selects_who_stands_on_the_node(node):
    np.testing.assert_array_equal(DATA.mask(Filters(node=(node,))), on_node(DATA.nodes, node))


def test_everybody_is_on_a_node_or_on_none():
    on_some = np.logical_or.reduce([on_node(DATA.nodes, node) for node in load_chains().index])
    np.testing.assert_array_equal(DATA.mask(Filters(node=(NONE,))), ~on_some)
    node = coded_nodes(DATA.enterprises)
    assert [node.values[code] for code in node.codes[~on_some]] == [""] * int((~on_some).sum())
