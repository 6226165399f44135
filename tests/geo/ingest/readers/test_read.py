import io
import re
import tempfile
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from geo.errors import DataError
from geo.ingest.pipeline import preview
from geo.ingest.readers.delimited import read_text
from geo.ingest.readers.parquet import read_parquet
from geo.ingest.readers.read import read_file
from geo.ingest.readers.sheet import Limits

HEADER = ["企业名称", "统一社会信用代码", "企业地址"]
ROWS = [["样例甲(上海)有限公司", "91310000MAX000001M", "金桥路1号"], ["样例乙（上海）有限公司", "", "张江路2号"]]


def as_csv(rows, separator=","):
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
        ("utf-16", "utf-16"), ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ","), (".tsv", "\t"), (".csv", ";"), (".txt", "\t")])
def test_text(tmp_path, codec, name, suffix, separator):
    path = tmp_path / f"样例{suffix}"
    path.write_bytes(as_csv([HEADER, *ROWS], separator).encode(codec))
    sheet = read_file(path)
    assert sheet.encoding == name
    assert list(sheet.table.columns) == HEADER
    assert sheet.table.iloc[1, 0] == ROWS[1][0]
    assert sheet.rows.tolist() == [2, 3]


@pytest.mark.parametrize("above", range(10))
def test_header_in_the_first_ten_rows(tmp_path, above):
    path = tmp_path / "a.csv"
    path.write_text(as_csv([["声明：样例"]] * above + [HEADER, *ROWS]), encoding="utf-8")
    sheet = read_file(path)
    assert sheet.header_row == above + 1
    assert sheet.rows.tolist() == [above + 2, above + 3]


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('企业名称,备注\n样例甲,"两\n行"\n\n,\n样例乙,x\n', encoding="utf-8")
    sheet = read_file(path)
    assert sheet.rows.tolist() == [2, 5]
    assert (sheet.rows_in_file, sheet.blank_rows) == (2, 2)


