"""Reading xlsb, the binary workbook of Excel: a zip of parts that are sequences of records ([MS-XLSB]).

All kinds of cells are read, the short ones too that begin where the last one ended, and what is merged or hidden.
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from geo.errors import DataError
from geo.ingest.readers.archives import open_archive, refuse_bomb
from geo.ingest.readers.layout import Range
from geo.ingest.readers.sheet import Limits, Sheet
from geo.ingest.readers.workbook import UNCOMPUTED
from geo.ingest.readers.worksheets import Worksheet, as_cell, number_cell, read_worksheets
from geo.ingest.values.cells import DAYS_TO_1904

_ROW, _MERGE, _SHARED, _FORMAT, _STYLE, _BOOK, _SHEET = 0, 176, 19, 44, 47, 153, 156
_STYLES_BEGIN, _STYLES_END = 617, 618
_BLANK, _RK, _ERROR, _TRUTH, _REAL, _TEXT, _INDEX = range(1, 8)
_SHORT_CELLS: Final = {12: _BLANK, 13: _RK, 14: _ERROR, 15: _TRUTH, 16: _REAL, 17: _TEXT, 18: _INDEX}
_FORMULA_CELLS: Final = {8: _TEXT, 9: _REAL, 10: _TRUTH, 11: _ERROR}
_LAST_CELL: Final = 11
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BUILT_IN: Final = dict.fromkeys((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy/m/d")
"""Numbers of number formats that every Excel knows and that show a day."""

_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb"(\w+)\s*=\s*\"([^\"]*)\"")
_MAX_COLUMNS: Final = 2**14


def read_binary_workbook(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read a binary workbook; arguments and errors as in `geo.ingest.readers.read.read_file`."""
    refuse_bomb(path, limits)
    try:
        with open_archive(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if re.match(r"xl/.*\.(?:bin|rels)$", name)}
        book = _Workbook(parts)
        worksheets = [
            book.worksheet(name, part, visible, limits, path)
            for name, part, visible in book.sheets
            if part.startswith("xl/worksheets/")
        ]
        sheet = read_worksheets(worksheets, limits, path, progress)
    except (KeyError, IndexError, ValueError, struct.error, zipfile.BadZipFile) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("表格文件打不开", file=path, cause="文件损坏或不是 Excel 表格") from error
    sheet.serial_days = book.days
    return sheet


class _Workbook:
    """Names of the worksheets, texts and number formats that they share."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        relations = {}
        for found in _RELATION.findall(parts["xl/_rels/workbook.bin.rels"]):
            about = {key.decode(): value.decode() for key, value in _ATTRIBUTE.findall(found)}
            target = about["Target"]
            relations[about["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        self.days = 0
        self.sheets: list[tuple[str, str, bool]] = []
        for kind, record in _records(parts["xl/workbook.bin"]):
            if kind == _BOOK:
                self.days = DAYS_TO_1904 if record[0] & 1 else 0
            elif kind == _SHEET:
                relation, at = _text(record, 8)
                self.sheets.append((_text(record, at)[0], relations[relation], record[0] == 0))
        shared = parts.get("xl/sharedStrings.bin", b"")
        self.texts = [_text(record, 1)[0] for kind, record in _records(shared) if kind == _SHARED]
        codes = dict(_BUILT_IN)
        self.formats: list[str] = []
        inside = False
        for kind, record in _records(parts.get("xl/styles.bin", b"")):
            if kind == _FORMAT:
                codes[int.from_bytes(record[:2], "little")] = _text(record, 2)[0]
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                inside = kind == _STYLES_BEGIN
            elif kind == _STYLE and inside:
                self.formats.append(codes.get(int.from_bytes(record[2:4], "little"), ""))

    def worksheet(self, name: str, part: str, visible: bool, limits: Limits, path: Path) -> Worksheet:
        """One worksheet, its cells read when they are asked for."""
        merged: list[Range] = []
        hidden = set()
        number, column, width = -1, -1, 0
        for kind, record in _records(self.parts[part]):
            if kind == _ROW:
                above, number, column = number, struct.unpack_from("<I", record)[0], -1
                if number <= above:
                    raise ValueError("rows are not in order")
                if len(record) > 11 and record[11] & 0x10:
                    hidden.add(number)
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<4I", record)
                merged.append(((top, left), (bottom, right)))
            elif kind in _SHORT_CELLS or _BLANK < kind <= _LAST_CELL:
                column = column + 1 if kind in _SHORT_CELLS else struct.unpack_from("<I", record)[0]
                width = max(width, column + 1)
        if width > _MAX_COLUMNS or width * (number + 1) > limits.sheet_cells:
            raise DataError(
                f"工作表跨 {width * (number + 1):,} 格，超过 {limits.sheet_cells:,} 格",
                file=path, cause="很远的单元格里有内容或格式，删去后另存",
            )  # fmt: skip
        return Worksheet(name, partial(self._rows, part, width), visible, merged, hidden_rows=frozenset(hidden))

    def _rows(self, part: str, width: int) -> Iterator[list[str]]:
        """All rows from the first, equally wide."""
        at, row = 0, [""] * width
        for number, column, text in self._cells(part):
            while at < number:
                yield row
                at, row = at + 1, [""] * width
            row[column] = text
        yield row

    def _cells(self, part: str) -> Iterator[tuple[int, int, str]]:
        """Row, column and text of each cell that holds anything."""
        number, column = 0, -1
        for kind, record in _records(self.parts[part]):
            if kind == _ROW:
                number, column = struct.unpack_from("<I", record)[0], -1
                continue
            if kind in _SHORT_CELLS:
                column += 1
                style, value, kind = record, record[4:], _SHORT_CELLS[kind]
            elif _BLANK <= kind <= _LAST_CELL:
                column = struct.unpack_from("<I", record)[0]
                style, value = record[4:], record[8:]
            else:
                continue
            text = self._value(_FORMULA_CELLS.get(kind, kind), value, int.from_bytes(style[:3], "little"))
            if kind in _FORMULA_CELLS and not text:
                text = UNCOMPUTED
            if text:
                yield number, column, text

    def _value(self, kind: int, value: bytes, style: int) -> str:
        if kind == _INDEX:
            return self.texts[struct.unpack_from("<I", value)[0]]
        if kind == _TEXT:
            return _text(value, 0)[0]
        if kind in (_REAL, _RK):
            number = struct.unpack_from("<d", value)[0] if kind == _REAL else _rk(value)
            return number_cell(number, self.formats[style] if style < len(self.formats) else "", self.days)
        if kind == _ERROR:
            return _ERRORS.get(value[0], "#N/A")
        return as_cell(bool(value[0])) if kind == _TRUTH else ""


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record: both lengths are numbers of 7 bits a byte."""
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | content[at] << 7
            at += 1
        length = shift = 0
        for _ in range(4):
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + length > end:
            raise ValueError("a record is cut")
        yield kind, content[at : at + length]
        at += length


def _text(record: bytes, at: int) -> tuple[str, int]:
    """Text at a place of a record, UTF-16 behind its length, and where it ends."""
    (length,) = struct.unpack_from("<I", record, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(record):
        raise ValueError("a text is cut")
    return record[at + 4 : end].decode("utf-16-le", "replace"), end


def _rk(value: bytes) -> float:
    """Number of 30 bits: a whole one or the upper half of a real one, perhaps times 100."""
    (packed,) = struct.unpack_from("<i", value)
    number = float(packed >> 2) if packed & 2 else struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", packed & ~3))[0]
    return number / 100 if packed & 1 else number
