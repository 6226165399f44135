"""Who may know of a dataset: asked at the import, and changed by its owner or an administrator."""

from typing import Final

import streamlit as st

from app.i18n import as_markdown
from app.records.database import open_database
from app.records.datasets import change_rights
from app.settings import people_sign_in
from app.ui.person import person_now
from app.ui.session import current
from geo.datasets.rights import OF_GROUPS, SEEN_BY, DatasetRights
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError

_ICONS: Final = {"all": "public", "groups": "groups", "private": "lock"}


def ask_rights(key: str, held: DatasetRights) -> DatasetRights | None:
    """Ask who may know of a dataset; None where nobody signs in: then everybody may."""
    if not people_sign_in():
        return None
    session = current()
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_rights"):
        seen_by = st.segmented_control(
            session.word("rights.seen_by"),
            SEEN_BY,
            default=held.seen_by,
            format_func=lambda one: _say(one, held.owner),
            key=f"{key}_seen_by",
            required=True,
            help=session.word("rights.help"),
        )
        groups: list[str] = []
        if seen_by == OF_GROUPS:
            own = sorted({*person_now().groups, *held.groups})
            groups = st.multiselect(
                session.word("rights.which"),
                own,
                default=[one for one in held.groups if one in own],
                accept_new_options=True,
                max_selections=20,
                key=f"{key}_groups",
                placeholder=session.word("rights.which.placeholder"),
            )
    return DatasetRights(held.owner, seen_by or held.seen_by, tuple(groups) if seen_by == OF_GROUPS else ())


def _say(seen_by: str, owner: str) -> str:
    """Who may know of a dataset, to the person in front of the page: its owner may be somebody else."""
    of_another = seen_by == "private" and owner not in ("", person_now().account)
    return current().word("rights.private.other" if of_another else f"rights.{seen_by}")


def offer_rights(entry: ImportedDataset) -> None:
    """Say who may know of a dataset, to those who may change it with the means to; nothing where nobody signs in."""
    if not people_sign_in():
        return
    person, rights = person_now(), entry.rights
    label = _say(rights.seen_by, rights.owner)
    icon = f":material/{_ICONS[rights.seen_by]}:"
    if not person.owns(rights):
        st.caption(f"{icon} {label}")
        return
    with st.popover(label, icon=icon, key=f"rights_{entry.key}"):
        wanted = ask_rights(f"rights_{entry.key}", rights)
        if st.button(current().word("rights.keep"), key=f"rights_keep_{entry.key}", disabled=wanted in (None, rights)):
            try:
                change_rights(open_database(), entry, wanted or rights, person)
            except DataError as error:
                st.error(as_markdown(str(error)), icon=":material/error:")
                return
            st.rerun()
