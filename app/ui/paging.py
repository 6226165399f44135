"""A table of millions, a page at a time: sorted and cut on the server."""

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from numpy.typing import NDArray

from app.cache import LruCache
from app.ui.address import bind, number
from app.ui.choice import choose, switch
from app.ui.session import current
from geo.datasets.dataset import Dataset
from geo.enterprises.schema import COLUMN_LABELS, DISTANCES
from geo.index.pinyin import sound_keys

TABLE_LIMIT: Final = 5000
"""Rows of a selection up to which the browser gets them all."""

PAGE_ROWS: Final = 200

MAX_ROWS_AT_ONCE: Final = 13
"""Rows of a table that stand on the smallest desk without scrolling the page."""

_ROW_PIXELS: Final = 33


def table_height(rows: int, most: int = MAX_ROWS_AT_ONCE) -> int:
    """Height of a table that is as tall as its rows, up to some rows beyond which it scrolls [pixels].

    Examples
    --------
    >>> table_height(0), table_height(2), table_height(1000)
    (68, 101, 464)
    """
    return _ROW_PIXELS * (min(max(rows, 1), most) + 1) + 2


def text_width(text: str) -> int:
    """Width that a text takes in a table, with the room around it [pixels].

    Examples
    --------
    >>> text_width("行业"), text_width("Industry")
    (48, 82)
    """
    return round(14 * sum(1 if ord(letter) > 0x2E80 else 0.55 for letter in text)) + 20


def choose_page(columns: list[str]) -> NDArray[np.int64]:
    """Let the user sort and turn pages; the rows of the table that the page shows."""
    session = current()
    pages = max(-(-session.total // PAGE_ROWS), 1)
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_pages"):
        names = {"": session.word("table.sort.none")} | session.names(
            {name: COLUMN_LABELS[name] for name in columns if name not in DISTANCES}
        )
        column = choose(st.selectbox, "table_sort", names, "table.sort", width=220)
        down = switch("table_sort_down", "table.sort.down", disabled=not column)
        bind("table_page", 1, number(1, pages, int))
        st.session_state["table_page"] = min(max(int(st.session_state["table_page"] or 1), 1), pages)
        label = session.word("table.page", pages=f"{pages:,}")
        page = st.number_input(label, 1, pages, key="table_page", step=1, width=180, persist_state="session")
    chosen = sorted_rows(session.data, column, session.mask, descending=bool(down))
    return chosen[(int(page) - 1) * PAGE_ROWS : int(page) * PAGE_ROWS]


def sorted_rows(data: Dataset, column: str, mask: NDArray[np.bool_], *, descending: bool = False) -> NDArray[np.int64]:
    """Positions of the selected rows in the order of a column, text by its pinyin, equal values and no column in that of the table."""
    if not column:
        return np.flatnonzero(mask)
    order = _orders.get_or_make(
        (data.fingerprint, column, descending), lambda: _order(data.enterprises[column], descending)
    )
    return order[mask[order]].astype(np.int64)


_orders: Final[LruCache[tuple[str, str, bool], NDArray[np.int32]]] = LruCache(8)


def _order(column: pd.Series, descending: bool) -> NDArray[np.int32]:
    values = pa.array(column.array, from_pandas=True)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        values = sound_keys(values.fill_null("").to_pylist())
    table = pa.table({"value": values, "row": np.arange(len(values), dtype=np.int32)})
    keys = [("value", "descending" if descending else "ascending"), ("row", "ascending")]
    return pc.sort_indices(table, sort_keys=keys).to_numpy().astype(np.int32)
