"""Reading a file of enterprises, whatever it is: by its content first, by its name second."""

import codecs
import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from geo.errors import DataError
from geo.ingest.isolation import read_apart
from geo.ingest.readers.archives import LAYER_SUFFIXES, open_archive, refuse_bomb, true_name
from geo.ingest.readers.binary_workbook import read_binary_workbook
from geo.ingest.readers.delimited import read_text
from geo.ingest.readers.excel import read_workbook
from geo.ingest.readers.geometries import take_geometries
from geo.ingest.readers.markup import read_mhtml, read_open_document, read_page, read_spreadsheetml
from geo.ingest.readers.parquet import read_parquet
from geo.ingest.readers.records import read_records
from geo.ingest.readers.sheet import Issue, Limits, Sheet, open_sheet, save_sheet
from geo.ingest.readers.vector import read_layer, read_zipped_layer

TABLE_FILES: Final = (
    *(".xlsx", ".xls", ".xlsb", ".ods", ".fods", ".csv", ".tsv", ".txt", ".html", ".htm", ".mht", ".mhtml", ".xml"),
    *(".parquet", ".json", ".jsonl", ".ndjson"),
)
LAYER_FILES: Final = (
    *(".geojson", ".geojsonl", ".geojsons", ".gpkg", ".kml", ".kmz", ".gpx", ".fgb", ".gdb", ".shp", ".tab", ".mif"),
)
"""Endings of layers; those of several files are read with the files that lie beside them."""

IMPORT_SUFFIXES: Final = (*TABLE_FILES, *LAYER_FILES, ".zip")
"""Files that are read."""

Reader = Callable[..., Sheet]
"""What reads a file as `read_file` does."""

