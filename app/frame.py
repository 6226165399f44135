"""What stands around every page: the data it works on, its key figures above it, and the filters beside it."""

from __future__ import annotations

import time

import streamlit as st

from app.active import choose_set
from app.conditions import read_nodes
from app.corrected import with_corrections
from app.first_map import draw_first_map
from app.i18n import word
from app.language import choose_language
from app.served import serve
from app.session import Session
from app.sidebar import draw_sidebar, filters_now, read_url
from app.strip import draw_strip
from app.text import as_markdown
from app.turn import wait_for_map
from app.views import Page, Places
from geo.errors import DataError


def draw(page: Page, lang: str, script: st.Page, places: Places) -> None:
    """Draw a page, `script` as `st.navigation` gave it, and what stands around it."""
    began = time.monotonic()
    read_url()
    with places.head:
        opening = st.empty()
    try:
        with places.sidebar:
            choose_language(lang)
            data = choose_set(lang, opening)
    except DataError as error:
        places.head.error(f"{word('app.broken', lang)}\n\n{as_markdown(str(error))}", icon=":material/error:")
        st.stop()
    with places.head:
        try:
            data = with_corrections(data)
        except DataError as error:
            st.warning(word("correct.unread", lang, reason=as_markdown(str(error))), icon=":material/edit_off:")
        filters = filters_now()
        if filters.node:
            read_nodes(data, lang)
        session = Session(lang, data, filters, serve(data))
        st.session_state["session"] = session
        notices = st.container(key="notices")
        draw_strip()
        if page.map_first and not session.count():
            st.info(word("map.empty", lang), icon=":material/filter_alt:")
    if page.map_first and not places.map_stands:
        with places.map:
            draw_first_map(session)
        if st.session_state.get("page_before") != page.name:  # else the browser has the map's frame already
            wait_for_map(began)
    st.session_state["page_before"] = page.name
    draw_sidebar(data, filters, page.name, notices)
    script.run()
