"""Files of large selections: written piece by piece with a bar, then fetched by a link that only their user has."""

import secrets
import tempfile
import time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from app.records.visibility import may_see
from app.server.sign_in import person_of_request
from geo.errors import DataError

MAX_SESSION_EXPORTS: Final = 4
"""Files that are kept for a session; its oldest gives way, and no one else's."""

MAX_TOTAL_BYTES: Final = 8 * 2**30
MAX_AGE_SECONDS: Final = 2 * 3600


class _Export(NamedTuple):
    file: Path
    session: str
    account: str
    dataset: str
    size: int
    written: float


_exports: Final[dict[str, _Export]] = {}
_lock: Final = Lock()


@cache
def folder() -> Path:
    """Folder to write them to; it goes with the server's other temporary files."""
    return Path(tempfile.mkdtemp(prefix="exports-"))


def register_file(file: Path, session: str, account: str = "", dataset: str = "") -> str:
    """Keep a file of a session and a dataset to be fetched; what stands in its address.

    It is the person's alone who has the account, as long as that person may see the dataset.

    Raises
    ------
    DataError
        When all that is kept would take more than `MAX_TOTAL_BYTES`; the file is removed then.
    """
    token = secrets.token_urlsafe(18)
    size, now = file.stat().st_size, time.monotonic()
    with _lock:
        own = [key for key, export in _exports.items() if export.session == session]
        old = [key for key, export in _exports.items() if now - export.written > MAX_AGE_SECONDS]
        for key in {*own[: max(0, len(own) + 1 - MAX_SESSION_EXPORTS)], *old}:
            _exports.pop(key).file.unlink(missing_ok=True)
        if size + sum(export.size for export in _exports.values()) > MAX_TOTAL_BYTES:
            file.unlink()
            raise DataError("服务器上待取的文件太多", cause="请过一会儿再导出，或先筛选（too many files kept）")
        _exports[token] = _Export(file, session, account, dataset, size, now)
    return token


def is_kept(token: str) -> bool:
    """Whether a file can still be fetched."""
    export = _exports.get(token)
    return export is not None and export.file.is_file()


def serve_export(request: Request) -> Response:
    """Send a file that was written for its user."""
    token = str(request.path_params["token"])
    export, person = _exports.get(token), person_of_request(request)
    theirs = export is not None and person.account == export.account and may_see(person, export.dataset)
    if export is None or not theirs or not export.file.is_file():
        return PlainTextResponse("没有这个文件，请重新导出（no such file）", 404, {"Cache-Control": "no-store"})
    return FileResponse(export.file, filename=export.file.name.partition("-")[2], headers={"Cache-Control": "no-store"})
