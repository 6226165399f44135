"""A base map in one file: PMTiles or MBTiles, pictures or vectors, read a tile at a time and never written."""

import html
import json
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pmtiles.reader import Reader
from pmtiles.tile import Compression, MagicNumberNotFound, TileType

from geo.errors import DataError
from layers.tile_source import ARCHIVE_SUFFIXES, DEEPEST_ZOOM

MAX_TOLD_CHARACTERS: Final = 300
MAX_VECTOR_LAYERS: Final = 60

_SIGNS: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"\x1f\x8b": "gzip",
}
_BROKEN: Final = (
    *(OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, IndexError),
    *(OverflowError, MemoryError, RecursionError),  # lengths and depths that the file only claims
    *(struct.error, sqlite3.Error, zlib.error, MagicNumberNotFound),
)
_TAG: Final = re.compile(r"<[^>]*>")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class TileArchive:
    """What a file of tiles says of itself.

    Parameters
    ----------
    path : Path
    vector : bool
        Vectors, not pictures.
    attribution : str
        Whom it is from, as plain text; empty when it does not say.
    min_zoom, max_zoom : int
    bounds : tuple of float
        West, south, east, north [degrees, in the datum of its tiles].
    layers : tuple of str
        Names of the layers of its vectors, as far as it says.
    """

    path: Path
    vector: bool
    attribution: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    layers: tuple[str, ...] = ()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile as it stands in the file, `y` counted from the north; None when there is none.

        Raises
        ------
        DataError
            When the file cannot be read.
        """
        with _readable(self.path):
            if self.path.suffix.lower() == ".pmtiles":
                return _pmtiles(self.path).get(z, x, y) or None
            with closing(_mbtiles(self.path)) as connection:
                row = connection.execute(
                    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                    (z, x, (1 << z) - 1 - y),  # MBTiles counts rows from the south
                ).fetchone()
            return bytes(row[0]) if row and row[0] else None

    def covers(self, south_west: list[float], north_east: list[float]) -> bool:
        """Whether any of it lies between two corners [lat, lon]."""
        west, south, east, north = self.bounds
        return west < north_east[1] and east > south_west[1] and south < north_east[0] and north > south_west[0]


def open_archive(path: Path) -> TileArchive:
    """Read what a file of tiles says of itself.

    Raises
    ------
    DataError
        When it is not there, or neither PMTiles nor MBTiles that a browser could show.
    """
    with _readable(path):
        changed = path.stat()
    return _open(path, changed.st_mtime_ns, changed.st_size)


def media_type(tile: bytes) -> str:
    r"""Media type of a tile by its first bytes, ``gzip`` when it is packed; empty for what is no picture.

    Examples
    --------
    >>> media_type(b"\xff\xd8\xff\xe0"), media_type(b"<script>")
    ('image/jpeg', '')
    """
    return next((known for sign, known in _SIGNS.items() if tile.startswith(sign)), "")


@lru_cache(maxsize=32)
def _open(path: Path, _changed: int, _size: int) -> TileArchive:
    with _readable(path):
        archive = _of_pmtiles(path) if path.suffix.lower() == ".pmtiles" else _of_mbtiles(path)
    west, south, east, north = archive.bounds
    zooms = 0 <= archive.min_zoom <= archive.max_zoom <= DEEPEST_ZOOM
    if not (zooms and -180.1 <= west < east <= 180.1 and -90.1 <= south < north <= 90.1):
        raise DataError("底图文件的范围或级别写得不对", file=path, value=(*archive.bounds, archive.max_zoom))
    return archive


def _of_pmtiles(path: Path) -> TileArchive:
    reader = _pmtiles(path)
    header, metadata = reader.header(), reader.metadata()
    kinds = {TileType.MVT: True, TileType.PNG: False, TileType.JPEG: False, TileType.WEBP: False}
    if header["tile_type"] not in kinds or header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
        raise DataError(
            "底图文件里的瓦片认不得", file=path, expected="PNG、JPEG、WebP 图片，或 MVT 矢量（gzip 或不压缩）"
        )
    if header["tile_data_offset"] + header["tile_data_length"] > path.stat().st_size:
        raise DataError("底图文件不完整", file=path, cause="没有复制完或下载完")
    sides = [header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")]
    bounds = (sides[0], sides[1], sides[2], sides[3]) if sides[0] < sides[2] else _WORLD
    return TileArchive(
        path, kinds[header["tile_type"]], _told(metadata.get("attribution")), header["min_zoom"], header["max_zoom"],
        bounds, _layers(metadata),
    )  # fmt: skip


_WORLD: Final[Bounds] = (-180.0, -85.06, 180.0, 85.06)


def _of_mbtiles(path: Path) -> TileArchive:
    with closing(_mbtiles(path)) as connection:
        told = {str(name): str(value) for name, value in connection.execute("SELECT name, value FROM metadata")}
        least, most = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        first = connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
    if least is None or not first:
        raise DataError("底图文件里没有瓦片", file=path)
    known = media_type(bytes(first[0]))
    vector = told.get("format", "").lower() in ("pbf", "mvt") or known == "gzip"
    if not vector and not known.startswith("image/"):
        raise DataError("底图文件里的瓦片认不得", file=path, expected="PNG、JPEG、WebP 图片，或 pbf 矢量")
    sides = [float(side) for side in told.get("bounds", "").split(",") if side.strip()]
    bounds = (sides[0], sides[1], sides[2], sides[3]) if len(sides) == 4 else _WORLD
    metadata = json.loads(told.get("json") or "{}")
    return TileArchive(path, vector, _told(told.get("attribution")), int(least), int(most), bounds, _layers(metadata))


def _layers(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    listed = metadata.get("vector_layers") or []
    return tuple(str(layer["id"])[:MAX_TOLD_CHARACTERS] for layer in listed[:MAX_VECTOR_LAYERS])


def _told(text: object) -> str:
    """Attribution without its markup."""
    bare = html.unescape(_TAG.sub("", str(text or "")[: 10 * MAX_TOLD_CHARACTERS]))
    return "".join(letter for letter in bare if letter.isprintable()).strip()[:MAX_TOLD_CHARACTERS]


def _pmtiles(path: Path) -> Reader:
    def read(offset: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    return Reader(read)


def _mbtiles(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """One sentence for a file that is not there, or not what its name says."""
    try:
        yield
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError("底图文件不在了", file=path) from None
    except _BROKEN as error:
        raise DataError("底图文件读不了", file=path, expected="、".join(ARCHIVE_SUFFIXES)) from error
