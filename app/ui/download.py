"""Downloads of a selection: the packet, and files of large selections written piece by piece under a bar."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from app.documents import packet_html
from app.server.downloads import files, folder, register_file
from app.ui.session import current
from geo.errors import DataError
from geo.export.selection import PIECEWISE, export_pieces
from geo.filters.filters import Filters


def offer_packet(choose: Callable[[], tuple[Sequence[str], str]] | None = None) -> None:
    """Offer the packet of the selection; it is made when it is asked for.

    Parameters
    ----------
    choose : callable, optional
        Gives, in the place of the selection, enterprises of the active set in the order in which they are listed, and
        the words that name them.
    """
    session = current()
    data, filters = session.data, session.filters

    def content() -> str:
        if choose is None:
            return packet_html(data, filters, session.lang)
        ids, sentence = choose()
        return packet_html(data.with_enterprises(data.enterprises.loc[list(ids)]), Filters(), session.lang, sentence)

    made_up = "-synthetic" if data.synthetic else ""
    st.download_button(
        session.word("packet.download"),
        data=content,
        file_name=f"packet{made_up}-{data.date}.html",
        mime="text/html",
        icon=":material/folder_zip:",
        help=session.word("packet.download.help"),
        key="download_packet",
    )


EXCEL_ROWS: Final = 1_048_575


def offer_exports(total: int) -> None:
    """Offer the selection as csv and parquet; a bar shows how far the file is."""
    session = current()
    for suffix in PIECEWISE:
        kind = suffix.removeprefix(".")
        ready = st.session_state.get(f"export_{kind}")
        wanted = (session.set_id, session.filters, session.lang)
        if ready and ready[0] == wanted and ready[1] in files:
            st.link_button(session.word("table.fetch", suffix=kind.upper()), f"/exports/{ready[1]}")
        elif st.button(session.word("table.download", suffix=kind.upper()), key=f"prepare_{kind}"):
            try:
                token = _write(suffix, total)
            except DataError as error:
                st.error(str(error), icon=":material/error:")
                return
            st.session_state[f"export_{kind}"] = (wanted, token)
            st.rerun()
    key = "table.xlsx.large" if total > EXCEL_ROWS else "table.xlsx.slow"
    st.caption(session.word(key, n=f"{EXCEL_ROWS:,}"))


def _write(suffix: str, total: int) -> str:
    """Write the selection under a bar; what stands in the address of the file."""
    session = current()
    bar = st.progress(0.0, session.word("table.writing", n=f"{total:,}"))

    def tell(done: int, rows: int) -> None:
        bar.progress(done / max(rows, 1), session.word("table.writing", n=f"{done:,} / {rows:,}"))

    name = "enterprises-synthetic" if session.data.synthetic else "enterprises"
    out = Path(folder.name) / f"{secrets.token_hex(4)}-{name}-{session.data.date}{suffix}"
    rows = np.flatnonzero(session.mask)
    export_pieces(session.data.enterprises, rows, out, labels=session.lang, progress=tell)
    return register_file(out)
