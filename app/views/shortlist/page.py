"""Shortlist: who follows which enterprise, what is next, the sheet for a visit, and the log."""

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from app.i18n import as_markdown
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import positions_in
from app.records.shortlist import FOLLOW_UP_STAGES, Entry
from app.ui.address import bind, option_of
from app.ui.choice import choose, distinct, switch
from app.ui.download import offer_file, offer_packet
from app.ui.follow import draw_pick, draw_said, draw_wanted
from app.ui.person import choose_person, keep_person, person_now
from app.ui.roads import choose_roads
from app.ui.session import Session, current
from app.ui.undo import draw_undo
from app.views.shortlist.entry import draw_entry, value_in_words
from app.views.shortlist.log import draw_log
from app.views.shortlist.pipeline import draw_pipeline
from app.views.shortlist.visit import MAX_DRIVEN_STOPS, MAX_STOPS, count_stops, plan_visit, visit_html, visit_xlsx
from geo.errors import DataError
from geo.filters.filters import options


def choose_entries(entries: list[Entry]) -> tuple[list[Entry], str]:
    """Let the person narrow the list; second, what remains in words."""
    session = current()
    today = date.today()
    with st.container(horizontal=True, vertical_alignment="bottom", key="shortlist_filters"):
        nothing: dict[str, Any] = {"default": [], "placeholder": session.word("shortlist.all")}
        stages = choose(
            st.multiselect, "shortlist_stage", session.names(FOLLOW_UP_STAGES), "shortlist.stage", **nothing
        )
        everyone = sorted({entry.owner for entry in entries})
        owners = choose(st.multiselect, "shortlist_owner", everyone, "shortlist.owner", **nothing)
        late = switch("shortlist_overdue", "shortlist.overdue.only")
        within = switch("shortlist_within", "shortlist.within")
    shown = [
        entry
        for entry in entries
        if (not stages or entry.stage in stages)
        and (not owners or entry.owner in owners)
        and (not late or entry.overdue(today))
    ]
    if within:
        places = positions_in(session.data, [entry.firm for entry in shown])
        shown = [entry for entry, place in zip(shown, places, strict=True) if place >= 0 and session.mask[place]]
    words = [session.word("nav.shortlist"), *(session.pick(FOLLOW_UP_STAGES[code]) for code in stages), *owners]
    words += [session.word("shortlist.overdue.only")] * late
    words += [session.sentence] * within
    count = f"{len(shown):,}" + session.pick((" 条", " entries"))
    return shown, " · ".join([*words, count])


def table_of(entries: list[Entry]) -> pd.DataFrame:
    """The list as a table with the user's headers."""
    session = current()
    districts = options("district")

    def district(entry: Entry) -> str:
        facts = entry.firm.facts
        named = districts.get(str(facts.get("adcode", "")))
        return session.pick(named) if named else str(facts.get("district", ""))

    def origin(entry: Entry) -> str:
        title = entry.firm.set_title
        return session.word("shortlist.synthetic", set=title) if entry.firm.facts.get("synthetic") else title

    columns = {
        "name": [entry.firm.name for entry in entries],
        "stage": [value_in_words(session, "stage", entry.stage) for entry in entries],
        "next_step": [entry.next_step for entry in entries],
        "due": pd.Series([entry.due for entry in entries], dtype="datetime64[ns]"),
        "overdue": [days_late(entry) for entry in entries],
        "owner": [entry.owner for entry in entries],
        "district": [district(entry) for entry in entries],
        "notes": [entry.notes for entry in entries],
        "set": [origin(entry) for entry in entries],
        "changed": [f"{entry.changed.replace('T', ' ')[:16]} {entry.changed_by}" for entry in entries],
    }
    named = {"name": "column.enterprise", "district": "filter.district"}
    return pd.DataFrame(columns).rename(
        columns={name: session.word(named.get(name, f"shortlist.{name}")) for name in columns}
    )


def days_late(entry: Entry) -> str:
    """How long an entry has been overdue, in words; empty when it is not."""
    session = current()
    today = date.today()
    if entry.due is None or not entry.overdue(today):
        return ""
    return session.word("shortlist.days", n=(today - entry.due).days)


