"""A set of enterprises in a folder, as `import` and `demo` write it, opened as the tables behind the pages."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.areas import Areas
from geo.catalog import sha256
from geo.chains import nodes_of
from geo.coding import PRECISION, build_store, build_texts
from geo.compiled import load
from geo.datasets import Datasets, load_datasets
from geo.enterprises import with_points
from geo.errors import DataError
from geo.filters import FACETS, options
from geo.nodes import open_nodes, save_nodes
from geo.placing import PRECISIONS
from geo.search import TextIndex
from geo.store import Store
from geo.table_file import groups_of, open_table, write_table

LARGE: Final = 50_000
"""Enterprises from which on the table stays on disk and the kernels are loaded with the set."""

KERNELS: Final = ("geo.store", "geo.tiles", "geo.search")
ENTERPRISES: Final = "enterprises.parquet"
REPORT: Final = "report.json"
TABLE: Final = "table.arrow"
FORMAT: Final = "3"
"""How tables become columns; columns kept from another way are made anew."""

STAGES: Final = ("check", "read", "points", "columns", "nodes")
"""What opening a set goes through, in this order."""

Columns = TypeVar("Columns", Store, TextIndex)
Progress = Callable[[str, float], None]
"""Told the stage and the share of the whole that is done, 0 to 1."""


def unwatched(_stage: str, _done: float) -> None:
    """Tell nobody."""


def open_set(folder: Path | str, base: Datasets | None = None, progress: Progress = unwatched) -> Datasets:
    """Open a folder that holds `enterprises.parquet` and, as a rule, `report.json`.

    The columns for facets, tiles, search and nodes, and those of a large table itself, are kept beside the folder
    (``.NAME.columns``) and read from there the next time, as long as the table is the same; where nothing can be written
    they are made anew.

    Parameters
    ----------
    folder : Path
    base : Datasets, optional
        The other tables; the built-in ones when not given.
    progress : callable, optional
        Called with stage and share done as the work goes on; three million rows take seconds.

    Returns
    -------
    Datasets
        `title` is the folder's name, `synthetic` what its report says.

    Raises
    ------
    DataError
        When the folder holds no table of enterprises, or one that cannot be read.
    """
    folder = Path(folder)
    file = folder / ENTERPRISES
    if not file.is_file():
        raise DataError("文件夹中没有导入的企业表", value=folder, expected=f"含 {ENTERPRISES} 的文件夹")
    base = base or load_datasets()
    kept = folder.resolve().with_name(f".{folder.resolve().name}.columns")
    try:
        progress("check", 0.0)
        stamp = f"{FORMAT}-{sha256(file)}"
        table = _table(file, kept / TABLE, stamp, progress)
        progress("points", 0.5)
        enterprises = with_points(table)
    except (OSError, ValueError, KeyError) as error:
        raise DataError("导入的企业表无法读取", file=file, cause=str(error)[:120]) from error
    days = enterprises["compiled"]
    data = replace(
        base,
        enterprises=enterprises,
        title=folder.resolve().name,
        date=str(days.max()) if len(days) else "",
        synthetic=_is_synthetic(folder / REPORT),
        built_in=False,
    )
    progress("columns", 0.58)
    if len(enterprises) > LARGE:
        load(KERNELS)  # now, while the reader is told, and not at the first click
    store = _kept(kept / "store", stamp, Store.open, lambda: build_store(enterprises, stamp))
    if _categories(store) != _expected():
        store = build_store(enterprises, stamp)
        _keep(store, kept / "store")
    progress("columns", 0.66)
    texts = _kept(kept / "texts", stamp, TextIndex.open, lambda: build_texts(enterprises, stamp))
    nodes = _nodes(enterprises, kept / "nodes", stamp, progress)
    vars(data).update(stamp=stamp, store=store, texts=texts, nodes=nodes, areas=Areas(enterprises))
    return data


def _nodes(enterprises: pd.DataFrame, path: Path, stamp: str, progress: Progress) -> pd.DataFrame:
    """Nodes of the chains, kept like the other columns."""
    with contextlib.suppress(DataError):
        return open_nodes(path, stamp, enterprises.index)
    nodes = nodes_of(enterprises, lambda done, rows: progress("nodes", 0.82 + 0.17 * done / rows))
    with contextlib.suppress(OSError):
        save_nodes(nodes, path, stamp)
    return nodes


def _table(file: Path, kept: Path, stamp: str, progress: Progress) -> pd.DataFrame:
    """The table without its geometry: in memory, or, where it is large, on disk in columns read as they are used."""

    def told(done: float) -> None:
        progress("read", 0.02 + 0.48 * done)

    if pq.read_metadata(file).num_rows > LARGE:
        with contextlib.suppress(DataError):
            return open_table(kept, stamp)
        with contextlib.suppress(OSError, pa.ArrowException, DataError):  # what cannot be kept is read each time
            write_table(file, kept, stamp, told)
            return open_table(kept, stamp)
    return pd.concat(groups_of(file, told))


def _is_synthetic(report: Path) -> bool:
    try:
        return bool(json.loads(report.read_text(encoding="utf-8")).get("synthetic"))
    except (OSError, ValueError, AttributeError):
        return False


def _kept(path: Path, stamp: str, opened: Callable[[Path, str], Columns], built: Callable[[], Columns]) -> Columns:
    try:
        return opened(path, stamp)
    except DataError:
        columns = built()
        _keep(columns, path)
        return columns


def _keep(columns: Store | TextIndex, path: Path) -> None:
    with contextlib.suppress(OSError):
        columns.save(path)


def _categories(store: Store) -> dict[str, tuple[str, ...]]:
    return {name: dimension.categories for name, dimension in store.dimensions.items()}


def _expected() -> dict[str, tuple[str, ...]]:
    """Categories that a store of today has; one kept from before a facet changed has others."""
    return {name: tuple(options(name)) for name in FACETS} | {PRECISION: PRECISIONS}
