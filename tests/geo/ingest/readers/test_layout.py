"""Tables as people make them, each with what is in it counted by hand."""

import re

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.enterprises.redact import LEFT_OUT
from geo.errors import DataError
from geo.ingest.interludes import (
    AS_BESIDE,
    ERROR_CELL,
    NOTHING_ABOVE,
    REMARK,
    REPEATED_HEADER,
    SIGNATURE,
    SUBHEADING,
    TOTAL,
    UNCOMPUTED_FORMULA,
)
from geo.ingest.pipeline import import_files
from geo.ingest.readers.sheet import HIDDEN
from geo.ingest.readers.worksheets import unit_of_format
from geo.ingest.values.amounts import NO_UNIT

A, B, C, D = (f"样例{word}机械有限公司" for word in "甲乙丙丁")


@pytest.fixture
def take_book(tmp_path, take):
    """Write sheets of a workbook, with ranges to merge, and import it."""

    def run(sheets, merged=(), change=lambda _book: None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        for cells in merged:
            book.worksheets[0].merge_cells(cells)
        change(book)
        book.save(tmp_path / "样例.xlsx")
        return take(tmp_path / "样例.xlsx")

    return run


def facts(got, *columns):
    return got.table[list(columns)].to_numpy().tolist()


def problems(got):
    return {(issue["row"], issue["column"], issue["problem"]) for issue in got.report["issues"]}


def test_a_merged_cell_is_the_value_of_all_it_covers(take_book):
    rows = [
        ["所属区", "企业名称", "注册地址"],
        ["松江区", A, "x"],
        [None, B, "x"],
        ["嘉定区", C, "x"],
        [None, None, "y"],
    ]
    got = take_book({"名单": rows}, ["A2:A3", "A4:A5", "B4:B5"])
    assert got.report["rows_in_file"] == 4
    assert got.row(A)["adcode"] == got.row(B)["adcode"] == "310117"
    assert got.row(B)["所属区"] == "松江区"
    assert set(got.table[got.table["name"] == C]["adcode"]) == {"310114"}


@pytest.mark.parametrize("merge", [True, False])
def test_headers_of_two_rows(take_book, merge):
    """Excel keeps the merged cells; a csv of the same table leaves them empty."""
    rows = [
        ["重点企业汇总表"],
        ["序号", "企业名称", "注册地址", None, "注册资本", None, "联系人", None],
        [None, None, "所属区", "详细地址", "金额（万元）", "币种", "姓名", "手机"],
        [1, A, "松江区", "车峰路300号", 500, "人民币", "张某某", "13800000001"],
        [2, B, "嘉定区", "丰功路600号", 800, "美元", "李某某", "13800000002"],
    ]
    got = take_book({"表": rows}, ["A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:H2"] if merge else [])
    assert facts(got, "name", "adcode", "address", "capital_amount", "capital_currency") == [
        [A, "310117", "车峰路300号", 5_000_000, "CNY"],
        [B, "310114", "丰功路600号", 8_000_000, "USD"],
    ]
    assert got.report["header_row"] == 3
    assert got.report["columns_mapped"]["capital_amount"] == "注册资本金额（万元）"
    assert got.report["personal_columns_dropped"] == ["联系人姓名", "联系人手机"]


def test_headers_of_three_rows(take_book):
    rows = [
        ["企业名称", "基本情况", None, None],
        [None, "地址", None, "注册资本"],
        [None, "所属区", "详细地址", "（亿元）"],
        [A, "松江区", "车峰路300号", 2],
    ]
    got = take_book({"表": rows}, ["A1:A3", "B1:D1", "B2:C2"])
    assert facts(got, "name", "adcode", "address", "capital_amount") == [[A, "310117", "车峰路300号", 200_000_000]]


def test_a_first_row_of_words_is_no_header(take_rows):
    """Names, districts and places in the first row below the header are those of an enterprise."""
    got = take_rows([["企业名称", "所属区", "街道", "状态"], [A, "松江区", "新桥镇", "存续"], [B, "", "", ""]])
    assert got.report["header_row"] == 1
    assert got.table["name"].tolist() == [A, B]


@pytest.mark.parametrize(
    ("above", "header", "amount"),
    [
        ([["", "", "单位：万元"]], "注册资本", 5_000_000),
        ([["汇总表（金额单位：亿元）", "", ""]], "注册资本", 50_000_000_000),
        ([["单位：家、万元", "", ""]], "注册资本", 5_000_000),
        ([["", "", "单位：万元"]], "注册资本（元）", 500),
        ([["单位：人", "", ""]], "注册资本（万元）", 5_000_000),
        ([["单位：万元", "单位：元", ""]], "注册资本", None),
        ([], "注册资本", None),
    ],
)
def test_the_unit_stands_above_or_in_the_header(take_rows, above, header, amount):
    got = take_rows([*above, ["企业名称", "所属区", header], [A, "松江区", "500"], [B, "松江区", "300万美元"]])
    own = got.row(A)["capital_amount"]
    assert pd.isna(own) if amount is None else own == amount
    assert got.row(B)["capital_amount"] == 3_000_000
    if amount is None:
        row = len(above) + 2
        assert (row, "capital_amount", NO_UNIT) in problems(got)
        assert got.row(A)["capital_currency"] == ""


def test_the_unit_stands_beside_the_header(take_rows):
    got = take_rows([["企业名称", "注册资本", "单位：万元"], [A, "500", ""]])
    assert got.row(A)["capital_amount"] == 5_000_000


def test_large_numbers_without_a_unit_are_yuan_and_told(take_rows):
    got = take_rows([["企业名称", "注册资本"], [A, "5000000"], [B, "12000000"]])
    assert got.row(A)["capital_amount"] == 5_000_000
    assert got.report["issue_counts"] == {"capital_amount：没有写明单位，数值都在十万以上，按元计": 2}


def test_units_in_number_formats(tmp_path, take):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["企业名称", "注册资本"])
    formats = ['0.00"万元"', '#,##0"亿"', '0!.0,"万元"', '0"元"']
    for row, (name, code) in enumerate(zip((A, B, C, D), formats, strict=True), start=1):
        sheet.write(row, 0, name)
        sheet.write(row, 1, 500 if row < 3 else 5_000_000, book.add_format({"num_format": code}))
    book.close()
    assert take(path).table["capital_amount"].tolist() == [5_000_000, 50_000_000_000, 5_000_000, 5_000_000]


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("0.00", ""),
        ('"¥"#,##0.00', ""),
        ('0"人"', ""),
        ("yyyy年m月", ""),
        (r"0.0\万\元", "万元"),
        ('0.0000"万美元"', "万美元"),
        ("[$$-409]#,##0.00", "USD"),
        ('_("$"* #,##0.00_)', "USD"),
        ("[$€-2] #,##0", "EUR"),
        ("[$HK$-1004]#,##0", "HKD"),
        ("[$-409]#,##0", ""),
        ("[$¥-804]0", ""),
    ],
)
def test_units_of_formats(code, unit):
    assert unit_of_format(code) == unit


