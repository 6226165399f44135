"""A set of enterprises in a folder, as `import` and `demo` write it, opened as the tables behind the pages."""

import contextlib
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.catalog import sha256
from geo.chains.assignment import nodes_of, open_nodes, save_nodes
from geo.codes.options import held_options
from geo.datasets.dataset import Dataset, Indexes, load_dataset
from geo.datasets.encoding import PRECISION, build_facet_index, build_text_index
from geo.enterprises.schema import COLUMNS, NUMERIC
from geo.enterprises.table import canonical, with_ids, with_points
from geo.errors import DataError
from geo.files import atomic_folder, write_text
from geo.filters.filters import FACETS
from geo.index import facets, text, tiles
from geo.index.facets import FacetIndex
from geo.index.jit import load
from geo.index.text import TextIndex
from geo.places.geocoding import PRECISIONS, AreaGroups

_MAKE_AGAIN: Final = "请重新生成"


def groups_of(source: Path, progress: Callable[[float], None]) -> Iterator[pd.DataFrame]:
    """The rows of a Parquet file, one group of rows after the other, in canonical columns without the geometry.

    The geometry follows from `lon` and `lat`.  `progress` is given the share that has been read, 0 to 1.
    """
    with pq.ParquetFile(source) as file:
        names = [name for name in file.schema_arrow.names if name != "geometry"]
        for number in range(file.num_row_groups):
            progress(number / file.num_row_groups)
            yield canonical(file.read_row_group(number, columns=names).to_pandas(split_blocks=True))
        if not file.num_row_groups:
            yield canonical(file.schema_arrow.empty_table().select(names).to_pandas())


def write_table(source: Path, folder: Path, fingerprint: str, progress: Callable[[float], None]) -> None:
    """Write the canonical columns of a Parquet file to a folder, one Arrow file each; the folder appears whole or not at all.

    Each column lies in one piece: a few rows are then taken from it without all its pieces being joined first.  In memory
    there is never more than one group of rows, or one column.

    Parameters
    ----------
    source : Path
        Enterprises as `import` and `demo` write them.
    folder : Path
        Its parent is made when missing.
    fingerprint : str
        What `open_table` has to be given to open it.
    progress : callable
        Given the share that is done, 0 to 1.

    Raises
    ------
    OSError
        When the files cannot be written, or the source not be read.
    ValueError
        When the source is no table of enterprises.
    """
    schema = _schema(pq.read_schema(source))
    with atomic_folder(folder) as made:
        gathered = made / "rows.arrow"
        with pa.OSFile(str(gathered), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for group in groups_of(source, lambda done: progress(0.5 * done)):
                writer.write_batch(pa.RecordBatch.from_pandas(group, schema, preserve_index=False))
        hashes = {}
        with pa.memory_map(str(gathered)) as mapped:
            rows = pa.ipc.open_file(mapped).read_all()
            for number, name in enumerate(schema.names):
                progress(0.5 + 0.5 * number / len(schema))
                whole = pa.record_batch([_as_pandas_holds(rows[name].combine_chunks())], [name])
                with (
                    pa.OSFile(str(made / f"{number}.arrow"), "wb") as sink,
                    pa.ipc.new_file(sink, whole.schema) as writer,
                ):
                    writer.write_batch(whole)
                hashes[name] = sha256(made / f"{number}.arrow")
            del rows
        gathered.unlink()
        write_text(json.dumps({"fingerprint": fingerprint, "sha256": hashes}, ensure_ascii=False), made / _HEAD)


def open_table(folder: Path, fingerprint: str) -> pd.DataFrame:
    """Open what `write_table` wrote; its texts stay on disk and are read as they are used.

    Returns
    -------
    DataFrame
        Canonical columns without the geometry.

    Raises
    ------
    DataError
        If a file is missing, damaged (a flipped bit would change facts or end the process), or of another source.
    """
    columns = {}
    try:
        head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        if head["fingerprint"] != fingerprint:
            raise DataError("存储来自另一份企业表", file=folder, expected=fingerprint, cause=_MAKE_AGAIN)
        for number, (name, told) in enumerate(head["sha256"].items()):
            file = folder / f"{number}.arrow"
            if sha256(file) != told:
                raise DataError("存储文件损坏", file=file, cause=_MAKE_AGAIN)
            with pa.memory_map(str(file)) as mapped:
                columns[name] = pa.ipc.open_file(mapped).read_all()[name]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, pa.ArrowException) as error:
        raise DataError("存储无法读取", file=folder, cause=_MAKE_AGAIN) from error
    frame: pd.DataFrame = pa.table(columns).to_pandas(split_blocks=True)
    return frame


def _as_pandas_holds(values: pa.Array) -> pa.Array:
    """Numbers as pandas holds them, NaN where missing, so that they too stay on disk."""
    number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    if not (number and values.null_count):
        return values
    return pc.fill_null(values.cast(pa.float64()), math.nan)


def _schema(source: pa.Schema) -> pa.Schema:
    """The columns that `canonical` makes of a table with the columns of `source`."""
    known = {field.name: field.type for field in source if field.name != "geometry"}
    numbers = {name: known.get(name, pa.null()) for name in NUMERIC}
    names = [*COLUMNS, *(name for name in known if name not in COLUMNS)]
    return pa.schema((name, numbers.get(name) or _stored(known.get(name))) for name in names)


def _stored(kind: pa.DataType | None) -> pa.DataType:
    """Text as pandas holds it, so that nothing has to be converted."""
    return pa.large_string() if kind is None or pa.types.is_string(kind) else kind


