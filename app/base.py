"""The base map of a set, the same for every page that draws on it."""

from __future__ import annotations

import streamlit as st

from app.written import Written, write
from geo.datasets import Datasets
from layers.legend import Legend
from layers.map import base_map
from layers.view import View


@st.cache_resource(show_spinner=False, max_entries=32)
def written_base(
    set_id: str, view: View, _data: Datasets, subject: Legend | None = None, *, small: bool = False
) -> Written:
    """The base map of a set and view, drawn and written once for all readers.

    Parameters
    ----------
    set_id : str
        Tells the sets apart, in the place of their tables.
    view : View
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.
    small : bool
        A map beside a text: it neither remembers where the reader was nor offers to follow an enterprise.
    """
    of_enterprises = subject is None and not small
    follow = set_id if of_enterprises else ""
    return write(base_map(_data, view, remember=of_enterprises, follow=follow, subject=subject))
