"""Reading tables that are written as markup: ODS, SpreadsheetML 2003, web pages under the name of a workbook, MHTML.

XML is read by Expat one event after the other.  A document type is refused, so that there are no entities; nothing is
looked up or fetched, and frames, pictures and styles of a web page are not followed.
"""

import codecs
import datetime as dt
import email
import email.policy
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from geo.errors import DataError
from geo.ingest.readers.archives import open_archive, refuse_bomb
from geo.ingest.readers.layout import Range
from geo.ingest.readers.sheet import Limits, Sheet
from geo.ingest.readers.workbook import UNCOMPUTED
from geo.ingest.readers.worksheets import Worksheet, as_cell, number_cell, read_worksheets
from geo.ingest.values.amounts import UNIT_WORDS, unit_of_title
from geo.ingest.values.cells import DAYS_TO_1904

MAX_ROWS: Final = 2**20
MAX_COLUMNS: Final = 2**14
"""Rows and columns that a spreadsheet can have."""

_READ_BYTES: Final = 2**20
_SAVE_AS: Final = "请用 Excel 或 WPS 打开，另存为 xlsx"
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


class _Table:
    """Cells of one worksheet as they come."""

    def __init__(self, name: str, limits: Limits, path: Path) -> None:
        self.name, self.limits, self.path = name, limits, path
        self.rows: list[list[str]] = []
        self.merged: list[Range] = []
        self.hidden: set[int] = set()
        self.visible = True
        self.column = 0
        self.cells = 0
        self.covered: dict[int, set[int]] = {}
        """Row → columns that a cell above or before covers, where the markup leaves those out."""

    def start_row(self, at: int | None = None) -> None:
        """Begin the next row, or that of number `at`."""
        at = len(self.rows) if at is None else at
        self._refuse(at >= MAX_ROWS or at < len(self.rows))
        self.rows += [[] for _ in range(at + 1 - len(self.rows))]
        self.column = 0

    def place(
        self, text: str, *, at: int | None = None, columns: int = 1, rows: int = 1, repeated: int = 1, skip: bool = True
    ) -> None:
        """Put a cell that spans `columns` and `rows`, `repeated` times beside itself.

        With `skip` the markup leaves out the cells that a span covers.
        """
        if not self.rows:
            self.start_row()
        number, row = len(self.rows) - 1, self.rows[-1]
        if at is not None:
            self.column = at
        taken = self.covered.get(number, set()) if skip else set()
        while self.column in taken:
            self.column += 1
        last = self.column + max(repeated, columns)
        columns, rows = max(1, min(columns, MAX_COLUMNS)), max(1, min(rows, MAX_ROWS))
        self._refuse(bool(text) and (last > MAX_COLUMNS or self.column < len(row)))
        if text:
            self.cells += repeated
            self._refuse(self.cells > self.limits.sheet_cells)
            row += [""] * (self.column - len(row))
            row += [text] * repeated
        if columns > 1 or rows > 1:
            self.merged.append(((number, self.column), (number + rows - 1, self.column + columns - 1)))
            self.cells += columns * rows
            self._refuse(self.cells > self.limits.sheet_cells)
            if skip:
                for below in range(number + 1, number + rows):
                    self.covered.setdefault(below, set()).update(range(self.column, self.column + columns))
        self.column = min(last if skip else self.column + repeated, MAX_COLUMNS)

    def repeat_row(self, times: int) -> None:
        """Write the last row `times` over; blank ones only count."""
        row = self.rows[-1]
        self._refuse(len(self.rows) + times > MAX_ROWS and bool(row))
        if not row and times > 1000:
            return  # the empty rest of the sheet
        self.cells += len(row) * times
        self._refuse(self.cells > self.limits.sheet_cells)
        hidden = len(self.rows) - 1 in self.hidden
        for _ in range(times):
            if hidden:
                self.hidden.add(len(self.rows))
            self.rows.append(list(row))

    def _refuse(self, wrong: bool) -> None:
        if wrong:
            raise DataError(
                f"工作表跨的格超过 {self.limits.sheet_cells:,} 格", file=self.path, value=self.name,
                cause="很远的单元格里有内容，或重复的行列太多",
            )  # fmt: skip

    def worksheet(self) -> Worksheet:
        """As `read_worksheets` takes it."""
        self._refuse(len(self.rows) * max(map(len, self.rows), default=0) > self.limits.sheet_cells)
        return Worksheet(self.name, self._padded, self.visible, self.merged, hidden_rows=frozenset(self.hidden))

    def _padded(self) -> Iterator[list[str]]:
        """All rows equally wide, so that merged cells have room."""
        width = max(map(len, self.rows), default=0)
        return (row + [""] * (width - len(row)) for row in self.rows)


