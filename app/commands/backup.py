"""`python -m app backup` and `restore`: the database of what people keep, copied while the app runs.

A backup is one SQLite file, whether the records are kept in SQLite or in PostgreSQL, and can be restored into either.
"""

import argparse
import base64
import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    URL,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from app.log import record_event
from app.records import annotations, log
from app.records.database import file_of, open_database, reading, writing
from app.records.location import RECORDS_FILE
from app.records.migration import FORMER_TABLE, LATEST_VERSION, VERSION_TABLE, bring_up_to_date, tables_at
from app.records.people import COMMAND_LINE
from app.records.tables import LOG, METADATA, NOTICES, PREMISES, SIGN_OUTS
from geo.errors import DataError
from geo.files import atomic_file
from geo.ingest.isolation import read_apart
from geo.installation import workspace_dir

_SEQUENCE: Final = "sqlite_sequence"
"""Table in which SQLite keeps the highest id that was given."""

_LASTING: Final = (SIGN_OUTS, NOTICES)
"""Tables of what has happened for good, whatever a backup says."""

_LIST: Final = (PREMISES.c.id, PREMISES.c.account, PREMISES.c.title_key)
"""By what a list of premises is the same in a backup: an id alone may be another's where the backup is not of here."""

_ROWS_AT_ONCE: Final = 1000
"""Rows that are copied in one statement."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `backup` to a parser."""
    parser.add_argument("out", type=Path, help="要写的备份文件，已有的会替换（file to write）")


def run(options: argparse.Namespace) -> int:
    """Write a backup and say what it holds."""
    held = backup(open_database(), options.out)
    print(f"{_counted(held)} → {options.out}")
    return 0


def backup(db: Engine, out: Path) -> dict[str, int]:
    """Write a copy of the database, whole or not at all, while others read and write.

    Parameters
    ----------
    db : Engine
    out : Path
        An older file is replaced once the copy is complete and has been checked.

    Returns
    -------
    dict of str to int
        Table → rows in the copy.

    Raises
    ------
    DataError
        When the file cannot be written, or the database not be read.
    """
    source = file_of(db.url)
    own = set()
    if source is not None:
        own = {source.resolve().with_name(f"{source.name}{ending}") for ending in ("", "-wal", "-shm", "-journal")}
    if out.resolve() in own or out.is_dir() or not out.absolute().parent.is_dir():
        raise DataError("备份不能写在这里", value=out, expected="已有文件夹里的另一个文件")
    try:
        with atomic_file(out) as partial:
            if source is None:
                _copy_server(db, partial)
            else:
                with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
                    live.backup(copy)
                    copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            return inspect_backup(partial)
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise DataError("备份没有写成", file=out, cause=str(error)[:120]) from error


def _copy_server(db: Engine, partial: Path) -> None:
    """Copy a server's records, as they are at one moment, to a new SQLite file."""
    made = create_engine(URL.create("sqlite", database=str(partial)))
    try:
        with made.begin() as target, reading(db, "REPEATABLE READ") as source:
            bring_up_to_date(target)
            for table in METADATA.sorted_tables:
                _copy(source, target, table)
            for name, number in _highest_ids(source).items():
                _raise_sequence(target, name, number)
    finally:
        made.dispose()


def restore(db: Engine, file: Path) -> Path:
    """Put a backup in the place of the records; those that were there stay in a file of the workspace.

    The file is read in a process of its own, and its values are put into tables that are made here, each one checked:
    of the file's own tables, triggers and settings nothing is taken.  All is exchanged in one transaction, for which
    writers wait: an app that runs meanwhile reads the former records or the restored ones, and what was written before
    is in the file that is kept of the former ones.

    Sign-ins that were ended stay ended, what was sent is not sent again, and who may know of a list of premises that is
    there stays as it is, also where the backup is older than that.

    Returns
    -------
    Path
        The file that holds the former records.

    Raises
    ------
    DataError
        When the file is no whole backup of this or an earlier version, or the database cannot be written.
    """
    fresh = _fresh(file)
    with fresh.begin() as connection:
        bring_up_to_date(connection)
    beside = file_of(db.url) or workspace_dir() / RECORDS_FILE
    stem = f"{beside.stem}-before-{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{stem}{f'-{number}' if number else ''}{beside.suffix}" for number in count())
    former = next(place for name in names if not (place := beside.with_name(name)).exists())
    try:
        former.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("工作区写不了", value=former.parent.name, cause=error.strerror) from error
    with fresh.connect() as values, writing(db) as live:
        if live.dialect.name == "postgresql":  # it is idle while the former records are copied
            live.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        backup(db, former)
        given = [_highest_ids(live), _highest_ids(values)]
        rights = live.execute(select(*_LIST, PREMISES.c.seen_by, PREMISES.c.seen_groups)).all()
        with _log_unlocked(live):
            for table in METADATA.sorted_tables:
                if table not in _LASTING:
                    live.execute(delete(table))
                _copy(values, live, table)
        for *one, seen_by, groups in rights:
            same = [column == value for column, value in zip(_LIST, one, strict=True)]
            live.execute(update(PREMISES).where(*same).values(seen_by=seen_by, seen_groups=groups))
        for name, number in (one for ids in given for one in ids.items()):  # no id is given again
            _raise_sequence(live, name, number)
        log.write(live, COMMAND_LINE, "restore", "database", 0, file.name)
    fresh.dispose()
    record_event("restore", COMMAND_LINE)
    return former


