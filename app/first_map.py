"""The map of the map page, which does not wait for the filters and the rest of the page."""

from __future__ import annotations

import streamlit as st

from app.base import written_base
from app.opening import show_map
from app.session import Session
from app.settings import Settings
from layers.basemap import BASEMAPS
from layers.tiles import draw_selection
from layers.view import View


def draw_first_map(session: Session) -> None:
    """Draw the selection on the base map that the reader has chosen; only the selection changes with the filters."""
    settings = Settings.from_environment()
    view = View(session.lang, drawn_basemap(settings), settings.tianditu_key, settings.approval)
    group = draw_selection(session.data, session.filters, view, session.set_id).layer
    show_map(written_base(session.set_id, view, session.data), group)


def chosen_basemap() -> str:
    """Name of the base map that the reader has chosen, also while another page was open."""
    return str(st.session_state.get("basemap") or st.session_state.get("basemap_chosen", "offline"))


def drawn_basemap(settings: Settings) -> str:
    """Name of the base map that is shown: the chosen one, unless its key is not configured."""
    name = chosen_basemap()
    return "offline" if BASEMAPS[name].needs_key and not settings.tianditu_key else name
