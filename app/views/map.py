"""Map: the layout of one core and one belt, and the enterprises of the selection on it.

The map itself and its tools stand by now, see `app.ui.map_tools`; this is what is said below it.
"""

import streamlit as st

from app.ui.layout import AFTER_MAP
from app.ui.origins import draw_origins
from app.ui.session import Session, current
from geo.places.zones import ZONES


def draw() -> None:
    """Draw the page."""
    session = current()
    st.html(f'<span id="{AFTER_MAP}" tabindex="-1"></span>')
    if not st.session_state.get("map.basis"):  # it is of the whole selection, not of a year
        _draw_account(session)
    undrawn = session.count(precision=["none"])
    if undrawn:
        with st.container(key="map_undrawn"):
            st.caption(session.word("map.undrawn", n=f"{undrawn:,}"))
    draw_origins()


def _draw_account(session: Session) -> None:
    """How the zones add up to the selection."""
    account = {zone: session.count(zone=[zone]) for zone in ZONES} | {
        "total": session.total,
        "pudong": session.count(district=["310115"]),
        "pudong_core": session.count(district=["310115"], zone=["core"]),
    }
    said = {name: f"{count:,}" for name, count in account.items()}
    st.caption(session.word("kpi.accounts", **said))


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
