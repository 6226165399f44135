"""The sets that the pages and routes of this process serve: one table, id → tables."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from app.cache import LruCache
from geo.datasets.dataset import Dataset, load_dataset
from geo.datasets.storage import ProgressCallback, no_progress, open_dataset
from geo.installation import variable

BUILT_IN: Final = "builtin"
MAX_CACHED_DATASETS: Final = 6
_sets: Final[LruCache[str, Dataset]] = LruCache(MAX_CACHED_DATASETS)
_opened: Final[LruCache[str, Dataset]] = LruCache(MAX_CACHED_DATASETS)
LOOK_SECONDS: Final = 0.2
"""How often one who waits for a set looks how far it is."""

_turns: Final[dict[str, Lock]] = {}
_stages: Final[dict[str, tuple[str, float]]] = {}
_lock: Final = Lock()


def serve(data: Dataset) -> str:
    """Enter a set into the table; its id stands in the addresses of its tiles, and tells what is kept of it elsewhere.

    The sample with corrections over it is another set than the sample.
    """
    as_it_came = data.built_in and not (data.enterprises["corrected"] != "").any()
    named = f"{data.fingerprint}|{data.title}|{data.date}"  # the same rows under another name are another dataset
    key = BUILT_IN if as_it_came else hashlib.sha256(named.encode()).hexdigest()[:12]
    _sets[key] = data
    return key


def served(key: str) -> Dataset:
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
    data = _sets.get(key)
    if data is None:
        raise KeyError(key)
    return data


def open_count() -> int:
    """Number of datasets that are held in memory under a name."""
    return len(_opened)


def is_open(name: str) -> bool:
    """Whether a set has been opened under this name and is still kept."""
    return name in _opened


def open_once(
    name: str, make: Callable[[ProgressCallback], Dataset], progress: ProgressCallback = no_progress
) -> Dataset:
    """A set opened once for all users; whoever asks for it meanwhile waits, users of other sets do not.

    Parameters
    ----------
    name : str
    make : callable
        Opens the set, and tells stage and share done.
    progress : callable
        Told the same, by the one who opens it and by those who wait.
    """

    def tell(stage: str, done: float) -> None:
        _stages[name] = (stage, done)
        progress(stage, done)

    with _lock:
        turn = _turns.setdefault(name, Lock())
    seen = None
    while not turn.acquire(timeout=LOOK_SECONDS):
        stage = _stages.get(name)
        if stage and stage != seen:
            progress(*stage)
            seen = stage
    try:
        data = _opened.get(name)
        if data is None:
            _opened[name] = data = make(tell)
        return data
    finally:
        _stages.pop(name, None)
        turn.release()


def built_in_set() -> Dataset:
    """The built-in sample, read once.

    Raises
    ------
    DataError
        When its tables cannot be read.
    """
    return open_once("", lambda _: load_dataset())


def starting_name() -> str:
    """Name under which `starting_set` is opened."""
    return variable("EXPLORER_SET")


def starting_set(progress: ProgressCallback = no_progress) -> Dataset:
    """The set that the app opens with: the folder that `EXPLORER_SET` names, else the built-in sample.

    Raises
    ------
    DataError
        When its table cannot be read.
    """
    folder = starting_name()
    if not folder:
        return built_in_set()
    return open_once(folder, lambda tell: open_dataset(Path(folder), built_in_set(), tell), progress)
