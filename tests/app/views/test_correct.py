"""A correction through the entry script: every face follows it, a later import keeps it, and it is taken back."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.cli import main
from app.records import corrections
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.records.overlay import with_corrections
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from tests.app.views.test_pages import ENTRY, open_app, own_workspace, selected_number  # noqa: F401  own_workspace is for every test

DATA = load_dataset()
ROW = DATA.enterprises[DATA.enterprises["adcode"] == "310115"].iloc[0]


def card(who="李四"):
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["id"] = ROW["enterprise_id"]
    app.session_state["person_name"] = who
    app.run().switch_page("views/enterprises/page.py").run()
    assert not app.exception
    return app


def put_right(app, field, value, reason="官网"):
    app.selectbox(key="correct_field").set_value(field).run()
    codes = [box for box in app.selectbox if box.key == f"correct_code_{field}"]
    if codes:
        codes[0].set_value(value)
    else:
        app.text_input(key=f"correct_text_{field}").set_value(value)
    app.text_input(key="correct_reason").set_value(reason)
    app.button(key="correct_keep").click().run()
    assert not app.exception
    return app


def test_a_correction_holds_on_every_face_and_is_taken_back(tmp_path):
    before = selected_number(open_app({"district": "310117"}))
    app = put_right(card(), "adcode", "310117")
    assert any("李四" in line.value and "官网" in line.value for line in app.markdown)
    assert selected_number(open_app({"district": "310117"})) == before + 1
    out = tmp_path / "out.csv"
    assert main(["export", str(out), "--query", "district=310117"]) == 0
    table = pd.read_csv(out, dtype=str, keep_default_na=False).set_index("enterprise_id")
    assert table.at[ROW["enterprise_id"], "corrected"] == "adcode"
    assert table.at[ROW["enterprise_id"], "evidence"] == "unverified"
    (held,) = corrections.corrections(open_database())
    app.button(key=f"undo_{held.id}").click().run()
    assert selected_number(open_app({"district": "310117"})) == before
    assert any("已撤回" in line.value for line in app.markdown)


def test_a_correction_survives_another_release():
    corrections.correct(open_database(), enterprise_key(ROW), "status", "unknown", "active", "电话", "李四")
    again = DATA.with_enterprises(DATA.enterprises.iloc[::-1].assign(source_row=range(len(DATA.enterprises))))
    fixed = with_corrections(again).enterprises
    assert fixed.at[ROW["enterprise_id"], "status"] == "active"
    assert (fixed["corrected"] != "").sum() == 1
    gone = DATA.with_enterprises(DATA.enterprises.drop(ROW["enterprise_id"]))
    assert (with_corrections(gone).enterprises["corrected"] == "").all()


@pytest.mark.parametrize(
    ("field", "value", "reason", "sentence"),
    [
        ("founded", "去年", "官网", "日期读不出来"),
        ("founded", "2015", "", "更正要写明依据"),
        ("status", "unknown", "官网", "更正前后相同"),
        ("adcode", None, "官网", "还没有选更正后的值"),
    ],
)
def test_what_cannot_be_kept_is_said_in_one_sentence(field, value, reason, sentence):
    app = put_right(card(), field, value, reason)
    assert any(sentence in error.value for error in app.error)
    assert corrections.corrections(open_database()) == []


def test_nobody_corrects_without_a_name():
    assert card(who="").button(key="correct_keep").disabled


def test_what_is_written_of_one_enterprise_is_kept_as_a_draft_and_never_shown_at_another():
    app = card()
    app.selectbox(key="correct_field").set_value("address").run()
    app.text_input(key="correct_text_address").set_value("样例路 5 号").run()
    app.text_input(key="correct_reason").set_value("电话").run()
    assert "correct_drop" in [button.key for button in app.button]
    other = DATA.enterprises.index[DATA.enterprises.index.get_loc(ROW["enterprise_id"]) + 1]
    app.session_state["card"] = other
    app.run()
    assert app.text_input(key="correct_reason").value == ""
    assert "correct_drop" not in [button.key for button in app.button]
    app.switch_page("views/sources.py").run()
    app.switch_page("views/enterprises/page.py").run()
    app.session_state["card"] = ROW["enterprise_id"]
    app.run()
    assert app.selectbox(key="correct_field").value == "address"
    assert app.text_input(key="correct_text_address").value == "样例路 5 号"
    assert app.text_input(key="correct_reason").value == "电话"
    app.button(key="correct_drop").click().run()
    assert app.text_input(key="correct_reason").value == ""
    assert corrections.corrections(open_database()) == []
    assert not app.exception


def test_an_unknown_id_of_a_link_is_said():
    app = open_app({"id": "E<b>nobody"}, "enterprises")
    assert any("没有编号为" in warning.value for warning in app.warning)


def test_looking_makes_no_database(tmp_path):
    open_app()
    assert not list(tmp_path.rglob("records.sqlite*"))


def test_a_damaged_database_leaves_the_data_as_they_are(tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "records.sqlite").write_bytes(b"nothing" * 1000)
    with pytest.raises(DataError):
        with_corrections(DATA)
    app = open_app()
    assert any("未更正的数据" in warning.value for warning in app.warning)
    assert selected_number(app) == len(DATA.enterprises)
