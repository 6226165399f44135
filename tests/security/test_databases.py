"""A database that does not answer costs seconds once, and nobody waits for another who waits for it."""

import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.cli import main
from app.commands import fetch as source_query
from app.commands.fetch import fetch
from app.records import database, log, shortlist
from app.records.database import OPEN_SECONDS, READ_BUSY_SECONDS, open_database, reading, writing
from app.records.enterprises import EnterpriseKey
from app.records.location import RECORDS_FILE
from app.records.overlay import with_corrections
from app.records.server import PING_SECONDS, PatientConnection
from geo.datasets import workspace
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
def test_who_tries_again_is_told_before_the_server_gives_up(monkeypatch):
    said = refusal()
    monkeypatch.setattr(database.time, "monotonic", lambda now=time.monotonic: now() + database.RETRY_SECONDS)
    began = time.perf_counter()
    assert refusal()[:20] == said[:20]
    assert time.perf_counter() - began < database.OPEN_SECONDS / 2


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


class Proxy:
    """Stands between us and a server, and passes nothing on while it is frozen; its system still confirms packets."""

    def __init__(self, address):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.flowing = threading.Event()
        self.flowing.set()
        self.open = [self.listening]
        threading.Thread(target=self._accept, args=(address,), daemon=True).start()

    def _accept(self, address):
        with suppress(OSError):
            while True:
                pair = self.listening.accept()[0], socket.create_connection(address)
                self.open += pair
                for source, target in (pair, pair[::-1]):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        with suppress(OSError):
            while content := source.recv(2**16):
                self.flowing.wait()
                target.sendall(content)
            target.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.flowing.set()
        for one in self.open:
            one.close()


@pytest.fixture
def frozen(server, monkeypatch):
    """A database behind a proxy, opened, with little patience; the proxy."""
    address = make_url(server)
    proxy = Proxy((address.host, address.port))
    url = address.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    monkeypatch.setenv("EXPLORER_DATABASE", url)
    monkeypatch.setattr(PatientConnection, "seconds", 3)
    monkeypatch.setattr("app.records.server.ANSWER_SECONDS", 3)
    shortlist.add(open_database(), [FIRM], "张三")
    yield proxy
    proxy.close()


def test_a_server_that_freezes_in_the_middle_of_a_statement_is_left(frozen):
    with reading(open_database()) as connection:
        threading.Timer(0.5, frozen.flowing.clear).start()
        with within(3 + 3), pytest.raises(OperationalError, match="no answer within 3"):
            connection.exec_driver_sql("SELECT pg_sleep(1)")
    frozen.flowing.set()
    assert len(shortlist.entries(open_database())) == 1  # by a connection of its own, the frozen one is gone


def test_a_server_that_froze_between_two_clicks_costs_seconds_once(frozen):
    frozen.flowing.clear()
    with within(3 * (PING_SECONDS + 2) + 3), pytest.raises(DataError, match="读写不了"):
        shortlist.entries(open_database())
    with within(1), pytest.raises(DataError, match="读写不了"):
        shortlist.entries(open_database())


def test_who_writes_to_a_server_that_freezes_is_told_that_nothing_was_kept(frozen):
    def write():
        with writing(open_database()) as connection:
            log.write(connection, "张三", "add", "shortlist", 1, "半截")
            frozen.flowing.clear()

    with within(3 * 3 + 5), pytest.raises(DataError, match="读写不了"):
        write()
    frozen.flowing.set()


@pytest.mark.usefixtures("server")
def test_a_statement_that_hangs_is_ended_by_the_server():
    with reading(open_database()) as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "15s"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "10s"


ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS "企业名称" FROM n'
"""A query of SQLite that computes and never gives a row."""


@pytest.fixture
def impatient(monkeypatch):
    """Sources are waited for a second."""
    monkeypatch.setattr(source_query, "QUERY_SECONDS", 1)
    monkeypatch.setattr(source_query, "CONNECT_SECONDS", 1)


@pytest.fixture
def firms(tmp_path):
    """URL of a database with a table of enterprises."""
    file = tmp_path / "firms.db"
    with closing(sqlite3.connect(file)) as other, other:
        other.execute('CREATE TABLE firms ("企业名称" TEXT, "所属区县" TEXT)')
        other.execute("INSERT INTO firms VALUES ('样例甲有限公司', '松江区')")
    return f"sqlite:///{file}"


def too_long(url, sql, tmp_path, seconds):
    with within(seconds), pytest.raises(DataError, match=r"没有回答|没有读完") as caught:
        fetch(url, sql, "", tmp_path / "out.csv")
    assert "secret" not in str(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("impatient")
def test_a_query_that_only_computes_is_ended(firms, tmp_path):
    assert "没有读完" in too_long(firms, ENDLESS, tmp_path, 2)
    fetch(firms, "", "firms", tmp_path / "out.csv")
    assert "样例甲有限公司" in (tmp_path / "out.csv").read_text("utf-8")


@pytest.mark.usefixtures("impatient")
def test_a_driver_that_does_not_come_back_is_left_whatever_the_database(firms, tmp_path, monkeypatch):
    woken = threading.Event()

    def with_hang(file, _is_over):
        connection = sqlite3.connect(file)
        connection.create_function("hang", 0, lambda: woken.wait(20))
        return connection

    monkeypatch.setattr(source_query, "_read_only", with_hang)
    assert "没有读完" in too_long(firms, "SELECT hang()", tmp_path, 4)
    woken.set()


@pytest.mark.usefixtures("impatient")
def test_a_source_that_swallows_packets_is_left(silent, tmp_path):
    assert "没有回答" in too_long(silent.replace(":secret", ""), "SELECT 1", tmp_path, 4)


@pytest.mark.usefixtures("impatient")
def test_a_statement_of_a_source_that_hangs_is_ended_by_the_server_too(server, tmp_path):
    assert "没有读完" in too_long(server, "SELECT pg_sleep(60)", tmp_path, 4)
    left = tmp_path / "left.csv"
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        fetch(server, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'", "", left)
        if left.read_text("utf-8").splitlines()[1] == "0":
            return
    pytest.fail("the server is still at it")


@pytest.mark.usefixtures("impatient")
def test_a_dataset_whose_query_hangs_stays_and_the_others_are_refreshed(firms, capsys, monkeypatch):
    monkeypatch.setattr(source_query, "QUERY_SECONDS", 60)
    for title, sql in (("甲", "SELECT * FROM firms"), ("乙", "SELECT * FROM firms")):
        assert main(["import", firms, "--sql", sql, "--as", title]) == 0
    monkeypatch.setattr(source_query, "QUERY_SECONDS", 1)
    entry = workspace.named("甲")
    assert entry
    source = {**(workspace.read_source(entry.key) or {}), "sql": ENDLESS}
    workspace.add(workspace.folder_of(entry.key), "甲", replace=True, source=source)
    capsys.readouterr()
    with within(10):
        assert main(["refresh", "甲", "乙"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("甲：查询了 1 秒还没有读完")
    assert said.err.count("\n") == 1
    assert "没有变化" in said.out
    assert workspace.read_enterprises(entry.key)["name"].tolist() == ["样例甲有限公司"]
