"""Related industries on a page: which nodes lie in the same areas as one, with intervals, and how that would have foretold entries."""

from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.server.datasets import served
from app.ui.chains import district_positions, node_name
from app.ui.choice import choose
from app.ui.person import person_now
from app.ui.session import current
from app.views.chains.gaps import asked_for, draw_verdict, tested
from geo.chains.gaps import count_by
from geo.chains.relatedness import RELATED_VERDICTS, RELATED_WEIGHTS, related_nodes, related_to
from geo.errors import DataError
from geo.places.districts import attributes

MAX_UNASKED_RELATED_ROWS: Final = 12
"""Pairs that are shown where the node of the page is not among them."""


@st.cache_data(show_spinner=False, max_entries=8)
def _found(dataset_id: str, level: str) -> tuple[pd.DataFrame | None, str]:
    """The pairs, or why there are none."""
    data = served(dataset_id, person_now())
    if level == "town":
        counts = count_by(data.nodes, data.place_codes["town"], len(data.towns), data.companies)
    else:
        counts = count_by(data.nodes, district_positions(data), len(attributes()), data.companies)
    try:
        return related_nodes(counts), ""
    except DataError as error:
        return None, error.message


def draw_related(node: str) -> None:
    """Draw the nodes that lie where `node` lies, of the whole set; where it is not compared, the pairs found together."""
    session = current()
    st.markdown(session.word("related.lead"))
    levels = {level: session.word(f"related.level.{level}") for level in ("district", "town")}
    level = choose(st.segmented_control, "related_level", levels, "related.level", required=True)
    with st.spinner(session.word("related.running")):
        found, refused = _found(session.dataset_id, level)
    if session.data.synthetic:
        st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
    if found is None:
        st.info(session.word("related.refused", reason=as_markdown(refused)), icon=":material/help:")
        return
    told = found["verdict"].value_counts()
    numbers = {name: f"{told.get(name, 0):,}" for name in RELATED_VERDICTS}
    st.markdown(session.word("related.account", pairs=f"{len(found):,}", **numbers))
    own = related_to(found, node)
    if own.empty:
        st.caption(session.word("related.few", name=as_markdown(node_name(node))))
        own = found[found["verdict"] == "together"].head(MAX_UNASKED_RELATED_ROWS)
        if len(own):
            st.caption(session.word("related.below"))
    if len(own):
        _draw_pairs(own)
    st.caption(session.word("related.note"))
    _draw_test()


def _draw_pairs(pairs: pd.DataFrame) -> None:
    session = current()
    ranges = [f"{low:.2f} – {high:.2f}" for low, high in zip(pairs["low"], pairs["high"], strict=True)]
    columns = {
        "first": pairs["first"].map(node_name),
        "second": pairs["second"].map(node_name),
        "enterprises": [
            f"{a:,} / {b:,}" for a, b in zip(pairs["first_enterprises"], pairs["second_enterprises"], strict=True)
        ],
        "together": pairs["together"],
        "proximity": pairs["proximity"].round(2),
        "interval": ranges,
        "expected": pairs["expected"].round(2),
        "verdict": pairs["verdict"].map({name: session.pick(text) for name, text in RELATED_VERDICTS.items()}),
    }
    table = pd.DataFrame(columns).rename(columns={name: session.word(f"related.{name}") for name in columns})
    st.dataframe(table, hide_index=True, key="related")


def _draw_test() -> None:
    """Draw how proximity alone would have foretold entries, beside the naive orders."""
    session = current()
    if not asked_for("related_test_run"):
        return
    with st.spinner(session.word("backtest.running")):
        found, basis, known = tested(session.dataset_id, tuple(RELATED_WEIGHTS.items()))
    if found.empty or not found["true"].any():
        st.caption(session.word("backtest.nothing"))
        return
    st.markdown(session.word("related.test") + " " + session.word(f"backtest.{basis}", n=f"{known:,}"))
    draw_verdict(found)
