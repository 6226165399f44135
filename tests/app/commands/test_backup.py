"""Backup and restore as a person meets them: whole, checked, with the former records beside."""

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Column, Integer, Table, insert

from app.cli import main
from app.commands.backup import backup, inspect_backup, restore
from app.records import log, shortlist
from app.records.database import VERSION, open_database, writing
from app.records.enterprises import EnterpriseKey
from app.records.tables import METADATA
from geo.errors import DataError


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


def test_a_backup_of_an_earlier_version_gets_the_tables_that_are_new(db, tmp_path, capsys):
    out = tmp_path / "a.sqlite"
    backup(db, out)
    held = inspect_backup(out)
    later = Table(
        "visits", METADATA, Column("id", Integer, primary_key=True), info={"title": "走访", "since": VERSION + 1}
    )
    try:
        with patch("app.records.database.VERSION", VERSION + 1), patch("app.commands.backup.VERSION", VERSION + 1):
            assert inspect_backup(out) == dict.fromkeys(held, 0) | {"shortlist": 2, "log": 2}
            restore(db, out)
            with writing(db) as connection:
                connection.execute(insert(later).values(id=1))
            assert main(["backup", str(out)]) == 0
            assert "走访 1" in capsys.readouterr().out
            with sqlite3.connect(out) as copy:
                copy.execute("DROP TABLE visits")
            with pytest.raises(DataError, match="visits"):
                inspect_backup(out)
    finally:
        METADATA.remove(later)
    assert names(db) == ["样例乙", "样例甲"]


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
            later.execute("UPDATE schema_version SET version = 99")
    assert main(["restore", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert names(db) == ["样例乙", "样例甲"]
