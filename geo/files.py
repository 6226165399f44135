"""Files and folders that are written whole or not at all.

Everything the product writes is written beside its place under a name that nobody else has, forced to the disk, and
then renamed; what fails leaves nothing.  A crash leaves a name that starts with `.part-` or `.old-`, which `recover`
puts in order, and whoever next writes a file to the same folder; a part carries the number of its process, so that what
is still being written is known.
"""

import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from geo.errors import DataError

PART: Final = ".part-"
OLD: Final = ".old-"
_PART_OF: Final = re.compile(r"\.part-(\d+)-")
_PART_FILE: Final = re.compile(r"\.part-(\d+)-[0-9a-f]{16}(\.[\w-]+)?")
_LEFT_AFTER_SECONDS: Final = 3600
"""How long the part of a process that does not run lies until it goes: on a shared disk it may be another machine's."""


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Give a name to write a file to; the file takes the place of `target` when all went well and is removed when not.

    Parameters
    ----------
    target : Path
        A file that is there is replaced, but no folder, device or link.  The name that is given has its ending.

    Raises
    ------
    DataError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_file(Path(folder) / "a.txt") as partial:
    ...         _ = partial.write_text("whole")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    partial = target.with_name(f"{part_prefix()}{secrets.token_hex(8)}{target.suffix.lower()}")
    try:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(target.lstat().st_mode):
                raise DataError("不能替换：这不是普通的文件（not a regular file）", file=target)
        _clear_left(target.parent)
        yield partial
        _to_disk(partial)
        partial.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        raise DataError("文件无法写入", file=target, cause=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _clear_left(folder: Path) -> None:
    """Remove the parts of files that killed processes left in a folder: they may hold what people wrote."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            writer = _PART_FILE.fullmatch(entry.name)
            if writer is None or lives(int(writer[1])) or not entry.is_file(follow_symlinks=False):
                continue
            with suppress(OSError):
                if time.time() - entry.stat().st_mtime > _LEFT_AFTER_SECONDS:
                    Path(entry).unlink()


_exchanging: Final = Lock()
"""Of the threads that write one folder, one at a time puts its own in the place of the old one."""


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write to; it takes the place of `target` when all went well and is removed when not.

    Of two who write the same folder at once the last one stays, whole.

    Raises
    ------
    DataError
        When it cannot be written, or `target` is a link.
    """
    partial = target.with_name(f"{part_prefix()}{secrets.token_hex(8)}")
    old = target.with_name(f"{OLD}{secrets.token_hex(8)}-{target.name}")
    try:
        if target.is_symlink():
            raise DataError("不能替换：这是一个链接（a link）", file=target)
        partial.mkdir(parents=True)
        yield partial
        for file in (*partial.rglob("*"), partial):
            _to_disk(file)
        with _exchanging:
            for last in (False, False, True):
                with suppress(FileNotFoundError):
                    target.rename(old)
                try:
                    partial.rename(target)
                    break
                except OSError:  # another process has written it meanwhile
                    if last or not target.exists():
                        if old.exists() and not target.exists():
                            old.rename(target)
                        raise
                    shutil.rmtree(old, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
        _to_disk(target.parent)
    except OSError as error:
        raise DataError("输出写不了", file=target, cause=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def part_prefix() -> str:
    """How the name of a part of this process begins."""
    return f"{PART}{os.getpid()}-"


def recover(folder: Path) -> None:
    """Put in order what a crash left in a folder and those below: halves go, and what was replaced comes back.

    What was replaced comes back where nothing took its place; the parts of processes that still run are left alone.
    """
    for left in sorted(folder.rglob(f"{OLD}*-*")):
        target = left.with_name(left.name.removeprefix(OLD).partition("-")[2])
        with suppress(OSError):
            if not target.exists():
                left.rename(target)
    for left in [*folder.rglob(f"{PART}*"), *folder.rglob(f"{OLD}*")]:
        writer = _PART_OF.match(left.name)
        with suppress(OSError):
            if writer is None or not lives(int(writer[1])):
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def lives(process: int) -> bool:
    """Whether a process of this number runs; on Windows this one alone is known.

    Examples
    --------
    >>> lives(os.getpid())
    True
    """
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def write_bytes(content: bytes, out: Path) -> None:
    """Write a file whole or not at all; errors as in `atomic_file`."""
    with atomic_file(out) as partial:
        partial.write_bytes(content)


def write_text(text: str, out: Path) -> None:
    """Write a text as UTF-8; errors as in `atomic_file`."""
    write_bytes(text.encode("utf-8"), out)


def write_json(out: Path, content: object) -> None:
    """Write JSON; errors as in `atomic_file`."""
    write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", out)


def check_target(out: Path, written: Collection[str], sources: Sequence[Path] = ()) -> Path:
    """Folder to write to, made absolute.

    Parameters
    ----------
    out : Path
    written : collection of str
        Names of the files that are written to it, which may be there from before.
    sources : sequence of Path
        Files that are read.

    Raises
    ------
    DataError
        When something else has that name, or replacing the folder would take more with it than what was written
        before: other files, folders, the files that are read, or the folder one is in.
    """
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_dir():
        raise DataError("输出的位置已有同名文件", file=target, expected="文件夹")
    kept = [Path.cwd().resolve(), Path.home().resolve(), *(source.resolve() for source in sources)]
    if any(target == path or target in path.parents for path in kept) or target == Path(target.anchor):
        raise DataError(
            "不能替换这个文件夹：里面有要读的文件或当前所在的位置", value=target.name, expected="一个新的文件夹"
        )
    try:
        others = (
            []
            if not target.is_dir()
            else [one.name for one in target.iterdir() if one.name not in written or one.is_dir()]
        )
    except OSError as error:
        raise DataError("输出的文件夹读不了", value=target, cause=error.strerror) from error
    if others:
        raise DataError("不能替换这个文件夹：里面还有别的文件", value=others[0], expected="一个新的文件夹")
    return target


def _to_disk(path: Path) -> None:
    """Have the system put a file or the names in a folder on the disk before a rename leads to it."""
    if path.is_dir() and os.name == "nt":  # where a folder cannot be opened
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
