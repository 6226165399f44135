"""Datasets and areas of the workspace as people write them: who may, and a line in the log for each."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any, Final

from shapely.geometry import Polygon
from sqlalchemy import Engine

from app.log import record_event
from app.records import log
from app.records.database import open_database, writing
from app.records.people import UNSIGNED, writer
from app.records.permissions import Person
from geo.datasets import workspace
from geo.datasets.rights import EVERYBODY, OF_ALL, PRIVATE, DatasetRights
from geo.datasets.workspace import BrokenDataset, ImportedDataset, Known
from geo.errors import DataError
from geo.places.drawn_areas import link_texts, name_of, save_areas

UNDO_SECONDS: Final = 600
"""How long what was removed can be put back."""


def add_dataset(
    db: Engine,
    folder: Path,
    title: str,
    who: Person,
    *,
    replace: bool = False,
    replaces: ImportedDataset | None = None,
    source: Mapping[str, Any] | None = None,
    rights: DatasetRights | None = None,
    known: Known | None = None,
) -> ImportedDataset:
    """Take the folder that an import wrote into the workspace; arguments and errors as for `geo.datasets.workspace.add`.

    Parameters
    ----------
    replaces : ImportedDataset, optional
        The very set whose place it takes, when not given with `replace` the one of this title.
    rights : DatasetRights, optional
        When not given, of the set that it replaces; a new one is its owner's, and everybody's to see.
    known : callable, optional
        The sets that the person may know of, when not given.

    Raises
    ------
    DataError
        Also when the person may not, would replace what is another's, or what it replaces was deleted meanwhile.
    """
    name = writer(who, "import", named=False) or UNSIGNED
    known = known or who.knows
    held = replaces or (workspace.only(title, known=known) if replace else None)
    if held is not None:
        title, known = held.title, partial(_is, held.key)
    elif rights is None and who.account:
        rights = DatasetRights(
            who.account, PRIVATE if replace else OF_ALL
        )  # what was to be replaced may have been private

    def log_it(added: ImportedDataset) -> None:
        former = workspace.rights_of(added.key) if held or (replace and who.account) else None
        if held is not None and former is None:
            raise DataError("要替换的数据集已被删除，没有替换", value=held.title)
        if former is not None and who.account and not who.owns(former):
            raise _another_s(added.title)
        with writing(db) as connection:
            log.write(connection, name, "add", "dataset", 0, added.title, {"rows": ("", added.rows)}, added.key)

    added = workspace.add(
        folder, title, replace=replace or held is not None, source=source, before=log_it, rights=rights, known=known
    )  # fmt: skip
    record_event("import", name, dataset=added.title, rows=added.rows)
    return added


def delete_dataset(db: Engine, dataset: ImportedDataset | BrokenDataset, who: Person) -> str:
    """Delete a dataset, or what is left of one; errors as for `add_dataset`.

    Returns
    -------
    str
        By what `restore_dataset` knows it: for `UNDO_SECONDS` it can be put back, unless the app is started anew.
    """
    whole = isinstance(dataset, ImportedDataset)
    name = writer(who, "import" if whole else "administer", named=False) or UNSIGNED
    title, rows = (dataset.title, dataset.rows) if isinstance(dataset, ImportedDataset) else (dataset.key, "")
    if isinstance(dataset, ImportedDataset) and not who.owns(workspace.rights_of(dataset.key) or dataset.rights):
        raise _another_s(title)

    def log_it() -> None:
        rights = DatasetRights(seen_by=PRIVATE)
        if isinstance(dataset, ImportedDataset):  # as they are now: the page may have been drawn a while ago
            rights = workspace.rights_of(dataset.key) or dataset.rights
            if not who.owns(rights):
                raise _another_s(title)
        kept = who.account or rights != EVERYBODY  # where they are not known, what was made of it is an administrator's
        with writing(db) as connection:
            fields = {"rows": (rows, "")} | ({"rights": (json.dumps(rights), "")} if kept else {})
            log.write(connection, name, "remove", "dataset", 0, title, fields, dataset.key)

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
        When it is gone for good, another has taken its name, it is another's, or the person may only look.
    """
    name = writer(who, "import", named=False) or UNSIGNED
    if not who.owns(workspace.rights_aside(aside)):
        raise _another_s(title)

    def log_it() -> None:
        with writing(db) as connection:
            log.write(connection, name, "add", "dataset", 0, title, dataset=workspace.key_aside(aside))

    workspace.put_back(aside, before=log_it, known=who.knows)
    record_event("import", name, dataset=title)


def change_rights(db: Engine, dataset: ImportedDataset, rights: DatasetRights, who: Person) -> None:
    """Say anew who may know of a dataset; errors as for `add_dataset`."""
    name = writer(who, "import", named=False) or UNSIGNED
    held = workspace.rights_of(dataset.key)
    if held is None or not who.sees(held):
        raise DataError("没有这个数据集", value=dataset.key)
    if not who.owns(held):
        raise _another_s(dataset.title)
    fields = held.changes(rights)

    def log_it() -> None:
        with writing(db) as connection:
            log.write(connection, name, "change", "dataset", 0, dataset.title, fields, dataset.key)

    if fields:
        workspace.set_rights(dataset.key, rights, before=log_it)
        record_event("rights", name, dataset=dataset.title)


def _is(key: str, entry: ImportedDataset) -> bool:
    return entry.key == key


def _another_s(title: str) -> DataError:
    cause = "只有导入的人和管理员可以（its owner and administrators may）"
    return DataError("这是别人的数据集，不能改、替换或删除", value=title, cause=cause)


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
