"""The base map of a set, the same for every page that shows enterprises on it."""

from __future__ import annotations

import streamlit as st

from app.written import Written, write
from geo.datasets import Datasets
from layers.map import base_map
from layers.view import View


@st.cache_resource(show_spinner=False, max_entries=16)
def written_base(set_id: str, view: View, _data: Datasets) -> Written:
    """The base map of a set and view, drawn and written once for all readers."""
    return write(base_map(_data, view, follow=set_id))
