"""The pages through the real entry script: figure, table and selection are one set, whatever the filters."""

import ast
import random
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.i18n import word
from app.ui.page import PAGES
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.filters.filters import FACETS, Filters, options

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
DATA = load_dataset()
WORDS = ["", "", "机器人", "上海 路", "zzzz"]


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def script_of(view: str) -> str:
    """Path of the script of a page, as AppTest wants it."""
    return f"views/{next(page.script for page in PAGES if page.name == view)}"


def open_app(query: dict[str, str] | None = None, view: str = "") -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    if view:
        app.switch_page(script_of(view)).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_shows_what_is_written_for_developers(page):
    source = (ENTRY.parent / "views" / page.script).read_text(encoding="utf-8")
    alone = {ast.get_docstring(ast.parse(source)) or ""}
    alone |= {
        str(node.value.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    assert not alone & {text.value for text in open_app(view=page.name).markdown}


def selected_number(app: AppTest) -> int:
    return int(next(metric for metric in app.metric if metric.label in ("所选企业", "Selected")).value.replace(",", ""))


def some_filters(seed: int) -> Filters:
    dice = random.Random(seed)
    chosen = {
        name: tuple(dice.sample([*options(name)], dice.choice([0, 0, 1, 3])))
        for name in FACETS
        if name not in ("witnesses", "registration")
    }
    return Filters(**chosen, q=dice.choice(WORDS))


@pytest.mark.parametrize("seed", range(6))
def test_figure_and_table_hold_exactly_the_selected_enterprises(seed):
    filters = some_filters(seed)
    app = open_app(filters.as_params(), "enterprises")
    expected = DATA.select(filters)
    assert selected_number(app) == len(expected)
    names = app.dataframe[0].value["企业名称"].tolist() if app.dataframe else []
    assert names == expected["name"].tolist()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_where_nothing_is_selected_no_table_says_empty_in_english(page):
    """A table without rows says so by Streamlit's own word, which is drawn and not written."""
    assert [len(table.value) for table in open_app({"q": "zzzz"}, page.name).dataframe if table.value.empty] == []


@pytest.mark.parametrize("view", ["map", "enterprises", "shortlist", "plan", "import", "sources"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", [{}, {"district": "310109"}, {"q": "zzzz"}], ids=["full", "tiny", "empty"])
def test_every_page_opens_in_both_languages(view, lang, query):
    app = open_app(query | {"lang": lang}, "" if view == "map" else view)
    if view == "import":  # it acts on no selection
        whole = next(metric for metric in app.metric if metric.label == word("kpi.dataset", lang))
        assert whole.value == str(len(DATA.enterprises))
    else:
        assert selected_number(app) == len(DATA.select(Filters.from_query(query)[0]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_has_one_heading_and_the_filters_where_they_act(page):
    app = open_app({"district": "310117"}, page.name)
    assert [title.value for title in app.title] == [word(f"nav.{page.name}", "zh")]
    assert not app.header
    assert bool([one for one in app.multiselect if one.key == "filter_district"]) == page.selection


def test_a_page_without_filters_keeps_them():
    app = open_app({"district": "310117", "near": "310117:5", "founded": "2000-2010"})
    before = selected_number(app)
    app.switch_page(script_of("import")).run()
    app.switch_page("views/sources.py").run()
    assert selected_number(app) == before
    assert app.multiselect(key="filter_district").value == ["310117"]


def test_widgets_and_link_say_the_same():
    app = open_app({"district": "310117,310112", "industry": "equipment", "q": "上海"})
    assert app.multiselect(key="filter_district").value == ["310117", "310112"]
    assert app.multiselect(key="filter_industry").value == ["equipment"]
    assert app.text_input(key="filter_q").value == "上海"
    app.multiselect(key="filter_district").set_value(["310115"]).run()
    assert dict(app.query_params)["district"] in ("310115", ["310115"])
    expected = Filters(district=("310115",), industry=("equipment",), q="上海")
    assert selected_number(app) == len(DATA.select(expected))


def test_a_value_that_is_not_known_is_named_and_selects_nothing():
    app = open_app({"district": "999999"})
    assert selected_number(app) == 0
    assert any("999999" in warning.value for warning in app.warning)


def test_known_values_beside_an_unknown_one_still_select():
    app = open_app({"district": "999999,310117"})
    assert selected_number(app) == len(DATA.select(Filters(district=("310117",))))
    assert any("999999" in warning.value for warning in app.warning)


def test_an_unknown_parameter_is_named():
    app = open_app({"distric": "310117"})
    assert any("distric" in warning.value for warning in app.warning)


def test_filters_stay_on_a_change_of_page():
    app = open_app({"zone": "core"})
    before = selected_number(app)
    app.switch_page("views/sources.py").run()
    assert selected_number(app) == before == len(DATA.select(Filters(zone=("core",))))


def test_reset_lifts_every_filter():
    app = open_app({"zone": "core", "q": "上海"})
    next(button for button in app.button if "清除" in button.label).click().run()
    assert selected_number(app) == len(DATA.enterprises)


def test_the_layout_for_printing_holds_every_row():
    app = open_app({"district": "310117"}, "enterprises")
    app.toggle(key="table_print").set_value(True).run()
    rows = DATA.select(Filters(district=("310117",)))
    assert len(app.table[0].value) == len(rows) > 13


def test_an_imported_list_is_named_and_not_said_to_have_no_sources(monkeypatch, tmp_path):
    mine = tmp_path / "set"
    write_demo(30, mine)
    monkeypatch.setenv("EXPLORER_SET", str(mine))
    app = open_app()
    labels = {metric.label for metric in app.metric}
    assert "所选企业" in labels
    assert "来源可查" not in labels
    assert any("来自导入的名单" in text.value for text in app.markdown)


def test_a_weight_known_of_few_is_refused_and_the_map_shows_the_enterprises():
    app = open_app({"map_content": "hexagons", "map_weight": "insured", "map_hexagon": "5000"})
    [said] = [info.value for info in app.info]
    assert "271 家中只有 0 家" in said
    assert "图上画的是企业" in said


def test_the_year_of_the_map_is_accounted_for():
    app = open_app({"map_basis": "recognition", "map_year": "2020"})
    [said] = [caption.value for caption in app.caption if "截至 2020 年" in caption.value]
    found = re.search(r"有 (\d+) 家；更晚的 (\d+) 家、没有年份的 (\d+) 家", said)
    assert found
    there, later, undated = map(int, found.groups())
    assert there + later + undated == len(DATA.enterprises)
    assert (there, undated) == (179, 592)


def test_the_map_page_prints_on_the_paper_of_its_address():
    page = open_app({"map_paper": "a3-portrait"})
    assert page.selectbox(key="map.paper").value == "a3-portrait"
    labels = {button.proto.label for button in page.get("download_button")}
    assert {"下载 PDF", "下载 PNG"} <= labels