def _copy(source: Connection, target: Connection, table: Table) -> None:
    """Copy the rows of a table that are not there yet."""
    keys = list(table.primary_key)
    there = {tuple(row) for row in target.execute(select(*keys))}
    rows = source.execute(select(table).order_by(*keys), execution_options={"yield_per": _ROWS_AT_ONCE})
    for part in rows.mappings().partitions():
        fresh = [dict(row) for row in part if tuple(row[key] for key in keys) not in there]
        if fresh:
            target.execute(insert(table), fresh)


@contextmanager
def _log_unlocked(live: Connection) -> Iterator[None]:
    """Let the log be replaced, in this transaction alone; the other tables have no triggers."""
    if live.dialect.name == "postgresql":
        live.exec_driver_sql(f"ALTER TABLE {LOG.name} DISABLE TRIGGER USER")
        yield
        live.exec_driver_sql(f"ALTER TABLE {LOG.name} ENABLE TRIGGER USER")
        return
    held = live.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in held:
        live.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, made in held:
        live.exec_driver_sql(made)


def _highest_ids(connection: Connection) -> dict[str, int]:
    """Table → the highest id that it has ever given."""
    if connection.dialect.name == "sqlite":
        listed = connection.exec_driver_sql(f"SELECT name, seq FROM {_SEQUENCE}")
        return {str(name): int(number) for name, number in listed if name in METADATA.tables}
    numbered = [table.name for table in METADATA.sorted_tables if "id" in table.columns]
    asked = text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, 'id') AS regclass))")
    return {name: connection.scalar(asked, {"name": name}) or 0 for name in numbered}


def _raise_sequence(connection: Connection, name: str, number: int) -> None:
    """Give no id of a table again up to a number; a table without rows has no place in SQLite's list yet."""
    given = {"name": name, "number": number}
    if connection.dialect.name == "postgresql":
        if number > _highest_ids(connection)[name]:
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"), given)
        return
    listed = f"SELECT 1 FROM {_SEQUENCE} WHERE name = :name"
    connection.execute(text(f"INSERT INTO {_SEQUENCE} (name, seq) SELECT :name, 0 WHERE NOT EXISTS ({listed})"), given)
    connection.execute(text(f"UPDATE {_SEQUENCE} SET seq = max(seq, :number) WHERE name = :name"), given)


def _fresh(file: Path) -> Engine:
    """A database in memory, of tables made here as the backup's version had them, with the values of the backup."""
    if not file.is_file():
        raise DataError("没有这个备份文件", value=file)
    asked = [*METADATA.tables, VERSION_TABLE.name, FORMER_TABLE, _SEQUENCE]
    db = create_engine("sqlite://", poolclass=StaticPool)
    with read_apart("values", file, {"tables": asked}) as (found, folder):
        numbered = VERSION_TABLE.name if VERSION_TABLE.name in found else FORMER_TABLE
        version = _version([row[0] for row in _rows(folder, numbered, found)], file)
        tables = _tables(version, set(found), file)
        with db.begin() as connection:
            bring_up_to_date(connection, version)
        raw = _raw(db)
        try:
            for name, table in tables.items():
                _fill(raw, table, found[name], _rows(folder, name, found), file)
            raw.commit()
        except sqlite3.Error as error:
            raise DataError("备份里的内容不合规矩", file=file, cause=str(error)[:120]) from error
        with db.begin() as connection:
            for name, number in _rows(folder, _SEQUENCE, found):  # an id that was deleted is not given again
                if name in tables and type(number) is int and 0 <= number < 2**31:
                    _raise_sequence(connection, name, number)
    return db


