"""Downloads: one button for a file that is made when it is asked for, the packet, and files too large for that."""

import secrets
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import streamlit as st

from app.documents import packet_html
from app.i18n import as_markdown
from app.log import record_event
from app.records.people import UNSIGNED
from app.records.visibility import may_see
from app.server.downloads import folder, is_kept, register_file
from app.ui.person import hold_person, person_later, person_now
from app.ui.session import current, hold
from geo.errors import DataError
from geo.export.selection import PIECEWISE, export_pieces
from geo.filters.filters import Filters

MIME: Final = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending of a file → its media type."""

MAX_EXCEL_ROWS: Final = 1_048_575


def offer_file(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    key: str,
    *,
    icon: str = "download",
    help: str | None = None,  # noqa: A002  as Streamlit calls it
    disabled: bool = False,
) -> None:
    """Offer a file; it is made when somebody takes it, and the page does not run again for it.

    Parameters
    ----------
    label : str
    make : callable
        Makes what the file holds, of what its person may see at that moment.  Why it could not be made is said above the
        button at the next run.
    name : str
        Name of the file; its ending tells the media type.
    key : str
        Key of the button.
    icon : str
        Name of a Material symbol.
    help : str, optional
    disabled : bool
    """
    failures, session = st.session_state.setdefault("download_failures", {}), current()
    if key in failures:
        st.error(as_markdown(failures.pop(key)), icon=":material/error:")
    suffix, asked = name.rpartition(".")[2], person_later()  # no page is drawn when it is taken
    who = person_now().name or UNSIGNED

    def content() -> bytes | str:
        try:
            person = asked()  # the page may have been open since before something was taken from the person
            if not may_see(person, session.data.key):
                raise DataError("没有这个数据集（no such dataset）", cause="请刷新页面（reload the page）")
            with hold(session), hold_person(person):
                made = make()
        except DataError as error:
            failures[key] = str(error)
            record_event("export", who, failed=True, button=key, format=suffix)
            raise
        record_event("export", who, button=key, format=suffix)
        return made

    st.download_button(
        label,
        content,
        name,
        MIME.get(suffix, "application/octet-stream"),
        key=key,
        help=help,
        on_click="ignore",
        icon=f":material/{icon}:",
        disabled=disabled,
    )


def file_name(stem: str, suffix: str) -> str:
    """Name of a file to download: what it holds, whether it is made up, the date of the dataset."""
    data = current().data
    return "-".join(filter(None, [stem, "synthetic" if data.synthetic else "", data.date])) + f".{suffix}"


def offer_packet(choose: Callable[[], tuple[Sequence[str], str]] | None = None) -> None:
    """Offer the packet of the selection.

    Parameters
    ----------
    choose : callable, optional
        Gives, in the place of the selection, enterprises of the active dataset in the order in which they are listed,
        and the words that name them.
    """
    session = current()
    data, filters, lang = session.data, session.filters, session.lang

    def content() -> str:
        if choose is None:
            return packet_html(data, filters, lang)
        ids, sentence = choose()
        return packet_html(data.with_enterprises(data.rows_of(ids)), Filters(), lang, sentence)

    label, note = session.word("packet.download"), session.word("packet.download.help")
    offer_file(label, content, file_name("packet", "html"), "download_packet", icon="folder_zip", help=note)


def offer_exports() -> None:
    """Offer the selection as csv and parquet; a bar shows how far the file is."""
    session = current()
    for suffix in PIECEWISE:
        kind = suffix.removeprefix(".")
        ready = st.session_state.get(f"export_{kind}")
        wanted = (session.dataset_id, session.filters, session.lang)
        if ready and ready[0] == wanted and is_kept(ready[1]):
            st.link_button(session.word("table.fetch", suffix=kind.upper()), f"/exports/{ready[1]}")
        elif st.button(session.word("table.download", suffix=kind.upper()), key=f"prepare_{kind}"):
            try:
                token = _write(suffix)
            except DataError as error:
                st.error(as_markdown(str(error)), icon=":material/error:")
                return
            st.session_state[f"export_{kind}"] = (wanted, token)
            st.rerun()
    key = "table.xlsx.large" if session.total > MAX_EXCEL_ROWS else "table.xlsx.slow"
    st.caption(session.word(key, n=f"{MAX_EXCEL_ROWS:,}"))


def _write(suffix: str) -> str:
    """Write the selection under a bar; what stands in the address of the file."""
    session = current()
    bar = st.progress(0.0, session.word("table.writing", n=f"{session.total:,}"))

    def progress(done: int, rows: int) -> None:
        bar.progress(done / max(rows, 1), session.word("table.writing", n=f"{done:,} / {rows:,}"))

    out = folder() / f"{secrets.token_hex(4)}-{file_name('enterprises', suffix.removeprefix('.'))}"
    rows = np.flatnonzero(session.mask)
    export_pieces(
        session.data.enterprises, rows, out, labels=session.lang, near=session.filters.near, progress=progress
    )
    record_event("export", person_now().name or UNSIGNED, format=suffix.removeprefix("."), rows=len(rows))
    of_session = st.session_state.setdefault("export_session", secrets.token_hex(8))
    return register_file(out, of_session, person_now().account, session.data.key)
