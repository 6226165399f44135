"""The log on a page, and as a file to take away."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from app.records import log
from app.records.database import now
from app.records.log import ACTIONS, SUBJECTS
from app.records.projects import PROJECT_FIELDS
from app.records.shortlist import ENTRY_FIELDS
from app.ui.download import offer_file
from app.ui.person import person_now
from app.ui.session import Session, current
from app.views.shortlist.entry import value_in_words
from app.views.shortlist.pipeline import field_label, project_value
from geo.enterprises.schema import COLUMN_LABELS
from geo.export.spreadsheet import Sheet, write_csv, write_xlsx

MAX_SHOWN_LINES: Final = 200
LOG_COLUMNS: Final = ("moment", "who", "action", "subject", "name", "field", "old", "new")


def draw_log(db: Engine) -> None:
    """Draw the latest lines of the log, and offer all of it."""
    session = current()
    with st.expander(session.word("log.title"), icon=":material/history:"):
        st.caption(session.word("log.note", n=MAX_SHOWN_LINES))
        lines = log.read(db, latest=MAX_SHOWN_LINES, person=person_now())
        if lines.empty:
            st.caption(session.word("log.none"))
            return
        st.dataframe(in_words(session, lines), hide_index=True, key="log", placeholder="")
        with st.container(horizontal=True):
            for suffix in ("csv", "xlsx"):
                label = session.word("log.download", suffix=suffix.upper())
                offer_file(label, partial(_whole, session, db, suffix), f"log.{suffix}", f"log_{suffix}")


def in_words(session: Session, lines: pd.DataFrame) -> pd.DataFrame:
    """The log with the user's words for its columns and codes."""
    names = {name: session.word(f"shortlist.{name}") for name in ENTRY_FIELDS}
    projects = {name: field_label(session, name) for name in PROJECT_FIELDS if name not in names}
    names |= {"followers": session.word("log.followers"), "query": session.word("log.query")}
    names = session.names(COLUMN_LABELS) | names | projects

    told = lines.assign(
        moment=lines["moment"].str.replace("T", " ").str[:19],
        action=lines["action"].map(lambda code: session.pick(ACTIONS.get(code, (code, code)))),
        subject=lines["subject"].map(lambda code: session.pick(SUBJECTS.get(code, (code, code)))),
        old=[_value(session, name, value) for name, value in zip(lines["field"], lines["old"], strict=True)],
        new=[_value(session, name, value) for name, value in zip(lines["field"], lines["new"], strict=True)],
        field=lines["field"].map(lambda name: names.get(name, name)),
    )
    return told[list(LOG_COLUMNS)].rename(columns={name: session.word(f"log.{name}") for name in LOG_COLUMNS})


def _value(session: Session, field: str, value: str) -> str:
    return project_value(session, field, value_in_words(session, field, value)) if value else ""


def _whole(session: Session, db: Engine, suffix: str) -> bytes:
    """All of the log as a file, as far as whoever takes it may see it then."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"log.{suffix}"
        lines = in_words(session, log.read(db, person=person_now()))
        if suffix == "csv":
            write_csv(lines, file)
        else:
            notes = {session.word("log.title"): now()}
            write_xlsx(file, [Sheet("log", lines, widths={0: 20, 4: 32, 6: 40, 7: 40})], notes)
        return file.read_bytes()
