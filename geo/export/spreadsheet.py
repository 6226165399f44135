"""Tables as a spreadsheet takes them: csv and xlsx with typed columns in which no text is a formula."""

import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
import xlsxwriter

from geo.errors import DataError
from geo.text import inert

Kind = Literal["", "code", "date"]

TABLE_SUFFIXES: Final = ("csv", "xlsx")
"""Formats that `table_bytes` writes."""

EXCEL_ROWS: Final = 1_048_576
_EXCEL_CELL: Final = 32_767  # UTF-16 units
_IN_MEMORY_ROWS: Final = 20_000
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


CHINESE_SHEETS: Final = {"enterprises": "企业", "table": "表", "log": "操作记录", "about": "说明"}
"""Sheets as a workbook with Chinese headers calls them."""

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


class Sheet(NamedTuple):
    """A sheet of a workbook.

    `kinds` gives a column its type beside what its cells are: ``code`` is text in every program, ``date`` a day where
    the text is one (ISO 8601); `widths` in characters, 14 where not given.
    """

    name: str
    table: pd.DataFrame
    kinds: Sequence[Kind] = ()
    widths: Mapping[int, float] = {}


def legal(text: str) -> str:
    r"""Text without the characters that XML cannot hold.

    Examples
    --------
    >>> legal("a\x00b")
    'ab'
    """
    return _NOT_XML.sub("", text)


def write_csv(table: pd.DataFrame, path: Path | io.BytesIO) -> None:
    """Write a table as csv with a byte order mark; a text that a spreadsheet would take for a formula gets ``'``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(pd.DataFrame({"name": ["=1+1", "甲"]}), Path(folder) / "a.csv")
    ...     (Path(folder) / "a.csv").read_text("utf-8-sig").split()
    ['name', "'=1+1", '甲']
    """
    table = table.copy()
    for column in table.select_dtypes(["str", "object"]).columns:
        table[column] = table[column].map(inert)
    table.columns = table.columns.map(inert)
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_xlsx(path: Path | io.BytesIO, sheets: Sequence[Sheet], notes: Mapping[str, str]) -> None:
    """Write a workbook: its sheets, each with a frozen header and a filter, and a last one, ``about``, with the notes.

    Where the headers are Chinese the sheets have the names of `CHINESE_SHEETS`.

    Parameters
    ----------
    path : Path
    sheets : sequence of Sheet
        Numbers and truth values stay what they are, text is text and never a formula or a link, missing is empty.
    notes : mapping of str to str
        What a user needs to quote the table.  Texts that had to be cut are counted after them.

    Raises
    ------
    DataError
        When a table has more rows than Excel takes.
    """
    longest = max((len(sheet.table) for sheet in sheets), default=0)
    if longest >= EXCEL_ROWS:
        raise DataError(
            "导出失败：行数超过 Excel 的上限",
            value=f"{longest:,} 行",
            expected=f"至多 {EXCEL_ROWS - 1:,} 行；更大的表请导出 csv 或 parquet",
        )
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(path, options | {"constant_memory": longest > _IN_MEMORY_ROWS}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        cut: dict[str, int] = {}
        chinese = any(_CHINESE.search(str(column)) for sheet in sheets for column in sheet.table.columns)
        names = CHINESE_SHEETS if chinese else {}
        for sheet in sheets:
            _write_sheet(book, sheet._replace(name=names.get(sheet.name, sheet.name)), bold, cut)
        about = book.add_worksheet(names.get("about", "about"))
        about.set_column(0, 0, 30)
        about.set_column(1, 1, 90)
        truncated = {f"! {column}": f"{count} 格超过 {_EXCEL_CELL:,} 字，已截断 / cut" for column, count in cut.items()}
        for row, (key, text) in enumerate((dict(notes) | truncated).items()):
            about.write_string(row, 0, legal(key), bold)
            about.write_string(row, 1, _fitting(legal(text)))


def table_bytes(table: pd.DataFrame, suffix: str, notes: Mapping[str, str] | None = None) -> bytes:
    r"""A table, without its index, as the bytes of a csv or of an xlsx with its notes.

    Raises
    ------
    DataError
        When the suffix is another one.

    Examples
    --------
    >>> table_bytes(pd.DataFrame({"name": ["=1+1"], "value": [float("nan")]}), "csv").decode("utf-8-sig")
    "name,value\n'=1+1,\n"
    """
    if suffix not in TABLE_SUFFIXES:
        raise DataError("不支持这种文件格式", value=suffix or "没有后缀", expected="、".join(TABLE_SUFFIXES))
    out = io.BytesIO()
    if suffix == "csv":
        write_csv(table, out)
    else:
        write_xlsx(out, [Sheet("table", table)], notes or {})
    return out.getvalue()


def _write_sheet(book: Any, sheet: Sheet, bold: Any, cut: dict[str, int]) -> None:
    table = sheet.table
    kinds = [*sheet.kinds, *[""] * (len(table.columns) - len(sheet.kinds))]
    formats = {"code": book.add_format({"num_format": "@"}), "date": book.add_format({"num_format": "yyyy-mm-dd"})}
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(table), max(len(table.columns) - 1, 0))
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(table) + 1}"})
    for position, header in enumerate(table.columns):
        page.set_column(position, position, sheet.widths.get(position, 14))
        page.write_string(0, position, legal(str(header)), bold)
    for row, cells in enumerate(table.itertuples(index=False, name=None), start=1):
        for position, value in enumerate(cells):
            if _write_cell(page, row, position, value, kinds[position], formats):
                cut[str(table.columns[position])] = cut.get(str(table.columns[position]), 0) + 1


def _write_cell(page: Any, row: int, position: int, value: Any, kind: str, formats: Mapping[str, Any]) -> bool:
    """Write one cell by its type, an empty one not at all; whether its text had to be cut."""
    if kind == "date" and (day := _day(value)):
        page.write_datetime(row, position, day, formats["date"])
        return False
    if isinstance(value, str):
        legal_text = legal(value)
        text = _fitting(legal_text)
        if text:
            page.write_string(row, position, text, formats["code"] if kind == "code" else None)
        return text != legal_text
    if pd.isna(value) or not math.isfinite(value):
        return False
    if isinstance(value, bool | np.bool_):
        page.write_boolean(row, position, value)
    else:
        page.write_number(row, position, value)
    return False


def _day(value: Any) -> date | None:
    """A day that Excel can count, from a date or its ISO text."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not pd.isna(value) and value >= _FIRST_DAY else None


def _fitting(text: str) -> str:
    """Text that an Excel cell can hold; a longer one ends in an ellipsis."""
    if len(text) <= _EXCEL_CELL // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _EXCEL_CELL:
        return text
    return units[: 2 * (_EXCEL_CELL - 1)].decode("utf-16-le", errors="ignore") + "…"
