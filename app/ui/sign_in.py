"""Signing in and out on the pages."""

import streamlit as st

from app.i18n import as_markdown, word
from app.records.permissions import ROLES
from app.settings import Settings, people_sign_in
from app.ui.page import PAGES, Page
from geo.errors import DataError


def admit(lang: str) -> bool:
    """Whether who sits in front of the page may see it; draws the way in for who may not.

    Where nobody signs in everybody may, and nothing is looked up.
    """
    if not people_sign_in():
        return True
    from app.records.accounts import note_account  # here: the first map does not wait for a database it does not need
    from app.ui.person import person_now

    try:
        person = person_now()
        note_account(person)
    except DataError as error:
        st.error(f"{word('person.unread', lang)}\n\n{as_markdown(str(error))}", icon=":material/error:")
        return False
    if person.may("read"):
        return True
    with st.container(key="sign_in", width=480, horizontal_alignment="left"):
        st.title(word("app.title", lang), anchor=False)
        if person.name:
            st.warning(word("person.not_admitted", lang, name=as_markdown(person.name)), icon=":material/no_accounts:")
            _offer_sign_out(lang)
        elif not Settings.from_environment().sign_in:
            st.warning(word("person.proxy.closed", lang), icon=":material/no_accounts:")
        else:
            st.write(word("person.sign_in.lead", lang))
            st.button(
                word("person.sign_in", lang),
                on_click=st.login,
                type="primary",
                icon=":material/login:",
                key="sign_in_button",
            )
    return False


def pages_for_now() -> list[Page]:
    """The pages that are there for who sits in front of them."""
    if not people_sign_in():
        return PAGES
    from app.ui.person import person_now

    person = person_now()
    return [page for page in PAGES if person.may(page.action)]


def draw_person(lang: str) -> None:
    """Who is signed in and as what, with the way out; nothing where nobody signs in."""
    if not Settings.from_environment().sign_in:
        return
    from app.ui.person import person_now

    person = person_now()
    with st.container(horizontal=True, vertical_alignment="center", key="signed_in"):
        st.caption(f"{as_markdown(person.name)} · {ROLES[person.role].of(lang)}", width="stretch")
        _offer_sign_out(lang)


def _offer_sign_out(lang: str) -> None:
    st.button(
        word("person.sign_out", lang), on_click=st.logout, type="tertiary", icon=":material/logout:", key="sign_out"
    )
