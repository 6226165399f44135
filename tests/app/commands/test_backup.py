"""Backup and restore as a person meets them: whole, checked, with the former records beside."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from sqlalchemy import event, insert, select

from app.cli import main
from app.commands import backup as commands
from app.commands.backup import backup, inspect_backup, restore
from app.records import database, log, premises, projects, searches, shortlist
from app.records.database import open_database, reading, writing
from app.records.enterprises import EnterpriseKey
from app.records.migration import LATEST_VERSION
from app.records.permissions import ANYBODY
from app.records.tables import METADATA, SIGN_OUTS
from geo.datasets.rights import DatasetRights
from geo.errors import DataError
from tests.records import server

__all__ = ["server"]

TABLES = METADATA.sorted_tables
WRITTEN = Path(__file__).resolve().parents[2] / "data" / "workspace_0_1_0"


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    return filled(open_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request):
    """Records in SQLite, and in PostgreSQL."""
    if request.param == "sqlite":
        return request.getfixturevalue("db")
    request.getfixturevalue("server")
    return filled(open_database())


def filled(db):
    shortlist.add(db, [EnterpriseKey("样例甲", "", {"lon": 121.5}), EnterpriseKey("样例乙")], "张三")
    entry = shortlist.entries(db)[0]
    shortlist.change(db, entry, {"due": date(2026, 12, 1), "notes": "说\n“两行”"}, "张三")
    made = projects.add(db, EnterpriseKey("样例丁"), "二期", "张三")
    projects.change(db, made, {"land_mu": 12.5}, "张三")
    searches.save(db, "装备", "industry=auto", "张三", "一月", pd.Index(["E1", "E2"]))
    return db


def content(db):
    """All that is kept, table by table."""
    with reading(db) as connection:
        return {table.name: connection.execute(select(table).order_by(*table.primary_key)).all() for table in TABLES}


def names(db):
    return sorted(entry.firm.name for entry in shortlist.entries(db))


def test_a_backup_comes_back_and_the_former_records_stay_beside(either, tmp_path, capsys):
    db, out = either, tmp_path / "备份.sqlite"
    assert main(["backup", str(out)]) == 0
    assert "跟进 2" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} - {"workspace"} == {"备份.sqlite"}  # no half file beside it
    shortlist.add(db, [EnterpriseKey("样例丙")], "李四")
    assert main(["restore", str(out)]) == 0
    told = capsys.readouterr().out
    assert "谁能看见" in told
    assert "premises lists" in told
    former = Path(told.strip().rsplit(" ", 1)[-1].removeprefix("原来的记录在"))
    assert names(db) == ["样例乙", "样例甲"]  # the engine that was open all the time
    assert inspect_backup(former)["shortlist"] == 3
    assert former.parent == tmp_path / "workspace"
    assert log.read(db)["action"].iloc[0] == "restore"
    restore(db, former)
    assert len(names(db)) == 3
    with pytest.raises(DataError, match="append-only"), writing(db) as connection:
        connection.exec_driver_sql("DELETE FROM log")


def test_a_backup_replaces_an_older_one_only_when_it_is_whole(db, tmp_path):
    out = tmp_path / "a.sqlite"
    backup(db, out)
    before = out.read_bytes()
    with pytest.raises(DataError):
        backup(db, tmp_path / "none" / "a.sqlite")
    with pytest.raises(DataError):
        backup(db, tmp_path)
    with pytest.raises(DataError):
        backup(db, Path(db.url.database))
    for beside in ("-wal", "-shm", "-journal"):
        with pytest.raises(DataError):
            backup(db, Path(f"{db.url.database}{beside}"))
    shortlist.add(db, [EnterpriseKey("样例丙")], "张三")
    assert backup(db, out)["shortlist"] == 3
    assert out.read_bytes() != before


def test_a_backup_of_0_1_0_comes_back_with_the_tables_that_are_new(db, tmp_path):
    old = tmp_path / "old.sqlite"
    shutil.copy2(WRITTEN / "records.sqlite", old)
    before = old.read_bytes()
    assert inspect_backup(old) == {"corrections": 2, "log": 10, "searches": 2, "shortlist": 2}
    assert main(["restore", str(old)]) == 0
    assert names(db) == ["样例乙汽车零部件有限公司", "样例甲机器人（上海）有限公司"]
    assert old.read_bytes() == before  # read, not brought up to date
    out = tmp_path / "a.sqlite"
    assert set(backup(db, out)) == set(METADATA.tables)
    with closing(sqlite3.connect(out)) as copy:
        assert copy.execute("SELECT version_num FROM explorer_alembic_version").fetchall() == [(LATEST_VERSION,)]
        copy.execute("DROP TABLE accounts")
    with pytest.raises(DataError, match="accounts"):
        inspect_backup(out)


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_every_value_of_either_database_comes_back_in_either(either, into, tmp_path, monkeypatch, request):
    before, out = content(either), tmp_path / "a.sqlite"
    backup(either, out)
    if into == "sqlite":
        monkeypatch.setenv("EXPLORER_DATABASE", f"sqlite:///{tmp_path / 'other.sqlite'}")
    elif either.dialect.name == "sqlite":
        request.getfixturevalue("server")
    db = open_database()
    restore(db, out)
    after = content(db)
    assert {line.action for line in after["log"][len(before["log"]) :]} == {"restore"}
    after["log"] = after["log"][: len(before["log"])]
    assert after == before


def test_no_id_is_given_again_after_a_restore(either, tmp_path):
    """What was told of a follow-up would else count as told of another."""
    db, out = either, tmp_path / "a.sqlite"
    for one in shortlist.entries(db):
        shortlist.remove(db, one, "张三")
    backup(db, out)
    later = shortlist.add(db, [EnterpriseKey("样例丙")], "李四")[0].entry
    restore(db, out)
    again = shortlist.add(db, [EnterpriseKey("样例丁")], "李四")[0].entry
    assert later
    assert again
    assert again.id > later.id


def test_who_was_signed_out_stays_so_after_a_restore(either, tmp_path):
    kept, later = {"digest": "a", "until": 1}, {"digest": "b", "until": 2}
    out = tmp_path / "a.sqlite"
    with writing(either) as connection:
        connection.execute(insert(SIGN_OUTS), [kept])
    backup(either, out)
    with writing(either) as connection:
        connection.execute(insert(SIGN_OUTS), [later])
    restore(either, out)
    assert content(either)["sign_outs"] == [("a", 1), ("b", 2)]


def test_who_may_see_a_list_of_premises_stays_after_a_restore(either, tmp_path):
    """What was narrowed since the backup is not wide again; a list that is not here, or another's, is as it was kept."""
    db, out = either, tmp_path / "a.sqlite"
    kept, gone = (premises.add(db, [{"name": title}], title, "a.csv", ANYBODY) for title in ("甲", "乙"))
    backup(db, out)
    groups = DatasetRights(kept.rights.owner, "groups", ("招商",))
    premises.change_rights(db, kept, groups, ANYBODY)
    premises.remove(db, gone, ANYBODY)
    restore(db, out)
    assert {one.title: one.rights for one in premises.lists(db, ANYBODY)} == {"甲": groups, "乙": gone.rights}
    with closing(sqlite3.connect(out)) as copy:
        copy.execute("UPDATE premises SET title = '丙', title_key = '丙', seen_by = 'private' WHERE title = '甲'")
        copy.commit()
    restore(db, out)
    assert {one.title: one.rights.seen_by for one in premises.lists(db, ANYBODY)} == {"丙": "private", "乙": "all"}


