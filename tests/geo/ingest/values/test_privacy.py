"""Nothing about persons stays of an import: planted everywhere, looked for everywhere."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.enterprises.redact import LEFT_OUT, redact
from geo.ingest.pipeline import import_files, preview
from geo.ingest.values.identifiers import PERSONS
from geo.ingest.values.privacy import is_personal_title, personal_columns

A, B, C = (f"样例{word}机械有限公司" for word in "甲乙丙")


def identity(day=dt.date(1990, 1, 1), serial=1, region="310101"):
    """An identity number (GB 11643) that nobody has: its check character by the standard's formula."""
    body = f"{region}{day:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


PERSON, MOBILE, MAIL, CARD = "张样三", "13800000009", "yang.san@example.com", identity()
SECRETS = (PERSON, MOBILE, MAIL, CARD, "李样四", "王样五")


def files_text(folder):
    """All that an import wrote, as text."""
    table = pd.read_parquet(folder / "enterprises.parquet").drop(columns="geometry")
    rest = [file.read_text("utf-8") for file in folder.iterdir() if file.suffix in {".json", ".csv"}]
    return "\n".join([*table.columns, *map(str, table.to_numpy().ravel()), *rest])


def test_nothing_personal_is_written(take_rows):
    got = take_rows(
        [
            ["企业名称", "企业法人", "operName", "chairman", "faren", "纳税人识别号", "备注", "注册地址", "经办", "经营范围", "注册资本"],
            [A, PERSON, PERSON, PERSON, PERSON, CARD, f"找{MOBILE}", f"新桥镇1号 {MOBILE}", PERSON, f"五金 {MAIL}", MOBILE],
            [B, PERSON, PERSON, PERSON, PERSON, CARD + "01", CARD, "新桥镇2号", "李样四", f"{CARD}", f"5万元 {MAIL}"],
            [C, PERSON, PERSON, PERSON, PERSON, "", "", "", "王样五", "", ""],
            [f"制表人：{PERSON}", "", "", "", "", "", "", "", "", "", ""],
            ["", "", "", "", "", "", MOBILE, "", "", "", ""],
            [f"联系人：{PERSON} {MOBILE}", "", "", "", "", "", "", "", "", "", ""],
        ]
    )  # fmt: skip
    text = files_text(got.folder)
    assert [secret for secret in SECRETS if secret in text] == []
    assert got.report["personal_columns_dropped"] == ["企业法人", "operName", "chairman", "faren", "备注", "经办"]
    assert got.table["name"].tolist() == [A, B, C]
    assert got.table["uscc"].tolist() == ["", "", ""]
    assert got.report["issue_counts"][f"uscc：{PERSONS}"] == 2
    assert got.row(A)["address"] == f"新桥镇1号 {LEFT_OUT}"


def test_the_preview_shows_nothing_personal(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"企业名称,姓名,备注\n{A},{PERSON},{MOBILE} 找人\n{B},{PERSON},无\n", encoding="utf-8")
    shown = preview(path).head.to_string()
    assert PERSON not in shown
    assert MOBILE not in shown


@pytest.mark.parametrize(
    "title",
    [
        *("法定代表人", "企业法人", "法人代表", "姓名", "负责人姓名", "董事长", "总经理", "联系人电话", "手机号码", "身份证号"),
        *("operName", "OPER_NAME", "legalPersonName", "legal_representative", "Legal Representative", "chairman", "contactPhone"),
        *("faren", "frdb", "lxr", "lianxiDianhua".lower(), "fuzeren", "EMail", "mobile_no", "wechat", "actualController"),
    ],
)  # fmt: skip
def test_headers_about_persons(title):
    assert is_personal_title(title)


@pytest.mark.parametrize(
    "title",
    [
        *("企业名称", "法人单位名称", "法人单位", "统一社会信用代码", "纳税人识别号", "注册资本", "参保人数", "联系地址", "登记机关"),
        *("operationStatus", "regCapital", "company_name", "business_scope", "district", "industry_detail", "telecom", "x", "town"),
    ],
)  # fmt: skip
def test_headers_about_enterprises(title):
    assert not is_personal_title(title)


@pytest.mark.parametrize(
    ("cells", "personal"),
    [
        (["张三", "李四五", "王六", "赵七七"], True), (["欧阳七", "陈一、李二", "周三"], True), (["张江", "安亭", "马桥", "华漕"], False),
        (["高端装备", "汽车", "电子"], False), (["民营", "国有", "外资"], False), (["松江区", "嘉定区", "宝山区"], False),
        (["金属制品", "石化", "高端"], False), ([MOBILE, MOBILE, ""], True), ([CARD, "", ""], True), (["良好", "一般", "较差"], False),
        (["Zhang Wei", "LI NA", "Wang, Fang", "Zhao Xiaoming"], True), (["Song Jiang", "Pu Dong", "Min Hang"], False),
    ],
)  # fmt: skip
def test_columns_by_their_content(cells, personal):
    assert personal_columns(pd.DataFrame({"别的": cells}, dtype="str"), []) == (["别的"] if personal else [])


