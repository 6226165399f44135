"""Write a large selection piece by piece: csv and parquet, whole or not at all, in memory that does not grow."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from numpy.typing import NDArray
from xlsxwriter.exceptions import XlsxWriterException

from geo.catalog import catalogue
from geo.crs import STORAGE_CRS
from geo.enterprises.schema import COLUMNS, DISTANCES, labelled
from geo.enterprises.table import with_points
from geo.errors import DataError
from geo.export.spreadsheet import Kind, Sheet, legal, write_csv, write_xlsx
from geo.files import atomic_file, part_prefix
from geo.filters.place import with_distances
from geo.text import Text

Labels = str | None
Notes = dict[str, str]

_OF_SAMPLE: Final = ("enterprises", "recognitions")
_LICENSED: Final = (*_OF_SAMPLE, "parks", "towns", "roads")
_SAMPLE: Final = Text("上海“一核一带”智能制造企业", "Enterprises of Shanghai on one core, one belt")

_LAYER: Final = "enterprises"
_LINE_END: Final = re.compile("\r\n?")


def export(
    enterprises: gpd.GeoDataFrame,
    out: Path,
    *,
    labels: Labels = None,
    sentence: str = "",
    date: str = "",
    synthetic: bool = False,
    origin: str = "",
) -> None:
    """Write enterprises to a file in the format of its suffix, whole or not at all.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns, EPSG:4326; an empty one gives the header alone, where the format has one.
    out : Path
        The file; its suffix is one of `EXPORTERS`.  An older file is replaced once the new one is complete.
    labels : {"zh", "en"}, optional
        Headers and codes as a user calls them; canonical names and codes when not given.
    sentence : str
        The selection in words, for the notes that xlsx, gpkg and geojson carry.
    date : str
        When the set was compiled.
    synthetic : bool
        Whether the rows are made up; the notes say so.
    origin : str
        Name of the imported list that the rows are of; they are of the built-in sample when not given.

    Raises
    ------
    DataError
        When the suffix is none of `EXPORTERS`, the file cannot be written, or the rows do not fit the format.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(load_dataset().enterprises.head(2), Path(folder) / "two.gpkg")
    ...     two = gpd.read_file(Path(folder) / "two.gpkg")
    >>> len(two), two.crs.to_epsg()
    (2, 4326)
    """
    out = Path(out)
    write = _exporter(out.suffix)
    if not out.parent.is_dir():
        raise DataError("导出失败：文件夹不存在", value=out.parent.name, expected="已有的文件夹")
    frame = canonical_columns(enterprises)
    notes = notes_of(
        len(frame),
        labels or "zh",
        sentence,
        date,
        synthetic=synthetic,
        lists=[origin] if origin else [],
        sample=not origin,
    )
    if labels:
        frame = labelled(frame, labels)
    with atomic_file(out) as partial:
        try:
            write(frame, partial, notes)
        except DataError:
            raise
        except (OSError, RuntimeError, pa.ArrowException, XlsxWriterException) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            cause = "没有写入权限、磁盘已满，或文件正在别的程序中打开"
            raise DataError(f"导出失败：无法写入（{reason}）", file=out, cause=cause) from error


def to_bytes(
    enterprises: gpd.GeoDataFrame,
    suffix: str,
    *,
    labels: Labels = None,
    sentence: str = "",
    date: str = "",
    synthetic: bool = False,
    origin: str = "",
) -> bytes:
    """Content of the file that `export` would write, for a download.

    Parameters
    ----------
    suffix : str
        One of `EXPORTERS`, with or without its dot; the other parameters as in `export`.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> to_bytes(load_dataset().enterprises.head(0), "csv").decode("utf-8-sig")[:18]
    'enterprise_id,name'
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"enterprises.{suffix.removeprefix('.')}"
        export(enterprises, out, labels=labels, sentence=sentence, date=date, synthetic=synthetic, origin=origin)
        return out.read_bytes()


