"""Premises that people brought: lists with rights as those of a dataset, each kept whole or not at all.

A list is in the database with all other records, so in its backup, and each change writes its line in the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from app.log import record_event
from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.people import UNSIGNED, writer
from app.records.permissions import Person
from app.records.tables import PREMISES
from app.records.visibility import PREMISES_PREFIX
from geo.datasets.rights import OF_ALL, DatasetRights
from geo.errors import DataError
from geo.premises.premises import MAX_PREMISES, checked_row
from geo.text import fold

MAX_LIST_TITLE_CHARACTERS: Final = 120
_ABOUT: Final = [column for column in PREMISES.columns if column.name != "rows"]


@dataclass(frozen=True)
class PremisesList:
    """A list as it is known without its premises; `count` of them."""

    id: int
    title: str
    file: str
    count: int
    rights: DatasetRights
    added: str
    added_by: str
    version: int

    @property
    def key(self) -> str:
        """What stands for the list in the log."""
        return f"{PREMISES_PREFIX}{self.id}"


def lists(db: Engine, person: Person) -> list[PremisesList]:
    """The lists that a person may know of, the latest first."""
    with reading(db) as connection:
        rows = connection.execute(select(*_ABOUT).order_by(PREMISES.c.id.desc())).all()
    return [held for row in rows if person.sees((held := _list(row)).rights)]


def rows_of(db: Engine, list_id: int, person: Person) -> list[dict[str, Any]]:
    """The premises of a list.

    Raises
    ------
    DataError
        When there is none of that number that the person may know of.
    """
    with reading(db) as connection:
        row = connection.execute(select(PREMISES).where(PREMISES.c.id == list_id)).one_or_none()
    if row is None or not person.sees(_list(row).rights):
        raise _missing(list_id)
    return list(row.rows)


def add(
    db: Engine,
    rows: Sequence[Mapping[str, Any]],
    title: str,
    file: str,
    who: Person,
    *,
    replaces: PremisesList | None = None,
    rights: DatasetRights | None = None,
) -> PremisesList:
    """Keep a list, or put it in the place of one.

    Parameters
    ----------
    rows : sequence of mapping
        As `geo.ingest.premises.read_premises` gives them; each is checked again.
    title : str
    file : str
        Name of the file that they came from.
    who : Person
    replaces : PremisesList, optional
        As the person saw it; its title and rights stay.
    rights : DatasetRights, optional
        Who may know of a new one; everybody when not given.

    Raises
    ------
    DataError
        When the person may not, the title is empty or taken, there are too many rows, or what is to be replaced was
        changed or removed since it was seen: nothing is written then.
    """
    name = writer(who, "import", named=False) or UNSIGNED
    kept = [checked_row(row) for row in rows]
    if not 0 < len(kept) <= MAX_PREMISES:
        raise DataError("载体太多或没有", value=len(kept), expected=f"1 到 {MAX_PREMISES:,} 处")
    title = replaces.title if replaces else clean(title, MAX_LIST_TITLE_CHARACTERS)
    if not title:
        raise DataError("载体清单要有名称")
    owned = DatasetRights(who.account, *(rights or DatasetRights(seen_by=OF_ALL))[1:])
    owned.check()
    values = {
        "file": clean(file, 200), "count": len(kept), "rows": kept, "added": now(), "added_by": name,
    }  # fmt: skip
    with writing(db) as connection:
        if replaces is not None:
            held = _held(connection, replaces, who)
            stamped = values | {"version": held.version + 1}
            row = connection.execute(
                update(PREMISES).where(PREMISES.c.id == held.id).values(stamped).returning(*_ABOUT)
            ).one()
            log.write(
                connection, name, "change", "premises", held.id, title, {"rows": (held.count, len(kept))}, held.key
            )
        else:
            _check_title(connection, title, who)
            about = {"title": title, "title_key": _key(title), "version": 1} | _columns(owned)
            row = connection.execute(insert(PREMISES).values(values | about).returning(*_ABOUT)).one()
            made = _list(row)
            log.write(connection, name, "add", "premises", made.id, title, {"rows": ("", len(kept))}, made.key)
    record_event("import", name, premises=title, rows=len(kept))
    return _list(row)


def remove(db: Engine, held: PremisesList, who: Person) -> list[dict[str, Any]]:
    """Take a list away; its premises, so that it can be put back by `restore`."""
    name = writer(who, "import", named=False) or UNSIGNED
    with writing(db) as connection:
        found = _held(connection, held, who)
        rows = connection.execute(select(PREMISES.c.rows).where(PREMISES.c.id == held.id)).scalar_one()
        connection.execute(delete(PREMISES).where(PREMISES.c.id == held.id))
        log.write(connection, name, "remove", "premises", held.id, held.title, {"rows": (found.count, "")}, held.key)
    record_event("delete", name, premises=held.title)
    return list(rows)


def restore(db: Engine, held: PremisesList, rows: Sequence[Mapping[str, Any]], who: Person) -> None:
    """Put a list back that was taken away, under its number; errors as for `add`."""
    name = writer(who, "import", named=False) or UNSIGNED
    if not who.owns(held.rights):
        raise _another_s(held.title)
    with writing(db) as connection:
        _check_title(connection, held.title, who)
        values = {
            "id": held.id, "title": held.title, "title_key": _key(held.title), "file": held.file, "count": held.count,
            "rows": [checked_row(row) for row in rows], "added": held.added, "added_by": held.added_by,
            "version": held.version + 1,
        }  # fmt: skip
        connection.execute(insert(PREMISES).values(values | _columns(held.rights)))
        log.write(connection, name, "add", "premises", held.id, held.title, {"rows": ("", held.count)}, held.key)


def change_rights(db: Engine, held: PremisesList, rights: DatasetRights, who: Person) -> None:
    """Say anew who may know of a list; errors as for `add`."""
    name = writer(who, "import", named=False) or UNSIGNED
    with writing(db) as connection:
        found = _held(connection, held, who)
        fields = found.rights.changes(rights)
        if not fields:
            return
        stamped = _columns(rights) | {"version": found.version + 1}
        connection.execute(update(PREMISES).where(PREMISES.c.id == held.id).values(stamped))
        log.write(connection, name, "change", "premises", held.id, held.title, fields, held.key)
    record_event("rights", name, premises=held.title)


def _held(connection: Connection, seen: PremisesList, who: Person) -> PremisesList:
    """The list as it is now, for one who may change it and has seen it so."""
    row = connection.execute(select(*_ABOUT).where(PREMISES.c.id == seen.id)).one_or_none()
    if row is None or not who.sees(_list(row).rights):
        raise _missing(seen.id)
    held = _list(row)
    if not who.owns(held.rights):
        raise _another_s(held.title)
    if held.version != seen.version:
        raise DataError("这份载体清单刚被修改，没有保存；请看过再来", value=held.title)
    return held


def _check_title(connection: Connection, title: str, who: Person) -> None:
    rows = connection.execute(select(*_ABOUT).where(PREMISES.c.title_key == _key(title))).all()
    if any(row.account == who.account or who.sees(_list(row).rights) for row in rows):
        raise DataError("已有同名的载体清单", value=title, cause="换一个名称，或选择替换")


def _key(title: str) -> str:
    return fold(title)[:MAX_LIST_TITLE_CHARACTERS]


def _columns(rights: DatasetRights) -> dict[str, Any]:
    return {"account": rights.owner, "seen_by": rights.seen_by, "seen_groups": list(rights.groups)}


def _list(row: Row[Any]) -> PremisesList:
    values = row._mapping
    rights = DatasetRights(values["account"], values["seen_by"], tuple(values["seen_groups"]))
    plain = ("id", "title", "file", "count", "added", "added_by", "version")
    return PremisesList(rights=rights, **{name: values[name] for name in plain})


def _missing(list_id: int) -> DataError:
    return DataError("没有这份载体清单", value=list_id)


def _another_s(title: str) -> DataError:
    cause = "只有导入的人和管理员可以（its owner and administrators may）"
    return DataError("这是别人的载体清单，不能改、替换或删除", value=title, cause=cause)
