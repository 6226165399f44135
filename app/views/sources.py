"""Sources: the catalogue with licences, what is not placed and why, what is unverified, what disagrees."""

import numpy as np
import pandas as pd
import streamlit as st

from app.ui.session import current
from geo.catalog import catalogue
from geo.codes.options import DOUBTFUL_EVIDENCE
from geo.enterprises.schema import COLUMN_LABELS, PRECISION_LABELS, labelled
from geo.installation import NAME, version
from geo.places.zones import NOT_DRAWN

MAX_UNPLACED_ROWS = 1000


def column(name: str) -> pd.Series:
    """One column of the selected rows."""
    session = current()
    enterprises = current().data.enterprises
    return enterprises[name][session.mask]


def first_of(wanted: pd.Series) -> pd.DataFrame:
    """The first rows of the selection for which `wanted` holds, and a line when there are more."""
    session = current()
    enterprises = current().data.enterprises
    positions = np.flatnonzero(session.mask & wanted.to_numpy(bool))
    if len(positions) > MAX_UNPLACED_ROWS:
        st.caption(session.word("sources.first", n=f"{MAX_UNPLACED_ROWS:,}"))
    return enterprises.iloc[positions[:MAX_UNPLACED_ROWS]]


def draw_rows(frame: pd.DataFrame, columns: list[str], key: str) -> None:
    """Draw some enterprises as a plain table with the user's labels."""
    session = current()
    labels = [session.pick(COLUMN_LABELS[name]) for name in columns]
    st.dataframe(pd.DataFrame(labelled(frame, session.lang))[labels], hide_index=True, key=key, height="auto")


def draw() -> None:
    """Draw the page."""
    session = current()
    enterprises = session.data.enterprises
    st.subheader(session.word("sources.unplaced"), anchor=False)
    st.write(session.word("sources.unplaced.note", n=session.count(precision=["none"])))
    unplaced = first_of(enterprises["location_precision"] == "none")
    if len(unplaced):
        draw_rows(unplaced, ["name", "industry", "address", "park", "evidence"], "unplaced")
    st.subheader(session.word("sources.precision"), anchor=False)
    st.write(session.word("sources.precision.note"))
    levels = (
        column("location_error_m")
        .groupby(column("location_precision"))
        .agg(["size", "median"])
        .reindex(PRECISION_LABELS)
    )
    st.dataframe(
        pd.DataFrame(
            {
                session.word("column.precision"): [session.pick(names) for names in PRECISION_LABELS.values()],
                session.word("column.count"): levels["size"].fillna(0).astype(int).to_numpy(),
                session.word("column.error"): (levels["median"] / 1000).round(1).to_numpy(),
            }
        ),
        hide_index=True,
        key="precision",
        placeholder="–",
    )
    st.subheader(session.word("sources.unverified"), anchor=False)
    names = int((column("name_evidence") == "unverified").sum())
    st.write(session.word("sources.unverified.note", n=session.count(evidence=DOUBTFUL_EVIDENCE), names=names))
    unverified = first_of(enterprises["evidence"].isin(DOUBTFUL_EVIDENCE))
    if len(unverified):
        draw_rows(unverified, ["name", "district", "evidence", "name_evidence", "address_evidence"], "unverified")
    st.subheader(session.word("sources.conflicts"), anchor=False)
    disagree = first_of((enterprises["location_conflict"] != "") | (enterprises["location_note"] != ""))
    if len(disagree):
        draw_rows(disagree, ["name", "district", "address", "location_conflict", "location_note"], "conflicts")
    else:
        st.write(session.word("sources.conflicts.none"))
    st.subheader(session.word("sources.notdrawn"), anchor=False)
    st.write(session.word("sources.notdrawn.note"))
    for chinese, other, why_chinese, why_english in NOT_DRAWN:
        st.markdown(session.pick((f"- {chinese}：{why_chinese}", f"- {other}: {why_english}")))
    without = session.data.parks[session.data.parks.geometry.isna()]
    with st.expander(f"{session.word('sources.parks')} · {len(without)}"):
        st.dataframe(
            pd.DataFrame(
                {
                    session.word("column.park"): without["name"],
                    session.word("column.category"): without["category"],
                    session.word("column.source"): without["source_title"],
                }
            ),
            hide_index=True,
            key="parks_without_point",
        )
    st.subheader(session.word("sources.catalogue"), anchor=False)
    st.write(session.word("sources.catalogue.note"))
    st.dataframe(
        pd.DataFrame(
            [
                {
                    session.word("column.title"): session.pick((entry.title_zh, entry.title_en)),
                    session.word("column.rows"): entry.rows,
                    session.word("column.evidence"): session.word(f"evidence.{entry.evidence}"),
                    session.word("column.source"): entry.source,
                    session.word("column.licence"): entry.licence,
                    session.word("column.attribution"): entry.attribution,
                    session.word("column.retrieved"): entry.retrieved,
                    session.word("column.url"): entry.url or None,
                    session.word("column.note"): entry.note,
                    session.word("column.file"): entry.file,
                    session.word("column.hash"): entry.sha256[:12],
                }
                for entry in catalogue().values()
            ]
        ),
        hide_index=True,
        key="catalogue",
        column_config={session.word("column.url"): st.column_config.LinkColumn()},
        height="auto",
    )
    st.caption(session.word("sources.version", product=NAME, version=version()))


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
