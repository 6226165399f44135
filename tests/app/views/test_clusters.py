"""The clusters page: answers and refusals of the functions, in words, for the built-in sample and for a larger set."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.clusters.analysis import find_groups, find_hot_spots
from geo.clusters.concentration import concentration
from geo.clusters.eligibility import NotEstimable, decided
from geo.clusters.pattern import marked_pattern
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.enterprises.table import as_enterprises
from geo.filters.filters import Filters

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
DATA = load_dataset()


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def open_page(query: dict[str, str] | None = None) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=120)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    app.switch_page("views/clusters/page.py").run()
    assert not app.exception
    return app


def ask(app: AppTest, **choices: object) -> AppTest:
    """Choose on the page: ``question``, ``unit``, ``industry`` …"""
    for name, value in choices.items():
        app.session_state[f"clusters_{name}"] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.markdown, app.caption, app.info) for one in kind).replace("\\", "")


def figure(app: AppTest, label: str) -> str:
    return next(metric.value for metric in app.metric if metric.label == label)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "企业够不够数"),
        ({"lang": "en", "district": "310109"}, "Cannot decide"),
        ({"q": "zzzz"}, "没有符合筛选的企业"),
    ],
)
def test_the_page_opens_with_full_tiny_and_empty_selections(query, words):
    app = open_page(query)
    assert words in said(app) or not len(DATA.select(Filters.from_query(query)[0]))


def test_the_verdict_is_that_of_the_function():
    app = ask(open_page({"lang": "en"}), industry="electronics")
    found = decided(concentration(marked_pattern(DATA, Filters(), "electronics")))
    stretches = ", ".join(f"{low / 1000:.1f}–{high / 1000:.1f}" for low, high in found.spans_m())
    assert figure(app, "Verdict") == f"Localised · {stretches} km"
    assert figure(app, "p, localised") == f"{found.band.p_high:.3f}"
    assert figure(app, "Stable over bandwidths") == f"{found.stability:.0%}"
    assert "172 firms with a point of their own (coordinate, house number), 127 of the industry" in said(app)
    table = app.dataframe[0].value
    assert table["Verdict"].tolist()[:2] == [
        "Only 8 firms of this industry with a point location; at least 10 are needed.",
        f"Localised · {stretches} km",
    ]


def test_what_is_not_seen_comes_with_what_could_have_been():
    app = ask(open_page(), industry="equipment")
    found = decided(concentration(marked_pattern(DATA, Filters(), "equipment")))
    assert figure(app, "判断") == "看不出差别"
    assert found.detectable
    assert f"这 {found.used} 家中要有约 {found.detectable} 家聚在一处" in said(app)
    table = app.dataframe[0].value.set_index("行业")
    assert table.at["高端装备", "看得出所需"] == pytest.approx(100 * found.detectable / found.used)


def test_whether_a_district_is_a_centre_is_held_against_the_city():
    app = ask(open_page({"district": "310115", "industry": "electronics"}), question="place")
    assert app.selectbox(key="clusters_place").value == "310115"
    assert figure(app, "判断") == "看不出差别"  # 1.13, interval 0.99–1.27
    assert figure(app, "区位商") == f"{(169 / 278) / (443 / 821):.2f}"
    assert "全部 443 家中有 169 家（38.1%）在此，全部企业 821 家中有 278 家（33.9%）在此" in said(app)
    table = app.dataframe[0].value.set_index("地点")
    assert len(table) == 16
    assert table.at["徐汇区", "判断"] == "集中"
    assert table.at["嘉定区", "判断"] == "单看少于整体"  # below the whole alone, not among sixteen
    app.selectbox(key="clusters_place").set_value("core").run()
    assert not app.exception
    assert figure(app, "判断") == "少于整体"  # 0.53, interval 0.29–0.88
    assert figure(app, "区位商") == f"{(14 / 443) / (49 / 823):.2f}"
    assert "检验力" not in said(app)
    app.selectbox(key="clusters_place").set_value("belt").run()
    assert not app.exception
    assert figure(app, "判断") == "看不出差别"  # interval 0.91–1.05
    assert figure(app, "区位商") == f"{(281 / 443) / (533 / 823):.2f}"
    assert "检验力" in said(app)
    app.multiselect(key="filter_district").set_value(["310114"]).run()
    assert app.selectbox(key="clusters_place").value == "310114"  # follows the filter


def test_a_verdict_that_hangs_on_one_kind_of_list_says_so():
    app = ask(open_page({"district": "310118", "industry": "materials"}), question="place")
    assert figure(app, "判断") == "集中"
    warned = [warning.value for warning in app.warning if "青浦区" in warning.value]
    assert len(warned) == 2  # without the register, and without the exchanges
    app = ask(open_page({"district": "310114", "industry": "auto"}), question="place")
    assert not any("只靠一种名单" in warning.value for warning in app.warning)  # no district's, whichever is left out


@pytest.mark.parametrize("query", [{"q": "zzzz"}, {"district": "310109", "lang": "en"}, {"industry": "other"}])
@pytest.mark.parametrize("place", ["310115", "belt"])
def test_a_place_is_asked_about_with_tiny_and_empty_selections(query, place):
    app = ask(open_page(query), question="place")
    if app.selectbox:
        ask(app, place=place)


def test_a_question_that_districts_can_never_answer_is_not_offered():
    app = ask(open_page(), question="hotspots", unit="district")
    assert app.session_state["clusters_unit"] == "grid"
    assert "热点 · 区" not in said(app)


def test_no_check_mark_stands_above_a_refusal():
    app = ask(open_page({"industry": "equipment", "zone": "belt"}), question="outlines")
    box = next(one.value for one in app.markdown if "热点 · 街镇" in one.value)
    line = next(line for line in box.splitlines() if "集群轮廓" in line)
    assert ":material/block:" in line
    assert "画不出轮廓" in line
    assert "check" not in box


@pytest.mark.parametrize("unit", ["grid", "town"])
def test_a_refusal_stands_in_the_place_of_a_map(unit):
    app = ask(open_page({"zone": "belt"}), industry="equipment", question="hotspots", unit=unit)
    refusal = find_hot_spots(DATA, Filters(zone=("belt",)), "equipment", unit)
    assert isinstance(refusal, NotEstimable)
    assert any(refusal.zh in one.value.replace("\\", "") for one in app.info)
    assert not [metric for metric in app.metric if "Moran" in metric.label]


def test_outlines_are_those_of_the_function(monkeypatch, tmp_path):
    write_demo(1200, tmp_path / "made_up")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "made_up"))
    app = ask(open_page({"industry": "equipment"}), question="outlines")
    data = open_dataset(tmp_path / "made_up")
    found = decided(find_groups(data, Filters(), "equipment", simulations=199)).outlines
    table = app.dataframe[0].value
    assert table["组内企业"].tolist() == found["members"].tolist()
    assert table["p 值"].tolist() == found["p"].tolist()
    assert table["代表企业"].tolist() == found["leading"].tolist()
    assert "行业筛选在本页不作筛选" in said(app)


def test_where_there_is_no_group_the_reason_stands_in_its_place():
    refusal = find_groups(DATA, Filters(zone=("belt",)), "equipment", simulations=199)
    assert isinstance(refusal, NotEstimable)
    assert refusal.zh.startswith("没有 5 家以上彼此靠近")  # enough firms: 15 of 72
    assert refusal.zh in said(ask(open_page({"industry": "equipment", "zone": "belt"}), question="outlines"))


def test_the_industry_follows_the_filter_and_may_still_be_another():
    app = open_page({"industry": "auto"})
    assert app.selectbox(key="clusters_industry").value == "auto"
    app.selectbox(key="clusters_industry").set_value("materials").run()
    assert app.selectbox(key="clusters_industry").value == "materials"
    app.multiselect(key="filter_industry").set_value(["electronics"]).run()
    assert not app.exception
    assert app.selectbox(key="clusters_industry").value == "electronics"


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(22_000, folder)
    return folder


def test_a_large_set_is_computed_on_request_and_can_be_stopped(larger, monkeypatch):
    monkeypatch.setenv("EXPLORER_SET", str(larger))
    app = ask(open_page(), industry="auto", question="hotspots")
    assert not [metric for metric in app.metric if "Moran" in metric.label]
    app.button(key="clusters_hotspots_start").click().run()
    assert not app.exception
    found = decided(find_hot_spots(open_dataset(larger), Filters(), "auto"))
    assert figure(app, "全局 Moran's I") == f"{found.overall.statistic:.3f}"
    assert figure(app, "热点单元") == f"{found.count('hot'):,}"
    assert app.dataframe[0].value["稳定性"].tolist() == pytest.approx(found.clusters["stability"].tolist())
    ask(app, seed=7)
    assert [button for button in app.button if button.key == "clusters_hotspots_start"]
    assert "合成数据" in "\n".join(one.value for one in app.markdown)


def test_the_page_says_how_the_answer_moves_without_shared_addresses(monkeypatch, tmp_path):
    table = pd.DataFrame(DATA.enterprises.drop(columns="geometry"))
    fine = np.flatnonzero(table["location_precision"].isin(["site", "road"]))
    drawn = np.random.default_rng(1).choice(fine, 12, replace=False)
    table.loc[table.index[drawn], "registration"] = "shared"
    folder = tmp_path / "set"
    folder.mkdir()
    as_enterprises(table).to_parquet(folder / "enterprises.parquet")
    monkeypatch.setenv("EXPLORER_SET", str(folder))
    marked = open_dataset(folder)
    app = ask(open_page({"lang": "en"}), industry="electronics")
    whole = decided(concentration(marked_pattern(marked, Filters(), "electronics")))
    own = decided(concentration(marked_pattern(marked, Filters(registration=("own",)), "electronics")))
    moved = next(one.value for one in app.markdown if "crowded registration addresses" in one.value).replace("\\", "")
    assert "(12 firms)" in moved
    assert f"(p {whole.band.p_high:.3f})" in moved.partition("→")[0]
    assert f"(p {own.band.p_high:.3f})" in moved.partition("→")[2]
