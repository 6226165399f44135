"""The plan page through the real entry script: every part, the search, targets, the layout by year, the delta."""

import pytest

from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.filters.filters import Filters
from geo.indicators.timeline import growth, undated
from geo.plan import PLAN, load_plan, load_targets
from tests.app.views.test_pages import open_app, own_workspace

__all__ = ["own_workspace"]

DATA = load_dataset()
SECTIONS = ("text", "targets", "replay", "delta")


def open_section(section, query=None):
    app = open_app(query, "plan")
    app.session_state["plan_section"] = section
    app.run()
    assert not app.exception
    return app


def said(app):
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("query", [{"lang": "en"}, {"district": "310109"}, {"q": "zzzz"}], ids=["en", "tiny", "empty"])
def test_every_section_opens(section, query):
    open_section(section, query)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_plan_is_on_the_page(lang):
    app = open_section("text", {"lang": lang})
    text, plan = said(app).replace("\\", ""), load_plan()
    labels = " ".join(expander.label for expander in app.expander).replace("\\", "")
    assert all(action[f"name_{lang}"] in labels for action in plan["actions"])
    for passage in [*plan["key_industries"]["items"], *plan["closing"], plan["layout"]["core"], plan["layout"]["belt"]]:
        assert passage[lang] in text
    assert all(field in text for field in plan["yangtze_delta"][f"fields_{lang}"])
    assert ("等区域" if lang == "zh" else "and other areas") in text
    for number in (1, 2, 8, 9, 10, 12, 13, 14, 15, 16):
        assert (f"第 {number} 段" if lang == "zh" else f"paragraph {number}") in text


def test_the_search_finds_across_the_plan():
    app = open_app({}, "plan")
    app.text_input(key="plan_q").set_value("标杆 工厂").run()
    text = said(app)
    assert "10 处" in text
    assert "第 5 段" in text


def test_targets_keep_three_things_apart_and_nothing_is_met_without_evidence():
    app = open_section("targets")
    tables = [frame.value for frame in app.dataframe]
    own = [table for table in tables if "后续计划（= 同一指标，≈ 相近）" in table]
    assert sum(map(len, own)) == (load_targets()["plan"] == PLAN).sum() == 13
    assert sum(map(len, tables)) == len(load_targets())
    for table in tables:
        met = table[table["状态"].str.startswith("●")]
        assert (met["公布的进展（逐年）"] != "").all()
        assert {"目标", "公布的进展（逐年）", "名单所见（下限）"} <= set(table.columns)
    factories = own[2].loc["T009"]
    assert factories["公布的进展（逐年）"].startswith("2020: 20 家 (累计)")
    assert "= 2025: 示范性智能工厂 200 家" in factories["后续计划（= 同一指标，≈ 相近）"]


@pytest.mark.parametrize("query", [{}, {"zone": "core"}])
def test_the_counts_are_those_of_the_year_on_the_slider(query):
    filters = Filters.from_query(query)[0]
    app = open_section("replay", query)
    app.slider(key="plan_year_recognition").set_value(2019).run()
    values = {metric.label: metric.value for metric in app.metric}
    expected = growth(DATA, filters, "recognition").loc[2019]
    assert values["截至 2019 年"] == str(expected.sum())
    assert app.slider(key="plan_year_recognition").value == 2019
    assert f"{undated(DATA, filters, 'recognition')} 家没有年份" in said(app)


def test_a_list_without_recognitions_is_replayed_by_its_founding_years(tmp_path, monkeypatch):
    write_demo(300, tmp_path / "demo")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "demo"))
    app = open_section("replay")
    assert "成立年份" in said(app)
    assert [slider.key for slider in app.slider] == ["plan_year_founded"]


@pytest.mark.parametrize(("lang", "kind"), [("zh", "额度、授信（不是贷款）"), ("en", "Credit line, not a loan")])
def test_action_six_has_the_published_finance_with_kind_year_and_link(lang, kind):
    app = open_app({"lang": lang}, "plan")
    table = next(one.value for one in app.dataframe if len(one.value) == 13)
    lines = table[table.iloc[:, 2] == kind]
    assert lines.iloc[:, 0].tolist() == [2019, 2018, 2010]
    assert "500" in lines.iloc[1, 3]
    assert lines.iloc[1, 8] == "https://www.shobserver.com/news/detail?id=79188"
    assert any("产融" in text.value or "Finance for industry" in text.value for text in app.markdown)
