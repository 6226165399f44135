"""Roads of an OpenStreetMap extract (.osm, .osm.pbf), read by GDAL's driver for it in a process of its own."""

import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.parsers import expat

import numpy as np
import shapely

from geo.errors import DataError
from geo.ingest.confinement import Allowance
from geo.ingest.isolation import read_apart
from geo.ingest.readers.gdal import load
from geo.roads.network import RoadNetwork
from geo.roads.ways import WAY_TAGS, build_network, drivable, join_ways

MAX_EXTRACT_BYTES: Final = 2**30
"""An extract of Shanghai has some 60 MB as .osm.pbf; whoever has more cuts his region out of it."""

_HEAD_BYTES: Final = 2**16
_BLOCK_BYTES: Final = 2**26
"""Most that the head of a block and a block may have: what GDAL takes."""

_BYTES: Final = 2
_SIZE_KEY: Final = 3 << 3
_ZLIB_KEY: Final = 3 << 3 | _BYTES
"""Kind of a field that holds bytes, and the keys of the length of a block and of what it holds packed by zlib."""

_ALLOWED_SECONDS: Final = 3600
_MEMORY_BYTES: Final = 12 * 2**30
_BATCH_WAYS: Final = 50_000
_SUFFIXES: Final = (".osm", ".osm.pbf")
_CONFIGURATION: Final = (
    "closed_ways_are_polygons=\nattribute_name_laundering=no\nother_tags=no\n[points]\n[lines]\nosm_id=no\n"
    f"attributes={','.join(WAY_TAGS)}\n[multipolygons]\n[multilinestrings]\n[other_relations]\n"
)


def read_network(file: Path, kmh: Mapping[str, float], progress: Callable[..., None] = lambda *_: None) -> RoadNetwork:
    """Read an extract that the operator brings and make a network of it.

    The file is read in a process of its own that may read nothing else and reach no network (`geo.ingest.isolation`);
    it may take an hour and twelve gigabytes, since an extract is larger than a list.

    Parameters
    ----------
    file : Path
    kmh : mapping of str to float
        Class of road → assumed speed [km/h].
    progress : callable
        Called with the number of ways read so far.

    Raises
    ------
    DataError
        When it is no extract, is too large, is cut or damaged, or has no road.
    """
    if not file.is_file():
        raise DataError("没有这个文件", file=file)
    if not file.name.lower().endswith(_SUFFIXES):
        raise DataError("不是 OpenStreetMap 摘录", file=file, expected="以 .osm 或 .osm.pbf 结尾的文件")
    if file.stat().st_size > MAX_EXTRACT_BYTES:
        raise DataError(
            "摘录太大", file=file, expected=f"至多 {MAX_EXTRACT_BYTES // 2**20} MB，先裁出上海一带（osmium extract）"
        )
    usual = Allowance.of(file.stat().st_size)
    allowance = Allowance(max(usual.memory_bytes, _MEMORY_BYTES), _ALLOWED_SECONDS, _ALLOWED_SECONDS, 16 * 2**30)
    with read_apart("roads", file, {"kmh": dict(kmh)}, allowance=allowance, progress=progress) as (_, folder):
        return RoadNetwork.read(folder / "network.npz")


def roads_task(file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[..., None]) -> int:
    """Read the ways of a file and leave the network in the working folder; the number of ways."""
    kmh = {str(name): float(value) for name, value in arguments["kmh"].items()}
    _check_whole(file)
    pyogrio = load("osm")
    (folder / "osm.ini").write_text(_CONFIGURATION, encoding="utf-8")
    parts, done = [], 0
    try:
        with pyogrio.open_arrow(
            file, layer="lines", columns=list(WAY_TAGS), batch_size=_BATCH_WAYS, use_pyarrow=True,
            CONFIG_FILE=str(folder / "osm.ini"),
        ) as (meta, reader):  # fmt: skip
            for batch in reader:
                table = batch.to_pandas()
                table = table[table["highway"].isin(list(kmh))]
                lines = shapely.from_wkb(table[meta["geometry_name"] or "wkb_geometry"].to_numpy(object))
                corners, way = shapely.get_coordinates(lines, return_index=True)
                tags = {name: table[name].fillna("").astype(str).tolist() for name in WAY_TAGS}
                if len(corners):
                    parts.append(drivable(tags, corners, np.asarray(way), kmh))
                done += len(table)
                progress(done)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as error:
        raise _unread(file) from error
    if not parts:
        raise DataError("文件里没有能开车的道路", file=file, expected="含道路（highway）的 OpenStreetMap 摘录")
    build_network(join_ways(parts), list(kmh)).save(folder / "network.npz")
    return done


def _unread(file: Path) -> DataError:
    return DataError(
        "摘录读不出来", file=file, cause="文件损坏，或不是 OpenStreetMap 的格式", expected=".osm 或 .osm.pbf"
    )


def _check_whole(file: Path) -> None:
    """Go through a file to its very end: GDAL gives the roads before a cut or damaged place and says nothing of it."""
    try:
        with file.open("rb") as content:
            start = content.read(64)
            content.seek(0)
            if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                _check_xml(content, file)
            elif b"OSMHeader" in start:
                _check_blocks(content)
            else:
                raise _unread(file)
    except DataError:
        raise
    except (expat.ExpatError, zlib.error, struct.error, LookupError, ValueError, EOFError) as error:
        raise DataError(
            "摘录不完整", file=file, expected="整个文件，请再复制或下载一次", cause="没有复制完或下载完，或文件损坏"
        ) from error
    except OSError as error:
        raise _unread(file) from error


def _check_xml(content: BinaryIO, file: Path) -> None:
    """Read XML whose root is `osm`."""
    parser = expat.ParserCreate()

    def root(name: str, _attributes: object) -> None:
        parser.StartElementHandler = None
        if name != "osm":
            raise _unread(file)

    def refuse(*_about: object) -> None:
        raise _unread(file)

    parser.StartElementHandler, parser.EntityDeclHandler = root, refuse
    parser.ParseFile(content)


def _check_blocks(content: BinaryIO) -> None:
    """Read OSM PBF: over and over the length of a head (four bytes), the head, and the block whose length it says."""
    while prefix := content.read(4):
        head = _fields(_exactly(content, struct.unpack(">I", prefix)[0], _HEAD_BYTES))
        block = _fields(_exactly(content, head.get(_SIZE_KEY), _BLOCK_BYTES))
        if _ZLIB_KEY in block:
            packed = zlib.decompressobj()
            packed.decompress(block[_ZLIB_KEY], _BLOCK_BYTES)
            if not packed.eof:
                raise EOFError


def _exactly(content: BinaryIO, size: object, most: int) -> bytes:
    if not isinstance(size, int) or size > most or len(read := content.read(size)) < size:
        raise EOFError
    return read


def _fields(message: bytes) -> dict[int, Any]:
    """Numbers and bytes of a protocol buffer by their key, eight times the field and the kind; no other kinds occur."""
    found: dict[int, Any] = {}
    at = 0

    def number() -> int:
        nonlocal at
        value = 0
        for shift in range(0, 70, 7):
            value |= (message[at] & 127) << shift
            at += 1
            if message[at - 1] < 128:
                return value
        raise EOFError

    while at < len(message):
        key = number()
        found[key] = number()
        if key & 7 == _BYTES:
            found[key], at = message[at : at + found[key]], at + found[key]
        if key & 7 not in (0, _BYTES) or at > len(message):
            raise EOFError
    return found
