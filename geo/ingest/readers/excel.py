"""Reading xlsx and xls."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from geo.errors import DataError
from geo.ingest.readers.archives import refuse_bomb
from geo.ingest.readers.sheet import Limits, Sheet
from geo.ingest.readers.workbook import Details, read_details
from geo.ingest.readers.worksheets import Worksheet, as_cell, read_worksheets
from geo.ingest.values.cells import DAYS_TO_1904


def read_workbook(path: Path, limits: Limits, progress: Callable[[int], None], *, packed: bool) -> Sheet:
    """Read a workbook as `geo.ingest.readers.worksheets.read_worksheets` does.

    Formulas that were never computed and errors stand in the cells as `geo.ingest.readers.workbook.ERROR`.  Arguments and
    errors as in `geo.ingest.readers.read.read_file`.
    """
    if packed:
        refuse_bomb(path, limits)
    details: dict[str, Details] = {}
    from_1904 = False
    try:
        if packed:
            details, from_1904 = read_details(path)
        workbook = load_workbook(path)
        worksheets = []
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.height:
                own = details.get(about.name, Details())
                worksheets.append(
                    Worksheet(
                        about.name,
                        partial(_rows, sheet, own),
                        about.visible == SheetVisibleEnum.Visible,
                        sheet.merged_cell_ranges or (),
                        sheet.start[1] if sheet.start else 0,
                        own.hidden_rows,
                        "" if own.searched else "工作表太大，没有查看隐藏行、公式与数字格式",
                    )
                )
        result = read_worksheets(worksheets, limits, path, progress)
    except PasswordError as error:
        raise DataError("文件有密码保护", file=path, cause="请去掉密码后另存") from error
    except (CalamineError, OSError, ValueError, BadZipFile) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("表格文件打不开", file=path, cause="文件损坏或不是 Excel 表格") from error
    result.serial_days = DAYS_TO_1904 if from_1904 else 0
    return result


def _rows(sheet: CalamineSheet, details: Details) -> Iterator[list[str]]:
    """All rows of a sheet from its first, with the units and errors of its details."""
    start = sheet.start[1] if sheet.start else 0
    cells: Iterator[list[str]] = (list(map(as_cell, row)) for row in sheet.iter_rows())
    return _detailed(cells, details, start) if details.units or details.texts else cells


def _detailed(rows: Iterator[list[str]], details: Details, start: int) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        for column, unit in details.units.get(number, {}).items():
            if 0 <= column - start < len(row) and row[column - start]:
                row[column - start] += unit
        for column, text in details.texts.get(number, {}).items():
            if 0 <= column - start < len(row) and not row[column - start]:
                row[column - start] = text
        yield row
