"""Enterprises: the table of the selection, a card of the row picked, and the list to take away."""

from __future__ import annotations

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


if rows.empty:
    st.info(session.word("map.empty"), icon=":material/filter_alt:")
with st.container(horizontal=True, key="downloads"):
    for suffix in MIME:
        offer_download(suffix)
language = session.lang == "en"
columns = [name for name in COLUMN_LABELS if name in rows.columns]
with st.popover(session.word("table.columns"), icon=":material/view_column:"):
    chosen = st.multiselect(
        session.word("table.columns"),
        columns,
        SHOWN,
        format_func=lambda name: COLUMN_LABELS[name][language],
        key="table_columns",
        label_visibility="collapsed",
    )
shown = labelled(rows[chosen or SHOWN], session.lang)
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
