"""The entry script of the pages: language and page, the map where it can come first, then all that reads tables."""

import time
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.i18n import LANGS, word
from app.server.snapshot import wait_for_map
from app.setup.assets import serve_folium_scripts
from app.ui.first_map import open_map
from app.ui.page import PAGES, PageSlots
from app.ui.sign_in import admit, pages_for_now


def main() -> None:
    """Run the script once, as Streamlit does for every user and at every change."""
    began = time.monotonic()
    newcomer = "lang" not in st.session_state
    context = get_script_run_ctx()
    asked = newcomer or (context and context.is_history_navigation)  # else the user's choice holds, and is written
    chosen = st.query_params.get("lang") if asked else st.session_state["lang"]
    lang = chosen if chosen in LANGS else "zh"
    st.set_page_config(  # before the pages are named: else a browser is sent to an outside host for their icon
        page_icon=str(Path(__file__).parent / "ui" / "icon.svg"),
        layout="wide",
        initial_sidebar_state="auto",
    )
    if not admit(lang):
        st.navigation([page.as_streamlit(lang) for page in PAGES], position="hidden")
        return
    serve_folium_scripts()
    script = st.navigation([page.as_streamlit(lang) for page in pages_for_now()], position="top")
    page = next(page for page in PAGES if page.name == (script.url_path or PAGES[0].name))
    st.set_page_config(page_title=f"{word(f'nav.{page.name}', lang)} · {word('app.title', lang)}")
    with st.sidebar:  # of its full width from the start: the map is not drawn for another
        top = st.container()
        if page.selection:
            st.subheader(word("filter.title", lang), anchor=False)
    head = st.container(key="head")
    place = st.container(key="place_of_map")
    with place:
        map_stands = page.map_first and newcomer and open_map(lang)
    if map_stands:
        wait_for_map(began)

    from app.ui.layout import draw  # loads what reads the tables, which the map did not wait for

    draw(page, lang, script, PageSlots(top, head, place, map_stands))


main()