class _Markup:
    """What reads one kind of XML: `start`, `end` and `text` are told the events; `grids` has the worksheets."""

    def __init__(self, limits: Limits, path: Path) -> None:
        self.limits, self.path = limits, path
        self.grids: list[_Table] = []
        self.words: list[str] | None = None
        self.serial_days = 0

    def start(self, tag: str, about: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, words: str) -> None:
        """Text inside an element."""
        if self.words is not None:
            self.words.append(words)

    def grid(self, name: str) -> _Table:
        """Begin a worksheet."""
        self.grids.append(_Table(name, self.limits, self.path))
        return self.grids[-1]


class _SpreadsheetML(_Markup):
    """Excel 2003 XML: ``Workbook/Worksheet/Table/Row/Cell/Data``."""

    def __init__(self, limits: Limits, path: Path) -> None:
        super().__init__(limits, path)
        self.formats: dict[str, str] = {}
        self.style = self.type = ""
        self.cell: dict[str, str] = {}
        self.value = self.row_style = ""
        self.row_span = 0

    def start(self, tag: str, about: dict[str, str]) -> None:
        match tag:
            case "Style":
                self.style = about.get("ID", "")
                self.formats[self.style] = self.formats.get(about.get("Parent", ""), "")
            case "NumberFormat" if "Format" in about:
                self.formats[self.style] = _NAMED_FORMATS.get(about["Format"], about["Format"])
            case "Worksheet":
                self.grid(about.get("Name", ""))
            case "Row" if self.grids:
                grid = self.grids[-1]
                grid.start_row(_whole(about.get("Index"), len(grid.rows) + 1) - 1)
                if about.get("Hidden") == "1":
                    grid.hidden.add(len(grid.rows) - 1)
                self.row_style, self.row_span = about.get("StyleID", ""), _whole(about.get("Span"), 0)
            case "Cell" if self.grids:
                self.cell, self.value = about, ""
                self.type = "Formula" if "Formula" in about else ""
            case "Comment":
                self.cell["Comment"] = ""
            case "Data" if "Comment" not in self.cell:
                self.type, self.words = about.get("Type", "String"), []
            case "Visible" | "Date1904":
                self.words = []

    def end(self, tag: str) -> None:
        words = "".join(self.words or ())
        match tag:
            case "Data" if self.words is not None:
                self.value = words
                self.words = None
            case "Cell" if self.grids:
                self._place()
                self.cell = {}
            case "Comment":
                self.cell.pop("Comment", None)
            case "Row" if self.grids and self.row_span:  # rows that look alike and hold nothing
                self.grids[-1].start_row(len(self.grids[-1].rows) - 1 + self.row_span)
            case "Visible":
                if self.grids and words.strip().lower() in ("sheethidden", "sheetveryhidden"):
                    self.grids[-1].visible = False
                self.words = None
            case "Date1904":
                self.serial_days = DAYS_TO_1904
                self.words = None

    def _place(self) -> None:
        value, cell = self.value, self.cell
        match self.type:
            case "Number":
                number = _number(value)
                code = self.formats.get(cell.get("StyleID", self.row_style), "")
                text = value if number is None else number_cell(number, code, self.serial_days)
            case "DateTime":
                text = re.sub(r"T00:00:00(?:\.0+)?$", "", value)
            case "Formula":
                text = UNCOMPUTED
            case _:
                text = value
        index = cell.get("Index")
        self.grids[-1].place(
            text, at=_whole(index, 1) - 1 if index else None, columns=1 + _whole(cell.get("MergeAcross"), 0),
            rows=1 + _whole(cell.get("MergeDown"), 0),
        )  # fmt: skip