def killed(do, statement):
    """Whether a copy of this process that does something with the database was killed, right before a statement."""
    child = os.fork()
    if child == 0:  # nothing of the tests runs on in it

        def look(_connection, _cursor="", said="COMMIT", *_given):
            if statement in said:
                os.kill(os.getpid(), signal.SIGKILL)

        database._opened.clear()
        db = open_database()
        event.listen(db, "before_cursor_execute", look)
        event.listen(db, "commit", look)
        do(db)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process")
def test_killed_in_the_middle_of_a_restore_it_is_all_of_before_or_all_of_the_backup(either, tmp_path, monkeypatch):
    out = tmp_path / "a.sqlite"
    backup(either, out)
    read = commands._fresh(out)  # by a process of its own, once for all
    monkeypatch.setattr(commands, "_fresh", lambda _file: read)
    shortlist.add(either, [EnterpriseKey("样例丙")], "李四")
    before = content(either)
    for statement in (" TRIGGER", "DELETE FROM searches", "INSERT INTO log", "INSERT INTO shortlist", "COMMIT"):
        assert killed(lambda db: restore(db, out), statement)
        assert content(either) == before
    for former in (tmp_path / "workspace").glob("*before*"):
        assert inspect_backup(former)["shortlist"] == 3
    assert not killed(lambda db: restore(db, out), "no such statement")
    assert names(either) == ["样例乙", "样例甲"]
    with pytest.raises(DataError, match="append-only"), writing(either) as connection:
        connection.exec_driver_sql("DELETE FROM log")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process")
