"""Map: the layout of one core and one belt, and the enterprises of the selection on it."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app.base import written_base
from app.document import html_of
from app.draw_area import open_drawing
from app.session import current
from app.settings import Settings
from layers.basemap import BASEMAPS
from layers.tiles import draw_selection
from layers.view import View

session = current()
settings = Settings.from_environment()


def choose_basemap() -> str:
    """Let the reader choose a base map; one whose key is not configured is said so and not shown."""
    st.session_state.setdefault("basemap", st.session_state.get("basemap_chosen", "offline"))
    name = st.selectbox(
        session.word("map.basemap"),
        list(BASEMAPS),
        format_func=lambda option: BASEMAPS[option].en if session.lang == "en" else BASEMAPS[option].zh,
        key="basemap",
        width=320,
        help=session.word("map.basemap.help"),
    )
    st.session_state["basemap_chosen"] = name  # that of the widget is forgotten while another page is open
    if BASEMAPS[name].needs_key and not settings.tianditu_key:
        st.warning(session.word("map.basemap.key"), icon=":material/key:")
        return "offline"
    return name


def draw_map(view: View) -> None:
    """Draw the map; only the group of enterprises changes with the filters, so view and popup stay."""
    group = draw_selection(session.data, session.filters, view, session.set_id).layer
    with st.container(key="map"):
        st_folium(
            written_base(session.set_id, view, session.data).as_map(),
            feature_group_to_add=group,
            returned_objects=[],
            height=620,
            width=None,
            key="folium",
            render=False,
        )


undrawn = session.count(precision=["none"])
# The notices have their places at every run: what comes and goes before the map would make the browser load it anew.
with st.container(key="map_empty"):
    if not session.count():
        st.info(session.word("map.empty"), icon=":material/filter_alt:")
place_of_map = st.container()
with st.container(key="map_undrawn"):
    if undrawn:
        st.caption(session.word("map.undrawn", n=f"{undrawn:,}"))
with st.container(horizontal=True, vertical_alignment="bottom", key="map_tools"):
    basemap = choose_basemap()
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
with place_of_map:
    view = View(session.lang, basemap, settings.tianditu_key, settings.approval)
    draw_map(view)
