"""Files of the indicators: the figure of a map, the table of all indicators."""

from datetime import date
from functools import partial

import pandas as pd

from app.ui.download import file_name, offer_file
from app.ui.indicators import basis_words, evidence_words, titled, titled_for
from app.ui.session import Session, current
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.indicators.counts import Counts
from geo.indicators.definitions import INDICATORS, indicator_table
from layers.base import View
from layers.classes import Shading
from reports.figure import FIGURE_SUFFIXES as PICTURES
from reports.figure import draw_figure, figure_bytes


def offer_figure(shading: Shading, code: str, view: View) -> None:
    """Offer the map as a figure for a report."""
    for suffix in PICTURES:
        offer_file(
            current().word("districts.picture", suffix=suffix.upper()),
            partial(_picture, current(), shading, code, view, suffix),
            file_name(f"{shading.level}-{code}", suffix),
            f"districts_{suffix}",
            icon="image",
        )


def offer_table(counts: Counts) -> None:
    """Offer all indicators of all places of the level."""
    session = current()
    for suffix in TABLE_SUFFIXES:
        offer_file(
            session.word("districts.sheet", suffix=suffix.upper()),
            partial(_sheet, session, counts, suffix),
            file_name(f"{counts.level}-indicators", suffix),
            f"districts_{suffix}",
        )


def _picture(session: Session, shading: Shading, code: str, view: View, suffix: str) -> bytes:
    figure = draw_figure(
        session.data,
        view,
        title=session.pick(INDICATORS[code].name),
        subtitle=session.sentence,
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
    labels = {code: titled_for(code, table.index) for code in INDICATORS}
    for code, indicator in INDICATORS.items():
        name = session.pick(indicator.name)
        labels |= {f"{code}_{end}": f"{name} · {session.word(key)}" for end, key in suffixes.items()}
        if indicator.share:  # a header of % has percent below it
            parts = [column for column in (code, f"{code}_low", f"{code}_high") if column in table]
            table[parts] *= 100
            labels |= {
                f"{code}_{end}": titled(code, session.lang) + f" · {session.word(suffixes[end])}"
                for end in ("low", "high")
            }
        if indicator.published:
            for end, words in (("basis", basis_words()), ("evidence", evidence_words())):
                table[f"{code}_{end}"] = table[f"{code}_{end}"].map(words)
    table = table.drop(columns="name").rename(columns=labels).rename_axis("code").reset_index()
    if session.data.synthetic:
        table.insert(1, session.word("districts.warning"), session.word("app.synthetic"))
    return table


def _notes(session: Session) -> dict[str, str]:
    notes = {session.word("districts.warning"): session.word("app.synthetic")} if session.data.synthetic else {}
    notes |= {
        session.word("districts.selection"): session.sentence,
        session.word("districts.date"): session.data.date,
    }
    for indicator in INDICATORS.values():
        formula, unit, caveat, source = map(
            session.pick, (indicator.formula, indicator.unit, indicator.caveat, indicator.source)
        )
        notes[session.pick(indicator.name)] = f"{formula} [{unit}]. {caveat}. {source}"
    return notes
