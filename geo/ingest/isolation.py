"""Untrusted files are read in a process of their own; its death is one sentence to the one who brought the file.

A process that has the libraries loaded waits for files and makes a copy of itself for each (fork, about 10 ms); where a
system cannot do that a new one is started for each.  The copy gives up what `geo.ingest.confinement` lists, reads one
file in a working folder that is removed afterwards, and answers in JSON, Arrow or numpy files, which hold no code.
"""

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, BinaryIO, Final, NamedTuple

from geo.catalog import built_data_dir, data_dir
from geo.errors import DataError
from geo.files import lives
from geo.ingest.confinement import Allowance
from geo.installation import ROOT, variable, workspace_dir

CAN_FORK: Final = sys.platform != "win32"
MAX_PROCESSES: Final = max(2, (os.cpu_count() or 2) // 2)
"""Files that are read at the same time; further ones wait."""

QUEUE_SECONDS: Final = 120
START_SECONDS: Final = 60
"""Until a process answers that has to load its libraries first; one that does not is started anew, once."""

MAX_LINE_BYTES: Final = 2**16
MAX_ANSWER_BYTES: Final = 256 * 2**20
FOLDER_PREFIX: Final = "explorer-read-"

_HEARTBEAT_SECONDS: Final = 0.5
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH")
"""Variables that the libraries need; all others, keys and addresses of databases among them, are not handed over."""

_PROGRESS: Final = {"import": (str, int, int)}
"""Task → kinds of what it reports; a number of rows when it is not here."""

_places: Final = {kind: BoundedSemaphore(MAX_PROCESSES) for kind in ("read", "import")}
"""An import takes longer: those who only read do not wait for it."""

_log: Final = logging.getLogger(__name__)


class _Running(NamedTuple):
    """A process at work: its lines, and what ends it."""

    lines: BinaryIO
    kill: Callable[[], None]
    close: Callable[[], None]


@contextmanager
def read_apart(
    task: str,
    file: Path,
    arguments: Mapping[str, Any],
    *,
    others: Sequence[Path] = (),
    allowance: Allowance | None = None,
    progress: Callable[..., None] = lambda *_done: None,
) -> Iterator[tuple[Any, Path]]:
    """Run one task of `geo.ingest.worker` on a file, in a process of its own.

    Parameters
    ----------
    task : str
        Name in `geo.ingest.worker.TASKS`.
    file : Path
        What is read, and what an error names.
    arguments : mapping
        What JSON can hold.
    others : sequence of Path
        Files and folders that the process may read beside that file; there are no further ones.
    allowance : Allowance, optional
        What it may cost; by the size of the file when not given.
    progress : callable
        Called with what the task reports, and again with the same while nothing comes: what it raises ends the process.

    Yields
    ------
    answer : object
        What the task returned, as JSON holds it.
    folder : Path
        Working folder with the files it wrote; removed afterwards.

    Raises
    ------
    DataError
        What the task raised; or one that says that the process took too much, too long, or ended itself.
    """
    file = file.absolute()
    allowance = allowance or Allowance.of(file.stat().st_size if file.is_file() else 0)
    kinds = _PROGRESS.get(task, (int,))
    progress_at = [kind() for kind in kinds]

    def heartbeat(done: Sequence[Any] = ()) -> None:
        if tuple(map(type, done)) == kinds:
            progress_at[:] = done
        progress(*progress_at)

    places = _places["import" if task == "import" else "read"]
    _wait_for_place(places, file, heartbeat)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
        try:
            request = {
                "task": task, "file": os.fspath(file), "arguments": arguments, "folder": os.fspath(folder),
                "allowance": vars(allowance),
                "readable": [os.fspath(path.absolute()) for path in (ROOT / "geo", data_dir(), built_data_dir(), *others)],
                "private": [os.fspath(workspace_dir().absolute())],
            }  # fmt: skip
            yield _answer(request, allowance, file, heartbeat), folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        places.release()


def warm(*, imports: bool = False) -> None:
    """Have a process ready, so that the first file need not wait for its libraries; returns at once.

    Parameters
    ----------
    imports : bool
        With the tables of places too, which an import needs and reading does not.
    """
    if CAN_FORK:
        with _nursery.lock, suppress(OSError):
            control = _nursery.running()
            if imports and not _nursery.imports:
                control.send(b"w")
                _nursery.imports = True


def remove_leftovers() -> None:
    """Remove working folders of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        owner = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if owner.isdecimal() and not lives(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _answer(request: dict[str, Any], allowance: Allowance, file: Path, heartbeat: Callable[..., None]) -> Any:
    running = _nursery.start(request) if CAN_FORK else _start_alone(request)
    began = time.monotonic()
    lines: Queue[bytes | None] = Queue(maxsize=1000)
    Thread(target=_pump, args=(running.lines, lines), daemon=True).start()
    status: int | None = None
    finished = ended = False
    try:
        while not ended:
            if time.monotonic() - began > allowance.wall_seconds:
                raise _took_too_long(file, allowance)
            try:
                line = lines.get(timeout=_HEARTBEAT_SECONDS)
            except Empty:
                heartbeat()
                continue
            ended = line is None
            match _read_line(line or b"{}"):
                case {"progress": list(done)}:
                    heartbeat(done)
                case {"error": dict(said)}:
                    raise _as_error(said)
                case {"done": True}:
                    finished = True
                case {"status": int(code)}:
                    status = code
    finally:
        if not ended:
            running.kill()
        running.close()
    if not finished:
        raise _ended_itself(status, file, allowance)
    return _read_answer(Path(request["folder"]) / "answer.json", file)


def _pump(stream: BinaryIO, lines: "Queue[bytes | None]") -> None:
    with suppress(OSError, ValueError):  # closed under our hands
        while line := stream.readline(MAX_LINE_BYTES):
            lines.put(line)
    lines.put(None)


def _read_line(line: bytes) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        said = json.loads(line)
        if isinstance(said, dict):
            return said
    return {}


def _read_answer(file: Path, source: Path) -> Any:
    try:
        if file.is_symlink() or file.stat().st_size > MAX_ANSWER_BYTES:
            raise DataError("文件里要说明的太多", file=source, cause="请把文件分成几份")
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise _ended_itself(None, source, None) from error


def _as_error(said: dict[str, Any]) -> DataError:
    """The error of the task, of plain values."""
    words = {name: str(said[name])[:400] for name in ("file", "column", "value", "expected", "cause") if said.get(name)}
    row = said["row"] if isinstance(said.get("row"), int) else None
    return DataError(str(said.get("message", ""))[:400], row=row, **words)


def _took_too_long(file: Path, allowance: Allowance) -> DataError:
    _log.warning("reading a file was ended after %d s", allowance.wall_seconds)
    return DataError(f"读了 {allowance.wall_seconds} 秒还没有读完，已停止", file=file, cause="文件损坏、太大或有意为难")


def _ended_itself(status: int | None, file: Path, allowance: Allowance | None) -> DataError:
    _log.warning("the process that read a file ended with status %s", status)
    if allowance is not None and CAN_FORK and status in (-signal.SIGXCPU, -signal.SIGALRM):
        return DataError(
            f"算了 {allowance.cpu_seconds} 秒还没有读完，已停止", file=file, cause="文件损坏、太大或有意为难"
        )
    return DataError("文件读不下去，已停止", file=file, cause="文件损坏，或解开后比看上去大得多")


def _wait_for_place(places: BoundedSemaphore, file: Path, heartbeat: Callable[..., None]) -> None:
    began = time.monotonic()
    while not places.acquire(timeout=_HEARTBEAT_SECONDS):
        if time.monotonic() - began > QUEUE_SECONDS:
            raise DataError("正在读别的文件，请稍后再试", file=file)
        heartbeat()


def _environment(folder: str) -> dict[str, str]:
    held = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return held | {
        "EXPLORER_DATA": variable("EXPLORER_DATA"),
        "EXPLORER_WORKSPACE": os.fspath(workspace_dir().absolute()),  # where an installed product has what it built
        "PYTHONPATH": os.fspath(ROOT), "PYTHONUTF8": "1", "HOME": folder, "TMPDIR": folder, "TEMP": folder, "TMP": folder,
        # Few threads and arenas, and no pool that reserves a gigabyte: address space is what is limited, and a process
        # with threads is not copied safely.
        "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }  # fmt: skip


def _command(*options: str) -> list[str]:
    return [sys.executable, "-P", "-m", "geo.ingest.worker", *options]


class _Nursery:
    """The process that has the libraries loaded and makes copies of itself; one, started when first needed."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.imports = False

    def start(self, request: dict[str, Any]) -> _Running:
        """Hand a request to a new copy."""
        for attempt in (1, 2):
            ours, theirs = socket.socketpair()
            try:
                with self.lock, theirs:
                    socket.send_fds(self.running(), [b"f"], [theirs.fileno()])
                ours.sendall(json.dumps(request).encode() + b"\n")
                return self._copy(ours)
            except OSError as error:
                ours.close()
                if attempt == 2:
                    raise DataError("读文件的程序启动不了", file=request["file"], cause=error.strerror) from error
                self.end()
        raise AssertionError

    def _copy(self, ours: socket.socket) -> _Running:
        lines = ours.makefile("rb")
        ours.settimeout(START_SECONDS)
        group = _read_line(lines.readline(MAX_LINE_BYTES)).get("group")
        ours.settimeout(None)
        if not isinstance(group, int) or group <= 1:
            lines.close()
            raise OSError(0, "no answer")

        def kill() -> None:
            with suppress(OSError):
                os.killpg(group, signal.SIGKILL)

        def close() -> None:
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            ours.close()

        return _Running(lines, kill, close)

    def running(self) -> socket.socket:
        """The way to the process, which is started when it is not there; under the lock."""
        if self.process is None or self.process.poll() is not None or self.control is None:
            self.end()
            remove_leftovers()
            self.control, theirs = socket.socketpair()
            with theirs:
                self.process = subprocess.Popen(
                    _command("--control", str(theirs.fileno())), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir(),
                    env=_environment(tempfile.gettempdir()), start_new_session=True,
                )  # fmt: skip
        return self.control

    def end(self) -> None:
        """Close the way to the process, which ends it."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.control = self.process = None
        self.imports = False


_nursery: Final = _Nursery()


def _start_alone(request: dict[str, Any]) -> _Running:
    process = subprocess.Popen(
        _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=request["folder"],
        env=_environment(request["folder"]),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, suppress(OSError):
        process.stdin.write(json.dumps(request).encode() + b"\n")

    def close() -> None:
        process.wait()

    return _Running(process.stdout, process.kill, close)  # type: ignore[arg-type]
