"""Parts of the page of the chains: the graph of a chain, one node, the order of the gaps, the back-test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.chains import district_positions, node_name
from app.score_parts import choose_weights, column_formats, score_columns, without_columns
from app.session import Session, current
from app.text import as_markdown
from geo.backtest import METHODS, backtest, entry_years
from geo.chains import BASES, STAGES, customers_of, load_chains, on_node, suppliers_of
from geo.datasets import Datasets
from geo.districts import attributes
from geo.filters import Filters, options
from geo.gaps import TERMS, WEIGHTS, count_by, count_nodes, gap_terms, proximity
from geo.scores import ranks_without, score

SELECTION = "selection"
FIRMS_SHOWN = 200


def wider(filters: Filters) -> Filters:
    """The filters without district and zone: what an area is compared with."""
    return filters.without("district").without("zone")


def choose_area() -> str:
    """Let the reader choose the area: the selection as it stands, core, belt, or a district."""
    session = current()
    place = int(session.lang == "en")
    names = {SELECTION: session.word("chains.area.selection")}
    names |= {zone: options("zone")[zone][place] for zone in ("core", "belt")}
    names |= {code: pair[place] for code, pair in options("district").items() if code in attributes().index}
    if st.session_state.get("chain_area") not in names:
        st.session_state["chain_area"] = st.session_state.get("chain_area_kept", SELECTION)
    area = st.selectbox(
        session.word("chains.area"), list(names), format_func=names.__getitem__, key="chain_area", width=260,
        help=session.word("chains.area.help"),
    )  # fmt: skip
    st.session_state["chain_area_kept"] = area
    return str(area)


def area_mask(session: Session, area: str) -> NDArray[np.bool_]:
    """Which enterprises lie in an area, of those that the filters (without district and zone) let through."""
    if area == SELECTION:
        return session.mask
    facet = "zone" if area in ("core", "belt") else "district"
    return session.data.mask(wider(session.filters)) & session.data.store.mask({facet: [area]})


@st.cache_data(show_spinner=False, max_entries=64)
def counted(
    set_id: str, query: str, area: str, _session: Session, _nodes: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:
    """Enterprises on each node in the area, and in every district (16 columns, then those without)."""
    del set_id, query
    everywhere = _session.data.mask(wider(_session.filters))
    districts = district_positions(_session.data)
    size = len(attributes())
    city = count_by(_nodes, np.where(districts < 0, size, districts), size + 1, everywhere)
    return count_nodes(_nodes, area_mask(_session, area)), city


def draw_graph(chain: str, own: pd.Series, city: pd.Series, chosen: str) -> None:
    """Draw the chain from upstream to downstream: a button per node with its count, gaps marked."""
    session = current()
    table = load_chains()
    nodes = table[table["chain"] == chain]
    for column, (stage, names) in zip(st.columns(3, gap="medium"), STAGES.items(), strict=True):
        with column, st.container(border=True, key=f"stage_{stage}", gap="xsmall"):
            st.markdown(f"**{names[session.lang == 'en']}**")
            for node in nodes.index[nodes["stage"] == stage]:
                count = f"{own[node]:,}" if own[node] == city[node] else f"{own[node]:,} / {city[node]:,}"
                empty = own[node] == 0
                icon = "check_circle" if not empty else "radio_button_unchecked" if city[node] else "help"
                st.button(
                    f"{as_markdown(node_name(node))}　**{count}**",
                    icon=f":material/{icon}:",
                    type="primary" if node == chosen else "secondary",
                    on_click=choose_node,
                    args=[node],
                    key=f"node_{node}",
                    width="stretch",
                    wrap=True,
                )


def choose_node(node: str) -> None:
    """Let a node be the one that the page is about."""
    st.session_state["chain_node"] = node


def score_gaps(own: pd.Series, city: pd.DataFrame) -> pd.DataFrame:
    """Terms of every node for the area; what the area's gaps are ordered by."""
    return gap_terms(own, city.sum(axis=1).clip(lower=own), proximity(city[city.columns[:-1]]))


def draw_gaps(chain: str, own: pd.Series, terms: pd.DataFrame) -> None:
    """Draw the gaps of a chain in their order, every term shown."""
    session = current()
    st.subheader(session.word("gaps.title"), anchor=False)
    st.caption(session.word("gaps.help"))
    weights = choose_weights(TERMS, WEIGHTS, "gap")
    empty = [node for node in terms.index if load_chains().at[node, "chain"] == chain and own[node] == 0]
    if not empty:
        st.success(session.word("gaps.none"), icon=":material/check_circle:")
        return
    found = score(terms.loc[empty], weights)
    order = found.rank.sort_values().index
    table = score_columns(found, TERMS).loc[order]
    table.insert(1, session.word("chains.node"), [node_name(node) for node in order])
    table = table.join(without_columns(ranks_without(terms.loc[empty], weights).loc[order], TERMS))
    st.dataframe(
        table,
        hide_index=True,
        key="gaps",
        column_config=column_formats(TERMS),
        placeholder=session.word("score.unknown"),
    )


