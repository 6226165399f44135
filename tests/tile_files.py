"""Tiny base maps in files, made for the tests: one colour a tile, from zoom 8 to 10 around Shanghai."""

import base64
import math
import sqlite3
from contextlib import closing
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

BOUNDS = (120.8, 30.6, 122.3, 31.9)
ZOOMS = (8, 9, 10)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkWPC/HgAEUgJPrwx5gwAAAABJRU5ErkJggg=="
)


def _tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    n = 1 << zoom
    north = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * n), int((1 - north / math.pi) / 2 * n)


def tiles_within(bounds: tuple[float, float, float, float] = BOUNDS) -> list[tuple[int, int, int]]:
    """Zoom, column and row from the north of all tiles that meet a box."""
    west, south, east, north = bounds
    found = []
    for zoom in ZOOMS:
        (left, top), (right, bottom) = _tile_of(west, north, zoom), _tile_of(east, south, zoom)
        found += [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    return found


def write_mbtiles(file: Path, **told: str) -> Path:
    """A raster MBTiles, whose rows are counted from the south."""
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE metadata (name, value)")
        made.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        given = {"format": "png", "bounds": ",".join(map(str, BOUNDS))} | told
        made.executemany("INSERT INTO metadata VALUES (?, ?)", given.items())
        rows = [(z, x, (1 << z) - 1 - y, PIXEL) for z, x, y in tiles_within()]
        made.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return file


def write_pmtiles(file: Path, tile: bytes = PIXEL, kind: TileType = TileType.PNG, **told: object) -> Path:
    """A PMTiles of one tile again and again."""
    header = {
        "tile_type": kind,
        "tile_compression": Compression.NONE,
        "center_zoom": 9,
        **{
            f"{name}_e7": round(value * 1e7)
            for name, value in zip(("min_lon", "min_lat", "max_lon", "max_lat"), BOUNDS, strict=True)
        },
        "center_lon_e7": 1_214_000_000,
        "center_lat_e7": 312_000_000,
    }
    with write(str(file)) as writer:
        for number in sorted(zxy_to_tileid(*place) for place in tiles_within()):
            writer.write_tile(number, tile)
        writer.finalize(header, told)
    return file