_NAMED_FORMATS: Final = {
    "Short Date": "yyyy/m/d", "Long Date": "yyyy/m/d", "Medium Date": "yyyy/m/d", "General Date": "yyyy/m/d",
}  # fmt: skip


class _OpenDocument(_Markup):
    """OpenDocument: ``table/table-row/table-cell/p``."""

    def __init__(self, limits: Limits, path: Path) -> None:
        super().__init__(limits, path)
        self.undisplayed: set[str] = set()
        self.style = ""
        self.depth = self.note = self.header = 0
        self.cell: dict[str, str] = {}
        self.paragraphs: list[str] = []
        self.repeated = 1

    def start(self, tag: str, about: dict[str, str]) -> None:
        match tag:
            case "style":
                self.style = about.get("name", "")
            case "table-properties" if about.get("display") == "false":
                self.undisplayed.add(self.style)
            case "table":
                self.depth += 1
                if self.depth == 1:
                    self.grid(about.get("name", "")).visible = about.get("style-name", "") not in self.undisplayed
            case "table-row" if self.depth == 1:
                grid = self.grids[-1]
                grid.start_row()
                self.repeated = _whole(about.get("number-rows-repeated"), 1)
                if about.get("visibility", "visible") != "visible":
                    grid.hidden.add(len(grid.rows) - 1)
            case "table-cell" | "covered-table-cell" if self.depth == 1:
                self.cell, self.paragraphs = {**about, "tag": tag}, []
            case "annotation" | "shape" | "frame":
                self.note += 1
            case "p" if self.cell and not self.note and self.words is None:
                self.words = []
            case "s" if self.words is not None:
                self.words.append(" " * min(_whole(about.get("c"), 1), 1000))
            case "tab" if self.words is not None:
                self.words.append("\t")
            case "line-break" if self.words is not None:
                self.words.append("\n")

    def end(self, tag: str) -> None:
        match tag:
            case "table":
                self.depth -= 1
            case "table-row" if self.depth == 1 and self.repeated > 1:
                self.grids[-1].repeat_row(self.repeated - 1)
            case "table-cell" | "covered-table-cell" if self.depth == 1:
                self._place()
                self.cell = {}
            case "annotation" | "shape" | "frame":
                self.note -= 1
            case "p" if self.words is not None and not self.note:
                self.paragraphs.append("".join(self.words))
                self.words = None

    def text(self, words: str) -> None:
        if not self.note:
            super().text(words)

    def _place(self) -> None:
        cell, shown = self.cell, "\n".join(self.paragraphs)
        if cell["tag"] == "covered-table-cell":
            shown, kind = "", ""
        else:
            kind = cell.get("value-type", "")
        number = _number(cell.get("value", ""))
        if kind == "date":
            text = re.sub(r"T00:00:00(?:\.0+)?$", "", cell.get("date-value", "")) or shown
        elif kind in ("float", "currency", "percentage") and number is not None:
            text = as_cell(number) + _shown_unit(shown, number)
        elif "formula" in cell and not kind and not shown:
            text = UNCOMPUTED
        else:
            text = shown or cell.get("string-value", "")
        self.grids[-1].place(
            text, columns=_whole(cell.get("number-columns-spanned"), 1), rows=_whole(cell.get("number-rows-spanned"), 1),
            repeated=min(_whole(cell.get("number-columns-repeated"), 1), MAX_COLUMNS), skip=False,
        )  # fmt: skip


