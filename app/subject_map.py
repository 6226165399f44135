"""A map on a page that draws its own subject in the place of the enterprises."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app.base import written_base
from app.session import current
from app.settings import Settings
from layers.view import Drawn, View


def page_view() -> View:
    """How maps on the pages are drawn: the reader's language, the offline base map."""
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
