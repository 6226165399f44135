"""What sub-headings and names of worksheets say of the rows below them, against what the rows say themselves."""

import openpyxl
import pytest

from geo.ingest.interludes import HEADING_AGAINST, REMARK, SUBHEADING
from geo.ingest.readers.sheet import ANOTHER_LIST

HEAD = ["企业名称", "所属区", "地址"]


def placed(got):
    return {
        name: (adcode, zone) for name, adcode, zone in got.table[["name", "adcode", "zone"]].itertuples(index=False)
    }


def told(got, problem):
    return [issue["row"] for issue in got.report["files"][0]["issues"] if issue["problem"] == problem]


def test_a_sub_heading_ends_the_place_above_it_whatever_its_number(take_rows):
    rows = [
        *(HEAD, ["【浦东新区】"], ["甲样例有限公司"], ["（一）闵行区 共2家"], ["乙样例有限公司"], ["宝山区："], ["丙样例有限公司"]),
        *(["浦东新区张江镇"], ["丁样例有限公司"], ["临港新片区"], ["戊样例有限公司"], ["其他地区"], ["己样例有限公司"]),
        *(["漕河泾松江高科技园"], ["庚样例有限公司"], ["外区"], ["辛样例有限公司"], ["（此页无正文）"]),
    ]  # fmt: skip
    got = take_rows([[*row, *[""] * (3 - len(row))] for row in rows])
    assert placed(got) == {
        "甲样例有限公司": ("310115", "belt"), "乙样例有限公司": ("310112", "belt"), "丙样例有限公司": ("310113", "belt"),
        "丁样例有限公司": ("310115", "belt"), "戊样例有限公司": ("", "core"), "己样例有限公司": ("", "unplaced"),
        "庚样例有限公司": ("310117", "belt"), "辛样例有限公司": ("", "unplaced"),
    }  # fmt: skip
    assert got.rejected["reason"].tolist() == [SUBHEADING] * 8 + [REMARK]


def test_an_industry_keeps_while_the_districts_below_it_change(take_rows):
    names = [
        "一、汽车制造业",
        "（一）嘉定区",
        "甲样例有限公司",
        "（二）其他区",
        "乙样例有限公司",
        "二、其他",
        "丙样例有限公司",
    ]
    got = take_rows([["企业名称", "地址"], *[[name, ""] for name in names]])
    assert got.table[["adcode", "gb4754"]].to_numpy().tolist() == [["310114", "36"], ["", "36"], ["", ""]]


def test_a_district_alone_in_its_column_is_a_sub_heading(take_rows):
    got = take_rows(
        [
            ["区", "企业名称", "行业"],
            ["松江区", "", ""],
            ["", "甲样例有限公司", "a"],
            ["嘉定区", "", ""],
            ["", "乙样例有限公司", "b"],
        ]
    )
    assert got.table["adcode"].tolist() == ["310117", "310114"]
    assert got.rejected["reason"].tolist() == [SUBHEADING] * 2


@pytest.mark.parametrize("as_sheet", [False, True])
def test_a_row_is_right_against_its_heading_and_lingang_goes_with_its_districts(take, tmp_path, as_sheet):
    book = openpyxl.Workbook()
    book.remove(book.active)
    lists = {
        "临港": [["甲样例有限公司", "浦东", ""], ["乙样例有限公司", "310120", ""], ["丙样例有限公司", "", "松江区新桥镇"],
                 ["丁样例有限公司", "嘉定区", ""]],
        "松江区": [["戊样例有限公司", "", "闵行区莘庄镇"], ["己样例有限公司", "", "昆山市花桥镇"], ["庚样例有限公司", "", ""]],
    }  # fmt: skip
    sheet = None
    for name, rows in lists.items():
        if as_sheet or sheet is None:
            sheet = book.create_sheet(name if as_sheet else "名单")
            sheet.append(HEAD)
        for row in rows if as_sheet else [[name], *rows]:
            sheet.append(row)
    book.save(tmp_path / "单.xlsx")
    got = take(tmp_path / "单.xlsx")
    assert placed(got) == {
        "甲样例有限公司": ("310115", "core"), "乙样例有限公司": ("310120", "core"), "丙样例有限公司": ("310117", "belt"),
        "丁样例有限公司": ("310114", "belt"), "戊样例有限公司": ("310112", "belt"), "己样例有限公司": ("", "unplaced"),
        "庚样例有限公司": ("310117", "belt"),
    }  # fmt: skip
    assert told(got, HEADING_AGAINST) == ([4, 5, 2, 3] if as_sheet else [5, 6, 8, 9])


@pytest.mark.parametrize(
    "name",
    ["甲样例有限公司(原：乙样例有限公司)", "甲样例有限公司（曾用名：乙样例有限公司）", "甲样例有限公司 联系人：某某"],
)
def test_a_label_behind_a_name_is_no_signature(take_rows, name):
    got = take_rows([HEAD, [name, "松江区", ""], ["丙样例有限公司", "松江区", ""]])
    assert len(got.table) == 2
    assert got.table["name"].str.startswith(("甲样例有限公司", "丙样例有限公司")).all()


def test_lists_one_below_the_other_have_headers_of_their_own(take_rows):
    rows = [
        *(["松江区名单"], ["单位：万元"], ["企业名称", "注册资本"], ["甲样例有限公司", "100"], ["合计", "100"], [""]),
        *(["嘉定区名单"], ["单位：亿元"], ["注册资本", "成立日期", "企业名称"], ["2", "2019-03-05", "乙样例有限公司"]),
        *(["企业名称", "注册资本（亿元）", "备注", "地址"], ["丙样例有限公司", "3", "", "宝山区罗店镇"]),
    ]
    got = take_rows([[*row, *[""] * (4 - len(row))] for row in rows])
    assert got.table[["name", "adcode", "capital_amount", "founded"]].to_numpy().tolist() == [
        ["甲样例有限公司", "310117", 1e6, ""],
        ["乙样例有限公司", "310114", 2e8, "2019-03-05"],
        ["丙样例有限公司", "310113", 3e8, ""],
    ]
    assert told(got, ANOTHER_LIST) == [9, 11]
    assert sorted(got.rejected["source_row"].astype(int)) == [5, 7, 8, 9, 11]


def test_the_same_header_again_is_no_other_list(take_rows):
    head = ["企业名称", "注册资本（万元）"]
    got = take_rows(
        [
            head,
            ["甲样例有限公司", "1"],
            head,
            ["乙样例有限公司", "2"],
            ["企业名称", "注册资本"],
            ["丙样例有限公司", "3"],
        ]
    )
    assert got.table["capital_amount"].tolist() == [1e4, 2e4, 3e4]
    assert not told(got, ANOTHER_LIST)


def test_signs_in_the_line_above_are_no_district(take_rows):
    got = take_rows([["填报单位：松江区", ""], ["企业名称", "行业"], ["甲样例有限公司", "x"]])
    assert got.table["adcode"].tolist() == [""]
