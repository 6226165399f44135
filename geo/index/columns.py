"""Columns of numbers on disk: a folder of ``.npy`` files that are mapped into memory, checked against their hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError
from geo.files import atomic_folder

HEAD = "head.json"
_MAKE_AGAIN = "请重新生成"


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
    with atomic_folder(Path(path)) as folder:
        hashes = {}
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
            hashes[name] = _hash(folder / f"{name}.npy")
        content = json.loads(json.dumps({**head, "sha256": hashes}))
        text = json.dumps({**content, "seal": _seal(content)}, ensure_ascii=False)
        (folder / HEAD).write_text(text, encoding="utf-8")


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
        if head.pop("seal", None) != _seal(head):
            raise DataError("存储文件损坏", file=file, cause=_MAKE_AGAIN)
        if head["format"] != version:
            raise DataError("存储版本不符", file=file, value=head["format"], expected=str(version), cause=_MAKE_AGAIN)
        if fingerprint is not None and head["fingerprint"] != fingerprint:
            raise DataError(
                "存储来自另一份企业表", file=file, value=head["fingerprint"], expected=fingerprint, cause=_MAKE_AGAIN
            )
        for name in names:
            file = Path(path) / f"{name}.npy"
            if _hash(file) != head["sha256"][name]:
                raise DataError("存储文件损坏", file=file, cause=_MAKE_AGAIN)
            arrays[name] = np.load(file, mmap_mode="r", allow_pickle=False)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError("存储无法读取", file=file, cause=_MAKE_AGAIN) from error
    return head, arrays


def _seal(head: Mapping[str, Any]) -> str:
    """Hash of a head: a flipped bit in it would change facts as one in an array would."""
    return hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