def draw_node(node: str, city: pd.DataFrame, nodes: pd.DataFrame, area: str) -> None:
    """Draw what a node is, where its enterprises are, and which of them are in the area."""
    session = current()
    place = int(session.lang == "en")
    about = load_chains().loc[node]
    st.subheader(f"{as_markdown(node_name(node))} · {STAGES[about['stage']][place]}", anchor=False)
    facts = [
        (session.word("chains.products"), about["products"]),
        (session.word("chains.keywords"), "、".join(about["keywords"])),
    ]
    facts += [
        (session.word("chains.codes"), "、".join(about["codes"])),
        (session.word("chains.source"), about["source_title"]),
    ]
    for key, others in (("chains.suppliers", suppliers_of(node)), ("chains.customers", customers_of(node))):
        facts.append((session.word(key), "、".join(node_name(other) for other in others)))
    st.markdown("  \n".join(f":gray[{label}]　{as_markdown(text)}" for label, text in facts if text))
    names = [*attributes()["name_en" if place else "name_zh"], session.word("chains.unplaced")]
    where = pd.DataFrame({"place": names, "enterprises": city.loc[node].to_numpy()})
    where = where[where["enterprises"] > 0].sort_values("enterprises", ascending=False)
    if where.empty:
        st.info(session.word("chains.nobody"), icon=":material/help:")
    else:
        counts = " · ".join(f"{row.place} {row.enterprises:,}" for row in where.itertuples())
        st.markdown(f":gray[{session.word('chains.where')}]　{as_markdown(counts)}")
    rows = np.flatnonzero(on_node(nodes, node) & area_mask(session, area))
    if len(rows):
        st.caption(session.word("chains.firms", n=f"{len(rows):,}", shown=f"{min(len(rows), FIRMS_SHOWN):,}"))
        _draw_firms(session.data, nodes, rows[:FIRMS_SHOWN])


def _draw_firms(data: Datasets, nodes: pd.DataFrame, rows: NDArray[np.int64]) -> None:
    session = current()
    place = int(session.lang == "en")
    firms, on = data.enterprises.iloc[rows], nodes.iloc[rows]
    districts = {code: pair[place] for code, pair in options("district").items()}
    bases = {code: pair[place] for code, pair in BASES.items()}
    columns: dict[str, Any] = {
        session.word("chains.name"): firms["name"],
        session.word("filter.district"): firms["adcode"].map(districts).fillna(""),
        session.word("chains.park"): firms["park"],
        session.word("chains.basis"): on["basis"].astype(object).map(bases),
        session.word("chains.keyword"): on["keyword"].astype(object),
        session.word("chains.first"): [node_name(node) if isinstance(node, str) else "" for node in on["node"]],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, key="node_firms", placeholder="–")


@st.cache_data(show_spinner=False, max_entries=8)
def _tested(set_id: str, _data: Datasets, _nodes: pd.DataFrame) -> tuple[pd.DataFrame, str, int]:
    del set_id
    years, basis = entry_years(_data.enterprises, _data.recognitions)
    known = years[np.isfinite(years)]
    cuts = sorted({int(year) for year in np.quantile(known, [0.2, 0.35, 0.5, 0.65, 0.8])}) if len(known) else []
    return backtest(_nodes, district_positions(_data), len(attributes()), years, cuts), basis, len(known)


def draw_backtest(nodes: pd.DataFrame) -> None:
    """Draw how the order of the gaps would have done in earlier years, beside orders that need no thought."""
    session = current()
    place = int(session.lang == "en")
    found, basis, known = _tested(session.set_id, session.data, nodes)
    st.markdown(session.word(f"backtest.{basis}", n=f"{known:,}"))
    if session.data.synthetic:
        st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
    if found.empty:
        st.info(session.word("backtest.nothing"), icon=":material/help:")
        return
    st.markdown(_verdict(found))
    top = st.segmented_control(
        session.word("backtest.k"), sorted(found["k"].unique()), default=sorted(found["k"].unique())[0], key="backtest_k", required=True
    )  # fmt: skip
    part = found[found["k"] == top]
    table = part.pivot(index=["cut", "known", "later", "cases", "true"], columns="method", values="precision")[
        list(METHODS)
    ]
    best = part[part["method"] == "score"].set_index(["cut", "known", "later", "cases", "true"])
    bounds = best["low"].map("{:.0%}".format) + "–" + best["high"].map("{:.0%}".format)
    table.insert(1, session.word("backtest.interval"), bounds)
    table = table.reset_index().rename(columns={code: pair[place] for code, pair in METHODS.items()})
    table = table.rename(
        columns={name: session.word(f"backtest.{name}") for name in ("cut", "known", "later", "cases", "true")}
    )
    formats = {pair[place]: st.column_config.NumberColumn(format="percent") for pair in METHODS.values()}
    formats[session.word("backtest.cut")] = st.column_config.NumberColumn(format="%d")
    st.dataframe(table, hide_index=True, key="backtest", column_config=formats)


def _verdict(found: pd.DataFrame) -> str:
    """In how many of the comparisons the score is ahead of, level with or behind each naive order."""
    session = current()
    wide = found.pivot(index=["cut", "k"], columns="method", values="precision")
    lines = []
    for method in list(METHODS)[1:]:
        gap = (wide["score"] - wide[method]).round(9)
        numbers = {"ahead": int((gap > 0).sum()), "level": int((gap == 0).sum()), "behind": int((gap < 0).sum())}
        name = METHODS[method][session.lang == "en"]
        mean = f"{wide[method].mean():.0%}"
        lines.append(
            "- "
            + session.word(
                "backtest.verdict", method=name, n=len(gap), own=f"{wide['score'].mean():.0%}", other=mean, **numbers
            )
        )
    return "\n".join(lines)
