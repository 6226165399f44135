"""Write a large selection piece by piece: csv and parquet, whole or not at all, in memory that does not grow."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.errors import DataError
from geo.export import export

PIECE: Final = 50_000
PIECEWISE: Final = (".csv", ".parquet")

Progress = Callable[[int, int], None]


def export_pieces(
    enterprises: gpd.GeoDataFrame,
    positions: NDArray[np.int64],
    out: Path,
    *,
    labels: str | None = None,
    progress: Progress | None = None,
    piece: int = PIECE,
) -> None:
    r"""Write some rows of a table to a file that holds what `geo.export.export` would write.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns, EPSG:4326.
    positions : ndarray of int, shape (n,)
        The rows to write, in this order.
    out : Path
        A ``.csv`` or ``.parquet`` file; an older one is replaced once the new one is complete.
    labels : {"zh", "en"}, optional
        As for `geo.export.export`.
    progress : callable, optional
        Called with rows done and rows in all.

    Raises
    ------
    DataError
        When the format cannot be written in pieces, or the file cannot be written.

    Examples
    --------
    >>> from geo.datasets import load_datasets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_pieces(load_datasets().enterprises, np.arange(3), Path(folder) / "a.csv", piece=2)
    ...     (Path(folder) / "a.csv").read_text(encoding="utf-8-sig").count("\n")
    4
    """
    out = Path(out)
    if out.suffix not in PIECEWISE:
        raise DataError("这种格式不能分段导出", value=out.suffix, expected="csv 或 parquet")
    append = _append_csv if out.suffix == ".csv" else _append_parquet
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as folder:
            whole = Path(folder) / f"whole{out.suffix}"
            append(whole, _parts(enterprises, positions, Path(folder), out.suffix, labels, progress, piece))
            whole.replace(out)
    except (OSError, pa.ArrowException) as error:
        raise DataError("导出失败：无法写入", value=out, cause=str(error)[:120]) from error


def _parts(
    enterprises: gpd.GeoDataFrame,
    positions: NDArray[np.int64],
    folder: Path,
    suffix: str,
    labels: str | None,
    progress: Progress | None,
    piece: int,
) -> Iterator[Path]:
    """Files of the pieces, one after the other; each is gone when the next is asked for."""
    for first in range(0, max(len(positions), 1), piece):
        rows = positions[first : first + piece]
        part = folder / f"part{suffix}"
        export(enterprises.iloc[rows], part, labels=labels)
        yield part
        part.unlink()
        if progress:
            progress(first + len(rows), len(positions))


def _append_csv(whole: Path, parts: Iterator[Path]) -> None:
    with whole.open("wb") as target:
        for number, part in enumerate(parts):
            with part.open("rb") as source:
                if number:
                    source.readline()  # the header stands once
                shutil.copyfileobj(source, target)


def _append_parquet(whole: Path, parts: Iterator[Path]) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for part in parts:
            table = pq.read_table(part)
            if writer is None:
                schema = table.schema.with_metadata(_metadata(table.schema.metadata))
                writer = pq.ParquetWriter(whole, schema)
            writer.write_table(table.replace_schema_metadata(schema.metadata).cast(schema))
    finally:
        if writer is not None:
            writer.close()


def _metadata(metadata: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Metadata of the first piece without what holds for that piece alone."""
    head = json.loads(metadata[b"geo"])
    for described in head["columns"].values():
        described.pop("bbox", None)
        described["geometry_types"] = ["Point"]
    return metadata | {b"geo": json.dumps(head).encode()}
