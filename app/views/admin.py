"""Administration: who may what, version and configuration; for administrators alone."""

import os
import sys
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.log import record_event
from app.records.accounts import Account, give, list_accounts
from app.records.database import open_database
from app.records.permissions import PERMISSIONS, ROLES, default_role
from app.settings import Settings, people_sign_in
from app.ui.person import person_now
from app.ui.session import current
from geo.errors import DataError
from geo.installation import NAME, VARIABLES, version, workspace_dir

_SECRET: Final = ("EXPLORER_TIANDITU_KEY",)
"""Variables of which only is said that they are set."""

NEW_ACCOUNT: Final = ""


def draw_people() -> None:
    """Draw who has signed in or was given a role, and let a role and groups be given."""
    session = current()
    st.subheader(session.word("admin.people"), anchor=False)
    if not people_sign_in():
        st.info(session.word("admin.nobody_signs_in"), icon=":material/info:")
        return
    accounts = list_accounts()
    default = ROLES[default_role(Settings.from_environment())].of(session.lang)
    st.write(session.word("admin.people.lead", role=default))
    columns = {
        "admin.name": [one.name for one in accounts],
        "admin.account": [one.account for one in accounts],
        "admin.role": [
            ROLES[one.role].of(session.lang)
            if one.role in ROLES
            else session.word("admin.role.not_given", role=default)
            for one in accounts
        ],
        "rights.which": [session.listing(one.groups) for one in accounts],
        "admin.first_seen": [one.first_seen.replace("T", " ")[:16] for one in accounts],
    }
    table = pd.DataFrame({session.word(label): values for label, values in columns.items()})
    st.dataframe(table, hide_index=True, key="accounts", height="content" if len(table) < 15 else 420)
    draw_giving({one.account: one for one in accounts})
    with st.expander(session.word("admin.rule"), icon=":material/rule:"):
        st.table(
            pd.DataFrame(
                {
                    session.word("admin.role"): [ROLES[one.role].of(session.lang) for one in PERMISSIONS.values()],
                    session.word("admin.may"): [one.label.of(session.lang) for one in PERMISSIONS.values()],
                }
            ).set_index(session.word("admin.role"))
        )


def draw_giving(accounts: dict[str, Account]) -> None:
    """Let the administrator choose somebody, a role and groups, and give them."""
    session = current()
    said = st.session_state.pop("admin_said", "")
    if said:
        st.success(said, icon=":material/check:")
    names = {key: f"{one.name} · {key}" if one.name != key else key for key, one in accounts.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="giving"):
        account = st.selectbox(
            session.word("admin.who"),
            list(names),
            index=None,
            format_func=lambda key: names.get(key, key),
            accept_new_options=True,
            key="admin_who",
            placeholder=session.word("admin.who.placeholder"),
            width=320,
        )
        held = accounts.get(account or NEW_ACCOUNT)
        roles = {"": session.word("admin.role.default")} | {role: name.of(session.lang) for role, name in ROLES.items()}
        role = st.selectbox(
            session.word("admin.role"),
            list(roles),
            index=list(roles).index(held.role if held and held.role in roles else ""),
            format_func=roles.__getitem__,
            key=f"admin_role_{account}",
            width=200,
        )
        known = sorted({group for one in accounts.values() for group in one.groups} | person_now().groups)
        groups = st.multiselect(
            session.word("rights.which"),
            known,
            default=held.groups if held else [],
            accept_new_options=True,
            key=f"admin_groups_{account}",
            placeholder=session.word("rights.which.placeholder"),
            width=320,
        )
        pressed = st.button(session.word("rights.keep"), type="primary", disabled=not account, key="admin_give")
    if pressed and account:
        person = person_now()
        try:
            given = give(open_database(), account, role, groups, person)
        except DataError as error:
            st.error(as_markdown(str(error)), icon=":material/error:")
            return
        record_event("role", person.name, account=given.name, role=role)
        st.session_state["admin_said"] = session.word("admin.given", name=as_markdown(given.name), role=roles[role])
        st.rerun()


def draw_installation() -> None:
    """Draw version and configuration; of secrets only that they are set."""
    session = current()
    st.subheader(session.word("admin.installation"), anchor=False)
    settings = Settings.from_environment()
    known_by = "sign_in" if settings.sign_in else "header" if settings.user_header else "nobody"
    facts = {
        session.word("admin.version"): f"{NAME} {version()}, Python {sys.version.split()[0]}",
        session.word("admin.known_by"): session.word(f"admin.known_by.{known_by}"),
        session.word("admin.workspace"): str(workspace_dir().absolute()),
        session.word("admin.database"): _database(),
    }
    said = {name: _said(name) for name in VARIABLES}
    table = pd.DataFrame({"name": [*facts, *said], "value": [*facts.values(), *said.values()]})
    table.columns = [session.word("admin.setting"), session.word("admin.value")]
    st.dataframe(table, hide_index=True, key="configuration", height="content")


def _database() -> str:
    try:
        url = open_database().url
    except DataError as error:
        return str(error)
    return Path(url.database or "").name if url.get_backend_name() == "sqlite" else url.render_as_string()


def _said(name: str) -> str:
    """What a variable says: nothing of a secret, and of a database's address no password."""
    value = os.environ.get(name, "")
    if not value:
        return "–"
    return "•••" if name in _SECRET or name == "EXPLORER_DATABASE" else value


def draw() -> None:
    """Draw the page."""
    session = current()
    if not person_now().may("administer"):
        st.error(session.word("admin.refused"), icon=":material/no_accounts:")
        return
    try:
        draw_people()
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
    if people_sign_in() or not Settings.from_environment().open:  # else everybody is an administrator
        draw_installation()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