def draw_list(entries: list[Entry]) -> int | None:
    """Draw the list, and let the person choose an entry: by its name, or by a row of the table."""
    session = current()
    ids = [entry.id for entry in entries]

    def take_row() -> None:
        rows = st.session_state["shortlist_table"]["selection"]["rows"]
        if rows and rows[0] < len(ids):
            st.session_state["entry_id"] = ids[rows[0]]

    st.dataframe(
        table_of(entries),
        hide_index=True,
        key="shortlist_table",
        on_select=take_row,
        selection_mode="single-row",
        placeholder="",
        height="auto" if len(entries) < 10 else 380,
        column_config={session.word("shortlist.due"): st.column_config.DateColumn(format="YYYY-MM-DD")},
    )
    _offer_drafts(entries)
    names = distinct(
        {entry.id: f"{entry.firm.name} · {entry.owner}" for entry in entries},
        {entry.id: entry.firm.uscc or str(entry.firm.facts.get("address", "")) for entry in entries},
    )
    bind("entry_id", None, option_of(ids))
    if st.session_state.get("entry_id") not in names:
        st.session_state["entry_id"] = None
    return st.selectbox(
        session.word("shortlist.entry"),
        ids,
        format_func=lambda entry_id: names.get(entry_id, ""),
        key="entry_id",
        persist_state="session",
        placeholder=session.word("shortlist.entry.placeholder"),
    )


def _offer_drafts(entries: list[Entry]) -> None:
    """Offer what was written and not saved of an entry that is not open."""
    session, state = current(), st.session_state
    drafts = state.get("drafts", {})
    with st.container(horizontal=True, key="drafts"):
        for entry in entries:
            if entry.id in drafts and entry.id != state.get("entry_id"):
                st.button(
                    session.word("shortlist.draft", name=as_markdown(entry.firm.name)),
                    icon=":material/edit_note:",
                    key=f"draft_{entry.id}",
                    on_click=partial(state.__setitem__, "entry_id", entry.id),
                )


def draw_visit(entries: list[Entry], sentence: str) -> None:
    """Offer the visit sheet of the list as shown."""
    session = current()
    today = date.today()
    st.subheader(session.word("visit.title"), anchor=False)
    if len(entries) > MAX_STOPS:
        st.caption(session.word("visit.many", n=MAX_STOPS))
        return
    st.caption(session.word("visit.lead", n=len(entries)))
    roads = choose_roads("visit_by")
    if roads and len(entries) > MAX_DRIVEN_STOPS and count_stops(entries, session.data) > MAX_DRIVEN_STOPS:
        st.caption(session.word("visit.driven.many", n=MAX_DRIVEN_STOPS))
    with st.container(horizontal=True, key="visit_downloads"):
        offer_file(
            session.word("visit.html"),
            lambda: visit_html(
                plan_visit(entries, session.data, sentence, session.lang, roads), session.lang, str(today)
            ),
            f"visit-{today}.html",
            "visit_html",
            icon="print",
        )
        offer_file(
            session.word("visit.xlsx"),
            lambda: visit_xlsx(plan_visit(entries, session.data, sentence, session.lang, roads), session.lang),
            f"visit-{today}.xlsx",
            "visit_xlsx",
        )
        offer_packet(lambda: enterprises_of(session, entries))


def enterprises_of(session: Session, entries: list[Entry]) -> tuple[list[str], str]:
    """Listed enterprises of the active dataset in that order, and in words; nothing else of the follow-ups."""
    places = positions_in(session.data, [entry.firm for entry in entries])
    ids = [*dict.fromkeys(session.data.enterprises.index[places[places >= 0]])]
    return ids, session.word("packet.shortlist", n=f"{len(ids):,}")


def draw_page(db: Engine) -> None:
    """Draw the page from top to bottom."""
    session = current()
    today = date.today()
    keep_person()
    views = {name: session.word(f"pipeline.view.{name}") for name in ("entries", "projects")}
    view = choose(st.segmented_control, "shortlist_view", views, "pipeline.view", required=True)
    person = choose_person(db)
    if view == "projects":
        draw_said()
        draw_pipeline(db, person)
        draw_log(db)
        return
    entries = shortlist.entries(db, person_now())
    late = sum(entry.overdue(today) for entry in entries)
    st.write(session.word("shortlist.lead", n=f"{len(entries):,}", overdue=f"{late:,}"))
    draw_wanted()
    draw_pick(db)
    draw_said()
    draw_undo("entry", "entry.undo")
    if not entries:
        st.info(session.word("shortlist.empty"), icon=":material/bookmark:")
    else:
        shown, sentence = choose_entries(entries)
        if shown:
            entry_id = draw_list(shown)
            if entry_id is not None:
                draw_entry(db, entry_id, person)
            draw_visit(shown, sentence)
        else:
            st.info(session.word("shortlist.none"), icon=":material/filter_alt:")
    draw_log(db)


def draw() -> None:
    """Draw the page."""
    try:
        draw_page(open_database())
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
