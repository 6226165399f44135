"""The what-if page through the real entry script: steps, undo, and lists that never know of them."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.views.test_pages import DATA, open_app, selected_number


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def tables(app: AppTest) -> list[str]:
    return [frame.value.to_csv() for frame in app.dataframe]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", [{}, {"district": "310109"}, {"q": "zzzz"}], ids=["full", "tiny", "empty"])
def test_the_page_opens_and_counts(lang, query):
    app = click(open_app(query | {"lang": lang}, "whatif"), "whatif_add")
    assert len(app.dataframe) == (1 if "district" in query else 2)


def test_undo_brings_back_the_identical_page():
    app = click(open_app({}, "whatif"), "whatif_add")
    before = tables(app)
    app.selectbox(key="whatif.kind").set_value("town").run()
    app.number_input(key="whatif.number").set_value(5).run()
    assert tables(click(app, "whatif_add")) != before
    assert tables(click(app, "whatif_undo")) == before
    click(app, "whatif_undo")
    assert tables(app) == []
    assert app.button(key="whatif_undo").disabled


@pytest.mark.parametrize("kind", ["district", "park", "town", "core", "point"])
def test_every_kind_of_place_counts_somewhere(kind):
    app = open_app({}, "whatif")
    app.selectbox(key="whatif.kind").set_value(kind).run()
    click(app, "whatif_add")
    app.selectbox(key="whatif.level").set_value("zone").run()
    assert app.dataframe[0].value["计入"].tolist() == ["是"]


def test_a_plant_on_a_node_says_which_gaps_it_closes():
    app = open_app({}, "whatif")
    app.selectbox(key="whatif.node").set_value("EQP-M1").run()
    click(app, "whatif_add")
    table = app.dataframe[-1].value
    assert (table["之后"] - table["之前"]).tolist() == [1]
    assert (table["此链空白环节，之前"] - table["此链空白环节，之后"]).iloc[0] == (table["之前"].iloc[0] == 0)


def test_a_point_outside_shanghai_is_one_sentence():
    app = open_app({}, "whatif")
    app.selectbox(key="whatif.kind").set_value("point").run()
    app.number_input(key="whatif.lon").set_value(122.9).run()
    click(app, "whatif_add")
    assert "不在上海" in app.error[0].value
    assert app.dataframe.len == 0


def test_lists_and_figures_of_other_pages_do_not_know_of_it():
    app = click(open_app({}, "whatif"), "whatif_add")
    assert selected_number(app) == len(DATA.enterprises)
    app.switch_page("views/enterprises/page.py").run()
    assert app.dataframe[0].value["企业名称"].tolist() == DATA.enterprises["name"].tolist()
    app.switch_page("views/whatif.py").run()
    assert len(app.dataframe[0].value) == 1
