"""Chains: what an area has of each industry chain, what it lacks, and whom to ask about it, every score shown in full."""

from __future__ import annotations

import streamlit as st

from app.chain_parts import (
    area_mask,
    choose_area,
    counted,
    draw_backtest,
    draw_gaps,
    draw_graph,
    draw_node,
    score_gaps,
)
from app.chains import choose_chain, session_nodes
from app.session import current
from app.suggestions import draw_shortlist
from geo.chains import load_chains
from geo.gaps import proximity

session = current()
st.header(session.word("chains.title"), anchor=False)
st.write(session.word("chains.lead"))
nodes = session_nodes()
with st.container(horizontal=True, vertical_alignment="bottom", key="chain_tools"):
    area = choose_area()
    chain = choose_chain()
own, city = counted(session.set_id, session.filters.to_query(), area, session, nodes)
everywhere = city.sum(axis=1).clip(lower=own)
members = load_chains().index[load_chains()["chain"] == chain]
empty = [node for node in members if own[node] == 0]
node = str(st.session_state.get("chain_node", ""))
if node not in members:
    node = (empty or list(members))[0]
st.caption(
    session.word(
        "chains.summary",
        nodes=len(members),
        there=len(members) - len(empty),
        empty=len(empty),
        nobody=sum(everywhere[gap] == 0 for gap in empty),
    )
)
draw_graph(chain, own, everywhere, node)
st.caption(session.word("chains.legend"))
with st.container(border=True, key="node_about"):
    draw_node(node, city, nodes, area)
draw_shortlist(node, nodes, area_mask(session, area), proximity(city[city.columns[:-1]]), empty=own[node] == 0)
draw_gaps(chain, own, score_gaps(own, city))
with st.expander(session.word("backtest.title"), icon=":material/history:", key="backtest_box"):
    draw_backtest(nodes)
