"""Layers in the formats of other programs: the same three invented enterprises come out of each."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely

from benchmarks.vendor import rows, with_points
from geo.errors import DataError
from geo.ingest.areas import read_areas
from geo.ingest.readers.read import read_file
from geo.places.geocoding import ACROSS

DATA = Path(__file__).parents[3] / "data"
NAMES = ["样例甲有限公司", "样例乙有限公司", "样例丙有限公司"]
LON, LAT = [121.2, 121.47, 121.93], [31.02, 31.23, 30.9]
TABLE = pd.DataFrame(
    {"企业名称": NAMES, "注册资本（万元）": [100, 200, 300], "注册地址": ["甲路1号", "乙路2号", "丙路3号"]}
)
COLUMNS = list(TABLE.columns)
LAYER = gpd.GeoDataFrame(TABLE, geometry=gpd.points_from_xy(LON, LAT), crs=4326)


def metres(number):
    """The points in a grid, by the projection alone."""
    crs = pyproj.CRS(number)
    x, y = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(LON, LAT)
    return gpd.GeoDataFrame(TABLE, geometry=gpd.points_from_xy(x, y), crs=number)


def is_whole(sheet, columns=COLUMNS):
    """Every cell, every point, every row of the three."""
    assert sheet.table[list(columns)].to_numpy().tolist() == TABLE.astype(str).to_numpy().tolist()
    assert sheet.rows.tolist() == [1, 2, 3]
    assert sheet.lon is not None
    assert sheet.lat is not None
    assert np.abs(np.array([sheet.lon, sheet.lat]) - [LON, LAT]).max() < 1e-6
    return True


def zipped(path, folder):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


def told(sheet):
    return {issue.problem for issue in sheet.issues}


@pytest.mark.parametrize("number", [4326, 4528, 2385])
@pytest.mark.parametrize("suffix", [".fgb", ".gdb", ".kml", ".kmz", ".geojsonl"])
def test_a_layer_in_one_piece(tmp_path, suffix, number):
    if suffix in (".kml", ".kmz", ".geojsonl") and number != 4326:
        pytest.skip("degrees only")
    path = tmp_path / f"企业{suffix}"
    drivers = {".fgb": "FlatGeobuf", ".gdb": "OpenFileGDB", ".geojsonl": "GeoJSONSeq"}
    layer = metres(number) if number != 4326 else LAYER
    options = {"SPATIAL_INDEX": "NO"} if suffix == ".fgb" else {}  # which would sort the rows
    pyogrio.write_dataframe(layer, path, layer="企业", driver=drivers.get(suffix, "LIBKML"), layer_options=options)
    sheet = read_file(path)
    assert is_whole(sheet)
    assert (sheet.grid.code if sheet.grid else "") == ("" if number == 4326 else f"EPSG:{number}")
    if suffix == ".gdb":
        assert is_whole(read_file(zipped(tmp_path / "a.zip", tmp_path)))
        assert is_whole(read_file(zipped(tmp_path / "b.zip", path)))


@pytest.mark.parametrize("encoding", ["CP936", "UTF-8"])
@pytest.mark.parametrize("suffix", [".tab", ".mif"])
@pytest.mark.parametrize("charset", ["", "Neutral", "WindowsLatin1"])
def test_mapinfo_in_its_encoding_whatever_it_says(tmp_path, suffix, encoding, charset):
    path = tmp_path / f"企业{suffix}"
    options = {"FORMAT": "MIF"} if suffix == ".mif" else {}
    pyogrio.write_dataframe(LAYER, path, driver="MapInfo File", layer_options={"ENCODING": encoding}, **options)
    if charset:
        says = b"WindowsSimpChinese" if encoding == "CP936" else b"UTF-8"
        path.write_bytes(path.read_bytes().replace(says, charset.encode()))
        assert charset.encode() in path.read_bytes()
    assert is_whole(read_file(path))
    assert is_whole(read_file(zipped(tmp_path / "a.zip", tmp_path)))


@pytest.mark.parametrize("number", [4528, 4549, 2364, 2385, 2437, 2416])
def test_grids_of_mapinfo_are_known_by_their_numbers(tmp_path, number):
    path = tmp_path / "a.tab"
    pyogrio.write_dataframe(metres(number), path, driver="MapInfo File", layer_options={"ENCODING": "CP936"})
    sheet = read_file(path)
    assert sheet.grid
    assert sheet.grid.code == f"EPSG:{number}"
    assert (
        np.abs(np.array([sheet.lon, sheet.lat]) - [LON, LAT]).max() < 2e-5
    )  # of Xian 1980 GDAL writes another ellipsoid


def test_names_that_gdal_lost_in_mapinfo_come_back_or_are_told(tmp_path):
    """GDAL 3.6 writes ``_`` for each byte of a name from 128 to 191."""
    path = tmp_path / "a.tab"
    layer = LAYER.assign(甲乙="x")
    pyogrio.write_dataframe(layer, path, driver="MapInfo File", layer_options={"ENCODING": "CP936"})
    written = path.read_bytes()
    for name in (*COLUMNS, "甲乙"):
        whole = name.encode("gb18030")
        lost = bytes(byte if byte >= 192 else ord("_") for byte in whole)
        assert whole in written
        written = written.replace(whole, lost)
    path.write_bytes(written)
    sheet = read_file(path)
    assert is_whole(sheet)
    assert sum("补回" in issue.problem for issue in sheet.issues) == 3
    assert ["补不回来" in problem for problem in told(sheet)].count(True) == 1


KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>导出</name>{content}</Document></kml>"""


