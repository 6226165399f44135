"""Reading a file of enterprises, whatever it is: by its content first, by its name second."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError
from geo.ingest.archives import open_archive
from geo.ingest.delimited import read_text
from geo.ingest.excel import read_workbook
from geo.ingest.isolation import read_apart
from geo.ingest.sheet import Limits, Sheet, open_sheet, save_sheet
from geo.ingest.vector import read_layer, read_parquet, read_zipped_layer

IMPORT_SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".tsv", ".txt", ".parquet", ".geojson", ".json", ".gpkg", ".zip")
"""Files that are read."""

Reader = Callable[..., Sheet]
"""What reads a file as `read_file` does."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS: Final = {".csv", ".tsv", ".txt", ".tab"}
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "RAR 压缩文件",
    b"7z\xbc\xaf": "7z 压缩文件",
    b"\x1f\x8b": "gzip 压缩文件",
    b"<html": "网页",
    b"<!doc": "网页",
    b"<table": "网页",
    b"MZ": "程序",
}


def read_file(
    path: Path | str, limits: Limits | None = None, progress: Callable[[int], None] = lambda _done: None
) -> Sheet:
    """Read one file.

    Parameters
    ----------
    path : Path
        xlsx, xls, csv, tsv, parquet, GeoJSON, GeoPackage, or a zip with a shapefile.
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
    with file.open("rb") as handle:
        start = handle.read(4096)
    sheet = _reader(file, start)(file, Limits(**arguments["limits"]), progress)
    return save_sheet(sheet, folder)


def _reader(path: Path, start: bytes) -> Callable[[Path, Limits, Callable[[int], None]], Sheet]:
    suffix = path.suffix.lower()
    if start.startswith(b"PK"):
        with open_archive(path) as archive:
            names = archive.namelist()
        if any(name.startswith("xl/") for name in names):
            return lambda *given: read_workbook(*given, packed=True)
        if any(name.lower().endswith(".shp") for name in names) or suffix == ".zip":
            return read_zipped_layer
        raise DataError("压缩文件里没有可读的表", file=path, expected="xlsx，或含 shapefile 的 zip")
    if start.startswith(_OLE):
        return lambda *given: read_workbook(*given, packed=False)
    if start.startswith(b"SQLite format 3\0"):
        return read_layer
    if start.startswith(b"PAR1"):
        return read_parquet
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in _FOREIGN.items():
        if text.startswith(mark.lower()):
            raise DataError(f"这是{kind}，不是表格", file=path, expected="、".join(IMPORT_SUFFIXES))
    if suffix in {".geojson", ".json"} or text.startswith(b'{"type"'):
        return read_layer
    if suffix in _TEXTS or suffix == ".xls":
        return read_text
    raise DataError("不认识的文件类型", file=path, value=suffix or "（无扩展名）", expected="、".join(IMPORT_SUFFIXES))
