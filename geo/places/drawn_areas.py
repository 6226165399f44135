"""Areas that a user draws or uploads: as text for a link, as polygons, and kept under a name when they are long.

In a link an area is its rings in the encoded polyline format (Google, five decimals, about 1 m), the outer ring first,
rings joined by ``!``.  A longer one is kept in the workspace under the hash of that text, ``area-`` and 16 digits, so
that the same name never means two areas.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.errors import DataError
from geo.files import write_json
from geo.index.point_in_polygon import PolygonIndex
from geo.installation import workspace_dir
from geo.text import visible

LINK_LIMIT: Final = 1200
"""Characters of an area that may stand in a link; a longer one is kept and named."""

MOST_VERTICES: Final = 20_000
AREA_BOUNDS: Final = (115.0, 25.0, 127.0, 37.0)
"""West, south, east, north [degrees]: an area outside is no area of this map."""

_SCALE: Final = 1e5
_KEPT: Final = re.compile(r"area-[0-9a-f]{16}")
_CELLS: Final = 512


def encode(polygon: Polygon) -> str:
    """Text of a polygon, coordinates rounded to five decimals.

    Examples
    --------
    >>> from shapely import box
    >>> encode(box(121.0, 31.0, 121.1, 31.1))
    '_ue|D_jcbV_pR??~oR~oR?'
    >>> decode(encode(box(121.0, 31.0, 121.1, 31.1))).equals(box(121.0, 31.0, 121.1, 31.1))
    True
    """
    return "!".join(_encode_ring(np.asarray(ring.coords)) for ring in (polygon.exterior, *polygon.interiors))


@lru_cache(maxsize=64)
def decode(text: str) -> Polygon:
    """Polygon that a text of a link, or the name of a kept area, stands for.

    Raises
    ------
    DataError
        When it is no area, lies far from here, has too many vertices, or is not kept on this machine.
    """
    if _KEPT.fullmatch(text):
        return decode(load_areas(text)[1])
    if "area-" in text:
        raise DataError("没有这个范围", value=text[:40])
    rings = [np.array(list(_decode_ring(part)), dtype=np.float64).reshape(-1, 2)[:, ::-1] for part in text.split("!")]
    if sum(map(len, rings)) > MOST_VERTICES:
        raise DataError(f"范围的顶点超过 {MOST_VERTICES:,} 个", cause="请先简化")
    west, south, east, north = AREA_BOUNDS
    for ring in rings:
        if len(ring) < 4 or not ((ring >= [west, south]) & (ring <= [east, north])).all():
            raise DataError("范围读不出来", value=text[:40], expected="上海一带的多边形，至少三个顶点")
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid or polygon.area == 0:
        raise DataError("范围的边界自相交", value=text[:40], cause="请重画，使边界不交叉")
    return polygon


@lru_cache(maxsize=64)
def area_km2(text: str) -> float:
    """Area of what `decode` reads [km²], EPSG:32651."""
    return float(gpd.GeoSeries([decode(text)], crs=STORAGE_CRS).to_crs(METRIC_CRS).area.iloc[0] / 1e6)


@lru_cache(maxsize=32)
def _index(text: str) -> PolygonIndex:
    return PolygonIndex([decode(text)], cells=_CELLS)


def inside(text: str, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each point lies in the area or on its border: exact for the rounded vertices (`geo.index.point_in_polygon`).

    Examples
    --------
    >>> from shapely import box
    >>> inside(encode(box(121.0, 31.0, 121.1, 31.1)), np.array([121.05, 121.2, np.nan]), np.full(3, 31.05))
    array([ True, False, False])
    """
    return _index(text).locate_index(lon, lat) == 0


def link_texts(polygons: Sequence[Polygon], name: str = "") -> list[str] | None:
    """Texts of polygons that a link can hold; None when they are too long or have a name, and have to be kept.

    Raises
    ------
    DataError
        When one is no area as in `decode`.
    """
    texts = [encode(polygon) for polygon in polygons]
    for text in texts:
        decode(text)
    return texts if sum(map(len, texts)) <= LINK_LIMIT and not visible(name).split() else None


