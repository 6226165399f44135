"""Parts of the page of sites: what is needed, which enterprise to be near, the ranked places, how steady the order is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from app.chains import keep_choice, node_name
from app.score_parts import Names, column_formats, offer_files, score_columns, weights_sentence
from app.session import current
from app.sidebar import codes
from geo.chains import load_chains
from geo.districts import attributes
from geo.filters import options
from geo.placing import POINT_PRECISIONS
from geo.scores import Robustness, Scores
from geo.sitefit import Needs

FOUND: Final = 20
"""Enterprises offered for a name."""

FEW: Final = 30
"""Enterprises with a point below which what is near by is called an illustration."""


def choose_firm() -> tuple[float, float, str] | None:
    """Let the reader name an enterprise to be near; its point and name, if one with a point of its own is chosen."""
    session = current()
    with st.container(horizontal=True, vertical_alignment="bottom", key="fit_firm_row"):
        name = st.text_input(session.word("fit.firm"), key="fit_firm", icon=":material/search:", width=320)
        if not name.strip():
            return None
        fine = session.data.store.mask({"precision": POINT_PRECISIONS})
        rows = np.flatnonzero(session.data.search(name) & fine)[:FOUND]
        if not len(rows):
            st.caption(session.word("fit.firm.nobody"))
            return None
        firms = session.data.enterprises.iloc[rows]
        names = dict(zip(firms.index, firms["name"], strict=True))
        chosen = st.selectbox(session.word("fit.firm.choose"), list(names), format_func=names.__getitem__, width=360)
    row = firms.loc[chosen]
    return float(row["lon"]), float(row["lat"]), str(row["name"])


def choose_needs(chain: str) -> tuple[Needs, list[str], int]:
    """Let the reader say what is needed; the needs, the kinds of places, and how many first places to look at."""
    session = current()
    place = int(session.lang == "en")
    table, state = load_chains(), st.session_state
    nodes = {str(node): node_name(str(node)) for node in table.index[table["chain"] == chain]}
    keep_choice("fit_node", nodes, state["chain_node"] if state.get("chain_node") in nodes else next(iter(nodes)))
    districts = {code: pair[place] for code, pair in options("district").items() if code in attributes().index}
    zones = {zone: options("zone")[zone][place] for zone in ("core", "belt")}
    kinds = {kind: session.word(f"fit.kind.{kind}") for kind in ("park", "town")}
    for facet in ("district", "zone"):
        state[f"fit_{facet}"] = list(codes(facet, state.get(f"fit_{facet}", ())))
    held = [kind for kind in state.get("fit_kinds", kinds) if kind in kinds]
    state["fit_kinds"] = held or list(kinds)
    with st.container(horizontal=True, vertical_alignment="bottom", key="fit_needs"):
        node = st.selectbox(
            session.word("fit.node"), list(nodes), format_func=nodes.__getitem__, key="fit_node", width=300
        )
        wanted = st.multiselect(
            session.word("fit.districts"),
            list(districts),
            format_func=districts.__getitem__,
            key="fit_district",
            placeholder=session.word("filter.all"),
            width=320,
        )
        zone = st.pills(
            session.word("fit.zones"),
            list(zones),
            format_func=zones.__getitem__,
            selection_mode="multi",
            key="fit_zone",
        )
        chosen = st.pills(
            session.word("fit.kinds"),
            list(kinds),
            format_func=kinds.__getitem__,
            selection_mode="multi",
            key="fit_kinds",
        )
        radius = st.slider(session.word("fit.radius"), 1.0, 20.0, 5.0, 1.0, key="fit_radius", width=220)
        top = st.slider(session.word("fit.top"), 3, 30, 10, key="fit_top", width=220)
    needs = Needs(str(node), tuple(wanted), tuple(zone or ()), float(radius))
    return needs, list(chosen or ()), int(top)


def draw_sensitivity(stable: Robustness) -> None:
    """Say how often the order survives other weights."""
    session = current()
    st.markdown(f"**{session.word('fit.sensitivity')}**")
    shares = {"first": f"{stable.same_first:.0%}", "top": f"{stable.same_top:.0%}"}
    st.markdown(session.word("fit.sensitivity.text", n=f"{stable.changes:,}", k=stable.top, **shares))


def draw_places(
    places: gpd.GeoDataFrame,
    scores: Scores,
    facts: pd.DataFrame,
    stable: Robustness,
    asked: Names,
    weights: Mapping[str, float],
    node: str,
) -> None:
    """Draw the ranked places with every criterion, what stands behind it, and the ranks that other weights give."""
    session = current()
    place = int(session.lang == "en")
    districts = {code: pair[place] for code, pair in options("district").items()}
    order = scores.rank.sort_values().index
    table = score_columns(scores, asked, session.word("fit.place"), places["name"])
    ranks = stable.ranks
    table[session.word("fit.worst")] = ranks["best"].astype(str) + "–" + ranks["worst"].astype(str)
    table[session.word("fit.in_top", k=stable.top)] = (ranks["in_top"] * 100).round()
    kinds = {kind: session.word(f"fit.kind.{kind}") for kind in ("park", "town")}
    table[session.word("fit.kind")] = places["kind"].map(kinds)
    table[session.word("filter.district")] = places["adcode"].map(districts).fillna("")
    for fact in ("suppliers", "customers", "peers", "firm_km"):
        table[session.word(f"fit.{fact}")] = facts[fact].round(1)
    table[session.word("fit.published")] = places["published"]
    table = table.loc[order]
    formats = column_formats(asked)
    formats[session.word("fit.in_top", k=stable.top)] = st.column_config.NumberColumn(format="%d %%")
    missing = session.word("fit.missing")
    st.dataframe(table, hide_index=True, key="fit", height=420, column_config=formats, placeholder=missing)
    formula = f"{session.word('fit.lead')} {session.word('fit.help')}"
    about = {session.word("fit.node"): node_name(node)}
    offer_files("fit", f"site-fit-{node}", table, about, weights_sentence(weights, asked), formula)
