"""GDAL, with the one driver that we chose: it never decides itself what a file is.

GDAL asks each of its drivers whether a file is theirs, and some of them open other files and addresses that the file
names.  Here the kind is decided from the content (`kind_of`), and GDAL is loaded in a process of its own
(`geo.ingest.isolation`) with all drivers but that one left out before they are registered.
"""

import ctypes
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Final

from geo.errors import DataError
from geo.ingest.readers.database import open_read_only, plain_tables
from geo.ingest.readers.layer_texts import KML_FIELD, prepare

DRIVERS: Final = {
    "geojson": "GeoJSON",
    "geojsonseq": "GeoJSONSeq",
    "geopackage": "GPKG",
    "shapefile": "ESRI Shapefile",
    "kml": "LIBKML",
    "mapinfo": "MapInfo File",
    "filegdb": "OpenFileGDB",
    "flatgeobuf": "FlatGeobuf",
    "esrijson": "ESRIJSON",
    "gpx": "GPX",
    "osm": "OSM",
}
"""Kind of a layer → the only driver that may open it; what is not here is not opened."""

SUFFIX_OF: Final = {
    "geojson": ".geojson", "geojsonseq": ".geojsonl", "geopackage": ".gpkg", "kml": ".kml", "mapinfo": ".mif",
    "flatgeobuf": ".fgb", "esrijson": ".json", "gpx": ".gpx",
}  # fmt: skip
"""Kind of a layer that is one file → ending under which a copy is opened, whatever it was called."""

MAX_LAYERS: Final = 256

_SETTINGS: Final = {
    "GDAL_DRIVER_PATH": "disable",  # no driver from elsewhere
    "GDAL_HTTP_PROXY": "127.0.0.1:9", "GDAL_HTTPS_PROXY": "127.0.0.1:9",  # port “discard”: nobody listens
    "GDAL_HTTP_MAX_RETRY": "0", "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none", "CPL_ALLOW_VSISTDIN": "NO", "PROJ_NETWORK": "OFF",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO", "OGR_SQLITE_LOAD_EXTENSIONS": "", "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_NUM_THREADS": "1", "CPL_DEBUG": "OFF", "LIBKML_EXTERNAL_STYLE": "NO",
} | {f"LIBKML_{field}_FIELD": f"{KML_FIELD}{field}" for field in (
    "ID", "TIMESTAMP", "BEGIN", "END", "ALTITUDEMODE", "TESSELLATE", "EXTRUDE", "VISIBILITY", "DRAWORDER", "ICON",
    "HEADING", "TILT", "ROLL", "SNIPPET", "MODEL", "SCALE_X", "SCALE_Y", "SCALE_Z", "NETWORKLINK",
    "NETWORKLINK_REFRESHVISIBILITY", "NETWORKLINK_FLYTOVIEW", "NETWORKLINK_REFRESHMODE",
    "NETWORKLINK_REFRESHINTERVAL", "NETWORKLINK_VIEWREFRESHMODE", "NETWORKLINK_VIEWREFRESHTIME",
    "NETWORKLINK_VIEWBOUNDSCALE", "NETWORKLINK_VIEWFORMAT", "NETWORKLINK_HTTPQUERY", "CAMERA", "LOOKAT", "PHOTOOVERLAY",
)}  # fmt: skip

_DATABASES: Final = {
    "smregister": " SuperMap 的 UDBX：在 SuperMap iDesktop 里把数据集导出为 GeoPackage 或 shapefile",
    "geometry_columns": " SpatiaLite 数据库",
    "tiles": "地图瓦片（MBTiles），没有企业",
}
"""Table that a database has → what it is."""

