"""What every reader hands on: a table of text, with the number each row has in its file."""

import json
import mmap
import os
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geo.errors import DataError
from geo.grids import Grid
from geo.ingest.readers.layout import (
    MAX_HEADER_ROWS,
    begins_another,
    captions,
    name_words,
    read_header,
    side_by_side,
    unit_line,
)
from geo.ingest.values.amounts import UNIT_WORDS, unit_of_title
from geo.ingest.values.columns import map_columns

MAX_LISTED_ISSUES: Final = 1000
"""Issues of one column and problem that are listed; all are counted."""

HEAD_ROWS: Final = 10
"""The header stands in one of the first ten rows."""

_TABLE: Final = "table.arrow"
_ABOUT: Final = "sheet.json"
_REJECTED: Final = "rejected.arrow"
_ARRAYS: Final = ("rows", "lon", "lat")
SHEET: Final = "工作表"
"""Column with the name of the worksheet, where several were read."""

LAYER: Final = "图层"
"""What that column is called in the end, where the sheets are layers."""

HIDDEN: Final = "隐藏或被筛掉的行，照样读入"
REPEATED_HEADER: Final = "重复的表头"
ANOTHER_LIST: Final = "从这一行起是另一张名单，按它自己的表头读入"

_CHUNK: Final = 20_000
_MAX_ABOUT_BYTES: Final = 256 * 2**20
_TOO_LONG: Final = "有单元格超过 {:,} 个字符"


@dataclass(frozen=True)
class Limits:
    """How much one file may hold; more is refused with one sentence.

    Parameters
    ----------
    file_bytes : int
        Size of the file [bytes].
    unpacked_bytes : int
        Size of what a packed file (xlsx, zip, parquet) unpacks to [bytes].
    rows : int
        Rows below the header.
    columns : int
        Columns that are read; further ones are named and left out.
    cell_chars : int
        Characters in a cell; a row with a longer one is rejected.
    sheet_cells : int
        Rows × columns that a spreadsheet spans, empty cells included.
    cells : int
        Rows × columns that are read, of whatever kind the file is.

    Examples
    --------
    >>> Limits(rows=10).columns
    512
    """

    file_bytes: int = 500 * 2**20
    unpacked_bytes: int = 2 * 2**30
    rows: int = 5_000_000
    columns: int = 512
    cell_chars: int = 32_767
    sheet_cells: int = 100_000_000
    cells: int = 300_000_000


class Issue(NamedTuple):
    """Something that was noticed: row in its file (None for the file as a whole), column, value, what is wrong.

    `sheet` names the worksheet where rows of several were read.
    """

    row: int | None
    column: str
    value: str
    problem: str
    sheet: str = ""


class Issues(list[Issue]):
    """Issues, of each kind the first `MAX_LISTED_ISSUES`; `counts` has how many there were of each.

    Examples
    --------
    >>> issues = Issues(Issue(row, "uscc", "9E17", "无法恢复") for row in range(5000))
    >>> len(issues), issues.counts
    (1000, Counter({'uscc：无法恢复': 5000}))
    """

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        if isinstance(issues, Issues):
            super().extend(issues)
            self.counts.update(issues.counts)
        else:
            self.extend(issues)

    def append(self, issue: Issue) -> None:
        """Count an issue, and list it where there are not too many of its kind."""
        kind = f"{issue.column}：{issue.problem}" if issue.column else issue.problem
        self.counts[kind] += 1
        if self.counts[kind] <= MAX_LISTED_ISSUES:
            super().append(issue)

    def extend(self, issues: Iterable[Issue]) -> None:
        """Append each."""
        for issue in issues:
            self.append(issue)

    def __iadd__(self, issues: Iterable[Issue]) -> Self:  # type: ignore[override,misc]
        """Append each."""
        self.extend(issues)
        return self


class Rejected(NamedTuple):
    """A row that was not taken."""

    row: int
    reason: str
    name: str = ""
    sheet: str = ""


