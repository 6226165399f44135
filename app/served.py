"""The sets that the pages and routes of this process serve: one table, id → tables."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from geo.datasets import Datasets, load_datasets
from geo.sets import Progress, open_set

BUILT_IN: Final = "builtin"
MOST: Final = 6
"""Sets that are kept; the one that was not asked for longest gives way."""

_sets: Final[OrderedDict[str, Datasets]] = OrderedDict()
_opened: Final[OrderedDict[str, Datasets]] = OrderedDict()
_turns: Final[dict[str, Lock]] = {}
_lock: Final = Lock()


def serve(data: Datasets) -> str:
    """Enter a set into the table; its id stands in the addresses of its tiles, and tells what is kept of it elsewhere.

    The sample with corrections over it is another set than the sample.
    """
    as_it_came = data.built_in and not (data.enterprises["corrected"] != "").any()
    key = BUILT_IN if as_it_came else data.stamp.rsplit("-")[-1][:12]
    with _lock:
        _keep(_sets, key, data)
    return key


def served(key: str) -> Datasets:
    """The set behind an id.

    Raises
    ------
    KeyError
        When this process serves no such set.
    """
    if key not in _sets:
        serve(starting_set())
        if key == BUILT_IN:
            serve(built_in_set())
    with _lock:
        _sets.move_to_end(key)
        return _sets[key]


def is_open(name: str) -> bool:
    """Whether a set has been opened under this name and is still kept."""
    return name in _opened


def open_once(name: str, make: Callable[[], Datasets]) -> Datasets:
    """A set opened once for all readers; whoever asks for it meanwhile waits, readers of other sets do not."""
    with _lock:
        turn = _turns.setdefault(name, Lock())
    with turn:
        with _lock:
            data = _opened.get(name)
        if data is None:
            data = make()
        with _lock:
            _keep(_opened, name, data)
        return data


def built_in_set() -> Datasets:
    """The built-in sample, read once.

    Raises
    ------
    DataError
        When its tables cannot be read.
    """
    return open_once("", load_datasets)


def starting_name() -> str:
    """Name under which `starting_set` is opened."""
    return os.environ.get("EXPLORER_SET", "")


def starting_set(progress: Progress | None = None) -> Datasets:
    """The set that the app opens with: the folder that `EXPLORER_SET` names, else the built-in sample.

    Raises
    ------
    DataError
        When its table cannot be read.
    """
    folder = starting_name()
    if not folder:
        return built_in_set()
    watched = (progress,) if progress else ()
    return open_once(folder, lambda: open_set(Path(folder), built_in_set(), *watched))


def _keep(table: OrderedDict[str, Datasets], key: str, data: Datasets) -> None:
    table[key] = data
    table.move_to_end(key)
    while len(table) > MOST:
        table.popitem(last=False)
