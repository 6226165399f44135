"""The page of import: questions before, the account after, datasets used, replaced, compared and deleted."""

import time
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.records.database import open_database
from app.records.datasets import delete_dataset
from app.records.permissions import Person
from app.ui.undo import Removal
from app.views.import_.datasets import put_back
from geo.datasets import workspace
from geo.ingest.pipeline import import_files

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
PAGE = "views/import_/page.py"
HAND = "company_name,登记地\n样例甲有限公司,松江区车峰路300号\n样例乙有限公司,\n"
LIST = "企业名称,地址,所在区,注册资本,所属区\n样例甲有限公司,手写,手写,1-2万,松江区\n样例乙有限公司,,,5万,嘉定区\n"


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def opened(view=PAGE, **query):
    app = AppTest.from_file(str(ENTRY), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(view).run()
    assert not app.exception
    return app


def bring(app, text, name="名单.csv"):
    app.file_uploader(key="import_files").set_value([(name, text.encode(), "text/csv")]).run()
    assert not app.exception
    return app


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def put(tmp_path, title, text):
    file = tmp_path / f"{title}.csv"
    file.write_text(text, encoding="utf-8")
    import_files([file], tmp_path / title)
    return workspace.add(tmp_path / title, title)


def test_a_name_that_was_not_recognised_is_asked_for_kept_and_remembered():
    app = bring(opened(), HAND)
    assert app.button(key="import_run").disabled
    app.selectbox(key="name_名单.csv").select("company_name").run()
    press(app, "import_run")
    (entry,) = workspace.list_datasets()
    assert workspace.columns_given(entry.key) == {"name": "company_name"}
    table = next(frame.value for frame in app.dataframe if "填写" in frame.value.columns)
    assert table.values.tolist() == [["company_name", "企业名称", "手工指定", "2/2"], ["登记地", "原样保留", "", "1/2"]]
    again = bring(opened(), HAND, "下一期.csv")
    assert not again.button(key="import_run").disabled
    assert any("company" in said.value and entry.title in said.value for said in again.info)


def test_several_columns_of_one_meaning_are_a_question():
    app = bring(opened(), "企业名称,注册地址,经营地址\n样例甲有限公司,松江区车峰路300号,青浦区嘉松中路5710号\n")
    app.radio(key="which_address_名单.csv").set_value("经营地址").run()
    press(app, "import_run")
    (entry,) = workspace.list_datasets()
    assert workspace.read_enterprises(entry.key)["adcode"].tolist() == ["310118"]


def test_a_name_that_is_taken_is_replaced_or_saved_beside(tmp_path):
    put(tmp_path, "名单", LIST)
    app = bring(opened(), HAND.replace("company_name", "企业名称"))
    assert app.radio(key="import_existing").value == "another"
    press(app, "import_run")
    assert {entry.title for entry in workspace.list_datasets()} == {"名单", "名单 (2)"}
    app = bring(opened(), "企业名称\n样例丙有限公司\n")
    app.radio(key="import_existing").set_value("replace").run()
    press(app, "import_run")
    assert {entry.title: entry.rows for entry in workspace.list_datasets()} == {"名单": 1, "名单 (2)": 2}


def test_the_account_is_in_the_language_of_the_page():
    for lang, column, problem in (
        ("zh", "注册资本", "是一个范围，没有取其中一个数"),
        ("en", "Capital", "a range; none of its numbers was taken"),
    ):
        app = press(bring(opened(lang=lang), LIST), "import_run")
        counts = next(frame.value for frame in app.dataframe if frame.value.shape[1] == 3)
        assert [column, problem, 1] in counts.values.tolist()


def test_a_new_dataset_is_used_and_the_map_shown():
    app = press(bring(opened(), LIST), "import_run")
    (entry,) = workspace.list_datasets()
    press(app, f"imported_{entry.key}")
    assert app.session_state["dataset"] == entry.key
    assert next(metric.value for metric in app.metric if metric.label == "所选企业") == "2"


def test_releases_are_compared_when_that_is_asked_for(tmp_path):
    put(tmp_path, "第一期", LIST)
    put(tmp_path, "第二期", LIST.replace("嘉定区", "青浦区"))
    app = opened()
    assert not any("变化" in frame.value.columns for frame in app.dataframe)
    press(app, "compare_run")
    changes = next(frame.value for frame in app.dataframe if "变化" in frame.value.columns)
    assert changes[["变化", "企业名称", "变化的列", "详情"]].values.tolist() == [
        ["迁移", "样例乙有限公司", "所在区", "所在区：嘉定区 → 青浦区"]
    ]


def test_a_set_that_cannot_be_opened_is_shown_with_its_reason_and_deleted(tmp_path):
    entry = put(tmp_path, "坏的", LIST)
    (workspace.workspace_dir() / entry.key / "set.json").write_text("{", encoding="utf-8")
    app = press(opened(), f"delete_{entry.key}")
    assert any("打不开" in said.value for said in app.caption)
    assert app.button(key="delete_yes").label == "确认删除"
    (left,) = workspace.broken_datasets()
    delete_dataset(open_database(), left, Person("", proven=False))
    assert list(workspace.workspace_dir().glob("坏的*")) == []


def test_a_deleted_set_can_be_put_back(tmp_path):
    entry = put(tmp_path, "名单", LIST)
    app = opened()
    aside = delete_dataset(open_database(), entry, Person("", proven=False))  # the dialog is no part of a script's test
    app.session_state["removed_dataset"] = Removal("名单", partial(put_back, aside, "名单"), time.monotonic())
    app.run()
    assert workspace.list_datasets() == []
    press(app, "dataset_undo")
    assert workspace.list_datasets() == [entry]
    assert "dataset_undo" not in [button.key for button in app.button]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_card_of_an_imported_list_opens(tmp_path, lang):
    """Its kept columns bear the titles of ours."""
    entry = put(tmp_path, "名单", LIST)
    app = opened("views/enterprises/page.py", lang=lang)
    app.session_state["dataset"] = entry.key
    for id_ in workspace.read_enterprises(entry.key).index:
        app.session_state["card"] = id_
        app.run()
        assert not app.exception
        assert any(subheader.value.startswith("样例") for subheader in app.subheader)
