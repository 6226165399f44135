"""A folder that is written whole or not at all."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError

HEAD = "head.json"
AGAIN = "请重新生成"


def save_columns(path: Path | str, head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays and a head to a directory; an older directory is replaced once the new one is complete.

    Parameters
    ----------
    path : Path
        The directory; its parent is made when missing.
    head : mapping
        What JSON can hold; ``format`` (version) and ``fingerprint`` (of the source) are checked by `open_columns`.
    arrays : mapping of str to ndarray
        One ``.npy`` file each, with its SHA-256 in the head.
    """
    target = Path(path)
    parts = target.with_name(f".{target.name}.{os.getpid()}.part")
    old = parts.with_suffix(".old")
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    try:
        hashes = {}
        for name, array in arrays.items():
            np.save(parts / f"{name}.npy", array, allow_pickle=False)
            hashes[name] = _hash(parts / f"{name}.npy")
        text = json.dumps({**head, "sha256": hashes}, ensure_ascii=False)
        (parts / HEAD).write_text(text, encoding="utf-8")
        if target.exists():
            target.rename(old)
        parts.rename(target)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def open_columns(
    path: Path | str, version: int, names: Sequence[str], fingerprint: str | None = None
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Open what `save_columns` wrote.

    Parameters
    ----------
    version : int
        The ``format`` that the caller can read.
    names : sequence of str
        The arrays to open.
    fingerprint : str, optional
        The ``fingerprint`` that the caller needs; any when not given.

    Returns
    -------
    head : dict
    arrays : dict of str to ndarray
        Memory-mapped, read-only.

    Raises
    ------
    DataError
        If a file is missing, damaged, of another version or of another source.
    """
    file = Path(path) / HEAD
    arrays = {}
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
        if head["format"] != version:
            raise DataError("存储版本不符", file=file, value=head["format"], expected=str(version), cause=AGAIN)
        if fingerprint is not None and head["fingerprint"] != fingerprint:
            raise DataError(
                "存储来自另一份企业表", file=file, value=head["fingerprint"], expected=fingerprint, cause=AGAIN
            )
        for name in names:
            file = Path(path) / f"{name}.npy"
            if _hash(file) != head["sha256"][name]:
                raise DataError("存储文件损坏", file=file, cause=AGAIN)
            arrays[name] = np.load(file, mmap_mode="r", allow_pickle=False)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("存储无法读取", file=file, cause=AGAIN) from error
    return head, arrays


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


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


def write_text(text: str, out: Path) -> None:
    """Write a text to a file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written.
    """
    partial = out.with_name(f"{out.name}.part")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(out)
    except OSError as error:
        raise DataError("文件无法写入", file=out, cause=error.strerror or str(error)) from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)
