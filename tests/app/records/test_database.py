"""The database itself: nothing committed is lost, the log stays, errors are sentences."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Executable, delete, text, update

from app.records import corrections, database, log, searches, shortlist
from app.records.database import open_database, reading, writing
from app.records.tables import LOG
from geo.errors import DataError

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey
db = open_database()
number = 0
while True:
    number += 1
    entry = shortlist.add(db, [EnterpriseKey(f"样例{number}")], "张三")[0].entry
    entry = shortlist.change(db, entry, {"stage": "contacted", "notes": "说" * 3000}, "张三").entry
    print(number, flush=True)
"""


def test_what_was_committed_outlives_kill_9_in_the_middle_of_writes(tmp_path):
    environment = os.environ | {"EXPLORER_WORKSPACE": str(tmp_path)}
    environment.pop("EXPLORER_DATABASE", None)
    committed, cut_short = 0, set()  # a firm may have been added, and its change not yet begun, when its writer died
    for round_ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER.replace("number = 0", f"number = {committed + round_}")],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert writer.stdout
        for line in writer.stdout:
            committed = int(line)
            if committed % 40 == 7:
                writer.send_signal(signal.SIGKILL)  # what it writes between this line and its death may be there or not
                break
        rest = [int(line) for line in writer.stdout]
        committed = rest[-1] if rest else committed
        assert writer.wait() == -signal.SIGKILL
        db = open_database(f"sqlite:///{tmp_path / database.RECORDS_FILE}")
        held = {entry.firm.name: entry for entry in shortlist.entries(db)}
        for number in range(1, committed + 1):
            if f"样例{number}" in held and number not in cut_short:
                assert (held[f"样例{number}"].stage, held[f"样例{number}"].version) == ("contacted", 2)
        assert f"样例{committed}" in held
        cut_short.add(committed + 1)
        with reading(db) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        written = log.read(db)
        assert len(written[written["action"] == "add"]) == len(held)  # an entry and its line in the log: both or none
        assert len(written[written["action"] == "change"]) == 2 * sum(entry.version == 2 for entry in held.values())
        db.dispose()


def test_the_file_waits_for_the_disk_and_checks_itself(db):
    if db.dialect.name != "sqlite":
        pytest.skip("settings of SQLite")
    with reading(db) as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2_000}
    with writing(db) as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 15_000


def test_the_log_takes_rows_and_gives_none_back(db, firm):
    shortlist.add(db, [firm], "张三")
    before = log.read(db)
    statements: list[Executable] = [
        update(LOG).values(who="李四"),
        delete(LOG),
        text("UPDATE log SET new = '' WHERE id = 1"),
    ]
    if db.dialect.name == "sqlite":
        statements.append(text("INSERT OR REPLACE INTO log SELECT * FROM log"))
    else:
        statements.append(text("TRUNCATE log"))
    for statement in statements:
        with pytest.raises(DataError, match="append-only"), writing(db) as connection:
            connection.execute(statement)
    assert log.read(db).equals(before)
    assert before[["who", "action", "name"]].to_numpy().tolist() == [["张三", "add", firm.name]]


def test_a_block_that_fails_leaves_nothing_behind(db, firm):
    def half_done():
        with writing(db) as connection:
            log.write(connection, "张三", "add", "shortlist", 1, firm.name)
            connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DataError, match="nowhere"):
        half_done()
    assert log.read(db).empty


def test_every_field_changed_is_a_line(db, firm):
    entry = shortlist.add(db, [firm], "张三")[0].entry
    assert entry
    shortlist.change(db, entry, {"stage": "negotiating", "due": date(2026, 12, 1)}, "李四")
    changes = log.read(db, "shortlist", entry.id).query("action == 'change'")
    lines = changes[["who", "field", "old", "new"]].to_numpy().tolist()
    assert sorted(lines) == [["李四", "due", "", "2026-12-01"], ["李四", "stage", "to_visit", "negotiating"]]
    assert len(log.read(db, latest=2)) == 2


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://a@b/c", "sqlite 或 postgresql"),
        ("nonsense", "EXPLORER_DATABASE"),
        ("postgresql+nosuch://u:secret@h/d", "驱动"),
        ("sqlite:////proc/nowhere/a.sqlite", "数据库"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence_without_a_password(monkeypatch, url, said):
    monkeypatch.setenv("EXPLORER_DATABASE", url)
    with pytest.raises(DataError, match=said) as caught:
        open_database()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path):
    (tmp_path / "a.sqlite").write_bytes(b"name,uscc\n" * 500)
    with pytest.raises(DataError, match="not a database"):
        open_database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    assert (tmp_path / "a.sqlite").read_bytes().startswith(b"name,uscc")


def test_a_saved_search_tells_what_is_new_since_the_last_look(db):
    first = pd.Index([f"E{number}" for number in range(10)])
    saved = searches.save(db, "装备", "industry=equipment", "张三", "一月名单", first)
    assert searches.searches(db) == [saved]
    assert not searches.news(db, saved.id, first[::-1]).changed
    later = first[2:].append(pd.Index(["E99"]))
    news = searches.news(db, saved.id, later)
    assert (later[news.new].tolist(), news.gone) == (["E99"], 2)
    searches.look(db, saved.id, "二月名单", later, "张三")
    assert not searches.news(db, saved.id, later).changed
    assert searches.searches(db)[0].seen_release == "二月名单"
    again = searches.save(db, "装备", "industry=auto", "张三", "二月名单", later)
    assert (again.id, again.query) == (saved.id, "industry=auto")
    searches.remove(db, saved.id, "张三")
    assert searches.searches(db) == []


def test_a_correction_holds_until_it_is_undone(db, firm):
    held = corrections.correct(db, firm, "address", "旧路1号", "新路2号", "官网", "张三")
    assert corrections.corrections(db) == [held]
    corrections.undo(db, held.id, "李四")
    corrections.undo(db, held.id, "王五")
    assert corrections.corrections(db) == []
    taken = corrections.corrections_of(db, firm)
    assert [(one.undone_by, bool(one.undone)) for one in taken] == [("李四", True)]
    assert log.read(db, "correction")["action"].tolist() == ["undo", "add"]
    with pytest.raises(DataError, match="依据"):
        corrections.correct(db, firm, "address", "a", "b", " ", "张三")
