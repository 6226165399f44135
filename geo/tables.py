"""Any table as a file that a spreadsheet opens: numbers unrounded, empty where undefined, no text ever a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
import xlsxwriter

from geo.errors import DataError
from geo.export import FORMULA, ILLEGAL

SUFFIXES: Final = ("csv", "xlsx")
"""Formats that `table_bytes` writes."""


def table_bytes(table: pd.DataFrame, suffix: str, notes: Mapping[str, str] | None = None) -> bytes:
    r"""Write a table, without its index, to the bytes of a file.

    Parameters
    ----------
    table : DataFrame
    suffix : {"csv", "xlsx"}
        A csv is UTF-8 with a byte-order mark, which Excel needs for Chinese.
    notes : mapping of str to str, optional
        What has to be known to quote the table; the second sheet of an xlsx.

    Raises
    ------
    DataError
        When the suffix is another one.

    Examples
    --------
    >>> table_bytes(pd.DataFrame({"name": ["=1+1"], "value": [float("nan")]}), "csv").decode("utf-8-sig")
    "name,value\n'=1+1,\n"
    """
    if suffix not in SUFFIXES:
        raise DataError("不支持这种文件格式", value=suffix or "没有后缀", expected="、".join(SUFFIXES))
    return _csv(table) if suffix == "csv" else _xlsx(table, notes or {})


def _csv(table: pd.DataFrame) -> bytes:
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            text = safe[column].astype("str").where(safe[column].notna(), "").str.replace(ILLEGAL, "", regex=True)
            safe[column] = text.where(~text.str.match(FORMULA), "'" + text)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _xlsx(table: pd.DataFrame, notes: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, options | {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("table")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(table.columns) - 1, 16)
        for position, header in enumerate(table.columns):
            sheet.write_string(0, position, str(header), bold)
        for row, cells in enumerate(table.itertuples(index=False, name=None), start=1):
            for position, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(row, position, ILLEGAL.sub("", value))
                elif not pd.isna(value) and math.isfinite(value):
                    sheet.write_number(row, position, value)
        if notes:
            about = book.add_worksheet("about")
            about.set_column(0, 0, 24)
            about.set_column(1, 1, 100)
            for row, (key, text) in enumerate(notes.items()):
                about.write_string(row, 0, key, bold)
                about.write_string(row, 1, ILLEGAL.sub("", text))
    return out.getvalue()
