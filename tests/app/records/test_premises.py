"""Lists of premises in the database of records: whole or not at all, one of a name, nobody's change is lost."""

from dataclasses import replace
from typing import Any

import pytest

from app.records import log, premises
from app.records.permissions import ANYBODY
from geo.errors import DataError

ROWS: list[dict[str, Any]] = [
    {"name": "样例甲", "area_m2": 8000.0, "written": {"area_m2": "12 亩"}},
    {"name": "样例乙", "phone": "13800000000"},
]


def test_a_list_is_kept_as_it_was_checked_and_logged(db):
    made = premises.add(db, ROWS, " 样例  清单 ", "a.csv", ANYBODY)
    assert (made.title, made.count, made.version) == ("样例 清单", 2, 1)
    assert premises.lists(db, ANYBODY) == [made]
    rows = premises.rows_of(db, made.id, ANYBODY)
    assert rows[0]["area_m2"] == 8000.0
    assert rows[0]["written"] == {"area_m2": "12 亩"}
    assert "phone" not in rows[1]
    line = log.read(db, "premises").iloc[0]
    assert (line["action"], line["name"], line["new"], line["dataset"]) == ("add", "样例 清单", "2", made.key)


def test_a_name_is_taken_once_however_it_is_written(db):
    premises.add(db, ROWS, "样例ABC", "a.csv", ANYBODY)
    with pytest.raises(DataError, match="已有同名"):
        premises.add(db, ROWS, "样例ａｂｃ ", "b.csv", ANYBODY)
    assert len(premises.lists(db, ANYBODY)) == 1


@pytest.mark.parametrize(("rows", "title"), [([], "甲"), (ROWS, "  ")])
def test_nothing_is_kept_without_rows_or_a_name(db, rows, title):
    with pytest.raises(DataError):
        premises.add(db, rows, title, "a.csv", ANYBODY)
    assert premises.lists(db, ANYBODY) == []
    assert log.read(db, "premises").empty


def test_a_list_is_replaced_only_as_it_was_seen(db):
    made = premises.add(db, ROWS, "甲", "a.csv", ANYBODY)
    newer = premises.add(db, ROWS[:1], "", "b.csv", ANYBODY, replaces=made)
    assert (newer.id, newer.title, newer.count, newer.version) == (made.id, "甲", 1, 2)
    for change in (
        lambda: premises.add(db, ROWS, "", "c.csv", ANYBODY, replaces=made),
        lambda: premises.remove(db, made, ANYBODY),
    ):
        with pytest.raises(DataError, match="刚被修改"):
            change()
    assert premises.lists(db, ANYBODY) == [newer]


def test_what_was_removed_comes_back_under_its_number(db):
    made = premises.add(db, ROWS, "甲", "a.csv", ANYBODY)
    rows = premises.remove(db, made, ANYBODY)
    with pytest.raises(DataError, match="没有这份"):
        premises.rows_of(db, made.id, ANYBODY)
    premises.restore(db, made, rows, ANYBODY)
    assert premises.lists(db, ANYBODY) == [replace(made, version=2)]
    assert premises.rows_of(db, made.id, ANYBODY) == rows
