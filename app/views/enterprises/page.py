"""Enterprises: the table of the selection, a card of the row picked, and the list to take away."""

from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.address import bind
from app.ui.choice import choose, distinct_names, switch
from app.ui.download import file_name, offer_exports, offer_file, offer_packet
from app.ui.follow import draw_follow_many, draw_said
from app.ui.paging import TABLE_LIMIT, choose_page, table_height, text_width
from app.ui.session import Session, current
from app.views.enterprises.card import draw_card, open_card
from app.views.enterprises.searches import draw_searches
from geo.enterprises.schema import COLUMN_LABELS, labelled
from geo.export.selection import to_bytes
from geo.filters.filters import Filters
from geo.filters.place import with_distances

DEFAULT_COLUMNS = [
    *("name", "district", "zone", "industry", "industry_detail", "park", "address", "recognitions"),
    *("evidence", "location_precision", "stock_code"),
]
MAX_COLUMN_PIXELS: Final = {"industry": 250, "park": 160}
"""Columns whose texts are much longer in some rows than in most → how wide they get at most."""

FORMATS = ("csv", "xlsx", "geojson", "gpkg")


def offer_download(suffix: str, rows: gpd.GeoDataFrame) -> None:
    """Offer the selection in one format; the file is made when it is asked for."""
    session = current()
    offer_file(
        session.word("table.download", suffix=suffix.upper()),
        lambda: to_bytes(
            rows,
            suffix,
            labels=session.lang,
            sentence=session.sentence,
            date=session.data.date,
            synthetic=session.data.synthetic,
            origin="" if session.data.built_in else session.data.title,
        ),
        file_name("enterprises", suffix),
        f"download_{suffix}",
    )


def choose_columns(rows: gpd.GeoDataFrame) -> list[str]:
    """Let the user choose the columns of the table."""
    session = current()
    names = session.names({name: pair for name, pair in COLUMN_LABELS.items() if name in rows.columns})
    with st.popover(session.word("table.columns"), icon=":material/view_column:"):
        chosen = choose(
            st.multiselect,
            "table_columns",
            names,
            "table.columns",
            default=DEFAULT_COLUMNS,
            label_visibility="collapsed",
        )
    first, *others = chosen or DEFAULT_COLUMNS
    asked = [name for name in asked_distances(session.filters) if name in rows.columns]
    return list(dict.fromkeys([first, *asked, *others]))


def asked_distances(filters: Filters) -> list[str]:
    """Columns of the distances that the filters are about."""
    return [*(["near_km"] if filters.near else []), *(["park_km", "nearest_park"] if filters.near_park else [])]


def keep_pick(rows: gpd.GeoDataFrame) -> None:
    """Let the pick follow its enterprise when other rows are shown: the browser keeps its place in the table only."""
    before = st.session_state.get("table_shown")
    picked = st.session_state.get("table")
    if picked and before is not None and not before.equals(rows.index):
        ids = before[[place for place in picked["selection"]["rows"] if place < len(before)]]
        st.session_state["table"] = {
            "selection": {"rows": [rows.index.get_loc(id_) for id_ in ids if id_ in rows.index]}
        }
    st.session_state["table_shown"] = rows.index


def choose_by_name(rows: gpd.GeoDataFrame) -> None:
    """Let the user open the card of a row by its name, from the keyboard too."""
    session = current()
    names = distinct_names(rows)
    st.selectbox(
        session.word("card.choose"),
        list(names),
        index=None,
        format_func=lambda id_: names.get(id_, str(id_)),
        key="card_choice",
        on_change=lambda: open_card(st.session_state["card_choice"] or ""),
        placeholder=session.word("card.choose.placeholder"),
    )


def follow_pick(picked: list[str]) -> None:
    """Let the card follow the row picked last in the table; one opened otherwise stays."""
    before = st.session_state.get("table_picked", [])
    st.session_state["table_picked"] = picked
    new = [enterprise_id for enterprise_id in picked if enterprise_id not in before]
    if new:
        st.session_state["card"] = new[-1]
    elif st.session_state["card"] in before and st.session_state["card"] not in picked:
        st.session_state["card"] = picked[-1] if picked else ""


def show_card(enterprise_id: str) -> None:
    """Show a card."""
    session = current()
    (position,) = session.data.positions([enterprise_id])
    if position >= 0:
        draw_card(int(position))
    elif enterprise_id:
        st.warning(session.word("card.missing", id=as_markdown(enterprise_id[:40])), icon=":material/help:")


def _width(rows: gpd.GeoDataFrame, name: str, session: Session) -> int:
    """Width of a column for its heading and its longest text, up to a limit; the browser looks at the first rows only [pixels]."""
    told = pd.DataFrame(labelled(rows[[name]].drop_duplicates(), session.lang)).iloc[:, 0].dropna().astype(str)
    return min(max(map(text_width, [session.pick(COLUMN_LABELS[name]), *told])), MAX_COLUMN_PIXELS[name])


def _on_paper(value: object) -> str:
    """A cell as text that Markdown leaves as it is."""
    return "" if pd.isna(value) else as_markdown(str(value))


def _draw_table(shown: pd.DataFrame, rows: gpd.GeoDataFrame) -> list[str]:
    """The table, whose rows can be picked; ids of those that are."""
    session = current()
    picked = st.dataframe(
        shown,
        key="table",
        height=table_height(len(shown)),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
        column_config={
            session.pick(COLUMN_LABELS[name]): st.column_config.NumberColumn(format="%.1f")
            for name in ("park_km", "near_km")
        }
        | {
            session.pick(COLUMN_LABELS[name]): st.column_config.Column(width=_width(rows, name, session))
            for name in MAX_COLUMN_PIXELS
        },
    )
    st.caption(session.word("table.pick"))
    return [str(rows.index[place]) for place in picked.selection.rows if place < len(rows)]


def draw() -> None:
    """Draw the page: what chooses above, table and card side by side, then what can be taken away."""
    session = current()
    bind("card", "", str, name="id")
    large = session.total > TABLE_LIMIT
    rows = with_distances(session.data.enterprises.iloc[:0] if large else session.selected, session.filters.near)
    if not session.total:
        st.info(session.word("map.empty"), icon=":material/filter_alt:")
    draw_said()
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_tools"):
        by_name = st.container(width=360)
        columns = choose_columns(rows)
        if large:
            rows = with_distances(session.data.enterprises.iloc[choose_page(columns)], session.filters.near)
        in_full = switch("table_print", "table.print", help=session.word("table.print.help"))
    shown = pd.DataFrame(labelled(rows, session.lang))[[session.pick(COLUMN_LABELS[name]) for name in columns]]
    keep_pick(rows)
    if in_full:  # a table of the page itself, which a printer gets whole
        with st.container(key="table_in_full"):
            st.table(shown.set_index(shown.columns[0]).map(_on_paper))
        return
    with st.container(horizontal=True, key="table_and_card"):  # the same place with a card and without
        with st.container(key="table_side"):
            chosen = _draw_table(shown, rows) if len(shown) else []
            if len(chosen) > 1:
                draw_follow_many(rows.loc[chosen])
        follow_pick(chosen)
        show_card(st.session_state["card"])
    with by_name:
        choose_by_name(rows)
    with st.container(horizontal=True, key="downloads"):
        if large:
            offer_exports()
        else:
            for suffix in FORMATS:
                offer_download(suffix, rows)
        offer_packet()
    draw_searches()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