def _shown_unit(shown: str, number: float) -> str:
    """The unit of money that the text of a cell shows behind its number; that of the number where it shows it scaled."""
    match = re.fullmatch(r"[^\d.-]*(-?[\d,]*\.?\d+)\s*([\u4e00-\u9fff]{1,4})", shown.strip())
    if not match or not number or (unit := unit_of_title(f"({match[2]})")).factor is None:
        return ""
    seen = float(match[1].replace(",", ""))
    for scale in (1, 1000, 10_000, 1_000_000, 10**8):
        if seen and abs(number / seen / scale - 1) < 0.05:
            return UNIT_WORDS.get(unit.factor // scale, "？") + "元" if scale > 1 else match[2]
    return "？"


class _Page(HTMLParser):
    """Tables of a web page; a table inside a cell is a table of its own."""

    def __init__(self, limits: Limits, path: Path, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.limits, self.path, self.name = limits, path, name
        self.grids: list[_Table] = []
        self.open: list[tuple[_Table, dict[str, str | None] | None, list[str]]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        hidden = "display:none" in (about.get("style") or "").replace(" ", "").lower()
        match tag:
            case "script" | "style" | "title":
                self.silent += 1
            case "table":
                grid = _Table(f"{self.name}{len(self.grids) + 1}", self.limits, self.path)
                grid.visible = not hidden
                self.grids.append(grid)
                self.open.append((grid, None, []))
            case "tr" if self.open:
                self._close_cell()
                grid = self.open[-1][0]
                grid.start_row()
                if hidden:
                    grid.hidden.add(len(grid.rows) - 1)
            case "td" | "th" if self.open:
                self._close_cell()
                self.open[-1] = (self.open[-1][0], about, [])
            case "br" | "p" | "div" if self.open and self.open[-1][2]:
                self.open[-1][2].append("\n")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "script" | "style" | "title":
                self.silent = max(0, self.silent - 1)
            case "td" | "th" | "tr" if self.open:
                self._close_cell()
            case "table" if self.open:
                self._close_cell()
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and not self.silent and self.open[-1][1] is not None:
            self.open[-1][2].append(data)

    def close(self) -> None:
        super().close()
        while self.open:
            self._close_cell()
            self.open.pop()

    def _close_cell(self) -> None:
        grid, about, words = self.open[-1]
        if about is None:
            return
        self.open[-1] = (grid, None, [])
        text = "\n".join(filter(None, (re.sub(r"\s+", " ", line).strip() for line in "".join(words).split("\n"))))
        exact = about.get("x:num") or (about.get("data-v") if about.get("data-t") == "n" else None) or ""
        if (
            about.get("data-t") == "d"
        ):  # SheetJS writes the day as JavaScript says it: Tue May 08 2001 00:00:00 GMT+0800
            with suppress(ValueError):
                text = dt.datetime.strptime((about.get("data-v") or "")[4:15], "%b %d %Y").date().isoformat()
        number = _number(exact)
        if number is not None and not _HAN.search(
            text
        ):  # what Excel or SheetJS note beside a number they show shortened
            text = as_cell(number)
        spans = [_whole(about.get(name) or None, 1) for name in ("colspan", "rowspan")]
        grid.place(text, columns=spans[0], rows=spans[1])


def read_open_document(path: Path, limits: Limits, progress: Callable[[int], None], *, packed: bool) -> Sheet:
    """Read an OpenDocument spreadsheet (ods, or fods where it is not packed); errors as in `geo.ingest.readers.read.read_file`."""
    markup = _OpenDocument(limits, path)
    if not packed:
        with path.open("rb") as file:
            return _read_xml(markup, file, progress)
    refuse_bomb(path, limits)
    with open_archive(path) as archive:
        if (
            b"encryption-data" in archive.read("META-INF/manifest.xml")
            if "META-INF/manifest.xml" in archive.namelist()
            else b""
        ):
            raise DataError("文件有密码保护", file=path, cause="请去掉密码后另存")
        try:
            with archive.open("content.xml") as file:
                return _read_xml(markup, file, progress)  # type: ignore[arg-type]
        except (KeyError, zipfile.BadZipFile) as error:
            raise DataError("表格文件打不开", file=path, cause="文件损坏") from error


def read_spreadsheetml(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read an XML spreadsheet of Excel 2003; errors as in `geo.ingest.readers.read.read_file`."""
    with path.open("rb") as file:
        return _read_xml(_SpreadsheetML(limits, path), file, progress)


def read_page(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the tables of a web page, as systems write them under the name of a workbook.

    Errors as in `geo.ingest.readers.read.read_file`.
    """
    encoding, text = _decode(path.read_bytes(), path)
    sheet = _read_pages({"表": text}, path, limits, progress)
    sheet.encoding = encoding
    return sheet


def read_mhtml(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the tables of a web archive (mht, mhtml); errors as in `geo.ingest.readers.read.read_file`."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    pages = {}
    encoding = ""
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            place = re.split(r"[/\\]", str(part.get("Content-Location", "")))[-1]
            if isinstance(content, bytes):
                encoding, text = _decode(content, path, part.get_content_charset())
                pages[f"{place or '表'} "] = text
    sheet = _read_pages(pages, path, limits, progress)
    sheet.encoding = encoding
    return sheet


def _read_pages(pages: Mapping[str, str], path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    worksheets = []
    for name, text in pages.items():
        page = _Page(limits, path, name)
        page.feed(text)
        page.close()
        worksheets += [grid.worksheet() for grid in page.grids]
    if not any(cell for worksheet in worksheets for row in worksheet.rows() for cell in row):
        raise DataError("网页里没有表格", file=path, expected="有一张企业表", cause=_SAVE_AS)
    return read_worksheets(worksheets, limits, path, progress)


def _decode(content: bytes, path: Path, charset: str | None = None) -> tuple[str, str]:
    """Text of a web page and its encoding: the one that its mark, its meta or its part declares, else by its bytes.

    Raises
    ------
    DataError
        When it is in none of them.
    """
    declared = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", content[:8192], re.IGNORECASE)
    said = [name.lower() for name in (declared.group(1).decode() if declared else "", charset or "") if name]
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [codec for mark, codec in marks.items() if content.startswith(mark)]
    for codec in (*marked, *(_CHARSETS[name] for name in said if name in _CHARSETS), "utf-8", "gb18030"):
        with suppress(UnicodeError):
            return codec, content.decode(codec)
    raise DataError("认不出文件的编码", file=path, expected="UTF-8、GB18030 或 UTF-16", cause="文件损坏或不是文本")


_CHARSETS: Final = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"), "big5": "big5hkscs", "utf-16": "utf-16", "unicode": "utf-16",
}  # fmt: skip
"""Names of encodings in web pages → codec."""


def _read_xml(markup: _Markup, file: BinaryIO, progress: Callable[[int], None]) -> Sheet:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = _LocalNames()

    def refuse(*_about: Any) -> None:
        raise DataError("不读带文档类型（DOCTYPE）的 XML：它可以引用别的文件或网址", file=markup.path, cause=_SAVE_AS)

    def start(tag: str, about: dict[str, str]) -> None:
        markup.start(local[tag], {local[name]: value for name, value in about.items()})

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: markup.end(local[tag])
    parser.CharacterDataHandler = markup.text
    try:
        while block := file.read(_READ_BYTES):
            parser.Parse(block)
            progress(sum(len(grid.rows) for grid in markup.grids))
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise DataError("表格文件打不开", file=markup.path, cause="XML 不完整或文件损坏") from error
    sheet = read_worksheets([grid.worksheet() for grid in markup.grids], markup.limits, markup.path, progress)
    sheet.serial_days = markup.serial_days
    return sheet


class _LocalNames(dict[str, str]):
    """Names without their prefix, each taken apart once."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        return self[name]


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else otherwise


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", text.strip()) else None
