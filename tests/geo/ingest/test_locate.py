"""What the columns of a row say about its place, and coordinates that are nobody's site."""

import numpy as np
import pandas as pd
import pytest

from geo.crs import from_wgs84
from geo.datasets.corrections import FieldCorrection
from geo.datasets.storage import open_dataset
from geo.export.selection import export
from geo.ingest.datum import NOT_NAMED
from geo.ingest.locate import (
    DEFAULT_POINT,
    OUTSIDE,
    default_points,
    names_places,
    names_several,
    stated_core,
    stated_districts,
)
from geo.ingest.rows import LINGANG_AGAINST, LINGANG_ELSEWHERE, LINGANG_SAID
from geo.ingest.values.cells import ROUNDED
from geo.places.zones import CORE, in_core
from tests.geo.ingest.conftest import BING, CODES, JIA, YI

HEADERS = ["企业名称", "所属区", "注册地址", "WGS84经度", "WGS84纬度"]
MIDDLE = ["121.473701", "31.230416"]


@pytest.mark.parametrize(
    ("cell", "adcode"),
    [
        ("临港新片区", CORE), ("临港", CORE), ("上海市 市辖区 临港新片区", CORE), ("上海·临港", CORE), ("臨港新片區", CORE),
        ("自贸区", "310115"), ("上海自贸试验区", "310115"), ("浦东新区（自贸区）", "310115"), ("浦東新區", "310115"),
        ("310117.0", "310117"), ("310117000", "310117"), ("310117", "310117"), ("310115142000", "310115"),
        ("上海·闵行·莘庄", "310112"), ("上海市/松江区/新桥镇", "310117"), ("上海-嘉定", "310114"), ("上海市,青浦", "310118"),
        ("崇明县", "310151"), ("南汇", "310115"), ("南汇区", "310115"), ("闸北", "310106"), ("卢湾", "310101"),
        ("Minhang", "310112"), ("Pudong New Area", "310115"), ("Songjiang District, Shanghai", "310117"),
        ("昆山市", OUTSIDE), ("苏州工业园区", OUTSIDE), ("舟山市普陀区", OUTSIDE), ("", ""), ("某某区", ""),
    ],
)  # fmt: skip
def test_the_column_of_the_district(cell, adcode):
    found, unknown = stated_districts(pd.DataFrame({"district": [cell]}))
    assert found.tolist() == [adcode]
    assert unknown.tolist() == [cell == "某某区"]


@pytest.mark.parametrize(("cell", "zone"), [("临港新片区", "core"), ("自贸区", "belt"), ("310117.0", "belt")])
def test_it_decides_the_zone(take_rows, cell, zone):
    got = take_rows([["企业名称", "所属区"], ["样例甲有限公司", cell]])
    assert got.row("样例甲有限公司")["zone"] == zone


LINGANG = [  # what a column of districts says, and the district that it states beside the core
    ("浦东新区临港新片区", "310115"), ("上海市浦东新区临港", "310115"), ("浦东新区（临港）", "310115"), ("浦东临港", "310115"),
    ("奉贤区临港新片区", "310120"), ("临港新片区（奉贤）", ""), ("临港新片区", ""), ("自贸区临港新片区", ""), ("Lingang", ""),
    ("中国（上海）自由贸易试验区临港新片区", ""), ("Pudong New Area (Lingang)", "310115"), ("臨港新片區", ""),
    ("上海市/浦东新区/临港", "310115"),
    ("浦东新区南汇新城镇", "310115"), ("泥城镇", "310115"), ("浦东新区临港新片区管委会", "310115"),
]  # fmt: skip
ELSEWHERE = [  # district, zone
    ("松江区（临港松江科技城）", "310117", "belt"), ("闵行区浦江镇（临港浦江）", "310112", "belt"), ("浦东新区", "310115", "belt"),
    ("浦东新区（不含临港新片区）", "310115", "belt"), ("浦东新区（临港以外）", "310115", "belt"), ("徐汇区临港漕河泾", "310104", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "adcode"), LINGANG)
