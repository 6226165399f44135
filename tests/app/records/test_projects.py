"""Projects: kept field by field, shown with their dataset, and every change a line of the log."""

from dataclasses import replace
from datetime import date

import pytest

from app.commands.backup import backup, restore
from app.records import log, projects
from app.records.permissions import Person
from geo.errors import DataError

TODAY = date(2026, 6, 15)


@pytest.fixture
def project(db, firm):
    return projects.add(db, firm, "一期厂房", "张三")


def test_a_project_begins_where_the_enterprise_was_picked(db, firm):
    placed = replace(firm, facts={"adcode": "310117"})
    made = projects.add(db, placed, "", "张三")
    assert (made.title, made.adcode, made.owner, made.reached, made.version) == (firm.name, "310117", "张三", "", 1)
    assert projects.projects(db) == [made]
    assert projects.add(db, firm, "二期", "张三").adcode == ""


def test_it_is_as_far_as_the_last_step_that_was_done_and_late_where_a_planned_day_passed(db, project):
    wanted = {
        "amount": 1.5, "unit": "yi", "currency": "CNY", "land_mu": 30, "department": " 投促办 ",
        "signing_planned": date(2026, 3, 1), "signing_actual": date(2026, 3, 5), "start_planned": date(2026, 6, 14),
        "production_planned": TODAY, "files": "https://files.example.cn/a.pdf\n\n \\\\server\\b.pdf ",
    }  # fmt: skip
    changed = projects.change(db, project, wanted, "李四")
    assert (changed.reached, changed.overdue(TODAY)) == ("signing", ["start"])
    assert (changed.investment, changed.land_mu, changed.department) == (1.5e8, 30.0, "投促办")
    assert changed.files == "https://files.example.cn/a.pdf\n\\\\server\\b.pdf"
    assert (changed.changed_by, changed.version, projects.projects(db)) == ("李四", 2, [changed])
    lines = log.read(db, "project").query("action == 'change'")
    assert len(lines) == 9  # the currency was that already
    assert ["signing_actual", "", "2026-03-05"] in lines[["field", "old", "new"]].to_numpy().tolist()


def test_two_people_keep_what_both_wrote_and_are_asked_where_it_is_the_same_field(db, project):
    projects.change(db, project, {"department": "经委"}, "李四")
    both = projects.change(db, project, {"land_mu": 12.5}, "张三")
    assert (both.department, both.land_mu, both.version) == ("经委", 12.5, 3)
    with pytest.raises(DataError, match=r"张三 刚改了同一项.*12\.5"):
        projects.change(db, project, {"land_mu": 13}, "李四")
    assert projects.projects(db) == [both]
    assert projects.change(db, both, {"land_mu": 13}, "李四").land_mu == 13.0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"amount": float("nan")}, "投资额"),
        ({"amount": -1}, "投资额"),
        ({"land_mu": 1e9}, "用地"),
        ({"currency": "XXX"}, "没有这个选项"),
        ({"unit": ""}, "没有这个选项"),
        ({"adcode": "310119"}, "没有这个选项"),
        ({"title": " \u200b "}, "名称"),
        ({"owner": ""}, "负责人"),
        ({"tax_actual": date(2999, 1, 1)}, "纳税的实际日期还没有到"),
        ({"id": 7}, "没有这一项"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(db, project, wanted, said):
    with pytest.raises(DataError, match=said):
        projects.change(db, project, {"department": "经委"} | wanted, "张三")
    assert projects.projects(db) == [project]


def test_an_amount_is_one_figure_with_its_unit(db, project):
    """Neither of two people's figures becomes one that nobody wrote."""
    written = projects.change(db, project, {"amount": 100, "unit": "wan"}, "张三")
    projects.change(db, written, {"amount": 1, "unit": "yi"}, "李四")
    with pytest.raises(DataError, match="李四 刚改了同一项"):
        projects.change(db, written, {"amount": 200}, "张三")
    assert projects.projects(db)[0].investment == 1e8


def test_a_project_is_not_begun_twice_and_a_second_one_may_be(db, firm, project):
    with pytest.raises(DataError, match="同名的项目"):
        projects.add(db, firm, project.title, "李四")
    projects.add(db, firm, "二期厂房", "李四")
    assert len(projects.projects(db)) == 2


def test_a_later_step_that_is_done_leaves_no_earlier_one_late(db, project):
    days = {
        "signing_planned": date(2026, 1, 1),
        "start_actual": date(2026, 2, 1),
        "production_planned": date(2026, 3, 1),
    }
    assert projects.change(db, project, days, "张三").overdue(TODAY) == ["production"]


def test_what_is_removed_stays_in_the_log_and_can_be_put_back(db, project):
    changed = projects.change(db, project, {"department": "经委"}, "张三")
    with pytest.raises(DataError, match="刚被修改"):
        projects.remove(db, project, "张三")
    projects.remove(db, changed, "李四")
    assert projects.projects(db) == []
    removed = log.read(db, "project").query("action == 'remove' and field == 'department'")
    assert removed[["who", "old", "new"]].to_numpy().tolist() == [["李四", "经委", ""]]
    with pytest.raises(DataError, match="已被移除"):
        projects.change(db, changed, {"land_mu": 1}, "张三")
    back = projects.restore(db, changed, "李四")
    assert (back.department, back.version, back.id) == ("经委", 3, changed.id)  # what was told of it is not told again


def test_every_writer_asks_who_writes_and_of_which_dataset(db, firm, project):
    hidden = replace(firm, dataset="somebody-s-12345678")
    reader = Person("王五", proven=True, role="reader", account="wang")
    stranger = Person("赵六", proven=True, role="importer", account="zhao")
    secret = projects.add(db, hidden, "机密", Person("管", proven=True, role="administrator", account="a"))
    for who, one in ((reader, project), (stranger, secret)):
        for write in (
            lambda who=who, one=one: projects.add(db, one.firm, "x", who),
            lambda who=who, one=one: projects.change(db, one, {"department": "x"}, who),
            lambda who=who, one=one: projects.remove(db, one, who),
            lambda who=who, one=one: projects.restore(db, one, who),
        ):
            with pytest.raises(DataError, match=r"只能查看|没有这个数据集"):
                write()
    assert projects.projects(db, stranger) == [project]
    assert projects.current_project(db, secret.id, stranger) is None
    assert "机密" not in log.read(db, person=stranger).to_string()
    assert len(projects.projects(db)) == 2


def test_projects_are_in_a_backup_and_come_back(db, project, tmp_path):
    changed = projects.change(db, project, {"amount": 2.5, "tax_actual": date(2026, 1, 2)}, "张三")
    assert backup(db, tmp_path / "a.sqlite")["projects"] == 1
    projects.remove(db, changed, "张三")
    restore(db, tmp_path / "a.sqlite")
    assert [replace(one, firm=changed.firm) for one in projects.projects(db)] == [changed]
