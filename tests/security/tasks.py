"""The reading process with further tasks that do, harmlessly, what a file that means harm would have it do."""

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

from geo.ingest import worker
from geo.ingest.readers import gdal
from geo.ingest.report import WRITTEN


def allocate(*_):
    return len(bytearray(64 * 2**30))


def spin(*_):
    while True:
        pass


def wait(_file, _arguments, _folder, progress):
    progress(7)
    time.sleep(600)


def abort(*_):
    os.abort()


def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def leave(*_):
    os._exit(0)


def interrupt(*_):
    raise KeyboardInterrupt


def read(_file, arguments, *_):
    return Path(arguments["path"]).read_text()


def write(_file, arguments, *_):
    Path(arguments["path"]).write_text("written")


def connect(_file, arguments, *_):
    """Connect without Python's sockets, as a library in C does; the error number, 0 when it went well."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    address = bytes([socket.AF_INET, 0]) + arguments["port"].to_bytes(2) + bytes([127, 0, 0, 1]) + bytes(8)
    return ctypes.get_errno() if libc.connect(handle, address, len(address)) else 0


def connect_from_python(_file, arguments, *_):
    socket.create_connection(("127.0.0.1", arguments["port"]), timeout=5)


def environment(*_):
    return dict(os.environ)


def flood(_file, _arguments, folder, _progress):
    with (folder / "flood").open("wb") as file:
        while True:
            file.write(bytes(2**20))


def lie(_file, _arguments, folder, _progress):
    (folder / "answer.json").write_text("{")
    os._exit(0)


def drivers(_file, arguments, *_):
    gdal.load(arguments["kind"])
    return sorted(gdal.registered())


def drivers_that_were_known(*_):
    return gdal._registered


def loaded_before(*_):
    """What of GDAL is loaded while a file is not yet read, and what the libraries will be told then."""
    return "pyogrio" in sys.modules, {name: os.environ.get(name) for name in gdal._SETTINGS}


def open_layer(_file, arguments, *_):
    """Open a path as it stands, as no code of ours does."""
    return len(gdal.load(arguments["kind"]).read_dataframe(arguments["path"]))


def import_badly(_file, arguments, folder, progress):
    """An import that does what its datum says."""
    progress("clean", 1, 2)
    (folder / "set").mkdir()
    for name in WRITTEN:
        (folder / "set" / name).write_text("x")
    match arguments["datum"]:
        case "abort":
            os.abort()
        case "wait":
            time.sleep(600)
        case "link":
            (folder / "set" / WRITTEN[0]).unlink()
            (folder / "set" / WRITTEN[0]).symlink_to(arguments["mapping"]["to"])
        case "less":
            (folder / "set" / WRITTEN[0]).unlink()


worker.TASKS.update(
    {
        task.__name__: task
        for task in (
            *(allocate, spin, wait, abort, kill, leave, interrupt, read, write, connect, connect_from_python),
            *(environment, flood, lie, drivers, drivers_that_were_known, loaded_before, open_layer),
        )
    }
    | {"import": import_badly}
)

if __name__ == "__main__":
    worker.main(sys.argv[1:])
