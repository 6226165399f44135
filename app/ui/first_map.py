"""The map of the map page, and how a newcomer sees it before the tables are read: nothing here loads them."""

from typing import Final

import folium
import streamlit as st

from app.server.prerender import PrerenderedMap
from app.server.snapshot import first_map
from layers.tile_group import tile_group

_NO_FILTER: Final = {"lang", "embed", "embed_options"}


def show_map(written: PrerenderedMap, enterprises: folium.FeatureGroup) -> None:
    """Show the map of the page; only the group of enterprises changes with the filters, so view and popup stay."""
    from streamlit_folium import st_folium  # registers its component with the server, so not before it

    with st.container(key="map"):
        st_folium(
            written.as_map(),
            feature_group_to_add=enterprises,
            returned_objects=[],
            height=620,
            width=None,
            key="folium",
            render=False,
        )


def open_map(lang: str) -> bool:
    """Show a newcomer the map before the tables are read, where it was kept and nothing else was asked for.

    Returns
    -------
    bool
        Whether it stands; when not, the page has to show it.
    """
    first = first_map(lang) if not set(st.query_params) - _NO_FILTER else None
    if first is None:
        return False
    show_map(first.written, tile_group(first.enterprises))
    return True
