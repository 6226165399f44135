"""The database of what people keep: an SQLite file in the workspace, or PostgreSQL by one URL.

A transaction is kept whole or not at all, and what was committed stays even when the process is killed or the power
fails.  Writers wait for each other, users never wait for them, and nobody waits long for a database that does not
answer: it is tried again after some seconds, by one for all.  The log refuses to be changed.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import NoSuchModuleError, OperationalError, SQLAlchemyError

from app.records.location import RECORDS_FILE
from app.records.migration import bring_up_to_date, is_current
from geo.errors import DataError
from geo.installation import variable, workspace_dir
from geo.text import visible

READ_BUSY_SECONDS: Final = 2
WRITE_BUSY_SECONDS: Final = 15
"""How long a transaction waits for a lock of SQLite that another program holds."""

OPEN_SECONDS: Final = 2.5
"""How long a user waits for a server's database to be opened; a page stands without it."""

RETRY_SECONDS: Final = 5
"""How long the database is left alone once it did not answer."""

RETRY_WAIT_SECONDS: Final = 0.3
"""How long a user waits for one that is tried again: enough for one that is back, and a page is not held up."""

_SERVER: Final = {"connect_timeout": 2, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3} | {
    "tcp_user_timeout": 5000
}
"""What the driver of PostgreSQL is told of patience [s, the last in ms], unless the URL says otherwise."""

_STATEMENTS: Final = {"statement_timeout": "15s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
_POOL_SECONDS: Final = 3
_WRITERS: Final = 8_316_024
"""Number of the lock that writers of PostgreSQL take, one after another as SQLite's do."""


@dataclass
class _Place:
    """One database: the attempt to open it, and until when it is left alone because it did not answer."""

    attempt: "Future[Engine] | None" = None
    failed: DataError | None = None
    until: float = 0.0


_opened: Final[dict[str, _Place]] = {}
_lock: Final = Lock()
"""Held to look at the places, never while a database is opened or asked."""


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
        When the database cannot be reached or does not answer within `OPEN_SECONDS`, is none of ours, or was made by a
        later version.
    """
    address = _address(url)
    key = address.render_as_string(hide_password=False)
    with _lock:
        place = _opened.setdefault(key, _Place())
        file, attempt = file_of(address), place.attempt
        if attempt is not None and attempt.done():
            if attempt.exception() is not None:
                attempt = None
            elif file is not None and not file.exists():
                attempt.result().dispose()  # the file was taken away, with it all that its connections would write
                attempt = None
        if place.failed is not None and time.monotonic() < place.until:
            raise place.failed.with_traceback(None)
        failed, patience = place.failed, OPEN_SECONDS if file is None else WRITE_BUSY_SECONDS
        if attempt is None:
            attempt = place.attempt = Future()
            Thread(target=_try_to_open, args=(address, place, attempt), daemon=True).start()
        elif failed is not None and not attempt.done():
            raise failed.with_traceback(None)  # somebody tries again: nobody else waits for that
    try:
        return attempt.result(timeout=patience if failed is None else RETRY_WAIT_SECONDS)
    except TimeoutError as error:
        if failed is not None:
            raise failed.with_traceback(None) from error  # it is still being tried
        raise _leave_alone(place, DataError("数据库没有回答", value=_where(address), cause=_CAUSE)) from error


def _try_to_open(address: URL, place: _Place, attempt: "Future[Engine]") -> None:
    try:
        db = _open(address)
    except DataError as error:
        if isinstance(error.__cause__, OperationalError):
            _leave_alone(place, error)
        attempt.set_exception(error)
    except BaseException as error:
        attempt.set_exception(error)
    else:
        with _lock:
            place.failed = None
        attempt.set_result(db)


def _leave_alone(place: _Place, error: DataError) -> DataError:
    with _lock:
        place.failed, place.until = error, time.monotonic() + RETRY_SECONDS
    return error


def file_of(address: URL) -> Path | None:
    """File of an SQLite database; None for a server's."""
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


@contextmanager
def reading(db: Engine, isolation: str = "") -> Iterator[Connection]:
    """A connection to read from, in one transaction; of an isolation that a server has, where it is named."""
    with _in_words(db), db.connect() as connection:
        yield connection.execution_options(isolation_level=isolation) if isolation else connection


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
    r"""Text as it is kept: nothing that controls or does not show, one line unless `lines`, cut to `longest` characters.

    Examples
    --------
    >>> clean(" a\x00b\n c ", 10), clean("a\r\nb", 10, lines=True), clean("张\u3164三", 10)
    ('ab c', 'a\nb', '张三')
    """
    kept = visible("".join(c for c in text.replace("\r\n", "\n") if c.isprintable() or c in "\n\t"))
    return (kept.strip() if lines else " ".join(kept.split()))[:longest]


def _address(url: str | None) -> URL:
    given = url or variable("EXPLORER_DATABASE")
    if not given:
        return URL.create("sqlite", database=str((workspace_dir() / RECORDS_FILE).absolute()))
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
    options: dict[str, Any] = (
        {"connect_args": {"timeout": READ_BUSY_SECONDS}, "max_overflow": -1}  # nobody waits for another's connection
        if file is not None
        else {"connect_args": {name: value for name, value in _SERVER.items() if name not in address.query}}
        | {"pool_timeout": _POOL_SECONDS}
    )
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
    else:
        from app.records import server  # here, because not every installation has the driver

        server.set_up(db)
        event.listen(db, "connect", _set_up_server)
    try:
        with reading(db) as connection:
            current = is_current(connection)
        if not current:  # else it is opened without waiting for those who write
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
    begin = connection.get_execution_options().get("begin", "BEGIN")
    seconds = READ_BUSY_SECONDS if begin == "BEGIN" else WRITE_BUSY_SECONDS
    connection.exec_driver_sql(f"PRAGMA busy_timeout={seconds * 1000}")
    connection.exec_driver_sql(begin)


def _set_up_server(connection: Any, _record: object) -> None:
    """Tell the server how long a statement may take; in statements, which a pooler before it passes on."""
    connection.autocommit = True
    for name, value in _STATEMENTS.items():
        connection.execute(f"SET {name} = '{value}'")
    connection.autocommit = False


@contextmanager
def _in_words(db: Engine) -> Iterator[None]:
    """Say what the database refuses in one sentence that holds no password and no statement."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:160]
        cause = "另一个程序长时间占用" if "locked" in reason else _CAUSE
        said = DataError(f"数据库读写不了（{reason}）", value=_where(db.url), cause=cause)
        place = _opened.get(db.url.render_as_string(hide_password=False))
        unreachable = (
            getattr(getattr(error, "orig", None), "sqlstate", "") is None
        )  # a server that answers says a state
        if place is not None and isinstance(error, OperationalError) and unreachable:
            _leave_alone(place, said)
        raise said from error


_CAUSE: Final = "文件损坏、磁盘已满，或数据库没有开着"


def _where(address: URL) -> str | None:
    """Name of a database for people; for a server's its host, never the password."""
    file = file_of(address)
    return file.name if file is not None else address.host or address.database