def placemark(number, extended="", geometry=None):
    point = f"<Point><coordinates>{LON[number]},{LAT[number]},0</coordinates></Point>"
    return f"<Placemark><name>{NAMES[number]}</name>{extended}{point if geometry is None else geometry}</Placemark>"


def data(number):
    cells = zip(COLUMNS[1:], TABLE.iloc[number, 1:], strict=True)
    return "".join(f'<Data name="{title}"><value>{cell}</value></Data>' for title, cell in cells)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB2312", "UTF-16"])
def test_data_of_a_kml_keep_their_chinese_names(tmp_path, encoding):
    """GDAL makes ``____`` of each, and one of all that are equally long."""
    content = "".join(placemark(row, f"<ExtendedData>{data(row)}</ExtendedData>") for row in range(3))
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(encoding=encoding, content=content).encode(encoding))
    sheet = read_file(path)
    assert is_whole(sheet, ["Name", *COLUMNS[1:]])
    assert list(sheet.table.columns) == ["Name", *COLUMNS[1:]]


def test_what_else_a_placemark_says(tmp_path):
    """Addresses that Google writes apart, tables that ArcGIS writes into the description, titles beside short names."""
    table = "".join(
        f"<tr bgcolor='#fff'><td>{title}</td> <td>{cell}</td></tr>" for title, cell in [("注册资本（万元）", 200)]
    )
    shown = '<ExtendedData><Data name="f1"><displayName>注册资本（万元）</displayName><value>300</value></Data></ExtendedData>'
    content = (
        placemark(
            0, f"<address>甲路1号</address><ExtendedData>{data(0)[: data(0).index('</Data>')]}</Data></ExtendedData>"
        )
        + placemark(1, f"<address></address><description><![CDATA[<html><table>{table}</table></html>]]></description>")
        + placemark(2, shown)
    )
    path = tmp_path / "a.kml"
    path.write_text(KML.format(encoding="UTF-8", content=content), encoding="utf-8")
    sheet = read_file(path)
    assert sheet.table["Name"].tolist() == NAMES
    capital = sheet.table[[title for title in sheet.table.columns if title.startswith("注册资本（万元）")]]
    assert capital.bfill(axis=1).iloc[:, 0].tolist() == ["100", "200", "300"]
    assert sheet.table["address"].tolist()[0] == "甲路1号"


