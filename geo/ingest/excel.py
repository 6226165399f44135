"""Reading xlsx and xls."""

import datetime as dt
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, load_workbook

from geo.errors import DataError
from geo.ingest.archives import refuse_bomb
from geo.ingest.columns import COLUMN_ALIASES, find_header, heading
from geo.ingest.sheet import HEAD_ROWS, Issue, Limits, Sheet, tabulate

_EXACT: Final = 10.0**15
"""Above this a spreadsheet no longer holds every digit of a number."""


def read_workbook(path: Path, limits: Limits, progress: Callable[[int], None], *, packed: bool) -> Sheet:
    """Read the sheet of a workbook that has a header with names of enterprises; the first one where none has.

    Further sheets that hold anything are named in the issues.  Arguments and errors as in
    `geo.ingest.read.read_file`.
    """
    if packed:
        refuse_bomb(path, limits)
    try:
        workbook = load_workbook(path)
        sheet, others = _choose(workbook)
        table = tabulate((list(map(as_cell, row)) for row in sheet.iter_rows()), limits, path.name, progress)
    except PasswordError as error:
        raise DataError("文件有密码保护", file=path, cause="请去掉密码后另存") from error
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("表格文件打不开", file=path, cause="文件损坏或不是 Excel 表格") from error
    table.issues += [Issue(None, "", other, "这个工作表没有读入") for other in others]
    return table


def _choose(workbook: CalamineWorkbook) -> tuple[CalamineSheet, list[str]]:
    """Sheet to read, and the names of the others that hold anything."""
    names = {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
    filled: list[str] = []
    chosen: CalamineSheet | None = None
    known = False
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if not sheet.height:
            continue
        filled.append(name)
        if known:
            continue
        head = [list(map(as_cell, row)) for row in islice(sheet.iter_rows(), HEAD_ROWS)]
        known = bool(names & {heading(cell) for cell in head[find_header(head)]})
        if known or chosen is None:
            chosen = sheet
    if chosen is None:
        raise DataError("表格里没有内容", expected="一行表头和至少一行企业")
    return chosen, [name for name in filled if name != chosen.name]


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