def test_sub_headings_give_the_district(take_book):
    rows = [
        ["序号", "企业名称", "注册资本（万元）"],
        ["一、松江区（2家）"],
        [1, A, 500],
        ["（一）新桥镇（1家）"],
        [1, B, 500],
        ["二、嘉定区"],
        [1, C, 500],
        ["三、其他"],
        [1, D, 500],
    ]
    got = take_book({"表": rows}, ["A2:C2", "A4:C4", "A6:C6", "A8:C8"])
    assert facts(got, "name", "adcode", "town") == [
        [A, "310117", ""], [B, "310117", "新桥镇"], [C, "310114", ""], [D, "", ""],
    ]  # fmt: skip
    assert got.rejected[["source_row", "reason"]].to_numpy().tolist() == [
        [str(row), SUBHEADING] for row in (2, 4, 6, 8)
    ]


def test_sub_headings_in_the_column_of_names(take_rows):
    got = take_rows(
        [
            ["企业名称", "所属区", "行业"],
            ["松江区（共1户）", "", ""],
            [A, "", ""],
            [B, "嘉定区", ""],
            ["二、汽车制造业", "", ""],
            [C, "", ""],
        ]
    )
    assert facts(got, "name", "adcode", "industry") == [[A, "310117", ""], [B, "310114", ""], [C, "", "auto"]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, TOTAL) for text in ("合 计", "合计：", "本页小计", "总计（2家）", "累  计", "松江区小计", "总　计", "共12家", "合计数")),
        *((text, TOTAL) for text in ("Total", "SUBTOTAL:", "小计 3 户")),
        *((text, SIGNATURE) for text in ("填报单位：样例区经委", "制表人：张样一　审核人：李样二", "单位负责人：", "填表日期：2024年5月")),
        *((text, SIGNATURE) for text in ("填报单位（盖章）：样例有限公司", "审核：", "联系人：某")),
        *((text, REMARK) for text in ("以下空白", "以下无正文", "注：以上为样例", "备注：样例", "数据来源：样例", "第2页", "续表")),
        ("企业名称", REPEATED_HEADER),
    ],
)  # fmt: skip
def test_rows_that_are_no_enterprise(take_rows, text, reason):
    got = take_rows([["序号", "企业名称", "注册资本（万元）"], ["1", A, "5"], ["", text, ""], ["2", B, "5"]])
    assert got.table["name"].tolist() == [A, B]
    shown = re.sub("([:：]).*", rf"\1{LEFT_OUT}", text) if reason == SIGNATURE else text
    assert got.rejected[["source_row", "reason", "name"]].to_numpy().tolist() == [["3", reason, shown]]


