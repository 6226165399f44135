"""Editing one entry of the shortlist; two people who edit the same one see each other's change."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine

from app.i18n import as_markdown
from app.records import shortlist
from app.records.permissions import Person
from app.records.shortlist import ENTRY_FIELDS, FOLLOW_UP_STAGES, MAX_FIELD_CHARACTERS, Entry, Outcome
from app.ui.follow import say
from app.ui.person import check_still_admitted, person_now
from app.ui.session import Session, current
from app.ui.undo import can_be_undone
from geo.errors import DataError

NEWS_SECONDS: Final = 20
"""How often an open entry is compared with the database."""


def draw_entry(db: Engine, entry_id: int, person: Person) -> None:
    """Draw an entry as a form; what others changed since it was opened is said above it."""
    session = current()
    try:
        held = shortlist.entry(db, entry_id, person_now())
    except DataError as error:
        st.warning(as_markdown(str(error)), icon=":material/warning:")
        return
    base = st.session_state.get("entry_base")
    if base is None or base.id != entry_id:
        base = st.session_state["entry_base"] = st.session_state.get("drafts", {}).get(entry_id, held)
        st.session_state.pop("contest", None)
    with st.container(border=True, key="entry"):
        st.subheader(as_markdown(held.firm.name), anchor=False)
        if "contest" in st.session_state:
            outcome, mine = st.session_state["contest"]
            _draw_contest(db, outcome, mine, person)
            return
        _draw_news(db, base)
        if not person.name:
            st.caption(session.word("entry.need.person"))
        _draw_form(db, base, person)
        _draw_removal(db, base, person)


@st.fragment(run_every=NEWS_SECONDS)
def _draw_news(db: Engine, base: Entry) -> None:
    """Say what others changed since the entry was opened, while the person still writes."""
    check_still_admitted()
    session = current()
    try:
        held = shortlist.entry(db, base.id, person_now())
    except DataError as error:
        st.warning(as_markdown(str(error)), icon=":material/warning:")
        return
    if held.version == base.version:
        return
    theirs = {name: (getattr(base, name), getattr(held, name)) for name in ENTRY_FIELDS}
    progress = _changes({name: pair for name, pair in theirs.items() if pair[0] != pair[1]})
    who, when = as_markdown(held.changed_by), held.changed.replace("T", " ")[:16]
    st.info(session.word("entry.newer", who=who, when=when, theirs=progress), icon=":material/group:")
    draft = base.id in st.session_state.get("drafts", {})  # saving merges both; reading anew would lose it
    if not draft and st.button(session.word("entry.refresh"), icon=":material/refresh:", key="entry_refresh"):
        _forget(base.id)
        st.rerun()


def value_in_words(session: Session, name: str, value: Any) -> str:
    """A field's value as a user calls it."""
    if name == "stage" and value in FOLLOW_UP_STAGES:
        return session.pick(FOLLOW_UP_STAGES[value])
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return text or session.word("entry.nothing")


def _draw_form(db: Engine, base: Entry, person: Person) -> None:
    """Draw the fields; what is written is kept as a draft until it is saved or discarded."""
    session = current()
    own = f"{base.id}_{base.version}"  # saved values are drawn afresh

    def field(widget: Callable[..., Any], name: str, value: Any, **more: Any) -> Any:
        if name in MAX_FIELD_CHARACTERS:
            more["max_chars"] = MAX_FIELD_CHARACTERS[name]
        key = f"entry_{name}_{own}"
        return widget(session.word(f"shortlist.{name}"), value, key=key, persist_state="session", **more)

    with st.container(key="entry_fields"):
        with st.container(horizontal=True):
            stage = st.selectbox(
                session.word("shortlist.stage"),
                list(FOLLOW_UP_STAGES),
                list(FOLLOW_UP_STAGES).index(base.stage),
                format_func=lambda code: session.pick(FOLLOW_UP_STAGES[code]),
                key=f"entry_stage_{own}",
                persist_state="session",
            )
            due = field(st.date_input, "due", base.due, format="YYYY-MM-DD", max_value=None)
            owner = field(st.text_input, "owner", base.owner)
        step = field(st.text_input, "next_step", base.next_step)
        notes = field(st.text_area, "notes", base.notes)
    wanted = {"stage": stage, "due": due, "owner": owner, "next_step": step, "notes": notes}
    mine = {name: value for name, value in wanted.items() if value != getattr(base, name)}
    drafts = st.session_state.setdefault("drafts", {})
    drafts.pop(base.id, None)
    if mine:
        drafts[base.id] = base
        st.caption(
            session.word("entry.draft", fields=session.listing(session.word(f"shortlist.{name}") for name in mine))
        )
    with st.container(horizontal=True):
        save = st.button(
            session.word("entry.save"),
            type="primary",
            disabled=not (person.name and person.may("follow")),
            key="entry_save",
        )
        if mine:
            st.button(session.word("entry.discard"), key="entry_drop", on_click=_drop, args=[base])
    if save:
        _save(db, base, mine, person)
        st.rerun()


