"""Premises for a need: ranked by terms that are met, fail or are to be checked, each with its value and what was asked."""

from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import switch
from app.ui.download import offer_file
from app.ui.paging import table_height
from app.ui.session import Session, current
from app.views.premises.asked import all_premises, ask_limits, known_lists
from geo.chains.sites import Needs
from geo.errors import DataError
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.filters.filters import options
from geo.premises.premises import (
    ENVIRONMENT_CLASSES,
    FAILED_TERM,
    MET_TERM,
    PREMISES_KINDS,
    PREMISES_TERMS,
    TERM_VERDICTS,
    UNKNOWN_TERM,
    Asked,
    compare_terms,
    fact_of,
    rank,
    size_column,
)

MAX_RANKED_ROWS: Final = 200
"""Premises that are shown; the file holds all."""

_COLUMN_OF_TERM: Final = {
    "place": "district",
    "kind": "kind",
    "height": "height_m",
    "load": "load_kg_m2",
    "rent": "rent",
    "price": "price",
    "environment": "environment",
    "by": "available_from",
    "industry": "admitted",
}


def draw_matches(needs: Needs) -> None:
    """Draw the premises that suit a need, or what has to be there for that."""
    session = current()
    st.subheader(session.word("match.title"), anchor=False)
    try:
        held = known_lists()
        table = all_premises(held) if held else None
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    if table is None:
        st.caption(session.word("match.empty"))
        return
    st.caption(session.word("match.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="fit_limits"):
        asked = replace(ask_limits("fit"), districts=needs.districts, zones=needs.zones, node=needs.node)
    terms = compare_terms(table, asked)
    ranked = rank(terms)
    failing = ranked[FAILED_TERM] > 0
    whole = ~failing & (ranked[UNKNOWN_TERM] == 0)
    counts = {"whole": whole, "open": ~failing & ~whole, "failing": failing}
    st.markdown(session.word("match.count", **{name: f"{int(of.sum()):,}" for name, of in counts.items()}))
    if not switch("fit_failing", "match.failing"):
        ranked = ranked[~failing]
    if ranked.empty:
        st.info(session.word("match.none"), icon=":material/filter_alt:")
        return
    shown = matched_table(table.loc[ranked.index], terms.loc[ranked.index], ranked, asked, session)
    st.dataframe(shown.iloc[:MAX_RANKED_ROWS], hide_index=True, key="fit_premises", height=table_height(len(shown)))
    if len(shown) > MAX_RANKED_ROWS:
        st.caption(session.word("premises.first", n=MAX_RANKED_ROWS, all=f"{len(shown):,}"))
    notes = {session.word("match.title"): session.word("match.lead")}
    with st.container(horizontal=True, key="fit_premises_files"):
        for suffix in TABLE_SUFFIXES:
            label = session.word("table.download", suffix=suffix.upper())
            make = partial(table_bytes, shown, suffix, notes)
            offer_file(label, make, f"premises-match.{suffix}", f"fit_premises_{suffix}")


def matched_table(
    table: pd.DataFrame, terms: pd.DataFrame, ranked: pd.DataFrame, asked: Asked, session: Session
) -> pd.DataFrame:
    """A row for each of some premises: its name, how many terms it meets, and every term in words."""
    tally = [
        session.word("match.tally", **{name: int(row[name]) for name in (MET_TERM, FAILED_TERM, UNKNOWN_TERM)})
        for row in ranked.to_dict("records")
    ]
    rows = table.to_dict("records")
    columns: dict[str, list[str]] = {
        session.word("premises.column.name"): [str(row["name"]) for row in rows],
        session.word("match.result"): tally,
    }
    for term in terms.columns:
        wanted = asked_in_words(asked, term, session)
        columns[f"{session.pick(PREMISES_TERMS[term])} {wanted}".strip()] = [
            term_in_words(row, term, verdict, session) for row, verdict in zip(rows, terms[term], strict=True)
        ]
    columns[session.word("premises.list")] = table["list"].tolist()
    return pd.DataFrame(columns)


def term_in_words(row: dict[str, object], term: str, verdict: str, session: Session) -> str:
    """What a term comes to, with the value behind it."""
    column = size_column(row) if term == "size" else _COLUMN_OF_TERM[term]
    fact = fact_of(row, column, session.lang, written=term == "size" and bool(pd.isna(row[column])))
    if term == "place":
        zone = fact_of(row, "zone", session.lang)
        fact = " · ".join(filter(None, (fact, zone)))
    return f"{session.pick(TERM_VERDICTS[verdict])}{session.word('account.colon')}{fact or session.word('premises.unknown')}"


def asked_in_words(asked: Asked, term: str, session: Session) -> str:
    """What was asked of a term."""
    least_most = {
        "size": (asked.area_from, asked.area_to, "㎡", "m²"),
        "height": (asked.height_from, None, "m", "m"),
        "load": (asked.load_from, None, "kg/㎡", "kg/m²"),
        "rent": (None, asked.rent_to, "元/㎡/天", "CNY/m²/day"),
        "price": (None, asked.price_to, "元/㎡", "CNY/m²"),
    }
    if term in least_most:
        least, most, *unit = least_most[term]
        said = f"{least:,.10g}–{most:,.10g}" if least is not None and most is not None else ""
        said = said or (f"≥ {least:,.10g}" if least is not None else f"≤ {most:,.10g}")
        return f"{said} {session.pick(unit)}"
    if term == "by":
        return f"≤ {asked.by}"
    words = {
        "place": [
            *(options("district")[one] for one in asked.districts),
            *(options("zone")[one] for one in asked.zones),
        ],
        "kind": [PREMISES_KINDS[one] for one in asked.kinds],
        "environment": [ENVIRONMENT_CLASSES[asked.environment]] if asked.environment else [],
    }.get(term, [])
    return session.listing(session.pick(one) for one in words)
