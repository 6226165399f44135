"""Present against intended: what documents mean a district for beside what the selection holds there, with the numbers."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from app.ui.choice import choose
from app.ui.download import file_name, offer_file
from app.ui.paging import table_height
from app.ui.session import BY_SELECTION, Session, current
from geo.codes.options import ORIGIN_LABELS
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.filters.filters import options
from geo.indicators.counts import count_places
from geo.indicators.intentions import (
    INTENTION_DOCUMENTS,
    KEY_INDUSTRIES,
    intended_and_present,
    load_intentions,
    standing_of,
)
from geo.indicators.origins import hangs_on_one
from layers.escape import web_address

INTENDED_SHOWN: Final = ("intended", "unsaid", "all")
"""Pairs of district and industry that are listed: meant by a document; more common here though none says so; all."""

MAX_TABLE_ROWS: Final = 20


@st.cache_data(show_spinner=False, max_entries=32, hash_funcs=BY_SELECTION)
def hanging(session: Session) -> dict[tuple[str, str], list[str]]:
    """District and key industry → the kinds of lists without one of which the interval's verdict no longer holds."""
    found: dict[tuple[str, str], list[str]] = {}
    for industry in KEY_INDUSTRIES:
        for row in hangs_on_one(session.data, session.filters, f"lq_{industry}").itertuples():
            found.setdefault((row.place, industry), []).append(row.origin)
    return found


def draw_intended() -> None:
    """Draw the table, what it adds up to, and the documents behind it."""
    session = current()
    table = intended_and_present(count_places(session.data, session.filters))
    table["standing"] = standing_of(table)
    lost = hanging(session)
    table["hangs"] = [lost.get(pair, []) for pair in zip(table["adcode"], table["industry"], strict=True)]
    meant = table[table["intended"]]
    numbers = meant["standing"].value_counts()
    sums = {name: int(numbers.get(name, 0)) for name in ("above", "open", "below", "none")}
    sums["undefined"] = int(numbers.get("", 0))
    districts = table.drop_duplicates("adcode")
    located, known = int(districts["in_district"].sum()), int(districts["industry_known"].sum())
    numbers_said = {
        "total": f"{session.total:,}",
        "located": f"{located:,}",
        "known": f"{known:,}",
        "pairs": len(meant),
    }
    st.markdown(session.word("intended.sum", **numbers_said, **sums))
    st.caption(session.word("intended.note"))
    names = {name: session.word(f"intended.shown.{name}") for name in INTENDED_SHOWN}
    with st.container(horizontal=True, vertical_alignment="bottom", key="intended_tools"):
        shown = choose(st.selectbox, "districts.intended", names, "intended.shown", width=320)
        for suffix in TABLE_SUFFIXES:
            offer_file(
                session.word("intended.file", suffix=suffix.upper()),
                partial(_file, session, table, suffix),
                file_name("present-intended", suffix),
                f"intended_{suffix}",
            )
    unsaid = ~table["intended"] & (table["standing"] == "above")
    rows = {"intended": meant, "unsaid": table[unsaid], "all": table}[shown]
    percent = session.word("intended.share")
    said = session.word("intended.said")
    decimals = [session.word(f"intended.{name}") for name in ("lq", "low", "high")]
    st.dataframe(
        labelled(session, rows),
        hide_index=True,
        key="intended_table",
        height=table_height(len(rows), MAX_TABLE_ROWS),
        placeholder="–",
        column_config={
            percent: st.column_config.NumberColumn(format="%.1f"),
            said: st.column_config.TextColumn(width=250),
        }
        | {name: st.column_config.NumberColumn(format="%.2f") for name in decimals},
    )
    with st.expander(session.word("intended.sources")):
        _draw_sources(session)


def labelled(session: Session, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `intended_and_present` with `standing` and `hangs`, under the user's headers; shares in percent."""
    meant, industries, districts = load_intentions(), options("industry"), options("district")

    def themes(positions: tuple[int, ...]) -> str:
        if not positions:
            return session.word("intended.unsaid")
        rows = meant.loc[list(positions)]
        texts = rows["theme_en"] if session.lang == "en" else rows["theme"]
        places = ["" if row.document != "park" else f" ({row.place})" for row in rows.itertuples()]
        return session.pick(("；", "; ")).join(text + place for text, place in zip(texts, places, strict=True))

    return pd.DataFrame(
        {
            session.word("districts.place"): [session.pick(districts[code]) for code in table["adcode"]],
            session.word("filter.industry"): [session.pick(industries[code]) for code in table["industry"]],
            session.word("intended.said"): table["themes"].map(themes),
            session.word("intended.enterprises"): table["enterprises"],
            session.word("intended.in_district"): table["in_district"],
            session.word("intended.known"): table["industry_known"],
            session.word("intended.share"): table["share"] * 100,
            session.word("intended.lq"): table["lq"],
            session.word("intended.low"): table["lq_low"],
            session.word("intended.high"): table["lq_high"],
            session.word("intended.standing"): [
                session.word(f"intended.standing.{word}") if word else "" for word in table["standing"]
            ],
            session.word("intended.hangs"): [
                session.listing(ORIGIN_LABELS[origin].of(session.lang) for origin in origins)
                for origins in table["hangs"]
            ],
        }
    )


def _file(session: Session, table: pd.DataFrame, suffix: str) -> bytes:
    """The whole table, each row with the documents it rests on; a made-up set says so in every row."""
    meant = load_intentions()
    labels = labelled(session, table)
    for name, key in (("source_title", "column.source"), ("source_url", "column.url")):
        labels[session.word(key)] = [
            " | ".join(dict.fromkeys(filter(None, meant.loc[list(positions), name]))) for positions in table["themes"]
        ]
    notes = {
        session.word("districts.selection"): session.sentence,
        session.word("districts.date"): session.data.date,
        session.word("intended.heading"): session.word("intended.note"),
    }
    if session.data.synthetic:
        labels.insert(0, session.word("districts.warning"), session.word("app.synthetic"))
    return table_bytes(labels, suffix, notes)


def _draw_sources(session: Session) -> None:
    """Draw every theme with its document, whether it counts to a district, and its source."""
    meant, districts = load_intentions(), options("district")
    url = session.word("column.url")
    industries = options("industry")
    none, unsaid = session.word("intended.no_industry"), session.word("intended.no_district")
    table = pd.DataFrame(
        {
            session.word("districts.place"): [
                session.pick(districts[code]) if code else unsaid for code in meant["adcode"]
            ],
            session.word("intended.of"): meant["place"].where(meant["park_id"] != "", ""),
            session.word("intended.theme"): meant["theme_en" if session.lang == "en" else "theme"],
            session.word("filter.industry"): [
                session.pick(industries[code]) if code else none for code in meant["industry"]
            ],
            session.word("intended.document"): [session.pick(INTENTION_DOCUMENTS[kind]) for kind in meant["document"]],
            session.word("districts.year"): meant["year"],
            session.word("column.source"): meant["source_title"],
            url: meant["source_url"].map(web_address).replace("", None),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="intended_sources",
        placeholder="–",
        column_config={url: st.column_config.LinkColumn(display_text=session.word("districts.open_source"))},
    )
