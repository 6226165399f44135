"""All cross-filtered facet counts of a selection: `geo.index.facets` beside pandas, polars and DuckDB."""

import tempfile
from collections.abc import Iterator
from functools import cache, reduce
from operator import and_
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import MISSING, Line, peer, timed
from benchmarks.synthetic import columns, points
from geo.index.facets import FacetIndex, warm

SELECTION = {"district": ["310115", "310117", "310112"], "industry": ["equipment", "auto"], "recognition": ["none"]}
STATED_ROWS = 3_000_000  # for which the bounds are stated
BOUNDS = {"pandas": 1000, "polars": 200}
SINGLE = ("district", "zone", "industry", "evidence")


@cache
def store(rows: int) -> FacetIndex:
    """Build the store of the synthetic registry."""
    return FacetIndex.build(*points(rows), columns(rows), multiple=["recognition"])


def wanted(name: str) -> list[int]:
    """Positions of the categories that the selection wants in a dimension."""
    return [columns(1000)[name][1].index(value) for value in SELECTION[name]]


def bits() -> int:
    """Bits of the recognitions that the selection wants."""
    return sum(1 << k for k in wanted("recognition"))


def by_pandas(table: pd.DataFrame) -> dict[str, list[int]]:
    """Count with pandas over categorical columns and a column of bits."""
    masks = {name: table[name].cat.codes.isin(wanted(name)) for name in SINGLE if name in SELECTION}
    masks["recognition"] = (table["recognition"] & bits()) != 0
    counts = {}
    for name in (*SINGLE, "recognition"):
        rows = table[reduce(and_, [mask for other, mask in masks.items() if other != name])]
        if name == "recognition":
            counts[name] = [int(((rows[name] & (1 << k)) != 0).sum()) for k in range(8)]
        else:
            counts[name] = rows[name].value_counts(sort=False).tolist()
    return counts


def by_polars(pl: Any, frame: Any) -> list[Any]:
    """Count with polars, all facets in one lazy plan."""
    masks = {name: pl.col(name).is_in(wanted(name)) for name in SINGLE if name in SELECTION}
    masks["recognition"] = (pl.col("recognition") & bits()) != 0
    plans = []
    for name in (*SINGLE, "recognition"):
        rows = frame.lazy().filter(reduce(and_, [mask for other, mask in masks.items() if other != name]))
        if name == "recognition":
            plans.append(rows.select(*(((pl.col(name) & (1 << k)) != 0).sum().alias(str(k)) for k in range(8))))
        else:
            plans.append(rows.group_by(name).len())
    return list(pl.collect_all(plans))


def by_duckdb(connection: Any) -> list[Any]:
    """Count with DuckDB, one query for each facet."""
    masks = {name: f"{name} IN ({','.join(map(str, wanted(name)))})" for name in SINGLE if name in SELECTION}
    masks["recognition"] = f"(recognition & {bits()}) != 0"
    answers = []
    for name in (*SINGLE, "recognition"):
        where = " AND ".join(mask for other, mask in masks.items() if other != name)
        if name == "recognition":
            sums = ", ".join(f"count(*) FILTER ((recognition & {1 << k}) != 0)" for k in range(8))
            answers.append(connection.execute(f"SELECT {sums} FROM registry WHERE {where}").fetchall())
        else:
            query = f"SELECT {name}, count(*) FROM registry WHERE {where} GROUP BY {name}"
            answers.append(connection.execute(query).fetchall())
    return answers


def measure(rows: int) -> Iterator[Line]:
    """Measure facets, the count, the mask, the memory and the disk."""
    warm()
    ours = store(rows)
    coded = columns(rows)
    small = {name: codes.astype(np.int16) for name, (codes, _) in coded.items()}
    table = pd.DataFrame({name: pd.Categorical.from_codes(small[name], coded[name][1]) for name in SINGLE})
    table["recognition"] = small["recognition"]
    if {name: counts.tolist() for name, counts in ours.facets(SELECTION).items()} != by_pandas(table):
        raise AssertionError("the store and pandas count differently")
    peers: dict[str, float | str] = {"pandas": timed(lambda: by_pandas(table), repeat=5)}
    pl = peer("polars")
    if pl is None:
        peers["polars"] = MISSING
    else:
        frame = pl.DataFrame(small)
        peers["polars"] = timed(lambda: by_polars(pl, frame), repeat=7)
    duckdb = peer("duckdb")
    if duckdb is None:
        peers["duckdb"] = MISSING
    else:
        connection = duckdb.connect()
        connection.register("small", pd.DataFrame(small))
        connection.execute("CREATE TABLE registry AS SELECT * FROM small")
        peers["duckdb"] = timed(lambda: by_duckdb(connection), repeat=7)
    what = f"all cross-filtered facets, {rows:,} rows"
    figure = timed(lambda: ours.facets(SELECTION), repeat=101)
    yield Line(what, figure, peers=peers, at_least=BOUNDS if rows >= STATED_ROWS else {}, at_most=1)
    keep = np.random.default_rng(1).random(rows) < 0.1
    yield Line(f"… under a text filter too, {rows:,} rows", timed(lambda: ours.facets(SELECTION, keep)))
    yield Line(f"count of a selection, {rows:,} rows", timed(lambda: ours.count(SELECTION), repeat=101), at_most=1)
    yield Line(f"mask of a selection, {rows:,} rows", timed(lambda: ours.mask(SELECTION)))
    yield Line(f"memory of the store, {rows:,} rows", ours.nbytes / rows, "bytes per row", at_most=120)
    with tempfile.TemporaryDirectory() as directory:
        ours.save(Path(directory) / "store")
        yield Line("opening the store from disk", timed(lambda: FacetIndex.open(Path(directory) / "store"), repeat=3))
    build = timed(lambda: FacetIndex.build(*points(rows), coded, multiple=["recognition"]), repeat=1)
    yield Line(f"building the store, {rows:,} rows", build)
