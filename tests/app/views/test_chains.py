"""The pages of chains and of sites through the real entry: their figures are those of the tables."""

import pandas as pd
import pytest

from app.views.chains import gaps
from geo.chains.assignment import load_chains, nodes_of, on_node
from geo.chains.candidates import CANDIDATE_TERMS as SUGGESTION_TERMS
from geo.chains.candidates import CANDIDATE_WEIGHTS, find_candidates
from geo.chains.gaps import GAP_TERMS, count_by, count_nodes, proximity
from geo.chains.scoring import score
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.filters.filters import Filters
from geo.places.districts import attributes
from tests.app.views.test_pages import open_app, own_workspace

DATA = load_dataset()
NODES = nodes_of(DATA.enterprises)
CHAIN = load_chains()
__all__ = ["own_workspace"]


def table_with(app, column):
    return next(table.value for table in app.dataframe if column in table.value.columns)


def button_of(app, node):
    return app.button(key=f"node_{node}")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["chains", "fit"])
@pytest.mark.parametrize("query", [{}, {"district": "310109"}, {"q": "zzzz"}], ids=["full", "tiny", "empty"])
def test_the_pages_open_whatever_is_selected(view, lang, query):
    app = open_app(query | {"lang": lang}, view)
    assert not app.exception
    assert not app.error


def test_a_node_says_how_many_of_the_selection_stand_on_it_and_in_the_city():
    app = open_app({"district": "310117"}, "chains")
    app.segmented_control(key="chain").set_value("EQP").run()
    own = count_nodes(NODES, DATA.mask(Filters(district=("310117",))))
    city = count_nodes(NODES)
    for node in CHAIN.index[CHAIN["chain"] == "EQP"]:
        here, all_ = own[node], city[node]
        expected = f"**{here}**" if here == all_ else f"**{here} / {all_}**"
        assert button_of(app, node).label.endswith(expected), node


def test_the_area_of_the_page_takes_the_place_of_the_district_filter():
    app = open_app({"district": "310117", "recognition": "star-market"}, "chains")
    app.selectbox(key="chain_area").set_value("310115").run()
    app.segmented_control(key="chain").set_value("ELEC").run()
    stars = DATA.mask(Filters(recognition=("star-market",)))
    own = count_nodes(NODES, stars & (DATA.enterprises["adcode"] == "310115").to_numpy())
    city = count_nodes(NODES, stars)
    assert button_of(app, "ELEC-M1").label.endswith(f"**{own['ELEC-M1']} / {city['ELEC-M1']}**")


def test_a_gap_of_the_filters_is_not_called_one_of_the_list():
    app = open_app({"q": "zzzz"}, "chains")
    assert any("筛选造成的" in info.value for info in app.info)
    assert not any("整份名单中没有" in info.value for info in app.info)
    button_of(app, "AUTO-M7").click().run()  # nobody of the whole list stands on it
    assert any("整份名单中没有" in info.value for info in app.info)


def test_the_shortlist_is_the_one_of_the_tables_and_its_terms_add_up():
    app = open_app({"district": "310117"}, "chains")
    app.segmented_control(key="chain").set_value("EQP").run()
    button_of(app, "EQP-M4").click().run()
    area = DATA.mask(Filters(district=("310117",)))
    near = proximity(count_by(NODES, attributes().index.get_indexer(DATA.enterprises["adcode"]), 16))
    found = find_candidates(DATA.enterprises, NODES, "EQP-M4", area, near)
    table = table_with(app, "契合方式")
    assert table["企业"].tolist() == DATA.enterprises["name"].iloc[found.table["row"]].tolist()[:50]
    names = [zh for zh, _ in SUGGESTION_TERMS.values()]
    sums = (table[names].fillna(0) * 10).round().sum(axis=1)
    assert sums.tolist() == (table["评分"] * 10).round().tolist()
    assert table["规模"].isna().all()  # the sample knows no sizes


def test_a_weight_of_nothing_gives_the_ranks_that_were_announced():
    app = open_app({"district": "310117"}, "chains")
    app.segmented_control(key="chain").set_value("EQP").run()
    button_of(app, "EQP-M4").click().run()
    announced = table_with(app, "不计证据").set_index("企业")["不计证据"]
    app.slider(key="suggestion_weight_evidence").set_value(0.0).run()
    ranks = table_with(app, "契合方式").set_index("企业")["名次"]
    shared = announced.index.intersection(ranks.index)
    assert len(shared) > 10
    assert announced[shared].tolist() == ranks[shared].tolist()
    app.button(key="suggestion_reset").click().run()
    assert app.slider(key="suggestion_weight_evidence").value == CANDIDATE_WEIGHTS["evidence"]


def test_gaps_are_in_the_order_of_their_score():
    app = open_app({"district": "310117"}, "chains")
    table = table_with(app, GAP_TERMS["supply"][0])
    empty = [
        n
        for n in CHAIN.index[CHAIN["chain"] == "AUTO"]
        if not on_node(NODES, n)[DATA.mask(Filters(district=("310117",)))].any()
    ]
    assert len(table) == len(empty)
    assert table["评分"].is_monotonic_decreasing
    assert table["名次"].tolist() == list(range(1, len(empty) + 1))


