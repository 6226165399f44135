"""How a page shows a map, and how a newcomer sees the first one before the tables are read: nothing here loads them."""

from typing import Any, Final

import folium
import streamlit as st

from app.server.prerender import PrerenderedMap
from app.server.snapshot import first_map
from layers.tile_group import tile_group

_NO_FILTER: Final = {"lang", "map", "layers", "embed", "embed_options"}


def show_map(
    written: PrerenderedMap, group: folium.FeatureGroup | None = None, key: str = "", height: int = 620, **more: Any
) -> dict[str, Any]:
    """Show a map; only the group changes with the filters, so view and popup stay.

    Parameters
    ----------
    written : PrerenderedMap
    group : FeatureGroup, optional
        What is added to it.
    key : str
        Start of the keys of the map and of the box around it.
    height : int
        In pixels.
    **more
        Handed on to `st_folium`, such as what the page is told of the map, which is nothing unless asked for.

    Returns
    -------
    dict
        What was asked for.
    """
    from streamlit_folium import st_folium  # registers its component with the server, so not before it

    with st.container(key=f"{key}_map" if key else "map"):
        return st_folium(
            written.as_map(),
            feature_group_to_add=group,
            height=height,
            width=None,
            key=f"{key}_folium" if key else "folium",
            render=False,
            **({"returned_objects": []} | more),
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
