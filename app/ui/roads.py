"""Straight lines or driving times: the choice that pages share, and what has to be said beside it."""

import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose
from app.ui.session import current
from geo.roads.store import NO_NETWORK, Roads, roads_or_none


def choose_roads(key: str) -> Roads | None:
    """Let the user choose straight lines, the default, or driving times, and say what these are.

    Returns
    -------
    Roads, optional
        The roads to drive on; None for straight lines, and where there is no network, which is said.
    """
    session = current()
    ways = {way: session.word(f"by.{way}") for way in ("straight", "drive")}
    if choose(st.segmented_control, key, ways, "by.choose", required=True) == "straight":
        return None
    roads = roads_or_none()
    said = roads.record.about(session.lang) if roads else f"{session.pick(NO_NETWORK)} {session.word('by.fallback')}"
    st.caption(as_markdown(said))
    return roads
