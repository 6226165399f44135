"""The chains on a page: the choice of one, and where the enterprises of the active set stand."""

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.ui.session import current
from geo.chains.assignment import CHAINS, load_chains
from geo.datasets.dataset import Dataset
from geo.places.districts import attributes

LARGE: Final = 300_000
"""Rows from which on the back-test waits until it is asked for."""


def positions(data: Dataset, facet: str, values: Sequence[str]) -> NDArray[np.int64]:
    """Position of each row's value of a facet among some values, −1 for any other; shape (n,)."""
    place = list(data.facet_index.dimensions).index(facet)
    of_category = pd.Index(values).get_indexer(list(data.facet_index.dimensions[facet].categories))
    return of_category[data.facet_index.members[:, place]][data.facet_index.row_codes]


def district_positions(data: Dataset) -> NDArray[np.int64]:
    """Position of each row's district in `geo.places.districts.attributes`, −1 for none; shape (n,)."""
    return positions(data, "district", list(attributes().index))


def keep_choice(key: str, options: Collection[str], default: str) -> None:
    """Give a widget back what was chosen before another page was open, or before the words of its options changed."""
    state = st.session_state
    held = next((value for value in (state.get(key), state.get(f"{key}_kept")) if value in options), default)
    state[key] = state[f"{key}_kept"] = held  # said at every run, or Streamlit hands over the words of another language


def choose_chain() -> str:
    """Let the user choose a chain."""
    session = current()
    names = {code: chain.en if session.lang == "en" else chain.zh for code, chain in CHAINS.items()}
    keep_choice("chain", names, next(iter(names)))
    return str(
        st.segmented_control(
            session.word("chains.chain"),
            list(names),
            format_func=names.__getitem__,
            key="chain",
            required=True,
            wrap=True,
        )
    )


def node_name(node: str) -> str:
    """Name of a node in the user's language."""
    return str(load_chains().at[node, "name_en" if current().lang == "en" else "name_zh"])
