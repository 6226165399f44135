"""The contract of an import, line by line, on made-up files."""

import math
import sys
from collections import Counter

import geopandas as gpd
import pandas as pd
import pytest

from benchmarks.vendor import HEADERS, rows, with_points
from geo.crs import DATUMS, from_wgs84
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import load_enterprises
from geo.errors import DataError
from geo.ingest.pipeline import import_files
from geo.ingest.readers.sheet import Limits
from geo.ingest.values.identifiers import LOST_DIGITS
from geo.places.gazetteer import read_address
from tests.geo.ingest.conftest import BING, JIA, YI

CODE, OTHER_CODE = "91310115MAX000004U", "91310000MAX000001M"


def test_batch_export(tmp_path, take):
    table = rows(20)
    table.loc[0, "系统匹配企业名称"] = "未匹配到相关企业"
    table.loc[0, "原文件导入名称"] = JIA
    table.loc[1, ["系统匹配企业名称", "原文件导入名称"]] = ["未匹配到相关企业", "-"]
    path = tmp_path / "批量导出.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame([["以下数据由企查查导出"]]).to_excel(writer, index=False, header=False)
        table.to_excel(writer, index=False, startrow=1)
    got = take(path)
    report = got.report
    assert (report["vendor"], report["header_row"], report["encoding"]) == ("qichacha", 2, None)
    assert (report["rows_in_file"], report["imported"], report["rejected"]) == (20, 19, 1)
    assert report["personal_columns_dropped"] == ["法定代表人", "电话", "更多电话", "邮箱", "更多邮箱"]
    assert report["datum"] == report["datum"] | {"verdict": "none", "n": 0}
    assert sum(report["location"].values()) == 19
    assert got.rejected[["source_row", "reason"]].to_numpy().tolist() == [["4", "未匹配到相关企业"]]
    assert got.row(JIA)["source_row"] == 3
    assert not set(report["personal_columns_dropped"]) & set(got.table.columns)
    assert list(got.table.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert got.table.crs.to_epsg() == 4326
    assert got.table["uscc_valid"].all()
    assert set(report["columns_unknown"]) <= set(got.table.columns)
    assert set(HEADERS) == {
        *report["columns_mapped"].values(), *report["columns_unknown"], *report["personal_columns_dropped"],
    }  # fmt: skip


def test_cells_become_values(take_rows):
    header = [
        "企业名称",
        "登记状态",
        "注册资本",
        "成立日期",
        "统一社会信用代码",
        "参保人数",
        "国标行业门类",
        "国标行业中类",
        "曾用名",
        "企业规模",
        "别的",
    ]
    got = take_rows(
        [
            header,
            [
                JIA,
                "存续（在营、开业、在册）",
                "13,400万元",
                "2001/5/8",
                CODE,
                "12人",
                "制造业",
                "电池制造",
                "样例旧",
                "大型",
                "x",
            ],
            [YI, "吊销，未注销", "500万美元", "37019", "9.13E+17", "-", "批发和零售业", "***", "--", "", ""],
        ]
    )
    first, second = got.row(JIA), got.row(YI)
    assert first[["status", "founded", "capital_amount", "capital_currency", "uscc", "insured", "gb4754", "industry"]].tolist() == [
        "active", "2001-05-08", 134_000_000.0, "CNY", CODE, 12, "384", "equipment",
    ]  # fmt: skip
    assert bool(first["uscc_valid"])
    assert (first["aliases"], first["size"], first["别的"], first["注册资本"]) == ("样例旧", "大型", "x", "13,400万元")
    assert (second["status"], second["founded"], second["capital_currency"]) == ("revoked", "2001-05-08", "USD")
    assert (second["uscc"], bool(second["uscc_valid"]), second["industry"]) == ("", False, "other")
    assert {"row": 3, "column": "uscc", "value": "9.13E+17", "problem": LOST_DIGITS, "file": "样例.csv"} in got.report[
        "issues"
    ]
    assert pd.isna(second["insured"])


def test_a_code_of_two_meanings_gives_no_industry_unless_a_name_settles_it(take_rows):
    got = take_rows(
        [["企业名称", "行业代码", "所属行业"], [JIA, "3963", ""], [YI, "3963", "集成电路制造"], [BING, "3489", ""]]
    )
    assert got.table[["gb4754", "industry"]].to_numpy().tolist() == [
        ["", ""],
        ["3973", "electronics"],
        ["3489", "equipment"],
    ]
    assert [(issue["row"], issue["column"]) for issue in got.report["issues"]] == [(2, "gb4754")]
    settled = take_rows([["企业名称", "行业代码（GB/T 4754-2011）"], [JIA, "3963"]], out="二")
    assert settled.row(JIA)["industry"] == "electronics"


def test_an_industry_that_nobody_knows_is_told(take_rows):
    got = take_rows([["企业名称", "所属行业"], [JIA, "造梦业"], [YI, "制造业-汽车制造业"]])
    assert got.report["issue_counts"] == {"industry_detail：不是已知的国标行业名称": 1}
    assert got.row(YI)["industry"] == "auto"


def test_a_header_with_its_unit(take_rows):
    got = take_rows([["企业名称", "注册资本（万元）"], [JIA, "500"], [YI, "500万美元"]])
    assert got.row(JIA)["capital_amount"] == 5_000_000
    assert got.row(YI)["capital_amount"] == 5_000_000


def test_cells_wrapped_for_a_spreadsheet(tmp_path, take):
    path = tmp_path / "a.csv"
    path.write_bytes(f'企业名称,统一社会信用代码\n"{JIA}","=""{CODE}"""\n{YI},="{OTHER_CODE}"\n'.encode("utf-8-sig"))
    got = take(path)
    assert got.report["encoding"] == "utf-8-sig"
    assert got.table["uscc"].tolist() == [CODE, OTHER_CODE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(take_rows, encoding):
    got = take_rows([["声明"], ["企业名称", "所属区县"], [JIA, "松江"]], encoding)
    assert (got.report["encoding"], got.report["header_row"]) == (encoding, 2)
    assert got.row(JIA)["adcode"] == "310117"


def test_rows_that_are_no_enterprise_are_rejected_with_a_reason(take_rows):
    got = take_rows(
        [
            ["企业名称", "园区"],
            [JIA, "甲"],
            ["", "乙"],
            ["企业名称", "园区"],
            ["合计", "1"],
            ["123", "x"],
            ["备注：样例", ""],
        ]
    )
    assert got.report["imported"] == 1
    reasons = ["没有企业名称", "重复的表头", "合计行", "名称里没有文字", "说明文字，不是企业"]
    assert got.rejected["reason"].tolist() == reasons
    assert got.rejected["source_row"].tolist() == ["3", "4", "5", "6", "7"]


@pytest.mark.parametrize(
    "district",
    ["浦东新区张江镇", "上海市-浦东新区", "浦东", "浦东新区", "上海市浦东新区", "Pudong", "南汇区", "310119", "川沙县"],
)
def test_spellings_of_a_district(take_rows, district):
    row = take_rows([["企业名称", "所属区县"], [JIA, district]]).row(JIA)
    assert (row["adcode"], row["district"], row["district_basis"], row["zone"]) == (
        "310115",
        "浦东新区",
        "stated",
        "belt",
    )


def test_witnesses_that_disagree(take_rows):
    lon, lat = from_wgs84([121.2], [31.03], "wgs84")
    got = take_rows(
        [
            ["企业名称", "所属区县", "企业地址", "经度", "纬度"],
            [JIA, "嘉定区", "上海市松江区新桥镇陈春公路999号", f"{lon[0]}", f"{lat[0]}"],
            [YI, "松江区", "上海市松江区新桥镇陈春公路999号", f"{lon[0]}", f"{lat[0]}"],
            [BING, "", "", f"{lon[0]}", f"{lat[0]}"],
        ],
        datum="wgs84",
    )
    odd = got.row(JIA)
    assert (odd["adcode"], odd["district_basis"], odd["location_precision"]) == ("310114", "stated", "district")
    assert (odd["lon_raw"], odd["lat_raw"]) == (lon[0], lat[0])
    assert "嘉定区" in odd["location_conflict"]
    assert "松江区" in odd["location_conflict"]
    assert got.row(YI)["location_precision"] == "site"
    assert got.row(BING)[["adcode", "district_basis"]].tolist() == ["310117", "coordinates"]
    assert got.report["conflicts"] == 1
    assert any(issue["column"] == "location" and issue["row"] == 2 for issue in got.report["issues"])


def test_each_address_is_read_once_however_many_rows_and_steps_need_it(take_rows):
    addresses = [f"上海市松江区新桥镇陈春公路{number}号" for number in range(1, 6)]
    lines = [
        [f"样例{number}有限公司", "松江区", addresses[number % 5], "121.3", f"31.06{number:02}"] for number in range(30)
    ]
    again = [[*line[:4], ""] for line in lines[:10]]  # merged into the rows above
    read: Counter[str] = Counter()

    def count(frame, event, _argument):
        if event == "call" and frame.f_code is read_address.__wrapped__.__code__:
            read[frame.f_locals["text"]] += 1

    read_address.cache_clear()
    sys.setprofile(count)
    try:
        got = take_rows([["企业名称", "所属区县", "企业地址", "经度", "纬度"], *lines, *again])
    finally:
        sys.setprofile(None)
    assert (got.report["imported"], got.report["duplicates_merged"]) == (30, 10)
    assert {text: times for text, times in read.items() if text in addresses} == dict.fromkeys(addresses, 1)


def test_registration_code_is_reported_but_no_conflict(take_rows):
    got = take_rows([["企业名称", "统一社会信用代码", "所属区县"], [JIA, CODE, "松江区"]])
    assert got.row(JIA)["registration_adcode"] == "310115"
    assert got.row(JIA)["location_conflict"] == ""
    assert (got.report["conflicts"], got.report["registration_differs"]) == (0, 1)


@pytest.mark.parametrize(
    ("cells", "adcode", "zone"),
    [
        (["", "", "", "浙江省舟山市普陀区东港街道海印路1号"], "", "unplaced"),
        (["浙江省", "舟山市", "普陀区", ""], "", "unplaced"),
        (["", "", "普陀区", "浙江省舟山市普陀区海印路1号"], "", "unplaced"),
        (["", "", "舟山市普陀区", ""], "", "unplaced"),
        (["江苏省", "苏州市", "", "工业园区星湖街1号"], "", "unplaced"),
        (["上海市", "上海市", "普陀区", "中山北路1号"], "310107", "other"),
        (["上海市", "浦东新区", "", "张江路1号"], "310115", "belt"),
        (["", "", "", "宝山路450号"], "310106", "other"),
        (["", "", "静安区", "宝山路450号"], "310106", "other"),
        (["", "", "", "上海市江苏路500号"], "310105", "other"),
        (["", "", "", "上海市浦东新区环湖西二路888号"], "310115", "core"),
        (["", "", "浦东新区", "中国（上海）自由贸易试验区临港新片区环湖西二路888号C楼"], "310115", "core"),
        (["", "", "浦东新区", "泥城镇云汉路1号"], "310115", "core"),
        (["上海市", "", "宝山区", "上海市宝山区大场镇市台路401号"], "310113", "belt"),
    ],
)
def test_traps_of_addresses(take_rows, cells, adcode, zone):
    got = take_rows([["企业名称", "所属省份", "所属城市", "所属区县", "企业地址"], [JIA, *cells]])
    row = got.row(JIA)
    assert (row["adcode"], row["zone"], row["location_conflict"]) == (adcode, zone, "")
    assert got.report["outside"] == (zone == "unplaced")


def test_outside_rows_are_kept_with_their_coordinates_aside(take_rows):
    got = take_rows(
        [["企业名称", "所属省份", "经度", "纬度"], [JIA, "浙江省", "122.3", "29.95"], [YI, "", "120.6", "31.3"]],
        datum="wgs84",
    )
    assert got.report["imported"] == got.report["outside"] == 2
    assert got.table["lon"].isna().all()
    assert got.table["lon_raw"].tolist() == [122.3, 120.6]


def test_undetermined_datum_places_nothing(take_rows):
    got = take_rows([["企业名称", "所属区县", "经度", "纬度"], [JIA, "黄浦区", "121.47", "31.23"]])
    row = got.row(JIA)
    assert got.report["datum"]["verdict"] == "undetermined"
    assert (row["lon_raw"], row["lat_raw"], row["location_precision"]) == (121.47, 31.23, "district")


def test_header_names_the_datum(take_rows):
    lon, lat = from_wgs84([121.47], [31.23], "bd09")
    got = take_rows([["企业名称", "百度经度", "百度纬度"], [JIA, f"{lon[0]:.7f}", f"{lat[0]:.7f}"]])
    assert got.report["datum"]["verdict"] == "bd09"
    assert got.row(JIA)["lon"] == pytest.approx(121.47, abs=1e-6)
    assert got.row(JIA)["location_precision"] == "site"


def test_swapped_and_combined_coordinates(take_rows):
    got = take_rows(
        [["企业名称", "坐标"], [JIA, "31.2301,121.4702"], [YI, "121.4702,31.2301"], [BING, "x"]], datum="wgs84"
    )
    assert got.row(JIA)["lon"] == got.row(YI)["lon"] == 121.4702
    assert math.isnan(got.row(BING)["lon"])
    assert {issue["row"] for issue in got.report["issues"] if issue["column"] == "lon"} == {2, 4}


@pytest.mark.parametrize("datum", DATUMS)
def test_a_projection_file_that_lies(tmp_path, take, datum):
    table = with_points(rows(400), datum)
    table = table[table["经度"] != ""]
    points = gpd.points_from_xy(table["经度"].astype(float), table["纬度"].astype(float))
    frame = table[["系统匹配企业名称", "企业地址", "所属区县"]].rename(columns={"系统匹配企业名称": "企业名称"})
    path = tmp_path / "图层.gpkg"
    gpd.GeoDataFrame(frame, geometry=points, crs=4326).to_file(path)
    assert take(path).report["datum"]["verdict"] == datum


def test_duplicates_and_former_names(take_rows):
    got = take_rows(
        [
            ["企业名称", "统一社会信用代码", "曾用名", "企业规模", "园区"],
            ["样例甲（上海）有限公司", "", "", "", ""],
            [JIA, CODE, "样例旧名", "大型", ""],
            ["样例甲改名有限公司", CODE, "", "", "甲园"],
            [YI, OTHER_CODE, "", "", ""],
            [YI, "91310000MAX000002Q", "", "", ""],
            [BING, "", "", "", ""],
        ]
    )
    assert (got.report["imported"], got.report["duplicates_merged"]) == (4, 2)
    row = got.row(JIA)
    assert set(row["aliases"].split(";")) == {"样例旧名", "样例甲改名有限公司"}
    assert (row["size"], row["source_row"], row["park"]) == ("大型", 3, "甲园")
    merged = pd.read_csv(got.folder / "merged.csv")
    assert merged["source_row"].tolist() == [2, 4]
    assert merged["merged_into_row"].tolist() == [3, 3]
    assert (got.table["name"] == YI).sum() == 2


def test_several_files_are_one_set(tmp_path, take):
    lon, lat = from_wgs84([121.47], [31.23], "gcj02")
    one, two = tmp_path / "一.csv", tmp_path / "二.tsv"
    one.write_text(f"企业名称,高德经度,高德纬度\n{JIA},{lon[0]:.7f},{lat[0]:.7f}\n", encoding="gb18030")
    two.write_text(f"公司名称\t所属区县\n{JIA}\t黄浦区\n{YI}\t松江区\n\t松江区\n", encoding="utf-8")
    got = take(one, two)
    assert (got.report["rows_in_file"], got.report["imported"]) == (4, 2)
    assert [entry["file"] for entry in got.report["files"]] == ["一.csv", "二.tsv"]
    assert [entry["encoding"] for entry in got.report["files"]] == ["gb18030", "utf-8"]
    assert [entry["datum"]["verdict"] for entry in got.report["files"]] == ["gcj02", "none"]
    assert got.row(YI)["source_file"] == "二.tsv"
    assert got.rejected["source_file"].tolist() == ["二.tsv"]
    assert got.row(JIA)["lon"] == pytest.approx(121.47, abs=1e-6)


def test_files_of_one_name_are_told_apart(tmp_path, take):
    paths = []
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        paths.append(tmp_path / str(number) / "a.csv")
        paths[-1].write_text(f"企业名称\n样例{number}有限公司\n", encoding="utf-8")
    assert take(*paths).table["source_file"].tolist() == ["a.csv", "a.csv (2)"]


def test_personal_columns_stay_when_asked_for(take_rows):
    cells = [["企业名称", "法定代表人"], [JIA, "样例某"]]
    assert take_rows(cells, keep_personal=True).row(JIA)["法定代表人"] == "样例某"
    assert "样例某" not in (take_rows(cells).folder / "report.json").read_text("utf-8")


def test_columns_named_as_ours_do_not_mix(take_rows):
    got = take_rows([["企业名称", "zone", "geometry", "园区", "园区"], [JIA, "自编", "x", "甲园", "乙园"]])
    row = got.row(JIA)
    assert (row["zone"], row["zone（原文）"], row["geometry（原文）"], row["园区 (2)"]) == (
        "unplaced",
        "自编",
        "x",
        "乙园",
    )


def test_mapping_from_the_page(take_rows):
    cells = [["甲列", "乙列"], ["松江区", JIA]]
    with pytest.raises(DataError, match="找不到企业名称"):
        take_rows(cells)
    assert take_rows(cells, mapping={"name": "乙列", "district": "甲列"}).row(JIA)["adcode"] == "310117"
    assert take_rows(cells, mapping={"样例.csv": {"name": "乙列"}}, out="二").row(JIA)["adcode"] == ""


def test_own_export_comes_back_as_it_was(tmp_path, take):
    sample = load_enterprises().drop(columns=["town_or_park", "lon_wgs84", "lat_wgs84", "outside"])
    sample.to_parquet(tmp_path / "样本.parquet", index=False)
    got = take(tmp_path / "样本.parquet").table.set_index("enterprise_id")
    assert not [name for name in got.columns if "原文" in name]
    columns = ["name", "adcode", "industry", "recognitions", "stock_code", "evidence"]
    assert got.loc[sample.index, columns].equals(pd.DataFrame(sample[columns].rename_axis("enterprise_id")))
    assert (got["location_precision"] == "site").sum() == (sample["location_precision"] == "site").sum()


def test_the_same_file_gives_the_same_set(tmp_path, take):
    path = tmp_path / "a.csv"
    rows(200).to_csv(path, index=False)
    first, second = take(path, out="一"), take(path, out="二")
    assert first.table.equals(second.table)
    assert first.report == second.report


def test_refused_import_leaves_everything_as_it_was(tmp_path, take_rows):
    got = take_rows([["企业名称"], [JIA]])
    before = {file.name: file.read_bytes() for file in got.folder.iterdir()}
    bad = tmp_path / "坏.csv"
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    empty = tmp_path / "空.csv"
    empty.write_text("企业名称,园区\n,甲\n", encoding="utf-8")
    good = tmp_path / "样例.csv"
    for files in ([bad], [good, bad], [empty], [tmp_path / "无.csv"], []):
        with pytest.raises(DataError) as caught:
            import_files(files, got.folder)
        assert "\n" not in str(caught.value)
    assert {file.name: file.read_bytes() for file in got.folder.iterdir()} == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"out", "样例.csv", "坏.csv", "空.csv"}
    with pytest.raises(DataError):
        import_files([bad], tmp_path / "新")
    assert not (tmp_path / "新").exists()


def test_an_earlier_import_is_replaced_whole(take_rows):
    got = take_rows([["企业名称"], [JIA]])
    again = take_rows([["企业名称"], [YI]])
    assert again.folder == got.folder
    assert sorted(file.name for file in again.folder.iterdir()) == [
        "enterprises.parquet",
        "merged.csv",
        "rejected.csv",
        "report.json",
    ]


def test_what_an_import_did_not_write_is_not_deleted(take_rows):
    got = take_rows([["企业名称"], [JIA]])
    (got.folder / "我的.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"我的\.txt"):
        take_rows([["企业名称"], [YI]])
    assert (got.folder / "我的.txt").read_text(encoding="utf-8") == "x"


def test_folders_that_hold_more_are_not_replaced(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"企业名称\n{JIA}\n", encoding="utf-8")
    (tmp_path / "有夹" / "夹").mkdir(parents=True)
    (tmp_path / "是文件").write_text("x", encoding="utf-8")
    for target in (tmp_path, tmp_path / "有夹", tmp_path / "是文件"):
        with pytest.raises(DataError):
            import_files([path], target)
    assert path.exists()


def test_progress_tells_stages_in_order(tmp_path):
    path = tmp_path / "a.csv"
    rows(50).to_csv(path, index=False)
    progress = []
    import_files([path], tmp_path / "out", progress=lambda *step: progress.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in progress)) == ["read", "clean", "duplicates", "locate", "write"]
    assert progress[-1] == ("write", 50, 50)


def test_limits_reach_the_reader(take_rows):
    with pytest.raises(DataError, match="超过 1 行"):
        take_rows([["企业名称"], [JIA], [YI]], limits=Limits(rows=1))


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠1"])
def test_formulas_in_lists_are_disarmed(take_rows, text):
    got = take_rows([["企业名称", "园区"], [JIA, ""], [text, ""]])
    assert got.rejected["name"].tolist() == [f"'{text}"]


def test_issues_are_listed_up_to_a_bound_and_counted_all(take_rows):
    got = take_rows([["企业名称", "登记状态"], *[[f"样例{n}有限公司", "怪"] for n in range(1500)]])
    assert len(got.report["issues"]) == 1000
    assert got.report["issue_counts"] == {"status：不认识的登记状态": 1500}


def test_a_unit_in_a_column_of_its_own_is_read(take_rows):
    """万元 beside the number, row by row; what has no unit there, or one that nobody knows, stays empty and is told."""
    rows = [
        ["样例一有限公司", "500", "万元"], ["样例二有限公司", "20", "万美元"], ["样例三有限公司", "300", ""],
        ["样例四有限公司", "7000000", "元"], ["样例五有限公司", "3", "亿元"], ["样例六有限公司", "80万元", "万元"],
        ["样例七有限公司", "80", "贝壳"], ["样例八有限公司", "80", "人民币"],
    ]  # fmt: skip
    got = take_rows([["企业名称", "注册资本", "注册资本单位"], *rows])
    assert got.table["capital_amount"].fillna(-1).tolist() == [5e6, 2e5, -1, 7e6, 3e8, 8e5, -1, -1]
    assert got.table["capital_currency"].tolist()[:2] == ["CNY", "USD"]
    counts = got.report["issue_counts"]
    assert sum(number for said, number in counts.items() if "没有写明单位" in said) == 3
    assert counts["capital_currency：不认识的币种"] == 1
