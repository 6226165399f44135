"""Binary workbooks, as SheetJS writes them (short cells) and, record by record, as Excel does (long ones)."""

import struct
import zipfile
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.ingest.readers.read import read_file
from geo.ingest.readers.sheet import HIDDEN, Limits

DATA = Path(__file__).parents[3] / "data"
JIA, YI, BING = "样例甲机械有限公司", "样例乙机械有限公司", "样例丙机械有限公司"


def record(kind, content=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    return head + (bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])) + content


def words(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(kind, column, value, style=0):
    return record(kind, struct.pack("<II", column, style) + value)


def row(number):
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))


def write(path, cells, *, days_1904=False):
    styles = (
        record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + words('0"万元"')) + record(616)
        + record(626) + record(47, struct.pack("<HHHHHHHH", 65535, 0, 0, 0, 0, 0, 0, 0)) + record(627)
        + record(617) + b"".join(record(47, struct.pack("<HHHHHHHH", 0, code, 0, 0, 0, 0, 0, 0)) for code in (0, 14, 164))
        + record(618)
    )  # fmt: skip
    book = record(153, struct.pack("<II", int(days_1904), 0) + words("")) + record(
        156, struct.pack("<II", 0, 1) + words("rId1") + words("名单")
    )
    shared = b"".join(record(19, b"\0" + words(text)) for text in ("企业名称", "注册资本", "成立日期", JIA))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/sharedStrings.bin", shared)
        archive.writestr("xl/worksheets/sheet1.bin", cells)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.bin" Type="a"/></Relationships>',
        )
    return path


HEAD = row(0) + b"".join(cell(7, column, struct.pack("<I", column)) for column in range(3))


def test_as_sheetjs_writes_it():
    sheet = read_file(DATA / "sheetjs.xlsb")
    assert sheet.table.to_dict("list") == {
        "企业名称": [JIA, YI, BING], "所属区": ["松江区", "松江区", "嘉定区"], "注册资本（万元）": ["500", "600.5", "700"],
        "成立日期": ["2001-05-08", "1988-07-01", "2010-01-01"],
        "注册地址": ["上海市松江区文诚路1号", "上海市松江区文诚路2号", ""],
    }  # fmt: skip
    assert {(issue.row, issue.value, issue.problem) for issue in sheet.issues} == {
        (3, "", HIDDEN), (None, "去年", "隐藏的工作表没有读入"),
    }  # fmt: skip


@pytest.mark.parametrize("days_1904", [False, True])
def test_long_cells_of_every_kind(tmp_path, days_1904):
    whole, hundredth = struct.pack("<i", 500 << 2 | 2), struct.pack("<i", 123456 << 2 | 3)
    serial = struct.pack("<d", 37019 - 1462 * days_1904)
    cells = (
        HEAD
        + row(1) + cell(7, 0, struct.pack("<I", 3)) + cell(2, 1, whole, style=2) + cell(5, 2, serial, style=1)
        + row(3) + cell(6, 0, words(YI)) + cell(2, 1, hundredth) + cell(9, 2, serial + b"\0\0", style=1)
        + row(4) + cell(8, 0, words("") + b"\0\0") + cell(3, 1, b"\x2a") + cell(1, 2, b"")
    )  # fmt: skip
    sheet = read_file(write(tmp_path / "a.xlsb", cells, days_1904=days_1904))
    assert sheet.table["企业名称"].tolist() == [JIA, YI, "#未计算"]
    assert sheet.table["注册资本"].tolist() == ["500万元", "1234.56", "#N/A"]
    assert sheet.table["成立日期"].tolist() == ["2001-05-08", "2001-05-08", ""]
    assert sheet.rows.tolist() == [2, 4, 5]


def test_a_far_cell_does_not_fill_the_memory(tmp_path):
    path = write(tmp_path / "a.xlsb", HEAD + row(2**20 - 1) + cell(6, 16383, words("x")))
    with pytest.raises(DataError, match="格，超过"):
        read_file(path, Limits(sheet_cells=1_000_000))


@pytest.mark.parametrize(
    "cells", [HEAD + b"\x07\xff", HEAD + row(0), HEAD + row(1) + cell(7, 0, struct.pack("<I", 99)), b"\x80"]
)
def test_a_damaged_one_is_one_sentence(tmp_path, cells):
    with pytest.raises(DataError, match=r"打不开|没有内容"):
        read_file(write(tmp_path / "a.xlsb", cells))
