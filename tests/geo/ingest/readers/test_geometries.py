"""Coordinates in tables: geometries as text, pairs in one column, metres of a grid; the right places are known."""

import json

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from geo.ingest.readers.geometries import AREA_OR_LINE, NO_GEOMETRY, take_geometries
from geo.ingest.readers.sheet import Sheet
from geo.ingest.values.columns import map_columns

NAMES = ["样例甲有限公司", "样例乙有限公司", "样例丙有限公司"]
POINTS = np.array([(121.450709, 31.207766), (121.592573, 31.270424), (121.229512, 31.033941)])
WRITERS = {
    "WKT": lambda point: point.wkt,
    "EWKT": lambda point: f"SRID=4326;{point.wkt}",
    "WKT with a height": lambda point: f"POINT Z ({point.x} {point.y} 4.5)",
    "WKB": lambda point: shapely.to_wkb(point, hex=True),
    "EWKB of PostGIS": lambda point: shapely.to_wkb(shapely.set_srid(point, 4490), hex=True, include_srid=True),
    "WKB big endian": lambda point: "\\x" + shapely.to_wkb(point, hex=True, byte_order=0).lower(),
    "GeoJSON": lambda point: json.dumps(shapely.geometry.mapping(point)),
    "an area": lambda point: point.buffer(0.0001).wkt,
    "a line": lambda point: (
        shapely.LineString([(point.x - 1e-4, point.y), (point.x, point.y), (point.x + 1e-4, point.y)]).wkt
    ),
    "a pair": lambda point: f"{point.x},{point.y}",
    "latitude first, Chinese comma": lambda point: f"{point.y}，{point.x}",
    "brackets and semicolon": lambda point: f"（{point.x}；{point.y}）",
    "a space": lambda point: f"{point.x} {point.y}",
    "letters": lambda point: f"N{point.y}E{point.x}",
    "letters behind": lambda point: f"{point.x}°E {point.y}°N",
    "words": lambda point: f"经度:{point.x} 纬度:{point.y}",
    "a height too": lambda point: f"{point.x},{point.y},0",
    "degrees, minutes and seconds": lambda point: f"东经{sexagesimal(point.x)} 北纬{sexagesimal(point.y)}",
    "signs of a keyboard": lambda point: f"{sexagesimal(point.y, 'º’”')}N, {sexagesimal(point.x, 'º’”')}E",
}


def sexagesimal(degrees, signs="°′″"):
    seconds = degrees * 3600
    return f"{int(seconds // 3600)}{signs[0]}{int(seconds % 3600 // 60):02}{signs[1]}{seconds % 60:.4f}{signs[2]}"


def places(sheet):
    """Longitude and latitude, one row each."""
    assert sheet.lon is not None
    return np.column_stack([sheet.lon, sheet.lat])


def sheet_of(cells, title="位置"):
    return Sheet(pd.DataFrame({"企业名称": NAMES, title: cells}, dtype="str"), np.array([2, 3, 4]))


@pytest.mark.parametrize("kind", WRITERS)
def test_text_becomes_points_under_any_title(kind):
    read = take_geometries(sheet_of([WRITERS[kind](shapely.Point(*point)) for point in POINTS]))
    assert places(read) == pytest.approx(POINTS, abs=1e-5 if kind == "an area" else 2e-6)
    assert (read.geometry, list(read.table.columns)) == ("位置", ["企业名称"])
    assert [issue.problem for issue in read.issues] == [AREA_OR_LINE] * (3 if kind in ("an area", "a line") else 0)


@pytest.mark.parametrize(
    ("kind", "title"), [("an area", "坐标"), ("brackets and semicolon", "坐标"), ("EWKB of PostGIS", "geom")]
)
def test_an_import_says_which_column_was_read(kind, title, take_rows):
    texts = [WRITERS[kind](shapely.Point(*point)) for point in POINTS]
    result = take_rows([["企业名称", title], *zip(NAMES, texts, strict=True)], datum="wgs84")
    assert result.table[["lon", "lat"]].to_numpy(float) == pytest.approx(POINTS, abs=1e-5)
    assert result.report["columns_mapped"]["lon"] == result.report["columns_mapped"]["lat"] == title
    assert result.report["issue_counts"].get(f"{title}：{AREA_OR_LINE}", 0) == (3 if kind == "an area" else 0)