@pytest.mark.parametrize(
    "name",
    [
        "合计机械有限公司",
        "上海会计事务所",
        "统计设备厂",
        "一鸣机械厂",
        "浦东新区样例合作社",
        "样例企业（有限合伙）",
        "以下机械有限公司",
        "注塑机厂",
    ],
)
def test_names_that_look_like_it_are_enterprises(take_rows, name):
    assert take_rows([["企业名称", "所属区"], [name, "松江区"]]).table["name"].tolist() == [name]


def test_rows_of_a_form_around_the_list(take_rows):
    """Numbers of columns, averages, footnotes, dates and persons that stand where a name is expected."""
    head = ["序号", "企业名称", "注册资本（万元）", "所属区"]
    rows = [
        ["甲", "乙", "1", "2"], ["1", A, "5", "松江区"], ["2", f"※{B}", "6", "松江区"], ["3", "*ST样例", "7", "松江区"],
        ["小计", "3家", "", ""], ["", "平均值", "6", ""], ["", "同比增长（%）", "6", ""], ["", "其中：外资", "6", ""],
        ["", "注册资本", "", ""], ["", "（盖章）", "", ""], ["", "二〇二五年三月一日", "", ""], ["", "2025年3月", "", ""],
        ["", "总计（万元）", "18", ""], ["", "单位负责人（签章）：王五", "", ""], ["填表人：", "张三", "审核人：", "李四"],
        ["", "抄送：样例局", "", ""], ["", "数据来源：上海样例数据有限公司", "", ""], ["", "*为规上企业", "", ""],
        ["", "本表所列企业按注册地统计。", "", ""], ["", "附件2", "", ""], ["", "（续）", "", ""], ["", "上海市样例局", "", ""],
    ]  # fmt: skip
    got = take_rows([head, *rows])
    assert got.table["name"].tolist() == [A, B, "*ST样例"]  # of the marks before a name one is part of it
    assert got.rejected["reason"].tolist() == [
        REPEATED_HEADER, *[TOTAL] * 4, REPEATED_HEADER, *[SIGNATURE] * 3, TOTAL, *[SIGNATURE] * 3, *[REMARK] * 6,
    ]  # fmt: skip
    written = (got.folder / "rejected.csv").read_text("utf-8-sig") + (got.folder / "report.json").read_text("utf-8")
    assert not any(person in written for person in ("张三", "李四", "王五"))


def test_a_card_of_one_enterprise_is_no_list(take_rows):
    with pytest.raises(DataError, match="重复的表头"):
        take_rows([["企业名称", A], ["注册资本", "500万元"], ["所属区", "松江区"], ["成立日期", "2001-05-08"]])


def test_same_as_above(take_rows):
    got = take_rows(
        [
            ["企业名称", "所属区", "注册资本（万元）"], [A, "同上", "5"], [B, "松江区", "5"], [C, "〃", "同上"], ["合计", "", "9"],
            [D, "同上", ""],
        ]
    )  # fmt: skip
    assert facts(got, "name", "adcode") == [[A, ""], [B, "310117"], [C, "310117"], [D, "310117"]]
    assert got.row(C)["capital_amount"] == 50_000
    assert (2, "所属区", NOTHING_ABOVE) in problems(got)


