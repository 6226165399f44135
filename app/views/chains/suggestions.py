"""The shortlist for a node on a page: table, bars, map and file of whom to ask."""

from zlib import crc32

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.chains import node_name
from app.ui.choice import switch
from app.ui.follow import draw_follow
from app.ui.maps import draw_subject, page_view
from app.ui.paging import table_height
from app.ui.scores import (
    choose_weights,
    column_formats,
    draw_bars,
    offer_files,
    score_columns,
    weights_sentence,
    without_columns,
)
from app.ui.session import BY_SELECTION, Session, current
from app.views.chains.nodes import area_mask, counted
from geo.chains.assignment import customers_of, on_node, suppliers_of
from geo.chains.candidates import CANDIDATE_TERMS, CANDIDATE_WEIGHTS, FITS, GONE, Candidates, find_candidates
from geo.filters.filters import options
from geo.places.geocoding import POINT_PRECISIONS
from layers.escape import plain
from layers.scored import draw_suggestions

MAX_SUGGESTED_ROWS = 50


@st.cache_data(show_spinner=False, max_entries=32, hash_funcs=BY_SELECTION)
def _found(session: Session, area: str, node: str, only: bool, weights: dict[str, float]) -> Candidates:
    data, keep = session.data, session.mask if only else None
    here, near = area_mask(session, area), counted(session, area).near
    return find_candidates(data.enterprises, data.nodes, node, here, near, weights=weights, keep=keep)


def draw_shortlist(node: str, area: str, *, empty: bool) -> None:
    """Draw whom to ask about a node that the area lacks, or has too little of."""
    session = current()
    key = "shortlist.title" if empty else "shortlist.more"
    st.subheader(session.word(key, node=node_name(node)), anchor=False)
    weights = choose_weights(CANDIDATE_TERMS, CANDIDATE_WEIGHTS, "suggestion", session.word("shortlist.help"))
    if not any(weights.values()):
        return
    only = switch("suggestion_only", "shortlist.only", help=session.word("shortlist.only.help"))
    enterprises = session.data.enterprises
    keep = session.mask if only else None
    found = _found(session, area, node, bool(only), weights)
    st.caption(
        session.word(
            "shortlist.counts", n=f"{found.candidates:,}", gone=f"{found.gone:,}", anchors=f"{found.anchors:,}"
        )
    )
    if not found.candidates:
        st.info(session.word("shortlist.nobody"), icon=":material/search_off:")
        return
    table = _table(found)
    ranks, scored = without_columns(found.without, CANDIDATE_TERMS), column_formats(CANDIDATE_TERMS)
    by_score, by_rank = st.tabs([session.word("shortlist.scores"), session.word("shortlist.ranks")])
    with by_score:
        order = "-".join(found.table.index[:MAX_SUGGESTED_ROWS])
        shown = table.head(MAX_SUGGESTED_ROWS)
        picked = st.dataframe(
            shown,
            hide_index=True,
            key=f"suggested_{crc32(order.encode())}",  # another order is another table: no pick moves to another row
            height=table_height(len(shown)),
            column_config=scored,
            placeholder=session.word("score.unknown"),
            on_select="rerun",
            selection_mode="single-row",
        )
        st.caption(session.word("shortlist.pick"))
        for position in picked.selection.rows:
            _draw_picked(enterprises.iloc[found.table["row"].iloc[position]])
    with by_rank:
        st.caption(session.word("shortlist.ranks.help"))
        few = table.iloc[:MAX_SUGGESTED_ROWS, :3].join(ranks)
        st.dataframe(few, hide_index=True, key="shortlist_ranks", height=table_height(len(few)), column_config=scored)
    _offer(table.join(ranks), node, weights)
    names = enterprises["name"].iloc[found.table["row"]]
    draw_bars(names, found.scores, CANDIDATE_TERMS)
    links = on_node(session.data.nodes, *suppliers_of(node), *customers_of(node)) & area_mask(session, area)
    links &= ~enterprises["status"].isin(GONE).to_numpy()
    links &= session.data.facet_index.mask({"precision": POINT_PRECISIONS})
    anchors = np.flatnonzero(links if keep is None else links & keep)
    drawn = draw_suggestions(enterprises, found, anchors, page_view(), most=MAX_SUGGESTED_ROWS)
    fine = enterprises["location_precision"].iloc[found.table["row"].iloc[:MAX_SUGGESTED_ROWS]].isin(POINT_PRECISIONS)
    draw_subject(drawn, "shortlist")
    st.caption(session.word("shortlist.map", n=int(fine.sum()), all=len(fine)))


def _draw_picked(row: pd.Series) -> None:
    """Draw what can be done with a suggestion: follow it up."""
    with st.container(border=True, key="suggestion_picked"):
        st.markdown(f"**{as_markdown(plain(row['name']))}**")
        draw_follow(row)


def _table(found: Candidates) -> pd.DataFrame:
    """The shortlist in the user's words."""
    session = current()
    rows = session.data.enterprises.iloc[found.table["row"]]
    districts = session.names(options("district"))
    table = score_columns(found.scores, CANDIDATE_TERMS, session.word("chains.name"), rows["name"])
    yes_no = {True: session.word("shortlist.yes"), False: session.word("shortlist.no")}
    about = {
        session.word("filter.district"): rows["adcode"].map(districts).fillna(""),
        session.word("shortlist.fit"): found.table["fit"].map(lambda fit: session.pick(FITS[fit][1])),
        session.word("chains.node"): found.table["node"].map(node_name),
        session.word("shortlist.here"): found.table["here"].map(yes_no),
        session.word("shortlist.km"): (found.table["distance_m"] / 1000).round(1),
    }
    return table.assign(**about)


def _offer(table: pd.DataFrame, node: str, weights: dict[str, float]) -> None:
    """Offer the shortlist as a file, with what has to be known to quote it."""
    session = current()
    about = {session.word("shortlist.title", node=node_name(node)): node}
    offer_files(
        "shortlist",
        f"shortlist-{node}",
        table,
        about,
        weights_sentence(weights, CANDIDATE_TERMS),
        session.word("shortlist.help"),
    )
