"""Chains: what an area has of each industry chain, what it lacks, and whom to ask about it, every score shown in full."""

import streamlit as st

from app.ui.address import bind, option_of
from app.ui.chains import choose_chain
from app.ui.session import current
from app.views.chains.gaps import draw_all_gaps, draw_backtest, draw_gaps, first_gap, gaps_of
from app.views.chains.nodes import area_name, choose_area, counted, draw_graph, draw_matrix, draw_node
from app.views.chains.related import draw_related
from app.views.chains.suggestions import draw_shortlist
from geo.chains.assignment import load_chains


def draw() -> None:
    """Draw the page."""
    session = current()
    st.caption(session.word("chains.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="chain_tools"):
        area = choose_area()
        chain = choose_chain()
    counts = counted(session, area)
    members = load_chains().index[load_chains()["chain"] == chain]
    empty = gaps_of(chain, counts.own)
    bind("chain_node", "", option_of(["", *load_chains().index]))
    node = str(st.session_state["chain_node"])
    node = node if node in members else first_gap(chain, counts)
    nobody = sum(counts.listed[gap] == 0 for gap in empty)
    if not session.total:
        st.info(session.word("chains.empty"), icon=":material/filter_alt:")
    st.caption(
        session.word(
            "chains.summary", nodes=len(members), there=len(members) - len(empty), empty=len(empty), nobody=nobody
        )
    )
    draw_graph(chain, counts, node)
    st.caption(session.word("chains.legend"))
    with st.expander(session.word("chains.matrix"), icon=":material/grid_on:", key="matrix_box"):
        draw_matrix(chain, counts)
    draw_gaps(chain, counts)
    with st.expander(session.word("gaps.all"), icon=":material/table:", key="all_gaps_box"):
        draw_all_gaps(counts, area_name(area))
    with st.container(border=True, key="node_about"):
        draw_node(node, counts, area)
    draw_shortlist(node, area, empty=node in empty)
    with st.expander(session.word("related.title"), icon=":material/hub:", key="related_box"):
        draw_related(node)
    with st.expander(session.word("backtest.title"), icon=":material/history:", key="backtest_box", expanded=True):
        draw_backtest()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
