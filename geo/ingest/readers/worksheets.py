"""Worksheets of a workbook, whatever kind of file it came in: which are read, and how they become one table."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError
from geo.ingest.readers.layout import MAX_HEADER_ROWS, Range, fill_merged, read_header
from geo.ingest.readers.sheet import HEAD_ROWS, Issue, Limits, Sheet, join_sheets, tabulate
from geo.ingest.values.amounts import CURRENCIES, UNIT_WORDS, unit_of_title
from geo.ingest.values.columns import COLUMN_ALIASES, heading

_EXACT: Final = 10.0**15
"""Above this a spreadsheet no longer holds every digit of a number."""

_EPOCH: Final = dt.datetime(1899, 12, 30)
_MAX_SERIAL: Final = 2_958_466
_FOREIGN_SIGNS: Final = {
    "US$": "USD", "$": "USD", "USD": "USD", "HK$": "HKD", "HKD": "HKD", "NT$": "TWD", "€": "EUR", "EUR": "EUR", "£": "GBP",
}  # fmt: skip
_FOREIGN_SIGN: Final = re.compile(r"(?:\[\$|\"|^|[_ \\(])(US\$|HK\$|NT\$|USD|HKD|EUR|\$|€|£)(?=[\]\-\" #0\\*-])")
"""Sign of another currency in a number format, in brackets, in quotation marks or by itself."""


@dataclass(frozen=True)
class Worksheet:
    """One worksheet: `rows` gives all its rows from the first, merged ones not filled; rows and columns count from 0."""

    name: str
    rows: Callable[[], Iterator[list[str]]]
    visible: bool = True
    merged: Sequence[Range] = ()
    start_column: int = 0
    hidden_rows: frozenset[int] = frozenset()
    note: str = ""

    def filled(self) -> Iterator[list[str]]:
        """All rows, merged cells filled."""
        return fill_merged(self.rows(), self.merged, self.start_column) if self.merged else self.rows()


def read_worksheets(
    worksheets: Sequence[Worksheet], limits: Limits, path: Path, progress: Callable[[int], None]
) -> Sheet:
    """Read the visible worksheets that have a header with names of enterprises; the first one where none has.

    Hidden ones, and others that hold anything, are named in the issues.

    Raises
    ------
    DataError
        When no visible worksheet holds anything, or one holds more than the limits allow.
    """
    names = {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
    lists: list[Worksheet] = []
    plain: list[Worksheet] = []
    hidden: list[Worksheet] = []
    for worksheet in worksheets:
        head = list(islice(worksheet.filled(), HEAD_ROWS + MAX_HEADER_ROWS - 1))
        if not any(cell for row in head for cell in row):
            continue
        if not worksheet.visible:
            hidden.append(worksheet)
            continue
        titles = read_header(head[:HEAD_ROWS], head[HEAD_ROWS:]).titles
        (lists if names & {heading(title) for title in titles} else plain).append(worksheet)
    chosen = lists or plain[:1]
    if not chosen:
        raise DataError(
            "表格里没有内容", file=path, expected="一行表头和至少一行企业",
            cause="只有隐藏的工作表有内容，请取消隐藏" if hidden else "",
        )  # fmt: skip
    sheets = []
    for worksheet in chosen:
        table = tabulate(worksheet.filled(), limits, path.name, progress, worksheet.hidden_rows)
        if worksheet.note:
            table.issues.append(Issue(None, "", worksheet.name, worksheet.note))
        sheets.append((worksheet.name, table))
    result = join_sheets(sheets)
    result.issues += [Issue(None, "", other.name, "这个工作表没有读入") for other in plain if other not in chosen]
    result.issues += [Issue(None, "", other.name, "隐藏的工作表没有读入") for other in hidden]
    return result


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


def number_cell(number: float, code: str, days: int = 0) -> str:
    """Cell of a number under a number format: a day where the format shows one, and the unit that it writes.

    Parameters
    ----------
    number : float
    code : str
        Number format, ``""`` for the general one.
    days : int
        Added to serials [d]: those of a workbook that counts from 1904.

    Examples
    --------
    >>> number_cell(37019.0, "yyyy/m/d"), number_cell(500.0, '0"万元"'), number_cell(500.0, "")
    ('2001-05-08', '500万元', '500')
    """
    if is_date_format(code) and 0 < number + days < _MAX_SERIAL:
        moment = _EPOCH + dt.timedelta(days=number + days)
        moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return as_cell(moment.date() if moment.time() == dt.time() else moment)
    return as_cell(float(number)) + unit_of_format(code)


def is_date_format(code: str) -> bool:
    r"""Whether a number format shows a day.

    Examples
    --------
    >>> [is_date_format(code) for code in ("yyyy/m/d", "m/d/yy", '0"年"', "[h]:mm", "0.00", r'yyyy"年"m"月"')]
    [True, True, False, False, False, True]
    """
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.split(";")[0]).lower()
    return "yy" in plain or re.search(r"\bd{1,4}\b", plain) is not None or plain in ("m/d", "d-mmm", "mmm-yy")


def unit_of_format(code: str) -> str:
    r"""What a number counts by its number format, as words that belong behind it; ``""`` where the format says nothing.

    A format may scale too: ``0!.0,"万元"`` shows 5000000 as 500.0万元, so that the number itself counts yuan.  A bare
    sign of the yuan is the look of a cell and no unit; one of another currency says which it is.

    Examples
    --------
    >>> [unit_of_format(code) for code in ('#,##0.00"万元"', '0!.0,"万元"', r"0\亿", '0.0,,"百万美元"', '"¥"0', "[$$-409]0")]
    ['万元', '元', '亿元', '美元', '', 'USD']
    """
    positive = code.split(";")[0]
    shown = "".join(one or other for one, other in re.findall(r'"([^"]*)"|[\\!](.)', positive))
    shown = re.sub(r"[^\u4e00-\u9fff]", "", shown)
    unit = unit_of_title(f"({shown})")
    if unit.factor is None:
        sign = _FOREIGN_SIGN.search(positive)
        return _FOREIGN_SIGNS[sign.group(1)] if sign else ""
    digits = re.sub(r'"[^"]*"|\[[^\]]*\]', "", positive)
    moved = re.search(r"[\\!]\.(0+)", digits)
    commas = re.search(r"[0#?](,+)(?![,0#?.])", digits)
    scale = 1000 ** (len(commas.group(1)) if commas else 0) * 10 ** (len(moved.group(1)) if moved else 0)
    word = UNIT_WORDS.get(unit.factor // scale, "？")
    coin = next((coin for coin, currency in CURRENCIES.items() if currency == unit.currency), "元")
    return word + coin
