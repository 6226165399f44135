"""Databases of every earlier version become today's, whole and once, or stay as they were."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect, text

from app.records import database, log, migration, shortlist
from app.records.database import open_database, reading, writing
from app.records.enterprises import EnterpriseKey
from app.records.migration import FORMER_TABLE, LATEST_VERSION, VERSION_TABLE, bring_up_to_date, version_of
from app.records.tables import METADATA
from geo.errors import DataError

ROOT = Path(__file__).resolve().parents[3]
WRITTEN = ROOT / "tests" / "data" / "workspace_0_1_0" / "records.sqlite"


def differences(db):
    """What the tables of a database lack of those that the program reads and writes, or have beside."""
    with reading(db) as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE.name, "compare_type": True}
        )
        found = compare_metadata(context, METADATA)
    return [one for one in found if not (one[0] == "remove_table" and one[1].name == FORMER_TABLE)]


def version(db):
    with reading(db) as connection:
        return connection.scalar(text("SELECT version_num FROM explorer_alembic_version"))


def as_before_alembic(db):
    """Make a database what it was just before Alembic: no table of its version, and none that came later."""
    with writing(db) as connection:
        connection.execute(text("DROP TABLE explorer_alembic_version"))
        for name in set(METADATA.tables) - set(migration.tables_at("0002")):
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("UPDATE schema_version SET version = 2"))


def reopened(db, monkeypatch):
    url = db.url.render_as_string(hide_password=False)
    db.dispose()
    monkeypatch.setattr(database, "_opened", {})
    return open_database(url)


def refuses_to_forget(db):
    shortlist.add(db, [EnterpriseKey("样例癸")], "张三")
    for statement in ("DELETE FROM log", "UPDATE log SET who = ''"):
        with pytest.raises(DataError, match="append-only"), writing(db) as connection:
            connection.execute(text(statement))


def test_the_latest_version_is_the_one_that_the_program_asks_for():
    assert ScriptDirectory(str(Path(migration.__file__).with_name("migrations"))).get_heads() == [LATEST_VERSION]


def test_a_new_database_has_the_tables_that_the_program_reads_and_writes(db):
    assert differences(db) == []
    assert version(db) == LATEST_VERSION


def test_the_database_of_0_1_0_becomes_todays(tmp_path, monkeypatch):
    file = shutil.copy2(WRITTEN, tmp_path / "a.sqlite")
    db = open_database(f"sqlite:///{file}")
    assert (differences(db), version(db)) == ([], LATEST_VERSION)
    assert (len(shortlist.entries(db)), len(log.read(db))) == (2, 10)
    refuses_to_forget(reopened(db, monkeypatch))


def test_the_database_of_before_alembic_becomes_todays_with_all_it_held(db, firm, monkeypatch):
    entry = shortlist.add(db, [firm], "张三")[0].entry
    before = log.read(db)
    as_before_alembic(db)
    db = reopened(db, monkeypatch)
    assert (differences(db), version(db)) == ([], LATEST_VERSION)
    assert shortlist.entries(db) == [entry]
    assert log.read(db).equals(before)
    refuses_to_forget(db)


def test_what_is_up_to_date_is_opened_without_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    open_database(url).dispose()
    before = (tmp_path / "a.sqlite").read_bytes()
    code = f"import sys; from app.records.database import open_database; open_database({url!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert (tmp_path / "a.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE explorer_alembic_version SET version_num = '0099'", "更新的版本写成.*0099.*至多"),
        ("UPDATE explorer_alembic_version SET version_num = '1975ea83b712'", "不是本应用建的"),
        ("DELETE FROM explorer_alembic_version", "不是本应用建的"),
        ("UPDATE schema_version SET version = 99; DROP TABLE explorer_alembic_version", "更新的版本写成.*0099"),
        ("DROP TABLE schema_version; DROP TABLE explorer_alembic_version", "不是本应用建的"),
    ],
)
def test_what_is_later_or_none_of_ours_is_refused_and_left_as_it_is(tmp_path, monkeypatch, statement, said):
    file = tmp_path / "a.sqlite"
    open_database(f"sqlite:///{file}").dispose()
    monkeypatch.setattr(database, "_opened", {})
    with closing(sqlite3.connect(file)) as other:
        other.executescript(statement)
        before = list(other.iterdump())
    with pytest.raises(DataError, match=said) as caught:
        open_database(f"sqlite:///{file}")
    assert "\n" not in str(caught.value)
    with closing(sqlite3.connect(file)) as other:
        assert list(other.iterdump()) == before


def test_a_program_from_before_alembic_is_told_that_it_is_too_old(db):
    with reading(db) as connection:
        assert connection.scalar(text("SELECT max(version) FROM schema_version")) > 2


STARTED = """
import os
import sys
from sqlalchemy import Engine, event
from app.records.database import open_database
from app.records import log
from geo.errors import DataError
steps = []
event.listen(Engine, "before_cursor_execute", lambda _c, _u, sql, *_: steps.append(sql), named=False)
waiting, go = os.pipe()
servers = []
while len(servers) < 4 and 0 not in servers:
    servers.append(os.fork())