_SQLITE: Final = b"SQLite format 3\0"
_START_BYTES: Final = 2**16
_REFERRING: Final = (
    (rb"<OGRVRT|<VRTDataset|<GDALTileIndex", "VRT"),
    (rb"<(?:\w+:)?(?:WFS_|WMS_|WMT_|Capabilities\b|OGRWFS|OGRWMS)|<GDAL_WMS|<GDAL_WMTS", "WFS/WMS 的网络服务说明"),
    (rb"<(?:\w+:)?(?:gml|FeatureCollection)\b|opengis\.net/gml", "GML"),
    (rb"<(?:\w+:)?(?:rss|feed|osm|mapml|MapML-)\b", "网络上的 XML"),
    (rb"^\s*<\?xml|<!DOCTYPE", "XML"),
    (rb'"type"\s*:\s*"Topology"', "TopoJSON"),
    (rb'"type"\s*:\s*"gdal_\w+"|"gdal_version_?\w*"', "GDALG"),
    (rb'"(?:tilejson|tiles)"\s*:', "TileJSON"),
    (rb'"conformsTo"\s*:\s*\[', "OGC API 或 JSON-FG"),
)
_ROOT: Final = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*<(?:[^\s<>/:]+:)?(\w+)", re.DOTALL)
_ESRI_JSON: Final = re.compile(rb'"geometryType"\s*:\s*"esriGeometry|"esriFieldType|"attributes"\s*:\s*\{')
_MARKS: Final = ((b"fgb", "flatgeobuf"), (b"\x00\x00\x27\x0a", "shapefile"), (b"!table", "tab"))
_ALONE: Final = {
    "shapefile": (".shp 里只有图形，属性在旁边的文件里", "把 .shp、.shx、.dbf、.prj 一起压缩成 zip"),
    "tab": (".tab 只是说明，数据在旁边的文件里", "把 .tab、.dat、.map、.id 一起压缩成 zip"),
}
_MIF: Final = re.compile(rb"\s*Version\s+\d+\s", re.IGNORECASE)
_WAY_OUT: Final = "在 QGIS 里打开，另存为 GeoPackage 再导入"
"""What begins a text that may refer to other files or addresses, and its name; none of these kinds is opened."""

_LINKED_CRS: Final = re.compile(rb'"crs"\s*:\s*\{[^{}]*(?:"type"\s*:\s*"(?:link|url)"|"href"\s*:)', re.IGNORECASE)
_registered: list[str] = []


def kind_of(path: Path) -> str:
    """Kind of a layer by its content, a key of `DRIVERS`; empty when it is none that is opened as it stands.

    Raises
    ------
    DataError
        When it is of a kind that may refer to other files or addresses: the kind is named.
    """
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    if start.startswith(_SQLITE):
        return "geopackage"
    for mark, kind in _MARKS:
        if start.startswith(mark):
            if kind in _ALONE:
                said, expected = _ALONE[kind]
                raise DataError(said, file=path, expected=expected)
            return kind
    text = start.removeprefix(b"\xef\xbb\xbf")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text.decode("utf-16", "ignore").encode()
    if _MIF.match(text):
        return "mapinfo"
    if text.lstrip(b"\x1e \t\r\n")[:1] not in (b"{", b"<"):
        return ""
    root = _ROOT.match(text)
    if root and root[1] in (b"kml", b"gpx") and b"<!" not in text[: root.end()].replace(b"<!--", b""):
        return root[1].decode()
    for pattern, name in _REFERRING:
        if re.search(pattern, text, re.IGNORECASE):
            raise DataError(
                f"不读 {name}：这类文件可以引用别的文件或网址",
                file=path,
                expected="GeoJSON、GeoPackage、KML 或含 shapefile 的 zip",
                cause=_WAY_OUT,
            )
    if text.lstrip()[:1] == b"<":
        return ""
    if _ESRI_JSON.search(text) and b'"FeatureCollection"' not in text:
        return "esrijson"
    return "geojsonseq" if text.startswith(b"\x1e") or _is_sequence(text) else "geojson"


