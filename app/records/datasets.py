"""Datasets and areas of the workspace as people write them: who may, and a line in the log for each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any, Final

from shapely.geometry import Polygon
from sqlalchemy import Engine

from app.log import record_event
from app.records import log
from app.records.database import open_database, writing
from app.records.people import Person, writer
from geo.datasets import workspace
from geo.datasets.workspace import BrokenDataset, ImportedDataset
from geo.places.drawn_areas import link_texts, name_of, save_areas

UNDO_SECONDS: Final = 600
"""How long what was removed can be put back."""

UNSIGNED = "（未署名 unsigned）"
"""Who writes, where no proxy names anybody and nobody has said who he is."""


def add_dataset(
    db: Engine,
    folder: Path,
    title: str,
    who: Person,
    *,
    replace: bool = False,
    source: Mapping[str, Any] | None = None,
) -> ImportedDataset:
    """Take the folder that an import wrote into the workspace; arguments and errors as for `geo.datasets.workspace.add`.

    Raises
    ------
    DataError
        Also when the person may only look.
    """
    name = writer(who, named=False) or UNSIGNED

    def log_it(added: ImportedDataset) -> None:
        with writing(db) as connection:
            log.write(connection, name, "add", "dataset", 0, added.title, {"rows": ("", added.rows)})

    added = workspace.add(folder, title, replace=replace, source=source, before=log_it)
    record_event("import", name, dataset=added.title, rows=added.rows)
    return added


def delete_dataset(db: Engine, dataset: ImportedDataset | BrokenDataset, who: Person) -> str:
    """Delete a dataset, or what is left of one; errors as for `add_dataset`.

    Returns
    -------
    str
        By what `restore_dataset` knows it: for `UNDO_SECONDS` it can be put back, unless the app is started anew.
    """
    name = writer(who, named=False) or UNSIGNED
    title, rows = (dataset.title, dataset.rows) if isinstance(dataset, ImportedDataset) else (dataset.key, "")

    def log_it() -> None:
        with writing(db) as connection:
            log.write(connection, name, "remove", "dataset", 0, title, {"rows": (rows, "")})

    aside = workspace.set_aside(dataset.key, before=log_it)
    record_event("delete", name, dataset=title)
    clearing = Timer(UNDO_SECONDS, workspace.clear_aside, [aside])
    clearing.daemon = True  # a process that ends leaves it to the next one, which clears what is aside when it starts
    clearing.start()
    return aside


def restore_dataset(db: Engine, aside: str, title: str, who: Person) -> None:
    """Put a dataset back that was deleted a while ago.

    Raises
    ------
    DataError
        When it is gone for good, another has taken its name, or the person may only look.
    """
    name = writer(who, named=False) or UNSIGNED

    def log_it() -> None:
        with writing(db) as connection:
            log.write(connection, name, "add", "dataset", 0, title)

    workspace.put_back(aside, before=log_it)
    record_event("import", name, dataset=title)


def keep_areas(polygons: Sequence[Polygon], title: str, who: Person) -> list[str]:
    """What stands for areas in the filters; those that are long or have a name are kept, which is a write like others.

    Raises
    ------
    DataError
        When one is no area, or has to be kept and the person may only look.
    """
    texts = link_texts(polygons, title)
    if texts is not None:
        return texts
    name = writer(who, named=False) or UNSIGNED
    with writing(open_database()) as connection:
        keys = save_areas(polygons, title)
        for key in keys:
            log.write(connection, name, "add", "area", 0, name_of(key) or key)
    return keys