def test_killed_in_the_middle_of_a_backup_the_former_one_stays_whole(either, tmp_path, monkeypatch):
    out = tmp_path / "a.sqlite"
    backup(either, out)
    shortlist.add(either, [EnterpriseKey("样例丙")], "李四")
    former, before = out.read_bytes(), content(either)
    monkeypatch.setattr(commands, "inspect_backup", lambda _partial: os.kill(os.getpid(), signal.SIGKILL))
    for statement in ("FROM projects", "no such statement") if either.dialect.name == "postgresql" else ("-",):
        assert killed(lambda db: backup(db, out), statement)
        assert (out.read_bytes(), content(either)) == (former, before)
    monkeypatch.undo()
    for left in tmp_path.glob(".part-*"):
        os.utime(left, (0, 0))
    assert backup(either, out)["shortlist"] == 3
    assert not list(tmp_path.glob(".part-*"))


def test_what_is_written_while_a_restore_runs_waits_for_it(either, tmp_path, monkeypatch):
    """Else it would be neither in what was restored nor in what is kept of the former records."""
    out = tmp_path / "a.sqlite"
    backup(either, out)
    took, writers = backup, []

    def backup_beside_a_writer(db, former):
        writers.append(Thread(target=shortlist.add, args=(db, [EnterpriseKey("样例丙")], "李四")))
        writers[0].start()
        return took(db, former)

    monkeypatch.setattr(commands, "backup", backup_beside_a_writer)
    former = restore(either, out)
    writers[0].join()
    assert inspect_backup(former)["shortlist"] == 2
    assert names(either) == ["样例丙", "样例乙", "样例甲"]


@pytest.mark.parametrize("kind", ["missing", "text", "other", "damaged", "later"])
def test_what_is_no_backup_is_refused_and_nothing_changes(db, tmp_path, kind, capsys):
    file = tmp_path / "a.sqlite"
    if kind == "text":
        file.write_text("name\n" * 900, encoding="utf-8")
    elif kind == "other":
        with sqlite3.connect(file) as other:
            other.execute("CREATE TABLE log (id INTEGER)")
    elif kind != "missing":
        backup(db, file)
    if kind == "damaged":
        content = bytearray(file.read_bytes())
        content[8192:12288] = b"\xff" * 4096
        file.write_bytes(content)
    if kind == "later":
        with sqlite3.connect(file) as later:
            later.execute("UPDATE explorer_alembic_version SET version_num = '0099'")
    assert main(["restore", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert names(db) == ["样例乙", "样例甲"]
