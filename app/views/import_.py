"""Import: vendors' files in, an account of every row, and the sets of this workspace."""

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.records.database import open_database
from app.records.datasets import add_dataset, delete_dataset
from app.records.people import writer
from app.ui.choice import choose, distinct
from app.ui.dataset_picker import BUILT_IN_KEY, built_in, dataset_titles
from app.ui.download import offer_file
from app.ui.maps import draw_subject, page_view
from app.ui.person import person_now
from app.ui.session import current
from app.ui.uploads import current_uploads, drop_uploads
from geo.crs import DATUMS
from geo.datasets import workspace
from geo.datasets.diff import CHANGE_KINDS, compare
from geo.datasets.workspace import ImportedDataset
from geo.enterprises.schema import COLUMN_LABELS, PRECISION_LABELS
from geo.errors import DataError
from geo.ingest.isolation import warm
from geo.ingest.pipeline import COLUMN_ALIASES, IMPORT_SUFFIXES
from layers.changes import draw_changes


def draw_upload() -> None:
    """Files in, what was recognised of them, and the button that imports them."""
    session = current()
    warm(imports=True)
    files = st.file_uploader(
        session.word("import.files"),
        type=sorted(suffix.lstrip(".") for suffix in IMPORT_SUFFIXES),
        accept_multiple_files=True,
        key="import_files",
    )
    if not files:
        drop_uploads()
        return
    try:
        paths = current_uploads().keep(files)
    except (DataError, OSError) as error:
        st.error(str(error), icon=":material/error:")
        return
    mappings = {path.name: _draw_preview(path) for path in paths}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(session.word("import.name"), value=Path(files[0].name).stem[:60], key="import_name")
        datum = st.selectbox(
            session.word("import.datum"),
            ["auto", *DATUMS],
            format_func=lambda option: session.word(f"import.datum.{option}"),
            key="import_datum",
            help=session.word("import.datum.help"),
        )
    keep = st.checkbox(
        session.word("import.personal"), key="import_personal", help=session.word("import.personal.help")
    )
    ready = all(mapping is not None for mapping in mappings.values())
    allowed = person_now().may_write
    if not allowed:
        st.warning(session.word("person.proxy.silent"), icon=":material/no_accounts:")
    if st.button(session.word("import.run"), type="primary", disabled=not (ready and allowed), key="import_run"):
        _run(paths, name, datum, keep, mappings)


def _draw_preview(path: Path) -> dict[str, str] | None:
    """Show what was recognised of a file and let the user correct the columns; None when it cannot be read."""
    session = current()
    with st.container(border=True):
        st.markdown(f"**{as_markdown(path.name)}**")
        try:
            seen = current_uploads().preview(path)
        except DataError as error:
            st.error(str(error), icon=":material/error:")
            return None
        st.caption(
            session.word(
                "import.recognised",
                vendor=session.word(f"import.vendor.{seen.vendor}"),
                header=seen.header_row or "–",
                encoding=seen.encoding or "–",
                rows=f"{seen.rows:,}",
                mapped=len(seen.columns_mapped),
                unknown=len(seen.columns_unknown),
                personal=len(seen.personal_columns),
            )
        )
        with st.expander(session.word("import.columns")):
            mapping = _edit_mapping(path, seen)
        st.dataframe(seen.head.astype(str), hide_index=True, key=f"head_{path.name}", height="auto")
        return mapping


def _edit_mapping(path: Path, seen: Any) -> dict[str, str]:
    """Let the user say what each column means; what differs from the recognised mapping, for `import_files`."""
    session = current()
    shown = distinct({name: session.pick(COLUMN_LABELS.get(name, (name, name))) for name in COLUMN_ALIASES})
    names = {label: name for name, label in shown.items()}
    recognised = {header: canonical for canonical, header in seen.columns_mapped.items()}
    header, meaning = session.word("import.column.file"), session.word("import.column.meaning")
    headers = [str(column) for column in seen.head.columns]
    edited = st.data_editor(
        pd.DataFrame({header: headers, meaning: [shown.get(recognised.get(column, "")) for column in headers]}),
        hide_index=True,
        disabled=[header],
        key=f"mapping_{path.name}",
        column_config={meaning: st.column_config.SelectboxColumn(options=list(names))},
    )
    chosen = {
        names[label]: column for column, label in zip(edited[header], edited[meaning], strict=True) if label in names
    }
    taken_out = {name: "" for name, column in seen.columns_mapped.items() if name not in chosen and column in headers}
    return taken_out | {name: column for name, column in chosen.items() if seen.columns_mapped.get(name) != column}


def _run(paths: list[Path], name: str, datum: Any, keep: bool, mappings: dict[str, Any]) -> None:
    session = current()
    bar = st.progress(0.0)

    def progress(stage: str, done: int, total: int) -> None:
        text = session.word(
            "import.progress", stage=session.word(f"import.stage.{stage}"), done=f"{done:,}", total=f"{total:,}"
        )
        bar.progress(min(1.0, done / total if total else 0.0), text)

    person = person_now()
    try:
        writer(person, named=False)  # before the work, which takes a while
        with tempfile.TemporaryDirectory(prefix="set-") as folder:
            out = Path(folder) / "set"
            current_uploads().import_files(
                paths, out, datum=datum, keep_personal=keep, mapping=mappings, progress=progress
            )
            st.session_state["import_report"] = json.loads((out / "report.json").read_text(encoding="utf-8"))
            for name_of_list in ("rejected", "merged"):
                st.session_state[f"import_{name_of_list}"] = (out / f"{name_of_list}.csv").read_bytes()
            st.session_state["import_set"] = add_dataset(open_database(), out, name, person)
    except (DataError, OSError) as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    st.rerun()


