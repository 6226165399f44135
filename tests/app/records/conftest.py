"""A database of its own for every test: SQLite, and PostgreSQL where `EXPLORER_TEST_DATABASE` names one for tests."""

import os

import pytest
from sqlalchemy import create_engine, text

from app.records.database import open_database
from app.records.enterprises import EnterpriseKey

SERVER = os.environ.get("EXPLORER_TEST_DATABASE", "")


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
def db(request, tmp_path, monkeypatch):
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    if request.param == "sqlite":
        yield open_database()
        return
    schema = f"t{abs(hash(tmp_path)):x}"
    server = create_engine(SERVER)
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    opened = open_database(f"{SERVER}?options=-csearch_path%3D{schema}")
    yield opened
    opened.dispose()
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def firm():
    return EnterpriseKey("样例甲（上海）有限公司", "", {"lon": 121.5, "lat": 31.2}, "样例名单")
