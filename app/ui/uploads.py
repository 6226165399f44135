"""Files that a session uploaded: on disk under their own names while it lasts, each read once, all limited in sum."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final
from weakref import WeakSet

import streamlit as st

from app.server.uploads import MAX_PROCESS_BYTES, MAX_SESSION_BYTES
from geo.errors import DataError
from geo.ingest.isolation import FOLDER_PREFIX
from geo.ingest.pipeline import Preview, import_apart, preview_apart
from geo.ingest.readers.read import read_into

MAX_SESSION_FILES: Final = 50

_lock: Final = Lock()
_all: "Final[WeakSet[Uploads]]" = WeakSet()


class Uploads:
    """Uploads of one session.

    The folder goes with the session, at the end of the process, or when the next process finds it left over.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix=f"{FOLDER_PREFIX}{os.getpid()}-")
        self._paths: dict[str, Path] = {}
        self._sizes: dict[str, int] = {}
        self._seen: dict[Path, Preview | DataError] = {}
        self._remembered: dict[Path, Preview] = {}
        (Path(self._folder.name) / "read").mkdir()
        with _lock:
            _all.add(self)

    def keep(self, files: Iterable[Any]) -> list[Path]:
        """Paths of uploads, which are written when they are new; what is no longer among them is removed.

        Raises
        ------
        DataError
            When they are too many or too large, for this session or with those of all others.
        """
        wanted = {file.file_id: file for file in files}
        with _lock:
            for gone in self._paths.keys() - wanted.keys():
                path = self._paths.pop(gone)
                self._sizes.pop(gone)
                self._seen.pop(path, None)
                self._remembered.pop(path, None)
                path.unlink(missing_ok=True)
                shutil.rmtree(self._read_of(path), ignore_errors=True)
            sizes = {key: int(file.size) for key, file in wanted.items()}
            total = sum(sizes.values())
            if len(wanted) > MAX_SESSION_FILES or total > MAX_SESSION_BYTES:
                raise DataError(
                    "上传的文件太多或太大", value=f"{len(wanted)} 个，{total / 2**20:,.0f} MB",
                    expected=f"一次至多 {MAX_SESSION_FILES} 个、共 {MAX_SESSION_BYTES / 2**20:,.0f} MB", cause="请分几次导入",
                )  # fmt: skip
            if total + sum(sum(other._sizes.values()) for other in _all if other is not self) > MAX_PROCESS_BYTES:
                raise DataError("别人上传的文件正占着地方", cause="请过一会儿再试")
            self._sizes = sizes
        for key, file in wanted.items():
            if key not in self._paths:
                self._paths[key] = self._write(file)
        return [self._paths[key] for key in wanted]

    def preview(self, path: Path) -> Preview:
        """Look into an upload; it is read when it is first asked for, and by a process of its own each time."""
        if path not in self._seen:
            try:
                read_into(path, self._read_of(path))
                self._seen[path] = preview_apart(path, self._read_of(path))
            except DataError as error:
                self._seen[path] = error
        found = self._seen[path]
        if isinstance(found, DataError):
            raise found.with_traceback(None)
        return found

    def preview_as(self, path: Path, remembered: Mapping[str, str]) -> Preview:
        """As `preview`, with columns as a person gave them at an earlier release."""
        if not remembered:
            return self.preview(path)
        if path not in self._remembered or self._remembered[path].remembered != remembered:
            self._remembered[path] = preview_apart(path, self._read_of(path), remembered)
        return self._remembered[path]

    def import_files(self, paths: Iterable[Path], out: Path, **options: Any) -> None:
        """Import uploads that were looked into; options as for `geo.ingest.pipeline.import_apart`."""
        import_apart({path: self._read_of(path) for path in paths}, out, **options)

    def _read_of(self, path: Path) -> Path:
        """Folder with what was read of an upload."""
        return Path(self._folder.name) / "read" / path.name

    def _write(self, file: Any) -> Path:
        """Write an upload under its own name, made unique; nothing of the name but its last part is used."""
        name = Path(file.name.replace("\\", "/")).name or "file"
        path = Path(self._folder.name) / name
        while path.exists():
            path = path.with_stem(f"{path.stem}_")
        path.write_bytes(file.getbuffer())
        return path


def current_uploads() -> Uploads:
    """Those of the session that is drawn."""
    if "uploads" not in st.session_state:
        st.session_state["uploads"] = Uploads()
    uploads: Uploads = st.session_state["uploads"]
    return uploads


def drop_uploads() -> None:
    """Remove what the session that is drawn has uploaded before."""
    if "uploads" in st.session_state:
        current_uploads().keep([])
