"""Who sits in front of the page: the name that a trusted proxy sends, else one that the person chooses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Final

import streamlit as st
from sqlalchemy import Engine

from app.i18n import as_markdown
from app.records import shortlist
from app.records.people import person_of
from app.records.permissions import Person
from app.records.visibility import may_see
from app.server.sign_in import person_asking
from app.settings import people_sign_in
from app.ui.session import current

_KEEPER: Final = st.components.v2.component(
    "explorer_person",
    js="""
    // The name stays in this browser and goes nowhere else; no cookie, nothing in the address.
    export default function (component) {
      const { data, setStateValue } = component;
      try {
        if (data.name) localStorage.setItem("explorer.person", data.name);
        else if (data.forget) localStorage.removeItem("explorer.person");
        else {
          const kept = localStorage.getItem("explorer.person");
          if (kept) setStateValue("kept", kept);
        }
      } catch (error) { /* a browser that keeps nothing asks again */ }
    }
    """,
)


_HELD_PERSON: Final[ContextVar[Person]] = ContextVar("held_person")


def person_now() -> Person:
    """The person as known at this moment; the name is empty when nobody is, the role `NO_ROLE` for who has to sign in.

    Raises
    ------
    DataError
        When people sign in and what is known of them cannot be read.
    """
    return _HELD_PERSON.get(None) or person_later()()


def person_later() -> Callable[[], Person]:
    """What tells who the person is at a later moment, when Streamlit knows of no session any more.

    The browser is the one of now; role, groups and whether it is still signed in are those of the moment of asking.
    """
    headers, cookies = dict(st.context.headers), dict(st.context.cookies)
    return partial(person_asking, headers, cookies, st.session_state.get("person_name", ""))


@contextmanager
def hold_person(person: Person) -> Iterator[None]:
    """Be a person where Streamlit knows none, as `app.ui.session.hold` does of the session."""
    token = _HELD_PERSON.set(person)
    try:
        yield
    finally:
        _HELD_PERSON.reset(token)


def check_still_admitted() -> None:
    """Draw the whole page anew, which then says what is so, where the person may no longer see what stands on it.

    Parts of a page that run alone (fragments and dialogs) begin with it: nothing else asks for them who it is.
    """
    if people_sign_in() and not may_see(person_now(), current().data.key):
        st.rerun(scope="app")


def choose_person(db: Engine) -> Person:
    """Say who the person is, or let the person choose a name; with a plain word on what the name is worth."""
    session = current()
    person = person_now()
    if person.proven:
        if person.name:
            st.caption(session.word("person.proven", name=as_markdown(person.name)))
        else:
            st.warning(session.word("person.proxy.silent"), icon=":material/no_accounts:")
        return person
    known = sorted({entry.owner for entry in shortlist.entries(db, person)} | ({person.name} if person.name else set()))
    st.session_state.setdefault("person", st.session_state.get("person_name") or None)
    with st.container(horizontal=True, vertical_alignment="bottom", key="person_row"):
        chosen = st.selectbox(
            session.word("person.choose"),
            known,
            key="person",
            placeholder=session.word("person.placeholder"),
            accept_new_options=True,
            width=280,
            help=session.word("person.help"),
        )
        st.caption(session.word("person.unproven"))
    st.session_state["person_name"] = chosen or ""  # the widget's own is forgotten while another page is open
    return person_now()


def keep_person() -> None:
    """Let this browser keep the name and give it back after a reload; once in a run, before the name is asked for."""
    if people_sign_in():
        return
    state = st.session_state
    before = state.get("person_name", "")
    if "person" in state:
        state["person_name"] = state["person"] or ""
    kept = state.get("person_keeper", {}).get("kept", "")
    if kept and "person_taken" not in state:
        state["person_taken"] = True
        if not state.get("person_name"):
            state["person_name"] = state["person"] = person_of({}, str(kept), "").name
    name = state.get("person_name", "")
    _KEEPER(
        key="person_keeper",
        data={"name": name, "forget": bool(before) and not name},
        on_kept_change=lambda: None,
        height=1,
    )