def test_lingang_beside_a_district_is_core_in_that_district(take_rows, cell, adcode):
    row = take_rows([["企业名称", "所属区", "注册资本"], ["样例甲有限公司", cell, ""]]).row("样例甲有限公司")
    assert (row["adcode"], row["zone"], row["stated_core"]) == (adcode, "core", "core")
    assert row["location_conflict"] == ""
    assert in_core([row["lon"]], [row["lat"]]).tolist() == [True]


@pytest.mark.parametrize(("cell", "adcode", "zone"), ELSEWHERE)
def test_lingang_in_the_name_of_something_else_is_no_core(take_rows, cell, adcode, zone):
    row = take_rows([["企业名称", "所属区"], ["上海临港集团样例有限公司", cell]]).row("上海临港集团样例有限公司")
    assert (row["adcode"], row["zone"], row["stated_core"]) == (adcode, zone, "")


@pytest.mark.parametrize(
    "park",
    [
        "临港松江科技城",
        "临港（松江）科技城",
        "临港·松江科技城",
        "漕河泾开发区",
        "临港集团",
        "临港浦江国际科技城",
        "临港桃浦智创城",
    ],
)
def test_parks_of_the_group_elsewhere_are_no_core(take_rows, park):
    rows = [["企业名称", "园区", "备注"], ["临港样例有限公司", park, ""], ["样例临港机械有限公司", "", park]]
    assert "core" not in set(take_rows(rows).table["zone"])


def test_lingang_as_the_whole_of_a_cell_counts_in_any_column_and_is_told(take_rows):
    header = ["企业名称", "所属区", "功能片区", "备注", "迁入前地址", "主要客户"]
    rows = [
        ["样例一有限公司", "浦东新区", "临港新片区", "", "", ""],
        ["样例二有限公司", "浦东新区", "张江", "拟迁往临港新片区", "", ""],
        ["样例三有限公司", "浦东新区", "", "临港", "", ""],
        ["样例四有限公司", "浦东新区", "", "", "临港", "临港新片区"],
        ["样例五有限公司", "", "Lin-gang Special Area", "", "", ""],
    ]
    got = take_rows([header, *rows])
    assert got.table["zone"].tolist() == ["core", "belt", "core", "belt", "core"]
    assert got.table["district"].tolist() == ["浦东新区"] * 4 + [""]
    told = [issue["value"] for issue in got.report["issues"] if issue["problem"] == LINGANG_SAID]
    assert told == ["功能片区", "备注"]


