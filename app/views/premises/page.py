"""Premises: what is on offer, filtered, on the map and in a table; one in detail, and which enterprises might need it."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.address import bind, option_of
from app.ui.choice import choose, distinct
from app.ui.download import offer_file
from app.ui.maps import draw_subject, page_view
from app.ui.paging import table_height
from app.ui.session import Session, current
from app.views.premises.asked import all_premises, ask_limits, known_lists
from app.views.premises.enterprises import draw_enterprises
from app.views.premises.lists import draw_import, draw_lists, draw_report, offer_template
from geo.errors import DataError
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.filters.filters import options
from geo.places.districts import attributes
from geo.premises.premises import (
    FAILED_TERM,
    MET_TERM,
    PREMISES_COLUMNS,
    Asked,
    as_file,
    column_title,
    compare_terms,
    fact_of,
)
from geo.premises.quantities import QUANTITIES
from layers.premises import draw_premises

_IN_TABLE = tuple(
    name for name in PREMISES_COLUMNS if name not in ("environment_text", "lon", "lat", "source_file", "source_row")
)
_IN_DETAIL = tuple(name for name in PREMISES_COLUMNS if name not in ("environment_text", "lon", "lat", "zone"))


def ask_place() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let the user choose districts and zones."""
    session = current()
    districts = {code: pair for code, pair in options("district").items() if code in attributes().index}
    zones = {zone: options("zone")[zone] for zone in ("core", "belt")}
    wanted = choose(
        st.multiselect, "premises_district", session.names(districts), "filter.district",
        default=[], placeholder=session.word("filter.all"), width=230,
    )  # fmt: skip
    chosen = choose(st.pills, "premises_zone", session.names(zones), "filter.zone", default=[], selection_mode="multi")
    return tuple(wanted or ()), tuple(chosen or ())


def draw_account(table: pd.DataFrame, terms: pd.DataFrame) -> pd.Series:
    """Say how many there are and how many meet everything; which do. Unknown never counts as met."""
    session = current()
    met = (terms == MET_TERM).all(axis=1)
    open_ = ~met & ~(terms == FAILED_TERM).any(axis=1)
    counts = {"all": f"{len(table):,}", "met": f"{int(met.sum()):,}"}
    st.markdown(session.word("premises.count" if len(terms.columns) else "premises.count.all", **counts))
    if open_.any():
        st.caption(session.word("premises.open", n=f"{int(open_.sum()):,}"))
    return met


def shown_table(table: pd.DataFrame, session: Session) -> pd.DataFrame:
    """The table as the page shows it: words of the user's language, columns that hold nothing left out."""
    shown = as_file(table, session.lang).assign(**{session.word("premises.list"): table["list"]})
    numbers = [column_title(name, session.lang) for name in (*QUANTITIES, "location_error_m")]
    shown[numbers] = shown[numbers].apply(pd.to_numeric, errors="coerce")  # what was not read is shown in the detail
    titles = [column_title(name, session.lang) for name in _IN_TABLE]
    filled = [title for title in titles if shown[title].replace("", None).notna().any()]
    error = column_title("location_error_m", session.lang)
    rounded = {title: shown[title].round(0 if title == error else 4) for title in filled if title in numbers}
    return shown.assign(**rounded)[[*filled, session.word("premises.list")]]


def file_of(table: pd.DataFrame, session: Session, suffix: str) -> bytes:
    """The table as a file that can be imported again, with what has to be known to quote it."""
    notes = {session.word("nav.premises"): session.word("premises.note")}
    return table_bytes(as_file(table, session.lang), suffix, notes)


def draw_table(table: pd.DataFrame) -> str | None:
    """Draw the table with its downloads; the premises that are chosen."""
    session, state = current(), st.session_state
    ids = list(table.index)

    def take_row() -> None:
        rows = state["premises_table"]["selection"]["rows"]
        if rows and rows[0] < len(ids):
            state["premises_id"] = ids[rows[0]]

    grouped = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        shown_table(table, session), hide_index=True, key="premises_table", on_select=take_row,
        selection_mode="single-row", placeholder="", height=table_height(len(table)),
        column_config={column_title(name, session.lang): grouped for name in (*QUANTITIES, "location_error_m")},
    )  # fmt: skip
    with st.container(horizontal=True, key="premises_files"):
        for suffix in TABLE_SUFFIXES:
            label = session.word("table.download", suffix=suffix.upper())
            offer_file(label, partial(file_of, table, session, suffix), f"premises.{suffix}", f"premises_{suffix}")
    names = distinct(table["name"].to_dict(), table["address"].to_dict(), table["list"].to_dict())
    bind("premises_id", None, option_of(ids))
    if state.get("premises_id") not in names:
        state["premises_id"] = None
    chosen: str | None = st.selectbox(
        session.word("premises.choose"), ids, format_func=lambda one: names.get(one, ""), key="premises_id",
        persist_state="session", placeholder=session.word("premises.choose.placeholder"),
    )  # fmt: skip
    return chosen


def draw_detail(row: pd.Series) -> None:
    """Draw all that the list says of premises, with what it wrote where that was in another unit."""
    session = current()
    st.subheader(as_markdown(row["name"]), anchor=False)
    facts = {
        PREMISES_COLUMNS[name].name.of(session.lang): fact_of(row, name, session.lang, written=True)
        for name in _IN_DETAIL
        if name != "name"
    }
    said = pd.DataFrame(
        [(label, fact) for label, fact in facts.items() if fact],
        columns=[session.word("premises.item"), session.word("premises.said")],
    )
    st.dataframe(said, hide_index=True, key="premises_detail", height=table_height(len(said), len(said)))
    conflict = PREMISES_COLUMNS["location_conflict"].name.of(session.lang)
    open_ = session.listing(label for label, fact in facts.items() if not fact and label != conflict)
    if open_:
        st.caption(session.word("premises.unsaid", columns=open_))


def draw() -> None:
    """Draw the page."""
    session = current()
    st.caption(session.word("premises.lead"))
    try:
        held = known_lists()
        table = all_premises(held) if held else None
    except DataError as error:  # the database does not answer, or a list was removed just now
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    draw_report()
    if table is None:
        st.info(session.word("premises.empty"), icon=":material/warehouse:")
        offer_template()
        draw_import(held)
        draw_lists(held)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="premises_place"):
        districts, zones = ask_place()
        asked: Asked = replace(ask_limits("premises"), districts=districts, zones=zones)
    terms = compare_terms(table, asked)
    found = table[draw_account(table, terms)]
    if found.empty:
        st.info(session.word("premises.none"), icon=":material/filter_alt:")
    else:
        draw_subject(draw_premises(found, page_view()), "premises_map", 420)
        placed = int(found["lon"].notna().sum())
        st.caption(session.word("premises.map", n=f"{placed:,}", all=f"{len(found):,}"))
        chosen = draw_table(found)
        if chosen is not None:
            draw_detail(found.loc[chosen])
            draw_enterprises(found.loc[chosen])
    st.divider()
    with st.expander(session.word("premises.manage"), icon=":material/upload_file:"):
        offer_template()
        draw_import(held)
        draw_lists(held)


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