def test_folders_of_a_kml_are_read_together(tmp_path, take):
    ring = "<coordinates>121,31 121.1,31 121.1,31.1 121,31</coordinates>"
    polygon = f"<Polygon><outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs></Polygon>"
    content = (
        f"<Folder><name>松江区</name>{placemark(0)}<Folder><name>园区</name>{placemark(1, geometry=polygon)}</Folder></Folder>"
        f"<Folder><name>浦东新区</name>{placemark(2, geometry='')}</Folder>"
    )
    path = tmp_path / "a.kml"
    path.write_text(KML.format(encoding="UTF-8", content=content), encoding="utf-8")
    got = take(path).table.set_index("name")
    assert got["图层"].to_dict() == dict(zip(NAMES, ["松江区", "园区", "浦东新区"], strict=True))
    assert got.loc[NAMES[0], "district"] == "松江区"
    assert got.loc[NAMES[2], "district"] == "浦东新区"
    assert got["lon"].notna().tolist() == [True, False, True]
    assert got.loc[NAMES[1], "location_note"] == ACROSS  # 1.1 km off it may lie beyond the city
    assert (
        got.loc[[NAMES[0], NAMES[2]], "location_error_m"].min() > 500
    )  # nothing tells whether it keeps to KML's datum


def test_a_kmz_of_several_files_is_read_whole(tmp_path):
    """As GDAL writes it: the first links to the others of the same archive."""
    link = "<NetworkLink><Link><href>layers/a.kml</href></Link></NetworkLink>"
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", KML.format(encoding="UTF-8", content=link))
        archive.writestr("layers/a.kml", KML.format(encoding="UTF-8", content="".join(map(placemark, range(3)))))
        archive.writestr("files/icon.png", b"\x89PNG")
    assert read_file(tmp_path / "a.kmz").table["Name"].tolist() == NAMES


def esri(crs, x, y, **more):
    fields = [{"name": title, "type": "esriFieldTypeString", "alias": title} for title in COLUMNS]
    fields.append({"name": "成立日期", "type": "esriFieldTypeDate", "alias": "成立日期"})
    cells = [
        {**{title: str(cell) for title, cell in row.items()}, "成立日期": 989251200000} for _, row in TABLE.iterrows()
    ]
    features = [
        {"attributes": row, "geometry": {"x": east, "y": north}} for row, east, north in zip(cells, x, y, strict=True)
    ]
    about = {"geometryType": "esriGeometryPoint", "spatialReference": crs, "fields": fields, "features": features}
    return json.dumps(about | more, ensure_ascii=False)


@pytest.mark.parametrize(
    ("crs", "number"),
    [
        ({"wkid": 4528, "latestWkid": 4528}, 4528),
        ({"wkid": 102100, "latestWkid": 3857}, 3857),
        ({"wkt": pyproj.CRS(4549).to_wkt("WKT1_ESRI")}, 4549),
    ],
)
def test_esri_json(tmp_path, take, crs, number):
    layer = metres(number)
    path = tmp_path / "query.json"
    path.write_text(esri(crs, layer.geometry.x, layer.geometry.y, exceededTransferLimit=True), encoding="utf-8")
    sheet = read_file(path)
    assert is_whole(sheet)
    assert sheet.grid
    assert sheet.grid.code == f"EPSG:{number}"
    assert any("只给了一部分" in problem for problem in told(sheet))
    assert take(path).table["founded"].tolist() == ["2001-05-08"] * 3  # midnight in Shanghai


def test_gpx(tmp_path):
    path = tmp_path / "a.gpx"
    layer = LAYER.set_axis(["name", "注册资本", "注册地址", "geometry"], axis=1)
    pyogrio.write_dataframe(layer, path, driver="GPX", GPX_USE_EXTENSIONS="YES", layer="waypoints")
    assert is_whole(read_file(path), ["name", "注册资本", "注册地址"])


@pytest.mark.parametrize("number", [4528, 4549, 4550, 2364])
def test_a_shapefile_without_prj_finds_its_grid_by_evidence(tmp_path, take, number):
    table = with_points(rows(100), "wgs84")
    table = table[table["经度"] != ""]
    x, y = pyproj.Transformer.from_crs(4490, number if number != 2364 else 4528, always_xy=True).transform(
        table["经度"].astype(float), table["纬度"].astype(float)
    )
    layer = gpd.GeoDataFrame(
        {"name": table["系统匹配企业名称"], "district": table["所属区县"], "address": table["企业地址"]},
        geometry=gpd.points_from_xy(x, y),
    )
    layer.to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.prj").unlink(missing_ok=True)
    if number == 2364:  # the digits of Xian 1980 are those of CGCS2000
        number = 4528
    imported = take(tmp_path / "a.shp")
    assert imported.report["datum"]["verdict"] == f"EPSG:{number}"
    assert imported.report["datum"]["grid"].startswith(f"EPSG:{number} CGCS2000")
    got = imported.table.set_index("name").loc[table["系统匹配企业名称"]]
    assert np.abs(got["lon"].to_numpy() - table["经度"].astype(float).to_numpy()).max() < 2e-6
    assert set(got["location_precision"]) == {"site"}


