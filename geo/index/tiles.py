"""Map tiles of millions of points, as PNG images.

Far out a tile shows how many enterprises stand in each small square, in five classes of one hue. Close up
each enterprise is a round mark with a white rim in the colour of its industry. Marks that reach over the
edge are drawn in both tiles, in the same order, so no seam shows.
"""

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from geo.errors import DataError
from geo.index.facets import FacetIndex
from geo.index.jit import kernel
from geo.index.morton import BITS, TILE_BITS, window_ranges

COMPRESSION_LEVEL: Final = 1
"""Of Intel's ISA-L: a third to a quarter of the time of zlib's fastest level, and fewer bytes, at every zoom."""


@kernel()
def _filter_rows(packed):  # type: ignore[no-untyped-def]  # numba infers the types
    """Put the filter byte before each row: `Up` for a row like the one above, else `None`."""
    height, width = packed.shape
    out = np.zeros((height, width + 1), np.uint8)
    for row in range(height):
        same = row > 0
        for k in range(width):
            if not same:
                break
            same = packed[row, k] == packed[row - 1, k]
        if same:
            out[row, 0] = 2
        else:
            out[row, 1:] = packed[row]
    return out


def write_png(image: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Encode an indexed image.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width)
        Positions in the palette; the width is even.
    palette : ndarray of uint8, shape (colours, 4)
        Red, green, blue, opacity; up to 16 colours take half the bytes.

    Returns
    -------
    bytes
        A PNG file (ISO/IEC 15948).
    """
    height, width = image.shape
    depth = 4 if len(palette) <= 16 else 8
    packed = (image[:, ::2] << 4) | image[:, 1::2] if depth == 4 else image
    data = isal_zlib.compress(_filter_rows(packed), COMPRESSION_LEVEL)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", data),
        (b"IEND", b""),
    )
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in chunks:
        parts += [struct.pack(">I", len(body)), kind, body, struct.pack(">I", isal_zlib.crc32(kind + body))]
    return b"".join(parts)


SIDE: Final = 256  # [px]
MAX_ZOOM: Final = 22
DENSITY_CLASSES: Final = 5
FILL: Final = 3.0  # [px] radius of a mark without its rim
RIM: Final = 1.0  # [px]
MARK_REACH_PIXELS: Final = 4  # [px] from the middle of a mark to the last pixel it may touch
CROWD_PIXELS: Final = 4  # [px] side of the squares of which only the topmost mark is drawn; divides the tile
TILE_MARGIN_PIXELS: Final = (
    MARK_REACH_PIXELS + CROWD_PIXELS
)  # [px] around the tile from which marks are read: whole squares
BLUES: Final = ("#c6dbef", "#8fbfdf", "#5298c9", "#2270b2", "#08468c")
WHITE_STEPS: Final = 3  # palette entries of the rim: two of its soft edge, then full white
TINTS: Final = 3  # palette entries of a colour: two of its blend with the rim, then the full colour
DOTS: Final = 8  # dark dots on the rim of a mark that is drawn dotted
DARK: Final = "#374151"

_kernel = kernel()


@dataclass(frozen=True)
class Style:
    """How the tiles look.

    Parameters
    ----------
    colour_by : str
        Dimension of the store that colours the marks.
    colours : mapping of str to str
        Category → ``#rrggbb``; a category without a colour has ``other``.
    other : str
    faint_by : str
        Dimension that makes marks half transparent, or empty.
    faint : collection of str
        Categories of ``faint_by`` that are drawn half transparent.
    dotted_by : str
        Dimension that gives marks a dotted rim, or empty.
    dotted : collection of str
        Categories of ``dotted_by`` whose rim is dotted.
    ramp : tuple of str
        Five colours of the density, from few to many.
    breaks : tuple of int
        Least count of each of the five classes; from `log_breaks` when empty.
    marks_from : int
        First zoom with single marks; from `mark_zoom` when negative.
    square : int
        Side of a density square: 1, 2 or 4 [px].
    """

    colour_by: str
    colours: Mapping[str, str]
    other: str = "#6b7280"
    faint_by: str = ""
    faint: Collection[str] = field(default=())
    dotted_by: str = ""
    dotted: Collection[str] = field(default=())
    ramp: tuple[str, ...] = BLUES
    breaks: tuple[int, ...] = ()
    marks_from: int = -1
    square: int = 2


def mark_zoom(store: FacetIndex, crowd: int = 150) -> int:
    """First zoom at which the occupied tiles hold no more than ``crowd`` points on average.

    Examples
    --------
    >>> mark_zoom(FacetIndex.build([121.5, 121.6], [31.2, 31.2], {}))
    0
    """
    for zoom in range(MAX_ZOOM):
        if store.placed <= crowd * int(store.crowding[zoom, 0]):
            return zoom
    return 0 if store.placed == 0 else MAX_ZOOM


def log_breaks(store: FacetIndex, z: int, square: int = 2) -> tuple[int, ...]:
    """Least count of each of the five density classes at a zoom, evenly spaced in the logarithm.

    The same for every tile and filter: from one point to the fullest square of the whole store.

    Examples
    --------
    >>> log_breaks(FacetIndex.build([121.5] * 10_000, [31.2] * 10_000, {}), 10)
    (1, 6, 40, 251, 1585)
    """
    level = min(z + TILE_BITS - (square.bit_length() - 1), BITS)
    most = max(int(store.crowding[level, 1]), 1)
    breaks = [1]
    for k in range(1, DENSITY_CLASSES):
        breaks.append(max(round(most ** (k / DENSITY_CLASSES)), breaks[-1] + 1))
    return tuple(breaks)


@_kernel
def _count(x, y, codes, rows, first, last, lut, keep, shift, mask, grid):  # type: ignore[no-untyped-def]
    """Count the selected points of one tile into its squares."""
    if len(keep) == 0:  # added without a branch: what a filter drops is not predictable
        for i in range(first, last):
            grid[(y[i] >> shift) & mask, (x[i] >> shift) & mask] += lut[codes[i]]
    else:
        for i in range(first, last):
            grid[(y[i] >> shift) & mask, (x[i] >> shift) & mask] += lut[codes[i]] & keep[rows[i]]


@_kernel
def _classify(grid, breaks, square, image):  # type: ignore[no-untyped-def]
    """Paint the class of each square; returns whether any is painted."""
    painted = False
    for row in range(len(grid)):
        for column in range(len(grid)):
            n = grid[row, column]
            if n > 0:
                value = 0
                for k in range(len(breaks)):
                    value += n >= breaks[k]
                painted |= value > 0
                for dy in range(square):
                    for dx in range(square):
                        image[row * square + dy, column * square + dx] = value
    return painted


@_kernel
def _stamp_marks(x, y, codes, rows, runs, lut, keep, tints, dotted, fingerprints, west, north, shift, image):  # type: ignore[no-untyped-def]
    """Draw marks from the topmost down, each pixel once; returns whether any pixel is painted.

    Of the marks in one small square only the topmost is drawn, in this tile as in its neighbours.
    ``fingerprints`` are the plain and the dotted mark: 0 outside, 1 … 3 for the rim, 4 … 6 for its dots, then the fill, to
    which ``tints`` is added.
    """
    side = len(image)
    reach = fingerprints.shape[1] // 2
    taken = np.zeros(
        ((side + 2 * TILE_MARGIN_PIXELS) // CROWD_PIXELS, (side + 2 * TILE_MARGIN_PIXELS) // CROWD_PIXELS), np.bool_
    )
    painted = False
    for r in range(len(runs) - 1, -1, -1):
        for i in range(runs[r, 1] - 1, runs[r, 0] - 1, -1):
            if not lut[codes[i]] or (len(keep) > 0 and not keep[rows[i]]):
                continue
            dx, dy = np.int64(x[i]) - west, np.int64(y[i]) - north
            column = dx >> shift if shift >= 0 else dx << -shift
            row = dy >> shift if shift >= 0 else dy << -shift
            if not (
                -TILE_MARGIN_PIXELS <= column < side + TILE_MARGIN_PIXELS
                and -TILE_MARGIN_PIXELS <= row < side + TILE_MARGIN_PIXELS
            ):
                continue
            square = (row + TILE_MARGIN_PIXELS) // CROWD_PIXELS, (column + TILE_MARGIN_PIXELS) // CROWD_PIXELS
            if taken[square]:
                continue
            taken[square] = True
            tint = tints[codes[i]]
            kind = 1 if dotted[codes[i]] else 0
            for v in range(max(0, reach - row), min(fingerprints.shape[1], side + reach - row)):
                for u in range(max(0, reach - column), min(fingerprints.shape[2], side + reach - column)):
                    value = fingerprints[kind, v, u]
                    if value > 0:
                        below = image[row - reach + v, column - reach + u]
                        if below == 0 or (below < 3 <= value):
                            image[row - reach + v, column - reach + u] = value if value <= 6 else value + tint
                            painted = True
    return painted


@cache
def empty_tile() -> bytes:
    """A tile with nothing on it, the same object each time."""
    return write_png(np.zeros((SIDE, SIDE), np.uint8), np.zeros((1, 4), np.uint8))


def _rgb(colour: str) -> NDArray[np.float64]:
    try:
        return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)], dtype=np.float64)
    except ValueError as error:
        raise DataError("颜色写法不对", value=colour, expected="#rrggbb") from error


def _mark_stamps() -> NDArray[np.uint8]:
    """Round mark of fill and rim, plain and with a dotted rim: the coverage of each pixel in steps, of 8 × 8 samples."""
    samples = (np.arange((2 * MARK_REACH_PIXELS + 1) * 8) + 0.5) / 8 - (MARK_REACH_PIXELS + 0.5)
    distance = np.hypot(samples[:, None], samples[None, :]).reshape(2 * MARK_REACH_PIXELS + 1, 8, -1, 8)
    fill = (distance <= FILL).mean(axis=(1, 3))
    whole = (distance <= FILL + RIM).mean(axis=(1, 3))
    rim = np.rint(whole * WHITE_STEPS).astype(np.uint8)
    tint = np.rint(fill * TINTS).astype(np.uint8)
    across = np.arange(2 * MARK_REACH_PIXELS + 1) - MARK_REACH_PIXELS
    turn = np.arctan2(across[:, None], across[None, :]) / (2 * np.pi) * DOTS
    dots = np.where((np.rint(2 * turn) % 2 == 0) & (rim > 0), WHITE_STEPS + rim, rim)
    fill = 2 * WHITE_STEPS + tint
    return np.stack([np.where(tint > 0, fill, edge) for edge in (rim, dots)]).astype(np.uint8)


_STAMPS: Final = _mark_stamps()


def _mark_palette(store: FacetIndex, style: Style) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_]]:
    """Palette of the marks, and for each combination of the store where its colour begins and if its rim is dotted."""
    names = list(store.dimensions)
    for name in {style.colour_by, style.faint_by or style.colour_by, style.dotted_by or style.colour_by}:
        if name not in store.dimensions or store.dimensions[name].multiple:
            raise DataError("没有这一维度", value=name, expected="、".join(names))
    categories = store.dimensions[style.colour_by].categories
    used = list(dict.fromkeys([style.colours.get(c, style.other) for c in categories]))
    if 1 + 2 * WHITE_STEPS + 2 * TINTS * len(used) > 256:
        raise DataError("颜色过多", value=len(used), expected="不超过 41 种")
    white = np.full(3, 255.0)
    edges = (white, _rgb(DARK))
    palette = [
        np.zeros(4),
        *(np.append(edge, 255 * (k + 1) / WHITE_STEPS) for edge in edges for k in range(WHITE_STEPS)),
    ]
    for opacity in (255, 128) if style.faint_by else (255,):
        for colour in map(_rgb, used):
            for k in range(1, TINTS + 1):
                palette.append(np.append(white + (colour - white) * k / TINTS, opacity))
    colour_of = np.array([used.index(style.colours.get(c, style.other)) for c in categories], dtype=np.int64)
    tints = colour_of[store.members[:, names.index(style.colour_by)]] * TINTS
    if style.faint_by:
        faint = np.array([c in style.faint for c in store.dimensions[style.faint_by].categories])
        tints += faint[store.members[:, names.index(style.faint_by)]] * len(used) * TINTS
    dotted = np.zeros(len(store.members), np.bool_)
    if style.dotted_by:
        known = np.array([c in style.dotted for c in store.dimensions[style.dotted_by].categories])
        dotted = known[store.members[:, names.index(style.dotted_by)]]
    return np.rint(palette).astype(np.uint8), tints.astype(np.uint8), dotted


def encode_tile(
    store: FacetIndex,
    z: int,
    x: int,
    y: int,
    lut: NDArray[np.uint8],
    style: Style,
    keep: NDArray[np.bool_] | None = None,
) -> bytes:
    r"""Draw one XYZ tile.

    Parameters
    ----------
    store : FacetIndex
    z, x, y : int
        Zoom 0 … 22, column and row of the tile.
    lut : ndarray of uint8
        Which combinations are drawn: `FacetIndex.lookup` of the selection.
    style : Style
    keep : ndarray of bool, shape (store.size,), optional
        Rows that also pass another filter, such as a text search.

    Returns
    -------
    bytes
        PNG, 256 × 256, transparent where nothing stands; `empty_tile()` itself when there is nothing at all.

    Raises
    ------
    DataError
        If there is no such tile, or the style names no dimension of the store.

    Examples
    --------
    >>> store = FacetIndex.build([121.5], [31.2], {"industry": ([0], ["auto"])})
    >>> style = Style("industry", {"auto": "#d55e00"})
    >>> encode_tile(store, 10, 0, 0, store.lookup({}), style) is empty_tile()
    True
    >>> encode_tile(store, 10, 857, 418, store.lookup({}), style)[:4]
    b'\x89PNG'
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise DataError("没有这一瓦片", value=f"{z}/{x}/{y}")
    if lut.shape != store.counts.shape:
        raise DataError("筛选表与企业表不符", value=lut.shape, expected=f"{len(store.counts)} 项")
    kept = store.kept(keep)
    image = np.zeros((SIDE, SIDE), np.uint8)
    shift = BITS - TILE_BITS - z
    if z >= (style.marks_from if style.marks_from >= 0 else mark_zoom(store)):
        west, north = x << (BITS - z), y << (BITS - z)
        width = 1 << (BITS - z)
        margin = TILE_MARGIN_PIXELS << shift if shift >= 0 else -(-TILE_MARGIN_PIXELS >> -shift)
        last = width - 1 + margin
        runs = window_ranges(store.x, store.y, west - margin, north - margin, west + last, north + last)
        if not len(runs):
            return empty_tile()
        palette, tints, dotted = _mark_palette(store, style)
        columns = (store.x, store.y, store.codes, store.rows)
        if not _stamp_marks(*columns, runs, lut, kept, tints, dotted, _STAMPS, west, north, shift, image):
            return empty_tile()
        return write_png(image, palette)
    inside = store.tile_slice(z, x, y)
    if inside.start == inside.stop:
        return empty_tile()
    halvings = style.square.bit_length() - 1
    cells = SIDE >> halvings
    grid = np.zeros((cells, cells), np.int32)
    columns = (store.x, store.y, store.codes, store.rows)
    low, mask = np.uint32(max(shift + halvings, 0)), np.uint32(cells - 1)
    _count(*columns, inside.start, inside.stop, lut, kept, low, mask, grid)
    breaks = np.array(style.breaks or log_breaks(store, z, style.square), dtype=np.int64)
    if not _classify(grid, breaks, style.square, image):
        return empty_tile()
    palette = np.array([[0, 0, 0, 0], *([*_rgb(colour), 255] for colour in style.ramp)], dtype=np.uint8)
    return write_png(image, palette)


def warm() -> None:
    """Compile every kernel of the tiles (kept on disk beside this file), so that no user waits for it."""
    for side in (1, 257):  # codes of 16 and of 32 bits
        codes = np.arange(side * side)
        values = [str(k) for k in range(side)]
        coded = {"a": (codes // side, values), "b": (codes % side, values)}
        store = FacetIndex.build(np.full(len(codes), 121.5), np.full(len(codes), 31.2), coded)
        for marks_from in (0, 1):
            encode_tile(store, 0, 0, 0, store.lookup({}), Style("a", {}, marks_from=marks_from))
