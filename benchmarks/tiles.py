"""Encoding one map tile: `geo.index.tiles` beside Datashader, and what lies under a click."""

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import MISSING, Line, peer, timed
from benchmarks.facets import SELECTION, STATED_ROWS, store
from geo.index.facets import FacetIndex
from geo.index.morton import BITS
from geo.index.tiles import Style, encode_tile, warm

STYLE = Style(
    "industry",
    {
        "auto": "#D55E00",
        "electronics": "#0072B2",
        "aviation": "#56B4E9",
        "biomedicine": "#009E73",
        "equipment": "#E69F00",
        "materials": "#CC79A7",
    },
)
ZOOMS = {9: 10.0, 12: None, 14: 2.0, 16: None, 18: None}  # zoom → bound on the 95th percentile [ms]
MOST = 300  # tiles drawn at one zoom
PEER_MOST = 15


def tiles_at(ours: FacetIndex, zoom: int, most: int) -> list[tuple[int, int]]:
    """Some of the tiles that hold a point, at random."""
    shift = np.uint32(BITS - zoom)
    occupied = np.unique(np.column_stack([ours.x >> shift, ours.y >> shift]), axis=0)
    picked = np.random.default_rng(zoom).permutation(len(occupied))[:most]
    return [(int(x), int(y)) for x, y in occupied[picked]]


def drawn(ours: FacetIndex, zoom: int, lut: NDArray[np.uint8]) -> Callable[[int, int], bytes]:
    """Our own way from column and row of a tile to its image."""

    def draw(x: int, y: int) -> bytes:
        return encode_tile(ours, zoom, x, y, lut, STYLE)

    return draw


def each(work: Callable[[int, int], object], tiles: list[tuple[int, int]], repeat: int) -> NDArray[np.float64]:
    """Wall time of each tile [ms]."""
    work(*tiles[0])
    times = []
    for x, y in tiles * repeat:
        start = time.perf_counter()
        work(x, y)
        times.append(time.perf_counter() - start)
    return np.array(times) * 1e3


def by_datashader(ours: FacetIndex) -> Callable[[int, int, int], bytes] | None:
    """Draw with Datashader from a table of web-mercator positions; None when it is not installed."""
    datashader = peer("datashader")
    transfer: Any = peer("datashader.transfer_functions")
    if datashader is None or transfer is None:
        return None
    table = pd.DataFrame({"x": ours.x.astype(np.float32), "y": ours.y.astype(np.float32)})

    def draw(zoom: int, x: int, y: int) -> bytes:
        side = 1 << (BITS - zoom)
        canvas = datashader.Canvas(256, 256, (x * side, (x + 1) * side), (y * side, (y + 1) * side))
        image = transfer.shade(canvas.points(table, "x", "y"), cmap=["#c6dbef", "#08468c"], how="log")
        file = io.BytesIO()
        image.to_pil().save(file, "PNG")
        return file.getvalue()

    return draw


def measure(rows: int) -> Iterator[Line]:
    """Measure tiles at five zooms, with and without a filter, and a click."""
    warm()
    ours = store(rows)
    everything, selected = ours.lookup({}), ours.lookup(SELECTION)
    shader = by_datashader(ours)
    for zoom, bound in ZOOMS.items():
        tiles = tiles_at(ours, zoom, MOST)
        repeat = max(1, 60 // len(tiles))
        for name, lut in (("all", everything), ("filtered", selected)):
            times = each(drawn(ours, zoom, lut), tiles, repeat)
            peers: dict[str, float | str] = {}
            if name == "all" and bound is not None:
                peers["datashader"] = MISSING
                if shader is not None:
                    slow = each(partial(shader, zoom), tiles[:PEER_MOST], 1)
                    peers["datashader"] = float(np.percentile(slow, 50))
            what = f"a tile at zoom {zoom}, {name}, {rows:,} rows"
            floor = {"datashader": 10.0} if peers and rows >= STATED_ROWS else {}
            yield Line(f"{what}, median", float(np.percentile(times, 50)), peers=peers, at_least=floor)
            yield Line(f"{what}, 95th percentile", float(np.percentile(times, 95)), at_most=bound)
    click = timed(lambda: ours.near(121.47, 31.23, 8, 14, SELECTION), repeat=51)
    yield Line(f"what lies under a click, {rows:,} rows", click, at_most=ZOOMS[14])
