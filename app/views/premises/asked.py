"""What is asked of premises, as fields of a page: on that of premises a filter, in the choice of a site a need."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from app.records import premises
from app.records.database import open_database
from app.records.location import nothing_kept
from app.records.premises import PremisesList
from app.ui.address import bind, number, written_number
from app.ui.choice import choose
from app.ui.person import person_now
from app.ui.session import current
from geo.premises.premises import ENVIRONMENT_CLASSES, PREMISES_KINDS, Asked, premises_table

NUMBERS_ASKED: Final = {
    "area_from": (1e8, 100.0),
    "area_to": (1e8, 100.0),
    "height_from": (100.0, 0.5),
    "load_from": (1e5, 100.0),
    "rent_to": (1000.0, 0.1),
    "price_to": (1e6, 100.0),
}
"""Field of `geo.premises.premises.Asked` → the most that can be entered, and a step, in its unit."""


def known_lists() -> list[PremisesList]:
    """The lists of premises that the person may know of; looking makes no database."""
    return [] if nothing_kept() else premises.lists(open_database(), person_now())


def all_premises(held: Collection[PremisesList]) -> pd.DataFrame:
    """Premises of some lists as one table, with `list` and `list_id`; those of several lists stay apart."""
    db = open_database()
    keys = tuple((str(db.url), one.id, one.version, one.added, one.title) for one in held)
    return _joined(keys)


@st.cache_data(show_spinner=False, max_entries=8)
def _joined(keys: tuple[tuple[str, int, int, str, str], ...]) -> pd.DataFrame:
    db, person = open_database(), person_now()
    rows, of = [], []
    for _, list_id, _, _, title in keys:
        own = premises.rows_of(db, list_id, person)
        rows += own
        of += [(list_id, title)] * len(own)
    table = premises_table(rows)
    return table.assign(list=[title for _, title in of], list_id=[number for number, _ in of])


def ask_limits(prefix: str) -> Asked:
    """Let the user say what premises have to be like; every choice stands in the address.  The caller lays them out."""
    session = current()
    kinds = session.names(PREMISES_KINDS)
    classes = {"": session.word("premises.any")} | {
        code: session.pick(name) for code, name in ENVIRONMENT_CLASSES.items() if code != "none"
    }
    chosen = choose(
        st.multiselect, f"{prefix}_kind", kinds, "premises.kind",
        default=[], placeholder=session.word("filter.all"), width=230,
    )  # fmt: skip
    numbers: dict[str, Any] = {name: _ask_number(prefix, name) for name in NUMBERS_ASKED}
    environment = choose(st.selectbox, f"{prefix}_environment", classes, "premises.environment", default="", width=170)
    by = _ask_day(prefix)
    return Asked(kinds=tuple(chosen or ()), environment=str(environment or ""), by=by, **numbers)


def _ask_number(prefix: str, name: str) -> float | None:
    most, step = NUMBERS_ASKED[name]
    key = f"{prefix}_{name}"
    bind(key, None, number(0, most, float), written_number)
    st.session_state.setdefault(key, None)
    value = st.number_input(
        current().word(f"premises.{name}"), 0.0, most, step=step, key=key, persist_state="session", width=150,
        placeholder=current().word("premises.any"), format="%.10g",
    )  # fmt: skip
    return None if value is None else float(value)


def _ask_day(prefix: str) -> date | None:
    key = f"{prefix}_by"
    bind(key, None, date.fromisoformat, lambda day: day.isoformat() if day else "")
    st.session_state.setdefault(key, None)
    day: date | None = st.date_input(
        current().word("premises.by"), key=key, persist_state="session", width=150, format="YYYY-MM-DD"
    )
    return day
