"""Values of an SQLite file from elsewhere: its plain tables are read, nothing that it would compute."""

import base64
import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError

MAX_QUERY_ROWS: Final = 5_000_000

_RTREE: Final = re.compile(
    r"\s*CREATE\s+VIRTUAL\s+TABLE\s+\"?rtree_\w.*\sUSING\s+rtree\s*\(", re.IGNORECASE | re.DOTALL
)
_STEP: Final = 1000


def open_read_only(file: Path) -> sqlite3.Connection:
    """Connection that writes nothing beside the file and trusts no function that its schema names."""
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def plain_tables(database: sqlite3.Connection, kind: str, file: Path) -> list[str]:
    """Names of the tables of a file that has nothing that computes as it is read.

    Triggers act on writing only, and files are opened to be read; an index over space is what GeoPackages have.

    Raises
    ------
    DataError
        When there is a view, a virtual table or a computed column.
    """
    objects = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    for type_, name, statement in objects:
        virtual = re.match(r"\s*CREATE\s+VIRTUAL", statement, re.IGNORECASE) and not _RTREE.match(statement)
        if type_ == "view" or virtual:
            raise DataError(f"{kind} 里有视图或虚拟表，不予读取", file=file, value=name, expected="普通的表")
    tables = [str(name) for type_, name, _ in objects if type_ == "table"]
    for name in tables:
        quoted = name.replace('"', '""')
        if any(column[6] in (2, 3) for column in database.execute(f'PRAGMA table_xinfo("{quoted}")')):
            raise DataError(f"{kind} 里有算出来的列，不予读取", file=file, value=name, expected="普通的列")
    return tables


def values_task(
    file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[[int], None]
) -> dict[str, list[str]]:
    """Write the rows of the tables in ``arguments["tables"]`` to the working folder, one JSON array a line.

    Returns
    -------
    dict
        Table → its columns, for those of the tables that the file has; ``NAME.jsonl`` holds their rows, bytes in base 64.
    """
    found: dict[str, list[str]] = {}
    done = 0
    try:
        with closing(open_read_only(file)) as database:
            held = plain_tables(database, "备份", file)
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise DataError("备份文件损坏", file=file)
            for name in arguments["tables"]:
                if name not in held:
                    continue
                rows = database.execute(f'SELECT * FROM "{name}"')
                found[name] = [str(column[0]) for column in rows.description]
                with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as out:
                    for row in rows:
                        done += 1
                        if done > MAX_QUERY_ROWS:
                            raise DataError(f"备份超过 {MAX_QUERY_ROWS:,} 行", file=file)
                        out.write(json.dumps(row, default=_as_base64) + "\n")
                        if done % _STEP == 0:
                            progress(done)
    except (sqlite3.Error, UnicodeError) as error:
        raise DataError("备份文件读不了", file=file, cause=str(error)[:120]) from error
    return found


def _as_base64(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}
