"""Picking an enterprise for the shortlist: from its card, from the table, or by a link in the map."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from app.cache import LruCache
from app.i18n import as_markdown
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey, enterprise_key, positions_in
from app.records.location import nothing_kept
from app.records.shortlist import FOLLOW_UP_STAGES, Entry
from app.server.datasets import served
from app.ui.choice import distinct_names
from app.ui.person import choose_person, keep_person, person_now
from app.ui.session import current
from geo.datasets.dataset import Dataset
from geo.errors import DataError

_rows: Final[LruCache[tuple[str, tuple[str, ...]], tuple[int, ...]]] = LruCache(8)

MAX_OFFERED_ENTERPRISES: Final = 1000
"""Enterprises of a selection up to which they are offered by name."""


def draw_follow(row: pd.Series, data: Dataset | None = None, *, ask: bool = True) -> None:
    """Draw the button that puts an enterprise on the person's list, and who follows it already.

    Parameters
    ----------
    row : Series
        The enterprise, canonical columns.
    data : Dataset, optional
        The set that holds it; the open one when not given.
    ask : bool
        Whether to ask who the person is, where nobody is known; not where the page has asked already.
    """
    session = current()
    firm = _firm(row, data or session.data)
    try:
        db = open_database()
        held = shortlist.followers(db, firm, person_now())
    except DataError as error:
        st.caption(as_markdown(str(error)))
        return
    with st.container(key="follow"):
        if ask:
            keep_person()
            draw_said()
        person = person_now()
        own = next((entry for entry in held if entry.owner == person.name), None)
        others = [entry for entry in held if entry is not own]
        if others:
            st.warning(session.word("follow.others", others=_described(others)), icon=":material/group:")
        if own:
            st.success(
                session.word("follow.own", stage=session.pick(FOLLOW_UP_STAGES[own.stage])), icon=":material/check:"
            )
            return
        if not person.name and ask and not person.proven:
            with st.popover(session.word("follow.add"), icon=":material/bookmark_add:"):
                choose_person(db)
            return
        if not person.name:
            st.caption(session.word("entry.need.person"))
        st.button(
            session.word("follow.anyway" if others else "follow.add"),
            on_click=_add,
            args=[[firm], bool(others)],
            disabled=not (person.name and person.may("follow")),
            icon=":material/bookmark_add:",
            key="follow_add",
        )


def followed_rows(data: Dataset) -> tuple[int, ...]:
    """Rows of a set whose enterprises somebody follows; none where the records cannot be read, as their page says."""
    if nothing_kept():
        return ()
    try:
        firms = tuple(entry.firm for entry in shortlist.entries(open_database(), person_now()))
    except DataError:
        return ()
    keys = tuple(sorted({firm.key for firm in firms}))
    return _rows.get_or_make((data.fingerprint, keys), lambda: _rows_of(data, firms)) if firms else ()


def _rows_of(data: Dataset, firms: Sequence[EnterpriseKey]) -> tuple[int, ...]:
    rows = positions_in(data, firms)
    return tuple(np.unique(rows[rows >= 0]).tolist())


def draw_wanted() -> None:
    """Ask whether the enterprise that a link names is to be followed."""
    session = current()
    wanted = st.session_state.get("wanted")
    if not wanted:
        return
    enterprise_id, dataset_id = wanted
    data = _dataset(dataset_id)
    with st.container(border=True, key="wanted"):
        (position,) = data.positions([enterprise_id])
        if position < 0:
            st.warning(session.word("follow.unknown", id=as_markdown(enterprise_id[:40])), icon=":material/help:")
        else:
            row = data.enterprises.iloc[position]
            place = " · ".join(
                filter(None, [str(row["district"]), str(row["park"] or row["town"]), str(row["address"])])
            )
            st.markdown(session.word("follow.ask", name=as_markdown(str(row["name"]))))
            st.caption(as_markdown(place))
            draw_follow(row, data, ask=False)
        st.button(session.word("follow.dismiss"), on_click=_dismiss, icon=":material/close:", key="wanted_dismiss")


def draw_pick(db: Engine) -> None:
    """Let the person pick enterprises of the selection by name."""
    session = current()
    total = session.total
    title = session.word("follow.pick", n=f"{total:,}")
    with st.container(key="pick_box"), st.expander(title, icon=":material/playlist_add:"):
        if not total:
            st.caption(session.word("map.empty"))
            return
        if total > MAX_OFFERED_ENTERPRISES:
            st.caption(session.word("follow.pick.many", n=f"{MAX_OFFERED_ENTERPRISES:,}"))
            return
        rows = session.selected
        names = distinct_names(rows)
        chosen = st.multiselect(
            session.word("follow.pick.names"),
            list(names),
            format_func=lambda enterprise_id: names.get(enterprise_id, enterprise_id),
            key="pick",
            placeholder=session.word("follow.pick.placeholder"),
        )
        firms = [
            _firm(rows.loc[enterprise_id], session.data) for enterprise_id in chosen if enterprise_id in rows.index
        ]
        _offer_add(db, firms, "pick_add")


def draw_follow_many(rows: pd.DataFrame) -> None:
    """Draw the button that puts several enterprises, picked in a table of the open set, on the person's list.

    Who the person is asks the card beside the table.
    """
    session = current()
    firms = [_firm(row, session.data) for _, row in rows.iterrows()]
    with st.container(horizontal=True, vertical_alignment="center", key="follow_many"):
        try:
            _offer_add(open_database(), firms, "many_add")
        except DataError as error:
            st.caption(as_markdown(str(error)))


def _offer_add(db: Engine, firms: Sequence[EnterpriseKey], key: str) -> None:
    """Offer to add enterprises; who follows one of them already is said before."""
    session = current()
    person = person_now()
    if not person.name:
        st.caption(session.word("entry.need.person"))
    others = [one for firm in firms for one in shortlist.followers(db, firm, person_now()) if one.owner != person.name]
    if others:
        st.warning(session.word("follow.others.many", others=_described(others, named=True)), icon=":material/group:")
    st.button(
        session.word("follow.pick.add", n=len(firms)),
        on_click=_add,
        args=[firms, bool(others)],
        disabled=not (firms and person.name and person.may("follow")),
        icon=":material/bookmark_add:",
        key=key,
    )


def say(key: str, **values: object) -> None:
    """Keep a sentence for the run that follows a button."""
    st.session_state.setdefault("said", []).append((key, values))


def draw_said() -> None:
    """Draw the sentences kept by the buttons of the last run, once."""
    session = current()
    for key, values in st.session_state.pop("said", []):
        text = session.word(key, **values)
        if key.endswith((".failed", ".waits")):
            st.warning(text, icon=":material/warning:")
        else:
            st.success(text, icon=":material/check:")


def _add(firms: Sequence[EnterpriseKey], aware: bool) -> None:
    """Add, and say what became of it; somebody who came first in this very moment is told of instead."""
    try:
        results = shortlist.add(open_database(), firms, person_now(), aware=aware)
    except DataError as error:
        say("follow.failed", reason=as_markdown(str(error)))
        return
    new = sum(result.new for result in results)
    waiting = [other for result in results if result.entry is None for other in result.others]
    if new:
        say("follow.added", n=new, names=as_markdown(current().listing(firm.name for firm in firms[:3])))
    if waiting:
        say("follow.waits", others=_described(waiting, named=True))
    if not waiting:
        st.session_state["pick"] = []
        st.session_state.pop("wanted", None)


def _dismiss() -> None:
    st.session_state.pop("wanted", None)


def _firm(row: pd.Series, data: Dataset) -> EnterpriseKey:
    return enterprise_key(row, data.title, synthetic=data.synthetic, dataset=data.key)


def _dataset(dataset_id: str) -> Dataset:
    """The set that a link names, the open one when this server has it no more."""
    try:
        return served(dataset_id, person_now()) if dataset_id else current().data
    except (KeyError, DataError):
        return current().data


def _described(entries: Sequence[Entry], *, named: bool = False) -> str:
    """Who follows, how far they are and what is next."""
    session = current()
    parts = []
    for entry in entries[:8]:
        stage = session.pick(FOLLOW_UP_STAGES[entry.stage])
        due = entry.due.isoformat() if entry.due else ""
        facts = ", ".join(filter(None, [stage, due]))
        firm = f"{entry.firm.name} " if named else ""
        parts.append(
            as_markdown(f"{firm}{entry.owner}（{facts}）" if session.lang == "zh" else f"{firm}{entry.owner} ({facts})")
        )
    return session.listing(parts)
