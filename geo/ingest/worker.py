"""The process in which a file from elsewhere is read: `python -m geo.ingest.worker`, started by `geo.ingest.isolation`.

With ``--control`` it waits for files and makes a copy of itself for each: a keeper, which tells how the reading ended,
and below it the process that is confined and reads.  Without, it reads the one file that its input names.
"""

import gc
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.errors import DataError
from geo.ingest.areas import area_task
from geo.ingest.confinement import Allowance, confine
from geo.ingest.pipeline import import_files, import_task, preview_task
from geo.ingest.premises import premises_task
from geo.ingest.readers.database import values_task
from geo.ingest.readers.gdal import know_drivers
from geo.ingest.readers.read import sheet_task
from geo.ingest.readers.roads import roads_task
from geo.ingest.readers.sheet import Sheet

Task = Callable[[Path, Mapping[str, Any], Path, Callable[..., None]], Any]

TASKS: Final[dict[str, Task]] = {
    "sheet": sheet_task,
    "preview": preview_task,
    "import": import_task,
    "areas": area_task,
    "premises": premises_task,
    "values": values_task,
    "roads": roads_task,
}
"""What can be done here: file, arguments, working folder and progress in; what JSON can hold out."""

_PROGRESS_SECONDS: Final = 0.1
_NO_MEMORY: Final = DataError("内存不足，已停止", cause="文件解开后比看上去大得多，请分成几份")


def serve(control: socket.socket) -> None:
    """Make a copy for each connection that is handed over, until the other side closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    while True:
        word, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        if word == b"w":
            _prepare_imports()
            continue
        if os.fork() == 0:
            control.close()
            _keep(handles[0])
            os._exit(0)
        os.close(handles[0])


def _prepare_imports() -> None:
    """Import one row here, so that every copy has the tables of places and words that an import needs."""
    with tempfile.TemporaryDirectory() as folder, suppress(DataError, OSError):
        file = Path(folder) / "a.csv"
        file.write_bytes(b"")
        row = pd.DataFrame(
            {"企业名称": ["样例甲"], "地址": ["上海市松江区新桥镇样例路1号"], "经度": "121.4", "纬度": "31.1"},
            dtype="str",
        )
        import_files([file], Path(folder) / "set", read=lambda *_: Sheet(row, np.array([2])))
    gc.collect()
    gc.freeze()


def _keep(handle: int) -> None:
    """Start the process that reads, wait for its end and tell how it ended."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=handle) as connection, connection.makefile("rb") as requests:
        connection.sendall(_line(group=os.getpid()))
        request = json.loads(requests.readline())
        child = os.fork()
        if child == 0:
            with connection.makefile("wb", buffering=0) as answers:
                work(request, answers)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        connection.sendall(_line(status=os.waitstatus_to_exitcode(status)))


def work(request: dict[str, Any], answers: BinaryIO | socket.SocketIO) -> None:
    """Give up what is not needed, do the task and answer."""
    folder, file = Path(request["folder"]), Path(request["file"])
    told = [0.0]

    def progress(*done: int | str) -> None:
        if time.monotonic() - told[0] > _PROGRESS_SECONDS:
            told[0] = time.monotonic()
            answers.write(_line(progress=done))

    os.chdir(folder)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP", "HOME"), str(folder)))
    tempfile.tempdir = str(folder)
    try:
        confine(
            Allowance(**request["allowance"]), folder, [file, *map(Path, request["readable"])],
            [Path(path) for path in request["private"]],
        )  # fmt: skip
        answer = TASKS[request["task"]](file, request["arguments"], folder, progress)
        (folder / "answer.json").write_text(json.dumps(answer, default=_as_number), encoding="utf-8")
        answers.write(_line(done=True))
    except DataError as error:
        answers.write(_line(error=_plain(error)))
    except (MemoryError, pa.ArrowMemoryError):
        answers.write(_line(error=_plain(_NO_MEMORY) | {"file": file.name}))
    except OSError as error:
        wrong = DataError("文件读不了", file=file, cause=os.strerror(error.errno) if error.errno else None)
        answers.write(_line(error=_plain(wrong)))
    except BaseException as error:  # what a library in another language throws is no Exception
        kind = type(error).__name__
        answers.write(_line(error=_plain(DataError("文件里有没有料到的内容", file=file, value=kind))))


def _line(**said: Any) -> bytes:
    return json.dumps(said, default=_as_number).encode() + b"\n"


def _as_number(value: Any) -> Any:
    """A number of numpy, as Python's own."""
    return value.item()


def _plain(error: DataError) -> dict[str, Any]:
    words = {name: getattr(error, name) for name in ("file", "column", "value", "expected", "cause")}
    return {"message": error.message, "row": error.row} | {
        name: str(word)[:400] for name, word in words.items() if word is not None
    }


def main(arguments: list[str]) -> None:
    """Serve the connection that ``--control`` names, or the one request on the standard input."""
    know_drivers()
    if arguments[:1] == ["--control"]:
        gc.collect()
        gc.freeze()  # what is loaded is shared with every copy as long as nothing writes to it
        with socket.socket(fileno=int(arguments[1])) as control:
            serve(control)
    else:
        answers = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)  # what a library prints is no answer
        work(json.loads(sys.stdin.buffer.readline()), answers)


if __name__ == "__main__":
    main(sys.argv[1:])
