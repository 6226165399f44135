"""The back-test of the gaps on a page, whoever wins it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from app.chains import district_positions
from app.session import current
from geo.backtest import METHODS, backtest, entry_years
from geo.datasets import Datasets
from geo.districts import attributes


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
