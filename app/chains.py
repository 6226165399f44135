"""Nodes of the active set on a page: read once for all readers, under a bar that can be stopped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.session import current
from geo.chains import CHAINS, load_chains, nodes_of
from geo.datasets import Datasets
from geo.districts import attributes

MOST: Final = 3
"""Sets whose nodes are kept; the one that was not asked for longest gives way."""

LARGE: Final = 300_000
"""Rows from which on the reader sees a bar and may stop."""

_kept: Final[OrderedDict[str, pd.DataFrame]] = OrderedDict()
_lock: Final = Lock()


def session_nodes() -> pd.DataFrame:
    """Nodes of every enterprise of the active set (`geo.chains.nodes_of`); a reader who stops the work ends the page."""
    session = current()
    with _lock:
        if session.set_id in _kept:
            _kept.move_to_end(session.set_id)
            return _kept[session.set_id]
    nodes = _watched(session.data) if len(session.data.enterprises) >= LARGE else nodes_of(session.data.enterprises)
    with _lock:
        _kept[session.set_id] = nodes
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return nodes


def _watched(data: Datasets) -> pd.DataFrame:
    session = current()
    if st.session_state.get("nodes_stopped"):
        st.info(session.word("chains.stopped"), icon=":material/pause_circle:")
        st.button(session.word("chains.again"), on_click=_stop, args=[False], key="nodes_again")
        st.stop()
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, session.word("chains.reading", done="0", rows=f"{len(data.enterprises):,}"))
        st.button(session.word("chains.stop"), on_click=_stop, args=[True], key="nodes_stop")

    def tell(done: int, rows: int) -> None:
        bar.progress(done / rows, session.word("chains.reading", done=f"{done:,}", rows=f"{rows:,}"))

    nodes = nodes_of(data.enterprises, tell)
    place.empty()
    return nodes


def _stop(stopped: bool) -> None:
    st.session_state["nodes_stopped"] = stopped


def positions(data: Datasets, facet: str, values: Sequence[str]) -> NDArray[np.int64]:
    """Position of each row's value of a facet among some values, −1 for any other; shape (n,)."""
    place = list(data.store.dimensions).index(facet)
    of_category = pd.Index(values).get_indexer(list(data.store.dimensions[facet].categories))
    return of_category[data.store.members[:, place]][data.store.row_codes]


def district_positions(data: Datasets) -> NDArray[np.int64]:
    """Position of each row's district in `geo.districts.attributes`, −1 for none; shape (n,)."""
    return positions(data, "district", list(attributes().index))


def keep_choice(key: str, options: Collection[str], default: str) -> None:
    """Give a widget back what was chosen before another page was open, or before the words of its options changed."""
    state = st.session_state
    held = next((value for value in (state.get(key), state.get(f"{key}_kept")) if value in options), default)
    state[key] = state[f"{key}_kept"] = held  # said at every run, or Streamlit hands over the words of another language


def choose_chain() -> str:
    """Let the reader choose a chain."""
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
    """Name of a node in the reader's language."""
    return str(load_chains().at[node, "name_en" if current().lang == "en" else "name_zh"])
