"""Reading xlsx and xls."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from geo.errors import DataError
from geo.ingest.archives import refuse_bomb
from geo.ingest.cells import DAYS_TO_1904
from geo.ingest.columns import COLUMN_ALIASES, heading
from geo.ingest.layout import MAX_HEADER_ROWS, fill_merged, read_header
from geo.ingest.sheet import HEAD_ROWS, Issue, Limits, Sheet, join_sheets, tabulate
from geo.ingest.workbook import Details, read_details

_EXACT: Final = 10.0**15
"""Above this a spreadsheet no longer holds every digit of a number."""


def read_workbook(path: Path, limits: Limits, progress: Callable[[int], None], *, packed: bool) -> Sheet:
    """Read the visible sheets of a workbook that have a header with names of enterprises; the first one where none has.

    Hidden sheets, and others that hold anything, are named in the issues; formulas that were never computed and
    errors stand in the cells as `geo.ingest.workbook.ERROR`.  Arguments and errors as in `geo.ingest.read.read_file`.
    """
    if packed:
        refuse_bomb(path, limits)
    details: dict[str, Details] = {}
    from_1904 = False
    try:
        if packed:
            details, from_1904 = read_details(path)
        workbook = load_workbook(path)
        chosen, others = _choose(workbook)
        sheets = []
        for sheet in chosen:
            about = details.get(sheet.name, Details())
            table = tabulate(_rows(sheet, about), limits, path.name, progress, about.hidden_rows)
            if not about.searched:
                table.issues.append(Issue(None, "", sheet.name, "工作表太大，没有查看隐藏行、公式与数字格式"))
            sheets.append((sheet.name, table))
    except PasswordError as error:
        raise DataError("文件有密码保护", file=path, cause="请去掉密码后另存") from error
    except (CalamineError, OSError, ValueError, BadZipFile) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("表格文件打不开", file=path, cause="文件损坏或不是 Excel 表格") from error
    result = join_sheets(sheets)
    result.serial_days = DAYS_TO_1904 if from_1904 else 0
    result.issues += [Issue(None, "", name, problem) for name, problem in others]
    return result


def _choose(workbook: CalamineWorkbook) -> tuple[list[CalamineSheet], list[tuple[str, str]]]:
    """Sheets to read, and the names of the others that hold anything, each with the reason."""
    names = {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
    lists: list[CalamineSheet] = []
    plain: list[CalamineSheet] = []
    hidden: list[CalamineSheet] = []
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if not sheet.height:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            hidden.append(sheet)
            continue
        head = list(islice(_rows(sheet, Details()), HEAD_ROWS + MAX_HEADER_ROWS - 1))
        titles = read_header(head[:HEAD_ROWS], head[HEAD_ROWS:]).titles
        (lists if names & {heading(title) for title in titles} else plain).append(sheet)
    chosen = lists or plain[:1]
    if not chosen:
        raise DataError(
            "表格里没有内容", expected="一行表头和至少一行企业",
            cause="只有隐藏的工作表有内容，请取消隐藏" if hidden else "",
        )  # fmt: skip
    unread = [(sheet.name, "这个工作表没有读入") for sheet in plain if sheet not in chosen]
    return chosen, unread + [(sheet.name, "隐藏的工作表没有读入") for sheet in hidden]


def _rows(sheet: CalamineSheet, details: Details) -> Iterator[list[str]]:
    """All rows of a sheet from its first, merged cells filled, with the units and errors of its details."""
    start = sheet.start[1] if sheet.start else 0
    merged = sheet.merged_cell_ranges or []
    cells: Iterator[list[str]] = (list(map(as_cell, row)) for row in sheet.iter_rows())
    if details.units or details.texts:
        cells = _detailed(cells, details, start)
    return fill_merged(cells, merged, start) if merged else cells


def _detailed(rows: Iterator[list[str]], details: Details, start: int) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        for column, unit in details.units.get(number, {}).items():
            if 0 <= column - start < len(row) and row[column - start]:
                row[column - start] += unit
        for column, text in details.texts.get(number, {}).items():
            if 0 <= column - start < len(row) and not row[column - start]:
                row[column - start] = text
        yield row


def as_cell(value: Any) -> str:
    """Cell as text: whole numbers without a point, dates as ISO 8601, numbers beyond 15 digits as E notation.

    Examples
    --------
    >>> as_cell(13400.0), as_cell(9.131011513221235e+17)
    ('13400', '9.131011513221235E+17')
    """
    if type(value) is str:
        return value
    if type(value) is float:
        if value.is_integer():
            return f"{value:.0f}" if abs(value) < _EXACT else repr(value).upper()
        return repr(value)
    if type(value) is int:
        return str(value) if abs(value) < _EXACT else repr(float(value)).upper()
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return "" if value is None else str(value)