DISK_BACKED_ROWS: Final = 50_000
"""Enterprises from which on the table stays on disk and the kernels are loaded with the set."""

ENTERPRISES: Final = "enterprises.parquet"
REPORT: Final = "report.json"
TABLE: Final = "table"
_HEAD: Final = "head.json"
COLUMNS_FORMAT: Final = "6"
"""How tables become columns; columns kept from another way are made anew."""

OPEN_STAGES: Final = ("check", "read", "points", "columns", "nodes")
"""What opening a set goes through, in this order."""

Columns = TypeVar("Columns", FacetIndex, TextIndex)
ProgressCallback = Callable[[str, float], None]
"""Told the stage and the share of the whole that is done, 0 to 1."""


def no_progress(_stage: str, _done: float) -> None:
    """Tell nobody."""


def open_dataset(folder: Path | str, base: Dataset | None = None, progress: ProgressCallback = no_progress) -> Dataset:
    """Open a folder that holds `enterprises.parquet` and, as a rule, `report.json`.

    The columns for facets, tiles, search and nodes, and those of a large table itself, are kept beside the folder
    (``.NAME.columns``) and read from there the next time, as long as the table is the same; where nothing can be written
    they are made anew.

    Parameters
    ----------
    folder : Path
    base : Dataset, optional
        The other tables; the built-in ones when not given.
    progress : callable, optional
        Called with stage and share done as the work goes on; three million rows take seconds.

    Returns
    -------
    Dataset
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
    base = base or load_dataset()
    kept = folder.resolve().with_name(f".{folder.resolve().name}.columns")
    try:
        progress("check", 0.0)
        fingerprint = f"{COLUMNS_FORMAT}-{sha256(file)}"
        table = _table(file, kept / TABLE, fingerprint, progress)
        progress("points", 0.5)
        enterprises = with_ids(table)
        if len(enterprises) <= DISK_BACKED_ROWS:
            enterprises = with_points(enterprises)
    except (OSError, ValueError, KeyError) as error:
        raise DataError("导入的企业表无法读取", file=file, cause=str(error)[:120]) from error
    days = enterprises["compiled"]
    progress("columns", 0.58)
    if len(enterprises) > DISK_BACKED_ROWS:
        load(facets.warm, tiles.warm, text.warm)  # now, while the user is progress, and not at the first click
    store = _kept(kept / "store", fingerprint, FacetIndex.open, lambda: build_facet_index(enterprises, fingerprint))
    if _categories(store) != _expected():
        store = build_facet_index(enterprises, fingerprint)
        _keep(store, kept / "store")
    progress("columns", 0.66)
    texts = _kept(kept / "texts", fingerprint, TextIndex.open, lambda: build_text_index(enterprises, fingerprint))
    nodes = _nodes(enterprises, kept / "nodes", fingerprint, progress)
    return replace(
        base,
        enterprises=enterprises,
        title=folder.resolve().name,
        date=str(days.max()) if len(days) else "",
        synthetic=_is_synthetic(folder / REPORT),
        built_in=False,
        indexes=Indexes(fingerprint, store, texts, nodes, AreaGroups(enterprises)),
    )


def _nodes(enterprises: pd.DataFrame, path: Path, fingerprint: str, progress: ProgressCallback) -> pd.DataFrame:
    """Nodes of the chains, kept like the other columns."""
    with contextlib.suppress(DataError):
        return open_nodes(path, fingerprint, enterprises.index)
    nodes = nodes_of(enterprises, lambda done, rows: progress("nodes", 0.82 + 0.17 * done / rows))
    with contextlib.suppress(OSError, DataError):
        save_nodes(nodes, path, fingerprint)
    return nodes


def _table(file: Path, kept: Path, fingerprint: str, progress: ProgressCallback) -> pd.DataFrame:
    """The table without its geometry: in memory, or, where it is large, on disk in columns read as they are used."""

    def read(done: float) -> None:
        progress("read", 0.02 + 0.48 * done)

    if pq.read_metadata(file).num_rows > DISK_BACKED_ROWS:
        with contextlib.suppress(DataError):
            return open_table(kept, fingerprint)
        with contextlib.suppress(OSError, pa.ArrowException, DataError):  # what cannot be kept is read each time
            write_table(file, kept, fingerprint, read)
            for former in ("table.arrow", "table.sha256"):  # of 0.1.0, which kept the columns in one file
                kept.with_name(former).unlink(missing_ok=True)
            return open_table(kept, fingerprint)
    return pd.concat(groups_of(file, read))


def _is_synthetic(report: Path) -> bool:
    try:
        return bool(json.loads(report.read_text(encoding="utf-8")).get("synthetic"))
    except (OSError, ValueError, AttributeError):
        return False


def _kept(
    path: Path, fingerprint: str, opened: Callable[[Path, str], Columns], built: Callable[[], Columns]
) -> Columns:
    with contextlib.suppress(DataError):
        return opened(path, fingerprint)
    columns = built()
    _keep(columns, path)
    with contextlib.suppress(DataError):
        return opened(path, fingerprint)  # from disk: what was built takes memory
    return columns


def _keep(columns: FacetIndex | TextIndex, path: Path) -> None:
    with contextlib.suppress(OSError, DataError):
        columns.save(path)


def _categories(store: FacetIndex) -> dict[str, tuple[str, ...]]:
    return {name: dimension.categories for name, dimension in store.dimensions.items()}


def _expected() -> dict[str, tuple[str, ...]]:
    """Categories that a store of today has; one kept from before a facet changed has others."""
    return {name: tuple(held_options(name)) for name in FACETS} | {PRECISION: PRECISIONS}