def test_the_backtest_is_shown_with_every_naive_order():
    app = open_app({}, "chains")
    table = table_with(app, "最大的区优先")
    assert {"补链评分", "企业最多的环节优先", "随机（期望）"} <= set(table.columns)
    assert any("最大的区优先" in text.value and "落后" in text.value for text in app.markdown)


def test_places_are_ranked_by_points_that_add_up():
    app = open_app({}, "fit")
    app.segmented_control(key="chain").set_value("BIO").run()
    table = table_with(app, "公布的产业")
    names = ["园区公布的产业", "周边上游企业", "周边下游企业", "周边同环节企业"]
    worth = table["评分"].fillna(-1)
    assert table["名次"].tolist() == [1 + int((worth > own).sum()) for own in worth]  # equal scores share a rank
    assert worth.is_monotonic_decreasing
    known = table[table["评分"].notna()]
    assert known["评分"].nunique() > 3
    assert (known[names].fillna(0) * 10).round().sum(axis=1).tolist() == (known["评分"] * 10).round().tolist()
    app.multiselect(key="fit_district").set_value(["310116"]).run()
    wished = table_with(app, "公布的产业")
    assert "在所选区或核带" in wished.columns
    assert wished["区"].iloc[0] == "金山区"


def test_an_enterprise_to_be_near_needs_a_point_of_its_own():
    fine = DATA.enterprises[DATA.enterprises["location_precision"] == "site"]
    app = open_app({}, "fit")
    app.text_input(key="fit_firm").set_value(fine["name"].iloc[0]).run()
    assert "距指定企业" in table_with(app, "公布的产业").columns
    vague = DATA.enterprises[DATA.enterprises["location_precision"] == "district"]
    app.text_input(key="fit_firm").set_value(vague["name"].iloc[0]).run()
    assert "距指定企业" not in table_with(app, "公布的产业").columns
    assert any("只知园区、街镇或区" in caption.value for caption in app.caption)


def test_without_any_weight_nothing_is_ranked_and_it_is_said():
    app = open_app({}, "fit")
    for name in ("type", "suppliers", "customers", "peers"):
        app.slider(key=f"fit_weight_{name}").set_value(0.0)
    app.run()
    assert not app.exception
    assert any("权重" in warning.value for warning in app.warning)
    assert table_with(app, "公布的产业")["评分"].isna().all()


def test_choices_outlive_a_change_of_language_and_of_page():
    app = open_app({}, "fit")
    app.segmented_control(key="chain").set_value("BIO").run()
    app.multiselect(key="fit_district").set_value(["310116"]).run()
    app.segmented_control(key="lang").set_value("en").run()
    assert not app.exception
    assert app.segmented_control(key="chain").value == "BIO"
    assert app.multiselect(key="fit_district").value == ["310116"]
    app.switch_page("views/chains/page.py").run()
    assert app.segmented_control(key="chain").value == "BIO"
    assert not app.exception


@pytest.mark.parametrize("view", ["chains", "fit"])
def test_made_up_enterprises_are_called_so(view, monkeypatch, tmp_path):
    write_demo(3000, tmp_path / "demo")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "demo"))
    app = open_app({}, view)
    assert not app.exception
    assert any("合成数据" in text.value for text in app.markdown)


def test_scores_of_nothing():
    assert score(pd.DataFrame({"a": []}), {"a": 1}).total.empty


def test_the_gaps_of_an_area_over_all_chains_stand_in_one_table():
    app = open_app({"district": "310109"}, "chains")
    own = count_nodes(NODES, DATA.mask(Filters(district=("310109",))))
    table = table_with(app, "市内别处家数")
    assert sorted(table["环节"]) == sorted(CHAIN.at[node, "name_zh"] for node in own.index if own[node] == 0)
    city = count_nodes(NODES)
    first = table.iloc[0]
    node = next(one for one in CHAIN.index if CHAIN.at[one, "name_zh"] == first["环节"] and own[one] == 0)
    assert first["市内别处家数"] == city[node]


def test_related_industries_say_what_can_be_told_and_refuse_too_small_a_list():
    page = open_app(view="chains")
    said = "\n".join(block.value for block in page.markdown)
    assert "可比的 55 对" in said
    assert "只用邻近度" in said
    page.segmented_control(key="chain").set_value("EQP").run()
    button_of(page, "EQP-M7").click().run()
    captions = "\n".join(block.value for block in page.caption)
    assert "在参与比较的地方不足 10 家" in captions  # 11 in the city, 8 of them in areas that are compared
    assert "下面是整份名单" not in captions  # no pair is found together
    by_town = open_app({"related_level": "town"}, "chains")
    assert any("不足以判断" in block.value and "少于 8 处" in block.value for block in by_town.info)


def test_no_backtest_of_a_large_set_is_computed_unasked(monkeypatch):
    monkeypatch.setattr(gaps, "MAX_UNASKED_BACKTEST_ROWS", 10)
    app = open_app(view="chains")
    assert "只用邻近度" not in "\n".join(block.value for block in app.markdown)
    app.button(key="related_test_run").click().run()
    assert not app.exception
    assert "只用邻近度" in "\n".join(block.value for block in app.markdown)
