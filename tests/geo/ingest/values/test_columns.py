import pandas as pd
import pytest

from benchmarks.vendor import HEADERS
from geo.errors import DataError
from geo.ingest.readers.layout import find_header
from geo.ingest.values.columns import datum_of, heading, map_columns, vendor_of
from geo.ingest.values.privacy import personal_columns

SEARCH_EXPORT = [
    "企业名称",
    "登记状态",
    "法定代表人",
    "注册资本",
    "成立日期",
    "统一社会信用代码",
    "注册地址",
    "所属省份",
    "所属城市",
    "所属区县",
    "有效手机号",
    "更多电话",
    "邮箱",
    "企业(机构)类型",
    "国标行业门类",
    "国标行业大类",
    "国标行业中类",
    "国标行业小类",
    "企业规模",
    "曾用名",
    "英文名",
    "官网网址",
    "通信地址",
    "通信地址邮编",
    "企业简介",
    "经营范围",
]
TIANYANCHA = [
    "公司名称",
    "登记状态",
    "法定代表人",
    "企业规模",
    "注册资本",
    "实缴资本",
    "成立日期",
    "核准日期",
    "营业期限",
    "所属省份",
    "所属城市",
    "所属区县",
    "公司类型",
    "国标行业门类",
    "国标行业大类",
    "国标行业中类",
    "曾用名",
    "英文名",
    "统一社会信用代码",
    "纳税人识别号",
    "注册号",
    "组织机构代码",
    "参保人数",
    "参保人数所属年报",
    "有效手机号",
    "更多电话",
    "注册地址",
    "最新年报地址",
    "通信地址",
    "网址",
    "邮箱",
    "其他邮箱",
    "经营范围",
]
OLDER_TIANYANCHA = [
    "公司名称",
    "经营状态",
    "法定代表人",
    "注册资本",
    "成立日期",
    "公司类型",
    "所属行业",
    "电话",
    "其他电话",
    "注册地址",
    "经营范围",
]
GENERIC = ["企业名称", "经营状态", "法定代表人", "工商注册号", "企业类型", "所属行业", "联系电话", "地址"]


@pytest.mark.parametrize(
    ("headers", "vendor"),
    [
        (HEADERS, "qichacha"),
        (SEARCH_EXPORT, "qichacha"),
        (TIANYANCHA, "tianyancha"),
        (OLDER_TIANYANCHA, "tianyancha"),
        (GENERIC, "generic"),
        (["公司名称", "网址"], "generic"),
    ],
)
def test_vendor(headers, vendor):
    assert vendor_of(headers) == vendor


def test_name_of_the_vendor_above_the_header_is_evidence():
    assert vendor_of(["企业名称", "登记状态"], "本数据由企查查导出") == "qichacha"


def test_batch_export_is_mapped():
    mapped = map_columns(HEADERS)
    expected = {
        "name": "系统匹配企业名称", "imported_name": "原文件导入名称", "status": "登记状态", "capital_amount": "注册资本",
        "founded": "成立日期", "uscc": "统一社会信用代码", "address": "企业地址", "district": "所属区县", "insured": "参保人数",
        "gb_class": "国标行业小类", "aliases": "曾用名", "business_scope": "经营范围", "size": "企业规模",
    }  # fmt: skip
    assert expected.items() <= mapped.items()
    assert len(set(mapped.values())) == len(mapped)


def test_the_english_name_has_its_column():
    assert map_columns(HEADERS)["name_en"] == "英文名"
    assert map_columns(["企业名称", "English Name"])["name_en"] == "English Name"


def test_registered_address_comes_before_correspondence():
    assert map_columns(TIANYANCHA)["address"] == "注册地址"
    assert map_columns(["企业名称", "通信地址"])["address"] == "通信地址"


