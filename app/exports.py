"""Files of large selections: written piece by piece with a bar, then fetched by a link that only their reader has."""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from app.session import current
from geo.errors import DataError
from geo.pieces import PIECEWISE, export_pieces

MOST: Final = 4
"""Files that are kept; the oldest gives way."""

EXCEL_ROWS: Final = 1_048_575

_files: Final[OrderedDict[str, Path]] = OrderedDict()
_lock: Final = Lock()
_folder: Final = tempfile.TemporaryDirectory(prefix="explorer-")


def offer_exports(total: int) -> None:
    """Offer the selection as csv and parquet; a bar shows how far the file is."""
    session = current()
    for suffix in PIECEWISE:
        kind = suffix.removeprefix(".")
        ready = st.session_state.get(f"export_{kind}")
        wanted = (session.set_id, session.filters, session.lang)
        if ready and ready[0] == wanted and ready[1] in _files:
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
    out = Path(_folder.name) / f"{secrets.token_hex(4)}-{name}-{session.data.date}{suffix}"
    rows = np.flatnonzero(session.mask)
    export_pieces(session.data.enterprises, rows, out, labels=session.lang, progress=tell)
    return keep(out)


def keep(file: Path) -> str:
    """Keep a file to be fetched; what stands in its address."""
    token = secrets.token_urlsafe(18)
    with _lock:
        _files[token] = file
        while len(_files) > MOST:
            _files.popitem(last=False)[1].unlink(missing_ok=True)
    return token


def serve_export(request: Request) -> Response:
    """Send a file that was written for its reader."""
    file = _files.get(str(request.path_params["token"]))
    if file is None or not file.is_file():
        return PlainTextResponse("没有这个文件，请重新导出（no such file）", 404, {"Cache-Control": "no-store"})
    return FileResponse(file, filename=file.name.partition("-")[2], headers={"Cache-Control": "no-store"})
