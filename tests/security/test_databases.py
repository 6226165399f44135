"""A database that does not answer costs seconds once, and nobody waits for another who waits for it."""

import os
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from app.records import database, shortlist
from app.records.database import OPEN_SECONDS, READ_BUSY_SECONDS, open_database, reading
from app.records.enterprises import EnterpriseKey
from app.records.location import RECORDS_FILE
from app.records.overlay import with_corrections
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.installation import workspace_dir

FIRM = EnterpriseKey("样例甲（上海）有限公司", "", {}, "样例名单")


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    monkeypatch.setattr(database, "_opened", {})


@pytest.fixture
def silent(monkeypatch):
    """Address of a PostgreSQL that takes connections and never answers."""
    pytest.importorskip("psycopg")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        url = f"postgresql://someone:secret@127.0.0.1:{server.getsockname()[1]}/records"
        monkeypatch.setenv("EXPLORER_DATABASE", url)
        yield url


@contextmanager
def within(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def refusal():
    with pytest.raises(DataError) as caught:
        open_database()
    return str(caught.value)


@pytest.mark.usefixtures("silent")
def test_a_server_that_swallows_packets_costs_three_seconds_once():
    with within(OPEN_SECONDS + 2):
        said = refusal()
    assert "没有回答" in said or "读写不了" in said
    assert "secret" not in said
    assert "\n" not in said
    with within(1):
        assert refusal() == said


@pytest.mark.usefixtures("silent")
def test_many_who_come_at_once_wait_together():
    with ThreadPoolExecutor(16) as users, within(OPEN_SECONDS + 2):
        assert len(set(users.map(lambda _: bool(refusal()), range(16)))) == 1


def test_who_comes_while_another_tries_again_does_not_wait(silent, monkeypatch):
    refusal()
    monkeypatch.setattr(database.time, "monotonic", lambda now=time.monotonic: now() + database.RETRY_SECONDS)
    with ThreadPoolExecutor(1) as other:
        tries = other.submit(refusal)
        place = database._opened[silent.replace("postgresql:", "postgresql+psycopg:")]
        while place.attempt is None or place.attempt.done():
            pass
        began = time.perf_counter()
        refusal()
        assert time.perf_counter() - began < 1
        assert tries.result()


@pytest.mark.usefixtures("silent")
def test_the_map_has_its_data_without_the_corrections():
    """What `app.ui.layout` then says in a warning above the map."""
    data = load_dataset()
    with within(OPEN_SECONDS + 2), pytest.raises(DataError, match=r"没有回答|读写不了"):
        with_corrections(data)


@pytest.mark.usefixtures("silent")
def test_a_database_that_answers_again_is_opened(monkeypatch):
    refusal()
    monkeypatch.setenv("EXPLORER_DATABASE", "")
    assert shortlist.add(open_database(), [FIRM], "张三")


@contextmanager
def locked(statement):
    """The database of the workspace, held by another program."""
    file = workspace_dir() / RECORDS_FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        if statement == "EXCLUSIVE":
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE other (x)")
        yield
        other.execute("ROLLBACK")


def test_users_look_while_another_program_writes(monkeypatch):
    shortlist.add(open_database(), [FIRM], "张三")
    open_database().dispose()
    monkeypatch.setattr(database, "_opened", {})
    with locked("IMMEDIATE"), within(1.5):
        assert len(shortlist.entries(open_database())) == 1


def test_users_do_not_queue_behind_those_who_wait_to_write(monkeypatch):
    monkeypatch.setattr(database, "WRITE_BUSY_SECONDS", 3)
    db = open_database()
    shortlist.add(db, [FIRM], "张三")

    def write(number):
        with pytest.raises(DataError, match="长时间占用"):
            shortlist.add(db, [EnterpriseKey(f"样例{number}")], "张三")

    with ThreadPoolExecutor(30) as writers, locked("IMMEDIATE"):
        waiting = [writers.submit(write, number) for number in range(30)]
        with within(2.5):
            assert len(shortlist.entries(db)) == 1
        assert not all(one.done() for one in waiting)
        with within(8):  # they wait beside each other, not one after the other
            for one in waiting:
                one.result()


def test_a_database_held_alone_is_a_sentence_for_all_at_once(monkeypatch):
    shortlist.add(open_database(), [FIRM], "张三")
    open_database().dispose()
    monkeypatch.setattr(database, "_opened", {})
    with locked("EXCLUSIVE"), ThreadPoolExecutor(8) as users, within(READ_BUSY_SECONDS + 3):
        for said in users.map(lambda _: refusal(), range(8)):
            assert "长时间占用" in said or "没有回答" in said


def test_a_statement_that_hangs_is_ended_by_the_server():
    url = os.environ.get("EXPLORER_TEST_DATABASE")
    if not url:
        pytest.skip("EXPLORER_TEST_DATABASE names no PostgreSQL")
    with reading(open_database(url)) as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "15s"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"
