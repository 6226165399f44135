"""Enterprises: the table of the selection, a card of the row picked, and the list to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.card import draw_card
from app.session import current
from geo.export import to_bytes
from geo.labels import COLUMN_LABELS, labelled

SHOWN = [
    *("name", "district", "zone", "industry", "industry_detail", "park", "address", "recognitions"),
    *("evidence", "location_precision", "stock_code"),
]
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}

session = current()
rows = session.selected
place = int(session.lang == "en")


def offer_download(suffix: str) -> None:
    """Offer the selection in one format; the file is made when it is asked for."""
    st.download_button(
        session.word("table.download", suffix=suffix.upper()),
        data=lambda: to_bytes(
            rows,
            suffix,
            labels=session.lang,
            sentence=session.filters.sentence(len(rows), session.lang),
            date=session.data.date,
            synthetic=session.data.synthetic,
        ),
        file_name=f"enterprises-{session.data.date}.{suffix}",
        mime=MIME[suffix],
        icon=":material/download:",
        key=f"download_{suffix}",
    )


def choose_columns() -> list[str]:
    """Let the reader choose the columns of the table."""
    st.session_state.setdefault("table_columns", st.session_state.get("table_columns_chosen", SHOWN))
    with st.popover(session.word("table.columns"), icon=":material/view_column:"):
        chosen = st.multiselect(
            session.word("table.columns"),
            [name for name in COLUMN_LABELS if name in rows.columns],
            format_func=lambda name: COLUMN_LABELS[name][place],
            key="table_columns",
            label_visibility="collapsed",
        )
    st.session_state["table_columns_chosen"] = chosen  # those of the widget are forgotten while another page is open
    return chosen or SHOWN


with st.container(key="table_notices"):
    if rows.empty:
        st.info(session.word("map.empty"), icon=":material/filter_alt:")
with st.container(horizontal=True, key="downloads"):
    for suffix in MIME:
        offer_download(suffix)
    columns = choose_columns()
shown = pd.DataFrame(labelled(rows, session.lang))[[COLUMN_LABELS[name][place] for name in columns]]
st.caption(session.word("table.pick"))
picked = st.dataframe(
    shown,
    key="table",
    height=460,
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    placeholder="",
)
for position in picked.selection.rows:
    if position < len(rows):
        draw_card(rows.iloc[position])
