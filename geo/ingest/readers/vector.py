"""Reading layers through GDAL: tables that bring their own points."""

import datetime as dt
import json
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from geo.errors import DataError
from geo.grids import Grid, declares_wgs84, grid_of, unproject
from geo.ingest.readers.archives import Source, unpacked_layers
from geo.ingest.readers.delimited import share_undecodable
from geo.ingest.readers.gdal import MAX_LAYERS, kind_of, load, look_through, own_copy
from geo.ingest.readers.layer_texts import is_own_field, prepared
from geo.ingest.readers.sheet import Issue, Limits, Sheet, distinct, join_sheets, refuse_cells
from geo.ingest.readers.worksheets import as_cell
from geo.ingest.values.columns import COLUMN_ALIASES, heading, known_headings, map_columns

_SYSTEM_LAYERS: Final = frozenset(
    {"qgis_projects", "layer_styles", "gpkg_extensions", "gpkg_metadata", "gpkg_metadata_reference"}
    | {"route_points", "track_points"}  # of GPX, where routes and tracks have them
)
"""Tables that programs keep beside the layers; they hold nothing of the list."""

_CUT_SHORT: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true')

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


def read_layer(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read a layer that is one file; arguments and errors as in `geo.ingest.readers.read.read_file`."""
    kind = kind_of(path)
    if not kind:
        raise DataError("地图文件打不开", file=path, cause="文件损坏，或内容与扩展名不符")
    with TemporaryDirectory() as folder:
        copy = own_copy(path, kind, Path(folder))
        sheet = _read([Source(path.stem, copy)], path, limits, kind)
        if kind == "esrijson" and _CUT_SHORT.search(copy.read_bytes()):
            sheet.issues.append(
                Issue(None, "", path.name, "服务器只给了一部分要素（exceededTransferLimit），请分页取全")
            )
    progress(len(sheet.table))
    return sheet


def read_zipped_layer(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the layers of a zip or kmz; those of one list are read together, the others named; errors as `read_file`."""
    with unpacked_layers(path, limits) as (kind, sources, others):
        for source in sources:
            look_through(source.path, kind, path, source.beside)
        sheet = _read(sources, path, limits, kind)
    sheet.issues += [Issue(None, "", other, "压缩文件里的这一图层没有读入") for other in others]
    progress(len(sheet.table))
    return sheet


class _Layer(NamedTuple):
    """A layer of a file, before it is read: its own name, fields as they are called there and in truth."""

    label: str
    source: Source
    name: str
    fields: list[str]
    titles: list[str]
    features: int
    lines: bool
    options: dict[str, str]


def _read(sources: list[Source], path: Path, limits: Limits, kind: str) -> Sheet:
    pyogrio = load(kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [
                layer
                for source in sources
                if prepared(source.path).rows
                for layer in _layers_of(pyogrio, source, kind, path)
            ]
        if not layers:
            raise DataError("文件里没有图层", file=path, cause="没有地标或要素")
        chosen = _choose(layers, kind)
        refuse_large(path, limits, sum(layer.features for layer in chosen), max(len(layer.fields) for layer in chosen))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheets = [(layer.label, _read_one(pyogrio, layer, path, limits, kind)) for layer in chosen]
    except (ValueError, UnicodeError, RuntimeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("地图文件打不开", file=path, cause="文件损坏，或内容与扩展名不符") from error
    sheet = join_sheets(sheets)
    sheet.encoding = chosen[0].options.get("encoding")
    sheet.issues += [
        Issue(None, "", layer.label, "这一图层没有读入")
        for layer in layers
        if layer not in chosen and layer.name not in _SYSTEM_LAYERS and layer.features
    ]
    return sheet


def _layers_of(pyogrio: Any, source: Source, kind: str, path: Path) -> Iterator[_Layer]:
    options = {}
    if kind == "shapefile":
        options["encoding"] = dbf_encoding(source.path)
        mend_field_names(source.path.with_suffix(".dbf"), options["encoding"])
    names = [str(name) for name, _ in pyogrio.list_layers(source.path)]
    if len(names) > MAX_LAYERS:
        raise DataError(f"图层超过 {MAX_LAYERS} 个", file=path, value=len(names), cause="请只留企业的图层")
    real = prepared(source.path).names
    for name in names:
        about = pyogrio.read_info(source.path, layer=name, force_feature_count=True, **options)
        fields = [str(field) for field in about["fields"]]
        titles = [real.get(field, field) for field in fields]
        if kind == "shapefile":
            titles = [full_name(title) for title in titles]
        elif kind == "gpx":
            titles = [title.removeprefix("ogr_") for title in titles]  # an extension as GDAL writes it
        label = name if len(names) > 1 or kind in ("kml", "geopackage", "filegdb") else source.label
        lines = "LineString" in str(about["geometry_type"])
        yield _Layer(label, source, name, fields, titles, max(int(about["features"]), 0), lines, options)


def _choose(layers: list[_Layer], kind: str) -> list[_Layer]:
    """Layers that are one list, as the sheets of a workbook are: those that have what the first one with names has."""
    names = {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
    plain = [layer for layer in layers if layer.name not in _SYSTEM_LAYERS and layer.features] or layers
    fits = [layer for layer in plain if not layer.lines and names & set(map(heading, layer.titles))]
    if not fits:
        return plain[:1]
    columns = map_columns(distinct(fits[0].titles)).keys()
    return [layer for layer in fits if kind == "kml" or map_columns(distinct(layer.titles)).keys() == columns]


def _read_one(pyogrio: Any, layer: _Layer, path: Path, limits: Limits, kind: str) -> Sheet:
    frame = pyogrio.read_dataframe(layer.source.path, layer=layer.name, **layer.options)
    points, declared = None, False
    if isinstance(frame, gpd.GeoDataFrame):
        declared = declares_wgs84(frame.crs)
        points = as_points(frame.geometry.to_numpy(), frame.crs, path)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    titles = dict(zip(layer.fields, layer.titles, strict=True))
    own = [field for field in frame.columns if is_own_field(field, kind)]
    frame = frame.drop(columns=[field for field in own if kind != "gpx" or frame[field].isna().all()])
    width = frame.shape[1]
    text = frame.iloc[:, : limits.columns].apply(lambda column: column.map(_cell)).astype("str")
    text.columns = pd.Index([titles.get(field, field) for field in text.columns])
    if kind in ("kml", "gpx"):
        text = text.loc[:, text.notna().any()]
    sheet = sheet_of(text, points, limits, width)
    sheet.defined_datum = "wgs84" if kind in ("kml", "gpx") else ""
    sheet.declared_datum = (
        "wgs84" if declared and kind not in ("geojson", "geojsonseq") else ""
    )  # GeoJSON cannot declare another
    sheet.issues += [Issue(None, "", name, problem) for name, problem in prepared(layer.source.path).restored.items()]
    return sheet


def sheet_of(frame: pd.DataFrame, points: Points | None, limits: Limits, width: int) -> Sheet:
    """A sheet of cells as text and the points beside them; `width` is the number of columns the file has."""
    frame.columns = pd.Index(distinct([str(name) for name in frame.columns]))
    sheet = Sheet(frame, np.arange(1, len(frame) + 1, dtype=np.int64))
    if points is not None:
        sheet.lon, sheet.lat, sheet.grid = points
    if width > limits.columns:
        sheet.issues.append(Issue(None, "", str(width), f"列数超过 {limits.columns}，其后的列没有读入"))
    sheet.reject_long_cells(limits)
    return sheet


def as_points(shapes: Any, crs: Any, path: Path) -> Points:
    """A point of each geometry in degrees; that the CRS says WGS-84 is not believed, for most programs say so of all."""
    try:
        series = gpd.GeoSeries(shapes)
        solid = series.where(~series.is_empty)
        points = solid.representative_point() if not (solid.geom_type.dropna() == "Point").all() else solid
        x, y = points.x.to_numpy(float), points.y.to_numpy(float)
        declared = pyproj.CRS(crs) if crs is not None else None
        if declared is None:
            return x, y, None
        grid = grid_of(declared)
        if declared.is_projected:
            x, y = unproject(x, y, declared)
        return x, y, grid if declared.is_projected or grid.datum else None
    except (ValueError, RuntimeError, shapely.errors.GEOSException) as error:
        raise DataError("几何读不出来", file=path) from error


def refuse_large(path: Path, limits: Limits, rows: int, columns: int, unpacked: int = 0) -> None:
    """Refuse a table of more rows, cells or bytes than `limits` allows."""
    refuse_cells(rows, min(columns, limits.columns), limits, path)
    if rows > limits.rows:
        raise DataError(f"超过 {limits.rows:,} 行", file=path, value=rows, cause="请把文件分成几份")
    if unpacked > limits.unpacked_bytes:
        raise DataError(f"解开后超过 {limits.unpacked_bytes / 2**20:,.0f} MiB，不予读取", file=path)


def text_of(column: pa.ChunkedArray) -> pd.Series:
    """Cells of a column as text."""
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
