"""Map: the layout of one core and one belt, and the enterprises of the selection on it.

The map itself and its tools stand by now, see `app.ui.map_tools`; this is what is said below it.
"""

import streamlit as st

from app.ui.layout import AFTER_MAP
from app.ui.origins import draw_origins
from app.ui.session import current


def draw() -> None:
    """Draw the page."""
    session = current()
    st.html(f'<span id="{AFTER_MAP}" tabindex="-1"></span>')
    undrawn = session.count(precision=["none"])
    if undrawn:
        with st.container(key="map_undrawn"):
            st.caption(session.word("map.undrawn", n=f"{undrawn:,}"))
    draw_origins()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
