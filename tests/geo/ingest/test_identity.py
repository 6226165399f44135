"""Which rows are one enterprise: a merge never goes against the evidence, and its sites stay findable and count once."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.datasets.dataset import load_dataset
from geo.enterprises.table import as_enterprises
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.ingest.duplicates import APART, SITE, merge_duplicates
from geo.ingest.pipeline import DIFFERS

CODE = "91310117MA1J00014T"
HEAD, BRANCH, OTHER = "上海样例机械有限公司", "上海样例机械有限公司松江分公司", "样例乙机械有限公司"


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([["样例站", "闵行区", "", ""], ["样例站", "青浦区", "", ""]], 2),
        ([["样例站", "松江区", "车峰路300号", ""], ["样例站", "松江区", "松江区车峰路300号", ""]], 1),
        ([["样例站", "", "上海市松江区车峰路300号", ""], ["样例站", "", "上海市松江区车峰路8号", ""]], 2),
        ([["样例站", "松江区", "", "2001-05-08"], ["样例站", "松江区", "", "2011-05-08"]], 2),
        ([["样例站", "松江区", "", "2001-05-08"], ["样例站", "", "", ""]], 1),
        ([["样例站", "松江区", "", ""], ["样例站", "嘉定区", "", ""], ["样例站", "", "", ""]], 3),
        ([["样例站", "松江区", "", ""], ["样例站", "嘉定区", "", ""], ["样例站", "松江区", "", ""]], 2),
    ],
)
def test_rows_of_one_name_without_a_code(take_rows, rows, kept):
    got = take_rows([["企业名称", "所属区", "注册地址", "成立日期"], *rows])
    assert (got.report["imported"], got.report["duplicates_merged"]) == (kept, len(rows) - kept)
    told = got.report["issue_counts"].get(f"name：{APART}", 0)
    assert told == kept - 1


def test_a_column_of_the_list_that_is_called_as_ours_makes_no_sites(take_rows):
    got = take_rows([["企业名称", "所属区", "parent_id"], [HEAD, "松江区", "10"], [OTHER, "松江区", "10"]])
    data = load_dataset().with_enterprises(as_enterprises(pd.DataFrame(got.table)))
    assert data.count(Filters()) == 2
    assert got.table["parent_id (source)"].tolist() == ["10", "10"]


def test_head_office_branch_and_plant_are_sites_of_one_enterprise(take_rows):
    got = take_rows(
        [
            ["企业名称", "统一社会信用代码", "注册地址", "所属区"],
            [BRANCH, CODE, "上海市松江区新桥镇陈春公路999号", "松江区"],
            [HEAD, CODE, "上海市松江区车墩镇车峰路300号", "松江区"],
            [HEAD, CODE, "上海市嘉定区马陆镇丰功路600号", "嘉定区"],
            [HEAD, CODE, "松江区车峰路300号", ""],
            [OTHER, "", "", "松江区"],
        ]
    )
    assert (got.report["imported"], got.report["duplicates_merged"]) == (4, 1)
    table = got.table.set_index("source_row")
    assert table["kind"].to_dict() == {2: "site", 3: "company", 4: "site", 6: "company"}
    assert table["parent_id"].to_dict() == {
        2: table.at[3, "enterprise_id"],
        3: "",
        4: table.at[3, "enterprise_id"],
        6: "",
    }
    assert table["adcode"].to_dict() == {2: "310117", 3: "310117", 4: "310114", 6: "310117"}
    assert set(table["location_precision"]) == {"road", "district"}
    assert got.report["issue_counts"][f"name：{SITE}"] == 2
    data = load_dataset().with_enterprises(as_enterprises(pd.DataFrame(got.table.drop(columns="geometry"))))
    assert data.count(Filters()) == 2
    assert len(data.select(Filters())) == 4
    assert data.facet_counts(Filters())["district"][["310117", "310114"]].tolist() == [2, 0]
    for level in ("district", "town"):
        assert count_places(data, level=level).enterprises.sum() == (2 if level == "district" else 1)


def test_a_new_name_under_one_code_is_one_enterprise(take_rows):
    got = take_rows([["企业名称", "统一社会信用代码", "所属区"], [HEAD, CODE, "松江区"], [OTHER, CODE, "松江区"]])
    assert got.report["duplicates_merged"] == 1
    assert got.row(HEAD)["aliases"] == OTHER


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙"]), st.sampled_from([None, "A", "B"]), st.sampled_from([None, "310117", "310114"]),
        st.sampled_from([None, "2001-05-08", "2011-05-08"]),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


@given(ROWS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_merge_goes_against_the_evidence(rows):
    table = pd.DataFrame(rows, columns=["name", "uscc", "stated_adcode", "founded"], dtype=object)
    table = table.assign(uscc_valid=table["uscc"].notna(), aliases=None)
    merged = merge_duplicates(table, ["name", "stated_adcode", "founded"], [])
    assert len(merged.table) + len(merged.merged) == len(table)
    assert not set(merged.merged["position"]) & set(merged.table.index)
    assert set(merged.merged["kept"]) <= set(merged.table.index)
    for gone, kept in zip(merged.merged["position"], merged.merged["kept"], strict=True):
        one, two = table.iloc[gone], table.iloc[kept]
        for column in ("uscc", "stated_adcode"):
            assert pd.isna(one[column]) or pd.isna(two[column]) or one[column] == two[column]
    for site, head in merged.parent.items():
        assert {site, head} <= set(merged.table.index)
        assert head not in merged.parent.index


def test_what_a_merged_row_says_otherwise_is_told(take_rows):
    got = take_rows(
        [
            ["企业名称", "所属区", "注册资本（万元）", "登记状态", "地址"],
            ["样例甲有限公司", "松江区", "100", "存续", "上海市松江区车墩镇"],
            ["样例甲有限公司", "松江区", "200", "存续", "上海市 松江区车墩镇"],
            ["样例乙有限公司", "松江区", "100", "", ""],
            ["样例乙有限公司", "松江区", "100", "注销", ""],
        ]
    )
    assert got.report["duplicates_merged"] == 2
    told = [(issue["row"], issue["column"], issue["value"], issue["problem"]) for issue in got.report["issues"]]
    assert told == [(3, "capital_amount", "2000000.0", DIFFERS)]
    assert got.row("样例乙有限公司")["status"] == "deregistered"


def test_years_of_one_enterprise_are_told_before_they_are_merged(take_rows):
    head = ["序号", "企业名称", "所属区", "统计年度", "营业收入（万元）"]
    got = take_rows(
        [
            head,
            ["1", "样例甲机械有限公司", "松江区", "2022", "100"],
            ["2", "样例甲机械有限公司", "松江区", "2023", "200"],
        ]
    )
    told = {
        (issue["row"], issue["column"], issue["value"]) for issue in got.report["issues"] if issue["problem"] == DIFFERS
    }
    assert told == {(3, "统计年度", "2023"), (3, "营业收入（万元）", "200")}
