"""Which kinds of lists the selection comes from, and what would not hold without one of them."""

import streamlit as st

from app.ui.session import current
from geo.codes.options import NONE, ORIGIN_LABELS
from geo.filters.filters import Filters
from geo.indicators.counts import Counts
from geo.indicators.origins import hangs_on_one, origins_of


def draw_origins() -> None:
    """Say how many of the selection come from each kind of list; nothing where no row says so."""
    session = current()
    counts = origins_of(session.data, session.filters)
    if len(counts) and set(counts.index) != {NONE}:
        each = (f"{ORIGIN_LABELS[str(code)].of(session.lang)} {number:,}" for code, number in counts.items())
        st.caption(session.word("origins.said", lists=session.listing(each)))


def draw_hanging(counts: Counts, code: str, filters: Filters | None = None) -> None:
    """Say which claims of an indicator hang on one kind of list; of the session's selection unless others are given."""
    session = current()
    found = hangs_on_one(session.data, filters or session.filters, code, counts.level)
    for origin, rows in found.groupby("origin", sort=False):
        places = session.listing(counts.name(place, session.lang) for place in rows["place"])
        name = ORIGIN_LABELS[str(origin)].of(session.lang)
        st.warning(session.word("origins.hangs", origin=name, places=places), icon=":material/filter_1:")
