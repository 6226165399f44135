"""A large table of enterprises kept on disk as Arrow columns, which are read as they are used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.enterprises import COLUMNS, NUMERIC, canonical
from geo.errors import DataError

STAMP: Final = b"stamp"
AGAIN: Final = "请重新生成"


def groups_of(source: Path, told: Callable[[float], None]) -> Iterator[pd.DataFrame]:
    """The rows of a Parquet file, one group of rows after the other, in canonical columns without the geometry.

    The geometry follows from `lon` and `lat`.  `told` is given the share that has been read, 0 to 1.
    """
    with pq.ParquetFile(source) as file:
        names = [name for name in file.schema_arrow.names if name != "geometry"]
        for number in range(file.num_row_groups):
            told(number / file.num_row_groups)
            yield canonical(file.read_row_group(number, columns=names).to_pandas(split_blocks=True))
        if not file.num_row_groups:
            yield canonical(file.schema_arrow.empty_table().select(names).to_pandas())


def write_table(source: Path, target: Path, stamp: str, told: Callable[[float], None]) -> None:
    """Write the canonical columns of a Parquet file to an Arrow file, which appears whole or not at all.

    Each column is written in one piece: a few rows are then taken from it without all its pieces being joined first.

    Parameters
    ----------
    source : Path
        Enterprises as `import` and `demo` write them.
    target : Path
        The Arrow file; its folder is made when missing.
    stamp : str
        What `open_table` has to be given to open it.
    told : callable
        Given the share that is done, 0 to 1.

    Raises
    ------
    OSError
        When the file cannot be written, or the source not be read.
    ValueError
        When the source is no table of enterprises.
    """
    schema = _schema(pq.read_schema(source)).with_metadata({STAMP: stamp.encode()})
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        groups = groups_of(source, lambda done: told(0.5 * done))
        table = pa.concat_tables(pa.Table.from_pandas(group, schema, preserve_index=False) for group in groups)
        columns: list[pa.Array] = []
        for name in schema.names:
            told(0.5 + 0.25 * len(columns) / len(schema))
            columns.append(table[name].combine_chunks())
            table = table.drop_columns(name)  # never a column more than once in memory
        told(0.75)
        with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            writer.write_batch(pa.record_batch(columns, schema=schema))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def open_table(path: Path, stamp: str) -> pd.DataFrame:
    """Open what `write_table` wrote; its texts stay on disk and are read as they are used.

    Returns
    -------
    DataFrame
        Canonical columns without the geometry.

    Raises
    ------
    DataError
        If the file is missing, damaged, or of another source.
    """
    try:
        with pa.memory_map(str(path)) as mapped:
            table = pa.ipc.open_file(mapped).read_all()
        table.validate()
    except (OSError, pa.ArrowException) as error:
        raise DataError("存储无法读取", file=path, cause=AGAIN) from error
    if (table.schema.metadata or {}).get(STAMP) != stamp.encode():
        raise DataError("存储来自另一份企业表", file=path, expected=stamp, cause=AGAIN)
    frame: pd.DataFrame = table.to_pandas(split_blocks=True)
    return frame


def _schema(source: pa.Schema) -> pa.Schema:
    """The columns that `canonical` makes of a table with the columns of `source`."""
    known = {field.name: field.type for field in source if field.name != "geometry"}
    numbers = {name: known.get(name, pa.null()) for name in NUMERIC}
    names = [*COLUMNS, *(name for name in known if name not in COLUMNS)]
    return pa.schema((name, numbers.get(name) or _kept(known.get(name))) for name in names)


def _kept(kind: pa.DataType | None) -> pa.DataType:
    """Text as pandas holds it, so that nothing has to be converted."""
    return pa.large_string() if kind is None or pa.types.is_string(kind) else kind