def test_lists_side_by_side(take_rows):
    got = take_rows(
        [
            ["序号", "企业名称", "所属区", "", "序号", "企业名称", "所属区"],
            ["1", A, "松江区", "", "3", C, "嘉定区"],
            ["2", B, "松江区", "", "", "", ""],
        ]
    )
    assert got.report["rows_in_file"] == 3
    assert facts(got, "name", "adcode", "source_row") == [[A, "310117", 2], [B, "310117", 3], [C, "310114", 2]]


def test_lists_side_by_side_below_their_districts(take_book):
    head = ["序号", "企业名称", "注册资本(万元)"]
    rows = [
        ["松江区", "", "", "嘉定区", "", ""], [*head, *head], [1, A, 1, 1, C, 3], [2, B, 2, "", "", ""],
        ["合计", "", 3, "合计", "", 3],
    ]  # fmt: skip
    got = take_book({"一": rows}, merged=["A1:C1", "D1:F1"])
    assert facts(got, "name", "adcode", "capital_amount") == [
        [A, "310117", 10_000], [B, "310117", 20_000], [C, "310114", 30_000],
    ]  # fmt: skip
    assert sorted(got.rejected["reason"]) == sorted([SUBHEADING, SUBHEADING, TOTAL, TOTAL])


@pytest.mark.parametrize(
    ("left", "right", "districts"),
    [
        ("重点企业", "培育企业", ["", ""]),
        ("松江区", "培育企业", ["310117", ""]),
        ("重点企业（一）", "重点企业（二）", ["", ""]),
        ("松江区2024年重点培育企业", "嘉定区2024年重点培育企业", ["310117", "310114"]),
    ],
)
@pytest.mark.parametrize("number", [True, False])
def test_what_stands_above_lists_side_by_side_is_no_enterprise(take_rows, left, right, districts, number):
    head = [*(["序号"] if number else []), "企业名称", "注册资本（万元）"]
    rows = [[*(["1"] if number else []), name, "5"] for name in (A, B)]
    gap = [""] * (len(head) - 1)
    got = take_rows(
        [[left, *gap, right, *gap], head * 2, rows[0] + rows[1], [*[""] * len(head), *rows[1][:-2], C, "6"]]
    )
    assert (got.report["rows_in_file"], got.report["imported"], got.report["rejected"]) == (5, 3, 2)
    assert facts(got, "name", "adcode") == [[A, districts[0]], [B, districts[1]], [C, districts[1]]]
    assert got.rejected[["source_row", "reason"]].to_numpy().tolist() == [["1", SUBHEADING]] * 2
    assert set(got.rejected["name"]) == {left, right}


def test_captions_of_lists_on_several_sheets_give_the_industry_too(take_book):
    def lists(*captions):
        head = ["企业名称", "注册地址"]
        names = [f"样例{caption}甲有限公司" for caption in captions]
        return [[captions[0], None, captions[1], None], head * 2, [names[0], "x", names[1], "y"]]

    got = take_book({"一": lists("汽车制造业", "医药制造业"), "二": [[], *lists("松江区", "其他")]})
    assert facts(got, "name", "industry", "adcode") == [
        ["样例汽车制造业甲有限公司", "auto", ""], ["样例医药制造业甲有限公司", "biomedicine", ""],
        ["样例松江区甲有限公司", "", "310117"], ["样例其他甲有限公司", "", ""],
    ]  # fmt: skip
    assert got.rejected["reason"].tolist() == [SUBHEADING] * 4


def test_a_total_in_another_cell_is_that_of_a_row_without_a_name(take_rows):
    head = ["序号", "企业名称", "分支机构", "注册资本（万元）"]
    rows = [
        ["1", "样例科技", "共12家", "5"], ["2", A, "合计3家", "5"], ["3", "样例", "小计", ""], ["", "", "共12家", ""],
        ["合计", "企业数", "", "10"], ["小计", "3家", "", ""], ["", "松江区", "小计", "10"], ["", "总计", "共12家", ""],
    ]  # fmt: skip
    got = take_rows([head, *rows])
    assert got.table["name"].tolist() == ["样例科技", A, "样例"]
    assert got.rejected[["source_row", "reason"]].to_numpy().tolist() == [[str(row), TOTAL] for row in range(5, 10)]