def _raw(db: Engine) -> sqlite3.Connection:
    """The one connection of a database in memory."""
    raw: sqlite3.Connection = db.raw_connection().driver_connection  # type: ignore[assignment]
    return raw


def _version(held: list[Any], file: Path) -> str:
    """The version that a backup says it has."""
    last = max((one for one in held if isinstance(one, int | str)), key=str, default="")
    version = f"{last:04}" if isinstance(last, int) else last
    if not (len(version) == len(LATEST_VERSION) and version.isdecimal() and version > "0000"):
        raise DataError("不是 backup 写出的文件", file=file, cause=f"缺少表 {VERSION_TABLE.name}")
    if version > LATEST_VERSION:
        raise DataError("备份由更新的版本写成", value=version, expected=f"至多 {LATEST_VERSION}", cause="请更新本应用")
    return version


def _tables(version: str, found: set[str], file: Path) -> dict[str, Table]:
    """The tables that a backup of a version holds."""
    tables = tables_at(version)
    missing = set(tables) - found
    if missing:
        raise DataError("不是 backup 写出的文件", file=file, cause=f"缺少表 {'、'.join(sorted(missing))}")
    return tables


def _rows(folder: Path, name: str, found: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Rows of a table as the other process wrote them."""
    if name in found:
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield [
                    base64.b64decode(value["base64"]) if isinstance(value, dict) else value
                    for value in json.loads(line)
                ]


def _fill(raw: sqlite3.Connection, table: Table, columns: list[str], rows: Iterable[list[Any]], file: Path) -> None:
    """Put rows into a table, every value checked against its column."""
    there = [column.name for column in table.columns]
    if set(columns) != set(there):
        raise DataError("备份的列不对", file=file, value=table.name, expected="、".join(there))
    checked = [table.columns[name] for name in columns]
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"

    def each() -> Iterator[list[Any]]:
        for number, row in enumerate(rows, start=1):
            for column, value in zip(checked, row, strict=True):
                if not _fits(column, value):
                    raise DataError(
                        "备份里的内容不合规矩", file=file, row=number, column=f"{table.name}.{column.name}", value=value
                    )
            yield row

    raw.executemany(statement, each())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_SHAPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "shortlist.facts": lambda value: isinstance(value, dict),
    "premises.seen_groups": _are_texts,
    "premises.rows": lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value),
    "annotations.geometry": lambda value: bool(annotations.drawn_shape(value)),
    "accounts.member_of": _are_texts,
}
"""Column of JSON → whether a value is one that the pages can read; raises a ValueError where it is none of a shape."""


def _fits(column: Column[Any], value: Any) -> bool:
    """Whether a value, as SQLite holds it, is one of its column."""
    if value is None:
        return bool(column.nullable)
    match column.type:
        case Integer():
            return type(value) is int and abs(value) < 2**63
        case Float():
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case LargeBinary():
            return isinstance(value, bytes)
        case Date() | JSON():
            try:
                if isinstance(column.type, Date):
                    return date.fromisoformat(value).isoformat() == value
                return _SHAPES[f"{column.table.name}.{column.name}"](json.loads(value))
            except (TypeError, ValueError, OverflowError, RecursionError):
                return False
        case String(length=length):
            return isinstance(value, str) and len(value) <= (length or 10**6)
    return False


def inspect_backup(file: Path) -> dict[str, int]:
    """Check that a file is a whole backup; table → rows.

    Raises
    ------
    DataError
        When it is none, is damaged, or was made by a later version.
    """
    if not file.is_file():
        raise DataError("没有这个备份文件", value=file)
    try:
        with closing(_read_only(file)) as source:
            if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise DataError("备份文件损坏", file=file)
            names = {str(name) for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            numbered = next((name for name in (VERSION_TABLE.name, FORMER_TABLE) if name in names), "")
            held = source.execute(f"SELECT * FROM {numbered}").fetchall() if numbered else []
            tables = _tables(_version([row[0] for row in held], file), names, file)
            return {name: int(source.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in tables}
    except sqlite3.Error as error:
        raise DataError("备份文件读不了", file=file, cause=str(error)[:120]) from error


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _counted(held: dict[str, int]) -> str:
    return "，".join(f"{METADATA.tables[name].info['title']} {count:,}" for name, count in held.items())