def test_metres_with_their_srid_become_degrees():
    east, north = pyproj.Transformer.from_crs(4490, 4549, always_xy=True).transform(*POINTS.T)
    read = take_geometries(sheet_of([f"SRID=4549;POINT({x} {y})" for x, y in zip(east, north, strict=True)]))
    assert places(read) == pytest.approx(POINTS, abs=1e-7)
    assert read.grid is not None
    assert read.grid.code == "EPSG:4549"


def test_what_is_no_geometry_is_told_and_left_empty():
    cells = ["POINT (121.45 31.2)", "POINT (121.45", "LINESTRING (121.45 31.2)"] * 1
    read = take_geometries(Sheet(pd.DataFrame({"企业名称": NAMES, "g": cells}, dtype="str"), np.array([2, 3, 4])))
    assert np.isfinite(places(read)[:, 0]).tolist() == [True, False, False]
    assert [(issue.row, issue.problem) for issue in read.issues] == [(3, NO_GEOMETRY), (4, NO_GEOMETRY)]


@pytest.mark.parametrize(
    "cells",
    [
        ["1,234.5", "31,200", "12.5"], ["121.47", "121.48", "121.49"], ["金桥路121.123,31.456", "甲", "乙"],
        ["2001.123,31.456", "1.1,2.2", ""], ["0101", "00", "01"], ["", "", ""],
    ],
)  # fmt: skip
def test_other_texts_are_no_points(cells):
    sheet = sheet_of(cells, "备注")
    assert take_geometries(sheet).lon is None
    assert list(sheet.table.columns) == ["企业名称", "备注"]


def test_columns_of_coordinates_come_first():
    table = pd.DataFrame(
        {"企业名称": NAMES, "经度": "121.4", "纬度": "31.2", "geom": "POINT (121.5 31.3)"}, dtype="str"
    )
    assert take_geometries(Sheet(table, np.array([2, 3, 4]))).lon is None


@pytest.mark.parametrize(
    ("titles", "lon", "lat"),
    [
        (("北坐标", "东坐标"), 1, 0), (("X坐标（米）", "Y坐标（米）"), 0, 1), (("CGCS2000_X", "CGCS2000_Y"), 0, 1),
        (("北坐标（X）", "东坐标（Y）"), 1, 0), (("纵坐标", "横坐标"), 1, 0), (("easting", "northing"), 0, 1),
        (("国家2000 X坐标", "国家2000 Y坐标"), 0, 1), (("西安80坐标X", "西安80坐标Y"), 0, 1), (("X", "Y"), 0, 1),
    ],
)  # fmt: skip
def test_titles_of_metres(titles, lon, lat):
    mapped = map_columns(["企业名称", *titles])
    assert (mapped["lon"], mapped["lat"]) == (titles[lon], titles[lat])


@pytest.mark.parametrize(
    ("code", "north_first", "titles"),
    [
        (4528, True, ("X坐标", "Y坐标")), (4549, False, ("东坐标", "北坐标")), (2385, True, ("西安80 X", "西安80 Y")),
    ],
)  # fmt: skip
def test_metres_in_a_table(code, north_first, titles, take_rows):
    """Points of roads that are known, so that addresses and districts bear the grid out."""
    crs = pyproj.CRS.from_epsg(code)
    east, north = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(*POINTS.T)
    rows = zip(NAMES, ["徐汇区", "浦东新区", "松江区"], *((north, east) if north_first else (east, north)), strict=True)
    result = take_rows([["企业名称", "所属区", *titles], *([str(cell) for cell in row] for row in rows)])
    assert result.report["datum"]["verdict"] == f"EPSG:{code}"
    assert np.column_stack([result.table["lon"], result.table["lat"]]) == pytest.approx(POINTS, abs=1e-5)
    assert set(result.table["location_precision"]) == {"site"}