@pytest.mark.parametrize(
    "name",
    [
        "Shanghai Example Pharmaceutical Company Limited", "Shanghai Example Precision Machinery Corporation",
        "Shanghai Example Precision Machinery Corp.", "Example Industrial Holding Shanghai, Inc.", "Example Chemicals Worldwide PLC",
        "Beispiel Maschinenbau Aktien AG", "Beispiel Maschinenbau GmbH & Co. KG", "Exemple Industrie et Cie S.A.",
        "Shanghai Example Machinery Co., Ltd.", "Example Precision (Shanghai) Company Limited (China)",
    ],
)  # fmt: skip
def test_a_last_row_with_an_english_name_alone_is_an_enterprise(take_rows, name):
    got = take_rows([["企业名称", "所属区"], [A, "松江区"], [B, "松江区"], [name, ""]])
    assert got.table["name"].tolist() == [A, B, name]


@pytest.mark.parametrize(
    "text", ["All figures are those of the year before last", "Source: Example Data Company Limited", "Note: made up"]
)
def test_a_last_row_with_an_english_sentence_is_none(take_rows, text):
    got = take_rows([["企业名称", "所属区"], [A, "松江区"], [B, "松江区"], [text, ""]])
    assert got.table["name"].tolist() == [A, B]
    assert got.rejected["reason"].tolist() == [REMARK]


def test_a_sub_heading_right_below_the_header_is_none_of_its_rows(take_book):
    rows = [
        ["序号", "企业名称", "所属区"], ["（一）汽车制造业（2家）", "", ""], [1, A, "松江区"], [2, B, "嘉定区"],
        ["（二）医药制造业", "", ""], [3, C, "浦东新区"],
    ]  # fmt: skip
    got = take_book({"一": rows}, merged=["A2:C2", "A5:C5"])
    assert facts(got, "name", "industry") == [[A, "auto"], [B, "auto"], [C, "biomedicine"]]
    assert got.rejected["reason"].tolist() == [SUBHEADING] * 2


def test_every_visible_sheet_is_read(take_book):
    def hide(book):
        book["2023"].sheet_state = "hidden"

    sheets = {
        "说明": [["请看后面各页"]],
        "松江区": [["企业名称", "注册资本（万元）"], [A, 500], ["合计", 500]],
        "嘉定区": [["公司名称", "注册资本（元）"], [B, 500], [None, None], [C, 7_000_000]],
        "2023": [["企业名称"], [D]],
    }
    got = take_book(sheets, change=hide)
    assert (got.report["rows_in_file"], got.report["imported"], got.report["rejected"]) == (4, 3, 1)
    assert facts(got, "name", "adcode", "capital_amount", "工作表") == [
        [A, "310117", 5_000_000, "松江区"], [B, "310114", 500, "嘉定区"], [C, "310114", 7_000_000, "嘉定区"],
    ]  # fmt: skip
    assert got.rejected["sheet"].tolist() == ["松江区"]
    told = {issue["value"]: issue["problem"] for issue in got.report["issues"]}
    assert told == {"说明": "这个工作表没有读入", "2023": "隐藏的工作表没有读入"}


def test_filtered_rows_are_read_and_told(take_book):
    def filter_out(book):
        book.worksheets[0].row_dimensions[3].hidden = True

    got = take_book({"表": [["企业名称"], [A], [B]]}, change=filter_out)
    assert got.table["name"].tolist() == [A, B]
    assert problems(got) == {(3, "", HIDDEN)}


def test_formulas_and_errors_are_told(take_book):
    rows = [
        ["企业名称", "所属区", "注册资本（万元）"],
        [A, "松江区", "=1+1"],
        ['="样例"&"乙"', "松江区", 5],
        [C, "#N/A", 5],
    ]
    got = take_book({"表": rows})
    assert got.table["name"].tolist() == [A, C]
    assert got.rejected["reason"].tolist() == [UNCOMPUTED_FORMULA]
    assert {(2, "注册资本（万元）", UNCOMPUTED_FORMULA), (4, "所属区", ERROR_CELL)} <= problems(got)


