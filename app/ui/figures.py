"""Files of the indicators: the figure of a map, the table of all indicators."""

from datetime import date
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from app.ui.indicators import titled
from app.ui.session import Session, current
from geo.export.spreadsheet import SUFFIXES, table_bytes
from geo.indicators.counts import Counts
from geo.indicators.definitions import INDICATORS, indicator_table
from layers.base import View
from layers.classes import Shading
from reports.figure import SUFFIXES as PICTURES
from reports.figure import draw_figure, figure_bytes

MIME: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def offer_figure(shading: Shading, code: str, view: View) -> None:
    """Offer the map as a figure for a report."""
    for suffix in PICTURES:
        st.download_button(
            current().word("districts.picture", suffix=suffix.upper()),
            data=partial(_picture, current(), shading, code, view, suffix),
            file_name=file_name(f"{shading.level}-{code}", suffix),
            mime=MIME[suffix],
            icon=":material/image:",
            key=f"districts_{suffix}",
        )


def offer_table(counts: Counts) -> None:
    """Offer all indicators of all places of the level."""
    session = current()
    for suffix in SUFFIXES:
        st.download_button(
            session.word("districts.sheet", suffix=suffix.upper()),
            data=partial(_sheet, session, counts, suffix),
            file_name=file_name(f"{counts.level}-indicators", suffix),
            mime=MIME[suffix],
            icon=":material/download:",
            key=f"districts_{suffix}",
        )


def _picture(session: Session, shading: Shading, code: str, view: View, suffix: str) -> bytes:
    figure = draw_figure(
        session.data,
        view,
        title=INDICATORS[code].name[session.lang == "en"],
        subtitle=session.filters.sentence(session.count(), session.lang),
        shading=shading,
        day=date.today().isoformat(),
    )
    return figure_bytes(figure, suffix)


def _sheet(session: Session, counts: Counts, suffix: str) -> bytes:
    return table_bytes(labelled_table(session, counts), suffix, _notes(session))


def labelled_table(session: Session, counts: Counts) -> pd.DataFrame:
    """All indicators with the user's headers, unrounded; a made-up set says so in every row."""
    table = indicator_table(counts)
    place = session.word("districts.place")
    table.insert(0, place, [counts.name(str(code), session.lang) for code in table.index])
    suffixes = {
        "low": "districts.low",
        "high": "districts.high",
        "year": "districts.year",
        "period": "districts.period",
        "basis": "districts.basis",
        "evidence": "column.evidence",
        "source_title": "column.source",
    }
    labels = {code: titled(code, session.lang) for code in INDICATORS}
    for code in INDICATORS:
        name = INDICATORS[code].name[session.lang == "en"]
        labels |= {f"{code}_{end}": f"{name} · {session.word(key)}" for end, key in suffixes.items()}
    table = table.drop(columns="name").rename(columns=labels).rename_axis("code").reset_index()
    if session.data.synthetic:
        table.insert(1, session.word("districts.warning"), session.word("app.synthetic"))
    return table


def _notes(session: Session) -> dict[str, str]:
    english = session.lang == "en"
    notes = {session.word("districts.warning"): session.word("app.synthetic")} if session.data.synthetic else {}
    notes |= {
        session.word("districts.selection"): session.filters.sentence(session.count(), session.lang),
        session.word("districts.date"): session.data.date,
    }
    for indicator in INDICATORS.values():
        notes[indicator.name[english]] = (
            f"{indicator.formula[english]} [{indicator.unit[english]}]. {indicator.caveat[english]}. {indicator.source[english]}"
        )
    return notes


def file_name(stem: str, suffix: str) -> str:
    """Name of a file to download: what it holds, whether it is made up, the date of the set."""
    data = current().data
    return "-".join(filter(None, [stem, "synthetic" if data.synthetic else "", data.date])) + f".{suffix}"