@pytest.mark.parametrize(
    ("headers", "lon", "lat"),
    [
        (["经度", "纬度"], "经度", "纬度"),
        (["lng", "lat"], "lng", "lat"),
        (["Longitude", "Latitude"], "Longitude", "Latitude"),
        (["X", "Y"], "X", "Y"),
        (["高德经度", "高德纬度"], "高德经度", "高德纬度"),
        (["百度纬度", "高德经度", "百度经度", "高德纬度"], "百度经度", "百度纬度"),
        (["经纬度"], "经纬度", "经纬度"),
        (["百度坐标"], "百度坐标", "百度坐标"),
        (["经度（WGS84）", "纬度（WGS84）"], "经度（WGS84）", "纬度（WGS84）"),
    ],
)
def test_coordinates(headers, lon, lat):
    mapped = map_columns(["企业名称", *headers])
    assert (mapped["lon"], mapped["lat"]) == (lon, lat)


def test_half_a_pair_is_no_pair():
    assert "lon" not in map_columns(["企业名称", "经度"])


def test_given_mapping_wins_and_takes_out():
    headers = ["企业名称", "备注", "坐标"]
    assert map_columns(headers, {"name": "备注"})["name"] == "备注"
    assert "name" not in map_columns(headers, {"name": ""})
    both = map_columns(headers, {"lat": "坐标", "lon": ""})
    assert both["lon"] == both["lat"] == "坐标"
    with pytest.raises(DataError, match="没有这一列"):
        map_columns(headers, {"name": "别的"})
    with pytest.raises(DataError, match="规范列"):
        map_columns(headers, {"别的": "备注"})


def test_header_row_needs_known_words():
    statement = ["企业名称以登记机关公布的为准，本表仅供参考"]
    assert find_header([statement, [], ["企业名称", "登记状态"], ["样例甲", "存续"]]) == 2
    assert find_header([["甲"], ["a", "b"], ["c", "d"]]) == 1


def test_headings_are_compared_folded():
    assert heading("企业（机构）类型") == heading("企业(机构)类型 ")
    assert heading("\ufeff企业名称") == "企业名称"


def test_personal_columns_by_header_and_by_content():
    table = pd.DataFrame(
        {
            "法定代表人": ["某"], "有效手机号": ["-"], "E-mail": [""], "备注一": ["13800000000"], "备注二": ["a@b.cn"],
            "备注三": ["园区"], "通信地址邮编": ["200000"], "企业类型": ["有限公司"],
        }
    )  # fmt: skip
    assert personal_columns(table, []) == ["法定代表人", "有效手机号", "E-mail", "备注一", "备注二"]


def test_datum_words():
    assert [datum_of(word) for word in ("高德经度", "百度经度", "GPS经度", "lng")] == ["gcj02", "bd09", "wgs84", ""]


@pytest.mark.parametrize(
    "title",
    [
        *(
            f"注册资本{caption}"
            for caption in (
                "（万元，人民币）",
                "，万元",
                "—万元",
                "（万元）（2023）",
                "（以万元计）",
                "「万元」",
                "（￥万）",
            )
        ),
        *(
            "註冊資本（萬圓）",
            "注册资本（必填，万元）",
            "注册资本（万元）[必填]",
            "注册资本总额（万元）",
            "认缴注册资本（万元）",
        ),
        *(
            "Registered Capital (RMB 10,000)",
            "Registered capital (RMB mn)",
            "registered_capital_wan",
            "出资额（万元）",
            "资本金(万元)",
        ),
    ],
)
def test_a_caption_with_its_unit_is_that_of_the_capital(title):
    assert map_columns(["企业名称", title])["capital_amount"] == title


@pytest.mark.parametrize("title", ["实缴资本（万元）", "营业收入（万元）", "外资出资额（万元）", "资本公积"])
def test_other_amounts_are_no_capital(title):
    assert "capital_amount" not in map_columns(["企业名称", title])


