"""Every format reopens with the same rows; codes stay text; nothing in a cell is ever run."""

import io

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geo.crs import STORAGE_CRS
from geo.datasets.dataset import load_dataset
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import as_enterprises
from geo.errors import DataError
from geo.export.selection import EXPORTERS, export, to_bytes
from geo.export.spreadsheet import write_csv

SAMPLE = load_dataset().enterprises
SUFFIXES = list(EXPORTERS)
MAPS = [".geojson", ".gpkg", ".parquet"]
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "template": "${7*7} {{7*7}} `id`",
    "quotes": "'\"; DROP TABLE x; --",
    "comma and lines": 'a,"b"\nc\r\nd',
    "long": "长" * 10_000,
    "emoji": "🏭" * 3,
    "escape": "_x0041_",
    "right to left": "\u202eexe.txt",
}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", " =1", "＝1+1", "\n=1"]


def enterprises(**columns):
    """A table with the made columns and everything else that it needs."""
    count = len(next(iter(columns.values())))
    needed: dict[str, list] = {
        "enterprise_id": [f"E{i}" for i in range(count)],
        "name": [f"企业{i}" for i in range(count)],
    }
    needed |= {"lon": [121.5] * count, "lat": [31.2] * count}
    return as_enterprises(pd.DataFrame(needed | columns))


def reopen(file):
    """Rows of a file as text and numbers, whatever the format; empty cells as they come."""
    if file.suffix == ".csv":
        return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if file.suffix == ".xlsx":
        return pd.read_excel(file, dtype=str, keep_default_na=False, engine="openpyxl")
    return gpd.read_parquet(file) if file.suffix == ".parquet" else gpd.read_file(file)


def written(table, tmp_path, suffix, **options):
    export(table, tmp_path / f"out{suffix}", **options)
    return tmp_path / f"out{suffix}"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_rows_in_the_same_order_come_back(tmp_path, suffix):
    table = reopen(written(SAMPLE, tmp_path, suffix))
    assert table["enterprise_id"].tolist() == SAMPLE.index.tolist()
    assert table["name"].tolist() == SAMPLE["name"].tolist()
    assert [column for column in table.columns if column != "geometry"] == list(COLUMNS)


@pytest.mark.parametrize("suffix", MAPS)
def test_points_come_back_with_their_crs_and_none_is_dropped(tmp_path, suffix):
    table = reopen(written(SAMPLE, tmp_path, suffix))
    assert table.crs == STORAGE_CRS
    assert table.geometry.isna().tolist() == SAMPLE.geometry.isna().tolist()
    assert set(table.geom_type.dropna()) == {"Point"}
    for made, back in ((SAMPLE.geometry.x, table.geometry.x), (SAMPLE.geometry.y, table.geometry.y)):
        np.testing.assert_allclose(back, made, atol=1e-7)  # a centimetre


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_codes_stay_text(tmp_path, suffix):
    codes = {"uscc": ["91310000717854505E", "913100001322095050"], "stock_code": ["000001", "600843"]}
    codes |= {"adcode": ["310115", ""], "gb4754": ["0110", "3982"]}
    table = reopen(written(enterprises(**codes), tmp_path, suffix))
    for column, values in codes.items():
        assert table[column].fillna("").tolist() == values
    if suffix == ".xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["enterprises"]
        at = {cell.value: cell.column for cell in sheet[1]}
        for column in ("uscc", "stock_code", "gb4754"):
            cell = sheet.cell(2, at[column])
            assert (cell.data_type, cell.number_format) == ("s", "@")


