"""The data catalogue: every file the product reads, with source, licence, rows and hash.

`data/catalog.json` has one entry per file.  Files that are built at set-up (`built: true`) have their rows and hash
in `data/built.json`, which the build writes; all others carry them in the catalogue itself.  Every reading compares the
bytes with the hash; what was read is cached_frame, and users get a copy that shares it until they write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from geo.errors import DataError
from geo.files import write_json
from geo.installation import INSTALLED, PACKED_DATA, ROOT, built_dir, variable

if TYPE_CHECKING:  # loaded by what reads a table: who only compares hashes need not wait for them
    import geopandas as gpd
    import pandas as pd
Frame = TypeVar("Frame", bound="pd.DataFrame")


def data_dir() -> Path:
    """Folder that holds the data; the environment variable `EXPLORER_DATA` names another one."""
    return Path(variable("EXPLORER_DATA") or (PACKED_DATA if INSTALLED else ROOT / "data"))


def built_data_dir() -> Path:
    """Folder of the data that are built on this machine: with the others, unless these came in a wheel."""
    return built_dir() / "data" if INSTALLED and not variable("EXPLORER_DATA") else data_dir()


@dataclass(frozen=True)
class CatalogEntry:
    """One row of the catalogue.

    `evidence` is one of ``source`` (every row has a published source), ``mixed`` (each row says so itself),
    ``derived`` (computed from other rows of the catalogue) or ``judgement`` (the project's own reading).
    """

    name: str
    file: str
    title_zh: str
    title_en: str
    source: str
    url: str
    licence: str
    attribution: str
    evidence: str
    retrieved: str
    rows: int
    sha256: str
    built: bool = False
    note: str = ""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return (built_data_dir() if self.built else data_dir()) / self.file


def catalogue() -> dict[str, CatalogEntry]:
    """Read the catalogue.

    Returns
    -------
    dict of str to CatalogEntry
        Keyed by the name of the dataset, in the order of the file.

    Raises
    ------
    DataError
        When the catalogue is missing, is not JSON, or entries lack fields; all missing fields are named at once.

    Examples
    --------
    >>> catalogue()["districts"].file
    'shanghai_districts/districts.csv'
    """
    file = data_dir() / "catalog.json"
    return dict(_catalogue(file, *(_state(path) for path in (file, built_data_dir() / "built.json"))))


@lru_cache(maxsize=4)
def _catalogue(file: Path, *_state: object) -> dict[str, CatalogEntry]:
    entries = _read_json(file)
    built = read_built()
    required = {field.name for field in fields(CatalogEntry)} - {"built", "note"}
    datasets = {}
    for number, entry in enumerate(entries, start=1):
        if entry.get("built"):
            entry |= built.get(entry.get("name"), {"rows": 0, "sha256": ""})
        missing = sorted(required - entry.keys())
        if missing:
            raise DataError("数据目录缺少字段", file=file, row=number, value="、".join(missing))
        datasets[entry["name"]] = CatalogEntry(**entry)
    return datasets


def read_built() -> dict[str, dict]:
    """Rows and hash of each dataset that has been built on this machine."""
    file = built_data_dir() / "built.json"
    return _read_json(file) if file.exists() else {}


def dataset_path(name: str) -> Path:
    """Path of a dataset whose bytes are the ones the catalogue vouches for.

    Raises
    ------
    DataError
        When the file is missing, or its hash is not the recorded one.
    """
    dataset = catalogue()[name]
    if not dataset.path.exists():
        remedy = "运行 make setup 重新生成" if dataset.built else "从代码库恢复该文件"
        raise DataError("数据文件缺失", file=dataset.path, cause=f"文件被移走或尚未生成，请{remedy}")
    if sha256(dataset.path) != dataset.sha256:
        remedy = "make setup" if dataset.built else "python -m app check --update"
        raise DataError(
            "数据文件内容与目录记录的校验值不符",
            file=dataset.path,
            expected=f"校验值 {dataset.sha256[:12] or '（未记录）'}…",
            cause=f"文件损坏或被改动；确认无误后运行 {remedy}",
        )
    return dataset.path


def read_table(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a CSV of the catalogue as text, every cell a string, empty where nothing is known.

    Parameters
    ----------
    name : str
        Name in the catalogue.
    columns : list of str, optional
        Columns that have to be there.

    Returns
    -------
    DataFrame
        Row *i* of the frame is row *i* + 2 of the file.

    Raises
    ------
    DataError
        When the file is missing, altered, not readable as CSV, or lacks columns.

    Examples
    --------
    >>> read_table("districts", ["adcode"]).shape
    (16, 5)
    """
    path = dataset_path(name)
    table = _table(path, catalogue()[name].sha256).copy(deep=False)
    missing = [column for column in columns or [] if column not in table.columns]
    if missing:
        raise DataError("数据文件缺少列", file=path, value="、".join(missing))
    return table


def read_shapes(name: str) -> gpd.GeoDataFrame:
    """Read a GeoParquet of the catalogue.

    Raises
    ------
    DataError
        When the file is missing or altered.

    Examples
    --------
    >>> read_shapes("zones")["zone"].tolist()
    ['core', 'belt']
    """
    import geopandas as gpd

    return gpd.read_parquet(dataset_path(name))


def cached_frame(*names: str) -> Callable[[Callable[[], Frame]], Callable[[], Frame]]:
    """Keep the frame that a function makes of datasets, as a decorator, until the bytes of one of them are others.

    Every caller gets a copy of its own, which shares what it holds until one of them writes.
    """

    def decorate(make: Callable[[], Frame]) -> Callable[[], Frame]:
        made: dict[tuple[tuple[Path, str], ...], Frame] = {}

        @wraps(make)
        def load() -> Frame:
            key = tuple((dataset_path(name), catalogue()[name].sha256) for name in names)
            frame = made.get(key)
            if frame is None:
                frame = make()
                made.clear()
                made[key] = frame
            return frame.copy(deep=False)

        return load

    return decorate


def read_json(name: str) -> dict:
    """Read a JSON document of the catalogue; errors as in `read_table`."""
    return _read_json(dataset_path(name))


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def count_rows(path: Path) -> int:
    """Count records of a CSV, features of a GeoJSON, rows of a GeoParquet, or keys of a JSON document."""
    import pandas as pd

    if path.suffix == ".csv":
        return len(pd.read_csv(path, dtype=str, usecols=[0]))
    if path.suffix == ".parquet":
        return len(pd.read_parquet(path, columns=[]))
    content = _read_json(path)
    return len(content.get("features", content))


def check() -> list[str]:
    """List what is wrong with the files of the catalogue; empty when all is well.

    A file below the data folder that no entry names is a fault too.
    """
    problems = []
    for dataset in catalogue().values():
        try:
            path = dataset_path(dataset.name)
        except DataError as error:
            problems.append(str(error))
            continue
        rows = count_rows(path)
        if rows != dataset.rows:
            problems.append(f"{dataset.file}：目录记 {dataset.rows} 行，文件有 {rows} 行")
    named = {dataset.file for dataset in catalogue().values()} | {"catalog.json", "built.json"}
    for file in sorted(data_dir().rglob("*")):
        relative = file.relative_to(data_dir()).as_posix()
        if file.is_file() and relative not in named and file.suffix in {".csv", ".json", ".geojson", ".parquet"}:
            problems.append(f"{relative}：目录中没有这一文件")
    return problems


def update() -> list[str]:
    """Record the present rows and hashes in `catalog.json`; return the names of the entries that changed."""
    file = data_dir() / "catalog.json"
    entries = _read_json(file)
    changed = []
    for entry in entries:
        path = data_dir() / entry["file"]
        if entry.get("built") or not path.exists():
            continue
        now = {"rows": count_rows(path), "sha256": sha256(path)}
        if now != {key: entry.get(key) for key in now}:
            entry |= now
            changed.append(entry["name"])
    write_json(file, entries)
    return changed


@lru_cache(maxsize=32)
def _table(path: Path, _sha256: str) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError("数据文件无法按 CSV 读取", file=path, cause=str(error)[:120]) from error


def _state(path: Path) -> tuple[int, int]:
    """What tells whether a small file was written anew: time of change [ns] and size."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


def _read_json(path: Path):  # type: ignore[no-untyped-def]
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("数据文件缺失", file=path, cause="安装不完整，请恢复该文件") from error
    except ValueError as error:
        raise DataError("数据文件不是有效的 JSON", file=path, cause=str(error)[:120]) from error
