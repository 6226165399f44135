"""A label never chooses: what is chosen is an id, whatever names are equal, or look it, to people and browsers."""

import io
import json
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from streamlit.testing.v1 import AppTest

from app.i18n import LANGS, word
from app.records import log, searches
from app.records.database import open_database
from app.records.datasets import keep_areas
from app.records.overlay import with_corrections
from app.records.people import person_of
from app.records.permissions import ANYBODY, Person
from app.records.tokens import add_token
from app.server.datasets import serve, served
from app.ui.choice import distinct
from app.ui.dataset_picker import dataset_titles
from app.ui.page import PAGES
from geo.datasets import workspace
from geo.datasets.dataset import BUILT_IN_TITLE, load_dataset
from geo.errors import DataError
from geo.ingest.pipeline import import_files
from geo.places.drawn_areas import name_of
from geo.text import fold, mixed_scripts, visible

ENTRY = Path(__file__).resolve().parents[2] / "app" / "main.py"
JIA = "样例甲（上海）有限公司"
ROWS = [
    ("91310000MAX000001M", "松江区", "上海市松江区新桥镇样例路1号"),
    ("91310000MAX000002Q", "嘉定区", "上海市嘉定区安亭镇样例路2号"),
]
UNSEEN = ["\u200b", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u3164", "\ufe0f", "\U000e0041", "\u2060"]


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def namesakes(tmp_path: Path) -> Path:
    """What an import wrote of two enterprises of one name, which differ in code and address."""
    file = tmp_path / "namesakes.csv"
    rows = [(JIA, *row) for row in ROWS]
    table = pd.DataFrame(rows, columns=["企业名称", "统一社会信用代码", "所属区县", "企业地址"])
    table.to_csv(file, index=False)
    import_files([file], tmp_path / "namesakes")
    return tmp_path / "namesakes"


def opened(page: str, dataset: str = "") -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=180)
    app.run()
    if dataset:
        app.selectbox(key="dataset").set_value(dataset).run()
    app.switch_page(f"views/{page}").run()
    assert not app.exception
    return app


def test_two_enterprises_of_one_name_open_each_their_own_card(namesakes: Path) -> None:
    entry = workspace.add(namesakes, "同名")
    table = workspace.read_enterprises(entry.key)
    assert len(table) == 2
    assert table["name"].nunique() == 1
    app = opened("enterprises/page.py", entry.key)
    choice = app.selectbox(key="card_choice")
    assert len(set(choice.options)) == 2
    for number, enterprise_id in enumerate(table.index):
        choice = app.selectbox(key="card_choice").select(choice.options[number])  # as a browser sends it: the label
        choice.run()
        assert app.session_state["card"] == enterprise_id
        card = "\n".join(text.value for text in app.markdown)
        assert table.at[enterprise_id, "uscc"] in card
        assert table["uscc"][table.index != enterprise_id].iloc[0] not in card


def test_no_choice_of_any_page_has_two_options_that_look_alike() -> None:
    """Whatever the data and the codes are called: the browser sends the label of what is chosen."""
    app = AppTest.from_file(str(ENTRY), default_timeout=180)
    app.run()
    seen = 0
    for page in PAGES:
        app.switch_page(f"views/{page.script}").run()
        assert not app.exception
        for widget in (*app.selectbox, *app.multiselect, *app.radio, *app.get("button_group")):
            labels = [option if isinstance(option, str) else option.content for option in widget.options]
            assert len({fold(label) for label in labels}) == len(labels), (page.script, widget.key)
            seen += 1
    assert seen > 8 * len(PAGES)


def test_two_enterprises_of_one_name_are_picked_apart(namesakes: Path) -> None:
    entry = workspace.add(namesakes, "同名")
    app = opened("shortlist/page.py", entry.key)
    pick = app.multiselect(key="pick")
    assert len(set(pick.options)) == 2
    pick.select(pick.options[1]).run()
    second = workspace.read_enterprises(entry.key).index[1]
    assert app.session_state["pick"] == [second]


def test_parks_of_one_name_are_chosen_apart() -> None:
    parks = load_dataset().parks.dropna(subset="geometry")
    app = opened("whatif.py")
    assert len(set(app.selectbox(key="near_place").options)) == len(parks) + 2
    app.selectbox(key="whatif.kind").set_value("park").run()
    assert len(set(app.selectbox(key="whatif.park").options)) == int((load_dataset().parks["adcode"] != "").sum())


@pytest.mark.parametrize("name", BUILT_IN_TITLE)
@pytest.mark.parametrize("unseen", ["", *UNSEEN])
def test_no_dataset_takes_the_name_of_the_sample(namesakes: Path, name: str, unseen: str) -> None:
    for title in (f"{unseen}{name}", f"{name[:2]}{unseen}{name[2:]}", f"  {name.upper()}{unseen} ", f" {name} "):
        with pytest.raises(DataError, match="内置样本的名称"):
            workspace.add(namesakes, title)
    assert workspace.list_datasets() == []


