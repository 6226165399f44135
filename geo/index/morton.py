"""Web-mercator integers in Morton order: every map tile is one run of neighbouring points.

A position is two integers of 26 bits, the pixels of zoom 18 (EPSG:3857, origin in the north-west, about
0.6 m at the equator). Points sorted by their interleaved bits lie tile by tile at every zoom, so a tile is
found by two binary searches and a window by a few of them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.index.jit import PLAIN_PYTHON_ELEMENTS, kernel

BITS = 26  # bits of a coordinate: 256 = 2**8 pixels per tile at zoom 18
TILE_BITS = 8
MAX_LATITUDE = 85.0511287798066  # [degrees] latitude where the square world of web-mercator ends

_kernel = kernel(PLAIN_PYTHON_ELEMENTS)


def project(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Project WGS-84 degrees to 26-bit web-mercator integers.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees, finite; beyond ±180 and ±85.05 they are held at the edge of the world.

    Returns
    -------
    x, y : ndarray of uint32
        Eastward from 180° W and southward from 85.05° N, 0 … 2**26 - 1.

    Examples
    --------
    >>> x, y = project([-180.0, 0.0, 121.5], [85.0511287798066, 0.0, 31.2])
    >>> x.tolist(), y.tolist()
    ([0, 33554432, 56203673], [0, 33554432, 27427558])
    """
    size = 1 << BITS
    sine = np.sin(np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE)))
    east = (np.asarray(lon, dtype=np.float64) / 360.0 + 0.5) * size
    south = (0.5 - np.arctanh(sine) / (2 * np.pi)) * size
    x, y = (np.clip(np.floor(v), 0, size - 1).astype(np.uint32) for v in (east, south))
    return x, y


@_kernel
def interleave(x, y):  # type: ignore[no-untyped-def]  # numba infers the types
    """Morton number of one position: the bits of x and y in turn."""
    both = np.uint64(0)
    for shift, value in ((0, np.uint64(x)), (1, np.uint64(y))):
        value = (value | (value << np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
        value = (value | (value << np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
        value = (value | (value << np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        value = (value | (value << np.uint64(2))) & np.uint64(0x3333333333333333)
        value = (value | (value << np.uint64(1))) & np.uint64(0x5555555555555555)
        both |= value << np.uint64(shift)
    return both


@_kernel
def keys(x, y):  # type: ignore[no-untyped-def]
    """Morton numbers of many positions, uint64."""
    out = np.empty(len(x), np.uint64)
    for i in range(len(x)):
        out[i] = interleave(x[i], y[i])
    return out


@_kernel
def _first_at(x, y, key, shift, low):  # type: ignore[no-untyped-def]
    """First position from ``low`` on whose Morton number without its last bits reaches the key."""
    high = len(x)
    while low < high:
        middle = (low + high) // 2
        if interleave(x[middle] >> shift, y[middle] >> shift) < key:
            low = middle + 1
        else:
            high = middle
    return low


@_kernel
def tile_range(x, y, zoom, column, row):  # type: ignore[no-untyped-def]
    """First and last (exclusive) position of a tile in the sorted points."""
    shift = np.uint32(BITS - zoom)
    key = interleave(column, row)
    first = _first_at(x, y, key, shift, 0)
    return first, _first_at(x, y, key + np.uint64(1), shift, first)


@_kernel
def window_ranges(x, y, west, north, east, south):  # type: ignore[no-untyped-def]
    """List the runs of positions that hold all points of a window (bounds included), in ascending order.

    The window is covered with tiles of about a quarter of its side, so the runs also hold points outside:
    the caller tests each one.
    """
    edge = (1 << BITS) - 1
    west, north, east, south = max(west, 0), max(north, 0), min(east, edge), min(south, edge)
    if west > east or north > south:
        return np.empty((0, 2), np.int64)
    level = BITS
    while level > 0 and (1 << (BITS - level)) * 4 < max(east - west, south - north):
        level -= 1
    shift = BITS - level
    tiles = np.empty(((south >> shift) - (north >> shift) + 1) * ((east >> shift) - (west >> shift) + 1), np.uint64)
    n = 0
    for row in range(north >> shift, (south >> shift) + 1):
        for column in range(west >> shift, (east >> shift) + 1):
            tiles[n] = interleave(column, row)
            n += 1
    tiles.sort()
    runs = np.empty((n, 2), np.int64)
    used = last = 0
    for key in tiles:
        first = _first_at(x, y, key, np.uint32(shift), last)
        last = _first_at(x, y, key + np.uint64(1), np.uint32(shift), first)
        if last > first:
            if used and runs[used - 1, 1] == first:
                runs[used - 1, 1] = last
            else:
                runs[used, 0], runs[used, 1] = first, last
                used += 1
    return runs[:used].copy()


@_kernel
def crowding(x, y):  # type: ignore[no-untyped-def]
    """Occupied tiles and most points in one tile, for every zoom 0 … 26; int64 (27, 2)."""
    out = np.zeros((BITS + 1, 2), np.int64)
    for zoom in range(BITS + 1):
        shift = np.uint32(BITS - zoom)
        start = 0
        for i in range(1, len(x) + 1):
            if i == len(x) or x[i] >> shift != x[start] >> shift or y[i] >> shift != y[start] >> shift:
                out[zoom, 0] += 1
                out[zoom, 1] = max(out[zoom, 1], i - start)
                start = i
    return out


@_kernel
def within(x, y, codes, rows, runs, lut, keep, east, south, radius):  # type: ignore[no-untyped-def]
    """List the rows within a radius and their squared distances; ``keep`` has no row or all of them."""
    size = 0
    for r in range(len(runs)):
        size += runs[r, 1] - runs[r, 0]
    found, distances = np.empty(size, np.int64), np.empty(size)
    n = 0
    for r in range(len(runs)):
        for i in range(runs[r, 0], runs[r, 1]):
            distance = (x[i] + 0.5 - east) ** 2 + (y[i] + 0.5 - south) ** 2
            if distance <= radius * radius and lut[codes[i]] and (len(keep) == 0 or keep[rows[i]]):
                found[n], distances[n] = rows[i], distance
                n += 1
    return found[:n].copy(), distances[:n].copy()
