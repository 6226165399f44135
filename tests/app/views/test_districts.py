"""The districts page through the real entry script: the table is the indicator, whatever the selection."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.ui.charts import shares
from app.ui.figures import labelled_table
from app.ui.indicators import shading_of
from app.ui.session import Session
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.export.spreadsheet import table_bytes
from geo.filters.filters import Filters
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.definitions import INDICATORS, measure
from geo.indicators.measures import location_quotient_interval
from geo.indicators.weights import weigh_places, weighted_table
from geo.ingest.pipeline import import_files
from tests.app.views.test_pages import DATA, open_app


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def pick(app: AppTest, key: str, value: str) -> AppTest:
    app.selectbox(key=key).set_value(value).run()
    assert not app.exception
    return app


def ranking(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value


def published_figures(app: AppTest) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if "依据" in one.value)


@pytest.mark.parametrize(
    ("lang", "query", "level"),
    [
        *(("zh", {}, level) for level in PLACE_LEVELS),
        ("en", {}, "park"),
        ("zh", {"district": "310109"}, "district"),
        ("en", {"district": "310109"}, "zone"),
        ("zh", {"q": "zzzz"}, "town"),
        ("en", {"q": "zzzz"}, "district"),
    ],
    ids=str,
)
def test_the_page_opens_with_every_level(lang, query, level):
    app = pick(open_app(query | {"lang": lang}, "districts"), "districts.level", level)
    counts = count_places(DATA, Filters.from_query(query)[0], level)
    table = ranking(app)
    assert len(table) == len(counts.places)
    number = next(column for column in table if column.startswith(INDICATORS["enterprises"].name[lang == "en"]))
    assert table[number].sum() == counts.enterprises.sum()
    left = DATA.count(Filters.from_query(query)[0]) - counts.whole.sum()
    assert any(f"{counts.whole.sum()}" in caption.value and f"{left}" in caption.value for caption in app.caption)


def test_the_ranking_is_the_indicator_the_highest_first():
    filters = Filters(zone=("belt", "core"), q="路")
    app = pick(open_app(filters.as_params(), "districts"), "districts.indicator", "lq_electronics")
    table, counts = ranking(app), count_places(DATA, filters)
    values = measure(counts, "lq_electronics").dropna()
    shown = table["电子信息区位商（倍）"].dropna()
    assert shown.tolist() == sorted(values, reverse=True)
    bounds = location_quotient_interval(counts, "electronics")
    above = {counts.name(place) for place in counts.places.index if bounds.at[place, "low"] > 1}
    assert set(table.loc[table["与 1 相比"] == "高于", "地点"]) == above


def test_what_the_map_hatches_is_what_the_table_calls_undecided():
    counts = count_places(DATA)
    app = pick(open_app({}, "districts"), "districts.indicator", "lq_equipment")
    table = ranking(app)
    undecided = shading_of(counts, "lq_equipment", "natural", "zh").undecided
    assert {counts.name(place) for place in undecided} == set(table.loc[table["与 1 相比"] == "不能断言", "地点"])
    assert 0 < len(undecided) < 16
    assert any(f"{len(undecided)} 个的区间含 1" in caption.value for caption in app.caption)
    assert shading_of(count_places(DATA, level="town"), "lq_equipment", "natural", "zh").undecided == ()
    assert shading_of(counts, "hhi", "natural", "zh").undecided == ()


def test_a_density_is_shown_first_and_equal_values_share_a_rank():
    app = open_app({}, "districts")
    assert app.selectbox(key="districts.indicator").value == "density_km2"
    table = ranking(pick(app, "districts.indicator", "share_aviation"))
    shares = measure(count_places(DATA), "share_aviation")
    assert sorted(table["名次"]) == sorted(1 + int((shares > own).sum()) for own in shares)
    assert table["名次"].duplicated().any()  # districts without any share the last rank


def test_choices_stay_while_another_page_is_open():
    app = pick(pick(open_app({}, "districts"), "districts.indicator", "hhi"), "districts.second", "share_auto")
    app.switch_page("views/sources.py").run()
    app.switch_page("views/districts/page.py").run()
    assert app.selectbox(key="districts.indicator").value == "hhi"
    assert app.selectbox(key="districts.second").value == "share_auto"


def compared(app):
    """The table of places side by side, as it is read."""

    def read(text):
        return text.replace("\\", "")

    table = app.table[0].value.map(read)
    return table.rename(index=read, columns=read)


def test_places_side_by_side_and_published_figures_with_year_and_evidence():
    app = open_app({}, "districts")
    app.multiselect(key="districts_places_district").set_value(["310117", "310109"]).run()
    table = compared(app)
    assert table.columns.tolist() == ["松江区", "虹口区"]
    assert table.loc["地区生产总值（亿元）"].tolist() == ["1,120.97 (2017); 2,276.23 (2024, 待核实)", ""]
    assert "2020, 待核实" in table.at["常住人口（人）", "虹口区"]
    assert (published_figures(app)["证据"] == "待核实").any()
    app.multiselect(key="districts_places_district").set_value(["310117", "310114"]).run()
    table = compared(app)
    unlike = "地区生产总值（亿元） · 年份不一（2017—2024），不能直接相比"
    assert table.loc[unlike].tolist() == ["1,120.97 (2017); 2,276.23 (2024, 待核实)", "突破 3,000 (2024)"]
    assert "常住人口（人）" in table.index  # all of the census of 2020
    assert table.loc["第二产业增加值（亿元） · 年份不一（2013—2022），不能直接相比"].tolist() == [
        "544 (2013)",
        "1,599.5 (2022, 待核实)",
    ]
    published = published_figures(app)
    newer = published[(published["地点"] == "南汇新城") & (published["数值"] == 4333)].iloc[0]
    assert newer[["年份", "依据", "证据"]].tolist() == [2023, "原文", "有公布来源"]
    assert pd.isna(newer["链接"])  # seen on a mirror only
    of_minhang = published[(published["地点"] == "闵行区") & (published["年份"] == 2025) & (published["单位"] == "家")]
    assert set(of_minhang["链接"]) == {"http://minhang-epaper.shmedia.tech/Article/index/aid/8827650.html"}
    assert set(published.loc[published["来源"].str.startswith("嘉定“十四五”"), "依据"]) == {"突破"}
    app.multiselect(key="districts_places_district").set_value([]).run()
    assert any("并排" in info.value for info in app.info)


@pytest.mark.parametrize(("lang", "said"), [("zh", "18 项"), ("en", "mean 18 pairs")])
def test_present_stands_against_intended_with_numbers_and_a_choice_in_the_address(lang, said):
    app = open_app({"lang": lang}, "districts")
    assert any(said in text.value and "821" in text.value for text in app.markdown)
    tables = [one.value for one in app.dataframe]
    held = next(one for one in tables if {"文件写明的定位", "Meant for"} & set(one))
    assert len(held) == 18
    by_hand = held[held.iloc[:, 1].isin(["汽车", "Automotive"])].set_index(held.columns[0])
    assert by_hand.iloc[:, 2:4].values.tolist() == [[17, 60], [15, 278]]  # Jiading and Pudong, as in the rows of places
    app = open_app({"lang": lang, "districts_intended": "unsaid"}, "districts")
    assert app.selectbox(key="districts.intended").value == "unsaid"
    held = next(one.value for one in app.dataframe if {"文件写明的定位", "Meant for"} & set(one.value))
    assert held.iloc[:, 0].tolist() == (["徐汇区", "青浦区"] if lang == "zh" else ["Xuhui", "Qingpu"])
    assert (held.iloc[:, 8] > 1).all()
    lists = ["", "MAC 地址段登记、上市公司名单"]  # Xuhui's electronics hangs on none, Qingpu's materials on two
    if lang == "zh":
        assert held.iloc[:, 11].tolist() == lists


@pytest.mark.parametrize("query", [{}, {"q": "zzzz"}, {"district": "310109"}, {"industry": "auto"}], ids=str)
def test_the_pairs_that_documents_mean_add_up_whatever_is_selected(query):
    app = open_app(query, "districts")
    said = next(text.value for text in app.markdown if "所收文件写明的定位有" in text.value)
    pairs, *parts = [int(number) for number in re.findall(r"(\d+) 项", said)]
    assert sum(parts) == pairs == 18
    assert len(parts) == 5


def test_crowded_addresses_can_be_left_out_beside_the_whole(tmp_path, monkeypatch):
    crowded = DATA.enterprises["adcode"].eq("310115") & DATA.enterprises["industry"].eq("electronics")
    (tmp_path / "set").mkdir()
    registration = crowded.map({True: "shared", False: "own"})
    DATA.enterprises.assign(registration=registration).to_parquet(tmp_path / "set" / "enterprises.parquet")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "set"))
    app = pick(open_app({}, "districts"), "districts.second", "same_without_crowded")
    pick(app, "districts.indicator", "share_electronics")
    assert ranking(app).set_index("地点").loc["浦东新区", "电子信息占比（%）"] > 0
    without = open_app({"registration": "own"}, "districts")
    pick(without, "districts.indicator", "share_electronics")
    table = ranking(without).set_index("地点")
    assert table.at["浦东新区", "电子信息占比（%）"] == 0
    assert table.at["浦东新区", "企业数（家）"] == (DATA.enterprises["adcode"] == "310115").sum() - crowded.sum()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_header_of_percent_has_percent_below_it(lang, monkeypatch):
    session = Session(lang, DATA, Filters())
    monkeypatch.setattr("streamlit.session_state", {"session": session})
    counts = count_places(DATA)
    table = labelled_table(session, counts).set_index("code")
    heads = [column for column in table if "%" in column]
    assert len(heads) == 3 * sum(indicator.share for indicator in INDICATORS.values())  # each with its interval
    first = next(column for column in heads if column.startswith(INDICATORS["share_auto"].name.of(lang)))
    assert table.at["310114", first] == pytest.approx(100 * 17 / 60)
    assert table[heads].max(axis=None) == pytest.approx(100 * 0.975 ** (1 / 5))  # exact upper bound of 4 of 5
    assert table.filter(like="2017").columns.size == 1  # the GDP says that its years are unlike
    assert not set(table.filter(like="依据" if lang == "zh" else "Basis").stack()) & {"unverified"}


def test_the_parts_of_a_bar_are_all_enterprises_of_the_place(monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {"session": Session("zh", DATA, Filters())})
    counts = count_places(DATA)
    table = shares(counts, ["310115", "310113"], {"310115": "浦东新区", "310113": "宝山区"})
    assert table.groupby("place")["enterprises"].sum().to_dict() == {"浦东新区": 278, "宝山区": 20}


def test_a_made_up_set_says_so_in_its_file(tmp_path, monkeypatch):
    write_demo(3000, tmp_path / "set")
    data = open_dataset(tmp_path / "set")
    session = Session("zh", data, Filters())
    monkeypatch.setattr("streamlit.session_state", {"session": session})
    table = pd.read_csv(
        io.BytesIO(table_bytes(labelled_table(session, count_places(data)), "csv")), dtype={"code": str}
    )
    assert (table["注意"] == "合成数据：这些企业是虚构的").all()
    assert table["企业数（家）"].sum() == data.count(Filters()) - data.count(Filters(), district=["none"])
    np.testing.assert_allclose(table["行业集中度 HHI（0–1）"], measure(count_places(data), "hhi"))


def test_the_brief_offers_the_district_of_the_filter():
    app = open_app({"district": "310114", "industry": "auto"}, "districts")
    assert app.selectbox(key="brief_place").value == "310114"
    assert any("嘉定区：17 家" in caption.value for caption in app.caption)
    app.selectbox(key="brief_place").set_value("core").run()
    count = DATA.count(Filters(industry=("auto",), zone=("core",)))
    assert any(f"临港新片区：{count} 家" in caption.value for caption in app.caption)


def weighed(app: AppTest) -> list[pd.DataFrame]:
    """The tables of the places by a weight that the page shows."""
    return [one.value for one in app.dataframe if {"有数（家）", "Known (count)"} & set(one.value)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("level", PLACE_LEVELS)
def test_a_weight_of_an_import_stands_in_the_address_with_its_coverage(lang, level, tmp_path, monkeypatch):
    write_demo(800, tmp_path / "set")
    data = open_dataset(tmp_path / "set")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "set"))
    query = {"lang": lang, "districts_level": level, "districts_weight": "insured"}
    app = open_app(query | {"districts_weighed": "equipment"}, "districts")
    (shown,) = weighed(app)
    expected = weighted_table(weigh_places(data, "insured", level=level))
    assert sorted(shown.iloc[:, 2]) == sorted(expected["weighted_total"])
    known = int(expected["known"].sum())
    assert any(f"{known:,}" in text.value and "500" in text.value for text in app.caption)
    assert "".join(app.query_params["districts_weight"]) == "insured"


@pytest.mark.parametrize("query", [{}, {"q": "zzzz"}, {"district": "310114"}])
def test_a_weight_that_is_not_known_is_refused_on_the_page(query):
    app = pick(open_app(query, "districts"), "districts.weight", "insured")
    assert any("known for 0 of" in box.value for box in app.info) == (query != {"q": "zzzz"})
    counted = pick(app, "districts.weight", "count")
    assert len(weighed(counted)) == 1


PER_MU = "企业名称,所属区县,税收（万元）,产值（万元）,用地面积（亩）,能耗（吨标准煤）,从业人数\n"
YIELDING = f"{PER_MU}样例甲有限公司,松江区,300,6000,30,600,100\n样例乙有限公司,嘉定区,100,2000,50,,50\n"


@pytest.mark.parametrize(("lang", "heads"), [("zh", ("等级", "得分")), ("en", ("Grade", "Score"))])
def test_per_mu_figures_are_graded_by_a_formula_in_the_address(lang, heads, tmp_path, monkeypatch):
    (tmp_path / "list.csv").write_text(YIELDING, encoding="utf-8")
    import_files([tmp_path / "list.csv"], tmp_path / "set")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "set"))
    weights = {f"permu_weight_{code}": "0" for code in ("output_per_mu", "output_per_person", "output_per_tce")}
    app = open_app({"lang": lang, "districts_permu": "enterprises", **weights, "permu_cut_c": "50"}, "districts")
    (shown,) = [one.value for one in app.dataframe if heads[0] in one.value]
    # tax per mu of both is 400 / 80 = 5: 10 counts twice at most, 2 counts 0.4
    assert shown[list(heads)].to_numpy().tolist() == [["A", 200.0], ["D", pytest.approx(40.0)]]
    known = {"zh": "单位能耗产值 2 家中 1 家", "en": "Output per energy for 1 of 2"}[lang]
    assert any(known in text.value for text in app.markdown)
    app.number_input(key="permu_cut_c").set_value(40.0).run()
    (shown,) = [one.value for one in app.dataframe if heads[0] in one.value]
    assert shown[heads[0]].tolist() == ["A", "C"]
    assert "".join(app.query_params["permu_cut_c"]) == "40"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_says_that_it_has_no_per_mu_figures(lang):
    app = open_app({"lang": lang}, "districts")
    said = {"zh": "内置样本也没有", "en": "neither has the built-in sample"}[lang]
    assert len([box for box in app.info if said in box.value]) == 1