def test_the_name_that_is_refused_is_the_one_that_the_pages_show() -> None:
    assert tuple(word("set.built_in", lang) for lang in LANGS) == BUILT_IN_TITLE
    assert load_dataset().title == BUILT_IN_TITLE[0]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_dataset_takes_the_name_of_another(namesakes: Path, unseen: str) -> None:
    first = workspace.add(namesakes, "松江 2026")
    with pytest.raises(DataError, match="同名"):
        workspace.add(namesakes, f"松{unseen}江 2026")
    again = workspace.add(namesakes, f"松江{unseen} ２０２６", replace=True)
    assert again.key == first.key
    assert [entry.title for entry in workspace.list_datasets()] == ["松江 ２０２６"]


def test_datasets_of_an_earlier_version_that_look_alike_are_listed_apart(namesakes: Path) -> None:
    first = workspace.add(namesakes, "松江")
    second = workspace.add(namesakes, "嘉定")
    for entry, title in ((first, "\u202e内置样本"), (second, "内置\u200b样本")):
        file = workspace.folder_of(entry.key) / workspace.DATASET_RECORD
        record = json.loads(file.read_text(encoding="utf-8"))
        del record["record_sha256"]  # which an earlier version did not write
        file.write_text(json.dumps(record | {"title": title}), encoding="utf-8")
    titles = dataset_titles("zh", workspace.list_datasets())
    assert len(titles) == 3
    assert len({fold(title) for title in titles.values()}) == 3
    app = opened("import_/page.py")
    assert sorted(app.selectbox(key="dataset").options) == sorted(titles.values())


def test_a_cached_title_belongs_to_its_dataset(namesakes: Path) -> None:
    data = load_dataset()
    first = data.named("甲", "2026-01-01", synthetic=False)
    second = data.named("乙", "2026-02-02", synthetic=False)
    assert served(serve(first), ANYBODY).title == "甲"
    assert served(serve(second), ANYBODY).title == "乙"
    assert served(serve(first), ANYBODY).title == "甲"
    assert (with_corrections(first).title, with_corrections(second).title) == ("甲", "乙")
    entry = workspace.add(namesakes, "甲")
    assert "甲：2 家" in " ".join(text.value for text in opened("map.py", entry.key).caption)
    workspace.delete(entry.key)
    entry = workspace.add(namesakes, "乙")
    assert "乙：2 家" in " ".join(text.value for text in opened("map.py", entry.key).caption)


def test_what_nobody_sees_in_a_name_is_taken_out_and_reported(tmp_path: Path) -> None:
    names = [
        "样例甲\u202e（上海）有限公司",
        "样例乙\u200b有限公司",
        "样例乙有限公司",
        "A\u0412B样例有限公司",
        "ABB样例有限公司",
    ]
    file = tmp_path / "names.csv"
    file.write_text("\n".join(["企业名称,所属区县", *(f"{name},松江区" for name in names)]), encoding="utf-8")
    report = import_files([file], tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out" / "enterprises.parquet")
    assert sorted(table["name"]) == sorted({visible(name) for name in names})
    content = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    problems = [issue["problem"] for issue in content["issues"]]
    assert sum("看不见或改变书写方向" in problem for problem in problems) == 2
    assert sum("形似的外文字母" in problem for problem in problems) == 1
    assert report.imported == 4


letters = st.text(st.sampled_from("甲乙 Aａ·1" + "".join(UNSEEN)), max_size=6)


@given(st.dictionaries(st.integers(0, 99), letters, max_size=12), st.dictionaries(st.integers(0, 99), letters))
def test_labels_are_told_apart_whatever_they_are(labels: dict[int, str], facts: dict[int, str]) -> None:
    shown = distinct(labels, facts)
    assert list(shown) == list(labels)
    assert len({fold(label) for label in shown.values()}) == len(labels)
    assert all(label == visible(label) for label in shown.values())
    for option, label in labels.items():
        assert shown[option].startswith(visible(label))


@given(st.text(), st.sampled_from(UNSEEN), st.integers(0, 20))
def test_a_name_is_compared_without_what_nobody_sees(text: str, unseen: str, place: int) -> None:
    assert fold(text[:place] + unseen + text[place:]) == fold(text)
    assert visible(visible(text)) == visible(text)


def test_names_of_one_alphabet_are_not_reported() -> None:
    assert not any(map(mixed_scripts, load_dataset().enterprises["name"]))
    assert not mixed_scripts("Ω 公司 ABB")
    assert io.StringIO(visible("a\r\nb")).read() == "a\r\nb"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_name_that_a_person_writes_keeps_what_nobody_sees(unseen: str) -> None:
    """Of persons, proxies, searches, areas and tokens; with a name alone they would be two that look alike."""
    name = f"张{unseen}三"
    db, ids = open_database(), load_dataset().enterprises.index[:2]
    assert Person("张三", proven=False) == person_of({}, name, "")
    assert Person("张三", proven=True) == person_of({"X-User": quote(name)}, "", "X-User")
    assert searches.save(db, name, "district=310117", name, "一月", ids).name == "张三"
    add_token(name)
    with pytest.raises(DataError, match="已有这个名称"):
        add_token("张三")
    area = box(121.0, 31.0, 121.1, 31.1)
    assert name_of(keep_areas([area], name, Person("张三", proven=False))[0]) == "张三"
    assert keep_areas([area], unseen, Person("", proven=False)) == keep_areas([area], "", Person("", proven=False))
    assert set(log.read(db)["who"]) == {"张三"}
    assert set(log.read(db)["name"]) == {"张三"}
