"""The back-test of the gaps on a page, whoever wins it."""

import numpy as np
import pandas as pd
import streamlit as st

from app.ui.chains import LARGE, district_positions
from app.ui.session import current
from geo.chains.gaps import METHODS, backtest, entry_years
from geo.datasets.dataset import Dataset
from geo.places.districts import attributes


@st.cache_data(show_spinner=False, max_entries=8)
def _tested(set_id: str, _data: Dataset, _nodes: pd.DataFrame) -> tuple[pd.DataFrame, str, int]:
    del set_id
    years, basis = entry_years(_data.enterprises, _data.recognitions)
    known = years[np.isfinite(years)]
    cuts = sorted({int(year) for year in np.quantile(known, [0.2, 0.35, 0.5, 0.65, 0.8])}) if len(known) else []
    return backtest(_nodes, district_positions(_data), len(attributes()), years, cuts), basis, len(known)


def draw_backtest(nodes: pd.DataFrame) -> None:
    """Draw how the order of the gaps would have done in earlier years, beside orders that need no thought."""
    session = current()
    place = int(session.lang == "en")
    asked = st.session_state.get("backtest_asked") == session.set_id
    if len(session.data.enterprises) >= LARGE and not asked:
        st.button(session.word("backtest.run"), on_click=_ask, args=[session.set_id], key="backtest_run")
        return
    with st.spinner(session.word("backtest.running")):
        found, basis, known = _tested(session.set_id, session.data, nodes)
    st.markdown(session.word(f"backtest.{basis}", n=f"{known:,}"))
    if session.data.synthetic:
        st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
    if found.empty or not found["true"].any():
        st.info(session.word("backtest.nothing"), icon=":material/help:")
        return
    st.markdown(_verdict(found))
    top = st.segmented_control(
        session.word("backtest.k"), sorted(found["k"].unique()), default=sorted(found["k"].unique())[0], key="backtest_k", required=True
    )  # fmt: skip
    part = found[found["k"] == top]
    facts = ["cut", "known", "later", "cases", "true"]
    cells = part.assign(cell=part.apply(_cell, axis=1))
    table = cells.pivot(index=facts, columns="method", values="cell")[list(METHODS)].reset_index()
    names = {name: session.word(f"backtest.{name}") for name in facts}
    table = table.rename(columns=names | {code: pair[place] for code, pair in METHODS.items()})
    year = {names["cut"]: st.column_config.NumberColumn(format="%d", width="small")}
    st.dataframe(table, hide_index=True, key="backtest", column_config=year)
    st.caption(session.word("backtest.note"))


def _ask(set_id: str) -> None:
    st.session_state["backtest_asked"] = set_id


def _cell(row: pd.Series) -> str:
    """Precision with hits and interval; of chance the expected share alone."""
    if row["method"] == "random":
        return f"{row['precision']:.0%}"
    return f"{row['precision']:.0%}  {row['hits']:.0f}/{row['k']}  [{row['low']:.0%}–{row['high']:.0%}]"


def _verdict(found: pd.DataFrame) -> str:
    """In how many of the comparisons the score is ahead of, level with or behind each naive order."""
    session = current()
    wide = found[found["true"] > 0].pivot(index=["cut", "k"], columns="method", values="precision")
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
