"""GDAL opens a layer with the driver that we chose, and nothing that the layer names."""

import json
import socket
import sqlite3
import sys
import zipfile
from contextlib import closing, suppress

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.errors import DataError
from geo.ingest.areas import read_areas
from geo.ingest.readers.archives import unpacked_layers
from geo.ingest.readers.gdal import _SETTINGS, DRIVERS
from geo.ingest.readers.read import read_file
from geo.ingest.readers.sheet import Limits

SECRET = "不该读到的企业"
POINTS = gpd.GeoDataFrame({"企业名称": ["样例甲", "样例乙"]}, geometry=[Point(121, 31), Point(121.5, 31.2)], crs=4326)


@pytest.fixture
def secret(tmp_path):
    """A file of the server that no upload may read."""
    path = tmp_path / "server" / "records.csv"
    path.parent.mkdir()
    path.write_text(f"企业名称,WKT\n{SECRET},POINT(121 31)\n", encoding="utf-8")
    return path


@pytest.fixture
def listening():
    """A server of this machine; `port` and whether somebody came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def came():
            try:
                server.accept()[0].close()
            except TimeoutError:
                return False
            return True

        yield server.getsockname()[1], came


REFERRING = {
    "VRT": '<OGRVRTDataSource><OGRVRTLayer name="records"><SrcDataSource>{file}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    "GDALG": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {file} ! write"}}',
    "TopoJSON": '{{"type": "Topology", "objects": {{}}, "arcs": []}}',
    "KML": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>{url}</href></Link></NetworkLink></kml>',
    "GML": '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember xlink:href="{url}"/></gml:FeatureCollection>',
    "WFS": '<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>',
    "WMS": '<GDAL_WMS><Service name="WMS"><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>',
    "XML": '<!DOCTYPE a [<!ENTITY e SYSTEM "file://{file}">]><a>&e;</a>',
    "TileJSON": '{{"tilejson": "3.0.0", "tiles": ["{url}/{{z}}/{{x}}/{{y}}"]}}',
    "OGC API": '{{"conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"], "links": [{{"href": "{url}"}}]}}',
}  # fmt: skip


@pytest.mark.parametrize("name", REFERRING)
@pytest.mark.parametrize("suffix", [".json", ".geojson"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_that_refer_elsewhere_are_refused_by_name(tmp_path, secret, listening, name, suffix, encoding):
    port, came = listening
    path = tmp_path / f"企业{suffix}"
    content = REFERRING[name].format(file=secret, url=f"http://127.0.0.1:{port}/")
    path.write_text(content, encoding=encoding)
    for read in (read_file, read_areas):
        with pytest.raises(DataError, match=f"不读 .*{name}|不读 .*XML|这是网页") as caught:
            read(path)
        assert SECRET not in str(caught.value)
    assert not came()


@pytest.mark.parametrize("start", ["", " \n", "x", "{", '{"a": 1}\n', "\x00", "#"])
def test_what_is_not_known_by_name_is_not_opened_either(tmp_path, secret, start):
    """The names are a kindness; what holds is that no driver but the chosen one is there."""
    for suffix in (".json", ".geojson", ".gpkg", ".zip"):
        path = tmp_path / f"a{suffix}"
        path.write_text(start + REFERRING["VRT"].format(file=secret, url=""), encoding="utf-8")
        for read in (read_file, read_areas):
            with pytest.raises(DataError) as caught:
                read(path)
            assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", DRIVERS)
def test_gdal_has_one_driver_for_rasters_and_vectors_together(apart, kind):
    assert apart("drivers", kind=kind) == [DRIVERS[kind]]


@pytest.mark.skipif(sys.platform == "win32", reason="a process there reads one file and ends")
def test_gdal_is_not_loaded_before_its_other_drivers_are_named(apart):
    loaded, settings = apart("loaded_before")
    assert not loaded
    assert settings == _SETTINGS
    known = apart("drivers_that_were_known")
    assert {"GTiff", "VRT", "WMS", "ESRI Shapefile", "GPKG"} <= set(known)


@pytest.mark.parametrize("kind", DRIVERS)
def test_the_chosen_driver_opens_no_path_of_another_kind(apart, secret, kind, listening):
    port, came = listening
    vrt = secret.with_name("a.vrt")
    vrt.write_text(REFERRING["VRT"].format(file=secret, url=""), encoding="utf-8")
    for name in (secret, vrt, REFERRING["VRT"].format(file=secret, url=""), f"/vsicurl/http://127.0.0.1:{port}/a.geojson",
                 f"/vsizip//vsicurl/http://127.0.0.1:{port}/a.zip", f"http://127.0.0.1:{port}/a.geojson"):  # fmt: skip
        with pytest.raises(DataError):
            apart("open_layer", kind=kind, path=str(name))
    assert not came()


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}<Placemark><name>样例甲</name></Placemark></Document></kml>'


@pytest.mark.parametrize(
    "content",
    [
        "<NetworkLink><Link><href>{url}</href></Link></NetworkLink>",
        "<NetworkLink><Link><href>inside.kml</href></Link></NetworkLink>",
        "<NetworkLink><Link><href>../../server/records.csv</href></Link></NetworkLink>",
        "<x:NetworkLink><x:Url><x:href>{file}</x:href></x:Url></x:NetworkLink>",
    ],
)
@pytest.mark.parametrize("suffix", [".kml", ".kmz", ".zip"])
def test_a_kml_names_nothing_outside_its_archive(tmp_path, secret, listening, content, suffix):
    port, came = listening
    text = KML.format(content.format(file=secret, url=f"http://127.0.0.1:{port}/a.kml"))
    path = tmp_path / f"a{suffix}"
    if suffix == ".kml":
        path.write_text(text, encoding="utf-8")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("doc.kml", text)
            archive.writestr("files/other.kml", KML.format(""))
    for read in (read_file, read_areas):
        with pytest.raises(DataError, match="不读 KML 的 NetworkLink"):
            read(path)
    assert not came()


def test_styles_and_icons_of_a_kml_are_not_fetched(tmp_path, listening):
    port, came = listening
    address = f"http://127.0.0.1:{port}/a.kml"
    style = f'<Style id="s"><IconStyle><Icon><href>{address}</href></Icon></IconStyle></Style>'
    text = KML.format(style).replace("<name>", f"<styleUrl>{address}#s</styleUrl><name>")
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    assert list(read_file(tmp_path / "a.kml").table["Name"]) == ["样例甲"]
    assert not came()


@pytest.mark.parametrize("start", ["", "\ufeff", '<?xml version="1.0"?>', "<!-- kml -->"])
def test_entities_of_a_kml_are_refused(tmp_path, secret, start):
    text = f'{start}<!DOCTYPE kml [<!ENTITY e SYSTEM "file://{secret}">]>' + KML.format("<name>&e;</name>")
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"XML|KML|网页") as caught:
        read_file(tmp_path / "a.kml")
    assert SECRET not in str(caught.value)


TAB = "!table\n!version 300\n!charset WindowsSimpChinese\n\nDefinition Table\n  Type {}\n  Fields 1\n    name Char (20) ;\n"


@pytest.mark.parametrize(
    "content",
    [
        TAB.format('LINKED Charset "Neutral"'),
        TAB.format("ODBC"),
        TAB.format('XLS\n  File "{file}"'),
        TAB.format('DBF\n  File "{file}"'),
        TAB.format("NATIVE") + 'begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n',
        '!table\n!version 100\nOpen Table "{file}" Hide\nCreate View a As\nSelect * From b\n',
    ],
)
def test_a_table_of_mapinfo_names_no_other(tmp_path, secret, content):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.tab", content.replace("{file}", str(secret)))
        archive.writestr("a.dat", bytes(64))
    with pytest.raises(DataError, match="引用别的表"):
        read_file(path)


def test_a_geodatabase_is_unpacked_under_names_of_its_own(tmp_path):
    """What lies in it besides its tables stays where it is."""
    folder = tmp_path / "企业.gdb"
    POINTS.to_file(folder, driver="OpenFileGDB", layer="企业")
    (folder / "a.vrt").write_text("<OGRVRTDataSource/>")
    (folder / "link").symlink_to("/etc/passwd")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"企业.gdb/{file.name}")
    with unpacked_layers(path, Limits()) as (kind, [source], _):
        names = {file.name for file in source.path.iterdir()}
    assert kind == "filegdb"
    assert "a00000001.gdbtable" in names
    assert not names & {"a.vrt", "link"}
    assert list(read_file(path).table["企业名称"]) == list(read_file(folder).table["企业名称"]) == ["样例甲", "样例乙"]


def test_a_crs_at_an_address_is_not_fetched(tmp_path, listening):
    port, came = listening
    path = tmp_path / "a.geojson"
    content = json.loads(POINTS.to_json())
    content["crs"] = {"type": "link", "properties": {"href": f"http://127.0.0.1:{port}/crs", "type": "proj4"}}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match="网址"):
        read_file(path)
    path.write_text(json.dumps(content).replace('"link"', '"l\\u0069nk"').replace('"href"', '"hr\\u0065f"'))
    with suppress(DataError):  # another spelling: it may be read, but nobody is asked
        assert len(read_file(path).table) == 2
    assert not came()


@pytest.fixture
def geopackage(tmp_path):
    """A GeoPackage as GDAL writes it, with its index and triggers."""
    path = tmp_path / "企业.gpkg"
    POINTS.to_file(path, layer="企业")
    return path


def test_a_geopackage_as_others_write_it_is_read(geopackage):
    with closing(sqlite3.connect(geopackage)) as database:
        kinds = {kind for (kind,) in database.execute("SELECT type FROM sqlite_schema")}
    assert "trigger" in kinds
    assert list(read_file(geopackage).table["企业名称"]) == ["样例甲", "样例乙"]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("CREATE VIEW 视图 AS SELECT * FROM 企业", "视图"),
        ("CREATE VIRTUAL TABLE 文 USING fts5(a)", "虚拟表"),
        ("CREATE VIRTUAL TABLE rtree_假 USING fts5(a)", "虚拟表"),
        ("ALTER TABLE 企业 ADD COLUMN 算 TEXT AS (hex(企业名称))", "算出来"),
        ("DROP TABLE gpkg_contents", "不是 GeoPackage"),
    ],
)
def test_a_geopackage_that_computes_is_refused(geopackage, statement, sentence):
    with closing(sqlite3.connect(geopackage)) as database:
        database.execute(statement)
        database.commit()
    with pytest.raises(DataError, match=sentence):
        read_file(geopackage)
    if "gpkg_contents" not in statement:
        with pytest.raises(DataError, match=sentence):
            read_areas(geopackage)


def test_another_database_is_no_geopackage(tmp_path):
    path = tmp_path / "records.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE shortlist (企业名称)")
        database.commit()
    with pytest.raises(DataError, match="不是 GeoPackage"):
        read_file(path)


@pytest.mark.parametrize(
    ("table", "way"), [("SmRegister", "SuperMap"), ("geometry_columns", "SpatiaLite"), ("tiles", "MBTiles")]
)
def test_databases_that_are_known_say_the_way_out(tmp_path, table, way):
    path = tmp_path / "a.udbx"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {table} (a)")
        database.commit()
    with pytest.raises(DataError, match=f"不是 GeoPackage.*{way}"):
        read_file(path)


def test_a_layer_of_lines_is_read_with_its_own_driver(tmp_path):
    path = tmp_path / "a.geojson"
    features = json.loads(POINTS.to_json())["features"]
    path.write_text("\n".join(json.dumps(feature) for feature in features), encoding="utf-8")
    assert list(read_file(path).table["企业名称"]) == ["样例甲", "样例乙"]


def test_areas_come_back_as_they_were(tmp_path):
    square = box(121.0, 31.0, 121.1, 31.1)
    hole = square.difference(box(121.02, 31.02, 121.05, 31.05))
    gpd.GeoDataFrame(geometry=[square, hole], crs=4326).to_file(tmp_path / "a.gpkg")
    assert read_areas(tmp_path / "a.gpkg")[1].equals(hole)
