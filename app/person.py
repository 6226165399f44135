"""Who sits in front of the page: the name that a trusted proxy sends, else one that the person chooses."""

from __future__ import annotations

from typing import Final

import streamlit as st
from sqlalchemy import Engine

from app.records import shortlist
from app.records.people import Person, header_name, person_of
from app.session import current
from app.text import as_markdown

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


def person_now() -> Person:
    """The person as known at this moment; the name is empty when nobody is."""
    return person_of(st.context.headers, st.session_state.get("person_name", ""), header_name())


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
    _take_from_browser()
    known = sorted({entry.owner for entry in shortlist.entries(db)} | ({person.name} if person.name else set()))
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
    forget = bool(st.session_state.get("person_name")) and not chosen
    st.session_state["person_name"] = chosen or ""  # the widget's own is forgotten while another page is open
    person = person_now()
    _KEEPER(key="person_keeper", data={"name": person.name, "forget": forget}, on_kept_change=lambda: None, height=1)
    return person


def _take_from_browser() -> None:
    """Take the name that this browser kept, once in a session."""
    kept = st.session_state.get("person_keeper", {}).get("kept", "")
    if kept and "person_taken" not in st.session_state:
        st.session_state["person_taken"] = True
        if not st.session_state.get("person_name"):
            st.session_state["person_name"] = st.session_state["person"] = person_of({}, str(kept), "").name