def draw_report() -> None:
    """The account of the last import: every row is imported, rejected or merged."""
    report = st.session_state.get("import_report")
    if not report:
        return
    session = current()
    st.subheader(session.word("report.title"), anchor=False)
    names = ("rows_in_file", "imported", "rejected", "duplicates_merged", "conflicts")
    with st.container(horizontal=True, key="report"):
        for name in names:
            st.metric(session.word(f"report.{name}"), f"{report[name]:,}")
    st.caption(session.word("report.sum", **{name: f"{report[name]:,}" for name in names}))
    verdict = report["datum"]
    st.markdown(
        session.word(
            "report.datum",
            verdict=as_markdown(verdict["grid"])
            if verdict.get("grid", "").startswith(verdict["verdict"])
            else session.word(f"import.datum.{verdict['verdict']}"),
            n=f"{verdict['n']:,}",
            scores="，".join(f"{name} {score:.1%}" for name, score in (verdict.get("scores") or {}).items()) or "–",
        )
    )
    counts = " · ".join(f"{session.pick(PRECISION_LABELS[level])} {n:,}" for level, n in report["location"].items())
    st.markdown(f"{session.word('report.location')}：{counts}")
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
        st.markdown(session.word("report.personal", columns=as_markdown("、".join(dropped))))
    if report["issues"]:
        with st.expander(session.word("report.issues", n=f"{len(report['issues']):,}")):
            st.dataframe(pd.DataFrame(report["issues"]).astype(str), hide_index=True, key="issues")
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


def draw_sets() -> None:
    """List the sets, each with what can be done with it."""
    session = current()
    sets = workspace.list_datasets()
    st.subheader(session.word("sets.title"), anchor=False)
    if not sets:
        st.caption(session.word("sets.none", folder=str(workspace.workspace_dir())))
        return
    for entry in sets:
        _draw_set(entry)
    _draw_comparison(sets)


def _draw_set(entry: ImportedDataset) -> None:
    session = current()
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"set_{entry.key}"):
        files = "、".join(f"{name} {sha256[:8]}" for name, sha256 in entry.files)
        with st.container():
            st.text(entry.title)
            added = entry.added.replace("T", " ")[:16]
            st.caption(session.word("sets.facts", rows=f"{entry.rows:,}", added=added))
            st.text(files)
        st.button(
            session.word("sets.use"),
            on_click=_use,
            args=[entry.key],
            disabled=st.session_state.get("dataset") == entry.key,
            key=f"use_{entry.key}",
            icon=":material/check:",
        )
        if st.button(
            session.word("sets.delete"),
            key=f"delete_{entry.key}",
            icon=":material/delete:",
            disabled=not person_now().may_write,
        ):
            _confirm_delete(entry)


def _use(key: str) -> None:
    st.session_state["dataset"] = key


@st.dialog("删除 / Delete")
def _confirm_delete(entry: ImportedDataset) -> None:
    session = current()
    st.text(session.word("sets.delete.ask", title=entry.title, rows=f"{entry.rows:,}"))
    if st.button(session.word("sets.delete.yes"), type="primary", key="delete_yes"):
        try:
            delete_dataset(open_database(), entry, person_now())
        except DataError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.rerun()


def _draw_comparison(sets: list[ImportedDataset]) -> None:
    """Compare two releases: counts by kind and district, the list, and where on the map."""
    session = current()
    st.subheader(session.word("compare.title"), anchor=False)
    titles = dataset_titles(session.lang, sets)
    with st.container(horizontal=True):
        old = choose(st.selectbox, "compare_old", titles, "compare.old")
        new = choose(st.selectbox, "compare_new", titles, "compare.new", default=list(titles)[1])
    if old == new:
        st.caption(session.word("compare.same"))
        return
    try:
        before, after = _enterprises(old), _enterprises(new)
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return
    changes = compare(before, after)
    if changes.empty:
        st.caption(session.word("compare.nothing"))
        return
    named = changes.assign(kind=changes["kind"].map(lambda kind: session.pick(CHANGE_KINDS[kind])))
    counts = pd.crosstab(named["district"].replace("", "–"), named["kind"]).sort_index()
    with st.container(key="changes_by_district"):
        st.dataframe(counts.rename_axis(session.word("filter.district")), height="auto")
    drawn = draw_changes(changes, before, after, page_view())
    draw_subject(drawn, "changes", 420, own_legend=False, small=True)
    shown = named[["kind", "name", "old_name", "district", "old_district", "columns", "detail"]]
    labels = {name: session.word(f"compare.{name}") for name in shown.columns}
    st.dataframe(shown.rename(columns=labels), hide_index=True, key="changes")


def _enterprises(key: str):  # type: ignore[no-untyped-def]
    return built_in().enterprises if key == BUILT_IN_KEY else workspace.read_enterprises(key)


def draw() -> None:
    """Draw the page."""
    session = current()
    st.write(session.word("import.lead"))
    draw_upload()
    draw_report()
    st.divider()
    draw_sets()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
