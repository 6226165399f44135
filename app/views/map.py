"""Map: the layout of one core and one belt, and the enterprises of the selection on it.

The map itself stands by now, see `app.ui.maps`; this is what is said and offered below it.
"""

import streamlit as st

from app.documents import map_html
from app.settings import Settings
from app.ui.area_dialog import open_drawing
from app.ui.choice import choose
from app.ui.download import offer_file
from app.ui.layout import AFTER_MAP
from app.ui.maps import drawn_basemap
from app.ui.origins import draw_origins
from app.ui.session import current
from layers.basemap import BASEMAPS


def choose_basemap() -> None:
    """Let the user choose a base map; one whose key is not configured is said so and not shown."""
    session = current()
    names = session.names({name: (basemap.zh, basemap.en) for name, basemap in BASEMAPS.items()})
    name = choose(
        st.selectbox,
        "basemap",
        names,
        "map.basemap",
        default="offline",
        width=320,
        help=session.word("map.basemap.help"),
    )
    if drawn_basemap(Settings.from_environment()) != name:
        st.warning(session.word("map.basemap.key"), icon=":material/key:")


def draw() -> None:
    """Draw the page."""
    session = current()
    st.html(f'<span id="{AFTER_MAP}" tabindex="-1"></span>')
    undrawn = session.count(precision=["none"])
    if undrawn:
        with st.container(key="map_undrawn"):
            st.caption(session.word("map.undrawn", n=f"{undrawn:,}"))
    draw_origins()
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_tools"):
        choose_basemap()
        if st.button(session.word("more.area.draw"), key="map_draw", icon=":material/draw:"):
            open_drawing(session)
        offer_file(
            session.word("map.download"),
            lambda: map_html(session.data, session.filters, session.lang),
            "yihe-yidai.html",
            "map_download",
        )


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
