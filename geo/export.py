"""Write a selection of enterprises to a file that other programs open: csv, xlsx, geojson, gpkg, parquet.

Only the canonical columns leave, so personal data that an import was told to keep stays behind; only points leave,
no outlines.  A row without a point keeps a missing geometry.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from geo.catalog import catalogue
from geo.crs import STORAGE_CRS
from geo.enterprises import COLUMNS
from geo.errors import DataError
from geo.labels import labelled

Labels = str | None
Notes = dict[str, str]

CODES: Final = ("enterprise_id", "uscc", "adcode", "gb4754", "stock_code")
"""Columns of codes: text in every format, so that no program takes them for numbers."""

_REAL: Final = ("capital_amount", "lon", "lat", "location_error_m", "lon_raw", "lat_raw")
_INTEGER: Final = ("insured", "source_row")
_BOOLEAN: Final = ("uscc_valid",)
_LICENSED: Final = ("enterprises", "recognitions", "parks", "towns", "roads")

_LAYER: Final = "enterprises"
_EXCEL_ROWS: Final = 1_048_576
_EXCEL_CELL: Final = 32_767  # UTF-16 units
_IN_MEMORY_ROWS: Final = 20_000

ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
_LINE_END: Final = re.compile("\r\n?")
FORMULA: Final = r"\s*[=+\-@＝＋－＠]|[\t\r\n]"  # full width too: a Chinese Excel takes it for a formula


def export(
    enterprises: gpd.GeoDataFrame,
    out: Path,
    *,
    labels: Labels = None,
    sentence: str = "",
    date: str = "",
    synthetic: bool = False,
) -> None:
    """Write enterprises to a file in the format of its suffix, whole or not at all.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns, EPSG:4326; an empty one gives the header alone, where the format has one.
    out : Path
        The file; its suffix is one of `EXPORTERS`.  An older file is replaced once the new one is complete.
    labels : {"zh", "en"}, optional
        Headers and codes as a reader calls them; canonical names and codes when not given.
    sentence : str
        The selection in words, for the notes that xlsx, gpkg and geojson carry.
    date : str
        When the set was compiled.
    synthetic : bool
        Whether the rows are made up; the notes say so.

    Raises
    ------
    DataError
        When the suffix is none of `EXPORTERS`, the file cannot be written, or the rows do not fit the format.

    Examples
    --------
    >>> from geo.datasets import load_datasets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(load_datasets().enterprises.head(2), Path(folder) / "two.gpkg")
    ...     two = gpd.read_file(Path(folder) / "two.gpkg")
    >>> len(two), two.crs.to_epsg()
    (2, 4326)
    """
    out = Path(out)
    write = _exporter(out.suffix)
    if not out.parent.is_dir():
        raise DataError("导出失败：文件夹不存在", value=out.parent, expected="已有的文件夹")
    if out.is_dir():
        raise DataError("导出失败：这是一个文件夹，不是文件", value=out)
    frame = _canonical(enterprises)
    notes = _notes(len(frame), labels or "zh", sentence, date, synthetic)
    if labels:
        frame = labelled(frame, labels)
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as folder:
            partial = Path(folder) / f"part{out.suffix.lower()}"
            write(frame, partial, notes)
            partial.replace(out)
    except DataError:
        raise
    except (OSError, RuntimeError, pa.ArrowException, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or str(error)[:120]
        cause = "没有写入权限、磁盘已满，或文件正在别的程序中打开"
        raise DataError(f"导出失败：无法写入（{reason}）", value=out, cause=cause) from error


def to_bytes(
    enterprises: gpd.GeoDataFrame,
    suffix: str,
    *,
    labels: Labels = None,
    sentence: str = "",
    date: str = "",
    synthetic: bool = False,
) -> bytes:
    """Content of the file that `export` would write, for a download.

    Parameters
    ----------
    suffix : str
        One of `EXPORTERS`, with or without its dot; the other parameters as in `export`.

    Examples
    --------
    >>> from geo.datasets import load_datasets
    >>> to_bytes(load_datasets().enterprises.head(0), "csv").decode("utf-8-sig")[:18]
    'enterprise_id,name'
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"enterprises.{suffix.removeprefix('.')}"
        export(enterprises, out, labels=labels, sentence=sentence, date=date, synthetic=synthetic)
        return out.read_bytes()


def _exporter(suffix: str) -> Callable[[gpd.GeoDataFrame, Path, Notes], None]:
    if suffix.lower() not in EXPORTERS:
        known = "、".join(name.removeprefix(".") for name in EXPORTERS)
        raise DataError("导出失败：不支持这种文件格式", value=suffix or "没有后缀", expected=f"{known} 之一")
    return EXPORTERS[suffix.lower()]


