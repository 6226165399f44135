"""Geometries written into a column of a table: WKT, EWKT, WKB or EWKB in hexadecimal, GeoJSON, pairs of coordinates."""

import re
from typing import Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from geo.grids import grid_of, unproject
from geo.ingest.readers.sheet import Issue, Sheet
from geo.ingest.values.cells import read_coordinates
from geo.ingest.values.columns import map_columns

AREA_OR_LINE: Final = "几何是线、面或多个点，取其中的一点"
NO_GEOMETRY: Final = "几何读不出来"

_WKT: Final = re.compile(
    r"\s*(?:SRID=(?P<srid>\d{1,6});)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION|CURVEPOLYGON|SURFACE|CURVE)"
    r"\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
_WKB: Final = re.compile(r"\s*(?:\\x|0x)?((?:0[01])(?:[0-9a-fA-F]{2}){8,})\s*")
_GEOJSON: Final = re.compile(r"\s*\{(?=.*\"coordinates\")(?=.*\"type\")", re.DOTALL)
_DECIMALS: Final = re.compile(r"\d{2,3}\.\d{2}|\d\s*[°度º]")
_SAMPLE_ROWS: Final = 200
_SLICE_ROWS: Final = 10_000
_LEAST_SHARE: Final = 0.8
"""Share [1] of the filled cells of a column that have to be geometries."""


def take_geometries(sheet: Sheet) -> Sheet:
    """Take the points of a sheet from its column of geometries, where it has one and no coordinates of its own.

    `lon`, `lat` and, of one that names its CRS (EWKT, EWKB), `grid` are filled, the column goes, and its title stands
    in `geometry`.  A line or an area gives a point that lies on it, and the issues say so.

    Examples
    --------
    >>> table = pd.DataFrame({"企业名称": ["样例甲"], "位置": ["POINT (121.47 31.23)"]}, dtype="str")
    >>> read = take_geometries(Sheet(table, np.array([2])))
    >>> read.lon.tolist(), read.lat.tolist(), list(read.table.columns), read.geometry
    ([121.47], [31.23], ['企业名称'], '位置')
    """
    if sheet.lon is not None or not len(sheet.table):
        return sheet
    mapped = map_columns(list(sheet.table.columns))
    axes = (mapped.get("lon"), mapped.get("lat"))
    if axes[0] != axes[1]:
        return sheet
    others = {title for column, title in mapped.items() if column not in ("lon", "lat")}
    for title in sheet.table.columns:
        if title in others:
            continue
        cells = sheet.table[title]
        if _share(cells, is_geometry) >= _LEAST_SHARE:
            _take(sheet, title, *_read(cells))
            return sheet
    if axes[0] is None:
        for title in sheet.table.columns:
            if title not in others and _share(sheet.table[title], _is_pair) >= _LEAST_SHARE:
                read = read_coordinates(sheet.table[title], sheet.table[title])
                _take(sheet, title, read.lon, read.lat, np.zeros(len(sheet.table), bool), read.unreadable, 0)
                return sheet
    return sheet


def is_geometry(text: str) -> bool:
    """Whether a text is a geometry: WKT, WKB in hexadecimal, or GeoJSON.

    Examples
    --------
    >>> [is_geometry(text) for text in ("SRID=4490;POINT(121 31)", "0101" + "0" * 38, "121.47,31.23", "点")]
    [True, True, False, False]
    """
    return bool(_WKT.match(text) or _WKB.fullmatch(text) or _GEOJSON.match(text))


def _is_pair(text: str) -> bool:
    """Whether a text is two coordinates in degrees with decimals, inside China."""
    if len(text) > 60 or len(_DECIMALS.findall(text)) < 2:
        return False
    cell = pd.Series([text], dtype="str")
    return bool(np.isfinite(read_coordinates(cell, cell).lon[0]))


def _share(cells: pd.Series, fits) -> float:  # type: ignore[no-untyped-def]
    filled: list[str] = []
    for start in range(0, len(cells), _SLICE_ROWS):
        some = cells.iloc[start : start + _SLICE_ROWS]
        filled.extend(some[some.notna() & (some.str.strip() != "")].iloc[: _SAMPLE_ROWS - len(filled)])
        if len(filled) == _SAMPLE_ROWS:
            break
    return sum(map(fits, filled)) / len(filled) if filled else 0.0


def _read(
    cells: pd.Series,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], int]:
    """A point of each cell; which are of lines or areas, which could not be read; and the EPSG code they share, or 0."""
    geometries = np.array([_geometry("" if pd.isna(cell) else str(cell)) for cell in cells], dtype=object)
    known = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    single = shapely.get_type_id(geometries) == shapely.GeometryType.POINT
    several = known & ~single
    points = geometries.copy()
    points[several] = [_inside(geometry) for geometry in geometries[several]]
    codes = set(shapely.get_srid(geometries[known]).tolist()) - {0}
    unreadable = (cells.notna() & (cells.str.strip() != "")).to_numpy(bool) & shapely.is_missing(points)
    if len(codes) > 1:  # each in a CRS of its own: none is taken
        points[:] = None
        unreadable = known
    x, y = (np.where(known, get(points), np.nan) for get in (shapely.get_x, shapely.get_y))
    return x, y, several, unreadable, codes.pop() if len(codes) == 1 else 0


def _inside(geometry: shapely.Geometry) -> shapely.Geometry | None:
    try:
        return geometry.representative_point()
    except GEOSException:
        return None


def _geometry(text: str) -> shapely.Geometry | None:
    """The geometry of a text, None where it is none; an SRID goes with it."""
    try:
        if match := _WKT.match(text):
            return shapely.set_srid(
                shapely.from_wkt(text.rpartition(";")[2] if match["srid"] else text), int(match["srid"] or 0)
            )
        if match := _WKB.fullmatch(text):
            return shapely.from_wkb(match[1])
        return shapely.from_geojson(text) if _GEOJSON.match(text) else None
    except (GEOSException, ValueError):
        return None


def _take(
    sheet: Sheet, title: str, x: NDArray[np.float64], y: NDArray[np.float64], several: NDArray[np.bool_],
    unreadable: NDArray[np.bool_], code: int,
) -> None:  # fmt: skip
    sheet.note(several, title, sheet.table[title].str.slice(0, 60), AREA_OR_LINE)
    sheet.note(unreadable, title, sheet.table[title].str.slice(0, 60), NO_GEOMETRY)
    if code:
        try:
            crs = pyproj.CRS.from_epsg(code)
        except pyproj.exceptions.CRSError:
            sheet.issues.append(Issue(None, title, f"SRID={code}", "不认识的坐标系编号，只按数字判断"))
        else:
            sheet.grid = grid_of(crs)
            if crs.is_projected:
                x, y = unproject(x, y, crs)
    sheet.lon, sheet.lat, sheet.geometry = x, y, title
    sheet.table = sheet.table.drop(columns=title)
