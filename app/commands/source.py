"""Where a dataset of the workspace comes from, kept so that `refresh` can read it again: files, or a query of a database.

A database is named by an SQLAlchemy URL.  A password never stands in it: the URL names an environment variable,
``postgresql://reader:${SOURCE_PASSWORD}@host/db``, and what is kept is the URL with that name; what is printed of it
has neither password nor parameters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, Self
from urllib.parse import unquote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from app.commands.fetch import REFERENCE, fetch
from geo.errors import DataError
from geo.ingest.engines import HERE, Engine
from geo.ingest.pipeline import Report, expand, import_files
from geo.ingest.readers.read import digest_of

_SECRET: Final = re.compile(r"pass|pwd|token|secret|key|credential", re.IGNORECASE)
"""In the names of parameters whose value nobody else should know."""

_ODBC: Final = "odbc_connect"
"""Parameter that holds the whole of a connection string, `UID=reader;PWD=${NAME}`."""


@dataclass(frozen=True)
class Source:
    """What was imported, and how.

    Parameters
    ----------
    files : tuple of str
        Files, folders and patterns, as whole paths of this machine.
    url : str
        SQLAlchemy URL, in the place of files.
    sql, table : str
        The query, or the table that is read whole.
    datum, keep_personal, columns
        As `geo.ingest.pipeline.import_files` takes them.
    """

    files: tuple[str, ...] = ()
    url: str = ""
    sql: str = ""
    table: str = ""
    datum: Literal["auto", "wgs84", "gcj02", "bd09"] = "auto"
    keep_personal: bool = False
    columns: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, names: list[str], sql: str | None, table_name: str | None, **how: Any) -> Self:
        """The source that a command names: files, or one URL with a query or a table.

        Raises
        ------
        DataError
            When a URL holds a password, or comes without a query or table.

        Examples
        --------
        >>> Source.of(["mysql://reader:secret@host/db"], None, "firms")
        Traceback (most recent call last):
        geo.errors.DataError: 网址里不要写密码；应为 ${变量名}，密码放在这个环境变量里（no password in a URL）
        """
        urls = [name for name in names if "://" in name]
        if not urls:
            if sql or table_name:
                raise DataError("--sql 与 --table 只用于数据库的网址（for the URL of a database only）")
            return cls(tuple(str(Path(name).absolute()) for name in names), **how)
        if len(names) > 1 or bool(sql) == bool(table_name):
            raise DataError("数据库一次写一个网址，并写 --sql 或 --table（one URL, with --sql or --table）")
        return cls((), _kept(urls[0]), sql or "", table_name or "", **how)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """A source as `as_json` gave it; what a later version knows more is left out."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in content.items() if name in known}
        return cls(**values | {"files": tuple(map(str, content.get("files", ())))})

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return asdict(self)

    def digests(self) -> list[str] | None:
        """Hashes of its files as a report has them; None of a database, which has none before it is read.

        Raises
        ------
        DataError
            When a folder or pattern holds no file.
        OSError
            When a file cannot be read.
        """
        return None if self.url else [digest_of(path) for path in expand(self.files)]

    def import_into(self, out: Path, remembered: Mapping[str, str] | None = None, engine: Engine = HERE) -> Report:
        """Import it; arguments and errors as for `geo.ingest.pipeline.import_files`."""
        with self._paths() as paths:
            return import_files(
                paths,
                out,
                datum=self.datum,
                keep_personal=self.keep_personal,
                mapping=self.columns,
                remembered=remembered,
                engine=engine,
            )

    @contextmanager
    def _paths(self) -> Iterator[list[Path]]:
        if not self.url:
            yield [Path(name) for name in self.files]
            return
        name = re.sub(r"[^\w.-]", "_", self.table) or "query"
        with TemporaryDirectory(prefix="source-", ignore_cleanup_errors=True) as folder:  # a query may be left over
            file = Path(folder) / f"{name}.csv"
            fetch(self.url, self.sql, self.table, file)
            yield [file]


def _kept(url: str) -> str:
    """A URL as it is kept: without a password, the file of SQLite as a whole path."""
    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise DataError(
            "不是数据库的网址", expected="如 postgresql://用户:${变量名}@主机/库（SQLAlchemy URL）"
        ) from error
    if any(secret and not REFERENCE.fullmatch(secret) for secret in _secrets(address)):
        raise DataError("网址里不要写密码", expected="${变量名}，密码放在这个环境变量里（no password in a URL）")
    if address.get_backend_name() == "sqlite" and address.database:
        return URL.create("sqlite", database=str(Path(address.database).absolute())).render_as_string()
    return url


def _secrets(address: URL) -> Iterator[str]:
    """What stands where a password, token or key does."""
    yield str(address.password or "")
    for name, value in address.query.items():
        for one in (value,) if isinstance(value, str) else value:
            yield from _secrets_of(_parameters(one) if name.lower() == _ODBC else [(name, one)])


def _secrets_of(parameters: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (value for name, value in parameters if _SECRET.search(name))


def _parameters(connection: str) -> list[tuple[str, str]]:
    """Names and values of an ODBC connection string, which may have been quoted once more."""
    parts = (part.partition("=") for part in unquote_plus(connection).split(";"))
    return [(name.strip(), value.strip()) for name, _, value in parts]
