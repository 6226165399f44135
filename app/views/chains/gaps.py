"""The gaps of a chain on a page: their order with every term, and how that order would have done in earlier years."""

import numpy as np
import pandas as pd
import streamlit as st

from app.server.datasets import served
from app.ui.chains import MAX_UNASKED_BACKTEST_ROWS, district_positions, node_name
from app.ui.choice import choose
from app.ui.paging import table_height
from app.ui.person import person_now
from app.ui.scores import (
    choose_weights,
    column_formats,
    offer_files,
    score_columns,
    weights_now,
    weights_sentence,
    without_columns,
)
from app.ui.session import current
from app.views.chains.nodes import Counts, choose_node
from geo.chains.assignment import CHAIN_STAGES, CHAINS, load_chains
from geo.chains.gaps import BACKTEST_METHODS, GAP_TERMS, GAP_WEIGHTS, backtest, entry_years, gap_terms
from geo.chains.scoring import ranks_without, score
from geo.places.districts import attributes


def gaps_of(chain: str, own: pd.Series) -> list[str]:
    """Nodes of a chain that the area has nobody on."""
    return [str(node) for node in own.index if load_chains().at[node, "chain"] == chain and own[node] == 0]


def first_gap(chain: str, counts: Counts) -> str:
    """Gap that comes first by the weights as they stand; the first node where there is none."""
    empty = gaps_of(chain, counts.own)
    if not empty:
        return str(load_chains().index[load_chains()["chain"] == chain][0])
    terms = gap_terms(counts.own, counts.city, counts.near).loc[empty]
    return str(score(terms, weights_now("gap", GAP_WEIGHTS)).rank.idxmin())


def draw_gaps(chain: str, counts: Counts) -> None:
    """Draw the gaps of a chain in their order, every term shown."""
    session = current()
    st.subheader(session.word("gaps.title"), anchor=False)
    weights = choose_weights(GAP_TERMS, GAP_WEIGHTS, "gap", session.word("gaps.help"))
    empty = gaps_of(chain, counts.own)
    if not empty:
        st.success(session.word("gaps.none"), icon=":material/check_circle:")
        return
    terms = gap_terms(counts.own, counts.city, counts.near).loc[empty]
    found = score(terms, weights)
    order = found.rank.index[found.order]
    labels = pd.Series({node: node_name(node) for node in order})
    table = score_columns(found, GAP_TERMS, session.word("chains.node"), labels).loc[order]
    table = table.join(without_columns(ranks_without(terms, weights).loc[order], GAP_TERMS))
    st.session_state["gap_order"] = list(order)
    st.dataframe(
        table,
        hide_index=True,
        key="gaps",
        column_config=column_formats(GAP_TERMS),
        placeholder=session.word("score.unknown"),
        on_select=_choose_gap,
        selection_mode="single-row",
    )
    st.caption(session.word("gaps.pick"))


def draw_all_gaps(counts: Counts, area: str) -> None:
    """Draw the gaps of the area over all chains in one table, every term shown, and offer it as a file."""
    session = current()
    chains, weights = load_chains(), weights_now("gap", GAP_WEIGHTS)
    empty = [str(node) for node in counts.own.index if counts.own[node] == 0]
    if not empty:
        st.success(session.word("gaps.all.none"), icon=":material/check_circle:")
        return
    found = score(gap_terms(counts.own, counts.city, counts.near).loc[empty], weights)
    order = found.rank.sort_values().index
    labels = pd.Series({node: node_name(node) for node in order})
    table = score_columns(found, GAP_TERMS, session.word("chains.node"), labels).loc[order]
    table.insert(0, session.word("chains.chain"), [session.pick(CHAINS[chains.at[node, "chain"]]) for node in order])
    table.insert(
        2, session.word("gaps.stage"), [session.pick(CHAIN_STAGES[chains.at[node, "stage"]]) for node in order]
    )
    table[session.word("gaps.elsewhere")] = counts.city[order].to_numpy()
    st.dataframe(
        table,
        hide_index=True,
        key="all_gaps",
        height=table_height(len(table)),
        column_config=column_formats(GAP_TERMS),
        placeholder=session.word("score.unknown"),
    )
    about = {session.word("chains.area"): area}
    offer_files("all_gaps", "gaps", table, about, weights_sentence(weights, GAP_TERMS), session.word("gaps.help"))


