"""Backup and restore as a person meets them: whole, checked, with the former records beside."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from app.cli import main
from app.commands.backup import backup, inspect_backup, restore
from app.records import log, shortlist
from app.records.database import open_database, writing
from app.records.enterprises import EnterpriseKey
from app.records.migration import LATEST_VERSION
from app.records.tables import METADATA
from geo.errors import DataError

WRITTEN = Path(__file__).resolve().parents[2] / "data" / "workspace_0_1_0"


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    opened = open_database()
    shortlist.add(opened, [EnterpriseKey("样例甲"), EnterpriseKey("样例乙")], "张三")
    return opened


def names(db):
    return sorted(entry.firm.name for entry in shortlist.entries(db))


def test_a_backup_comes_back_and_the_former_records_stay_beside(db, tmp_path, capsys):
    out = tmp_path / "备份.sqlite"
    assert main(["backup", str(out)]) == 0
    assert "跟进 2" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["workspace", "备份.sqlite"]  # no half file beside it
    shortlist.add(db, [EnterpriseKey("样例丙")], "李四")
    assert main(["restore", str(out)]) == 0
    former = Path(capsys.readouterr().out.strip().rsplit(" ", 1)[-1].removeprefix("原来的记录在"))
    assert names(db) == ["样例乙", "样例甲"]  # the engine that was open all the time
    assert inspect_backup(former)["shortlist"] == 3
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


def test_no_id_is_given_again_after_a_restore(db, tmp_path):
    """What was told of a follow-up would else count as told of another."""
    out = tmp_path / "a.sqlite"
    for one in shortlist.entries(db):
        shortlist.remove(db, one, "张三")
    backup(db, out)
    later = shortlist.add(db, [EnterpriseKey("样例丙")], "李四")[0].entry
    restore(db, out)
    again = shortlist.add(db, [EnterpriseKey("样例丁")], "李四")[0].entry
    assert later
    assert again
    assert again.id > later.id


def test_a_restore_that_is_killed_leaves_the_records_of_before(db, tmp_path):
    """All of it is made beside them: they are replaced in one step, or not at all."""
    out = tmp_path / "a.sqlite"
    backup(db, out)
    shortlist.add(db, [EnterpriseKey("样例丙")], "李四")
    for stop in ("sqlite3.connect", "backup", "record_event"):
        with patch(f"app.commands.backup.{stop}", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            restore(db, out)
        assert names(db) == (["样例乙", "样例甲"] if stop == "record_event" else ["样例丙", "样例乙", "样例甲"])
    assert log.read(db)["action"].iloc[0] == "restore"


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
