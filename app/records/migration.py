"""Migrations: the versions of the tables of records, which Alembic runs one after the other on SQLite and PostgreSQL.

A version is a file in `app/records/migrations/versions`.  Alembic is loaded only where there is something to do.
"""

import re
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, String, Table, create_engine, inspect, select, text
from sqlalchemy.pool import StaticPool

from app.records.tables import METADATA
from geo.errors import DataError

LATEST_VERSION: Final = "0007"
"""Number of the latest version."""

VERSION_TABLE: Final = Table(
    "explorer_alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)
"""Where Alembic keeps the version; no other program that uses Alembic in the same schema has a table of this name."""

FORMER_TABLE: Final = "schema_version"
"""Where it was kept before Alembic; stays, for programs of that time ask it and then refuse a database of today."""

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def is_current(connection: Connection) -> bool:
    """Whether a database has the tables of this version; asks one row and loads no Alembic."""
    there = inspect(connection).has_table(VERSION_TABLE.name)
    return there and connection.scalar(select(VERSION_TABLE.c.version_num)) == LATEST_VERSION


def version_of(connection: Connection) -> str:
    """Version of a database; empty where it has none of our tables.

    Raises
    ------
    DataError
        When it was made by a later version, or its tables of these names are none of ours.
    """
    tables = set(inspect(connection).get_table_names())
    version = ""
    if VERSION_TABLE.name in tables:
        version = str(connection.scalar(select(VERSION_TABLE.c.version_num)) or "")
    elif FORMER_TABLE in tables:
        version = f"{connection.scalar(text(f'SELECT max(version) FROM {FORMER_TABLE}')) or 0:04}"
    if version > LATEST_VERSION and re.fullmatch(r"\d{4}", version):
        raise DataError(
            "数据库由更新的版本写成", value=version, expected=f"至多 {LATEST_VERSION}", cause="请更新本应用"
        )
    ours = "0001" <= version <= LATEST_VERSION and len(version) == len(LATEST_VERSION)
    if not ours and (version or tables & {*METADATA.tables, VERSION_TABLE.name, FORMER_TABLE}):
        raise DataError("数据库里已有同名的表，不是本应用建的", value="、".join(sorted(tables)[:5]))
    return version


def bring_up_to_date(connection: Connection, to: str = LATEST_VERSION) -> None:
    """Make the tables of a new database, or take an older one forward version by version, in the caller's transaction.

    The triggers of SQLite stay, also those of a table that a version makes anew.

    Raises
    ------
    DataError
        As for `version_of`; the database is left as it is.
    """
    version = version_of(connection)
    if version >= to:
        return
    from alembic import command
    from alembic.config import Config

    triggers: dict[str, tuple[str, str]] = {}

    def keep_triggers(**_given: Any) -> None:
        if connection.dialect.name != "sqlite":
            return
        tables = set(inspect(connection).get_table_names())
        listed = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        held = {name: (table, sql) for name, table, sql in connection.exec_driver_sql(listed)}
        for name, (table, sql) in triggers.items():
            if name not in held and table in tables:
                connection.exec_driver_sql(sql)
        triggers.update(held)

    keep_triggers()
    config = Config(
        attributes={"connection": connection, "after_each": keep_triggers, "version_table": VERSION_TABLE.name}
    )
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    if version and not inspect(connection).has_table(VERSION_TABLE.name):
        VERSION_TABLE.create(connection)
        connection.execute(VERSION_TABLE.insert().values(version_num=version))
    command.upgrade(config, to)


def tables_at(version: str) -> dict[str, Table]:
    """The tables of people's records as a version has them, by their names."""
    db = create_engine("sqlite://", poolclass=StaticPool)
    with db.begin() as connection:
        bring_up_to_date(connection, version)
        held = MetaData()
        held.reflect(connection)
    db.dispose()
    return {name: table for name, table in held.tables.items() if name not in (VERSION_TABLE.name, FORMER_TABLE)}