def test_ragged_rows_are_reported(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("企业名称,备注\n样例甲\n样例乙,1,2\n样例丙,1,,\n", encoding="utf-8")
    sheet = read_file(path)
    assert sheet.table["企业名称"].tolist() == ["样例甲", "样例丙"]
    assert [(row.row, row.reason[:4]) for row in sheet.rejected] == [(3, "比表头多")]
    assert {issue.row for issue in sheet.issues} == {2, 3}
    assert sheet.rows_in_file == 3


def test_repeated_headers_are_kept_apart(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("企业名称,备注,备注,\n样例甲,1,2,3\n", encoding="utf-8")
    assert list(read_file(path).table.columns) == ["企业名称", "备注", "备注 (2)", "列4"]
    assert read_file(path).table.iloc[0].tolist() == ["样例甲", "1", "2", "3"]
    path.write_text("企业名称,备注,\n样例甲,1,\n", encoding="utf-8")
    assert list(read_file(path).table.columns) == ["企业名称", "备注"]


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_xlsx_with_a_statement_above_and_numbers(tmp_path):
    rows = [["以下数据由样例导出"], [*HEADER, "参保人数"], [*ROWS[0], 12], ["样例乙", 913101151322123456, "x", 1.5]]
    sheet = read_file(workbook(tmp_path / "表.xlsx", {"数据": rows}))
    assert (sheet.header_row, sheet.rows.tolist(), sheet.encoding) == (2, [3, 4], None)
    assert sheet.table["参保人数"].tolist() == ["12", "1.5"]
    assert re.fullmatch(r"9\.\d+E\+17", sheet.table["统一社会信用代码"].iat[1])


def test_xlsx_takes_the_sheet_with_names_and_says_which_it_left(tmp_path):
    sheets = {"说明": [["说明"], ["请看第二页"]], "数据": [HEADER, *ROWS], "空": []}
    sheet = read_file(workbook(tmp_path / "表.xlsx", sheets))
    assert len(sheet.table) == 2
    assert [issue.value for issue in sheet.issues] == ["说明"]


def test_text_under_the_name_of_an_old_workbook(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(as_csv([HEADER, *ROWS], "\t").encode("gb18030"))
    assert read_file(path).encoding == "gb18030"


@pytest.fixture
def layer():
    table = pd.DataFrame(ROWS, columns=HEADER)
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([121.4, 121.5], [31.2, 31.3]), crs=4326)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet"])
@pytest.mark.parametrize("crs", [4326, 4490])
def test_layers_bring_their_points(tmp_path, layer, suffix, crs):
    path = tmp_path / f"样例{suffix}"
    layer = layer.set_crs(crs, allow_override=True) if suffix != ".geojson" else layer
    layer.to_parquet(path) if suffix == ".parquet" else layer.to_file(path)
    sheet = read_file(path)
    assert (sheet.header_row, sheet.rows.tolist()) == (None, [1, 2])
    assert sheet.lon is not None
    assert list(sheet.lon) == pytest.approx([121.4, 121.5])
    assert sheet.table["企业名称"].tolist() == [row[0] for row in ROWS]


def test_metres_become_degrees(tmp_path, layer):
    layer.to_crs(32651).to_file(tmp_path / "a.gpkg")
    sheet = read_file(tmp_path / "a.gpkg")
    assert sheet.lon is not None
    assert list(sheet.lon) == pytest.approx([121.4, 121.5])


def zipped(path, layer, encoding, keep=(".shp", ".shx", ".dbf", ".prj", ".cpg"), folder=""):
    parts = path.parent / "parts"
    parts.mkdir()
    layer.to_file(parts / "企业.shp", encoding=encoding)
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts.iterdir():
            if part.suffix in keep:
                archive.write(part, folder + part.name)
    return path


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("code_page", [True, False])
def test_zipped_shapefile_under_its_code_page(tmp_path, layer, encoding, code_page):
    keep = (".shp", ".shx", ".dbf", ".prj", ".cpg") if code_page else (".shp", ".shx", ".dbf")
    sheet = read_file(zipped(tmp_path / "图.zip", layer, encoding, keep, "夹/"))
    assert sheet.encoding == encoding
    assert sheet.table["企业名称"].tolist() == [row[0] for row in ROWS]
    assert "统一社会信用代码" in sheet.table.columns
    assert sheet.lon is not None
    assert list(sheet.lon) == pytest.approx([121.4, 121.5])


def refused(path, message, **limits):
    with pytest.raises(DataError, match=message) as caught:
        read_file(path, Limits(**limits))
    assert "\n" not in str(caught.value)


def test_limits_of_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(as_csv([HEADER, *ROWS]), encoding="utf-8")
    refused(path, "超过 0 MB", file_bytes=10)
    refused(path, "超过 1 行", rows=1)
    sheet = read_file(path, Limits(columns=2))
    assert list(sheet.table.columns) == HEADER[:2]
    assert "列数超过 2" in sheet.issues[0].problem
    sheet = read_file(path, Limits(cell_chars=10))
    assert [row.row for row in sheet.rejected] == [2, 3]


def test_an_open_quotation_mark_ends_in_a_sentence(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('企业名称,备注\n样例甲,"没有关上' + "字\n" * 9_000_000, encoding="utf-8")
    refused(path, "引号")


def bomb(path, size):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return path


def test_bombs_are_refused(tmp_path, layer):
    refused(bomb(tmp_path / "a.xlsx", 3_000_000), "解开后超过", unpacked_bytes=1_000_000)
    layer.to_parquet(tmp_path / "a.parquet")
    refused(tmp_path / "a.parquet", "解开后超过", unpacked_bytes=10)


def test_a_bomb_that_lies_about_its_size(tmp_path):
    path = bomb(tmp_path / "a.xlsx", 3_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace((3_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    refused(path, "解开后超过|损坏", unpacked_bytes=1_000_000)


def test_a_sheet_with_a_far_cell_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "企业名称")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    refused(path, "工作表跨")


@pytest.mark.parametrize("name", ["../a.shp", "/a.shp", "C:\\a.shp", "x/../../a.shp"])
def test_paths_that_lead_out_of_the_archive(tmp_path, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"0")
    refused(path, "文件夹以外")
    assert not (tmp_path.parent / "a.shp").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "空的"),
        ("a.csv", b"\n\n", "没有内容"),
        ("a.xlsx", b"PK\x03\x04broken", "打不开"),
        ("a.xlsx", b"%PDF-1.7", "PDF"),
        ("a.xls", b"<html><table></table></html>", "网页"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "打不开"),
        ("a.parquet", b"PAR1abcdPAR1", "打不开"),
        ("a.geojson", b'{"type": "Feat', "打不开"),
        ("a.gpkg", b"SQLite format 3\0" + b"0" * 100, "打不开"),
        ("a.csv", bytes(range(128, 256)) * 40, "编码"),
        ("a.csv", b"a,b\0\0\0,c\n" * 50, "不是文本"),
        ("a.doc", b"text", "不认识.*另存为 xlsx"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "shapefile"),
    ],
)
def test_wrong_files_end_in_one_sentence(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, message)


def test_missing_file_and_folder(tmp_path):
    refused(tmp_path / "无.csv", "找不到")
    refused(tmp_path, "文件夹")


def test_preview_shows_no_persons(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("声明\n企业名称,法定代表人,园区,别的\n样例甲,某,甲园,1\n", encoding="utf-8")
    seen = preview(path)
    assert (seen.vendor, seen.encoding, seen.header_row, seen.rows) == ("generic", "utf-8", 2, 1)
    assert seen.columns_mapped == {"name": "企业名称", "park": "园区"}
    assert (seen.columns_unknown, seen.personal_columns) == (["别的"], ["法定代表人"])
    assert list(seen.head.columns) == ["企业名称", "园区", "别的"]
    assert seen.head.index.tolist() == [3]


def test_geojson_of_polygons_and_nothing(tmp_path):
    path = tmp_path / "a.geojson"
    features = [
        '{"type":"Feature","properties":{"name":"样例甲"},"geometry":{"type":"Polygon","coordinates":'
        "[[[121,31],[121.1,31],[121.1,31.1],[121,31]]]}}",
        '{"type":"Feature","properties":{"name":"样例乙"},"geometry":null}',
    ]
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}", encoding="utf-8")
    sheet = read_file(path)
    assert sheet.lon is not None
    assert 121 < sheet.lon[0] < 121.1
    assert sheet.lon[1] != sheet.lon[1]


def test_own_buffers_are_not_kept_open(tmp_path):
    path = tmp_path / "a.xlsx"
    content = io.BytesIO()
    pd.DataFrame(ROWS, columns=HEADER).to_excel(content, index=False)
    path.write_bytes(content.getvalue())
    read_file(path)
    path.unlink()
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("rows", [0, 3, 4, 11])
def test_a_list_of_many_batches_is_the_list(tmp_path, monkeypatch, suffix, rows):
    """What does not fit one batch waits on disk, and is read back whole and in order."""
    monkeypatch.setattr("geo.ingest.readers.sheet._CHUNK", 3)
    monkeypatch.setattr("geo.ingest.readers.parquet._BATCH_ROWS", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    table = pd.DataFrame(
        {"企业名称": [f"样例{n}" for n in range(rows)], "参保人数": [str(n) for n in range(rows)]}, dtype="str"
    )
    path = tmp_path / f"a{suffix}"
    if suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path, index=False)
    done: list[int] = []
    sheet = (read_text if suffix == ".csv" else read_parquet)(path, Limits(), done.append)
    assert sheet.table.fillna("").to_dict("list") == table.to_dict("list")
    assert sheet.rows.tolist() == [row + (2 if suffix == ".csv" else 1) for row in range(rows)]
    assert done[-1] == rows
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
