"""Words in names and addresses: `geo.index.text` beside pandas, PyArrow, polars and DuckDB."""

from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks import MISSING, Line, peer, timed
from benchmarks.facets import store
from benchmarks.synthetic import texts
from geo.index.text import TextIndex, plain, warm

QUERIES = {
    "a trade": "机器人",
    "a road": "环湖西二路",
    "nothing": "没有的词",
    "every row": "上海",
    "two words": "机器人 张江路",
}
BOUND = 300.0  # [ms]


def by_pandas(series: pd.Series, words: list[str]) -> NDArray[np.bool_]:
    """Search with pandas, strings held by Arrow."""
    return np.asarray(reduce(and_, [series.str.contains(word, regex=False) for word in words]))


def by_pyarrow(folded: Any, words: list[str]) -> Any:
    """Search with PyArrow's kernel."""
    return reduce(pc.and_, [pc.match_substring(folded, word) for word in words])


def by_polars(column: Any, words: list[str]) -> Any:
    """Search with polars."""
    return reduce(and_, [column.str.contains(word, literal=True) for word in words])


def by_duckdb(connection: Any, words: list[str]) -> Any:
    """Search with DuckDB; it counts the rows instead of listing them."""
    where = " AND ".join(["contains(t, ?)"] * len(words))
    return connection.execute(f"SELECT count(*) FROM texts WHERE {where}", words).fetchall()


def measure(rows: int) -> Iterator[Line]:
    """Measure five queries, the memory and the build."""
    warm()
    names, places = texts(rows)
    index = TextIndex.build([names, places])
    folded = pa.array([plain(f"{name}\n{place}") for name, place in zip(names, places, strict=True)], pa.large_string())
    series = pd.Series(pd.array(folded, dtype="string[pyarrow]"))
    pl, duckdb = peer("polars"), peer("duckdb")
    column = pl.Series("t", folded) if pl else None
    connection = duckdb.connect() if duckdb else None
    if connection:
        connection.register("folded", pa.table({"t": folded}))
        connection.execute("CREATE TABLE texts AS SELECT t FROM folded")
    for name, query in QUERIES.items():
        words = query.split()
        peers: dict[str, float | str] = {
            "pandas": timed(by_pandas, series, words, repeat=2),
            "pyarrow": timed(by_pyarrow, folded, words, repeat=2),
            "polars": timed(by_polars, column, words, repeat=2) if pl else MISSING,
            "duckdb": timed(by_duckdb, connection, words, repeat=2) if connection else MISSING,
        }
        found = timed(index.search, query)
        yield Line(f"search for {name}, {rows:,} rows", found, peers=peers, at_most=BOUND)
    yield Line(f"memory of the texts, {rows:,} rows", index.nbytes / rows, "bytes per row")
    both = (index.nbytes + store(rows).nbytes) / rows
    yield Line(f"memory of store and texts, {rows:,} rows", both, "bytes per row", at_most=120)
    build = timed(TextIndex.build, [names, places], repeat=1, warm=False)
    yield Line(f"folding the texts, {rows:,} rows", build)
