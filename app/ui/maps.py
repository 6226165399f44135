"""A map on a page that draws its own subject in the place of the enterprises."""

import streamlit as st
from streamlit_folium import st_folium

from app.server.basemaps import written_base
from app.settings import Settings
from app.ui.first_map import show_map
from app.ui.session import Session, current
from layers.base import Drawn, View
from layers.basemap import BASEMAPS
from layers.remote import draw_selection


def draw_first_map(session: Session) -> None:
    """Draw the selection on the base map that the user has chosen; only the selection changes with the filters."""
    settings = Settings.from_environment()
    view = View(session.lang, drawn_basemap(settings), settings.tianditu_key, settings.approval)
    group = draw_selection(session.data, session.filters, view, session.set_id).layer
    show_map(written_base(session.set_id, view, session.data), group)


def chosen_basemap() -> str:
    """Name of the base map that the user has chosen, also while another page was open."""
    return str(st.session_state.get("basemap") or st.session_state.get("basemap_chosen", "offline"))


def drawn_basemap(settings: Settings) -> str:
    """Name of the base map that is shown: the chosen one, unless its key is not configured."""
    name = chosen_basemap()
    return "offline" if BASEMAPS[name].needs_key and not settings.tianditu_key else name


def page_view() -> View:
    """How maps on the pages are drawn: the user's language, the offline base map."""
    return View(current().lang, approval=Settings.from_environment().approval)


def draw_subject(drawn: Drawn, key: str, height: int = 480) -> None:
    """Draw a layer with its own legend on the base map."""
    session = current()
    with st.container(key=f"{key}_map"):
        st_folium(
            written_base(session.set_id, page_view(), session.data, drawn.legend).as_map(),
            feature_group_to_add=drawn.layer,
            returned_objects=[],
            height=height,
            width=None,
            key=f"{key}_folium",
            render=False,
        )
