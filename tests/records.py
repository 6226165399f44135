"""A database of records of its own for every test: SQLite, and PostgreSQL where `EXPLORER_TEST_DATABASE` names one."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from app.records import database
from app.records.database import open_database

SERVER = os.environ.get("EXPLORER_TEST_DATABASE", "")
"""SQLAlchemy URL of a PostgreSQL for tests; `.ci/postgresql` starts one and names it."""

MISSING = "EXPLORER_TEST_DATABASE names no PostgreSQL: bash .ci/postgresql make test starts one where it is installed"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """URL of an empty schema on the server, which is the database of the installation while the test runs."""
    if not SERVER:
        pytest.skip(MISSING)
    schema = f"t{uuid4().hex}"
    admin = create_engine(SERVER)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = f"{SERVER}?options=-csearch_path%3D{schema}"
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("EXPLORER_DATABASE", url)
    yield url
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The database of the installation, empty, of either kind."""
    if request.param == "postgresql":
        request.getfixturevalue("server")
    else:
        monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
        monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    with monkeypatch.context() as patient:  # all tables are made now, which takes a busy machine some seconds
        patient.setattr(database, "OPEN_SECONDS", 60)
        opened = open_database()
    yield opened
    opened.dispose()
