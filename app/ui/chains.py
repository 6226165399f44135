"""The chains on a page: the choice of one, and where the enterprises of the active set stand."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.ui.choice import choose
from app.ui.session import current
from geo.chains.assignment import CHAINS, load_chains
from geo.datasets.dataset import Dataset
from geo.places.districts import attributes

MAX_UNASKED_BACKTEST_ROWS: Final = 300_000
"""Rows up to which the back-test does not wait until it is asked for."""


def positions(data: Dataset, facet: str, values: Sequence[str]) -> NDArray[np.int64]:
    """Position of each row's value of a facet among some values, −1 for any other; shape (n,)."""
    place = list(data.facet_index.dimensions).index(facet)
    of_category = pd.Index(values).get_indexer(list(data.facet_index.dimensions[facet].categories))
    return of_category[data.facet_index.members[:, place]][data.facet_index.row_codes]


def district_positions(data: Dataset) -> NDArray[np.int64]:
    """Position of each row's district in `geo.places.districts.attributes`, −1 for none; shape (n,)."""
    return positions(data, "district", list(attributes().index))


def choose_chain() -> str:
    """Let the user choose a chain."""
    names = {code: current().pick(chain) for code, chain in CHAINS.items()}
    return str(choose(st.segmented_control, "chain", names, "chains.chain", required=True, wrap=True))


def node_name(node: str) -> str:
    """Name of a node in the user's language."""
    return str(load_chains().at[node, f"name_{current().lang}"])
