"""Saved searches on a page: filters under a name, and what is new in their result since the last look."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.records import searches as records
from app.records.database import open_database
from app.records.searches import News, Search
from app.ui.person import person_now
from app.ui.session import Session, current
from app.ui.sidebar import take_filters
from app.ui.undo import can_be_undone, draw_undo
from app.views.enterprises.card import open_card
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from layers.escape import plain

MOST_NAMES = 20
"""New enterprises of a search that are listed by name."""


def draw_searches() -> None:
    """Draw the saved searches; what is new is looked for when the user unfolds them."""
    session = current()
    box = st.expander(
        session.word("search.title"), icon=":material/bookmarks:", key="searches", on_change="rerun", expanded=False
    )
    if not box.open:
        return
    with box:
        try:
            held = records.searches(open_database(), person_now())
        except DataError as error:
            st.error(as_markdown(str(error)), icon=":material/error:")
            return
        _draw_save(session)
        draw_undo("search")
        for search in held:
            _draw_one(session, search)
        failed = st.session_state.pop("search_failed", "")
        if failed:
            st.error(as_markdown(failed), icon=":material/error:")


def _draw_save(session: Session) -> None:
    person = person_now()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not person.name and not person.proven:
            st.text_input(
                session.word("person.choose"), key="search_person", on_change=_take_person, max_chars=60, width=180
            )
        st.text_input(session.word("search.name"), key="search_name", max_chars=120, width=280)
        st.button(
            session.word("search.save"),
            on_click=_save,
            args=[session],
            disabled=not (person.name and person.may("follow")),
            icon=":material/bookmark_add:",
            key="search_save",
        )


def _draw_one(session: Session, search: Search) -> None:
    filters, _ = Filters.from_query(search.query)
    ids = _ids(session.data, filters)
    try:
        news = records.news(open_database(), search.id, ids, person_now())
    except DataError as error:
        st.caption(as_markdown(str(error)))
        return
    with st.container(border=True, key=f"search_{search.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{as_markdown(search.name)}**　:small[{as_markdown(filters.sentence(len(ids), session.lang))}]"
            )
            st.button(
                session.word("search.open"),
                on_click=take_filters,
                args=[filters],
                icon=":material/filter_alt:",
                key=f"search_open_{search.id}",
            )
            who = person_now().name if person_now().may("follow") else ""
            st.button(
                session.word("search.look"),
                on_click=_look,
                args=[session, search.id, ids],
                disabled=not news.changed or not who,
                icon=":material/done_all:",
                key=f"search_look_{search.id}",
            )
            st.button(
                session.word("search.remove"),
                on_click=_remove,
                args=[search.id],
                disabled=who != search.owner,
                icon=":material/delete:",
                key=f"search_remove_{search.id}",
            )
        seen = {"who": as_markdown(search.owner), "when": search.seen[:16].replace("T", " ")}
        st.caption(session.word("search.seen", release=as_markdown(search.seen_release), n=search.seen_count, **seen))
        _draw_news(session, search, news, ids)


def _draw_news(session: Session, search: Search, news: News, ids: pd.Index) -> None:
    """Say what is new since the last look, the first of them by name."""
    if not news.changed:
        st.caption(session.word("search.same"))
        return
    if news.new is None:
        st.info(session.word("search.changed"), icon=":material/fiber_new:")
        return
    new = ids[news.new]
    first, data = list(new[:MOST_NAMES]), session.data
    names = data.rows_of(first)["name"]
    st.info(session.word("search.new", n=f"{len(new):,}", gone=f"{news.gone or 0:,}"), icon=":material/fiber_new:")
    with st.container(horizontal=True, gap="medium"):
        for enterprise_id, name in zip(first, names, strict=True):
            st.button(
                as_markdown(plain(name)),
                key=f"new_{search.id}_{enterprise_id}",
                on_click=open_card,
                args=[str(enterprise_id)],
                type="tertiary",
            )
    if len(new) > MOST_NAMES:
        st.caption(session.word("search.more", n=f"{len(new) - MOST_NAMES:,}"))


def _ids(data: Dataset, filters: Filters) -> pd.Index:
    return data.enterprises.index[data.mask(filters)]


def _release(data: Dataset) -> str:
    """What tells the set from others and from its earlier releases, as a user calls it."""
    return f"{data.title} {data.date}"


def _take_person() -> None:
    st.session_state["person_name"] = st.session_state["person"] = st.session_state["search_person"]


def _save(session: Session) -> None:
    name = st.session_state.get("search_name") or ""
    try:
        ids = _ids(session.data, session.filters)
        records.save(
            open_database(),
            name,
            session.filters.to_query(),
            person_now(),
            _release(session.data),
            ids,
            session.data.key,
        )
        st.session_state["search_name"] = ""
    except DataError as error:
        st.session_state["search_failed"] = str(error)


def _look(session: Session, search_id: int, ids: pd.Index) -> None:
    try:
        records.look(open_database(), search_id, _release(session.data), ids, person_now(), session.data.key)
    except DataError as error:
        st.session_state["search_failed"] = str(error)


def _remove(search_id: int) -> None:
    try:
        held = records.remove(open_database(), search_id, person_now())
        if held:
            can_be_undone("search", held["name"], partial(_put_back, held))
    except DataError as error:
        st.session_state["search_failed"] = str(error)


def _put_back(held: dict[str, Any]) -> None:
    records.restore(open_database(), held, person_now())