def test_beijing_1954_is_read_and_its_uncertainty_told(tmp_path, take):
    metres(2437).to_file(tmp_path / "a.gpkg")
    imported = take(tmp_path / "a.gpkg")
    assert imported.report["datum"]["verdict"] == "EPSG:2437"
    assert "±70 米" in imported.report["datum"]["warning"]
    assert any("±70 米" in issue["problem"] for issue in imported.report["issues"])
    held = imported.table.set_index("name").loc[NAMES]
    assert held.loc[NAMES[1], "location_note"] == ACROSS  # of two decimals, in the middle of the city
    assert np.abs(held["lon"].fillna(held["lon_raw"]).to_numpy() - LON).max() < 1e-6


def test_metres_of_no_grid_are_told_and_place_nothing(tmp_path, take):
    layer = gpd.GeoDataFrame(TABLE, geometry=gpd.points_from_xy([-21200, 15000, 30500], [11000, 52000, -40000]))
    layer.to_file(tmp_path / "a.gpkg")
    imported = take(tmp_path / "a.gpkg")
    assert imported.report["datum"]["verdict"] == "undetermined"
    assert any("哪一种格网" in issue["problem"] for issue in imported.report["issues"])
    assert imported.table["lon_raw"].tolist() == [-21200, 15000, 30500]


def test_projects_of_qgis_beside_a_list_are_no_enterprise(tmp_path):
    path = tmp_path / "a.gpkg"
    LAYER.rename(columns={"企业名称": "厂名"}).to_file(path, layer="厂区点")
    project = pd.DataFrame({"name": ["工程"], "metadata": ["x"], "content": ["y"]})
    pyogrio.write_dataframe(project, path, layer="qgis_projects", append=True)
    sheet = read_file(path)
    assert is_whole(sheet, ["厂名", *COLUMNS[1:]])
    assert not told(sheet)


def test_layers_of_one_list_are_read_together_and_others_named(tmp_path):
    path = tmp_path / "a.gpkg"
    LAYER[:1].to_file(path, layer="松江")
    LAYER[1:].to_file(path, layer="浦东", mode="a")
    roads = gpd.GeoDataFrame({"name": ["甲路"]}, geometry=[shapely.LineString([(121, 31), (121.1, 31)])], crs=4326)
    roads.to_file(path, layer="道路", mode="a")
    gpd.GeoDataFrame({"name": ["甲镇"]}, geometry=[shapely.box(121, 31, 121.1, 31.1)], crs=4326).to_file(
        path, layer="街镇", mode="a"
    )
    sheet = read_file(path)
    assert sheet.table["企业名称"].tolist() == NAMES
    assert sheet.rows.tolist() == [1, 1, 2]
    assert {issue.value for issue in sheet.issues} == {"道路", "街镇"}
    assert sheet.lon is not None
    assert np.abs(sheet.lon - LON).max() < 1e-9


@pytest.mark.parametrize("kind", ["wkb", "ewkb", "geoarrow", "interleaved", "extension", "covered", "polygons"])
def test_geometries_of_parquet(tmp_path, kind):
    path = tmp_path / "a.parquet"
    grid = metres(4528)
    if kind in ("wkb", "ewkb"):
        shapes = LAYER.geometry if kind == "wkb" else shapely.set_srid(grid.geometry.to_numpy(), 4528)
        TABLE.assign(shape=shapely.to_wkb(shapes, include_srid=True)).to_parquet(path)
    elif kind in ("interleaved", "extension"):
        encoding = "geoarrow" if kind == "interleaved" else "WKB"
        pq.write_table(pa.table(grid.to_arrow(geometry_encoding=encoding, interleaved=True, index=False)), path)
    else:
        layer = LAYER if kind != "polygons" else LAYER.set_geometry(LAYER.geometry.buffer(1e-4, cap_style="square"))
        layer.to_parquet(path, geometry_encoding="geoarrow", write_covering_bbox=kind == "covered")
    sheet = read_file(path)
    assert is_whole(sheet)
    assert (sheet.grid.code if sheet.grid else "") == (
        "EPSG:4528" if kind in ("ewkb", "interleaved", "extension") else ""
    )