@given(
    st.dates(dt.date(1930, 1, 1), dt.date(2020, 12, 31)), st.integers(1, 999), st.sampled_from(["310101", "320583", "440305"]),
    st.text("样例甲，. 路", max_size=6), st.text("样例乙，. 号", max_size=6),
)  # fmt: skip
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_every_identity_number_is_found(day, serial, region, before, after):
    number = identity(day, serial, region)
    redacted, where, _ = redact(pd.Series([f"{before}{number}{after}", f"{number}01"], dtype="str"))
    assert where.all()
    assert not redacted.str.contains(number).any()


def test_credit_codes_are_no_identity_numbers():
    """Codes of the first authorities begin like a region of birth: 12 and 52 are no province of an identity number here."""
    codes = pd.Series(["91310115MAX000004U", "12310000425006790K", "N2310117MA1J00014A"], dtype="str")
    assert not redact(codes)[1].any()


def test_all_stays_when_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"企业名称,法人姓名,备注\n{A},{PERSON},{MOBILE}\n", encoding="utf-8")
    import_files([path], tmp_path / "out", keep_personal=True)
    text = files_text(tmp_path / "out")
    assert PERSON in text
    assert MOBILE in text


@pytest.mark.parametrize(
    ("title", "cells", "personal"),
    [
        ("归属人", ["张三"], True), ("网格员", ["李四", "王五"], True), ("党组织书记", ["赵六"], True), ("审核", ["钱七七"], True),
        ("boss", ["孙八"], True), ("对口", ["张三", "李四"] * 40, True), ("姓", ["吕"], True), ("备用", ["王小二"], True),
        ("所属赛道", ["车联网", "高精尖"], False), ("简称", ["施耐德"], False), ("备用", ["张江"], False),
        ("承租人", ["样例甲公司"], False), ("方向", ["石墨烯"], False), ("方向", ["车联网", "高精度", "全流程", "方向盘"], False),
        ("入库", ["白名单", "金种子"], False), ("合作者", ["万向"], False), ("跟进", ["康师傅"], False), ("供应者", ["万向"], False),
        ("配套整车厂长", ["江铃"], False), ("方向", ["石英砂", "车路云"], False), ("跟进", ["张三"], True), ("机器人", ["高柔性"], False),
        ("经办", ["王经理", "张", "赵"], True), ("服务专员", ["陈专员", "李雷"], True), ("首席科学家", ["王小明"], True),
        ("院士", ["张大千"], True), ("出租方", ["郑和平"], True),
        ("出租方", ["样例甲公司", "样例乙厂"], False), ("备注", ["高", "金"], False),
        ("从业人员", ["120", "35"], False), ("主管部门", ["经信委"], False), ("规模", ["大型", "小型"], False),
    ],
)  # fmt: skip
def test_names_are_found_in_few_cells(title, cells, personal):
    table = pd.DataFrame({"企业名称": [A] * len(cells), title: cells}, dtype="str")
    assert personal_columns(table, ["企业名称"]) == ([title] if personal else [])


def test_the_name_before_a_number_goes_with_it(take_rows):
    rows = [[A, f"新桥镇1号 {PERSON} {MOBILE}"], [B, f"联系人：{PERSON}，电话：{MOBILE}"], [f"{PERSON} {MOBILE}", ""]]
    got = take_rows([["企业名称", "注册地址"], *rows])
    assert PERSON not in files_text(got.folder)
    assert got.table["name"].tolist() == [A, B]
    assert got.row(A)["address"] == f"新桥镇1号 {LEFT_OUT}"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"法人代表：{PERSON}，机械加工", f"法人代表：{LEFT_OUT}，机械加工"),
        (f"本公司由{PERSON}先生创立", f"本公司由{LEFT_OUT}先生创立"),
        ("港澳通行证H12345678", f"港澳通行证{LEFT_OUT}"),
        ("护照号：E12345678", f"护照号：{LEFT_OUT}"),
        ("法人单位：样例甲公司", "法人单位：样例甲公司"),
        ("负责人：江桥镇", "负责人：江桥镇"),
        ("型号H12345678", "型号H12345678"),
    ],
)
def test_names_that_a_text_speaks_of_are_left_out(text, left):
    assert redact(pd.Series([text], dtype="str")).texts.tolist() == [left]


def test_a_contact_behind_a_name_goes_and_the_enterprise_stays(take_rows):
    got = take_rows([["企业名称", "所属区"], [f"{A} 联系人：{PERSON}", "松江区"], [B, "松江区"]])
    assert got.table["name"].tolist() == [A, B]
    assert PERSON not in files_text(got.folder)
