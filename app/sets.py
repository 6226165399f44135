"""The sets of this workspace on a page: use, compare with an earlier release, delete."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from app.active import BUILT_IN, built_in
from app.session import current
from app.settings import Settings
from geo import workspace
from geo.errors import DataError
from geo.releases import KINDS, compare
from geo.workspace import ImportedSet
from layers.changes import draw_changes
from layers.map import base_map
from layers.view import View


def draw_sets() -> None:
    """List the sets, each with what can be done with it."""
    session = current()
    sets = workspace.list_sets()
    st.subheader(session.word("sets.title"), anchor=False)
    if not sets:
        st.caption(session.word("sets.none", folder=str(workspace.workspace_dir())))
        return
    for entry in sets:
        _draw_set(entry)
    _draw_comparison(sets)


def _draw_set(entry: ImportedSet) -> None:
    session = current()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"set_{entry.key}"):
        files = "、".join(f"{name} {sha256[:8]}" for name, sha256 in entry.files)
        with st.container():
            st.text(entry.title)
            added = entry.added.replace("T", " ")[:16]
            st.caption(session.word("sets.facts", rows=f"{entry.rows:,}", added=added))
            st.text(files)
        st.button(
            session.word("sets.use"),
            on_click=_use,
            args=[entry.key],
            disabled=st.session_state.get("dataset") == entry.key,
            key=f"use_{entry.key}",
            icon=":material/check:",
        )
        if st.button(session.word("sets.delete"), key=f"delete_{entry.key}", icon=":material/delete:"):
            _confirm_delete(entry)


def _use(key: str) -> None:
    st.session_state["dataset"] = key


@st.dialog("删除 / Delete")
def _confirm_delete(entry: ImportedSet) -> None:
    session = current()
    st.text(session.word("sets.delete.ask", title=entry.title, rows=f"{entry.rows:,}"))
    if st.button(session.word("sets.delete.yes"), type="primary", key="delete_yes"):
        try:
            workspace.delete(entry.key)
        except DataError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.rerun()


def _draw_comparison(sets: list[ImportedSet]) -> None:
    """Compare two releases: counts by kind and district, the list, and where on the map."""
    session = current()
    english = session.lang == "en"
    st.subheader(session.word("compare.title"), anchor=False)
    titles = {BUILT_IN: session.word("set.built_in")} | {entry.key: entry.title for entry in sets}
    with st.container(horizontal=True):
        old = st.selectbox(session.word("compare.old"), list(titles), format_func=titles.__getitem__, key="compare_old")
        new = st.selectbox(
            session.word("compare.new"), list(titles), 1, format_func=titles.__getitem__, key="compare_new"
        )
    if old == new:
        st.caption(session.word("compare.same"))
        return
    try:
        before, after = _enterprises(old), _enterprises(new)
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return
    changes = compare(before, after)
    if changes.empty:
        st.caption(session.word("compare.nothing"))
        return
    named = changes.assign(kind=changes["kind"].map(lambda kind: KINDS[kind][english]))
    counts = pd.crosstab(named["district"].replace("", "–"), named["kind"]).sort_index()
    with st.container(key="changes_by_district"):
        st.dataframe(counts.rename_axis(session.word("filter.district")), height="auto")
    view = View(session.lang, approval=Settings.from_environment().approval)
    with st.container(key="changes_map"):
        st_folium(
            base_map(session.data, view, remember=False),
            feature_group_to_add=draw_changes(changes, before, after, view).layer,
            returned_objects=[],
            height=420,
            width=None,
            key="changes_folium",
        )
    shown = named[["kind", "name", "old_name", "district", "old_district", "columns", "detail"]]
    labels = {name: session.word(f"compare.{name}") for name in shown.columns}
    st.dataframe(shown.rename(columns=labels), hide_index=True, key="changes")


def _enterprises(key: str):  # type: ignore[no-untyped-def]
    return built_in().enterprises if key == BUILT_IN else workspace.open_set(key)
