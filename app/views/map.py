"""Map: the layout of one core and one belt, and the enterprises of the selection on it.

The map itself stands by now, see `app.first_map`; this is what is said and offered below it.
"""

from __future__ import annotations

import streamlit as st

from app.document import html_of
from app.draw_area import open_drawing
from app.first_map import chosen_basemap, drawn_basemap
from app.session import current
from app.settings import Settings
from layers.basemap import BASEMAPS

session = current()


def choose_basemap() -> None:
    """Let the reader choose a base map; one whose key is not configured is said so and not shown."""
    st.session_state.setdefault("basemap", chosen_basemap())
    name = st.selectbox(
        session.word("map.basemap"),
        list(BASEMAPS),
        format_func=lambda option: BASEMAPS[option].en if session.lang == "en" else BASEMAPS[option].zh,
        key="basemap",
        width=320,
        help=session.word("map.basemap.help"),
    )
    st.session_state["basemap_chosen"] = name  # that of the widget is forgotten while another page is open
    if drawn_basemap(Settings.from_environment()) != name:
        st.warning(session.word("map.basemap.key"), icon=":material/key:")


undrawn = session.count(precision=["none"])
if undrawn:
    with st.container(key="map_undrawn"):
        st.caption(session.word("map.undrawn", n=f"{undrawn:,}"))
with st.container(horizontal=True, vertical_alignment="bottom", key="map_tools"):
    choose_basemap()
    if st.button(session.word("more.area.draw"), key="map_draw", icon=":material/draw:"):
        open_drawing(session.data, session.lang)
    st.download_button(
        session.word("map.download"),
        data=lambda: html_of(session.data, session.filters, session.lang),
        file_name="yihe-yidai.html",
        mime="text/html",
        icon=":material/download:",
        key="map_download",
    )
