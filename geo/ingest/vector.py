"""Reading parquet, GeoJSON, GeoPackage and zipped shapefiles: tables that may bring their own points."""

import datetime as dt
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from geo.crs import STORAGE_CRS
from geo.errors import DataError
from geo.grids import UNSHIFTED, Grid, grid_of, unproject
from geo.ingest.archives import unpacked_layer
from geo.ingest.columns import COLUMN_ALIASES, heading, known_headings
from geo.ingest.delimited import share_undecodable
from geo.ingest.gdal import MAX_LAYERS, kind_of, load, own_copy
from geo.ingest.sheet import Issue, Limits, Sheet, distinct, refuse_cells
from geo.ingest.worksheets import as_cell

Points = tuple[np.ndarray, np.ndarray, Grid | None]
"""Points of a file, and the CRS it declares."""

_NAME: Final = 10
"""Bytes of a field name."""

_CUT: Final = 0.02
"""Share of undecodable bytes that comes from texts cut to the width of their field."""


def dbf_encoding(layer: Path) -> str:
    """Encoding of the dbf beside a layer: that of its bytes; the code page file only where they do not tell."""
    content = layer.with_suffix(".dbf").read_bytes()
    start = int.from_bytes(content[8:10], "little")
    records = content[start:] if any(byte > 127 for byte in content[start : start + 2**20]) else content[32:]
    for encoding in ("utf-8", "gb18030"):
        if share_undecodable(records[: 2**24], encoding) < _CUT:
            return encoding
    page = layer.with_suffix(".cpg")
    return page.read_text("ascii", errors="ignore").strip() or "gb18030" if page.exists() else "gb18030"


def mend_field_names(dbf: Path, encoding: str) -> None:
    """Cut field names back to whole characters, in place: readers stumble over half a character."""
    content = bytearray(dbf.read_bytes())
    at = 32
    while at + 32 <= len(content) and content[at] != 0x0D:
        name = bytes(content[at : at + _NAME]).split(b"\0")[0]
        try:
            whole = name.decode(encoding, "ignore").encode(encoding)
        except LookupError:
            return
        content[at : at + _NAME] = whole.ljust(_NAME, b"\0")
        at += 32
    dbf.write_bytes(content)


def full_name(field: str) -> str:
    """Header that a dbf has cut to ten bytes, when only one spelling begins like that.

    Examples
    --------
    >>> full_name("统一社会信")
    '统一社会信用代码'
    """
    if len(field) < 3 or heading(field) in known_headings():
        return field
    for encoding in ("utf-8", "gb18030"):
        whole = {
            column: word
            for column, words in COLUMN_ALIASES.items()
            for word in reversed(words)
            if len(word.encode(encoding)) > _NAME and word.encode(encoding)[:_NAME].decode(encoding, "ignore") == field
        }
        if len(whole) == 1:
            return next(iter(whole.values()))
    return field


