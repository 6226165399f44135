"""The shortlist through the real entry script: pick, follow, edit, two people at one entry, who is who."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.i18n import as_markdown, word
from app.records import log, shortlist
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.ui.address import MAX_ID_CHARACTERS
from geo.datasets.dataset import load_dataset
from geo.index.pinyin import sound_keys

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
DATA = load_dataset()
FIRST = DATA.enterprises.iloc[0]


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def db():
    return open_database()


def opened(person="张三", **query) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.session_state["person_name"] = person
    app.run().switch_page("views/shortlist/page.py").run()
    assert not app.exception
    return app


def followed(db, row=FIRST, who="张三", **wanted):
    entry = shortlist.add(db, [enterprise_key(row, DATA.title)], who, aware=True)[0].entry
    assert entry
    return shortlist.change(db, entry, wanted, who).entry


def edit(app: AppTest, entry, **values) -> AppTest:
    """Fill the form of an entry as the person sees it, and save."""
    app.selectbox(key="entry_id").set_value(entry.id).run()
    fields = {"stage": app.selectbox, "due": app.date_input, "owner": app.text_input, "next_step": app.text_input,
              "notes": app.text_area}  # fmt: skip
    for name, value in values.items():
        fields[name](key=f"entry_{name}_{entry.id}_{entry.version}").set_value(value)
    app.button(key="entry_save").click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.success, app.warning, app.info, app.error) for one in kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_list_says_how_to_begin(lang):
    assert word("shortlist.empty", lang) in said(opened(lang=lang))


def test_what_is_picked_by_name_is_in_the_database(db):
    app = opened(district="310117")
    names = app.multiselect(key="pick").options
    here = DATA.enterprises.loc[DATA.enterprises["adcode"] == "310117", "name"]
    assert set(names) == set(here)
    sounds = sound_keys(name for name in names if not name.isascii()).to_pylist()
    assert sounds == sorted(sounds)
    picked = [here.index[here == name][0] for name in names[:2]]
    app.multiselect(key="pick").set_value(picked).run()
    app.button(key="pick_add").click().run()
    held = shortlist.entries(db)
    assert {entry.firm.name for entry in held} == set(names[:2])
    assert {(entry.owner, entry.firm.set_title) for entry in held} == {("张三", DATA.title)}
    assert app.dataframe(key="shortlist_table").value["企业名称"].tolist() == [entry.firm.name for entry in held]


def test_the_second_follower_is_warned_on_the_card_and_may_follow_as_well(db):
    followed(db, who="李四", stage="negotiating", due=date(2027, 1, 5))
    app = opened(add=FIRST["enterprise_id"], set="builtin")
    assert as_markdown(FIRST["name"]) in " ".join(text.value for text in app.markdown)
    for fact in ("李四", "洽谈中", "2027\\-01\\-05"):
        assert fact in said(app)
    assert app.button(key="follow_add").label == word("follow.anyway", "zh")
    assert len(shortlist.entries(db)) == 1
    app.button(key="follow_add").click().run()
    assert sorted(entry.owner for entry in shortlist.entries(db)) == ["张三", "李四"]
    assert "add" not in dict(app.query_params)


def test_the_card_of_an_enterprise_puts_it_on_the_list(db):
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.session_state["person_name"] = "张三"
    app.query_params["id"] = FIRST["enterprise_id"]
    app.run().switch_page("views/enterprises/page.py").run()
    app.button(key="follow_add").click().run()
    assert not app.exception
    assert [(entry.firm.name, entry.owner) for entry in shortlist.entries(db)] == [(FIRST["name"], "张三")]
    assert "待走访" in said(app)


def test_who_comes_second_in_the_same_moment_is_told_instead_of_added(db):
    app = opened(add=FIRST["enterprise_id"])
    followed(db, who="李四")  # after the page was drawn without a warning
    app.button(key="follow_add").click().run()
    assert [entry.owner for entry in shortlist.entries(db)] == ["李四"]
    assert "没有写入" in said(app)
    app.button(key="follow_add").click().run()
    assert len(shortlist.entries(db)) == 2


@pytest.mark.parametrize("wanted", ["nowhere", "<b>x</b>", "E" * MAX_ID_CHARACTERS])
def test_a_link_to_an_enterprise_that_is_not_there_is_said(wanted):
    app = opened(add=wanted, set="nosuchset")
    assert "不在当前数据集中" in said(app)
    app.button(key="wanted_dismiss").click().run()
    assert "不在当前数据集中" not in said(app)


def test_a_link_to_what_can_be_no_enterprise_is_said():
    app = opened(add="E" * 5000, set="nosuchset")
    assert any("add 太长" in warning.value for warning in app.warning)


def test_an_entry_is_edited_and_the_log_says_by_whom(db):
    entry = followed(db)
    app = edit(opened("李四"), entry, stage="contacted", due=date(2026, 12, 24), notes="*下周* [走访](x)")
    held = shortlist.entry(db, entry.id)
    assert (held.stage, held.due, held.notes, held.changed_by) == (
        "contacted", date(2026, 12, 24), "*下周* [走访](x)", "李四",
    )  # fmt: skip
    assert "已保存" in said(app)
    changes = log.read(db).query("action == 'change'")
    assert set(changes["field"]) == {"stage", "due", "notes"}
    lines = app.dataframe[-1].value
    assert lines.loc[lines["项目"] == "阶段", ["谁", "原来", "现在"]].to_numpy().tolist() == [
        ["李四", "待走访", "已联系"]
    ]


def test_two_people_at_one_entry_see_both_values_and_choose(db):
    entry = followed(db)
    app = opened()
    app.selectbox(key="entry_id").set_value(entry.id).run()
    shortlist.change(db, entry, {"next_step": "李四打电话", "notes": "李四的备注"}, "李四")
    edit(app, entry, next_step="张三上门", stage="contacted")
    assert "李四" in said(app)
    assert app.radio(key="contest_next_step").options == ["我的：张三上门", "李四 的：李四打电话"]
    assert shortlist.entry(db, entry.id).stage == "to_visit"  # nothing is written before the choice
    app.radio(key="contest_next_step").set_value("theirs").run()
    app.button(key="entry_settle").click().run()
    held = shortlist.entry(db, entry.id)
    assert (held.next_step, held.stage, held.notes) == ("李四打电话", "contacted", "李四的备注")


def test_changes_of_two_people_to_different_fields_are_kept_and_told(db):
    entry = followed(db)
    app = opened()
    app.selectbox(key="entry_id").set_value(entry.id).run()
    shortlist.change(db, entry, {"stage": "negotiating"}, "李四")
    edit(app, entry, notes="张三的备注")
    held = shortlist.entry(db, entry.id)
    assert (held.stage, held.notes) == ("negotiating", "张三的备注")
    assert "待走访 → 洽谈中" in said(app)


def test_an_entry_removed_by_another_is_said_and_nothing_is_written(db):
    entry = followed(db)
    other = followed(db, DATA.enterprises.iloc[1])
    app = opened()
    app.selectbox(key="entry_id").set_value(entry.id).run()
    shortlist.remove(db, entry, "李四")
    app.button(key="entry_save").click().run()
    assert not app.exception
    assert [one.id for one in shortlist.entries(db)] == [other.id]


def test_the_list_is_narrowed_by_stage_owner_overdue_and_selection(db):
    rows = DATA.enterprises
    late = followed(db, rows[rows["adcode"] == "310117"].iloc[0], due=date(2020, 1, 1))
    followed(db, rows[rows["adcode"] == "310112"].iloc[0], "李四", stage="landed", due=date(2020, 1, 1))
    app = opened(district="310117")

    def names():
        return app.dataframe(key="shortlist_table").value["企业名称"].tolist()

    assert len(names()) == 2
    app.toggle(key="shortlist_overdue").set_value(True).run()
    assert names() == [late.firm.name]
    app.toggle(key="shortlist_overdue").set_value(False).run()
    app.multiselect(key="shortlist_stage").set_value(["landed"]).run()
    assert app.dataframe(key="shortlist_table").value["负责人"].tolist() == ["李四"]
    app.multiselect(key="shortlist_stage").set_value([]).run()
    app.multiselect(key="shortlist_owner").set_value(["张三"]).run()
    assert names() == [late.firm.name]
    app.multiselect(key="shortlist_owner").set_value([]).run()
    app.toggle(key="shortlist_within").set_value(True).run()
    assert names() == [late.firm.name]


def test_without_a_name_one_may_look_and_not_touch(db):
    entry = followed(db)
    app = opened(person="")
    app.selectbox(key="entry_id").set_value(entry.id).run()
    assert app.button(key="entry_save").disabled
    assert app.button(key="pick_add").disabled
    app.selectbox(key="person").set_value("张三").run()
    assert not app.button(key="entry_save").disabled


def test_with_a_proxy_configured_a_chosen_name_counts_for_nothing(db, monkeypatch):
    entry = followed(db)
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    app = opened("张三")
    assert word("person.proxy.silent", "zh") in said(app)
    app.selectbox(key="entry_id").set_value(entry.id).run()
    assert app.button(key="entry_save").disabled


def test_a_database_that_is_broken_is_one_sentence_on_the_page(tmp_path):
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "records.sqlite").write_bytes(b"no database at all" * 100)
    assert "数据库读写不了" in said(opened())


def test_what_is_written_stays_as_a_draft_until_it_is_saved_or_dropped(db):
    entry = followed(db)
    other = followed(db, DATA.enterprises.iloc[1])
    app = opened()
    app.selectbox(key="entry_id").set_value(entry.id).run()
    notes = f"entry_notes_{entry.id}_{entry.version}"
    app.text_area(key=notes).set_value("还没有保存").run()
    assert word("shortlist.notes", "zh") in " ".join(one.value for one in app.caption)
    app.selectbox(key="entry_id").set_value(other.id).run()
    app.switch_page("views/sources.py").run()
    app.switch_page("views/shortlist/page.py").run()
    app.button(key=f"draft_{entry.id}").click().run()
    assert app.selectbox(key="entry_id").value == entry.id
    assert app.text_area(key=notes).value == "还没有保存"
    assert f"draft_{entry.id}" not in [button.key for button in app.button]
    assert shortlist.entry(db, entry.id).notes == ""
    app.button(key="entry_drop").click().run()
    assert app.text_area(key=notes).value == ""
    assert not app.exception


def test_a_removal_can_be_undone_and_gives_back_what_stood_there(db):
    entry = followed(db, next_step="约访", due=date(2027, 1, 5), notes="样例备注")
    app = opened()
    app.selectbox(key="entry_id").set_value(entry.id).run()
    app.button(key="entry_remove").click().run()
    assert shortlist.entries(db) == []
    app.button(key="entry_undo").click().run()
    again = shortlist.entries(db)[0]
    assert (again.firm, again.next_step, again.due, again.notes) == (entry.firm, "约访", date(2027, 1, 5), "样例备注")
    assert again.owner == "张三"
