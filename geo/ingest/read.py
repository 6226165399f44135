"""Reading a file of enterprises, whatever it is: by its content first, by its name second."""

import codecs
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError
from geo.ingest.archives import open_archive
from geo.ingest.binary_workbook import read_binary_workbook
from geo.ingest.delimited import read_text
from geo.ingest.excel import read_workbook
from geo.ingest.geometries import take_geometries
from geo.ingest.isolation import read_apart
from geo.ingest.markup import read_mhtml, read_open_document, read_page, read_spreadsheetml
from geo.ingest.records import read_records
from geo.ingest.sheet import Limits, Sheet, open_sheet, save_sheet
from geo.ingest.vector import read_layer, read_parquet, read_zipped_layer

IMPORT_SUFFIXES: Final = (
    *(".xlsx", ".xls", ".xlsb", ".ods", ".fods", ".csv", ".tsv", ".txt", ".html", ".htm", ".mht", ".mhtml", ".xml"),
    *(".parquet", ".geojson", ".json", ".jsonl", ".ndjson", ".gpkg", ".zip"),
)
"""Files that are read."""

Reader = Callable[..., Sheet]
"""What reads a file as `read_file` does."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS: Final = {".csv", ".tsv", ".txt", ".tab", ".xls"}
_JSON_SUFFIXES: Final = {".geojson", ".json", ".jsonl", ".ndjson", ".geojsonl"}
_START_BYTES: Final = 2**16
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "RAR 压缩文件",
    b"7z\xbc\xaf": "7z 压缩文件",
    b"\x1f\x8b": "gzip 压缩文件",
    b"MZ": "程序",
}
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
        One of `IMPORT_SUFFIXES`, whatever its name.
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
    path, limits = Path(path), limits or Limits()
    try:
        if not path.is_file():
            raise DataError("这是文件夹，不是文件" if path.is_dir() else "找不到文件", file=path)
        size = path.stat().st_size
        if not size:
            raise DataError("文件是空的", file=path)
        if size > limits.file_bytes:
            raise DataError(f"文件超过 {limits.file_bytes / 2**20:,.0f} MB", file=path, cause="请把文件分成几份")
        with read_apart("sheet", path, {"limits": vars(limits)}, progress=progress) as (about, folder):
            return open_sheet(about, folder)
    except OSError as error:
        raise DataError("文件读不了", file=path, cause=error.strerror) from error


def sheet_task(
    file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Read one file here and write what was read to the working folder; see `read_file`."""
    sheet = _reader(file)(file, Limits(**arguments["limits"]), progress)
    return save_sheet(take_geometries(sheet), folder)


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
    for mark, kind in _FOREIGN.items():
        if text.lower().startswith(mark.lower()):
            raise DataError(f"这是{kind}，不是表格", file=path, expected="、".join(IMPORT_SUFFIXES))
    if text.startswith(b"<"):
        return _markup_reader(text)
    if text[:1] in b"{[\x1e" and (suffix in _JSON_SUFFIXES or re.match(rb'[{\[]\s*["{\[]', text)):
        return read_layer if is_layer(text) else read_records
    if _ARCHIVED_PAGE.match(text):
        return read_mhtml
    if suffix in _JSON_SUFFIXES:
        return read_layer
    if suffix in _TEXTS:
        return read_text
    raise DataError("不认识的文件类型", file=path, value=suffix or "（无扩展名）", expected="、".join(IMPORT_SUFFIXES))


def _packed_reader(path: Path) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    with open_archive(path) as archive:
        names = archive.namelist()
    if "xl/workbook.bin" in names:
        return read_binary_workbook
    if any(name.startswith("xl/") for name in names):
        return partial(read_workbook, packed=True)
    if "content.xml" in names:
        return partial(read_open_document, packed=True)
    if any(name.lower().endswith(".shp") for name in names) or path.suffix.lower() == ".zip":
        return read_zipped_layer
    raise DataError("压缩文件里没有可读的表", file=path, expected="xlsx、ods，或含 shapefile 的 zip")


def _markup_reader(text: bytes) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and re.search(rb"<(?:\w+:)?Workbook\b", text):
        return read_spreadsheetml
    if b"urn:oasis:names:tc:opendocument" in text and re.search(rb"<office:document\b", text):
        return partial(read_open_document, packed=False)
    if _PAGE.search(text) and not re.search(rb"<(?:\w+:)?kml\b|<!DOCTYPE(?!\s+html)", text, re.IGNORECASE):
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