def test_numbers_and_truth_values_are_typed_in_xlsx(tmp_path):
    made = enterprises(insured=[120, None], capital_amount=[1.5e9, None], uscc_valid=[True, None], lon=[121.5, None])
    sheet = openpyxl.load_workbook(written(made, tmp_path, ".xlsx"))["enterprises"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for column, value, kind in (
        ("insured", 120, "n"), ("capital_amount", 1.5e9, "n"), ("uscc_valid", True, "b"), ("lon", 121.5, "n"),
    ):  # fmt: skip
        cell = sheet.cell(2, at[column])
        assert (cell.value, cell.data_type) == (value, kind)
        assert sheet.cell(3, at[column]).value is None


def test_days_are_dates_in_xlsx_and_what_is_no_day_stays_text(tmp_path):
    made = enterprises(founded=["2001-05-08", "1899-12-31", "2001-13-40", ""])
    sheet = openpyxl.load_workbook(written(made, tmp_path, ".xlsx"))["enterprises"]
    column = next(cell.column for cell in sheet[1] if cell.value == "founded")
    cells = [sheet.cell(row, column) for row in range(2, 6)]
    assert cells[0].is_date
    assert cells[0].value.date().isoformat() == "2001-05-08"
    assert [cell.value for cell in cells[1:]] == ["1899-12-31", "2001-13-40", None]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_in_csv_and_xlsx(tmp_path, text):
    made = enterprises(name=[text], address=[text])
    csv = reopen(written(made, tmp_path, ".csv"))
    assert csv.loc[0, "name"].startswith("'")
    assert csv.loc[0, "address"].startswith("'")
    sheet = openpyxl.load_workbook(written(made, tmp_path, ".xlsx"))["enterprises"]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value.strip() == text.strip()
    assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_a_title_from_a_file_is_no_formula(tmp_path):
    write_csv(pd.DataFrame({"＝1+1": ["a"], "=cmd": ["b"], "name": ["样例甲"]}), tmp_path / "a.csv")
    assert pd.read_csv(tmp_path / "a.csv").columns.tolist() == ["'＝1+1", "'=cmd", "name"]


def test_numbers_and_plain_text_are_not_touched_by_the_neutralising(tmp_path):
    made = enterprises(name=["上海-甲", "a=b"], lon_raw=[-1.5, None], business_scope=["(一)=", "http://x"])
    csv = reopen(written(made, tmp_path, ".csv"))
    assert csv["name"].tolist() == ["上海-甲", "a=b"]
    assert csv["lon_raw"].tolist() == ["-1.5", ""]
    assert csv["business_scope"].tolist() == ["(一)=", "http://x"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_comes_back_as_it_was(tmp_path, suffix, kind):
    text = HOSTILE[kind]
    table = reopen(written(enterprises(name=[text], business_scope=["x" + text]), tmp_path, suffix))
    assert table.loc[0, "business_scope"] == "x" + text.replace("\r\n", "\n")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_characters_that_xml_cannot_hold_are_left_out(tmp_path, suffix):
    made = enterprises(name=["a\x00b\x0bc\x1fd\ufffee"])
    assert reopen(written(made, tmp_path, suffix)).loc[0, "name"] == "abcde"


def test_a_lone_surrogate_does_no_harm(tmp_path):
    made = enterprises(name=["甲"])
    made["business_scope"] = pd.Series(["a\ud800b"], index=made.index, dtype=object)
    for suffix in SUFFIXES:
        assert reopen(written(made, tmp_path, suffix)).loc[0, "business_scope"] == "ab"


@pytest.mark.parametrize("unit", ["长", "🏭"])
def test_a_text_beyond_the_limit_of_a_cell_is_cut_and_said_so(tmp_path, unit):
    whole = unit * 40_000
    file = written(enterprises(business_scope=[whole, "kurz"]), tmp_path, ".xlsx")
    book = openpyxl.load_workbook(file)
    shown = reopen(file).loc[0, "business_scope"]
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert shown.endswith("…")
    assert whole.startswith(shown[:-1])
    notes = dict(book["about"].iter_rows(values_only=True))
    assert notes["! business_scope"].startswith("1 ")
    assert reopen(written(enterprises(business_scope=[whole]), tmp_path, ".csv")).loc[0, "business_scope"] == whole


@pytest.mark.parametrize("labels", [None, "zh", "en"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_selection_is_its_header_alone(tmp_path, suffix, labels):
    table = reopen(written(SAMPLE.head(0), tmp_path, suffix, labels=labels))
    assert len(table) == 0
    if suffix != ".geojson":  # its fields stand in its features
        expected = [COLUMNS[column].label.of(labels) if labels else column for column in COLUMNS]
        assert [column for column in table.columns if column != "geometry"] == expected
    if suffix in MAPS:
        assert table.crs == STORAGE_CRS


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_row(tmp_path, suffix):
    for position in (0, int(SAMPLE.geometry.isna().to_numpy().argmax())):  # with a point, without one
        one = SAMPLE.iloc[[position]]
        table = reopen(written(one, tmp_path, suffix))
        assert table["name"].tolist() == one["name"].tolist()
        assert table["adcode"].fillna("").tolist() == one["adcode"].tolist()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_personal_columns_never_leave(tmp_path, suffix):
    made = enterprises(name=["甲"], 法定代表人=["张三"], 电话=["13800000000"], legal_representative=["张三"])
    file = written(made, tmp_path, suffix)
    assert not {"法定代表人", "电话", "legal_representative"} & set(reopen(file).columns)
    assert "张三".encode() not in file.read_bytes()
    assert b"13800000000" not in file.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_labels_replace_headers_and_codes(tmp_path, suffix):
    chinese = reopen(written(SAMPLE.head(30), tmp_path, suffix, labels="zh"))
    assert set(chinese["一核一带"]) <= {"核：临港", "带：近郊五区", "其他区", "未定位"}
    assert chinese["企业名称"].tolist() == SAMPLE["name"].head(30).tolist()
    english = reopen(written(SAMPLE.head(30), tmp_path, suffix, labels="en"))
    assert "Pudong" in set(english["District"])
    assert "Biomedicine" in set(english["Industry"])


def test_the_notes_say_source_selection_date_count_and_licences(tmp_path):
    options = {"labels": "zh", "sentence": "=松江区 · 3 家", "date": "2026-11-24", "synthetic": True}
    book = openpyxl.load_workbook(written(SAMPLE.head(3), tmp_path, ".xlsx", **options))
    notes = dict(book["说明"].iter_rows(values_only=True))
    assert (notes["选择"], notes["编纂日期"], notes["企业数"]) == ("=松江区 · 3 家", "2026-11-24", "3")
    assert "虚构" in notes["注意"]
    assert any(key.startswith("许可") and "GeoNames" in text for key, text in notes.items())
    assert all(cell.data_type != "f" for row in book["说明"].iter_rows() for cell in row)
    assert book["企业"].freeze_panes == "A2"
    assert "虚构" in written(SAMPLE.head(3), tmp_path, ".geojson", **options).read_text(encoding="utf-8")
    layer = pyogrio.read_info(written(SAMPLE.head(3), tmp_path, ".gpkg", **options))
    assert "松江区" in str(layer["layer_metadata"])


def test_csv_opens_in_a_chinese_excel():
    content = to_bytes(SAMPLE.head(1), "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_download_is_the_file(tmp_path, suffix):
    content = to_bytes(SAMPLE.head(5), suffix, labels="zh", sentence="x")
    (tmp_path / f"download{suffix}").write_bytes(content)
    file = written(SAMPLE.head(5), tmp_path, suffix, labels="zh", sentence="x")
    pd.testing.assert_frame_equal(
        pd.DataFrame(reopen(tmp_path / f"download{suffix}")), pd.DataFrame(reopen(file)), check_like=False
    )
    assert to_bytes(SAMPLE.head(1), suffix.removeprefix("."))


@pytest.mark.parametrize("name", ["out.foo", "out", "out.shp", "out.xls", ".csv"])
def test_an_unknown_suffix_is_named(tmp_path, name):
    with pytest.raises(DataError, match="csv、xlsx、geojson、gpkg、parquet") as caught:
        export(SAMPLE, tmp_path / name)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path, suffix):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / f"folder{suffix}").mkdir()
    for out in (tmp_path / "none" / f"a{suffix}", tmp_path / "file" / f"a{suffix}", tmp_path / f"folder{suffix}"):
        with pytest.raises(DataError) as caught:
            export(SAMPLE.head(2), out)
        assert "\n" not in str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} == {"file", f"folder{suffix}"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_older_file_is_replaced_and_kept_when_the_new_one_fails(tmp_path, suffix):
    file = written(SAMPLE.head(3), tmp_path, suffix)
    before = file.read_bytes()
    wrong = SAMPLE.head(3).assign(insured="viele")
    with pytest.raises(DataError, match="insured"):
        export(wrong, file)
    assert file.read_bytes() == before
    export(SAMPLE.head(1), file)
    assert len(reopen(file)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_names_of_any_script_and_case_of_the_suffix(tmp_path):
    for suffix in SUFFIXES:
        out = tmp_path / f"松江 企业{suffix.upper()}"
        export(SAMPLE.head(2), out)
        assert out.stat().st_size > 0
    assert len(gpd.read_file(tmp_path / "松江 企业.GPKG")) == 2


def test_points_in_another_crs_leave_in_wgs84(tmp_path):
    metric = SAMPLE.head(5).to_crs("EPSG:32651")
    back = reopen(written(metric, tmp_path, ".gpkg"))
    np.testing.assert_allclose(back.geometry.x, SAMPLE.geometry.x.head(5), atol=1e-7)


@given(st.lists(st.tuples(st.text(max_size=30), st.text("=+-@\t\r\n'\"<>&;,\x00\x1f＝ 甲1", max_size=8)), max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_text_survives_and_none_is_a_formula(rows):
    texts = [one for one, _ in rows], [other for _, other in rows]
    made = gpd.GeoDataFrame(
        {"enterprise_id": [str(i) for i in range(len(rows))], "name": texts[0], "address": texts[1]},
        geometry=[Point(121.5, 31.2)] * len(rows),
        crs=STORAGE_CRS,
    )
    csv = pd.read_csv(io.BytesIO(to_bytes(made, "csv")), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(csv) == len(rows)
    for column in ("name", "address"):
        assert not csv[column].str.match(r"[=+\-@\t\r＝＋－＠]").any()
    sheet = openpyxl.load_workbook(io.BytesIO(to_bytes(made, "xlsx")))["enterprises"]
    assert sheet.max_row == len(rows) + 1
    assert all(cell.data_type in {"s", "n"} for row in sheet.iter_rows() for cell in row)
    parquet = gpd.read_parquet(io.BytesIO(to_bytes(made, "parquet")))
    assert len(parquet) == len(rows)
