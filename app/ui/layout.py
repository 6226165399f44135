"""What stands around every page: the data it works on, its key figures above it, and the filters beside it."""

import time
from pathlib import Path
from typing import Final

import streamlit as st

from app.i18n import LANGS, as_markdown, word
from app.records.overlay import with_corrections
from app.server.datasets import serve
from app.server.snapshot import wait_for_map
from app.ui.address import keep_history, links, read_address, share, start_page, warn, write_address
from app.ui.dataset_picker import choose_dataset, dataset_parameters
from app.ui.map_tools import draw_map, draw_map_tools
from app.ui.page import Page, PageSlots
from app.ui.session import Session, current
from app.ui.sidebar import draw_sidebar, filters_now, keep_filters, read_nodes, take_filters, undecided
from app.ui.sign_in import draw_person
from geo.codes.options import ANY
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.places.zones import ZONES

AFTER_MAP: Final = "x-after-map"
"""Where the keyboard goes that does not want to walk through the map."""

STYLESHEET: Final = Path(__file__).with_name("style.css")


def draw_heading(page: Page) -> None:
    """Draw the page's name and, where the page acts on the selection, its sentence and figures on the same line."""
    session = current()
    st.html(STYLESHEET)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="strip"):
        st.title(session.word(f"nav.{page.name}"), anchor=False, width="content")
        if session.data.synthetic:
            st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
        if page.selection:
            draw_kpi_header()
        else:
            _figure("enterprises", "kpi.dataset", f"{session.data.count(Filters()):,}")
    if page.map_first:
        st.html(f'<a class="x-skip" href="#{AFTER_MAP}">{session.word("map.skip")}</a>')


def draw_kpi_header() -> None:
    """Draw sentence and figures of the selection."""
    session = current()
    total = session.total
    zones = {zone: session.count(zone=[zone]) for zone in ZONES}
    sourced = session.count(evidence=["source"])
    of_list = sourced or session.data.built_in  # else nobody published the list: it says where it is from
    if of_list:
        origin = session.word("kpi.sentence.sourced", n=f"{sourced:,}")
    else:
        origin = session.word("kpi.sentence.imported", title=as_markdown(session.data.title), date=session.data.date)
    st.markdown(f"**{as_markdown(session.sentence)}**{origin}", width="stretch")
    with st.container(horizontal=True, gap="medium", width="content", key="figures"):
        _figure("enterprises", "kpi.selected", f"{total:,}")
        left_out = session.data.left_out(session.filters)
        if left_out:  # as large as the count: it is not known whether they belong to it
            _figure("undecided", "kpi.undecided", f"{left_out:,}", " ".join(undecided(session)))
        _figure("core", "kpi.core", f"{zones['core']:,}")
        _figure("belt", "kpi.belt", f"{zones['belt']:,}")
        _figure("recognised", "kpi.recognised", f"{_recognised(session):,}", session.word("kpi.recognised.help"))
        if of_list:
            share = f"{sourced / total:.0%}" if total else "–"
            _figure("sourced", "kpi.sourced", share, session.word("kpi.sourced.help"))


def _choose_language(lang: str) -> None:
    # Said at every run: a widget that the browser shows only after the next run would be back at its first option.
    st.session_state["lang"] = lang
    st.segmented_control(
        word("filter.lang", lang), list(LANGS), format_func=LANGS.__getitem__, key="lang", required=True
    )


def _figure(name: str, key: str, value: str, note: str | None = None) -> None:
    with st.container(key=f"kpi_{name}", width="content"):
        st.metric(current().word(key), value, help=note)


def _recognised(session: Session) -> int:
    return session.count(recognition=[ANY])


def draw(page: Page, lang: str, script: st.Page, places: PageSlots) -> None:
    """Draw a page, `script` as `st.navigation` gave it, and what stands around it."""
    began = time.monotonic()
    filters = read_address(page.name)
    if filters is not None:
        take_filters(filters)
    start_page(page.name)
    with places.head:
        opening = st.empty()
    try:
        with places.sidebar:
            _choose_language(lang)
            draw_person(lang)
            data = choose_dataset(lang, opening)
    except DataError as error:
        places.head.error(f"{word('app.broken', lang)}\n\n{as_markdown(str(error))}", icon=":material/error:")
        st.stop()
    with places.head:
        try:
            data = with_corrections(data)
        except DataError as error:
            st.warning(word("correct.unread", lang, reason=as_markdown(str(error))), icon=":material/edit_off:")
        filters = filters_now()
        session = st.session_state["session"] = Session(lang, data, filters, serve(data))
        if filters.node:
            read_nodes(session)
        notices = st.container(key="notices")
        warnings = notices.empty()
        draw_heading(page)
        if page.map_first and not session.total:
            st.info(word("map.empty", lang), icon=":material/filter_alt:")
        shown = draw_map_tools() if page.map_first else None
    if shown and not places.map_stands:
        with places.map:
            draw_map(*shown)
        if st.session_state.get("page_before") != page.name:  # else the browser has the map's frame already
            wait_for_map(began)
    st.session_state["page_before"] = page.name
    if page.selection:
        draw_sidebar(session, notices)
    else:
        keep_filters(session)
    share(session, dataset_parameters())
    write_address(drawn=False)
    warn(session, warnings)
    script.run()
    with notices:
        keep_history(links())
    write_address()  # what the page has drawn for the first time, or cannot choose any more
    warn(session, warnings)
