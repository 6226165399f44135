"""What the columns of a file mean: recognised, corrected by hand, and asked about where that is not clear."""

from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import distinct
from app.ui.person import person_now
from app.ui.session import current
from app.ui.uploads import current_uploads
from geo.datasets import workspace
from geo.errors import DataError
from geo.ingest.pipeline import Preview
from geo.ingest.values.columns import COLUMN_ALIASES, column_label

_NAME: Final = "name"


def ask_columns(path: Path) -> tuple[dict[str, str] | None, dict[str, str]]:
    """Show what was recognised of a file and let the user say what is what.

    Returns
    -------
    mapping : dict of str to str, or None
        Canonical column → header where that differs from what was recognised, for `import_files`; None when the file
        cannot be read, or a question is open.
    remembered : dict of str to str
        What was given for an earlier release.
    """
    session = current()
    with st.container(border=True):
        st.markdown(f"**{as_markdown(path.name)}**")
        try:
            uploads = current_uploads()
            _, earlier = workspace.remembered_columns(uploads.preview(path).head.columns, person_now().knows)
            seen = uploads.preview_as(path, earlier)
        except DataError as error:
            st.error(as_markdown(str(error)), icon=":material/error:")
            return None, {}
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
        if seen.remembered:
            _say_remembered(seen)
        asked = st.container()
        with st.expander(session.word("import.columns"), expanded=_NAME not in seen.columns_mapped):
            edited = _edit(path, seen)
        with asked:
            chosen = _settle(path, seen, edited)
        st.dataframe(seen.head.astype(str), hide_index=True, key=f"head_{path.name}", height="auto")
    if chosen is None:
        return None, seen.remembered
    headers = set(seen.head.columns)
    taken_out = {name: "" for name, title in seen.columns_mapped.items() if name not in chosen and title in headers}
    differing = {name: title for name, title in chosen.items() if seen.columns_mapped.get(name) != title}
    return taken_out | differing, seen.remembered


def _say_remembered(seen: Preview) -> None:
    session = current()
    title, _ = workspace.remembered_columns(seen.remembered.values(), person_now().knows)
    columns = session.listing(
        f"{header} → {column_label(column, session.lang)}" for column, header in seen.remembered.items() if header
    )
    said = session.word("import.remembered", title=as_markdown(title), columns=as_markdown(columns))
    st.info(said, icon=":material/history:")


def _edit(path: Path, seen: Preview) -> dict[str, list[str]]:
    """Table of the headers with what each means, which can be changed; the headers of each canonical column."""
    session = current()
    kept = session.word("report.column.kept")
    shown = distinct({name: column_label(name, session.lang) for name in COLUMN_ALIASES})
    names = {label: name for name, label in shown.items()}
    known = {header: column for column, header in seen.columns_mapped.items()}
    words = {name: session.word(f"import.column.{name}") for name in ("file", "meaning", "by", "filled")}
    headers = [str(title) for title in seen.head.columns]
    table = pd.DataFrame(
        {
            words["file"]: headers,
            words["meaning"]: [shown.get(known.get(title, ""), kept) for title in headers],
            words["by"]: [known_by(seen.columns_by.get(known.get(title, ""), "")) for title in headers],
            words["filled"]: [f"{seen.filled.get(title, 0):,}/{seen.rows:,}" for title in headers],
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=[words["file"], words["by"], words["filled"]],
        key=f"mapping_{path.name}",
        column_config={words["meaning"]: st.column_config.SelectboxColumn(options=[kept, *names])},
    )
    found: dict[str, list[str]] = {}
    for title, label in zip(edited[words["file"]], edited[words["meaning"]], strict=True):
        if label in names:
            found.setdefault(names[label], []).append(str(title))
    if seen.columns_mapped.get("lon") == seen.columns_mapped.get("lat") and found.get("lat"):
        found["lon"] = found["lat"]  # one column has both
    return found


def _settle(path: Path, seen: Preview, edited: dict[str, list[str]]) -> dict[str, str] | None:
    """One header for each canonical column: asked where there are several, or none for the name; None while it is open."""
    session = current()
    chosen: dict[str, str] = {}
    open_question = False
    for column in sorted({*edited, *seen.alternatives, _NAME}, key=[*COLUMN_ALIASES].index):
        titles = edited.get(column, [])
        label = column_label(column, session.lang)
        if len(titles) > 1:  # the user has given both this meaning, and says which
            answer = st.radio(
                session.word("import.ask.both", label=label, columns=session.listing(f"“{one}”" for one in titles)),
                titles,
                index=None,
                horizontal=True,
                key=f"both_{column}_{path.name}",
            )
        elif column == _NAME and not titles:
            answer = st.selectbox(
                session.word("import.ask.name"),
                [str(title) for title in seen.head.columns],
                index=None,
                key=f"name_{path.name}",
                placeholder=session.word("correct.choose"),
            )
        elif column in seen.alternatives and titles:
            options = list(dict.fromkeys([*titles, *seen.alternatives[column]]))
            answer = st.radio(
                session.word("import.ask.which", label=label),
                options,
                horizontal=True,
                key=f"which_{column}_{path.name}",
            )
        else:
            answer = titles[0] if titles else ""
        if answer is None:
            open_question = True
        elif answer:
            chosen[column] = str(answer)
    if open_question:
        st.warning(session.word("import.ask.open"), icon=":material/help:")
        return None
    return chosen


def known_by(what: str) -> str:
    """What a column is known by, in words."""
    return current().word(f"import.by.{what}") if what else ""
