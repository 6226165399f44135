"""The account of the last import: every row is imported, rejected or merged, and what became of every column."""

import json
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.server.datasets import list_visible
from app.ui.download import offer_file
from app.ui.person import person_now
from app.ui.session import current
from app.views.import_.columns import known_by
from app.views.import_.datasets import offer_map
from geo.enterprises.schema import PRECISION_LABELS
from geo.ingest.problems import in_english
from geo.ingest.values.columns import column_label


def draw_report() -> None:
    """Draw the account, where something was imported in this session."""
    report = st.session_state.get("import_report")
    if not report:
        return
    session = current()
    st.subheader(session.word("report.title"), anchor=False)
    added = st.session_state.get("import_set")
    if added is not None and any(entry.key == added.key for entry in list_visible(person_now())):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(session.word("report.kept", title=added.title))
            offer_map(added.key, "imported", type="primary")
    names = ("rows_in_file", "imported", "rejected", "duplicates_merged", "conflicts")
    with st.container(horizontal=True, key="report"):
        for name in names:
            st.metric(session.word(f"report.{name}"), f"{report[name]:,}")
    st.caption(session.word("report.sum", **{name: f"{report[name]:,}" for name in names}))
    counts = " · ".join(f"{session.pick(PRECISION_LABELS[level])} {n:,}" for level, n in report["location"].items())
    st.markdown(f"{session.word('report.location')}{session.word('account.colon')}{counts}")
    st.caption(
        session.word(
            "report.notes",
            outside=f"{report['outside']:,}",
            shared=f"{report['shared_addresses']:,}",
            registration=f"{report['registration_differs']:,}",
        )
    )
    dropped = report["personal_columns_dropped"]
    if dropped:
        st.markdown(session.word("report.personal", columns=as_markdown(session.listing(dropped))))
    for number, file in enumerate(report["files"]):
        _draw_file(file, number)
    if report["issues"]:
        with st.expander(session.word("report.issues", n=f"{sum(report['issue_counts'].values()):,}")):
            _draw_issues(report)
    with st.container(horizontal=True):
        for name in ("rejected", "merged"):
            content = st.session_state[f"import_{name}"]
            offer_file(
                session.word(f"report.{name}.download"), partial(bytes, content), f"{name}.csv", f"report_{name}"
            )
        offer_file(
            session.word("report.download"),
            partial(json.dumps, report, ensure_ascii=False, indent=1),
            "report.json",
            "report_json",
        )


def _draw_file(file: dict[str, Any], number: int) -> None:
    """Datum and columns of a file: its heading, what it was taken for, by what, and how far it is filled."""
    session = current()
    verdict = file["datum"]
    grid = str(verdict.get("grid", ""))
    known = grid.startswith(verdict["verdict"]) and bool(grid)
    with st.expander(session.word("report.file", name=as_markdown(file["file"])), expanded=True):
        st.markdown(
            session.word(
                "report.datum",
                verdict=as_markdown(grid) if known else session.word(f"import.datum.{verdict['verdict']}"),
                n=f"{verdict['n']:,}",
                scores=session.listing(
                    f"{session.word(f'import.datum.{name}')} {score:.1%}"
                    for name, score in (verdict.get("scores") or {}).items()
                )
                or "–",
            )
        )
        st.dataframe(_columns_of(file), hide_index=True, key=f"columns_{number}", height="auto")


def _columns_of(file: dict[str, Any]) -> pd.DataFrame:
    session = current()
    taken = file["rows_in_file"] - file["rejected"]
    rows = [
        (
            title,
            column_label(name, session.lang),
            known_by(file["columns_by"].get(name, "")),
            file["filled"].get(name, 0),
        )
        for name, title in file["columns_mapped"].items()
    ]
    kept, dropped = session.word("report.column.kept"), session.word("report.column.dropped")
    rows += [(title, kept, "", file["kept_filled"].get(title, 0)) for title in file["columns_unknown"]]
    said = [(*row[:3], f"{row[3]:,}/{taken:,}") for row in rows]
    said += [(title, dropped, "", "") for title in file["personal_columns_dropped"]]
    words = [session.word(f"import.column.{name}") for name in ("file", "meaning", "by", "filled")]
    return pd.DataFrame(said, columns=words)


def _draw_issues(report: dict[str, Any]) -> None:
    """How often each thing was noticed, and each place of it."""
    session = current()

    def told(problem: str) -> str:
        return in_english(problem) if session.lang == "en" else problem

    def where(column: str) -> str:
        return column_label(column, session.lang)

    issues = pd.DataFrame(report["issues"]).reindex(columns=["file", "sheet", "row", "column", "value", "problem"])
    issues = issues.astype(object).fillna("").astype(str)
    kinds = {
        (f"{column}：{problem}" if column else problem): (column, problem)
        for column, problem in zip(issues["column"], issues["problem"], strict=True)
    }
    counts = [
        (where(kinds.get(kind, ("", kind))[0]), told(kinds.get(kind, ("", kind))[1]), n)
        for kind, n in sorted(report["issue_counts"].items(), key=lambda one: -one[1])
    ]
    names = ("column", "problem", "count")
    st.dataframe(
        pd.DataFrame(counts, columns=[session.word(f"issue.{name}") for name in names]),
        hide_index=True, key="issue_counts", height="auto",
    )  # fmt: skip
    issues["row"] = issues["row"].str.removesuffix(".0")
    issues["column"], issues["problem"] = issues["column"].map(where), issues["problem"].map(told)
    empty = [name for name in ("file", "sheet") if issues[name].nunique() < 2]
    shown = issues.drop(columns=empty)
    st.dataframe(
        shown.rename(columns={name: session.word(f"issue.{name}") for name in shown}), hide_index=True, key="issues"
    )
