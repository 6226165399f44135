"""How our own cost grows with the number of enterprises."""

from collections.abc import Iterator

import numpy as np

from benchmarks import Line, timed
from benchmarks.facets import SELECTION, store
from benchmarks.synthetic import points, texts
from benchmarks.tiles import drawn, each, tiles_at
from geo.index.text import TextIndex
from geo.places.districts import locate_index

SIZES = (10_000, 100_000, 1_000_000, 3_000_000)


def measure(rows: int) -> Iterator[Line]:
    """Measure join, facets, tiles and search at every size up to ``rows``."""
    for n in [size for size in SIZES if size <= rows]:
        lon, lat = points(n)
        yield Line(f"growth: join, {n:,} rows", timed(locate_index, lon, lat))
        ours = store(n)
        yield Line(f"growth: facets, {n:,} rows", timed(ours.facets, SELECTION, repeat=51))
        lut = ours.lookup({})
        for zoom in (9, 14):
            tiles = tiles_at(ours, zoom, 100)
            times = each(drawn(ours, zoom, lut), tiles, 3)
            yield Line(f"growth: tile at zoom {zoom}, 95th percentile, {n:,} rows", float(np.percentile(times, 95)))
        index = TextIndex.build(texts(n))
        yield Line(f"growth: search, {n:,} rows", timed(index.search, "机器人 张江路"))
