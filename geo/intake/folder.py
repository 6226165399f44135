"""A folder that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DataError


def check_target(out: Path, sources: Sequence[Path] = ()) -> Path:
    """Folder to write to, made absolute.

    Raises
    ------
    DataError
        When something else has that name, or replacing the folder would take more with it than an import: folders in
        it, the files that are read, or the folder one is in.
    """
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_dir():
        raise DataError("输出的位置已有同名文件", file=target, expected="文件夹")
    kept = [Path.cwd().resolve(), Path.home().resolve(), *(source.resolve() for source in sources)]
    if any(target == path or target in path.parents for path in kept) or target == Path(target.anchor):
        raise DataError("不能替换这个文件夹：里面有要读的文件或当前所在的位置", value=target, expected="一个新的文件夹")
    try:
        if target.is_dir() and any(entry.is_dir() and not entry.is_symlink() for entry in target.iterdir()):
            raise DataError("不能替换这个文件夹：里面还有文件夹", value=target, expected="一个新的文件夹")
    except OSError as error:
        raise DataError("输出的文件夹读不了", value=target, cause=error.strerror) from error
    return target


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a folder to write to; it takes the place of `target` when all went well and is removed when not.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        if target.exists():
            target.rename(old)
        try:
            partial.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise DataError("输出写不了", value=target, cause=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
