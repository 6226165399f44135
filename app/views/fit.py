"""Site fit: parks and towns ranked by what an investor needs, with the weights in his hands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from app.ui.chains import choose_chain, node_name
from app.ui.choice import choose, distinct_names, enter, write_text
from app.ui.maps import draw_subject, page_view
from app.ui.paging import table_height
from app.ui.roads import choose_roads
from app.ui.scores import Names, choose_weights, column_formats, draw_bars, offer_files, score_columns, weights_sentence
from app.ui.session import current
from app.ui.sidebar import codes
from app.views.premises.matching import draw_matches
from geo.chains.assignment import load_chains
from geo.chains.scoring import Scores, Sensitivity, score, sensitivity
from geo.chains.sites import CRITERIA, LEAST_KNOWN, SITE_WEIGHTS, Needs, fit_places, load_places
from geo.filters.filters import options
from geo.places.districts import attributes
from geo.places.geocoding import POINT_PRECISIONS
from layers.scored import draw_sites

MAX_NAME_MATCHES: Final = 20
"""Enterprises offered for a name."""

MIN_POINTS: Final = 30
"""Enterprises with a point below which what is near by is called an illustration."""


def choose_enterprise() -> tuple[float, float, str] | None:
    """Let the user name an enterprise to be near; its point and name, if one with a point of its own is chosen."""
    session = current()
    with st.container(horizontal=True, vertical_alignment="bottom", key="fit_firm_row"):
        name = write_text("fit_firm", "fit.firm", icon=":material/search:", width=320)
        if not name.strip():
            return None
        fine = session.data.facet_index.mask({"precision": POINT_PRECISIONS})
        rows = np.flatnonzero(session.data.search(name) & fine)[:MAX_NAME_MATCHES]
        if not len(rows):
            st.caption(session.word("fit.firm.nobody"))
            return None
        found = session.data.enterprises.iloc[rows]
        names = distinct_names(found)
        chosen = choose(st.selectbox, "fit_firm_id", names, "fit.firm.choose", width=360)
    row = found.loc[chosen]
    return float(row["lon"]), float(row["lat"]), str(row["name"])


def choose_needs(chain: str) -> tuple[Needs, list[str], int]:
    """Let the user say what is needed; the needs, the kinds of places, and how many first places to look at."""
    session = current()
    table, state = load_chains(), st.session_state
    nodes = {str(node): node_name(str(node)) for node in table.index[table["chain"] == chain]}
    districts = {code: pair for code, pair in options("district").items() if code in attributes().index}
    zones = {zone: options("zone")[zone] for zone in ("core", "belt")}
    kinds = {kind: session.word(f"fit.kind.{kind}") for kind in ("park", "town")}
    for facet in ("district", "zone"):
        state[f"fit_{facet}"] = list(codes(facet, state.get(f"fit_{facet}", ())))
    if state.get("chain_node") in nodes:  # the node that the page of chains was about
        state.setdefault("fit_node", state["chain_node"])
    with st.container(horizontal=True, vertical_alignment="bottom", key="fit_needs"):
        node = choose(st.selectbox, "fit_node", nodes, "fit.node", width=300)
        wanted = choose(
            st.multiselect, "fit_district", session.names(districts), "fit.districts",
            default=[], placeholder=session.word("filter.all"), width=320,
        )  # fmt: skip
        zone = choose(st.pills, "fit_zone", session.names(zones), "fit.zones", default=[], selection_mode="multi")
        chosen = choose(st.pills, "fit_kinds", kinds, "fit.kinds", default=list(kinds), selection_mode="multi")
        radius = enter(st.slider, "fit_radius", "fit.radius", 1.0, 20.0, 5.0, step=1.0, width=220)
        top = enter(st.slider, "fit_top", "fit.top", 3, 30, 10, width=220)
    needs = Needs(str(node), tuple(wanted), tuple(zone or ()), float(radius))
    return needs, list(chosen or ()), int(top)


def draw_sensitivity(stable: Sensitivity) -> None:
    """Say how often the order survives other weights."""
    session = current()
    st.markdown(f"**{session.word('fit.sensitivity')}**")
    shares = {"first": f"{stable.same_first:.0%}", "top": f"{stable.same_top:.0%}"}
    st.markdown(session.word("fit.sensitivity.text", n=f"{stable.changes:,}", k=stable.top, **shares))


def draw_places(
    places: gpd.GeoDataFrame,
    scores: Scores,
    facts: pd.DataFrame,
    stable: Sensitivity,
    asked: Names,
    weights: Mapping[str, float],
    node: str,
    note: str = "",
) -> None:
    """Draw the ranked places with every criterion, what stands behind it, and the ranks that other weights give."""
    session = current()
    districts = session.names(options("district"))
    order = scores.rank.index[scores.order]
    table = score_columns(scores, asked, session.word("fit.place"), places["name"])
    ranks = stable.ranks
    table[session.word("fit.worst")] = ranks["best"].astype(str) + "–" + ranks["worst"].astype(str)
    table[session.word("fit.in_top", k=stable.top)] = (ranks["in_top"] * 100).round()
    kinds = {kind: session.word(f"fit.kind.{kind}") for kind in ("park", "town")}
    table[session.word("fit.kind")] = places["kind"].map(kinds)
    table[session.word("filter.district")] = places["adcode"].map(districts).fillna("")
    for fact in facts.columns:
        table[session.word(f"fit.{fact}")] = facts[fact].round(1)
    table[session.word("fit.published")] = places["published"]
    table = table.loc[order]
    formats = column_formats(asked)
    formats[session.word("fit.place")] = st.column_config.TextColumn(width=150, pinned=True)
    formats[session.word("fit.in_top", k=stable.top)] = st.column_config.NumberColumn(format="%d %%")
    missing = session.word("fit.missing")
    st.dataframe(
        table, hide_index=True, key="fit", height=table_height(len(table)), column_config=formats, placeholder=missing
    )
    formula = " ".join(filter(None, [session.word("fit.lead"), session.word("fit.help"), note]))
    about = {session.word("fit.node"): node_name(node)}
    offer_files("fit", f"site-fit-{node}", table, about, weights_sentence(weights, asked), formula)


def draw() -> None:
    """Draw the page."""
    session = current()
    st.caption(session.word("fit.lead"))
    nodes = session.data.nodes
    needs, kinds, top = choose_needs(choose_chain())
    firm = choose_enterprise()
    if firm:
        needs = replace(needs, firm=firm[:2])
    roads = choose_roads("fit_by") if firm else None
    if not kinds:
        st.info(session.word("fit.nothing"), icon=":material/add_location_alt:")
        return
    if not session.total:
        st.info(session.word("fit.empty"), icon=":material/filter_alt:")
    places = load_places()
    places = places[places["kind"].isin(kinds)]
    terms, facts, placed = fit_places(
        places, needs, session.data.enterprises, nodes, session.mask, roads.network if roads else None
    )
    st.caption(session.word("fit.placed", **{name: f"{count:,}" for name, count in placed.items()}))
    if placed.sum() < MIN_POINTS:
        st.warning(session.word("fit.few", n=f"{placed.sum():,}"), icon=":material/scatter_plot:")
    asked = {term: names for term, names in CRITERIA.items() if term in terms.columns}
    note = f"{session.word('fit.by_road')} {roads.record.about(session.lang)}" if roads else ""
    if roads:
        st.caption(session.word("fit.by_road"))
    chosen = choose_weights(asked, SITE_WEIGHTS, "fit", session.word("fit.help"), open_=True)
    weights = {term: 0.0 if terms[term].isna().all() else weight for term, weight in chosen.items()}
    scores = score(terms, weights, LEAST_KNOWN)
    stable = sensitivity(terms, weights, top, least_known=LEAST_KNOWN)
    draw_sensitivity(stable)
    draw_places(places, scores, facts, stable, asked, weights, needs.node, note)
    draw_subject(draw_sites(places, scores, page_view(), top, firm), "fit")
    first = scores.rank[scores.total.notna()].nsmallest(top).index
    st.caption(session.word("fit.map", n=int(places.loc[first].geometry.notna().sum()), all=len(first)))
    draw_bars(pd.Series(places["name"]), scores, asked, most=top)
    draw_matches(needs)


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