def read_parquet(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read parquet or GeoParquet; arguments and errors as in `geo.ingest.read.read_file`."""
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata
            unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
            _refuse_large(path, limits, metadata.num_rows, metadata.num_columns, unpacked)
            geo = json.loads((metadata.metadata or {}).get(b"geo", b"{}") or b"{}")
            columns = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
            table = file.read(columns=columns[: limits.columns])
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("parquet 文件打不开", file=path, cause="文件损坏或不是 parquet") from error
    points: Points | None = None
    primary = geo.get("primary_column") if isinstance(geo, dict) else None
    if primary in table.column_names:
        wkb = table.column(primary).to_pandas()
        crs = geo.get("columns", {}).get(primary, {}).get("crs", STORAGE_CRS)
        points = _points(wkb, crs, path)
    geometries = set(geo.get("columns", {})) if isinstance(geo, dict) else set()
    frame = pd.DataFrame(
        {name: _as_text(table.column(name)) for name in table.column_names if name not in geometries},
        index=range(table.num_rows),
    )
    progress(len(frame))
    return _sheet(frame, points, limits, len(columns))


def read_layer(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read GeoJSON or GeoPackage; arguments and errors as in `geo.ingest.read.read_file`."""
    kind = kind_of(path)
    if not kind:
        raise DataError("地图文件打不开", file=path, cause="文件损坏，或内容与扩展名不符")
    with TemporaryDirectory() as folder:
        sheet = _read(own_copy(path, kind, Path(folder)), path, limits, kind)
    progress(len(sheet.table))
    return sheet


def read_zipped_layer(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the first shapefile of a zip under the code page its bytes are in; errors as `read_file`."""
    with unpacked_layer(path, limits) as (layer, others):
        encoding = dbf_encoding(layer)
        mend_field_names(layer.with_suffix(".dbf"), encoding)
        sheet = _read(layer, path, limits, "shapefile", encoding=encoding)
        sheet.encoding = encoding
    sheet.table.columns = pd.Index(distinct([full_name(name) for name in sheet.table.columns]))
    sheet.issues += [Issue(None, "", other, "压缩文件里的这一图层没有读入") for other in others]
    progress(len(sheet.table))
    return sheet


def _read(source: Path, path: Path, limits: Limits, kind: str, **options: str) -> Sheet:
    pyogrio = load(kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [str(name) for name, _ in pyogrio.list_layers(source)]
        if not layers:
            raise DataError("文件里没有图层", file=path)
        if len(layers) > MAX_LAYERS:
            raise DataError(f"图层超过 {MAX_LAYERS} 个", file=path, value=len(layers), cause="请只留企业的图层")
        described = [pyogrio.read_info(source, layer=name, force_feature_count=True, **options) for name in layers]
        names = {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
        fits = [bool(names & {heading(full_name(field)) for field in about["fields"]}) for about in described]
        chosen = fits.index(True) if any(fits) else 0
        _refuse_large(path, limits, int(described[chosen]["features"]), len(described[chosen]["fields"]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(source, layer=layers[chosen], **options)
    except (ValueError, UnicodeError, RuntimeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("地图文件打不开", file=path, cause="文件损坏，或内容与扩展名不符") from error
    points = None
    if isinstance(frame, gpd.GeoDataFrame):
        points = _points(frame.geometry.to_wkb(), frame.crs, path)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    width = frame.shape[1]
    text = frame.iloc[:, : limits.columns].apply(lambda column: column.map(_cell)).astype("str")
    sheet = _sheet(text, points, limits, width)
    sheet.issues += [
        Issue(None, "", name, "这一图层没有读入") for number, name in enumerate(layers) if number != chosen
    ]
    return sheet


def _sheet(frame: pd.DataFrame, points: Points | None, limits: Limits, width: int) -> Sheet:
    frame.columns = pd.Index(distinct([str(name) for name in frame.columns]))
    sheet = Sheet(frame, np.arange(1, len(frame) + 1, dtype=np.int64))
    if points is not None:
        sheet.lon, sheet.lat, sheet.grid = points
    if width > limits.columns:
        sheet.issues.append(Issue(None, "", str(width), f"列数超过 {limits.columns}，其后的列没有读入"))
    sheet.reject_long_cells(limits)
    return sheet


def _points(wkb: pd.Series, crs: Any, path: Path) -> Points:
    """A point of each geometry in degrees; what the CRS says of the datum is not believed, of metres it is."""
    try:
        series = gpd.GeoSeries(shapely.from_wkb(wkb.to_numpy(object)))
        solid = series.where(~series.is_empty)
        points = solid.representative_point() if not (solid.geom_type.dropna() == "Point").all() else solid
        x, y = points.x.to_numpy(float), points.y.to_numpy(float)
        declared = pyproj.CRS(crs) if crs is not None else None
        if declared is None:
            return x, y, None
        grid = grid_of(declared)
        if declared.is_projected:
            x, y = unproject(x, y, declared)
        return x, y, grid if declared.is_projected or grid.datum in UNSHIFTED else None
    except (ValueError, RuntimeError, shapely.errors.GEOSException) as error:
        raise DataError("几何读不出来", file=path) from error


def _refuse_large(path: Path, limits: Limits, rows: int, columns: int, unpacked: int = 0) -> None:
    refuse_cells(rows, min(columns, limits.columns), limits, path)
    if rows > limits.rows:
        raise DataError(f"超过 {limits.rows:,} 行", file=path, value=rows, cause="请把文件分成几份")
    if unpacked > limits.unpacked_bytes:
        raise DataError(f"解开后超过 {limits.unpacked_bytes / 2**20:,.0f} MiB，不予读取", file=path)


def _as_text(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pa.table({"c": column.cast(pa.large_string())}).to_pandas()["c"].astype("str")
    return pd.Series(list(map(_cell, column.to_pylist())), dtype="str")


def _cell(value: Any) -> str | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, np.ndarray):
        return json.dumps(value.tolist(), ensure_ascii=False, default=str)
    if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
        value = value.date()  # GDAL gives a date as the midnight it begins with
    return as_cell(value)