def _canonical(enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Canonical columns alone, each of one type: text without missing values, numbers, whether."""
    columns = {}
    for column in COLUMNS:
        values = enterprises[column] if column in enterprises.columns else pd.Series(pd.NA, index=enterprises.index)
        try:
            if column in _REAL:
                columns[column] = pd.to_numeric(values).astype("float64")
            elif column in _INTEGER:
                columns[column] = pd.to_numeric(values).astype("Int64")
            elif column in _BOOLEAN:
                columns[column] = values.astype("boolean")
            else:
                columns[column] = _text(values)
        except (ValueError, TypeError) as error:
            raise DataError("导出失败：列中有不能识别的值", column=column, cause=str(error)[:120]) from error
    geometry = enterprises.geometry.to_crs(STORAGE_CRS)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=STORAGE_CRS).reset_index(drop=True)


def _text(values: pd.Series) -> pd.Series:
    """Text of each value, ``""`` where missing: a date as ISO 8601, lines ended by LF, nothing that XML cannot hold."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    codes, found = pd.factorize(values)
    texts = [_LINE_END.sub("\n", ILLEGAL.sub("", str(value))) for value in found]
    return pd.Series([texts[code] if code >= 0 else "" for code in codes], index=values.index, dtype=str)


def _notes(count: int, lang: str, sentence: str, date: str, synthetic: bool) -> Notes:
    """What a table needs beside its rows to be quoted: source, selection, date, count, licences."""
    sources = [catalogue()[name] for name in _LICENSED]
    if lang == "en":
        notes = {"Source": "Enterprises of Shanghai on one core, one belt", "Selection": sentence, "Date": date}
        notes |= {"Enterprises": f"{count:,}"}
        notes |= {f"Licence: {data.title_en}": f"{data.licence} ({data.attribution})" for data in sources}
        notes["Position"] = (
            "WGS-84. Precision park, town or district is an area, its point is no site; outlines are not included."
        )
        made_up = ("Caution", "Synthetic data: these enterprises are made up.")
    else:
        notes = {"来源": "上海“一核一带”智能制造企业", "选择": sentence, "编纂日期": date, "企业数": f"{count:,}"}
        notes |= {f"许可：{data.title_zh}": f"{data.licence}（{data.attribution}）" for data in sources}
        notes["位置"] = "WGS-84；定位精度为园区、街镇、区的，点只代表该区域，不是厂址；不含区界。"
        made_up = ("注意", "合成数据：这些企业是虚构的。")
    notes = dict([made_up]) | notes if synthetic else notes
    return {key: ILLEGAL.sub("", text) for key, text in notes.items() if text}


def _write_csv(frame: gpd.GeoDataFrame, path: Path, _notes: Notes) -> None:
    table = pd.DataFrame(frame.drop(columns="geometry"))
    for column in table.select_dtypes("str").columns:
        risky = table[column].str.match(FORMULA)
        table[column] = table[column].where(~risky, "'" + table[column])
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _write_xlsx(frame: gpd.GeoDataFrame, path: Path, notes: Notes) -> None:
    table = pd.DataFrame(frame.drop(columns="geometry"))
    if len(table) >= _EXCEL_ROWS:
        raise DataError(
            "导出失败：行数超过 Excel 的上限",
            value=f"{len(table):,} 行",
            expected=f"至多 {_EXCEL_ROWS - 1:,} 行；更大的表请导出 csv 或 parquet",
        )
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(path, options | {"constant_memory": len(table) > _IN_MEMORY_ROWS}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        code = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_LAYER)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(table) + 1}"})
        formats = [code if column in CODES else None for column in COLUMNS]
        sheet.set_column(0, len(formats) - 1, 14)
        sheet.set_column(1, 1, 34)
        for position, header in enumerate(table.columns):
            sheet.write_string(0, position, header, bold)
        cut: dict[str, int] = {}
        for row, cells in enumerate(table.itertuples(index=False, name=None), start=1):
            for position, value in enumerate(cells):
                if _write_cell(sheet, row, position, value, formats[position]):
                    cut[table.columns[position]] = cut.get(table.columns[position], 0) + 1
        about = book.add_worksheet("about")
        about.set_column(0, 0, 30)
        about.set_column(1, 1, 90)
        truncated = {f"! {column}": f"{count} 格超过 {_EXCEL_CELL:,} 字，已截断 / cut" for column, count in cut.items()}
        for row, (key, text) in enumerate((notes | truncated).items()):
            about.write_string(row, 0, key, bold)
            about.write_string(row, 1, _fitting(text))


def _write_cell(sheet, row: int, position: int, value: object, form: object) -> bool:  # type: ignore[no-untyped-def]
    """Write one cell by its type, an empty one not at all; whether its text had to be cut."""
    if isinstance(value, str):
        text = _fitting(value)
        if text:
            sheet.write_string(row, position, text, form)
        return text != value
    if value is pd.NA or not math.isfinite(value):  # type: ignore[arg-type]
        return False
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, position, value)
    else:
        sheet.write_number(row, position, value)
    return False


def _fitting(text: str) -> str:
    """Text that an Excel cell can hold; a longer one ends in an ellipsis."""
    if len(text) <= _EXCEL_CELL // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _EXCEL_CELL:
        return text
    return units[: 2 * (_EXCEL_CELL - 1)].decode("utf-16-le", errors="ignore") + "…"


def _write_geojson(frame: gpd.GeoDataFrame, path: Path, notes: Notes) -> None:
    _write_layer(frame, path, "GeoJSON", RFC7946="YES", DESCRIPTION=_joined(notes))


def _write_gpkg(frame: gpd.GeoDataFrame, path: Path, notes: Notes) -> None:
    _write_layer(frame, path, "GPKG", DESCRIPTION=_joined(notes))


def _write_layer(frame: gpd.GeoDataFrame, path: Path, driver: str, **options: str) -> None:
    pyogrio.write_dataframe(
        frame, path, layer=_LAYER, driver=driver, geometry_type="Point", layer_options=options, encoding="UTF-8"
    )


def _write_parquet(frame: gpd.GeoDataFrame, path: Path, _notes: Notes) -> None:
    frame.to_parquet(path, index=False)


def _joined(notes: Notes) -> str:
    return "\n".join(f"{key}: {text}" for key, text in notes.items())


EXPORTERS: Final[dict[str, Callable[[gpd.GeoDataFrame, Path, Notes], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".geojson": _write_geojson,
    ".gpkg": _write_gpkg,
    ".parquet": _write_parquet,
}
"""Suffix → function that writes rows and notes to a path; a format is one entry."""
