"""The sets that the pages and routes of this process serve: one table, id → tables."""

from __future__ import annotations

import os
from collections import OrderedDict
from pathlib import Path
from threading import RLock
from typing import Final

from geo.datasets import Datasets, load_datasets
from geo.sets import open_set

BUILT_IN: Final = "builtin"
MOST: Final = 6
"""Sets that are kept; the one that was not asked for longest gives way."""

_sets: Final[OrderedDict[str, Datasets]] = OrderedDict()
_lock: Final = RLock()


def serve(data: Datasets) -> str:
    """Enter a set into the table; its id stands in the addresses of its tiles."""
    key = BUILT_IN if data.built_in else data.stamp.rsplit("-")[-1][:12]
    with _lock:
        _sets[key] = data
        _sets.move_to_end(key)
        while len(_sets) > MOST:
            _sets.popitem(last=False)
    return key


def served(key: str) -> Datasets:
    """The set behind an id.

    Raises
    ------
    KeyError
        When this process serves no such set.
    """
    with _lock:
        if key not in _sets:
            serve(starting_set())
            if key == BUILT_IN:
                serve(built_in_set())
        _sets.move_to_end(key)
        return _sets[key]


def built_in_set() -> Datasets:
    """The built-in sample, read once.

    Raises
    ------
    DataError
        When its tables cannot be read.
    """
    return _opened("")


def starting_set() -> Datasets:
    """The set that the app opens with: the folder that `EXPLORER_SET` names, else the built-in sample.

    Raises
    ------
    DataError
        When its table cannot be read.
    """
    return _opened(os.environ.get("EXPLORER_SET", ""))


_read: Final[dict[str, Datasets]] = {}


def _opened(folder: str) -> Datasets:
    with _lock:
        if folder not in _read:
            _read[folder] = open_set(Path(folder), _opened("")) if folder else load_datasets()
        return _read[folder]
