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
    SAMPLE_ROW,
    premises_task,
    read_day,
    read_environment,
    read_kind,
    read_premises,
    recognise_premises,
    template,
)
from geo.premises.premises import ENVIRONMENT_CLASSES, PREMISES_KINDS, as_file, checked_row, premises_table
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