def know_drivers() -> None:
    """Learn in another process which drivers this GDAL has, so that all but one can be left out before it is loaded."""
    os.environ.update(_SETTINGS)
    if hasattr(os, "fork"):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.write(writing, _all_drivers())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.wait()
    else:
        script = "from geo.ingest.readers import gdal; print(gdal._all_drivers().decode())"
        said = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, check=True, timeout=60).stdout
    _registered[:] = json.loads(said)


def _all_drivers() -> bytes:
    return json.dumps(sorted(registered())).encode()


def registered() -> set[str]:
    """Drivers that GDAL has registered in this process, those of rasters among them, which pyogrio does not list."""
    import pyogrio

    names = set(pyogrio.list_drivers())
    package = Path(pyogrio.__file__).parent
    for library in (*package.with_name("pyogrio.libs").glob("*gdal*"), *package.glob(".dylibs/*gdal*")):
        gdal = ctypes.CDLL(os.fspath(library))  # which is loaded already
        gdal.GDALGetDriver.restype = ctypes.c_void_p
        gdal.GDALGetDriverShortName.argtypes = (ctypes.c_void_p,)
        gdal.GDALGetDriverShortName.restype = ctypes.c_char_p
        drivers = [gdal.GDALGetDriver(number) for number in range(gdal.GDALGetDriverCount())]
        names |= {gdal.GDALGetDriverShortName(driver).decode() for driver in drivers}
    return names


def load(kind: str) -> ModuleType:
    """Load GDAL with the driver of a kind alone, and pyogrio above it.

    Raises
    ------
    DataError
        When it has been loaded with others, or has one that was not known.
    """
    driver = DRIVERS[kind]
    if "pyogrio" not in sys.modules:
        others = ",".join(name for name in _registered if name != driver)
        os.environ.update(_SETTINGS, OGR_SKIP=others)
    import pyogrio  # here, because its drivers are registered as it is loaded

    if registered() != {driver}:
        raise DataError("地图文件只在专门的进程里打开", value=kind, cause="GDAL 已带着别的驱动载入")
    return pyogrio


def own_copy(path: Path, kind: str, folder: Path) -> Path:
    """Copy of a layer in the working folder under a plain name, looked through for what would act or refer elsewhere.

    Raises
    ------
    DataError
        When it has views, virtual tables or computed columns, or takes its CRS from an address.
    """
    copy = folder / f"layer{SUFFIX_OF[kind]}"
    shutil.copyfile(path, copy)
    look_through(copy, kind, path)
    return copy


def look_through(copy: Path, kind: str, path: Path, beside: frozenset[str] = frozenset()) -> None:
    """Look through our own copy of a layer, and have it ready for GDAL; as `own_copy`, `beside` as `prepare` has it."""
    if kind == "geopackage":
        _refuse_active_tables(copy, path)
    elif kind in ("geojson", "geojsonseq", "esrijson"):
        if _LINKED_CRS.search(copy.read_bytes()):
            raise DataError("不读坐标系写成网址的 GeoJSON", file=path, expected="经纬度，或写明 EPSG 代号")
    else:
        prepare(copy, kind, path, beside)


def _refuse_active_tables(copy: Path, path: Path) -> None:
    try:
        with closing(open_read_only(copy)) as database:
            tables = {name.lower() for name in plain_tables(database, "GeoPackage", path)}
            if "gpkg_contents" not in tables:
                known = next((name for mark, name in _DATABASES.items() if mark in tables), "别的 SQLite 数据库")
                raise DataError("不是 GeoPackage", file=path, cause=f"是{known}", expected=_WAY_OUT)
    except (sqlite3.Error, UnicodeError) as error:
        raise DataError("地图文件打不开", file=path, cause="文件损坏，或内容与扩展名不符") from error


def _is_sequence(text: bytes) -> bool:
    """Whether a text is one JSON object on each line: its first line is whole, and another one follows."""
    lines = [line for line in text.split(b"\n", 3)[:3] if line.strip()]
    if len(lines) < 2 or not lines[1].lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False