def _choose_gap() -> None:
    for row in st.session_state["gaps"]["selection"]["rows"]:
        choose_node(st.session_state["gap_order"][row])


@st.cache_data(show_spinner=False, max_entries=8)
def tested(dataset_id: str, weights: tuple[tuple[str, float], ...]) -> tuple[pd.DataFrame, str, int]:
    """How an order of the gaps would have done: what `geo.chains.gaps.backtest` gives, basis and number of the years."""
    data = served(dataset_id, person_now())
    years, basis = entry_years(data.enterprises, data.recognitions)
    known = years[np.isfinite(years)]
    cuts = sorted({int(year) for year in np.quantile(known, [0.2, 0.35, 0.5, 0.65, 0.8])}) if len(known) else []
    return (
        backtest(data.nodes, district_positions(data), len(attributes()), years, cuts, weights=dict(weights)),
        basis,
        len(known),
    )


def draw_backtest() -> None:
    """Draw how the order of the gaps would have done in earlier years, beside orders that need no thought."""
    session = current()
    if not asked_for("backtest_run"):
        return
    with st.spinner(session.word("backtest.running")):
        found, basis, known = tested(session.dataset_id, tuple(GAP_WEIGHTS.items()))
    st.markdown(session.word(f"backtest.{basis}", n=f"{known:,}"))
    if session.data.synthetic:
        st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
    if found.empty or not found["true"].any():
        st.info(session.word("backtest.nothing"), icon=":material/help:")
        return
    draw_verdict(found)
    top = choose(st.segmented_control, "backtest_k", sorted(found["k"].unique()), "backtest.k", required=True)
    part = found[found["k"] == top]
    facts = ["cut", "known", "later", "cases", "true"]
    cells = part.assign(cell=part.apply(_cell, axis=1))
    table = cells.pivot(index=facts, columns="method", values="cell")[list(BACKTEST_METHODS)].reset_index()
    names = {name: session.word(f"backtest.{name}") for name in facts}
    table = table.rename(columns=names | session.names(BACKTEST_METHODS))
    year = {names["cut"]: st.column_config.NumberColumn(format="%d", width="small")}
    st.dataframe(table, hide_index=True, key="backtest", column_config=year)
    st.caption(session.word("backtest.note"))


def asked_for(key: str) -> bool:
    """Whether back-tests of the set are to be computed; draws a button that asks for those of a large set."""
    session = current()
    if len(session.data.enterprises) <= MAX_UNASKED_BACKTEST_ROWS:
        return True
    if st.session_state.get("backtest_asked") == session.dataset_id:
        return True
    st.button(session.word("backtest.run"), on_click=_ask, args=[session.dataset_id], key=key)
    return False


def _ask(dataset_id: str) -> None:
    st.session_state["backtest_asked"] = dataset_id


def _cell(row: pd.Series) -> str:
    """Precision with hits and interval; of chance the expected share alone."""
    if row["method"] == "random":
        return f"{row['precision']:.0%}"
    return f"{row['precision']:.0%}  {row['hits']:.0f}/{row['k']}  [{row['low']:.0%}–{row['high']:.0%}]"


def draw_verdict(found: pd.DataFrame) -> None:
    """Say in how many of the comparisons the score is ahead of, level with or behind each naive order."""
    session = current()
    wide = found[found["true"] > 0].pivot(index=["cut", "k"], columns="method", values="precision")
    lines = []
    for method in list(BACKTEST_METHODS)[1:]:
        gap = (wide["score"] - wide[method]).round(9)
        numbers = {"ahead": int((gap > 0).sum()), "level": int((gap == 0).sum()), "behind": int((gap < 0).sum())}
        name = session.pick(BACKTEST_METHODS[method])
        mean = f"{wide[method].mean():.0%}"
        lines.append(
            "- "
            + session.word(
                "backtest.verdict", method=name, n=len(gap), own=f"{wide['score'].mean():.0%}", other=mean, **numbers
            )
        )
    st.markdown("\n".join(lines))
