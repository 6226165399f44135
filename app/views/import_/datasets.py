"""The datasets of this workspace: used, deleted, and two of them compared when that is asked for."""

from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.records.database import open_database
from app.records.datasets import UNDO_SECONDS, delete_dataset, restore_dataset
from app.records.visibility import may_see
from app.server.datasets import list_visible
from app.ui.choice import choose
from app.ui.dataset_picker import BUILT_IN_KEY, built_in, dataset_titles
from app.ui.maps import draw_subject, page_view
from app.ui.page import PAGES
from app.ui.person import check_still_admitted, person_now
from app.ui.session import current
from app.ui.undo import can_be_undone, draw_undo
from app.views.import_.rights import offer_rights
from geo.datasets import workspace
from geo.datasets.diff import CHANGE_KINDS, compare
from geo.datasets.workspace import BrokenDataset, ImportedDataset
from geo.errors import DataError
from layers.changes import draw_changes


def draw_datasets() -> None:
    """List the datasets, each with what can be done with it; those that cannot be opened too."""
    session = current()
    person = person_now()
    sets = list_visible(person)
    broken = workspace.broken_datasets() if person.may("administer") else []
    st.subheader(session.word("sets.title"), anchor=False)
    draw_undo("dataset")
    if not sets and not broken:
        st.caption(session.word("sets.none"))
        return
    for entry in sets:
        _draw_dataset(entry)
    for left in broken:
        _draw_broken(left)
    if sets:
        _draw_comparison(sets)


def offer_map(key: str, name: str, **more: Any) -> None:
    """Button that uses a dataset and goes to the map."""
    session = current()
    if st.button(
        session.word("sets.use"), on_click=_use, args=[key], key=f"{name}_{key}", icon=":material/map:", **more
    ):
        st.switch_page(PAGES[0].as_streamlit(session.lang))


def _use(key: str) -> None:
    st.session_state["dataset"] = key


def _draw_dataset(entry: ImportedDataset) -> None:
    session = current()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"set_{entry.key}"):
        files = "、".join(f"{name} {sha256[:8]}" for name, sha256 in entry.files)
        with st.container():
            st.text(entry.title)
            added = entry.added.replace("T", " ")[:16]
            st.caption(session.word("sets.facts", rows=f"{entry.rows:,}", added=added))
            st.text(files)
        offer_rights(entry)
        offer_map(entry.key, "use")
        _offer_delete(entry)


def _draw_broken(left: BrokenDataset) -> None:
    session = current()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"broken_{left.key}"):
        with st.container():
            st.text(left.key)
            st.caption(session.word("sets.broken", reason=as_markdown(left.reason)))
        _offer_delete(left)


def _offer_delete(entry: ImportedDataset | BrokenDataset) -> None:
    word = current().word
    if st.button(
        word("sets.delete"), key=f"delete_{entry.key}", icon=":material/delete:", disabled=not _may_delete(entry)
    ):
        st.dialog(word("sets.delete"))(_confirm_delete)(entry)


def _may_delete(entry: ImportedDataset | BrokenDataset) -> bool:
    person = person_now()
    return person.owns(entry.rights) if isinstance(entry, ImportedDataset) else person.may("administer")


def _confirm_delete(entry: ImportedDataset | BrokenDataset) -> None:
    check_still_admitted()
    session, minutes = current(), UNDO_SECONDS // 60
    if isinstance(entry, ImportedDataset):
        st.text(session.word("sets.delete.ask", title=entry.title, rows=f"{entry.rows:,}", n=minutes))
    else:
        st.text(session.word("sets.delete.broken", title=entry.key, n=minutes))
    if st.button(session.word("sets.delete.yes"), type="primary", key="delete_yes"):
        try:
            aside = delete_dataset(open_database(), entry, person_now())
        except DataError as error:
            st.error(as_markdown(str(error)), icon=":material/error:")
            return
        title = entry.title if isinstance(entry, ImportedDataset) else entry.key
        can_be_undone("dataset", title, partial(put_back, aside, title))
        st.rerun()


def put_back(aside: str, title: str) -> None:
    """Put a dataset back that was deleted."""
    restore_dataset(open_database(), aside, title, person_now())


def _draw_comparison(sets: list[ImportedDataset]) -> None:
    """Let two releases be chosen; they are compared when that is asked for."""
    session, state = current(), st.session_state
    st.subheader(session.word("compare.title"), anchor=False)
    titles = dataset_titles(session.lang, sets)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        old = choose(
            st.selectbox, "compare_old", titles, "compare.old", default=list(titles)[2 if len(titles) > 2 else 0]
        )
        new = choose(st.selectbox, "compare_new", titles, "compare.new", default=list(titles)[1])
        if st.button(
            session.word("compare.run"), key="compare_run", icon=":material/compare_arrows:", disabled=old == new
        ):
            state["compared"] = old, new
    if old == new:
        st.caption(session.word("compare.same"))
    elif state.get("compared") == (old, new):
        _draw_changes(old, new)


def _draw_changes(old: str, new: str) -> None:
    """Counts by kind and district, where on the map, and the list."""
    session = current()
    try:
        before, after = _enterprises(old), _enterprises(new)
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    changes = compare(before, after, session.lang)
    if changes.empty:
        st.caption(session.word("compare.nothing"))
        return
    named = changes.assign(kind=changes["kind"].map(lambda kind: session.pick(CHANGE_KINDS[kind])))
    counts = pd.crosstab(named["district"].replace("", "–"), named["kind"]).sort_index()
    counts.columns.name = None
    with st.container(key="changes_by_district"):
        st.dataframe(counts.rename_axis(session.word("filter.district")), height="auto")
    drawn = draw_changes(changes, before, after, page_view())
    draw_subject(drawn, "changes", 420, own_legend=False, small=True)
    shown = named[["kind", "name", "old_name", "district", "old_district", "columns", "detail"]]
    labels = {name: session.word(f"compare.{name}") for name in shown.columns}
    st.dataframe(shown.rename(columns=labels), hide_index=True, key="changes")


def _enterprises(key: str) -> gpd.GeoDataFrame:
    if key == BUILT_IN_KEY:
        return built_in().enterprises
    if not may_see(person_now(), key):  # chosen before it was taken from the person
        raise DataError("没有这个数据集", value=key)
    return workspace.read_enterprises(key)
