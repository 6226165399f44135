"""Files of large selections: written piece by piece with a bar, then fetched by a link that only their user has."""

import secrets
import tempfile
from pathlib import Path
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

MAX_FILES: Final = 4
"""Files that are kept; the oldest gives way."""


files: Final[dict[str, Path]] = {}
_lock: Final = Lock()
folder: Final = tempfile.TemporaryDirectory(prefix="explorer-")


def register_file(file: Path) -> str:
    """Keep a file to be fetched; what stands in its address."""
    token = secrets.token_urlsafe(18)
    with _lock:
        files[token] = file
        while len(files) > MAX_FILES:
            files.pop(next(iter(files))).unlink(missing_ok=True)
    return token


def serve_export(request: Request) -> Response:
    """Send a file that was written for its user."""
    file = files.get(str(request.path_params["token"]))
    if file is None or not file.is_file():
        return PlainTextResponse("没有这个文件，请重新导出（no such file）", 404, {"Cache-Control": "no-store"})
    return FileResponse(file, filename=file.name.partition("-")[2], headers={"Cache-Control": "no-store"})