def test_dates_of_a_workbook_from_1904(tmp_path, take):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["企业名称", "成立日期"])
    sheet.write_row(1, 0, [A, 35557])
    sheet.write(2, 0, B)
    sheet.write_number(2, 1, 35557, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    assert take(path).table["founded"].tolist() == ["2001-05-08"] * 2


WORDS = st.sampled_from(
    [
        A,
        B,
        C,
        D,
        "",
        "合计",
        "一、松江区（2家）",
        "（二）新桥镇",
        "同上",
        "〃",
        "填报单位：某",
        "松江区",
        "嘉定区",
        "500",
        "企业名称",
        "#N/A",
    ]
)


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), max_size=12), st.lists(st.integers(0, 99), max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_the_account_of_any_layout_adds_up(tmp_path_factory, rows, merges):
    folder = tmp_path_factory.mktemp("表")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["企业名称", "所属区", "注册资本（万元）"])
    for row in [[A, "松江区", "5"], *rows]:
        sheet.append([cell or None for cell in row])
    for place in merges:
        row, column = 2 + place % (len(rows) + 1), 1 + place % 3
        sheet.merge_cells(
            start_row=row, end_row=row + place % 2, start_column=column, end_column=min(3, column + place % 3)
        )
    book.save(folder / "a.xlsx")
    report = import_files([folder / "a.xlsx"], folder / "out")
    assert report.imported + report.rejected + report.duplicates_merged == report.rows_in_file
    assert report.rows_in_file + report.files[0].blank_rows <= len(rows) + 2


def test_what_stands_where_a_name_should_is_no_enterprise(take_rows):
    head = ["序号", "企业名称", "注册资本（万元）"]
    none = ["单位（盖章）", "（续表）", "—— 以下空白 ——", "其他", "……略", "（续上页）", "负责人（签字）"]
    got = take_rows([head, ["1", A, "5"], *[["", text, ""] for text in none], ["2", "其他样例", "6"]])
    assert got.table["name"].tolist() == [A, "其他样例"]
    assert set(got.rejected["reason"]) <= {REMARK, SIGNATURE, REPEATED_HEADER}


@pytest.mark.parametrize(
    "mark", ["同上", "（同上）", "如上", "同上行", "〃", "″", "”", "''", "′′", "々", "Ditto", "—〃—"]
)
def test_every_mark_of_the_cell_above_is_followed(take_rows, mark):
    got = take_rows([["企业名称", "所属区"], [A, "松江区"], [B, mark]])
    assert got.table["district"].tolist() == ["松江区", "松江区"]


def test_the_cell_beside_is_not_guessed(take_rows):
    got = take_rows([["企业名称", "注册地址", "地址"], [A, "松江区荣乐东路301号", "同左"], [B, "同右", "嘉定区"]])
    assert got.table["address"].tolist() == ["松江区荣乐东路301号", ""]
    assert {(row, problem) for row, _, problem in problems(got) if row} == {(2, AS_BESIDE), (3, AS_BESIDE)}


def test_lists_side_by_side_may_call_their_names_differently(take_rows):
    got = take_rows(
        [
            ["序号", "企业名称", "区", "序号", "公司名称", "所属区"],
            ["1", A, "松江区", "2", B, "嘉定区"],
            ["3", C, "松江", "", "", ""],
        ]
    )
    assert facts(got, "name", "district") == [[A, "松江区"], [C, "松江区"], [B, "嘉定区"]]


def test_two_names_without_a_gap_between_are_of_one_list(take_rows):
    rows = [["企业名称", "注册地址", "申报单位", "办公地址"], [A, "松江区荣乐东路301号", B, "嘉定区"], [C, "", "", ""]]
    assert facts(take_rows(rows), "name") == [[A], [C]]


def test_lists_side_by_side_in_different_units_are_not_mixed(take_rows):
    got = take_rows([["企业名称", "注册资本（万元）", "企业名称", "注册资本（元）"], [A, "5", B, "50000"]])
    assert facts(got, "name", "capital_amount") == [[A, 50_000.0]]


def test_a_sheet_of_lingang_beside_sheets_of_districts(take_book):
    sheets = {"松江": [["企业名称"], [A]], "临港": [["企业名称"], [B]], "3.浦东": [["企业名称"], [C]]}
    got = take_book(sheets)
    assert facts(got, "name", "district", "zone") == [[A, "松江区", "belt"], [B, "", "core"], [C, "浦东新区", "belt"]]