_REJECTED_SCHEMA: Final = pa.schema((name, pa.int64() if name == "row" else pa.string()) for name in Rejected._fields)


@dataclass
class Sheet:
    """A file as read.

    `table` holds text, empty cells missing or ``""``, under distinct headers; `rows` the number of each of its rows
    in the file; `header_row` and `encoding` are None where the format has none; `lon`, `lat` are the points of a file
    with geometries, degrees of the CRS that is declared in `grid`, or as they came, metres too, where none is; `above`
    is the text above the header, `unit` the line there that names a unit of money; `serial_days` is added to numbers
    that are dates [d]; `datum` is what the form of the file says of its points, `defined_datum` what its format is
    defined in, `declared_datum` what it declares itself, `geometry` the title of
    the column they were read from; `captions` are the rows, each with its worksheet, that are what stands above one of
    several lists side by side.  Rows of several worksheets have the name of theirs in the column `SHEET`.
    """

    table: pd.DataFrame
    rows: NDArray[np.int64]
    header_row: int | None = None
    encoding: str | None = None
    rejected: list[Rejected] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    above: str = ""
    blank_rows: int = 0
    lon: NDArray[np.float64] | None = None
    lat: NDArray[np.float64] | None = None
    grid: Grid | None = None
    unit: str = ""
    serial_days: int = 0
    datum: str = ""
    defined_datum: str = ""
    declared_datum: str = ""
    geometry: str = ""
    captions: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """However many issues a file has, what is kept of them stays small."""
        self.issues = Issues(self.issues)

    @property
    def rows_in_file(self) -> int:
        """Rows below the header that hold anything."""
        return len(self.table) + len(self.rejected)

    def reject_long_cells(self, limits: Limits) -> None:
        """Reject the rows with a cell of more characters than `limits` allows."""
        long = np.zeros(len(self.table), dtype=bool)
        for title in self.table.columns:
            long |= (self.table[title].str.len() > limits.cell_chars).fillna(False).to_numpy(bool)
        if long.any():
            self.reject(long, np.full(len(long), _TOO_LONG.format(limits.cell_chars), dtype=object))

    def reject(self, wrong: NDArray[np.bool_], reasons: NDArray[np.object_], names: pd.Series | None = None) -> None:
        """Reject rows of the table, each for its reason; `names` are what stands where their name should."""
        sheets = self._sheets()
        for row in np.flatnonzero(wrong):
            name = "" if names is None or pd.isna(names.iat[row]) else str(names.iat[row])[:200]
            self.rejected.append(Rejected(int(self.rows[row]), str(reasons[row]), name, sheets[row] if sheets else ""))
        self.keep(~wrong)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Keep these rows of the table; whoever drops rows rejects them."""
        self.table, self.rows = self.table[kept].reset_index(drop=True), self.rows[kept]
        if self.lon is not None and self.lat is not None:
            self.lon, self.lat = self.lon[kept], self.lat[kept]

    def note(self, where: NDArray[np.bool_], column: str, cells: pd.Series, problem: str) -> None:
        """Note a problem of the cells of some rows; empty cells have none."""
        sheets = self._sheets()
        for row in np.flatnonzero(where):
            cell = cells.iat[row]
            if not pd.isna(cell):
                sheet = sheets[row] if sheets else ""
                self.issues.append(Issue(int(self.rows[row]), column, str(cell)[:80], problem, sheet))

    def _sheets(self) -> list[str]:
        return self.table[SHEET].fillna("").tolist() if SHEET in self.table else []


def tabulate(
    rows: Iterable[list[str]],
    limits: Limits,
    file: str,
    progress: Callable[[int], None] = lambda _done: None,
    hidden: frozenset[int] = frozenset(),
) -> Sheet:
    """Make a table of rows of cells whose header stands in the first ten.

    Parameters
    ----------
    rows : iterable of list of str
        All rows from the first, blank ones too, merged cells filled.
    limits : Limits
    file : str
        Name for messages.
    progress : callable
        Called with the rows done.
    hidden : frozenset of int
        Rows that the program that wrote them does not show, from 0; they are read and noted.

    Returns
    -------
    Sheet
        Blank rows are counted and left out; a row with more cells than the header has is rejected, since its cells
        cannot be told apart; one with fewer is filled up and named.  Lists side by side come one after the other.

    Raises
    ------
    DataError
        If there is no row at all, or more than `limits` allows.

    Examples
    --------
    >>> sheet = tabulate([["制表"], ["企业名称", "地址"], ["样例甲(上海)有限公司", "金桥路1号"]], Limits(), "a.csv")
    >>> sheet.header_row, sheet.rows.tolist(), sheet.table.columns.tolist()
    (2, [3], ['企业名称', '地址'])
    """
    stream = iter(rows)
    head = list(islice(stream, HEAD_ROWS + MAX_HEADER_ROWS - 1))
    if all(_blank(row) for row in head[:HEAD_ROWS]):
        raise DataError("文件里没有内容", file=file, expected="一行表头和至少一行企业")
    found = read_header(head[:HEAD_ROWS], head[HEAD_ROWS:])
    lists = [_List(found.titles, head[: found.first], limits)]
    sheet = Sheet(
        pd.DataFrame(), np.empty(0, np.int64), header_row=found.last + 1, issues=lists[0].issues, above=lists[0].above
    )
    taken, number = 0, found.last + 1
    for caption, block, into in zip(
        captions(head[found.first - 1], lists[0].blocks) if found.first else (),
        lists[0].blocks, lists[0].rows, strict=False,
    ):  # fmt: skip
        taken += 1  # a sub-heading of its list, of a district or not
        sheet.captions = [(found.first, "")]
        into.add([caption, *[""] * (block.stop - block.start - 1)], found.first, block.stop - block.start, limits)
    feed = chain(head[found.last + 1 :], stream)
    before: list[list[str]] = []
    while (row := next(feed, None)) is not None:
        number += 1
        if _blank(row):
            sheet.blank_rows += 1
            continue
        if not name_words().isdisjoint(row) and begins_another(row, lists[-1].titles):
            ahead = list(islice(feed, MAX_HEADER_ROWS - 1))
            found = read_header([row], ahead)
            feed = chain(ahead[found.last :], feed)
            lists.append(_List(found.titles, before, limits))
            sheet.issues += [*lists[-1].issues, Issue(number, "", "", ANOTHER_LIST)]
            sheet.rejected += [Rejected(number + line, REPEATED_HEADER) for line in range(found.last + 1)]
            taken, number = taken + found.last + 1, number + found.last
            continue
        before = [*before[-(MAX_HEADER_ROWS - 1) :], row]
        taken = lists[-1].add(row, number, taken, limits, sheet, file)
        if taken % _CHUNK == 0:
            refuse_cells(taken, len(lists[-1].names), limits, file)
            progress(taken)
        if number - 1 in hidden:
            sheet.issues.append(Issue(number, "", "", HIDDEN))
    refuse_cells(taken, max(len(one.names) for one in lists), limits, file)
    progress(taken)
    if len(lists) > 1:
        several = join_sheets([("", one.finish()) for one in lists])
        return replace(several, table=several.table.drop(columns=SHEET), **_about(sheet))
    one = lists[0].finish()
    sheet.table, sheet.rows, sheet.unit = one.table, one.rows, one.unit
    return sheet


def _about(sheet: Sheet) -> dict[str, Any]:
    """What is told of a file as a whole, whatever number of lists it has."""
    return {
        name: getattr(sheet, name) for name in ("header_row", "rejected", "issues", "blank_rows", "captions", "above")
    }


class _List:
    """One list of a table as it is read: its header, what stands above it, and the rows of those side by side."""

    def __init__(self, titles: list[str], above: list[list[str]], limits: Limits) -> None:
        self.titles, self.issues = titles, list[Issue]()
        if len(titles) > limits.columns:
            self.issues.append(Issue(None, "", str(len(titles)), f"列数超过 {limits.columns}，其后的列没有读入"))
        self.blocks = side_by_side(titles)
        if len(self.blocks) > 1:
            self.issues.append(Issue(None, "", str(len(self.blocks)), "表里有并排的几张名单，逐张读入"))
        self.names = distinct(titles[: limits.columns][self.blocks[0].start : self.blocks[0].stop])
        self.above = " ".join(dict.fromkeys(cell for row in above for cell in row if cell))
        self.unit = unit_line(above, titles)
        self.rows = [_Rows(self.names) for _ in self.blocks]

    def add(self, row: list[str], number: int, taken: int, limits: Limits, sheet: Sheet, file: str) -> int:
        """Take a row, or reject it on the sheet; how many rows are taken by then."""
        for block, into in zip(self.blocks, self.rows, strict=True):
            cells = row[block.start : block.stop] if len(self.blocks) > 1 else row
            if len(self.blocks) > 1 and _blank(cells):
                continue
            if taken >= limits.rows:
                raise DataError(f"超过 {limits.rows:,} 行", file=file, row=number, cause="请把文件分成几份")
            taken += 1
            problem = into.add(cells, number, block.stop - block.start, limits)
            if problem:
                sheet.rejected.append(Rejected(number, problem))
                if problem.startswith("比表头多"):
                    sheet.issues.append(Issue(number, "", str(len(row)), "单元格比表头多"))
            elif len(cells) < block.stop - block.start and len(self.blocks) == 1:
                sheet.issues.append(Issue(number, "", str(len(row)), "单元格比表头少，缺的按空计"))
        return taken

    def finish(self) -> Sheet:
        """Its rows as a sheet; columns without title and cells are none."""
        table = as_text(pa.concat_tables(into.finish() for into in self.rows))
        own = self.titles[self.blocks[0].start : self.blocks[0].stop]
        unnamed = [name for name, title in zip(self.names, own, strict=False) if not title]
        table = table.drop(columns=[name for name in unnamed if not table[name].str.strip().fillna("").any()])
        numbers = np.array([row for into in self.rows for row in into.numbers], np.int64)
        return Sheet(table, numbers, above=self.above, unit=self.unit)


def save_sheet(sheet: Sheet, folder: Path) -> None:
    """Write a sheet to a folder, in files that hold no code: Arrow, numpy and JSON."""
    table = pa.Table.from_pandas(sheet.table, preserve_index=False).replace_schema_metadata(None)
    with pa.OSFile(str(folder / _TABLE), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=_CHUNK)
    arrays = [name for name in _ARRAYS if getattr(sheet, name) is not None]
    for name in arrays:
        np.save(folder / f"{name}.npy", getattr(sheet, name), allow_pickle=False)
    rejected = pa.Table.from_pylist([row._asdict() for row in sheet.rejected], _REJECTED_SCHEMA)
    with pa.OSFile(str(folder / _REJECTED), "wb") as sink, pa.ipc.new_file(sink, rejected.schema) as writer:
        writer.write_table(rejected)
    apart = {"table", "rejected", *_ARRAYS}
    others = {field.name: getattr(sheet, field.name) for field in fields(sheet) if field.name not in apart}
    about = {**others, "arrays": arrays, "issue_counts": sheet.issues.counts}  # type: ignore[attr-defined]
    (folder / _ABOUT).write_text(json.dumps(about, default=lambda number: number.item()), encoding="utf-8")


def open_sheet(folder: Path) -> Sheet:
    """Read what `save_sheet` wrote, in another process that is not believed: what does not fit is refused.

    The table stays on disk, where the system allows that, and goes with the last who uses it.
    """
    try:
        if (folder / _ABOUT).stat().st_size > _MAX_ABOUT_BYTES:
            raise ValueError("too much to say")
        about: dict[str, Any] = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        source = pa.memory_map if os.name == "posix" else pa.OSFile
        with source(str(folder / _TABLE)) as file:
            table = pa.ipc.open_file(file).read_all()
        table.validate(full=True)
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in about.pop("arrays")}
        issues = Issues(Issue(*issue) for issue in about.pop("issues"))
        issues.counts = Counter({str(kind): int(count) for kind, count in about.pop("issue_counts").items()})
        with pa.OSFile(str(folder / _REJECTED)) as file:
            rejected = pa.ipc.open_file(file).read_all()
        rejected.validate(full=True)
        rows = zip(*(column.to_pylist() for column in rejected.cast(_REJECTED_SCHEMA).columns), strict=True)
        about["grid"] = about["grid"] and Grid(*map(str, about["grid"]))
        captions = [(int(row), str(name)) for row, name in about.pop("captions")]
        sheet = Sheet(
            as_text(table),
            captions=captions,
            **arrays,
            issues=issues,
            rejected=[Rejected(*row) for row in rows],
            **about,
        )
        if any(array.shape != (len(sheet.table),) for array in arrays.values()):
            raise ValueError("lengths differ")
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError, RecursionError) as error:
        raise DataError("读出的内容不完整，没有采用", cause="请再试一次") from error
    return sheet


class Spool:
    """Batches of a table as they come: the first stays in memory, a second puts all on disk, in the temporary folder."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self.first: pa.RecordBatch | None = None
        self.file: IO[bytes] | None = None
        self.writer: pa.ipc.RecordBatchFileWriter | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch."""
        if self.first is None:
            self.first = batch
            return
        if self.writer is None:
            self.file = tempfile.TemporaryFile()  # noqa: SIM115 (goes with its last reader)
            self.writer = pa.ipc.new_file(self.file, self.schema)
            self.writer.write_batch(self.first)
        self.writer.write_batch(batch)

    def table(self) -> pa.Table:
        """All batches; those on disk are read as they are looked at, where the system allows that."""
        if self.writer is None or self.file is None:
            return pa.Table.from_batches([] if self.first is None else [self.first], self.schema)
        self.writer.close()
        self.file.flush()
        if os.name != "posix":
            self.file.seek(0)
            return pa.ipc.open_file(self.file).read_all()
        content = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)
        return pa.ipc.open_file(pa.py_buffer(content)).read_all()


class _Rows:
    """Rows of one list, as they come, in batches of text."""

    def __init__(self, names: list[str]) -> None:
        self.schema = pa.schema([(name, pa.large_string()) for name in names])
        self.numbers = array("q")
        self.spool = Spool(self.schema)
        self.held: list[list[str]] = []

    def add(self, row: list[str], number: int, width: int, limits: Limits) -> str:
        """Take a row; the reason why not, ``""`` when it was taken."""
        extra = sum(bool(cell.strip()) for cell in row[width:])
        if extra:
            return f"比表头多 {extra} 个单元格，各列无法对应"
        if max(map(len, row)) > limits.cell_chars:
            return _TOO_LONG.format(limits.cell_chars)
        self.numbers.append(number)
        self.held.append(row[:width] + [""] * (width - len(row)))
        if len(self.held) == _CHUNK:
            self._pack()
        return ""

    def finish(self) -> pa.Table:
        """All rows."""
        if self.held:
            self._pack()
        return self.spool.table()

    def _pack(self) -> None:
        arrays = [pa.array(column, pa.large_string()) for column in zip(*self.held, strict=True)]
        self.spool.add(pa.record_batch(arrays[: len(self.schema)], schema=self.schema))
        self.held.clear()


def join_sheets(sheets: list[tuple[str, Sheet]]) -> Sheet:
    """One sheet of the rows of several, with the name of its own beside each row.

    Columns that mean the same are one, under the title of the first; where units of money differ, each number gets
    its own.
    """
    if len(sheets) == 1:
        return sheets[0][1]
    first = sheets[0][1]
    titles: dict[str, str] = {}
    for _, sheet in sheets:
        mapped = map_columns(list(sheet.table.columns))
        title = mapped.get("capital_amount")
        if title and unit_of_title(title).factor is None and sheet.unit:
            sheet.table = sheet.table.rename(columns={title: (title := f"{title}（{sheet.unit}）")})
            mapped["capital_amount"] = title
        renamed = {}
        for column, own in mapped.items():
            kept = titles.setdefault(column, own)
            if kept == own or kept in sheet.table.columns:
                continue
            if column == "capital_amount" and unit_of_title(kept) != (unit := unit_of_title(own)):
                bare = sheet.table[own].str.fullmatch(r"[\d.,]+", na=False)
                word = (
                    UNIT_WORDS.get(unit.factor, "？") if unit.factor and not unit.doubt else "？"
                )  # a unit nobody named is not that of another
                sheet.table[own] = sheet.table[own].mask(bare, sheet.table[own] + word + (unit.currency or "元"))
            renamed[own] = kept
        sheet.table = sheet.table.rename(columns=renamed)
    tables = [sheet.table.assign(**{SHEET: name}) for name, sheet in sheets]
    return Sheet(
        pd.concat(tables, ignore_index=True).astype("str"),
        np.concatenate([sheet.rows for _, sheet in sheets]),
        header_row=first.header_row,
        rejected=[row._replace(sheet=name) for name, sheet in sheets for row in sheet.rejected],
        issues=[issue._replace(sheet=name) for name, sheet in sheets for issue in sheet.issues],
        captions=[(row, name) for name, sheet in sheets for row, _ in sheet.captions],
        above=" ".join(dict.fromkeys(sheet.above for _, sheet in sheets)),
        blank_rows=sum(sheet.blank_rows for _, sheet in sheets),
        lon=_joined([sheet.lon for _, sheet in sheets], sheets),
        lat=_joined([sheet.lat for _, sheet in sheets], sheets),
        defined_datum=first.defined_datum,
        declared_datum=first.declared_datum if len({sheet.declared_datum for _, sheet in sheets}) == 1 else "",
        grid=first.grid if len({sheet.grid for _, sheet in sheets}) == 1 else None,
        unit=first.unit,
        serial_days=first.serial_days,
    )


def _joined(arrays: list[NDArray[np.float64] | None], sheets: list[tuple[str, Sheet]]) -> NDArray[np.float64] | None:
    """Coordinates of several sheets, NaN for those without; None where none has any."""
    if all(array is None for array in arrays):
        return None
    parts = zip(arrays, sheets, strict=True)
    return np.concatenate([np.full(len(one.table), np.nan) if array is None else array for array, (_, one) in parts])


def as_text(table: pa.Table) -> pd.DataFrame:
    """Frame of text over the same memory."""
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return frame.astype("str") if frame.shape[1] else frame


def refuse_cells(rows: int, columns: int, limits: Limits, file: Path | str) -> None:
    """Refuse a table of more cells than `limits` allows: what is read costs by the cell, not by the byte."""
    if rows * columns > limits.cells:
        raise DataError(
            f"超过 {limits.cells:,} 格", file=file, value=f"{rows:,} 行 × {columns:,} 列", cause="请把文件分成几份"
        )


def distinct(header: list[str]) -> list[str]:
    """Headers made distinct: a repeated one is numbered, an empty one named by its position.

    Examples
    --------
    >>> distinct(["电话", "", "电话"])
    ['电话', '列2', '电话 (2)']
    """
    names: list[str] = []
    taken = set(header)
    for position, title in enumerate(header, start=1):
        name = title or f"列{position}"
        number = 2
        while name in names or (name != title and name in taken):
            name = f"{title or f'列{position}'} ({number})"
            number += 1
        names.append(name)
    return names


def _blank(row: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in row)
