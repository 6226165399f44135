"""Lists of premises: every row accounted for, nothing about persons, and a file that comes back as it went."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.ingest.premises import (
    MONTH_ONLY,
    SAMPLE_ROW,
    UNKNOWN_DAY,
    is_organisation,
    premises_task,
    read_day,
    read_environment,
    read_kind,
    read_premises,
    recognise_premises,
    template,
)
from geo.premises.premises import (
    ENVIRONMENT_CLASSES,
    PREMISES_KINDS,
    Asked,
    as_file,
    checked_row,
    compare_terms,
    premises_table,
)
from geo.premises.quantities import QUANTITIES

HEADER = "载体名称,类型,地址,所在区,面积（亩）,可租面积（㎡）,层高,承重,月租金（元/㎡）,售价,环评,产业准入,可入驻时间,联系单位"
LIST = f"""{HEADER},联系人,联系电话,说明
样例甲厂房,标准厂房,上海市松江区新桥镇样例路1号,松江区,12,5000,8.1米,2吨/㎡,45.625,面议,可办报告表,生物医药,即可,样例园区管理有限公司,王小明,13800000000,近地铁
样例乙地块,工业用地,,嘉定区,30,,,,,80万元/亩,丙类,汽车,2026年3月,李四,李四,13900000000,电 13900000001
样例乙地块,工业用地,,嘉定区,30,,,,,80万元/亩,丙类,汽车,2026年3月,李四,李四,13900000000,电 13900000001
"样例行，导入前请删除",厂房,,,,,,,,,,,,,,,
"""


def read(tmp_path, text, name="a.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_premises(file)


def told(found, column):
    return [problem for _, name, _, problem in found.issues if name == column]


def test_a_list_is_read_with_an_account_of_every_row(tmp_path):
    found = read(tmp_path, LIST)
    plant, parcel = found.rows
    assert (plant["kind"], plant["area_m2"], plant["available_m2"], plant["height_m"]) == ("plant", 8000.0, 5000.0, 8.1)
    assert (plant["load_kg_m2"], plant["rent"], plant["price"]) == (2000.0, 1.5, None)
    assert (plant["environment"], plant["available_from"]) == ("form", "now")
    assert (plant["district"], plant["zone"], plant["town"]) == ("310117", "belt", "新桥镇")
    assert (plant["location_precision"], plant["location_error_m"] > 0) == ("town", True)
    assert plant["written"] == {
        "area_m2": "12 亩", "height_m": "8.1米", "load_kg_m2": "2吨/㎡", "rent": "45.625 元/㎡"
    }  # fmt: skip
    assert (parcel["kind"], parcel["price"], parcel["available_from"]) == ("parcel", 1200.0, "2026-03-31")
    assert (parcel["environment"], parcel["environment_text"]) == ("", "丙类")
    assert found.rejected == [(4, "与前面的一行完全相同"), (5, "这是模板里的样例行")]
    assert found.rows_in_file == len(found.rows) + len(found.rejected) == 4
    assert told(found, "price") == ["没有读懂，没有采用"]


def test_persons_are_left_out_wherever_they_stand(tmp_path):
    found = read(tmp_path, LIST)
    kept = json.dumps([found.rows, found.issues, found.columns], ensure_ascii=False)
    assert {"联系人", "联系电话"} <= set(found.personal)
    assert not [word for word in ("李四", "王小明", "1380000", "1390000") if word in kept]
    assert [row["organisation"] for row in found.rows] == ["样例园区管理有限公司", ""]


def test_a_layer_of_parcels_gives_points(tmp_path):
    square = [[121.2, 31.0], [121.21, 31.0], [121.21, 31.01], [121.2, 31.01], [121.2, 31.0]]
    feature = {
        "type": "Feature", "properties": {"name": "样例地块", "land_area_mu": 30, "type": "parcel"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    found = read(tmp_path, text, "a.geojson")
    assert (found.verdict, found.rows[0]["lon"]) == (
        "undetermined",
        None,
    )  # nothing says which datum: no place is made up
    (row,) = read_premises(tmp_path / "a.geojson", datum="wgs84").rows
    assert (row["kind"], row["land_m2"], row["district"]) == ("parcel", 20_000.0, "310117")
    assert row["lon"] == pytest.approx(121.205, abs=0.006)
    assert row["lat"] == pytest.approx(31.005, abs=0.006)


def test_english_headings_are_read(tmp_path):
    text = "Name,Type,District,Area (m2),Clear height (m),Floor load (t/m2),Rent (CNY/m2/month),Available from\n"
    (row,) = read(tmp_path, text + "Sample plant,Plant,Songjiang,5000,8,2,45.625,2026-05-01\n").rows
    assert (row["kind"], row["district"], row["area_m2"], row["height_m"]) == ("plant", "310117", 5000.0, 8.0)
    assert (row["load_kg_m2"], row["rent"], row["available_from"]) == (2000.0, 1.5, "2026-05-01")


def test_the_template_is_read_and_its_sample_row_is_refused(tmp_path):
    for lang in ("zh", "en"):
        table = template(lang)
        file = tmp_path / f"{lang}.csv"
        file.write_bytes(table_bytes(table, "csv"))
        with pytest.raises(DataError, match="样例行"):
            read_premises(file)
        own = table.assign(**{table.columns[0]: "样例厂房"})
        file.write_bytes(table_bytes(pd.concat([table, own]), "csv"))
        found = read_premises(file)
        (row,) = found.rows
        assert (row["available_m2"], row["height_m"], row["load_kg_m2"], row["rent"]) == (8000.0, 8.0, 2000.0, 1.2)
        assert (row["kind"], row["environment"], row["available_from"]) == ("plant", "form", "now")
        assert found.unread == []
    assert SAMPLE_ROW.zh in template("zh").to_string()


@pytest.mark.parametrize(
    ("text", "message"),
    [("甲,乙\n1,2\n", "名称"), ("", "空"), ("名称,面积\n", "内容|没有一行")],
)
def test_a_file_that_holds_no_premises_is_one_sentence(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, text)


def test_headings_of_one_quantity_are_told_apart_by_their_unit():
    found = recognise_premises(["名称", "售价（万元）", "售价（元/㎡）", "面积", "建筑面积（㎡）", "土地面积（亩）"])
    assert (found["total_price"], found["price"]) == ("售价（万元）", "售价（元/㎡）")
    assert (found["area_m2"], found["land_m2"]) == ("建筑面积（㎡）", "土地面积（亩）")


def answer_of(file, folder):
    folder.mkdir()
    return premises_task(file, {"label": file.name, "datum": "auto"}, folder, lambda *_done: None)


def test_the_whole_does_not_stand_for_what_is_free_and_was_not_read(tmp_path):
    cells = ["", "0", "已租完", "500-1000", "暂无", "3000 2500", "3000"]
    lines = [f"样例{number},8000,{cell}" for number, cell in enumerate(cells)]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["名称,建筑面积（㎡）,可租面积（㎡）", *lines]), encoding="utf-8")
    table = premises_table(map(checked_row, answer_of(file, tmp_path / "first")["rows"]))
    expected = ["met", "failed", *["unknown"] * 4, "failed"]
    assert compare_terms(table, Asked(area_from=5000))["size"].tolist() == expected
    file.write_bytes(table_bytes(as_file(table, "zh"), "csv"))  # nor after a download and an import of it
    again = premises_table(map(checked_row, answer_of(file, tmp_path / "second")["rows"]))
    assert compare_terms(again, Asked(area_from=5000))["size"].tolist() == expected


def test_a_bare_number_without_unit_gets_none_by_a_download(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("名称,建筑面积（㎡）,可租面积\n样例甲,8000,6000\n", encoding="utf-8")
    table = premises_table(map(checked_row, answer_of(file, tmp_path / "first")["rows"]))
    file.write_bytes(table_bytes(as_file(table, "en"), "csv"))
    again = premises_table(map(checked_row, answer_of(file, tmp_path / "second")["rows"]))
    assert again["size_m2"].isna().tolist() == table["size_m2"].isna().tolist() == [True]


def test_rows_that_differ_in_anything_the_file_says_are_kept(tmp_path):
    text = (
        "序号,载体名称,可租面积（㎡）,楼层,联系电话\n1,样例甲,500-600,1,13800000000\n2,样例甲,500-600,2,13800000000\n"
        "3,样例甲,500-700,1,13800000000\n4,样例甲,500-600,1,13900000000\n"
    )
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    answer = answer_of(file, tmp_path / "work")
    assert [row["source_row"] for row in answer["rows"]] == [2, 3, 4]
    assert answer["rejected"] == [(5, "与前面的一行完全相同")]  # but for its number and a telephone


def test_a_name_without_letters_is_refused_in_words_for_premises(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("名称,地址\n样例甲,松江区新桥镇\n3#,松江区新桥镇\n12,松江区新桥镇\n", encoding="utf-8")
    answer = answer_of(file, tmp_path / "work")
    assert len(answer["rows"]) + len(answer["rejected"]) == 3
    assert [reason for _, reason in answer["rejected"]] == ["载体名称里没有文字，请写成“3号厂房”这样"] * 2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            ("2026-03-01", "2026-03-01"),
            ("2026/3/1", "2026-03-01"),
            ("2026.3.1", "2026-03-01"),
            ("20260301", "2026-03-01"),
        ),
        *(("2026年3月1日起", "2026-03-01"), ("2026年5月1日以后", "2026-05-01"), ("2026-5-1后可入驻", "2026-05-01")),
        *(
            ("2026年5月1日可交付使用", "2026-05-01"),
            ("2026-03-01 00:00:00", "2026-03-01"),
            ("1 May 2026", "2026-05-01"),
        ),
        *(("available from May 1, 2026", "2026-05-01"), ("46082", "2026-03-01"), ("二〇二六年三月一日", "2026-03-01")),
        *(("自2026年3月1日起", "2026-03-01"), ("２０２６年３月１日", "2026-03-01")),
    ],
)
def test_a_cell_that_is_a_day_is_read(text, day):
    assert read_day(text) == (day, "")


@pytest.mark.parametrize(
    ("text", "day"), [("2026.10", "2026-10-31"), ("2026年3月份起", "2026-03-31"), ("2026年2月底可交付", "2026-02-28")]
)
def test_a_month_is_its_last_day(text, day):
    assert read_day(text) == (day, MONTH_ONLY)


@pytest.mark.parametrize(
    "text",
    [
        *("已租至2026-12-31", "2024年5月1日起已出租至2027年5月1日", "2026-5-1前不可用", "2026年5月1日到期", "2026.3-5"),
        *("2026年3-5月", "2026-3-1至2028-3-1", "2025-01-01已出租", "2026.1", "2026-5-1前", "2026-5-1 2027-5-1", "2026"),
        *(
            "leased until 2026-12-31",
            "until May 1, 2026",
            "预计2026-3-1",
            "8000",
            "2026-02-30",
            "2026年3月1日租约到期后可入驻",
        ),
        *("2026年3月至5月", "2026-3-1起出租", "合同二〇二六年三月一日到期"),
    ],
)
def test_a_date_in_a_sentence_is_no_day_from_which_premises_are_free(text):
    assert read_day(text) == ("", UNKNOWN_DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("报告书及以下", "book"),
            ("环评：报告表", "form"),
            ("最高可办理报告表", "form"),
            ("可编制环境影响报告书", "book"),
        ),
        *(("报告书、报告表均可", "book"), ("can do a full report", "book"), ("登记表类", "registration")),
    ],
)
def test_a_class_that_is_said_plainly_is_read(text, expected):
    assert read_environment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "拒绝报告书",
            "报告书谢绝",
            "停办报告书",
            "报告书×，报告表√",
            "报告书：否",
            "报告表(可)报告书(否)",
            "报告书以下",
        ),
        *(
            "报告表,报告书另议",
            "报告书待批",
            "can't do full report",
            "cannot do full report",
            "报告书？",
            "报告表（ ）报告书（ ）",
        ),
        *("未办报告书", "□报告书 ☑报告表", "报告表或报告书", "需报告书", "no full report"),
    ],
)
def test_a_class_that_is_refused_or_in_doubt_is_not_read(text):
    assert read_environment(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "招商中心张三",
            "张三（松江开发区）",
            "园区王经理",
            "李四 样例园区管理有限公司",
            "张会",
            "李开发",
            "张三",
            "王总招商部",
        ),
        *(
            "样例园区管理有限公司（李四）",
            "Park Office, John Smith",
            "Zhang San",
            "张三招商中心",
            "李办",
            "欧阳部",
            "Mr. Li Office",
            "张三丰会",
            "John Park",
        ),
    ],
)
def test_what_may_name_a_person_is_no_organisation(text):
    assert not is_organisation(text)


@pytest.mark.parametrize(
    "text",
    [
        *("样例园区管理有限公司", "样例（上海）有限公司", "管委会", "招商部", "松江区新桥镇人民政府", "松江招商中心"),
        *("松江区经济委员会、松江区投资促进中心", "样例产业园", "Sample Park Co., Ltd.", "Songjiang Park Office"),
    ],
)
def test_an_organisation_is_known_by_its_end(text):
    assert is_organisation(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("非厂房", ""), ("labour", ""), ("collaboration space", ""), ("plantation", ""), ("non-plant", "")),
        *(("非标厂房", "plant"), ("Industrial plants", "plant"), ("Labs", "lab"), ("R & D building", "lab")),
    ],
)
def test_a_kind_is_a_whole_word(text, kind):
    assert read_kind(text) == kind


@pytest.mark.parametrize("text", ["不可办报告表", "可办报告表，不可办报告书", "除报告书外", "可环评", "甲级"])
def test_a_class_that_is_not_said_plainly_is_not_read(text):
    assert read_environment(text) == ""


def test_codes_in_words_come_back_as_codes():
    for lang in ("zh", "en"):
        assert [read_kind(name.of(lang)) for name in PREMISES_KINDS.values()] == list(PREMISES_KINDS)
        classes = [read_environment(name.of(lang)) for name in ENVIRONMENT_CLASSES.values()]
        assert classes == list(ENVIRONMENT_CLASSES)
    assert read_day("2026-13-40")[0] == ""


ROW = st.fixed_dictionaries(
    {
        "name": st.integers(1, 999).map(lambda number: f"样例载体{number}号"),
        "kind": st.sampled_from(["", *PREMISES_KINDS]),
        "district": st.sampled_from(["310117", "310114", "310120"]),
        "environment": st.sampled_from(["", *ENVIRONMENT_CLASSES]),
        "available_from": st.sampled_from(["", "now", "2026-03-31"]),
        "admitted": st.sampled_from(["", "生物医药、医疗器械", "=1+1"]),
        "organisation": st.sampled_from(["", "样例园区管理有限公司"]),
        **{
            code: st.none() | st.floats(max(one.least, 10), min(one.most, 99), allow_nan=False)
            for code, one in QUANTITIES.items()
            if one.least < 99
        },
        "total_price": st.none() | st.integers(10_000, 10**9).map(float),
    }
)
_SAME = (*QUANTITIES, "name", "kind", "district", "environment", "available_from", "organisation")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ROW, min_size=1, max_size=12, unique_by=lambda row: row["name"]), lang=st.sampled_from(["zh", "en"])
)
def test_what_was_downloaded_is_imported_as_it_was(rows, lang, tmp_path):
    before = premises_table(rows)
    file: Path = tmp_path / "own.csv"
    file.write_bytes(table_bytes(as_file(before, lang), "csv"))
    folder = Path(tmp_path / f"w{len(list(tmp_path.iterdir()))}")
    folder.mkdir()
    answer = premises_task(file, {"label": "own.csv", "datum": "auto"}, folder, lambda *_done: None)
    after = premises_table(map(checked_row, answer["rows"]))
    assert after.index.tolist() == premises_table([row | {"address": ""} for row in rows]).index.tolist()
    for name in _SAME:
        assert after[name].fillna(-1).tolist() == before[name].fillna(-1).tolist(), name
    again = as_file(after, lang)
    assert [column for column in again if column not in as_file(before, lang)] == []