_BESIDE: Final = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".dbf", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
"""Ending of a layer of several files → endings of the others."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS: Final = {".csv", ".tsv", ".txt", ".tab", ".xls"}
_JSON_SUFFIXES: Final = {".geojson", ".json", ".jsonl", ".ndjson", ".geojsonl", ".geojsons"}
_START_BYTES: Final = 2**16
_FOREIGN: Final = {
    b"%PDF": ("PDF", "请向发布的人要表格文件，或用 WPS 转成 xlsx 并核对行数"),
    b"\x89PNG": ("图片", "请向发布的人要表格文件"),
    b"\xff\xd8\xff": ("图片", "请向发布的人要表格文件"),
    b"Rar!": ("RAR 压缩文件", "请解压，再导入里面的表"),
    b"7z\xbc\xaf": ("7z 压缩文件", "请解压，再导入里面的表"),
    b"\x1f\x8b": ("gzip 压缩文件", "请解压，再导入里面的表"),
    b"ARROW1": ("Feather（Arrow）文件", "请另存为 parquet，如 geopandas.read_feather(…).to_parquet(…)"),
    b"FEA1": ("Feather 文件", "请另存为 parquet，如 pandas.read_feather(…).to_parquet(…)"),
    b"MZ": ("程序", ""),
}
"""Beginning of a file → what it is, and how its table is to be had."""

_PACKED_FOREIGN: Final = {
    "word/document.xml": "Word 文档", "ppt/presentation.xml": "幻灯片", "Index/Document.iwa": "Numbers 表格",
}  # fmt: skip
_SAVE_AS: Final = "请用 Excel 或 WPS 打开或粘贴其中的表，另存为 xlsx"
_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b", re.IGNORECASE)
_ARCHIVED_PAGE: Final = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE
)
_JSON_TOKEN: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]')
_LAYER_TYPES: Final = {
    *(b"FeatureCollection", b"Feature", b"Topology", b"Point", b"MultiPoint", b"LineString", b"MultiLineString"),
    *(b"Polygon", b"MultiPolygon", b"GeometryCollection"),
}
_LAYER_KEYS: Final = {b"features", b"geometryType", b"tilejson", b"tiles", b"conformsTo", b"gdal_version", b"geometry"}
"""Keys of the outermost object of a layer, or of what only refers to one."""


def read_file(
    path: Path | str, limits: Limits | None = None, progress: Callable[[int], None] = lambda _done: None
) -> Sheet:
    """Read one file.

    Parameters
    ----------
    path : Path
        One of `IMPORT_SUFFIXES`, whatever its name; a folder only where it is a file geodatabase (``.gdb``).
    limits : Limits, optional
    progress : callable, optional
        Called with the rows read so far.

    Returns
    -------
    Sheet

    Raises
    ------
    DataError
        When the file is missing, of another kind, damaged, locked or larger than the limits allow.

    Examples
    --------
    >>> read_file("没有这个文件.csv")
    Traceback (most recent call last):
    geo.errors.DataError: 找不到文件（文件 没有这个文件.csv）
    """
    with _reading(Path(path), limits or Limits(), progress) as folder:
        return open_sheet(folder)


def read_into(
    path: Path, folder: Path, limits: Limits | None = None, progress: Callable[[int], None] = lambda _done: None
) -> None:
    """Read one file into a new folder, for `geo.ingest.readers.sheet.open_sheet`; nothing that it holds is looked at here.

    The folder is made within the temporary one.  Other arguments and errors as in `read_file`.
    """
    with _reading(path, limits or Limits(), progress) as working:
        working.rename(folder)


@contextmanager
def _reading(path: Path, limits: Limits, progress: Callable[[int], None]) -> Iterator[Path]:
    """Have a process read a file; the folder with what it read."""
    try:
        files = files_of(path)
        if not files:
            raise DataError("这是文件夹，不是文件" if path.is_dir() else "找不到文件", file=path)
        size = sum(file.stat().st_size for file in files)
        if not size:
            raise DataError("文件是空的", file=path)
        if size > limits.file_bytes:
            raise DataError(f"文件超过 {limits.file_bytes / 2**20:,.0f} MB", file=path, cause="请把文件分成几份")
        with (
            _as_one(path, files) as one,
            read_apart("sheet", one, {"limits": vars(limits)}, progress=progress) as (_, folder),
        ):
            yield folder
    except OSError as error:
        raise DataError("文件读不了", file=path, cause=error.strerror) from error


def files_of(path: Path) -> list[Path]:
    """Files that a path stands for: itself, and, of a layer of several files, those beside it or in its folder.

    Examples
    --------
    >>> files_of(Path("没有这个文件.shp"))
    []
    """
    beside = _BESIDE.get(path.suffix.lower(), ())
    if path.is_dir():
        return sorted(file for file in path.iterdir() if _is_plain(file)) if path.suffix.lower() == ".gdb" else []
    if not path.is_file():
        return []
    parts = [file for file in path.parent.iterdir() if file.stem == path.stem and _is_plain(file)] if beside else []
    return [path, *sorted(file for file in parts if file.suffix.lower() in beside)]


def digest_of(path: Path) -> str:
    """SHA-256 of the files that a path stands for, one after the other."""
    digest = hashlib.sha256()
    for part in files_of(path):
        with part.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()


@contextmanager
def _as_one(path: Path, files: list[Path]) -> Iterator[Path]:
    """One file that holds all: the process that reads sees one and no more."""
    if files == [path]:
        yield path
        return
    with TemporaryDirectory(prefix="layer-") as folder:
        one = Path(folder) / path.name
        inside = f"{path.name}/" if path.is_dir() else ""
        with zipfile.ZipFile(one, "w") as archive:
            for file in files:
                archive.write(file, inside + file.name)
        yield one


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def sheet_task(file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[[int], None]) -> None:
    """Read one file here and write what was read to the working folder; see `read_file`."""
    sheet = _reader(file)(file, Limits(**arguments["limits"]), progress)
    save_sheet(take_geometries(sheet), folder)


def _reader(path: Path) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    """What reads a file, by its content."""
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    suffix = path.suffix.lower()
    if start.startswith(b"PK"):
        return _packed_reader(path)
    if start.startswith(_OLE):
        return partial(read_workbook, packed=False)
    if start.startswith(b"SQLite format 3\0"):
        return read_layer
    if start.startswith(b"PAR1"):
        return read_parquet
    text = _as_utf8(start).lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, (kind, way) in _FOREIGN.items():
        if text.lower().startswith(mark.lower()):
            raise DataError(f"这是{kind}，不是能读的表格", file=path, expected="、".join(IMPORT_SUFFIXES), cause=way)
    if start.startswith((b"fgb", b"!table", b"\0\0\x27\x0a")) or suffix == ".mif":
        return read_layer
    if text.startswith(b"<"):
        return _markup_reader(text)
    if text[:1] in b"{[\x1e" and (suffix in _JSON_SUFFIXES or re.match(rb'[{\[]\s*["{\[]', text)):
        return read_layer if is_layer(text) else read_records
    if _ARCHIVED_PAGE.match(text):
        return read_mhtml
    if suffix in _JSON_SUFFIXES or (suffix in LAYER_FILES and suffix not in _TEXTS):
        return read_layer
    if suffix in _TEXTS:
        return read_text
    raise DataError(
        "不认识的文件类型",
        file=path,
        value=suffix or "（无扩展名）",
        expected="、".join(IMPORT_SUFFIXES),
        cause=_SAVE_AS,
    )


def _packed_reader(path: Path) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    with open_archive(path) as archive:
        names = archive.namelist()
    if "xl/workbook.bin" in names:
        return read_binary_workbook
    if any(name.startswith("xl/") for name in names):
        return partial(read_workbook, packed=True)
    if "content.xml" in names:
        return partial(read_open_document, packed=True)
    for part, kind in _PACKED_FOREIGN.items():
        if part in names:
            raise DataError(f"这是{kind}，不是表格", file=path, expected="xlsx、ods 或 csv", cause=_SAVE_AS)
    if not any(name.lower().endswith(LAYER_SUFFIXES) for name in names) and any(map(_is_table, names)):
        return _read_zipped_table
    return read_zipped_layer


def _is_table(name: str) -> bool:
    """Whether a member of a zip is a table."""
    own = "__MACOSX" not in name and not name.rpartition("/")[2].startswith((".", "~"))
    return own and name.lower().endswith(TABLE_FILES)


def _read_zipped_table(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the table of a zip that holds no layer; the largest of several that is no plain text, the others are named."""
    refuse_bomb(path, limits)
    with open_archive(path) as archive, TemporaryDirectory(prefix="intake-") as folder:
        tables = [member for member in archive.infolist() if _is_table(member.filename)]
        chosen = max(tables, key=lambda member: (not member.filename.lower().endswith(".txt"), member.file_size))
        copy = Path(folder) / f"table{Path(chosen.filename).suffix.lower()}"
        with archive.open(chosen) as packed, copy.open("wb") as target:
            shutil.copyfileobj(packed, target)
        sheet = _reader(copy)(copy, limits, progress)
        others = [true_name(member) for member in tables if member is not chosen]
    sheet.issues += [Issue(None, "", other, "压缩文件里的这一份没有读入，请分开导入") for other in others]
    return sheet