@pytest.mark.parametrize(
    ("column", "titles"),
    [
        ("name", ["企业名称（全称）", "单位名称（盖章）", "申报单位", "企业（单位）名称", "法人单位名称", "ENTNAME", "qymc"]),
        ("uscc", ["统一社会信用代码（18位）", "社会信用代码（营业执照号）", "税号", "UNISCID", "tyshxydm"]),
        ("district", ["属地", "所属区（县）", "区(县)", "注册区域", "归属区", "行政区域", "所在行政区", "adname", "区/县"]),
        ("address", ["登记地址", "住所（经营场所）", "单位注册地址", "公司注册地址", "地址（门牌号）", "实际经营地址", "DOM", "regaddr"]),
        ("founded", ["成立日期（年/月/日）", "企业成立时间", "注册成立日期", "ESTDATE", "reg_date"]),
        ("capital_amount", ["REGCAP", "zczb", "注册资本金（万元）", "企业注册资本"]), ("capital_currency", ["REGCAPCUR"]),
        ("status", ["企业经营状态", "登记状态（存续/注销）", "REGSTATE"]),
        ("gb4754", ["行业代码（GB/T4754-2017）", "国民经济行业小类代码"]),
        ("industry_detail", ["行业（小类）", "所属行业（国标）", "国民经济行业名称"]), ("town", ["街道（镇）", "镇/街道", "所在街镇"]),
        ("park", ["归属园区", "入驻园区"]), ("business_scope", ["OPSCOPE"]),
    ],
)  # fmt: skip
def test_what_registers_and_forms_call_their_columns(column, titles):
    for title in titles:
        assert map_columns(["企业名称", title] if column != "name" else [title, "备注"])[column] == title


@pytest.mark.parametrize(
    "title",
    [
        *(
            "注册地址（变更前）",
            "原注册地址",
            "企业类型",
            "状态（审核）",
            "企业数",
            "项目名称",
            "产品名称",
            "投资方名称",
            "企业排名",
            "名称（产品）",
        ),
        *("地址（英文）", "注册资本（实缴）", "行业排名"),
    ],
)
def test_what_speaks_of_something_else_is_not_taken(title):
    assert map_columns(["企业名称", title]) == {"name": "企业名称"}


def test_axes_in_pinyin_and_words():
    assert map_columns(["QYMC", "JD", "WD"]) == {"name": "QYMC", "lon": "JD", "lat": "WD"}
    assert map_columns(["企业名称", "东经", "北纬"])["lon"] == "东经"
    assert map_columns(["企业名称", "jd"]) == {"name": "企业名称"}


@pytest.mark.parametrize(
    ("headers", "column", "title"),
    [
        (["企业名称", "注册地址（与执照不一致时）", "注册地址"], "address", "注册地址"),
        (["单位", "企业名称（母公司全称）", "地址"], "name", "单位"),
        (["企业名称", "信用代码（上级单位18位）"], "uscc", None),
        (["企业名称（盖章）", "企业名称"], "name", "企业名称"),
        (["企业名称", "参保人数（2019年末）", "参保人数（2023年末）"], "insured", "参保人数（2023年末）"),
        (["企业名称", "股东", "出资额（万元）", "所在区"], "capital_amount", None),
        (["企业名称", "出资额（万元）", "所在区"], "capital_amount", "出资额（万元）"),
    ],
)
def test_a_header_of_another_party_or_year_is_not_taken_for_the_own_one(headers, column, title):
    assert map_columns(headers).get(column) == title


def test_a_long_header_takes_no_time():
    assert heading(f"注册资本（{'万元人民币' * 40}x）").endswith("x)")


@pytest.mark.parametrize(
    ("headers", "datum"),
    [
        (["坐标（WGS84）"], "wgs84"), (["坐标(GCJ-02)"], "gcj02"), (["百度坐标"], "bd09"), (["GPS"], "wgs84"), (["lat,lng"], ""),
        (["纬度、经度"], ""), (["GCJ经度", "GCJ纬度"], "gcj02"), (["经度坐标", "纬度坐标"], ""), (["jingdu", "weidu"], ""),
        (["经度（°）", "纬度（°）"], ""), (["坐标信息"], ""),
    ],
)  # fmt: skip
def test_headers_of_coordinates(headers, datum):
    mapped = map_columns(["企业名称", *headers])
    assert [mapped["lon"], mapped["lat"]] == [headers[0], headers[-1]]
    assert datum_of(headers[0]) == datum
