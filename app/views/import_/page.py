"""Import: vendors' files in, an account of every row, and the datasets of this workspace."""

import json
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from app.i18n import as_markdown
from app.log import record_event
from app.records.database import open_database
from app.records.datasets import add_dataset
from app.records.people import UNSIGNED, writer
from app.ui.address import address_now
from app.ui.choice import choose
from app.ui.person import person_now
from app.ui.session import current
from app.ui.uploads import current_uploads, drop_uploads
from app.views.import_.columns import ask_columns
from app.views.import_.datasets import draw_datasets
from app.views.import_.report import draw_report
from app.views.import_.rights import ask_rights
from geo.crs import DATUMS
from geo.datasets import workspace
from geo.datasets.rights import DatasetRights
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError
from geo.ingest.isolation import warm
from geo.ingest.pipeline import IMPORT_STAGES, IMPORT_SUFFIXES
from geo.text import fold, visible


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
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    if st.session_state.get("imported_files") == [file.file_id for file in files]:
        st.button(session.word("import.again"), on_click=_forget, key="import_again", icon=":material/refresh:")
        return
    asked = {path.name: ask_columns(path) for path in paths}
    mappings = {name: mapping for name, (mapping, _) in asked.items()}
    remembered = {column: title for _, earlier in asked.values() for column, title in earlier.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(session.word("import.name"), value=Path(files[0].name).stem[:60], key="import_name")
        datum = st.selectbox(
            session.word("import.datum"),
            ["auto", *DATUMS],
            format_func=lambda option: session.word(f"import.datum.{option}"),
            key="import_datum",
            help=session.word("import.datum.help"),
        )
    title, held = _choose_title(name)
    keep = st.checkbox(
        session.word("import.personal"), key="import_personal", help=session.word("import.personal.help")
    )
    ready = all(mapping is not None for mapping in mappings.values())
    rights = ask_rights("import", DatasetRights(owner=person_now().account)) if held is None else None
    allowed = person_now().may("import")
    if not allowed:
        st.warning(session.word(_why_not()), icon=":material/no_accounts:")
    place = st.empty()
    if place.button(session.word("import.run"), type="primary", disabled=not (ready and allowed), key="import_run"):
        place.empty()
        options = {"datum": datum, "keep_personal": keep, "mapping": mappings, "remembered": remembered}
        if _run(paths, title, options, rights, held):
            st.session_state["imported_files"] = [file.file_id for file in files]
            st.rerun()


def _why_not() -> str:
    """Message for who may not import."""
    person = person_now()
    return "person.proxy.silent" if not person.name else "person.no_import"


def _forget() -> None:
    st.session_state["imported_files"] = []


def _choose_title(name: str) -> tuple[str, ImportedDataset | None]:
    """Title of the new dataset, and the one whose place it takes, where the person wants that."""
    session = current()
    person = person_now()
    if workspace.named(name, person.knows) is None:
        return name, None
    other = workspace.another_title(name, owner=person.account, known=person.knows)
    options = {"another": session.word("import.another", title=other)}
    own = [
        entry
        for entry in workspace.list_datasets()
        if person.knows(entry) and person.owns(entry.rights) and fold(entry.title) == fold(visible(name))
    ]
    held = own[0] if len(own) == 1 else None  # of several of one title nobody could say which is meant
    if held:
        added = held.added.replace("T", " ")[:16]
        options["replace"] = session.word("import.replace", rows=f"{held.rows:,}", added=added)
    chosen = choose(st.radio, "import_existing", options, "import.existing", in_address=False, horizontal=True)
    return (held.title, held) if held and chosen == "replace" else (other, None)


def _run(
    paths: list[Path],
    title: str,
    options: dict[str, Any],
    rights: DatasetRights | None,
    replaces: ImportedDataset | None,
) -> bool:
    """Import under a bar that tells rows done; whoever stops it or leaves the page ends it at the next of these.

    Whether something was imported.
    """
    session = current()
    with st.container(horizontal=True, vertical_alignment="center", key="import_progress"):
        bar = st.progress(0.0)
        st.button(session.word("computed.stop"), icon=":material/stop:", key="import_stop")

    def progress(stage: str, done: int, total: int) -> None:
        text = session.word(
            "import.progress",
            stage=session.word(f"import.stage.{stage}"),
            done=f"{done:,}",
            total=f"{total:,}" if total else "…",
        )
        share = (IMPORT_STAGES.index(stage) + (done / total if total else 0.0)) / len(IMPORT_STAGES)
        bar.progress(min(share, 1.0), text)

    person = person_now()
    state = st.session_state
    try:
        writer(person, "import", named=False)  # before the work, which takes a while
        with tempfile.TemporaryDirectory(prefix="set-") as folder:
            out = Path(folder) / "set"
            current_uploads().import_files(paths, out, progress=progress, **options)
            state["import_report"] = json.loads((out / "report.json").read_text(encoding="utf-8"))
            for name in ("rejected", "merged"):
                state[f"import_{name}"] = (out / f"{name}.csv").read_bytes()
            state["import_set"] = add_dataset(open_database(), out, title, person, replaces=replaces, rights=rights)
            address_now().reset |= {"compare_old", "compare_new"}  # what came last is compared with what it follows
    except (DataError, OSError) as error:
        bar.empty()
        record_event("import", person.name or UNSIGNED, failed=True)
        st.error(as_markdown(str(error)), icon=":material/error:")
        return False
    return True


def draw() -> None:
    """Draw the page."""
    session = current()
    st.write(session.word("import.lead"))
    draw_upload()
    draw_report()
    st.divider()
    draw_datasets()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
