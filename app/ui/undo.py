"""Undoing a removal: what was removed last can be put back for a while, where it stood."""

import time
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from app.i18n import as_markdown
from app.records.datasets import UNDO_SECONDS
from app.ui.session import current
from geo.errors import DataError


class Removal(NamedTuple):
    """What was removed, as people call it, and when [s of `time.monotonic`]; `put_back` undoes it."""

    name: str
    put_back: Callable[[], object]
    removed: float


def can_be_undone(kind: str, name: str, put_back: Callable[[], object]) -> None:
    """Note that something of a kind was removed; only the last one of each kind can be put back.

    Parameters
    ----------
    kind : str
        Names the button, ``{kind}_undo``.
    name : str
        Of what was removed, as people call it.
    put_back : callable
        Undoes the removal; its `DataError` is said to the user.
    """
    st.session_state[f"removed_{kind}"] = Removal(name, put_back, time.monotonic())


def draw_undo(kind: str, key: str = "undo.label") -> None:
    """Offer for some minutes to put back what was removed last, and say once what became of it.

    Parameters
    ----------
    kind : str
        As for `can_be_undone`.
    key : str
        Key of the message on the button, with `name` and `n` minutes.
    """
    session, state = current(), st.session_state
    failed = state.pop(f"undo_failed_{kind}", "")
    if failed:
        st.error(as_markdown(failed), icon=":material/error:")
    removal: Removal | None = state.get(f"removed_{kind}")
    if removal is None or time.monotonic() - removal.removed > UNDO_SECONDS:
        state.pop(f"removed_{kind}", None)
        return
    st.button(
        session.word(key, name=as_markdown(removal.name), n=UNDO_SECONDS // 60),
        icon=":material/undo:",
        key=f"{kind}_undo",
        on_click=_undo,
        args=[kind, removal],
    )


def _undo(kind: str, removal: Removal) -> None:
    st.session_state.pop(f"removed_{kind}", None)
    try:
        removal.put_back()
    except DataError as error:
        st.session_state[f"undo_failed_{kind}"] = str(error)