def _exporter(suffix: str) -> Callable[[gpd.GeoDataFrame, Path, Notes], None]:
    if suffix.lower() not in EXPORTERS:
        known = "、".join(name.removeprefix(".") for name in EXPORTERS)
        raise DataError("导出失败：不支持这种文件格式", value=suffix or "没有后缀", expected=f"{known} 之一")
    return EXPORTERS[suffix.lower()]


def canonical_columns(enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Canonical columns and those of a selection, each of one type: text without missing values, numbers, whether."""
    columns = {}
    added = {name: column for name, column in DISTANCES.items() if name in enterprises.columns}
    for name, column in (COLUMNS | added).items():
        values = enterprises[name] if name in enterprises.columns else pd.Series(pd.NA, index=enterprises.index)
        try:
            if column.kind == "number":
                columns[name] = pd.to_numeric(values).astype("float64")
            elif column.kind == "count":
                columns[name] = pd.to_numeric(values).astype("Int64")
            elif column.kind == "flag":
                columns[name] = values.astype("boolean")
            else:
                columns[name] = _text(values)
        except (ValueError, TypeError) as error:
            raise DataError("导出失败：列中有不能识别的值", column=name, cause=str(error)[:120]) from error
    geometry = with_points(enterprises).geometry.to_crs(STORAGE_CRS)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=STORAGE_CRS).reset_index(drop=True)


def _text(values: pd.Series) -> pd.Series:
    """Text of each value, ``""`` where missing: a date as ISO 8601, lines ended by LF, nothing that XML cannot hold."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    codes, found = pd.factorize(values)
    texts = [_LINE_END.sub("\n", legal(str(value))) for value in found]
    return pd.Series([texts[code] if code >= 0 else "" for code in codes], index=values.index, dtype=str)


def notes_of(
    count: int,
    lang: str,
    sentence: str,
    date: str,
    *,
    synthetic: bool,
    lists: Sequence[str] = (),
    sample: bool = True,
) -> Notes:
    """What a table needs beside its rows to be quoted: source, selection, date, count, licences.

    `lists` are the names of the imported lists that its rows are of, `sample` tells whether rows of the built-in sample
    are among them.

    Examples
    --------
    >>> notes_of(3, "en", "Songjiang · 3 enterprises", "2026-11-24", synthetic=False)["Selection"]
    'Songjiang · 3 enterprises'
    >>> notes_of(3, "en", "", "", synthetic=False, lists=["Mine"], sample=False)["Source"]
    'Imported list “Mine”'
    """
    sources = [catalogue()[name] for name in _LICENSED if sample or name not in _OF_SAMPLE]
    own = (_SAMPLE.of(lang),) if sample else ()
    if lang == "en":
        source = "; ".join([*own, *(f"Imported list “{title}”" for title in lists)])
        notes = {"Source": source, "Selection": sentence, "Date": date}
        notes |= {"Enterprises": f"{count:,}"}
        notes |= {f"Licence: {data.title_en}": f"{data.licence} ({data.attribution})" for data in sources}
        notes["Position"] = (
            "WGS-84. Precision park, town or district is an area, its point is no site; outlines are not included."
        )
        made_up = ("Caution", "Synthetic data: these enterprises are made up.")
    else:
        source = "；".join([*own, *(f"导入的名单“{title}”" for title in lists)])
        notes = {"来源": source, "选择": sentence, "编纂日期": date, "企业数": f"{count:,}"}
        notes |= {f"许可：{data.title_zh}": f"{data.licence}（{data.attribution}）" for data in sources}
        notes["位置"] = "WGS-84；定位精度为园区、街镇、区的，点只代表该区域，不是厂址；不含区界。"
        made_up = ("注意", "合成数据：这些企业是虚构的。")
    notes = dict([made_up]) | notes if synthetic else notes
    return {key: legal(text) for key, text in notes.items() if text}


def _write_csv(frame: gpd.GeoDataFrame, path: Path, _notes: Notes) -> None:
    write_csv(pd.DataFrame(frame.drop(columns="geometry")), path)


def _write_xlsx(frame: gpd.GeoDataFrame, path: Path, notes: Notes) -> None:
    kinds: list[Kind] = [column.kind if column.kind in ("code", "date") else "" for column in COLUMNS.values()]
    sheet = Sheet(_LAYER, pd.DataFrame(frame.drop(columns="geometry")), kinds, {1: 34})
    write_xlsx(path, [sheet], notes)


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


EXPORT_PIECE_ROWS: Final = 50_000
PIECEWISE: Final = (".csv", ".parquet")

ProgressCallback = Callable[[int, int], None]


def export_pieces(
    enterprises: pd.DataFrame,
    positions: NDArray[np.int64],
    out: Path,
    *,
    labels: str | None = None,
    near: Sequence[str] | None = None,
    progress: ProgressCallback | None = None,
    piece: int = EXPORT_PIECE_ROWS,
) -> None:
    r"""Write some rows of a table to a file that holds what `geo.export.selection.export` would write.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns, EPSG:4326.
    positions : ndarray of int, shape (n,)
        The rows to write, in this order.
    out : Path
        A ``.csv`` or ``.parquet`` file; an older one is replaced once the new one is complete.
    labels : {"zh", "en"}, optional
        As for `geo.export.selection.export`.
    near : sequence of str, optional
        The points of the filter `near`: then the rows come with their distances (`geo.filters.place.with_distances`).
    progress : callable, optional
        Called with rows done and rows in all.

    Raises
    ------
    DataError
        When the format cannot be written in pieces, or the file cannot be written.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_pieces(load_dataset().enterprises, np.arange(3), Path(folder) / "a.csv", piece=2)
    ...     (Path(folder) / "a.csv").read_text(encoding="utf-8-sig").count("\n")
    4
    """
    out = Path(out)
    if out.suffix not in PIECEWISE:
        raise DataError("这种格式不能分段导出", value=out.suffix, expected="csv 或 parquet")
    append = _append_csv if out.suffix == ".csv" else _append_parquet
    try:
        with atomic_file(out) as whole, tempfile.TemporaryDirectory(prefix=part_prefix(), dir=out.parent) as folder:
            append(whole, _parts(enterprises, positions, Path(folder), out.suffix, labels, near, progress, piece))
    except pa.ArrowException as error:
        raise DataError("导出失败：无法写入", file=out, cause=str(error)[:120]) from error


def _parts(
    enterprises: pd.DataFrame,
    positions: NDArray[np.int64],
    folder: Path,
    suffix: str,
    labels: str | None,
    near: Sequence[str] | None,
    progress: ProgressCallback | None,
    piece: int,
) -> Iterator[Path]:
    """Files of the pieces, one after the other; each is gone when the next is asked for."""
    for first in range(0, max(len(positions), 1), piece):
        rows = positions[first : first + piece]
        part = folder / f"part{suffix}"
        few = with_points(enterprises.iloc[rows])
        export(few if near is None else with_distances(few, near), part, labels=labels)
        yield part
        part.unlink()
        if progress:
            progress(first + len(rows), len(positions))


def _append_csv(whole: Path, parts: Iterator[Path]) -> None:
    with whole.open("wb") as target:
        for number, part in enumerate(parts):
            with part.open("rb") as source:
                if number:
                    source.readline()  # the header stands once
                shutil.copyfileobj(source, target)


def _append_parquet(whole: Path, parts: Iterator[Path]) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for part in parts:
            table = pq.read_table(part)
            if writer is None:
                schema = table.schema.with_metadata(_metadata(table.schema.metadata))
                writer = pq.ParquetWriter(whole, schema)
            writer.write_table(table.replace_schema_metadata(schema.metadata).cast(schema))
    finally:
        if writer is not None:
            writer.close()


def _metadata(metadata: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Metadata of the first piece without what holds for that piece alone."""
    head = json.loads(metadata[b"geo"])
    for described in head["columns"].values():
        described.pop("bbox", None)
        described["geometry_types"] = ["Point"]
    return metadata | {b"geo": json.dumps(head).encode()}
