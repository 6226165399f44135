"""Of a backup only values come in, into tables made here, each value checked."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import JSON

from app.commands import backup as commands
from app.commands.backup import backup, restore
from app.records import annotations, log, premises, shortlist
from app.records.database import open_database, reading, writing
from app.records.enterprises import EnterpriseKey
from app.records.permissions import ANYBODY
from app.records.tables import METADATA
from geo.errors import DataError
from geo.ingest import isolation


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    opened = open_database()
    shortlist.add(opened, [EnterpriseKey("样例甲"), EnterpriseKey("样例乙")], "张三")
    return opened


@pytest.fixture
def file(db, tmp_path):
    backup(db, tmp_path / "备份.sqlite")
    return tmp_path / "备份.sqlite"


def change(file, *statements):
    with closing(sqlite3.connect(file)) as copy:
        for statement in statements:
            copy.execute(statement)
        copy.commit()


def schema(db):
    with reading(db) as connection:
        return set(connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema").fetchall())


def test_tables_and_triggers_are_ours_whatever_the_file_has(db, file):
    before = schema(db)
    change(
        file, "DROP TRIGGER log_no_delete", "DROP TRIGGER log_no_update",
        "CREATE TRIGGER steal AFTER INSERT ON shortlist BEGIN DELETE FROM searches; END",
        "CREATE TABLE further (a)", "CREATE INDEX further_index ON shortlist (notes)",
    )  # fmt: skip
    restore(db, file)
    assert schema(db) == before
    assert len(shortlist.entries(db)) == 2
    with pytest.raises(DataError, match="append-only"), writing(db) as connection:
        connection.exec_driver_sql("DELETE FROM log")


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["CREATE VIEW v AS SELECT * FROM shortlist"], "视图"),
        (["ALTER TABLE shortlist RENAME TO kept", "CREATE VIEW shortlist AS SELECT * FROM kept"], "视图"),
        (["CREATE VIRTUAL TABLE t USING fts5(a)"], "虚拟表"),
        (["ALTER TABLE shortlist ADD COLUMN more AS (hex(notes))"], "算出来"),
        (["ALTER TABLE shortlist ADD COLUMN more TEXT"], "列不对"),
        (["UPDATE shortlist SET due = 'someday'"], "不合规矩.*shortlist.due"),
        (["UPDATE shortlist SET facts = '{'"], "不合规矩.*shortlist.facts"),
        (["UPDATE shortlist SET name = 7"], "不合规矩|shortlist.name"),
        (["UPDATE shortlist SET version = 'many'"], "不合规矩.*shortlist.version"),
        (["UPDATE shortlist SET owner = hex(zeroblob(61))"], "不合规矩.*shortlist.owner"),
        (["UPDATE shortlist SET notes = x'00'"], "不合规矩.*shortlist.notes"),
        (["UPDATE explorer_alembic_version SET version_num = '0099'"], "更新的版本"),
        (["UPDATE explorer_alembic_version SET version_num = x'00'"], "不是 backup"),
        (["UPDATE explorer_alembic_version SET version_num = '../1'"], "不是 backup"),
        (["DELETE FROM explorer_alembic_version"], "不是 backup"),
        (["DROP TABLE searches"], "searches"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(db, file, statements, sentence):
    if statements[0].startswith("UPDATE shortlist SET name"):
        statements = ["UPDATE shortlist SET name = x'07'"]
    change(file, *statements)
    with pytest.raises(DataError, match=sentence):
        restore(db, file)
    assert sorted(entry.firm.name for entry in shortlist.entries(db)) == ["样例乙", "样例甲"]


def test_every_column_of_json_has_a_shape():
    held = {f"{column.table.name}.{column.name}" for table in METADATA.sorted_tables for column in table.columns
            if isinstance(column.type, JSON)}  # fmt: skip
    assert held == set(commands._SHAPES)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("annotations.geometry", value) for value in (
            "{}", "5", "null", "[]", '{"type": "Point"}', '{"type": "Point", "coordinates": []}',
            '{"type": "Point", "coordinates": ["a", "b"]}', f'{{"type": "Point", "coordinates": [1{"0" * 400}, 31]}}',
            '{"type": "LineString", "coordinates": [[121, 31]]}', '{"type": "Point", "coordinates": [NaN, 31]}',
            '{"type": "GeometryCollection", "geometries": []}',
        )),
        *(("premises.rows", value) for value in ("5", "null", "{}", "[5]", "[[]]", '[{}, "a"]')),
        *(("premises.seen_groups", value) for value in ("5", "null", '"abc"', "{}", "[5]", '["a", null]')),
        *(("accounts.member_of", value) for value in ("5", '"abc"', "[5]")),
        *(("shortlist.facts", value) for value in ("5", "[]", "null")),
    ],
)  # fmt: skip
def test_json_of_another_shape_is_refused(column, value):
    table, _, name = column.partition(".")
    assert not commands._fits(METADATA.tables[table].columns[name], value)


def test_a_backup_with_json_of_another_shape_changes_nothing(db, file):
    annotations.add(db, "", "样例", {"type": "Point", "coordinates": [121.5, 31.2]}, "张三")
    premises.add(db, [{"name": "样例"}], "清单", "a.csv", ANYBODY)
    backup(db, file)
    restore(db, file)  # as the app wrote them they come back
    assert len(annotations.annotations(db, "")) == len(premises.lists(db, ANYBODY)) == 1
    change(file, "UPDATE annotations SET geometry = '{}'")
    with pytest.raises(DataError, match=r"不合规矩.*annotations\.geometry"):
        restore(db, file)
    assert len(annotations.annotations(db, "")) == 1


def test_all_values_come_back_and_no_id_is_given_twice(db, tmp_path):
    entry = shortlist.add(db, [EnterpriseKey("样例丙", "", {"lon": 121.5})], "张三")[0].entry
    assert entry
    with writing(db) as connection:
        connection.exec_driver_sql("DELETE FROM shortlist WHERE id = ?", (entry.id,))
    backup(db, tmp_path / "a.sqlite")
    before, logged = shortlist.entries(db), log.read(db)
    restore(db, tmp_path / "a.sqlite")
    assert shortlist.entries(db) == before
    assert log.read(db)[1:].to_dict() != {}
    assert len(log.read(db)) == len(logged) + 1
    again = shortlist.add(db, [EnterpriseKey("样例丁")], "张三")[0].entry
    assert again
    assert again.id > entry.id


def test_the_file_is_read_apart(db, file, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError(12, "no process")

    monkeypatch.setattr(isolation, "_nursery", isolation._Nursery())
    monkeypatch.setattr(isolation.subprocess, "Popen", refuse)
    with pytest.raises(DataError, match="启动不了"):
        restore(db, file)
