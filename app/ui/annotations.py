"""Annotations of the map page: the list with author and moment beside the map, and the dialog to draw one."""

import json
from operator import attrgetter
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from app.i18n import as_markdown
from app.records import annotations
from app.records.annotations import MAX_ANNOTATION_CHARACTERS, Annotation
from app.records.database import open_database
from app.records.location import nothing_kept
from app.server.prerender import PrerenderedMap, write
from app.ui.address import bind, number
from app.ui.first_map import show_map
from app.ui.maps import page_view
from app.ui.person import check_still_admitted, choose_person, keep_person, person_now
from app.ui.session import Session, current
from app.ui.undo import can_be_undone, draw_undo
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from layers.annotations import DrawnAnnotation
from layers.base import View
from layers.drawing import drawing_map

LINK_ZOOM: Final = 13
MAX_LISTED_HEIGHT: Final = 420
"""Of the list, in pixels."""


def draw_annotation_tools(session: Session) -> list[DrawnAnnotation]:
    """Draw the list and what begins an annotation.

    Returns
    -------
    list of DrawnAnnotation
        What the map is to show.
    """
    bind("note", 0, number(0, 2**31 - 1, int))
    held, failed = _held(session)
    label = session.word("annotations.title", n=len(held)) if held else session.word("annotations.none")
    turn = st.session_state.setdefault("note_turn", 0)
    with st.popover(label, icon=":material/edit_note:", key=f"notes_{turn}"):
        if failed:
            st.warning(as_markdown(failed), icon=":material/error:")
        begin = st.button(
            session.word("annotations.draw"), key="note_draw", icon=":material/draw:", on_click=_fold_list
        )
        if begin:
            st.dialog(session.word("annotations.draw"), width="large", icon=":material/edit_note:")(_draw)(session)
        draw_undo("annotation")
        with st.container(height=MAX_LISTED_HEIGHT if len(held) > 3 else "content", border=False):
            for one in held:
                _draw_one(session, one)
    chosen = st.session_state["note"]
    return [DrawnAnnotation(one.drawn, one.text, _by(one), one.id == chosen) for one in held]


def _fold_list() -> None:
    """Close the list, by making it anew: it would lie on the dialog."""
    st.session_state["note_turn"] += 1


def say_chosen(session: Session) -> None:
    """Say the annotation that the link names, or that there is none any more."""
    chosen = st.session_state["note"]
    if not chosen:
        return
    held, failed = _held(session)
    one = next((one for one in held if one.id == chosen), None)
    if failed:
        return  # the list says it: whether the annotation is there is not known
    if one is None:
        st.info(session.word("annotations.gone"), icon=":material/help:")
    else:
        st.info(f"{as_markdown(one.text)} — {as_markdown(_by(one))}", icon=":material/edit_note:")


def _held(session: Session) -> tuple[list[Annotation], str]:
    """Annotations of the open dataset, and why they cannot be read."""
    failed = st.session_state.pop("note_failed", "")
    if nothing_kept():
        return [], failed
    try:
        return annotations.annotations(open_database(), session.data.key, person_now()), failed
    except DataError as error:
        return [], str(error)


def _by(one: Annotation) -> str:
    return f"{one.author} · {one.added[:16].replace('T', ' ')}"


def _draw_one(session: Session, one: Annotation) -> None:
    with st.container(border=True, key=f"note_{one.id}"):
        st.markdown(as_markdown(one.text))
        st.caption(as_markdown(_by(one)))
        with st.container(horizontal=True):
            place = one.middle
            here = {"note": one.id, "map": f"{place.y:.4f},{place.x:.4f},{LINK_ZOOM}"}
            kept = {"set": st.query_params["set"]} if "set" in st.query_params else {}
            st.link_button(
                session.word("annotations.link"), f"/?{urlencode(kept | here, safe=',')}", icon=":material/link:"
            )
            st.button(
                session.word("annotations.remove"), key=f"note_remove_{one.id}", icon=":material/delete:",
                on_click=_remove, args=[one], disabled=not person_now().may("follow"),
            )  # fmt: skip


def _remove(one: Annotation) -> None:
    try:
        if not annotations.remove(open_database(), one, person_now()):
            return
    except DataError as error:
        st.session_state["note_failed"] = str(error)
        return
    can_be_undone("annotation", one.text[:30], lambda: annotations.restore(open_database(), one, person_now()))


@st.cache_resource(
    show_spinner=False, max_entries=4, hash_funcs={Dataset: attrgetter("fingerprint", "title", "date", "key")}
)
def _written(view: View, data: Dataset) -> PrerenderedMap:
    return write(drawing_map(data, (), view, of_annotation=True), data.key)


def _draw(session: Session) -> None:
    check_still_admitted()
    st.caption(session.word("annotations.hint"))
    drawn = show_map(_written(page_view(), session.data), key="note", height=400, returned_objects=["all_drawings"])
    text = st.text_area(
        session.word("annotations.text"), key="note_text", max_chars=MAX_ANNOTATION_CHARACTERS, height=80
    )
    try:
        keep_person()
        choose_person(open_database())
        shapes: list[Any] = json.loads(json.dumps(drawn.get("all_drawings") or []))
        with st.container(horizontal=True):
            keep = st.button(
                session.word("annotations.keep"), type="primary", key="note_keep", icon=":material/check:",
                disabled=not shapes,
            )  # fmt: skip
            leave = st.button(session.word("area.leave"), key="note_leave", icon=":material/close:")
        if keep:
            geometry = shapes[-1].get("geometry") if isinstance(shapes[-1], dict) else None
            annotations.add(open_database(), current().data.key, text, geometry or {}, person_now())
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    if keep or leave:
        st.rerun()
