"""Site fit: parks and towns ranked by what an investor needs, with the weights in his hands."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.chains import choose_chain
from app.fit_parts import FEW, choose_firm, choose_needs, draw_places, draw_sensitivity
from app.score_parts import choose_weights, draw_bars
from app.session import current
from app.subject_map import draw_subject, page_view
from geo.scores import robustness, score
from geo.sitefit import CRITERIA, LEAST_KNOWN, WEIGHTS, fit_places, load_places
from layers.sites import draw_sites

session = current()
st.header(session.word("fit.title"), anchor=False)
st.write(session.word("fit.lead"))
nodes = session.data.nodes
needs, kinds, top = choose_needs(choose_chain())
firm = choose_firm()
if firm:
    needs = replace(needs, firm=firm[:2])
if not kinds:
    st.info(session.word("fit.nothing"), icon=":material/add_location_alt:")
    st.stop()
if not session.count():
    st.info(session.word("fit.empty"), icon=":material/filter_alt:")
places = load_places()
places = places[places["kind"].isin(kinds)]
terms, facts, placed = fit_places(places, needs, session.data.enterprises, nodes, session.mask)
st.caption(session.word("fit.placed", **{name: f"{count:,}" for name, count in placed.items()}))
if placed.sum() < FEW:
    st.warning(session.word("fit.few", n=f"{placed.sum():,}"), icon=":material/scatter_plot:")
asked = {term: names for term, names in CRITERIA.items() if term in terms.columns}
chosen = choose_weights(asked, WEIGHTS, "fit", session.word("fit.help"), open_=True)
weights = {term: 0.0 if terms[term].isna().all() else weight for term, weight in chosen.items()}
scores = score(terms, weights, LEAST_KNOWN)
stable = robustness(terms, weights, top, least_known=LEAST_KNOWN)
draw_sensitivity(stable)
draw_places(places, scores, facts, stable, asked, weights, needs.node)
draw_subject(draw_sites(places, scores, page_view(), top, firm), "fit")
first = scores.rank[scores.total.notna()].nsmallest(top).index
st.caption(session.word("fit.map", n=int(places.loc[first].geometry.notna().sum()), all=len(first)))
draw_bars(pd.Series(places["name"]), scores, asked, most=top)