def test_a_column_of_the_type_geometry(take):
    """As duckdb 1.4 and later write it, without metadata of GeoParquet."""
    imported = take(DATA / "duckdb_geometry.parquet")
    assert imported.report["datum"]["verdict"] == "wgs84"
    assert imported.table["location_precision"].tolist().count("site") == 78
    assert imported.row("样例0001精密机械有限公司")["lon"] == pytest.approx(121.450709)


def test_bytes_that_are_no_geometry_stay_text(tmp_path):
    TABLE.assign(标志=[b"\x00\x01", b"\x01\x02", None]).to_parquet(tmp_path / "a.parquet")
    sheet = read_file(tmp_path / "a.parquet")
    assert sheet.lon is None
    assert "标志" in sheet.table.columns


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("a.shp", b"\x00\x00\x27\x0a" + bytes(96), "一起压缩成 zip"),
        ("a.tab", b"!table\n!version 300\n", "一起压缩成 zip"),
        ("a.mif", b'Version 300\nCharset "Neutral"\nColumns 0\nData\n', "一起压缩成 zip"),
        (
            "a.gml",
            b'<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>',
            "另存为 GeoPackage",
        ),
        ("a.json", b'{"type": "Topology", "objects": {}, "arcs": []}', "另存为 GeoPackage"),
    ],
)
def test_what_is_not_read_says_the_way(tmp_path, name, content, way):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=way) as caught:
        read_file(tmp_path / name)
    assert "损坏" not in str(caught.value)


@pytest.mark.parametrize(
    ("member", "way"), [("a.udbx", "SuperMap"), ("a.mdb", "ArcGIS"), ("a.dwg", "CAD"), ("a.gml", "QGIS")]
)
def test_a_zip_of_what_is_not_read_says_the_way(tmp_path, member, way):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(DataError, match=way) as caught:
        read_file(tmp_path / "a.zip")
    assert "损坏" not in str(caught.value)


class WindowsMember(zipfile.ZipInfo):
    """A member whose name is in the code page of a Chinese Windows, which no mark tells."""

    def _encodeFilenameFlags(self):  # noqa: N802
        return self.filename.encode("gb18030"), 0


def test_a_zip_of_tables_is_read_and_what_was_left_is_named(tmp_path):
    path = tmp_path / "a.zip"
    names = {
        "名单.csv": "企业名称,注册地址\n样例甲有限公司,甲路1号\n",
        "旧的.csv": "企业名称\n样例丁\n",
        "请先看.txt": "说明\n" * 99,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in names.items():
            archive.writestr(WindowsMember(name), text.encode("gb18030"))
    sheet = read_file(path)
    assert sheet.table.to_numpy().tolist() == [["样例甲有限公司", "甲路1号"]]
    assert {issue.value for issue in sheet.issues} == {"旧的.csv", "请先看.txt"}


@pytest.mark.parametrize("suffix", [".kml", ".gdb", ".fgb"])
def test_areas_come_in_the_same_formats(tmp_path, suffix):
    square = shapely.box(121.0, 31.0, 121.1, 31.1)
    driver = {".kml": "LIBKML", ".gdb": "OpenFileGDB", ".fgb": "FlatGeobuf"}[suffix]
    (tmp_path / "in").mkdir()
    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[square], crs=4326).to_file(
        tmp_path / "in" / f"a{suffix}", driver=driver
    )
    path = zipped(tmp_path / "a.zip", tmp_path / "in")
    assert read_areas(path)[0].symmetric_difference(square).area < 1e-9
