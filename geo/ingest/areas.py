"""Reading areas that a person uploads: polygons of a layer, or of a zip with one."""

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geo.crs import STORAGE_CRS, Datum, to_wgs84
from geo.errors import DataError
from geo.grids import unproject
from geo.ingest.isolation import read_apart
from geo.ingest.readers.archives import unpacked_layers
from geo.ingest.readers.gdal import kind_of, load, look_through, own_copy
from geo.ingest.readers.sheet import Limits
from geo.places.drawn_areas import MOST_VERTICES

AREA_SUFFIXES: Final = ("geojson", "json", "gpkg", "kml", "kmz", "fgb", "zip")
AREA_LIMITS: Final = Limits(file_bytes=64 * 2**20, unpacked_bytes=256 * 2**20)
MOST_AREAS: Final = 50


def read_areas(path: Path | str, datum: Datum = "wgs84") -> list[Polygon]:
    """Read the polygons of a file.

    Parameters
    ----------
    path : Path
        The first layer is read; a shapefile comes in a zip.
    datum : {"wgs84", "gcj02", "bd09"}
        Datum of its degrees; metres of a projected CRS are taken as the file says.

    Returns
    -------
    list of Polygon
        Degrees, WGS-84; the parts of a multipolygon one by one.

    Raises
    ------
    DataError
        When the file is damaged or too large, holds anything but polygons, more than `MOST_AREAS` of them or more than
        `geo.places.drawn_areas.MOST_VERTICES` vertices.
    """
    path = Path(path)
    with read_apart("areas", path, {"datum": datum}) as (rings, _):
        return [Polygon(outer, inner) for outer, *inner in rings]


def area_task(
    file: Path, arguments: Mapping[str, Any], folder: Path, _progress: Callable[[int], None]
) -> list[list[list[list[float]]]]:
    """Read the polygons of a file here, as rings of [degrees], the outer one first; see `read_areas`."""
    polygons = _polygons(file, folder, arguments["datum"])
    return [
        [np.asarray(ring.coords).tolist() for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons
    ]


def _polygons(path: Path, folder: Path, datum: Datum) -> list[Polygon]:
    try:
        if path.stat().st_size > AREA_LIMITS.file_bytes:
            raise DataError(f"文件超过 {AREA_LIMITS.file_bytes / 2**20:,.0f} MB", file=path, cause="请先简化")
        with path.open("rb") as handle:
            start = handle.read(64)
        if start.startswith(b"PK"):
            with unpacked_layers(path, AREA_LIMITS) as (kind, (layer, *_), _others):
                look_through(layer.path, kind, path, layer.beside)
                frame = _read(layer.path, kind)
        elif kind := kind_of(path):
            frame = _read(own_copy(path, kind, folder), kind)
        else:
            raise DataError("不认识的文件", file=path, expected="GeoJSON、GeoPackage、KML 或含 shapefile 的 zip")
    except (OSError, ValueError, RuntimeError, shapely.errors.GEOSException) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("范围文件打不开", file=path, cause="文件损坏，或内容与扩展名不符") from error
    parts = shapely.get_parts(shapely.force_2d(frame.geometry.dropna().to_numpy()))
    if not len(parts) or not (shapely.get_type_id(parts) == 3).all():
        raise DataError("文件里没有面，或不只是面", file=path, expected="Polygon 或 MultiPolygon")
    if len(parts) > MOST_AREAS or shapely.get_num_coordinates(parts).sum() > MOST_VERTICES:
        raise DataError(
            "范围太多或太细", file=path, expected=f"至多 {MOST_AREAS} 个面、{MOST_VERTICES:,} 个顶点", cause="请先简化"
        )
    if datum != "wgs84":

        def move(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(to_wgs84(pairs[:, 0], pairs[:, 1], datum))

        parts = shapely.transform(parts, move)
    return list(parts)


def _read(source: Path, kind: str) -> gpd.GeoDataFrame:
    pyogrio = load(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pyogrio.read_dataframe(source, columns=[], max_features=MOST_AREAS + 1)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError("文件里没有图形", file=source)
    if frame.crs is not None and frame.crs.is_projected:
        crs = frame.crs

        def degrees(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(unproject(pairs[:, 0], pairs[:, 1], crs))

        return frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), degrees), crs=STORAGE_CRS)
    return frame
