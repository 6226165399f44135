"""A map on a page that draws its own subject in the place of the enterprises."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app.session import current
from app.settings import Settings
from app.written import Written, write
from geo.datasets import Datasets
from layers.legend import Legend
from layers.map import base_map
from layers.view import Drawn, View


def page_view() -> View:
    """How maps on the pages are drawn: the reader's language, the offline base map."""
    return View(current().lang, approval=Settings.from_environment().approval)


def draw_subject(drawn: Drawn, key: str, height: int = 480) -> None:
    """Draw a layer with its own legend on the base map."""
    session = current()
    with st.container(key=f"{key}_map"):
        st_folium(
            _written(session.set_id, page_view(), drawn.legend, session.data).as_map(),
            feature_group_to_add=drawn.layer,
            returned_objects=[],
            height=height,
            width=None,
            key=f"{key}_folium",
            render=False,
        )


@st.cache_resource(show_spinner=False, max_entries=16)
def _written(set_id: str, view: View, legend: Legend, _data: Datasets) -> Written:
    del set_id  # tells the sets apart, in the place of their tables
    return write(base_map(_data, view, remember=False, subject=legend))
