"""What a query of a database gives, written to a csv: read only, within limits of rows, bytes and time.

A server is told how long a statement may take.  Whatever the database and its driver make of that, nobody waits longer
than `CONNECT_SECONDS` for a connection and `QUERY_SECONDS` for the rows: the query runs in a thread that is left behind.
"""

import csv
import os
import re
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, literal_column, make_url, select, table
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from geo.errors import DataError
from geo.ingest.readers.sheet import Limits

MAX_FETCHED_ROWS: Final = 1000
"""Rows that are fetched from a database at once."""

SOURCE_LIMITS: Final = Limits()
"""How much a query may give: as much as an imported file may hold."""

CONNECT_SECONDS: Final = 10
QUERY_SECONDS: Final = 900
"""How long a connection, and then the whole of the rows, may take."""

REFERENCE: Final = re.compile(r"\$\{(\w+)\}")
"""How a URL names the environment variable that holds a secret."""

STEPS_BETWEEN_LOOKS: Final = 10_000
"""Steps of SQLite after which it is looked whether there is time left."""

_PATIENCE: Final[dict[str, dict[str, int]]] = {
    **dict.fromkeys(
        ("psycopg", "psycopg2"),
        {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
        | {"tcp_user_timeout": 10_000},
    ),
    "pymysql": {"connect_timeout": CONNECT_SECONDS, "read_timeout": QUERY_SECONDS},
    "mysqldb": {"connect_timeout": CONNECT_SECONDS, "read_timeout": QUERY_SECONDS},
    "mysqlconnector": {"connection_timeout": CONNECT_SECONDS},
    "pyodbc": {"timeout": CONNECT_SECONDS},
    "oracledb": {"tcp_connect_timeout": CONNECT_SECONDS},
}
"""Driver → what it is told of patience [s, `tcp_user_timeout` in ms], unless the URL says otherwise."""


def fetch(url: str, sql: str, table_name: str, file: Path) -> None:
    """Write what a query gives to a csv, which is then read like any other file.

    Parameters
    ----------
    url : str
        SQLAlchemy URL with ``${NAME}`` in the place of secrets.
    sql, table_name : str
        The query, or the table that is read whole.
    file : Path
        The csv.

    Raises
    ------
    DataError
        When the database cannot be reached or read, gives too much, or does not answer in time.
    """
    run = _Run(url, sql, table_name, file)
    Thread(target=run.work, daemon=True).start()
    shown = make_url(url).set(query={}).render_as_string(hide_password=True)
    if not run.connected.wait(CONNECT_SECONDS + 1):
        run.left.set()
        raise DataError(
            f"数据库 {CONNECT_SECONDS} 秒没有回答，不再等", value=shown, cause="主机或网络不通（no answer）"
        )
    try:
        run.answer.result(timeout=QUERY_SECONDS + 1)
    except TimeoutError:
        raise _took_too_long(shown) from None
    except SQLAlchemyError as error:
        if time.monotonic() >= run.until:
            raise _took_too_long(shown) from None
        reason = " ".join(str(getattr(error, "orig", None) or type(error).__name__).split())[:120]
        raise DataError("数据库读不了", value=shown, cause=reason) from None  # its own words would show the URL
    finally:
        run.left.set()


def _took_too_long(shown: str) -> DataError:
    expected = "更小的查询，或请数据库管理员看看它在等什么（narrow the query）"
    return DataError(f"查询了 {QUERY_SECONDS} 秒还没有读完，已停止（took too long）", value=shown, expected=expected)


class _Run:
    """A query on its way, in a thread of its own."""

    def __init__(self, url: str, sql: str, table_name: str, file: Path) -> None:
        self.url, self.sql, self.table_name, self.file = url, sql, table_name, file
        self.connected, self.left = Event(), Event()
        self.until = float("inf")
        self.answer: Future[None] = Future()

    def work(self) -> None:
        """Write the rows, and say how that ended."""
        try:
            self._write()
        except BaseException as error:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(None)
        finally:
            self.connected.set()

    def is_over(self) -> bool:
        """Whether nobody waits any longer, or there is no time left."""
        return self.left.is_set() or time.monotonic() >= self.until

    def _write(self) -> None:
        engine = _engine(self.url, self.is_over)
        try:
            with engine.connect() as connection, self.file.open("w", encoding="utf-8", newline="") as out:
                self.until = time.monotonic() + QUERY_SECONDS
                self.connected.set()
                if self.left.is_set():  # the connection came too late: nothing is asked of the server any more
                    return
                _limit_statements(connection)
                result = self._result(connection.execution_options(stream_results=True))
                if not result.returns_rows:
                    raise DataError("查询没有给出行", expected="SELECT …（a query that gives rows）")
                writer = csv.writer(out)
                writer.writerow(result.keys())
                count = 0
                while not self.left.is_set() and (rows := result.fetchmany(MAX_FETCHED_ROWS)):
                    writer.writerows(rows)
                    count += len(rows)
                    _check_size(count, out.tell())
        finally:
            engine.dispose()

    def _result(self, connection: Connection) -> CursorResult[Any]:
        """What a query gives: its words go to the driver as they are, so that `:` and `%` in them mean themselves."""
        if self.sql:
            return connection.execution_options(no_parameters=True).exec_driver_sql(self.sql)
        return connection.execute(select(literal_column("*")).select_from(_table(self.table_name)))


def _check_size(rows: int, size: int) -> None:
    most, most_bytes = SOURCE_LIMITS.rows, SOURCE_LIMITS.file_bytes
    if rows > most or size > most_bytes:
        expected = f"至多 {most:,} 行、{most_bytes / 2**20:,.0f} MB，请用 --sql 缩小（narrow the query with --sql）"
        raise DataError("查询给出的太多（the query gives too much）", expected=expected)


def _table(name: str) -> Any:
    schema, _, own = name.rpartition(".")
    return table(own, schema=schema or None)


def statement_limit(dialect: Dialect) -> str:
    """The statement by which a server ends what takes longer than `QUERY_SECONDS`; empty where there is none.

    Examples
    --------
    >>> from sqlalchemy.dialects import mysql, postgresql
    >>> statement_limit(postgresql.dialect()), statement_limit(mysql.dialect())
    ("SET statement_timeout = '900s'", 'SET SESSION max_execution_time = 900000')
    """
    if dialect.name == "postgresql":
        return f"SET statement_timeout = '{QUERY_SECONDS}s'"
    if getattr(dialect, "is_mariadb", False):
        return f"SET SESSION max_statement_time = {QUERY_SECONDS}"
    if dialect.name == "mysql":
        return f"SET SESSION max_execution_time = {QUERY_SECONDS * 1000}"
    return ""


def _limit_statements(connection: Connection) -> None:
    statement = statement_limit(connection.dialect)
    if not statement:
        return
    try:
        connection.exec_driver_sql(statement)
        connection.commit()
    except DBAPIError:  # an old server does not know it: the clock of this program counts alone
        connection.rollback()


def _engine(url: str, is_over: Callable[[], bool]) -> Engine:
    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise DataError(
                "没有这个环境变量", value=match[1], cause="数据库的密码写在里面（no such environment variable）"
            )
        return os.environ[match[1]]

    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        if not file.is_file():
            raise DataError("找不到文件", file=file)
        return create_engine("sqlite://", creator=lambda: _read_only(file, is_over))
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")  # the driver that records in PostgreSQL need, too
    password = address.password and REFERENCE.sub(value, str(address.password))
    query = {
        name: REFERENCE.sub(value, one) if isinstance(one, str) else tuple(REFERENCE.sub(value, each) for each in one)
        for name, one in address.query.items()
    }
    try:
        return create_engine(address.set(password=password, query=query), connect_args=_patience(address))
    except (ImportError, SQLAlchemyError) as error:
        raise DataError(
            "没有这种数据库的驱动", value=address.drivername, cause="尚未安装（driver not installed）"
        ) from error


def _patience(address: URL) -> dict[str, int]:
    """What the driver of a URL is told of patience."""
    told = _PATIENCE.get(address.get_driver_name(), {})
    return {name: value for name, value in told.items() if name not in address.query}


def _read_only(file: Path, is_over: Callable[[], bool]) -> sqlite3.Connection:
    """A file of SQLite, opened to be read; what its views and columns compute may not reach beyond its own tables."""
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.set_progress_handler(is_over, STEPS_BETWEEN_LOOKS)
    return connection
