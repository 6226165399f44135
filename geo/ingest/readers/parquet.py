"""Reading parquet: a table that may bring geometries, in whichever of the ways there are to write them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.crs import STORAGE_CRS
from geo.errors import DataError
from geo.grids import declares_wgs84
from geo.ingest.readers.sheet import Limits, Sheet, Spool, as_text
from geo.ingest.readers.vector import Points, as_points, refuse_large, sheet_of, text_of

_EXTENSION: Final = b"ARROW:extension:name"
_EXTENSION_ABOUT: Final = b"ARROW:extension:metadata"
_NESTED: Final = {"point": 0, "linestring": 1, "polygon": 2, "multipoint": 1, "multilinestring": 2, "multipolygon": 3}
"""Encodings of GeoArrow; a column is one of them by its metadata only."""

_BATCH_ROWS: Final = 20_000
_LOOKED_AT: Final = 20
"""Values of a column of bytes that are looked at to see whether they are geometries."""


def read_parquet(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read parquet; arguments and errors as in `geo.ingest.readers.read.read_file`.

    Geometries are found by the metadata of GeoParquet, by the logical types GEOMETRY and GEOGRAPHY of parquet, by the
    extension types of GeoArrow, and, without any of these, as a column of WKB.
    """
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata
            unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
            refuse_large(path, limits, metadata.num_rows, metadata.num_columns, unpacked)
            geo = json.loads((metadata.metadata or {}).get(b"geo", b"{}") or b"{}")
            columns = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
            native = _native(file)
            described = geo.get("columns") if isinstance(geo, dict) else None
            described = described if isinstance(described, dict) else {}
            taken = columns[: limits.columns]
            found: dict[str, tuple[tuple[str, Any], pa.Table]] = {}
            for name in taken:
                if name in described or name in native or _may_be_geometry(file.schema_arrow.field(name)):
                    column = file.read(columns=[name])
                    if name in column.column_names and (about := _geometry(column, name, described, native)):
                        found[name] = about, column
            cells = [name for name in taken if name not in found]
            spool = Spool(pa.schema([(name, pa.large_string()) for name in cells]))
            rows = 0
            for batch in file.iter_batches(_BATCH_ROWS, columns=cells) if cells else ():
                texts = [pa.array(text_of(pa.chunked_array([batch.column(name)])), pa.large_string()) for name in cells]
                spool.add(pa.record_batch(texts, schema=spool.schema))
                rows += len(batch)
                progress(rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("parquet 文件打不开", file=path, cause="文件损坏或不是 parquet") from error
    primary = geo.get("primary_column") if isinstance(geo, dict) else None
    points: Points | None = None
    declared = False
    if found:
        chosen = next((name for name in found if name == primary), next(iter(found)))
        (encoding, crs), column = found[chosen]
        points = as_points(_shapes(column, chosen, encoding, path), crs, path)
        declared = declares_wgs84(crs)
    frame = as_text(spool.table()) if cells else pd.DataFrame(index=range(metadata.num_rows))
    progress(len(frame))
    sheet = sheet_of(frame, points, limits, len(columns))
    sheet.declared_datum = "wgs84" if declared else ""
    return sheet


def _may_be_geometry(field: pa.Field) -> bool:
    """Whether the type of a column lets it be one of geometries; its values tell."""
    kind = field.type
    plain = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return plain or isinstance(kind, pa.BaseExtensionType) or _EXTENSION in (field.metadata or {})


def _native(file: pq.ParquetFile) -> dict[str, Any]:
    """Columns of a geometric logical type, and their CRS."""
    native = {}
    for number in range(len(file.schema)):
        column = file.schema.column(number)
        about = json.loads(column.logical_type.to_json())
        if about.get("Type") in ("Geometry", "Geography"):
            native[column.path.split(".")[0]] = _crs_of_text(about.get("crs") or "", file.metadata.metadata or {})
    return native


def _crs_of_text(crs: str, metadata: dict[bytes, bytes]) -> Any:
    """CRS as parquet writes it: nothing for degrees of WGS-84, ``srid:…``, ``projjson:KEY``, or the definition itself."""
    if not crs:
        return STORAGE_CRS
    kind, _, value = crs.partition(":")
    if kind == "srid":
        return f"EPSG:{value}" if value.strip("0") else None
    return metadata.get(value.encode(), b"").decode() or None if kind == "projjson" else crs


def _geometry(table: pa.Table, name: str, described: dict[str, Any], native: dict[str, Any]) -> tuple[str, Any] | None:
    """Encoding and CRS of a column of geometries, None for another column."""
    field = table.schema.field(name)
    about = described.get(name)
    if isinstance(about, dict):
        return str(about.get("encoding", "WKB")).lower(), about.get("crs", STORAGE_CRS)
    if name in native:
        return "wkb", native[name]
    said = dict(field.metadata or {})
    if isinstance(field.type, pa.BaseExtensionType):
        said |= {_EXTENSION: field.type.extension_name.encode(), _EXTENSION_ABOUT: field.type.__arrow_ext_serialize__()}
    kind = said.get(_EXTENSION, b"").decode("utf-8", "replace").removeprefix("geoarrow.")
    if kind in ("wkb", "wkt", *_NESTED) and said[_EXTENSION].startswith(b"geoarrow."):
        try:
            return kind, json.loads(said.get(_EXTENSION_ABOUT) or b"{}").get("crs")
        except (ValueError, AttributeError):
            return kind, None
    if not (pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type)):
        return None
    values = table.column(name).drop_null()[:_LOOKED_AT].to_pylist()
    parsed = shapely.from_wkb(values, on_invalid="ignore")
    if not values or pd.isna(parsed).any():
        return None
    srid = int(shapely.get_srid(parsed[0]))
    return "wkb", f"EPSG:{srid}" if srid else None


def _shapes(table: pa.Table, name: str, encoding: str, path: Path) -> Any:
    """Geometries of a column."""
    column = table.column(name)
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    try:
        if encoding in ("wkb", "wkt"):
            read = shapely.from_wkb if encoding == "wkb" else shapely.from_wkt
            return read(column.to_pandas().to_numpy(object))
        field = pa.field(name, column.type, metadata={_EXTENSION: f"geoarrow.{encoding}".encode()})
        one = pa.Table.from_arrays([column], schema=pa.schema([field]))
        return gpd.GeoDataFrame.from_arrow(one, geometry=name).geometry.to_numpy()
    except (pa.ArrowException, ValueError, TypeError, KeyError, shapely.errors.GEOSException) as error:
        raise DataError("几何读不出来", file=path, column=name, cause=f"编码 {encoding}") from error
