"""Map tiles of points as vectors (Mapbox Vector Tile 2.1), for maps that style the enterprises themselves.

A tile of few points holds each with its properties; one of many holds how many stand in each square of a grid, so that
no tile grows with the number of enterprises.  The format is written here, a message of a few fields: the libraries that
write it need an older protobuf than the pages do, and take points as shapes, one by one.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.index.facets import FacetIndex
from geo.index.morton import BITS

TILE_UNITS: Final = 4096
"""Units of a side of a tile."""

MAX_TILE_POINTS: Final = 1000
"""Points that a tile holds one by one; where more are selected it holds counts."""

GRID_BITS: Final = 5
"""A tile of counts has 2 to this power squares on a side."""

_UNIT_BITS: Final = TILE_UNITS.bit_length() - 1
_VARINT, _LENGTH = 0, 2
_MOVE_TO: Final = (1 << 3) | 1  # once
_POINT: Final = 1

Property = str | int | float | None


class TilePoints(NamedTuple):
    """What a tile holds: `x` and `y` in its units, from the north-west; rows of the table, or counts of squares."""

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]


def tile_points(
    store: FacetIndex, z: int, x: int, y: int, lut: NDArray[np.uint8], keep: NDArray[np.bool_] | None = None
) -> TilePoints:
    """The selected points of a tile, or, where there are more than `MAX_TILE_POINTS`, the counts of its squares.

    Parameters
    ----------
    store : FacetIndex
    z, x, y : int
        Zoom, column and row of the tile.
    lut, keep
        The selection, as for `geo.index.tiles.encode_tile`.

    Raises
    ------
    DataError
        If there is no such tile.

    Examples
    --------
    >>> store = FacetIndex.build([121.5, 121.5], [31.2, 31.2], {})
    >>> tile_points(store, 10, 857, 418, store.lookup({})).rows.tolist()
    [0, 1]
    """
    inside = store.tile_slice(z, x, y)
    chosen = lut[store.codes[inside]].astype(np.bool_)
    if keep is not None:
        chosen &= keep[store.rows[inside]]
    bits = BITS - z
    across = store.x[inside][chosen].astype(np.int64) - (x << bits)
    down = store.y[inside][chosen].astype(np.int64) - (y << bits)
    none = np.zeros(0, np.int64)
    if len(across) <= MAX_TILE_POINTS:
        rows = store.rows[inside][chosen].astype(np.int64)
        order = np.argsort(rows, kind="stable")
        return TilePoints(_scaled(across, bits)[order], _scaled(down, bits)[order], rows[order], none)
    grid = min(GRID_BITS, bits)
    squares = (down >> (bits - grid) << grid) | (across >> (bits - grid))
    counts = np.bincount(squares, minlength=1 << 2 * grid)
    filled = np.flatnonzero(counts)
    side = TILE_UNITS >> grid
    middle = side // 2
    return TilePoints(
        (filled & ((1 << grid) - 1)) * side + middle, (filled >> grid) * side + middle, none, counts[filled]
    )


def _scaled(units: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """Units of the finest level within a tile, as units of the tile."""
    return units >> (bits - _UNIT_BITS) if bits >= _UNIT_BITS else units << (_UNIT_BITS - bits)


def encode_points(layer: str, points: TilePoints, properties: Mapping[str, Sequence[Property]]) -> bytes:
    """A tile with one layer of points; no bytes at all where there is none.

    Parameters
    ----------
    layer : str
    points : TilePoints
    properties : mapping of str to sequence
        Name → a value for each point; None and an empty text are left out.

    Examples
    --------
    >>> store = FacetIndex.build([121.5], [31.2], {})
    >>> points = tile_points(store, 10, 857, 418, store.lookup({}))
    >>> len(encode_points("enterprises", points, {"name": ["某公司"]}))
    54
    """
    if not len(points.x):
        return b""
    keys = {name: number for number, name in enumerate(properties)}
    values: dict[tuple[type, Property], int] = {}
    tags: list[list[int]] = [[] for _ in range(len(points.x))]
    for name, column in properties.items():
        for own, value in zip(tags, column, strict=True):
            if value is not None and value != "":
                own += (keys[name], values.setdefault((type(value), value), len(values)))
    features = (
        _field(2, b"".join((_field(2, _varints(own)), _TYPE, _field(4, _varints((_MOVE_TO, 2 * x, 2 * y))))))
        for own, x, y in zip(tags, points.x.tolist(), points.y.tolist(), strict=True)
    )
    body = [
        *(_varint(15 << 3 | _VARINT), _varint(2), _field(1, layer.encode())),
        *features,
        *(_field(3, name.encode()) for name in keys),
        *(_field(4, _value(value)) for _, value in values),
        *(_varint(5 << 3 | _VARINT), _varint(TILE_UNITS)),
    ]
    return _field(3, b"".join(body))


@lru_cache(1 << 14)  # numbers of keys, values and units: few, and each many times
def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _varints(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _value(value: Property) -> bytes:
    """A value of the table of values: text, whole number or real number."""
    if isinstance(value, str):
        return _field(1, value.encode("utf-8", "replace"))
    if isinstance(value, int):
        return _varint(5 << 3 | _VARINT) + _varint(value)
    return _varint(3 << 3 | 1) + struct.pack("<d", value)


_TYPE: Final = _varint(3 << 3 | _VARINT) + _varint(_POINT)
