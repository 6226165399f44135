"""Lists of premises: a file in with an account of every row, and what may be done with those that are there."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.log import record_event
from app.records import premises
from app.records.database import open_database
from app.records.people import UNSIGNED, writer
from app.records.premises import PremisesList
from app.settings import people_sign_in
from app.ui.choice import choose, distinct
from app.ui.download import offer_file
from app.ui.person import person_now
from app.ui.session import current
from app.ui.undo import can_be_undone, draw_undo
from app.views.import_.rights import ask_rights
from geo.crs import DATUMS
from geo.datasets.rights import DatasetRights
from geo.errors import DataError
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.ingest.isolation import warm
from geo.ingest.premises import PREMISES_LIMITS, PremisesRead, read_premises, template
from geo.ingest.problems import in_english
from geo.ingest.readers.read import IMPORT_SUFFIXES
from geo.ingest.values.columns import column_label
from geo.premises.premises import PREMISES_COLUMNS, column_title


def offer_template() -> None:
    """Offer an empty list with the headings that are read."""
    session = current()
    with st.container(horizontal=True, key="premises_templates"):
        for suffix in TABLE_SUFFIXES:
            label = session.word("premises.template", suffix=suffix.upper())
            make = partial(_template, session.lang, suffix)
            offer_file(label, make, f"premises-template.{suffix}", f"premises_template_{suffix}", icon="description")


def _template(lang: str, suffix: str) -> bytes:
    return table_bytes(template(lang), suffix)


def draw_import(held: list[PremisesList]) -> None:
    """A file in: what it is called, the datum of its points, whose place it takes, and the button that imports it."""
    session, person = current(), person_now()
    if not person.may("import"):
        st.info(
            session.word("person.no_import" if person.name else "person.proxy.silent"), icon=":material/no_accounts:"
        )
        return
    warm(imports=True)
    file = st.file_uploader(
        session.word("premises.file"), type=sorted(suffix.lstrip(".") for suffix in IMPORT_SUFFIXES),
        key=f"premises_file_{st.session_state.get('premises_files', 0)}", max_upload_size=PREMISES_LIMITS.file_bytes // 2**20,
    )  # fmt: skip
    if file is None:
        return
    own = {one.id: one for one in held if person.owns(one.rights)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {0: session.word("premises.new")} | distinct({number: one.title for number, one in own.items()})
        chosen = choose(st.selectbox, "premises_replace", titles, "premises.replace", in_address=False, width=260)
        title = st.text_input(
            session.word("premises.title"), value=Path(file.name).stem[:60], key="premises_title", disabled=bool(chosen)
        )
        datum = st.selectbox(
            session.word("import.datum"), ["auto", *DATUMS], format_func=lambda one: session.word(f"import.datum.{one}"),
            key="premises_datum", help=session.word("import.datum.help"), width=220,
        )  # fmt: skip
    rights = None if chosen else ask_rights("premises", DatasetRights(owner=person.account))
    if st.button(session.word("premises.import"), type="primary", key="premises_import", icon=":material/upload_file:"):
        _import(file, title, str(datum), rights, own.get(chosen))


def _import(file: Any, title: str, datum: str, rights: DatasetRights | None, replaces: PremisesList | None) -> None:
    person, state = person_now(), st.session_state
    try:
        writer(person, "import", named=False)  # before the work
        name = Path(str(file.name).replace("\\", "/")).name or "file"
        with st.spinner(current().word("premises.reading")), tempfile.TemporaryDirectory(prefix="premises-") as folder:
            path = Path(folder) / f"premises{Path(name).suffix.lower()[:9]}"
            path.write_bytes(file.getbuffer())
            read = read_premises(path, name, datum=datum)
        kept = premises.add(open_database(), read.rows, title, name, person, replaces=replaces, rights=rights)
    except (DataError, OSError) as error:
        record_event("import", person.name or UNSIGNED, failed=True)
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    state["premises_report"] = (kept.title, read)
    state["premises_files"] = state.get("premises_files", 0) + 1  # the field is empty again
    st.rerun()


def draw_report() -> None:
    """What became of every row of the file that was imported last in this session."""
    told = st.session_state.get("premises_report")
    if not told:
        return
    session = current()
    title, read = told
    counts = {"rows": f"{read.rows_in_file:,}", "taken": f"{len(read.rows):,}", "rejected": f"{len(read.rejected):,}"}
    st.success(session.word("premises.imported", title=as_markdown(title), **counts), icon=":material/check:")
    if read.verdict == "undetermined":
        st.warning(session.word("premises.datum"), icon=":material/wrong_location:")
    with st.expander(session.word("premises.report"), expanded=bool(read.rejected or read.counts)):
        _draw_columns(read)
        if read.rejected:
            rows = [(row, _told(reason)) for row, reason in read.rejected]
            words = [session.word("issue.row"), session.word("premises.reason")]
            st.dataframe(pd.DataFrame(rows, columns=words), hide_index=True, key="premises_rejected")
        if read.issues:
            st.caption(session.word("premises.issues", n=f"{sum(read.counts.values()):,}"))
            issues = [
                ("" if row is None else str(row), _label(column), value, _told(problem))
                for row, column, value, problem in read.issues
            ]
            words = [session.word(f"issue.{name}") for name in ("row", "column", "value", "problem")]
            st.dataframe(pd.DataFrame(issues, columns=words), hide_index=True, key="premises_issues")
        st.button(session.word("premises.report.close"), on_click=_close_report, key="premises_report_close")


def _close_report() -> None:
    st.session_state.pop("premises_report", None)


def _draw_columns(read: PremisesRead) -> None:
    session = current()
    rows = [(header, _label(column)) for column, header in read.columns.items()]
    rows += [(header, session.word("premises.unread")) for header in read.unread]
    rows += [(header, session.word("report.column.dropped")) for header in read.personal]
    words = [session.word(f"import.column.{name}") for name in ("file", "meaning")]
    st.dataframe(pd.DataFrame(rows, columns=words), hide_index=True, key="premises_columns", height="auto")


def _label(column: str) -> str:
    lang = current().lang
    return column_title(column, lang) if column in PREMISES_COLUMNS else column_label(column, lang)


def _told(problem: str) -> str:
    return in_english(problem) if current().lang == "en" else problem


def draw_lists(held: list[PremisesList]) -> None:
    """The lists that are there, each with who brought it, who sees it, and what may be done."""
    session, person = current(), person_now()
    draw_undo("premises")
    for one in held:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"premises_list_{one.id}"):
            with st.container():
                st.text(one.title)
                when = one.added.replace("T", " ")[:16]
                st.caption(session.word("premises.facts", n=f"{one.count:,}", when=when, who=as_markdown(one.added_by)))
                st.text(one.file)
            if people_sign_in():
                _offer_rights(one)
            if st.button(
                session.word("sets.delete"), key=f"premises_delete_{one.id}", icon=":material/delete:",
                disabled=not person.owns(one.rights),
            ):  # fmt: skip
                _remove(one)


def _offer_rights(one: PremisesList) -> None:
    session, person = current(), person_now()
    label = session.word(f"rights.{one.rights.seen_by}")
    if not person.owns(one.rights):
        st.caption(label)
        return
    with st.popover(label, key=f"premises_rights_{one.id}"):
        wanted = ask_rights(f"premises_rights_{one.id}", one.rights)
        if st.button(session.word("rights.keep"), key=f"premises_keep_{one.id}", disabled=wanted in (None, one.rights)):
            try:
                premises.change_rights(open_database(), one, wanted or one.rights, person)
            except DataError as error:
                st.error(as_markdown(str(error)), icon=":material/error:")
                return
            st.rerun()


def _remove(one: PremisesList) -> None:
    try:
        rows = premises.remove(open_database(), one, person_now())
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    can_be_undone("premises", one.title, lambda: premises.restore(open_database(), one, rows, person_now()))
    st.rerun()