@pytest.mark.parametrize(
    "title",
    [
        *("意向区域", "推荐载体", "目标区域", "计划落地", "拟选址", "对接园区", "服务范围", "拓展区域", "原所在地", "曾用地址"),
        *("投资方所在地", "母公司所在区", "旧址", "以前地址", "迁入地", "预选园区", "合作园区", "分公司所在地", "其他园区", "招商片区"),
        *("主管单位", "下一步"),
        *("Target area", "Former address", "Parent company location", "planned park", "Previous district"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("district", ["浦东新区", ""])
def test_a_column_of_wishes_the_past_or_others_moves_nobody_into_the_core(take_rows, title, district):
    got = take_rows([["企业名称", "所属区", title], [JIA, district, "临港新片区"], [YI, "松江区", "临港"]])
    assert got.table["zone"].tolist() == ["belt" if district else "unplaced", "belt"]
    told = [issue["value"] for issue in got.report["issues"] if issue["problem"] == LINGANG_ELSEWHERE]
    assert told == [title]


@pytest.mark.parametrize(
    "title",
    [
        *("片区", "功能区", "区域", "所属片区", "所在片区名称", "注册区域", "经营地", "目前所在地", "当前片区", "产业基地"),
        *("备注", "企业备注", "分类", "板块", "标签", "其他", "", "Remarks", "Tags", "Area", "Plant location"),
    ],
)  # fmt: skip
def test_a_column_of_its_place_or_of_nothing_says_the_core(take_rows, title):
    got = take_rows([["企业名称", "所属区", title], [JIA, "浦东新区", "临港新片区"], [YI, "浦东新区", "张江"]])
    assert got.table["zone"].tolist() == ["core", "belt"]
    told = [issue["value"] for issue in got.report["issues"] if issue["problem"] == LINGANG_SAID]
    assert told == [title or "列3"]


def test_a_remark_that_the_row_contradicts_is_not_believed_and_told(take_rows):
    rows = [
        ["企业名称", "所属区", "街道", "园区", "注册地址", "备注"],
        [JIA, "松江区", "", "", "", "临港新片区"],
        [YI, "", "", "", "上海市松江区车墩镇车峰路300号", "临港"],
        [BING, "", "", "", "浙江省杭州市样例路1号", "临港"],
        ["样例丁有限公司", "奉贤区", "", "", "上海市奉贤区样例路1号", "临港"],
        ["样例戊有限公司", "", "新桥镇", "", "", "临港"],
    ]
    got = take_rows(rows)
    zones = got.table.set_index("name")["zone"]
    assert zones[[JIA, YI, BING, "样例丁有限公司", "样例戊有限公司"]].tolist() == [
        "belt",
        "belt",
        "unplaced",
        "core",
        "belt",
    ]
    told = [(issue["row"], issue["value"]) for issue in got.report["issues"] if issue["problem"] == LINGANG_AGAINST]
    assert told == [(2, "备注"), (3, "备注"), (4, "备注"), (6, "备注")]


def test_lingang_beside_a_district_survives_dataset_export_and_a_correction(tmp_path, take_rows, take):
    got = take_rows([["企业名称", "所属区"], ["样例甲有限公司", "浦东新区（临港）"], ["样例乙有限公司", "浦东新区"]])
    data = open_dataset(got.folder)
    assert data.enterprises.set_index("name")["zone"].to_dict() == {"样例甲有限公司": "core", "样例乙有限公司": "belt"}
    fixed = data.with_corrections([FieldCorrection(0, "park", "样例园")]).enterprises
    assert fixed["zone"].tolist() == ["core", "belt"]
    assert data.with_corrections([FieldCorrection(0, "adcode", "310117")]).enterprises["zone"].tolist() == [
        "belt",
        "belt",
    ]
    out = tmp_path / "导出.csv"
    export(data.enterprises, out)
    again = take(out, out="again").table
    for column in ("adcode", "zone", "lon", "lat", "location_precision", "location_error_m"):
        assert again[column].tolist() == data.enterprises[column].tolist(), column


def test_lingang_and_its_district_are_one_place_and_another_district_is_not(take_rows):
    rows = [
        ["企业名称", "所属区", "统一社会信用代码"],
        ["样例甲有限公司", "临港新片区", ""], ["样例甲有限公司", "浦东新区", ""],
        ["样例乙有限公司", "临港新片区", CODES[0]], ["样例乙有限公司", "浦东新区", CODES[0]],
        ["样例丙有限公司", "临港新片区", ""], ["样例丙有限公司", "松江区", ""],
    ]  # fmt: skip
    got = take_rows(rows)
    assert got.table[["name", "district", "zone"]].to_numpy().tolist() == [
        ["样例甲有限公司", "浦东新区", "core"], ["样例乙有限公司", "浦东新区", "core"],
        ["样例丙有限公司", "", "core"], ["样例丙有限公司", "松江区", "belt"],
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["区县代码", "行政区划代码", "adcode", "county"])
def test_the_code_of_the_district_says_it_too(take_rows, header):
    alone = take_rows([["企业名称", header], ["样例甲有限公司", "310117"], ["样例乙有限公司", "310115"]])
    assert alone.table["district"].tolist() == ["松江区", "浦东新区"]
    beside = take_rows([["企业名称", "所属区", header], ["样例甲有限公司", "松江区", "310117"]], out="beside")
    assert beside.report["issues"] == []
    other = take_rows([["企业名称", "所属区", header], ["样例甲有限公司", "松江区", "310115"]], out="other")
    assert [issue["value"] for issue in other.report["issues"]] == [header]


def test_a_site_far_from_lingang_that_is_said_to_lie_in_it_is_told(take_rows):
    rows = [
        ["企业名称", "所属区", "WGS84经度", "WGS84纬度"],
        ["样例甲有限公司", "浦东新区临港新片区", "121.5903", "31.2011"],
    ]
    row = take_rows(rows, datum="wgs84").row("样例甲有限公司")
    assert (row["adcode"], row["zone"], row["location_precision"]) == ("310115", "core", "site")
    assert row["location_note"] == "登记在临港，但坐标不在推定范围内；按临港计"


def test_a_point_that_other_addresses_share_is_no_site(take_rows):
    """The middle of the city under addresses of 宝山, 奉贤 and Lingang: the addresses win, and each row is told."""
    rows = [
        [f"样例{n:02d}有限公司", "", address, *MIDDLE]
        for n, address in enumerate(
            ["上海市宝山区月罗公路2120号", "上海市奉贤区南桥镇环城东路68号", "上海市临港新片区云汉路979号", ""] * 2
        )
    ]
    own = ["样例九十有限公司", "", "上海市松江区车墩镇车峰路300号", "121.318444", "31.007580"]
    got = take_rows([HEADERS, *rows, own], datum="wgs84")
    placed = got.table.set_index("name")
    assert placed["district"].iloc[:4].tolist() == ["宝山区", "奉贤区", "浦东新区", ""]
    assert placed["zone"].iloc[:4].tolist() == ["belt", "other", "core", "unplaced"]
    assert set(placed["location_precision"].iloc[:8]) == {"road", "none"}
    assert placed["lon_raw"].iloc[:8].tolist() == [float(MIDDLE[0])] * 8
    assert placed["location_precision"].iloc[8] == "site"
    told = [issue for issue in got.report["issues"] if issue["problem"] == DEFAULT_POINT]
    assert [issue["row"] for issue in told] == list(range(2, 10))


@pytest.mark.parametrize(("cell", "told"), [("121.23", 6), ("121.2345", 0)])
def test_points_of_two_decimals_are_told(take_rows, cell, told):
    """All points of a list to a hundredth of a degree: they lie somewhere within a kilometre."""
    rows = [[f"样例{n}有限公司", "松江区", "", cell, f"31.0{n}"] for n in range(1, 7)]
    got = take_rows([HEADERS, *rows], datum="wgs84")
    assert got.report["issue_counts"].get(f"lon：{ROUNDED}", 0) == told


def test_marks_before_a_name_go_and_are_told(take_rows):
    rows = [["※样例一有限公司", "松江区"], ["★ 样例二有限公司", "松江区"], ["样例★三有限公司", "松江区"]]
    got = take_rows([["企业名称", "区"], *rows])
    assert got.table["name"].tolist() == ["样例一有限公司", "样例二有限公司", "样例★三有限公司"]
    assert got.report["issue_counts"]["name：名称前的记号已去掉"] == 2


def test_one_house_may_hold_many_and_a_corner_three():
    at = np.full(9, 121.4), np.full(9, 31.2)
    tower = pd.Series([f"上海市闵行区样例路8号{room}室" for room in range(9)])
    corner = pd.Series(["甲路1号", "乙路2号", "丙路3号"] * 3)
    assert not default_points(*at, tower, np.full(9, "310112")).any()
    assert not default_points(*at, corner, np.full(9, "310112")).any()


def test_the_office_of_a_park_and_the_middle_of_a_road_are_nobodys_site():
    at = np.full(5, 121.4), np.full(5, 31.2)
    park = pd.Series([f"上海市闵行区样例{n}路{n}号" for n in "一二三四五"]).str.replace("路.号", "路1号", regex=True)
    road = pd.Series([f"上海市闵行区样例路{n}号" for n in range(1, 6)])
    assert default_points(*at, park, np.full(5, "310112")).all()
    assert default_points(*at, road, np.full(5, "310112")).all()


def test_the_middle_of_a_district_is_nobodys_site():
    towns = ["上海市松江区九亭镇涞寅路1881号", "上海市松江区新桥镇莘砖公路668号", "上海市松江区新桥镇莘砖公路668号"]
    at = np.full(3, 121.2265), np.full(3, 31.0314)
    assert default_points(*at, pd.Series(towns), np.full(3, "310117")).all()
    assert not default_points(*at, pd.Series(towns[1:] * 2)[:3], np.full(3, "310117")).any()


def test_the_middle_of_the_city_is_no_site_even_of_one():
    lon, lat = np.array([121.473701, 121.473701, np.nan]), np.array([31.230416, 31.230416, np.nan])
    found = default_points(lon, lat, pd.Series(["月罗公路1号", "人民大道1号", ""]), np.array(["310113", "310101", ""]))
    assert found.tolist() == [True, False, False]


def test_an_enterprise_that_says_its_district_wrongly_does_not_take_the_point_from_its_neighbours():
    at = np.full(3, 121.2), np.full(3, 31.03)
    same = pd.Series(["上海市松江区陈春公路999号"] * 2 + [""])
    assert not default_points(*at, same, np.array(["310114", "310117", ""])).any()


def test_default_points_are_found_over_all_files_of_an_import(tmp_path, take):
    """Each file alone has too few rows on the point to tell; a factory of its own stays where it is."""
    middle, own = "121.3811,31.1128", "121.2312,31.0301"
    addresses = ["宝山区月罗公路1号", "奉贤区航南公路2号", "嘉定区博乐路3号", "松江区文诚路4号"]
    files = []
    for number, address in enumerate(addresses):
        path = tmp_path / f"{number}.csv"
        path.write_text(
            f"企业名称,注册地址,WGS84坐标\n样例{number}号机械有限公司,上海市{address},\"{middle}\"\n"
            f"样例{number}号厂有限公司,上海市松江区文诚路{number + 10}号,\"{own[:-1]}{number}\"\n",
            encoding="utf-8",
        )  # fmt: skip
        files.append(path)
    alone = take(files[3], datum="wgs84", out="alone")
    assert f"lon：{DEFAULT_POINT}" not in alone.report["issue_counts"]
    result = take(*files, datum="wgs84").table.set_index("name")
    default = result.loc[[f"样例{number}号机械有限公司" for number in range(4)]]
    assert "site" not in set(default["location_precision"])
    assert default["lon_raw"].tolist() == pytest.approx([121.3811] * 4)
    assert default["adcode"].tolist() == ["310113", "310120", "310114", "310117"]
    sites = result.loc[[f"样例{number}号厂有限公司" for number in range(4)]]
    assert set(sites["location_precision"]) == {"site"}


def test_a_rounded_point_carries_its_error_and_a_better_witness_wins(take_rows):
    """Two decimals are off by half the diagonal of 0.01° at most: 733 m at 31.2° N."""
    rows = [
        ["样例一有限公司", "松江区", "", "121.23", "31.03"], ["样例二有限公司", "松江区", "", "121.2312", "31.0321"],
        ["样例三有限公司", "松江区", "上海市松江区车墩镇车峰路300号", "121.31", "31.01"], ["样例四有限公司", "松江区", "", "121.2", "31.0"],
    ]  # fmt: skip
    placed = take_rows([HEADERS, *rows], datum="wgs84").table.set_index("name")
    assert placed["location_precision"].tolist() == ["site", "site", "road", "district"]
    assert placed["location_error_m"].iloc[0] == pytest.approx(733, abs=1)
    assert placed["location_error_m"].iloc[1] < 10
    assert placed["lon_raw"].iloc[2:].tolist() == [121.31, 121.2]


def test_a_rounded_point_near_the_edge_of_the_core_is_no_evidence_of_it(take_rows):
    """It lies in the drawn core, some 600 m from the river that bounds it; an exact one there counts."""
    assert in_core([121.70, 121.70], [31.01, 31.0166]).tolist() == [True, False]
    rows = [
        ["样例一有限公司", "浦东新区", "", "121.70", "31.01"],
        ["样例二有限公司", "浦东新区", "", "121.7001", "31.0101"],
    ]
    placed = take_rows([HEADERS, *rows], datum="wgs84").table
    assert placed["zone"].tolist() == ["unplaced", "core"]


def test_datums_that_a_column_names_row_by_row(take_rows):
    lon, lat = 121.2312, 31.0321
    there = {datum: from_wgs84([lon], [lat], datum) for datum in ("wgs84", "gcj02", "bd09")}
    rows = [
        [f"样例{n}有限公司", "松江区", "", f"{x[0]:.7f}", f"{y[0]:.7f}", words]
        for n, (words, (x, y)) in enumerate(zip(["WGS-84", "高德坐标", "BD09"], there.values(), strict=True))
    ]
    rows.append(["样例九有限公司", "松江区", "", "121.2345", "31.0321", ""])
    got = take_rows([[*HEADERS, "坐标系"], *rows])
    assert np.abs(got.table["lon"].to_numpy()[:3] - lon).max() < 1e-5
    assert np.abs(got.table["lat"].to_numpy()[:3] - lat).max() < 1e-5
    assert got.table["location_precision"].tolist() == ["site"] * 3 + ["district"]
    assert got.report["issue_counts"][f"lon：{NOT_NAMED}"] == 1


@pytest.mark.parametrize(
    ("text", "several"),
    [
        *[
            (text, True)
            for text in ("松江区/青浦区", "浦东、闵行", "杨浦区→宝山区", "宝山区（迁往嘉定）", "浦东新区和奉贤区")
        ],
        *[
            (text, False)
            for text in (
                "浦东新区（原南汇）",
                "静安区(原闸北区)",
                "上海市-浦东新区",
                "上海·闵行·莘庄",
                "市级",
                "普陀区",
            )
        ],
    ],
)
def test_several_districts_in_one_cell_give_none(text, several):
    assert names_several(text) is several
    stated, unknown = stated_districts(pd.DataFrame({"district": [text]}, dtype="str"))
    assert (stated.iat[0] == "" and unknown.iat[0]) or not several


@pytest.mark.parametrize(
    ("title", "cells", "core"),
    [
        ("是否临港", ["是", "否", ""], [True, False, False]),
        ("是否在临港新片区", ["√", "", ""], [True, False, False]),
        ("临港企业标识", ["1", "0", "1"], [True, False, True]),
        ("是否意向临港", ["是", "否", ""], [False] * 3),
        ("临港服务", ["是", "否", "待定"], [False] * 3),
    ],
)
def test_a_column_that_asks_for_lingang_is_a_witness(title, cells, core):
    table = pd.DataFrame({"区": ["浦东新区"] * 3, title: cells}, dtype="str")
    assert stated_core(table, {"district": "区"}).core.tolist() == core


def test_a_yes_against_the_district_of_the_row_does_not_count():
    table = pd.DataFrame({"区": ["松江区"], "是否临港": ["是"]}, dtype="str")
    stated = stated_core(table, {"district": "区"})
    assert stated.core.tolist() == [False]
    assert stated.against.tolist() == ["是否临港"]


def test_addresses_of_several_districts_in_one_cell_are_told():
    cells = [
        "松江区新桥镇；生产地址：闵行区莘庄镇",
        "松江区新桥镇；民益路1号",
        "（注册地址）黄浦区淮海中路300号\n（经营地址）闵行区元江路88号",
    ]
    assert names_places(pd.Series(cells, dtype="str")).tolist() == [True, False, True]