def save_areas(polygons: Sequence[Polygon], name: str = "") -> list[str]:
    """What stands for polygons in the filters: their texts while these are short, else the names of the kept areas.

    Short ones are kept too when they are given a name.

    Raises
    ------
    DataError
        When one is no area as in `decode`, or cannot be kept.
    """
    texts = link_texts(polygons, name)
    if texts is not None:
        return texts
    texts = [encode(polygon) for polygon in polygons]
    name = " ".join(visible(name).split())[:60]
    folder = workspace_dir() / "areas"
    keys = [_key(text, name) for text in texts]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for key, text in zip(keys, texts, strict=True):
            write_json(folder / f"{key}.json", {"name": name, "area": text})
    except OSError as error:
        raise DataError("范围存不下来", file=folder, cause=error.strerror or str(error)) from error
    return keys


def load_areas(key: str) -> tuple[str, str]:
    """Name and text of a kept area.

    Raises
    ------
    DataError
        When it is not kept on this machine, or not what was kept.
    """
    if not _KEPT.fullmatch(key):
        raise DataError("没有这个范围", value=key[:40])
    file = workspace_dir() / "areas" / f"{key}.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        name, text = str(content["name"]), str(content["area"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("这个范围没有存在这台机器上", value=key, cause="链接来自另一台机器，或已删除") from error
    if key not in (_key(text, name), _key(text)):  # 0.1.0 kept areas under their outline alone
        raise DataError("存下的范围被改动", file=file)
    return name, text


def name_of(text: str) -> str:
    """Name that a user gave an area; empty for none, and where what is kept of it is gone or damaged.

    Examples
    --------
    >>> name_of("_ue|D_jcbV_pR??~oR~oR?")
    ''
    """
    with suppress(DataError):  # whoever reads the area itself says so
        return load_areas(text)[0] if _KEPT.fullmatch(text) else ""
    return ""


def damages() -> list[str]:
    """Which kept areas are not what was kept, a sentence each."""
    found = []
    for file in sorted((workspace_dir() / "areas").glob("area-*.json")):
        try:
            load_areas(file.stem)
        except DataError as error:
            found.append(str(error))
    return found


def _key(text: str, name: str = "") -> str:
    """What stands for a kept area: two people who name one outline differently keep two."""
    kept = f"{text}\0{name}" if name else text
    return f"area-{hashlib.sha256(kept.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _encode_ring(pairs: NDArray[np.float64]) -> str:
    steps = np.rint(pairs[:, 1::-1] * _SCALE).astype(np.int64)
    if len(steps) > 1 and (steps[0] == steps[-1]).all():
        steps = steps[:-1]  # the ring closes itself
    flat = np.diff(steps, axis=0, prepend=0).ravel()
    return "".join(map(_encode_number, flat.tolist()))


def _encode_number(value: int) -> str:
    value = ~(value << 1) if value < 0 else value << 1
    out = ""
    while value >= 0x20:
        out += chr((0x20 | (value & 0x1F)) + 63)
        value >>= 5
    return out + chr(value + 63)


def _decode_ring(text: str) -> Iterator[tuple[float, float]]:
    """Latitude and longitude of each vertex, the first one again at the end."""
    numbers, value, shift = [], 0, 0
    for character in text:
        digit = ord(character) - 63
        if not 0 <= digit < 64 or shift > 30:
            raise DataError("范围读不出来", value=text[:40], expected="编码折线")
        value |= (digit & 0x1F) << shift
        shift += 5
        if digit < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    if shift or len(numbers) % 2 or not numbers:
        raise DataError("范围读不出来", value=text[:40], expected="编码折线")
    steps = np.array(numbers, dtype=np.int64).reshape(-1, 2).cumsum(axis=0) / _SCALE
    yield from [(float(lat), float(lon)) for lat, lon in (*steps, steps[0])]
