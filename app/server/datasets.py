"""The sets that the pages and routes of this process serve: one table, id → tables."""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from app.cache import LruCache
from app.records.overlay import with_corrections
from app.records.permissions import Person
from app.records.visibility import may_see
from geo.datasets import workspace
from geo.datasets.dataset import Dataset, load_dataset
from geo.datasets.storage import ProgressCallback, no_progress, open_dataset
from geo.datasets.workspace import ImportedDataset
from geo.installation import variable

BUILT_IN: Final = "builtin"
STARTING: Final = "start"
"""Name, for other programs, of the dataset that `EXPLORER_SET` names."""

_ID: Final = re.compile(r"[0-9a-f]{12}(-[0-9a-f]{8})?")
"""What `serve` gives, but for the sample as it came."""

MAX_CACHED_DATASETS: Final = 6
_sets: Final[LruCache[str, Dataset]] = LruCache(MAX_CACHED_DATASETS)
_opened: Final[LruCache[str, Dataset]] = LruCache(MAX_CACHED_DATASETS)
_names_opened: Final[set[str]] = set()
LOOK_SECONDS: Final = 0.2
"""How often one who waits for a set looks how far it is."""

_turns: Final[dict[str, Lock]] = {}
_stages: Final[dict[str, tuple[str, float]]] = {}
_lock: Final = Lock()


def serve(data: Dataset) -> str:
    """Enter a set into the table; its id stands in the addresses of its tiles, and tells what is kept of it elsewhere.

    The sample with corrections over it is another set than the sample.  The id is made of what it names, so every server
    of a workspace gives the same.
    """
    as_it_came = data.built_in and not (data.enterprises["corrected"] != "").any()
    named = f"{data.fingerprint}|{data.title}|{data.date}|{data.key}"  # the same rows under another name are another dataset
    key = BUILT_IN if as_it_came else _short_hash(named, 12) + (_mark(data.key, data.title) if data.key else "")
    _sets[key] = data
    return key


def _mark(key: str, title: str) -> str:
    """End of the id of an imported set, by which another server finds it: `title` tells it alone from it with the sample."""
    return f"-{_short_hash(f'{key}|{title}', 8)}"


def _short_hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def list_visible(person: Person) -> list[ImportedDataset]:
    """The datasets of the workspace that a person may know of, the latest first."""
    return [entry for entry in workspace.list_datasets() if person.sees(entry.rights)]


def served(key: str, person: Person) -> Dataset:
    """The set behind an id, where a person may see it.

    Raises
    ------
    KeyError
        When this process serves no such set, or the person may not know of it.
    DataError
        When it is one of the workspace and cannot be opened.
    """
    if key not in _sets:
        serve(starting_set())
        if key == BUILT_IN:
            serve(built_in_set())
    data = _sets.get(key)
    if data is None and not key:
        raise KeyError(key)
    if data is None:
        return _served_elsewhere(key, person) or find(key, person)
    if not may_see(person, data.key):
        raise KeyError(key)
    return data


def _served_elsewhere(key: str, person: Person) -> Dataset | None:
    """The set whose id another server of this workspace gave out, or this one before it let the set go."""
    if not _ID.fullmatch(key):
        return None
    end, base = key[12:], starting_set()
    sets: list[Callable[[], Dataset]] = [] if end else [lambda: base, built_in_set]
    for entry in list_visible(person) if end else ():
        for title, combined in ((entry.title, False), (_combined_title(entry, base), True)):
            if _mark(entry.key, title) == end:
                sets.append(partial(imported_set, entry, base, combined=combined))
    return next((data for data in map(with_corrections, (open_() for open_ in sets)) if serve(data) == key), None)


def _combined_title(entry: ImportedDataset, base: Dataset) -> str:
    return f"{entry.title} + {base.title}"


class NamedDataset(NamedTuple):
    """A dataset as other programs name it: the name in their addresses, and what is known of it before it is opened."""

    name: str
    title: str
    date: str
    rows: int
    synthetic: bool


def list_readable(person: Person) -> list[NamedDataset]:
    """The datasets that a person's programs can read: the one that the app opens with, the sample, those of the workspace.

    Raises
    ------
    DataError
        When the tables that the app opens with cannot be read.
    """
    own = [(BUILT_IN, built_in_set())]
    if starting_name():
        own.insert(0, (STARTING, starting_set()))
    listed = [NamedDataset(name, one.title, one.date, len(one.enterprises), one.synthetic) for name, one in own]
    kept = list_visible(person)
    return [*listed, *(NamedDataset(one.key, one.title, one.added[:10], one.rows, one.synthetic) for one in kept)]


def find(name: str, person: Person) -> Dataset:
    """The dataset of a name, with the corrections that people made; it is opened when nobody has asked for it yet.

    Parameters
    ----------
    name : str
        That of `list_readable`, or a title of the workspace; empty for the one that the app opens with.
    person : Person
        Who asks.

    Raises
    ------
    KeyError
        When there is none of that name that the person may know of.
    DataError
        When it cannot be read, or several have that title.
    """
    if name in ("", STARTING):
        return with_corrections(starting_set())
    if name == BUILT_IN:
        return with_corrections(built_in_set())
    entry = named_dataset(name, list_visible(person))
    if entry is None:
        raise KeyError(name)
    return with_corrections(imported_set(entry, starting_set()))


def named_dataset(name: str, entries: Iterable[ImportedDataset]) -> ImportedDataset | None:
    """Of some datasets the one that an address names, by its key or its title.

    Raises
    ------
    DataError
        When several have that title.
    """
    keys = {entry.key for entry in entries}
    return workspace.only(name, known=lambda entry: entry.key in keys)


def imported_name(entry: ImportedDataset, *, combined: bool = False) -> str:
    """Name under which an imported dataset is opened: another one when its rows are others."""
    return f"{entry.key}|{combined}|{entry.title}|{entry.added}|{entry.enterprises_sha256}"


def imported_set(
    entry: ImportedDataset, base: Dataset, progress: ProgressCallback = no_progress, *, combined: bool = False
) -> Dataset:
    """An imported dataset in the place of the sample, or together with it, opened once for all users.

    Raises
    ------
    DataError
        When its table is not the one that was added, or cannot be read.
    """
    return open_once(
        imported_name(entry, combined=combined),
        lambda tell: _imported(entry, base, tell, combined=combined),
        progress,
    )


def _imported(entry: ImportedDataset, base: Dataset, progress: ProgressCallback, *, combined: bool) -> Dataset:
    if combined:
        progress("read", 0.0)
        enterprises = workspace.combine(workspace.read_enterprises(entry.key), base.enterprises)
        progress("columns", 0.7)
        data = base.with_enterprises(enterprises)
        data.facet_index, data.text_index, data.nodes  # noqa: B018  made now, while the user waits
    else:
        data = open_dataset(workspace.verified(entry.key), base, progress)
    title = _combined_title(entry, base) if combined else entry.title
    return data.named(
        title, entry.added[:10], synthetic=entry.synthetic or (combined and base.synthetic), key=entry.key
    )


def open_count() -> int:
    """Number of datasets that are held in memory under a name."""
    return len(_opened)


def was_opened(name: str) -> bool:
    """Whether a set has been opened under this name since the server started, kept or not."""
    return name in _names_opened


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
            _names_opened.add(name)
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