if servers[-1] == 0:
    os.close(go)
    os.read(waiting, 1)
    while True:
        try:
            log.read(open_database())
            break
        except DataError as error:
            assert "没有回答" in str(error), error  # a machine with much to do: the one who asks next finds it open
    os.write(1, b"%d\\n" % sum("CREATE TABLE accounts" in sql for sql in steps))
    os._exit(0)
os.close(go)
sys.exit(any([os.waitpid(server, 0)[1] for server in servers]))
"""
"""Four servers that open the database at the same moment: how often each of them made a table."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process")
@pytest.mark.parametrize("kind", ["new", "0.1.0", "before alembic"])
def test_servers_that_start_at_once_migrate_once(db, kind, monkeypatch):
    if kind == "before alembic":
        as_before_alembic(db)
    elif db.dialect.name == "sqlite":
        db.dispose()
        for file in Path(db.url.database).parent.iterdir():
            file.unlink()
        if kind == "0.1.0":
            shutil.copy2(WRITTEN, db.url.database)
    else:
        with writing(db) as connection:
            connection.execute(text("DROP FUNCTION log_refuse CASCADE"))
            for name in inspect(connection).get_table_names():
                connection.execute(text(f"DROP TABLE {name}"))
            if kind == "0.1.0":
                bring_up_to_date(connection, "0001")
                connection.execute(text("DROP TABLE explorer_alembic_version"))
    done = subprocess.run([sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert sorted(done.stdout.split()) == ["0", "0", "0", "0" if kind == "before alembic" else "1"]
    db = reopened(db, monkeypatch)
    assert (differences(db), version(db)) == ([], LATEST_VERSION)
    refuses_to_forget(db)


def killed_at(file, statement):
    """Whether a copy of this process lived through the migration of a file; it is killed before a statement."""
    child = os.fork()
    if child == 0:  # nothing of the tests runs on in it
        done = 0

        def count(*_given):
            nonlocal done
            done += 1
            if done == statement:
                os.kill(os.getpid(), 9)

        db = create_engine(f"sqlite:///{file}")
        event.listen(db, "connect", database._set_up_sqlite)
        event.listen(db, "begin", database._begin_sqlite)
        event.listen(db, "before_cursor_execute", count)
        with writing(db) as connection:
            bring_up_to_date(connection)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process")
def test_killed_at_any_statement_it_is_the_old_database_or_the_new_one(tmp_path):
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(WRITTEN)) as other:
        before = list(other.iterdump())
    statement = 0
    lived = False
    while not lived:
        statement += 1
        shutil.copy2(WRITTEN, file)
        lived = killed_at(file, statement)
        with closing(sqlite3.connect(file)) as other:
            assert lived or list(other.iterdump()) == before
    assert statement > 20
    db = open_database(f"sqlite:///{file}")
    assert (differences(db), len(shortlist.entries(db))) == ([], 2)


def test_the_triggers_of_a_table_that_is_made_anew_stay(tmp_path, monkeypatch):
    """A later version may change a column of the log: SQLite then makes the table anew, and drops its triggers."""
    scripts = shutil.copytree(Path(migration.__file__).with_name("migrations"), tmp_path / "migrations")
    (scripts / "versions" / "r9000_log.py").write_text(
        f'''
import sqlalchemy as sa
from alembic import op
revision = "9000"
down_revision = "{LATEST_VERSION}"
def upgrade():
    with op.batch_alter_table("log") as batch:
        batch.alter_column("name", type_=sa.String(500), existing_type=sa.String(400), existing_nullable=False)
''',
        encoding="utf-8",
    )
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    db = open_database(url)
    shortlist.add(db, [EnterpriseKey("样例甲")], "张三")
    before = log.read(db)
    monkeypatch.setattr(migration, "_SCRIPTS", scripts)
    monkeypatch.setattr(migration, "LATEST_VERSION", "9000")
    with writing(db) as connection:
        bring_up_to_date(connection, "9000")
        columns = {column["name"]: str(column["type"]) for column in inspect(connection).get_columns("log")}
        assert columns["name"] == "VARCHAR(500)"
        assert version_of(connection) == "9000"
    assert log.read(db).equals(before)
    refuses_to_forget(db)
