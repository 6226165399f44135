"""The log on a page, and as a file to take away."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from app.records import log
from app.records.database import now
from app.records.log import ACTIONS, SUBJECTS
from app.records.shortlist import FIELDS
from app.ui.session import current
from app.views.shortlist.entry import value_in_words
from geo.enterprises.schema import COLUMN_LABELS
from geo.export.spreadsheet import Sheet, write_csv, write_xlsx

LATEST: Final = 200
SHOWN: Final = ("moment", "who", "action", "subject", "name", "field", "old", "new")


def draw_log(db: Engine) -> None:
    """Draw the latest lines of the log, and offer all of it."""
    session = current()
    with st.expander(session.word("log.title"), icon=":material/history:"):
        st.caption(session.word("log.note", n=LATEST))
        st.dataframe(in_words(log.read(db, latest=LATEST)), hide_index=True, key="log", placeholder="")
        with st.container(horizontal=True):
            for suffix in _WRITERS:
                st.download_button(
                    session.word("log.download", suffix=suffix.upper()),
                    partial(_whole, db, suffix),
                    f"log.{suffix}",
                    icon=":material/download:",
                    key=f"log_{suffix}",
                )


def in_words(lines: pd.DataFrame) -> pd.DataFrame:
    """The log with the user's words for its columns and codes."""
    session = current()
    en = session.lang == "en"
    names = {name: session.word(f"shortlist.{name}") for name in FIELDS}
    names |= {"followers": session.word("log.followers"), "query": session.word("log.query")}
    names = {column: pair[en] for column, pair in COLUMN_LABELS.items()} | names

    told = lines.assign(
        moment=lines["moment"].str.replace("T", " ").str[:19],
        action=lines["action"].map(lambda code: ACTIONS.get(code, (code, code))[en]),
        subject=lines["subject"].map(lambda code: SUBJECTS.get(code, (code, code))[en]),
        old=[_value(name, value) for name, value in zip(lines["field"], lines["old"], strict=True)],
        new=[_value(name, value) for name, value in zip(lines["field"], lines["new"], strict=True)],
        field=lines["field"].map(lambda name: names.get(name, name)),
    )
    return told[list(SHOWN)].rename(columns={name: session.word(f"log.{name}") for name in SHOWN})


def _value(field: str, value: str) -> str:
    return value_in_words(field, value) if value else ""


def _whole(db: Engine, suffix: str) -> bytes:
    """All of the log as a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"log.{suffix}"
        _WRITERS[suffix](in_words(log.read(db)), file)
        return file.read_bytes()


def _write_xlsx(lines: pd.DataFrame, file: Path) -> None:
    notes = {current().word("log.title"): now()}
    write_xlsx(file, [Sheet("log", lines, widths={0: 20, 4: 32, 6: 40, 7: 40})], notes)


_WRITERS: Final[dict[str, Callable[[pd.DataFrame, Path], None]]] = {"csv": write_csv, "xlsx": _write_xlsx}
