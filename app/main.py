"""The entry script of the pages: language, data and filters once, then the page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.active import choose_set
from app.assets import serve_folium_scripts
from app.conditions import read_nodes
from app.corrected import with_corrections
from app.i18n import word
from app.served import serve
from app.session import Session
from app.sidebar import draw_sidebar, filters_now, read_url
from app.strip import draw_strip
from app.text import as_markdown
from app.views import PAGES
from geo.errors import DataError

read_url()
lang = st.session_state["lang"]
st.set_page_config(
    page_title=word("app.title", lang),
    page_icon=str(Path(__file__).with_name("icon.svg")),
    layout="wide",
    initial_sidebar_state="auto",
)
serve_folium_scripts()
pages = [page.as_streamlit(lang) for page in PAGES]
chosen = st.navigation(pages, position="top")
opening = st.empty()
try:
    with st.sidebar:
        data = choose_set(lang, opening)
except DataError as error:
    st.error(f"{word('app.broken', lang)}\n\n{as_markdown(str(error))}", icon=":material/error:")
    st.stop()
try:
    data = with_corrections(data)
except DataError as error:
    st.warning(word("correct.unread", lang, reason=as_markdown(str(error))), icon=":material/edit_off:")
filters = filters_now()
if filters.node:
    read_nodes(data, lang)
st.session_state["session"] = Session(lang, data, filters, serve(data))
notices = st.container(key="notices")
draw_strip()
first = next(page.first for page in PAGES if page.name == (chosen.url_path or PAGES[0].name))
if first:
    chosen.run()
draw_sidebar(data, filters, chosen.url_path, notices)
if not first:
    chosen.run()
