"""Which enterprises of the list might need premises: by industry and nearness, each term said, without a score."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.chains import node_name
from app.ui.choice import enter
from app.ui.download import file_name, offer_file
from app.ui.paging import table_height
from app.ui.session import current
from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.filters.filters import options
from geo.premises.matching import MEASURED_PRECISIONS, RELATIONS, industry_of, match_enterprises

MAX_MATCHED_ROWS: Final = 200
"""Enterprises that are shown; the file holds all."""

MAX_NODES_NAMED: Final = 6


def draw_enterprises(row: pd.Series) -> None:
    """Draw whom it makes sense to ask, or say why that cannot be said."""
    session = current()
    st.subheader(session.word("premises.who"), anchor=False)
    st.caption(session.word("premises.who.lead"))
    try:
        industry = industry_of(row)
        measured = row["location_precision"] in MEASURED_PRECISIONS
        radius = 5.0
        if measured:
            radius = float(enter(st.slider, "premises_radius", "fit.radius", 1.0, 20.0, 5.0, step=1.0, width=220))
        data = session.data
        found = match_enterprises(row, industry.nodes, data.enterprises, data.nodes, session.mask, radius)
    except DataError as error:
        st.info(as_markdown(str(error)), icon=":material/help:")
        return
    named = [node_name(node) for node in industry.nodes[:MAX_NODES_NAMED]]
    more = len(industry.nodes) - len(named)
    nodes = session.listing(named) + (session.word("premises.more", n=more) if more > 0 else "")
    basis = session.word(
        "premises.by_park" if industry.of_park else "premises.by_list", text=as_markdown(industry.text)
    )
    st.markdown(f"{basis} {session.word('premises.nodes', nodes=nodes)}")
    if not measured:
        st.caption(session.word("premises.coarse"))
    if found.empty:
        st.info(session.word("premises.nobody"), icon=":material/person_search:")
        return
    counts = {name: f"{int((found['relation'] == name).sum()):,}" for name in RELATIONS}
    known = int(found["staff"].notna().sum())
    st.markdown(session.word("premises.found", n=f"{len(found):,}", known=f"{known:,}", **counts))
    table = _table(found)
    st.dataframe(
        table.iloc[:MAX_MATCHED_ROWS], hide_index=True, key="premises_enterprises", height=table_height(min(len(table), 12)),
        placeholder=session.word("premises.unknown"),
    )  # fmt: skip
    if len(table) > MAX_MATCHED_ROWS:
        st.caption(session.word("premises.first", n=MAX_MATCHED_ROWS, all=f"{len(table):,}"))
    about = {session.word("premises.who"): str(row["name"]), session.word("chains.filters"): session.sentence}
    make = partial(table_bytes, table, "xlsx", about)
    label = session.word("table.download", suffix="XLSX")
    offer_file(label, make, file_name("premises-enterprises", "xlsx"), "premises_enterprises_xlsx")


def _table(found: pd.DataFrame) -> pd.DataFrame:
    session = current()
    own = session.data.rows_of(list(found.index))
    nodes = session.data.nodes["node"].iloc[session.data.positions(list(found.index))].astype(object)
    columns = {
        "name": own["name"],
        "relation": found["relation"].map({name: session.pick(text) for name, text in RELATIONS.items()}),
        "node": nodes.map(lambda node: node_name(node) if isinstance(node, str) else ""),
        "district": own["adcode"].map(session.names(options("district"))).fillna(""),
        "distance": found["distance_km"].round(1),
        "staff": found["staff"],
    }
    return pd.DataFrame(columns).rename(columns=lambda name: session.word(f"premises.column.{name}"))
