"""The database of what people keep: an SQLite file in the workspace, or PostgreSQL by one URL.

A transaction is kept whole or not at all, and what was committed stays even when the process is killed or the power
fails.  Writers wait for each other, users never wait.  The log refuses to be changed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, insert, inspect, make_url, select, update
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from app.records.location import FILE
from app.records.tables import METADATA, SCHEMA
from geo.errors import DataError
from geo.installation import workspace_dir

MIGRATIONS: Final[dict[int, Callable[[Connection], None]]] = {}
"""Version → what brings the tables of the version before to it, beside making those that are new in it."""

VERSION: Final = max([*MIGRATIONS, *(table.info["since"] for table in METADATA.tables.values())])
"""Version of the tables."""

BUSY_SECONDS: Final = 15
_WRITERS: Final = 8_316_024
"""Number of the lock that writers of PostgreSQL take, one after another as SQLite's do."""

_opened: Final[dict[str, Engine]] = {}
_lock: Final = Lock()


def open_database(url: str | None = None) -> Engine:
    """The database, its tables made or brought up to date when it is first opened.

    Parameters
    ----------
    url : str, optional
        SQLAlchemy URL of SQLite or PostgreSQL; when not given the one in `EXPLORER_DATABASE`, else a file in the
        workspace.

    Raises
    ------
    DataError
        When the database cannot be reached, is none of ours, or was made by a later version.
    """
    address = _address(url)
    key = address.render_as_string(hide_password=False)
    with _lock:
        file = file_of(address)
        if key in _opened and file is not None and not file.exists():
            _opened.pop(key).dispose()  # the file was taken away, with it all that its connections would write
        if key not in _opened:
            _opened[key] = _open(address)
        return _opened[key]


def file_of(address: URL) -> Path | None:
    """File of an SQLite database; None for a server's."""
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


@contextmanager
def reading(db: Engine) -> Iterator[Connection]:
    """A connection to read from, in one transaction."""
    with _in_words(db), db.connect() as connection:
        yield connection


@contextmanager
def writing(db: Engine) -> Iterator[Connection]:
    """A transaction that writes: kept whole, or not at all when the block raises; writers come one after another."""
    with _in_words(db), db.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
        if db.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_WRITERS)))
        yield connection


def now() -> str:
    """The present moment, ISO 8601 with the offset of local time, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def clean(text: str, longest: int, *, lines: bool = False) -> str:
    r"""Text as it is kept: no control characters, one line unless `lines`, cut to `longest` characters.

    Examples
    --------
    >>> clean(" a\x00b\n c ", 10), clean("a\r\nb", 10, lines=True)
    ('ab c', 'a\nb')
    """
    kept = "".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c in "\n\t")
    return (kept.strip() if lines else " ".join(kept.split()))[:longest]


def _address(url: str | None) -> URL:
    given = url or os.environ.get("EXPLORER_DATABASE", "").strip()
    if not given:
        return URL.create("sqlite", database=str((workspace_dir() / FILE).absolute()))
    try:
        address = make_url(given)
    except (SQLAlchemyError, ValueError) as error:
        raise DataError("EXPLORER_DATABASE 不是数据库的网址", expected="postgresql://用户@主机/库") from error
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise DataError("不支持这种数据库", value=address.drivername, expected="sqlite 或 postgresql")
    return address


def _open(address: URL) -> Engine:
    file = file_of(address)
    options: dict[str, Any] = {"pool_pre_ping": True} if file is None else {"connect_args": {"timeout": BUSY_SECONDS}}
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        db = create_engine(address, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        cause = "尚未安装驱动，请运行 pip install 'psycopg[binary]'"
        raise DataError("没有这种数据库的驱动", value=address.drivername, cause=cause) from error
    except OSError as error:
        raise DataError("数据库的文件夹建不了", value=file, cause=error.strerror) from error
    if file is not None:
        event.listen(db, "connect", _set_up_sqlite)
        event.listen(db, "begin", _begin_sqlite)
    try:
        with writing(db) as connection:
            bring_up_to_date(connection)
    except DataError:
        db.dispose()
        raise
    return db


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Set a connection up: the transactions are ours, and a commit returns when the disk has it."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables of a new database, or take an older one forward step by step.

    Raises
    ------
    DataError
        When the database was made by a later version, or has tables of these names that are none of ours.
    """
    tables = set(inspect(connection).get_table_names())
    if SCHEMA.name not in tables:
        if tables & set(METADATA.tables):
            raise DataError("数据库里已有同名的表，不是本应用建的", value="、".join(sorted(tables)[:5]))
        METADATA.create_all(connection)
        connection.execute(insert(SCHEMA).values(version=VERSION, since=now()))
        return
    version = int(connection.scalar(select(func.max(SCHEMA.c.version))) or 0)
    if version > VERSION:
        raise DataError("数据库由更新的版本写成", value=version, expected=f"至多 {VERSION}", cause="请更新本应用")
    for step in range(version + 1, VERSION + 1):
        METADATA.create_all(connection, [table for table in METADATA.tables.values() if table.info["since"] == step])
        if step in MIGRATIONS:
            MIGRATIONS[step](connection)
        connection.execute(update(SCHEMA).values(version=step, since=now()))


@contextmanager
def _in_words(db: Engine) -> Iterator[None]:
    """Say what the database refuses in one sentence that holds no password and no statement."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:160]
        where = db.url.database if db.dialect.name == "sqlite" else db.url.host or db.url.database
        cause = "另一个程序长时间占用" if "locked" in reason else "文件损坏、磁盘已满，或数据库没有开着"
        raise DataError(f"数据库读写不了（{reason}）", value=where, cause=cause) from error