def _draw_contest(db: Engine, outcome: Outcome, mine: Mapping[str, Any], person: Person) -> None:
    """Show both values of every field that two people changed, and let the person choose."""
    session = current()
    who = as_markdown(outcome.entry.changed_by)
    st.warning(session.word("entry.contested", who=who), icon=":material/call_split:")
    chosen = dict(mine)
    for name, (own, theirs) in outcome.contested.items():
        sides = {
            "mine": session.word("entry.mine", value=as_markdown(value_in_words(session, name, own))),
            "theirs": session.word("entry.theirs", who=who, value=as_markdown(value_in_words(session, name, theirs))),
        }
        kept = st.radio(
            session.word(f"shortlist.{name}"), list(sides), format_func=sides.__getitem__, key=f"contest_{name}"
        )
        if kept == "theirs":
            chosen[name] = theirs
    with st.container(horizontal=True):
        if st.button(session.word("entry.settle"), type="primary", key="entry_settle"):
            _save(db, outcome.entry, chosen, person)
            st.rerun()
        if st.button(session.word("entry.discard"), key="entry_discard"):
            _forget(outcome.entry.id)
            st.rerun()


def _draw_removal(db: Engine, base: Entry, person: Person) -> None:
    session = current()
    with st.popover(
        session.word("entry.remove"), icon=":material/delete:", disabled=not (person.name and person.may("follow"))
    ):
        st.write(session.word("entry.remove.ask", name=as_markdown(base.firm.name)))
        if st.button(session.word("entry.remove"), type="primary", key="entry_remove"):
            try:
                shortlist.remove(db, base, person)
                say("entry.removed", name=as_markdown(base.firm.name))
                can_be_undone("entry", base.firm.name, partial(_put_back, db, base))
            except DataError as error:
                say("entry.failed", reason=as_markdown(str(error)))
            _forget(base.id)
            st.rerun()


def _put_back(db: Engine, entry: Entry) -> None:
    shortlist.restore(db, entry, person_now())
    say("entry.restored", name=as_markdown(entry.firm.name))


def _save(db: Engine, base: Entry, mine: Mapping[str, Any], person: Person) -> None:
    """Save what the person changed, or keep what is contested for the person to choose."""
    try:
        outcome = shortlist.change(db, base, mine, person)
    except DataError as error:
        say("entry.failed", reason=as_markdown(str(error)))
        return
    if outcome.contested:
        st.session_state["contest"] = (outcome, dict(mine))
        for name in outcome.contested:
            st.session_state.pop(f"contest_{name}", None)
        return
    name = as_markdown(outcome.entry.firm.name)
    if outcome.theirs:
        say("entry.merged", name=name, theirs=_changes(outcome.theirs))
    else:
        say("entry.saved", name=name)
    _forget(base.id)


def _forget(entry_id: int) -> None:
    """Open an entry afresh at the next run."""
    state = st.session_state
    state.pop("entry_base", None)
    state.pop("contest", None)
    state.setdefault("drafts", {}).pop(entry_id, None)


def _drop(base: Entry) -> None:
    """Take back what was written and not saved."""
    for name in ENTRY_FIELDS:
        st.session_state[f"entry_{name}_{base.id}_{base.version}"] = getattr(base, name)
    _forget(base.id)


def _changes(theirs: Mapping[str, tuple[Any, Any]]) -> str:
    """What others changed, in words: field, before → now."""
    session = current()
    parts = [
        f"{session.word(f'shortlist.{name}')} {value_in_words(session, name, before)} → {value_in_words(session, name, after)}"
        for name, (before, after) in theirs.items()
    ]
    return as_markdown(("；" if session.lang == "zh" else "; ").join(parts))
