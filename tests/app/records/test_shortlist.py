"""What people keep: nobody loses the other's change, nobody is surprised by a second follower."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest

from app.records import log, shortlist
from app.records.enterprises import EnterpriseKey, enterprise_key, positions_in
from app.records.shortlist import entries
from geo.datasets.dataset import load_dataset
from geo.errors import DataError

CODE = "91310000MAX000001M"


def followed(db, firm, who="张三", **wanted):
    entry = shortlist.add(db, [firm], who, aware=True)[0].entry
    assert entry
    return shortlist.change(db, entry, wanted, who).entry


def test_a_pick_is_kept_with_name_set_and_facts(db, firm):
    added = shortlist.add(db, [firm], " 张三\n")[0]
    held = entries(db)
    assert added.new
    assert held == [added.entry]
    assert (held[0].owner, held[0].stage, held[0].firm.set_title) == ("张三", "to_visit", "样例名单")
    assert held[0].firm.facts == {"lon": 121.5, "lat": 31.2}
    again = shortlist.add(db, [firm], "张三")[0]
    assert (again.entry, again.new) == (added.entry, False)
    assert len(entries(db)) == 1


def test_the_second_follower_is_told_before_anything_is_written(db, firm):
    shortlist.add(db, [firm], "张三")
    told = shortlist.add(db, [firm], "李四")[0]
    assert told.entry is None
    assert [other.owner for other in told.others] == ["张三"]
    assert len(entries(db)) == 1
    assert shortlist.add(db, [firm], "李四", aware=True)[0].new
    assert sorted(entry.owner for entry in shortlist.followers(db, firm)) == ["张三", "李四"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (EnterpriseKey("样例甲(上海) 有限公司", CODE), True),
        (EnterpriseKey("改了名字", CODE), False),
        (EnterpriseKey("样例乙有限公司"), False),
    ],
)
def test_an_enterprise_is_known_by_its_code_else_by_its_name(db, firm, other, same):
    shortlist.add(db, [firm], "张三")
    assert bool(shortlist.followers(db, other)) is same


def test_two_codes_under_one_name_are_two_enterprises(db):
    shortlist.add(db, [EnterpriseKey("样例甲", CODE)], "张三")
    assert shortlist.followers(db, EnterpriseKey("样例甲", "91310000MAX000002M")) == []
    assert len(shortlist.followers(db, EnterpriseKey("新名字", CODE))) == 1
    assert len(shortlist.followers(db, EnterpriseKey("样例甲"))) == 1


def test_changes_of_two_people_to_different_fields_are_both_kept(db, firm):
    seen = followed(db, firm)
    shortlist.change(db, seen, {"stage": "contacted"}, "李四")
    outcome = shortlist.change(db, seen, {"notes": "下周走访", "stage": "to_visit"}, "张三")
    assert outcome.theirs == {"stage": ("to_visit", "contacted")}
    assert outcome.contested == {}
    held = shortlist.entry(db, seen.id)
    assert (held.stage, held.notes, held.version, held.changed_by) == ("contacted", "下周走访", 3, "张三")
    assert held == outcome.entry


def test_a_field_that_both_changed_is_shown_and_nothing_is_written(db, firm):
    seen = followed(db, firm, due=date(2026, 12, 1))
    shortlist.change(db, seen, {"due": date(2026, 12, 5), "notes": "李四的话"}, "李四")
    outcome = shortlist.change(db, seen, {"due": date(2026, 12, 9), "next_step": "电话"}, "张三")
    assert outcome.contested == {"due": (date(2026, 12, 9), date(2026, 12, 5))}
    assert shortlist.entry(db, seen.id).next_step == ""
    chosen = shortlist.change(db, outcome.entry, {"due": date(2026, 12, 9), "next_step": "电话"}, "张三").entry
    assert (chosen.due, chosen.next_step, chosen.notes) == (date(2026, 12, 9), "电话", "李四的话")


def test_the_same_change_by_two_people_is_no_contest(db, firm):
    seen = followed(db, firm)
    shortlist.change(db, seen, {"stage": "landed"}, "李四")
    outcome = shortlist.change(db, seen, {"stage": "landed"}, "张三")
    assert outcome.contested == {}
    assert shortlist.entry(db, seen.id).version == seen.version + 1


def test_of_many_at_once_none_is_lost(db, firm):
    seen = followed(db, firm)
    start = Barrier(6)
    fields = [("notes", "n"), ("next_step", "s"), ("stage", "contacted")] * 2

    def work(number):
        start.wait()
        field, value = fields[number]
        base = seen
        while (
            outcome := shortlist.change(
                db, base, {field: f"{value}{number}" if field != "stage" else value}, f"人{number}"
            )
        ).contested:
            base = outcome.entry

    threads = [Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = shortlist.entry(db, seen.id)
    changes = log.read(db, "shortlist", seen.id).query("action == 'change'")
    assert (held.notes, held.next_step, held.stage) == (
        changes[changes["field"] == "notes"]["new"].iloc[0],
        changes[changes["field"] == "next_step"]["new"].iloc[0],
        "contacted",
    )
    assert held.version == 1 + len(changes) == 6  # the second "contacted" changes nothing


def test_an_entry_removed_meanwhile_or_changed_before_removal_is_said(db, firm):
    seen = followed(db, firm)
    shortlist.change(db, seen, {"notes": "等等"}, "李四")
    with pytest.raises(DataError, match="李四"):
        shortlist.remove(db, seen, "张三")
    shortlist.remove(db, shortlist.entry(db, seen.id), "张三")
    assert entries(db) == []
    with pytest.raises(DataError, match="已被移出"):
        shortlist.change(db, seen, {"notes": "晚了"}, "李四")
    gone = log.read(db, "shortlist", seen.id).query("action == 'remove' and field == 'notes'")
    assert gone["old"].tolist() == ["等等"]


def test_an_entry_handed_over_does_not_meet_another_of_the_same_person(db, firm):
    mine = followed(db, firm, "张三")
    followed(db, firm, "李四")
    with pytest.raises(DataError, match="李四"):
        shortlist.change(db, mine, {"owner": "李四"}, "张三")
    assert shortlist.change(db, mine, {"owner": "王五"}, "张三").entry.owner == "王五"


@pytest.mark.parametrize(
    ("wanted", "said"), [({"stage": "won"}, "阶段"), ({"owner": " "}, "姓名"), ({"colour": "red"}, "colour")]
)
def test_a_value_that_cannot_be_is_one_sentence(db, firm, wanted, said):
    with pytest.raises(DataError, match=said):
        shortlist.change(db, followed(db, firm), wanted, "张三")


def test_nobody_without_a_name_writes(db, firm):
    with pytest.raises(DataError, match="姓名"):
        shortlist.add(db, [firm], "  ")
    assert entries(db) == []


def test_overdue_ones_come_first_and_closed_ones_last(db):
    wanted: dict[str, dict[str, Any]] = {
        "迟": {"due": date(2026, 1, 1)},
        "晚些": {"due": date(2027, 1, 1)},
        "无期": {},
        "落地": {"due": date(2025, 1, 1), "stage": "landed"},
    }
    for name, fields in wanted.items():
        followed(db, EnterpriseKey(name), **fields)
    held = entries(db)
    assert [entry.firm.name for entry in held] == ["迟", "晚些", "无期", "落地"]
    assert [entry.overdue(date(2026, 6, 1)) for entry in held] == [True, False, False, False]
    assert not held[0].overdue(date(2026, 1, 1))  # due today is not late


def test_hostile_text_is_kept_as_it_is_without_control_characters(db, firm):
    text = "=1+1 <script>alert(1)</script>\n'; DROP TABLE log; --\x00\x1b"
    held = followed(db, firm, notes=text)
    assert shortlist.entry(db, held.id).notes == text[:-2]


def test_entries_find_their_enterprise_in_a_later_set(db):
    data = load_dataset()
    table = data.enterprises
    picked = [enterprise_key(table.iloc[row], data.title) for row in (0, 5, 9)]
    shortlist.add(db, picked, "张三")
    firms = [entry.firm for entry in sorted(entries(db), key=lambda entry: entry.id)]
    later = table.iloc[::-1].copy()
    renamed = later.index.get_loc(table.index[5])
    later.iloc[renamed, later.columns.get_loc("name")] = "新名称有限公司"
    later.iloc[renamed, later.columns.get_loc("aliases")] = picked[1].name
    later.index = [f"x{place}" if place == renamed else id_ for place, id_ in enumerate(later.index)]
    places = positions_in(data.with_enterprises(later), [*firms, EnterpriseKey("没有这一家")])
    assert later["name"].iloc[places[:3]].tolist() == [picked[0].name, "新名称有限公司", picked[2].name]
    assert places[3] == -1
