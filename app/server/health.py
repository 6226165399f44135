"""Whether the server can do its work, part by part, for the proxy that sends users to it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.records.database import open_database, reading
from app.records.location import nothing_kept
from app.server.datasets import starting_name, was_opened
from geo.errors import DataError
from geo.installation import workspace_dir

MIN_FREE_BYTES: Final = 200_000_000
"""Room on the disk of the workspace below which imports and exports are about to fail."""

_NO_STORE: Final = {"Cache-Control": "no-store"}


def serve_ready(_request: Request) -> Response:
    """Answer ``ready``, or 503 with one sentence for each part that does not work: ``/readyz``."""
    failed = [sentence for check in READY_CHECKS.values() if (sentence := check())]
    return PlainTextResponse("\n".join([*(failed or ["ready"]), ""]), 503 if failed else 200, _NO_STORE)


def _dataset() -> str:
    return "" if was_opened(starting_name()) else "数据集还没有打开（the dataset is not open yet）"


def _database() -> str:
    """Whether the records answer; a database that nobody has written to yet is not made by asking."""
    if nothing_kept():
        return ""
    try:
        with reading(open_database()) as connection:
            connection.execute(text("select 1"))
    except DataError as error:
        return f"{' '.join(error.message.split())}（the database does not answer）"
    return ""


def _disk() -> str:
    folder = next(one for one in (workspace_dir().absolute(), *workspace_dir().absolute().parents) if one.is_dir())
    if not os.access(folder, os.W_OK):
        return "工作区写不了（the workspace cannot be written）"
    return _room(folder)


def _room(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return "工作区所在的磁盘没有回答（the disk of the workspace does not answer）"
    if free < MIN_FREE_BYTES:
        return f"磁盘只剩 {free // 1_000_000} MB（the disk is nearly full）"
    return ""


READY_CHECKS: Final[dict[str, Callable[[], str]]] = {"dataset": _dataset, "database": _database, "disk": _disk}
"""Part of the server → what is wrong with it in one sentence, empty when nothing."""