def _markup_reader(text: bytes) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and re.search(rb"<(?:\w+:)?Workbook\b", text):
        return read_spreadsheetml
    if b"urn:oasis:names:tc:opendocument" in text and re.search(rb"<office:document\b", text):
        return partial(read_open_document, packed=False)
    if _PAGE.search(text) and not re.search(rb"<(?:\w+:)?(?:kml|gpx)\b|<!DOCTYPE(?!\s+html)", text, re.IGNORECASE):
        return read_page
    return read_layer


def is_layer(text: bytes) -> bool:
    """Whether a JSON text is a layer of features, or what refers to one, and not a list of records.

    Parameters
    ----------
    text : bytes
        Its beginning.

    Examples
    --------
    >>> is_layer(b'{"type": "FeatureCollection", "features": []}'), is_layer(b'[{"name": "a", "geometry": {}}]')
    (True, False)
    """
    if text.startswith(b"\x1e"):
        return True
    depth, key = 0, b""
    for token in _JSON_TOKEN.finditer(text):
        word, colon = token.group(1), token.group(2)
        if word is None:
            depth += 1 if token.group() in b"{[" else -1
            if depth == 0 or not text.startswith(b"{"):
                return False
        elif depth == 1 and colon:
            key = word
            if key in _LAYER_KEYS:
                return True
        elif depth == 1 and key == b"type":
            return word in _LAYER_TYPES or word.startswith(b"gdal_")
    return False


def _as_utf8(start: bytes) -> bytes:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", "ignore").encode()
    return start
