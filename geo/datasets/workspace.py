"""The workspace: sets of enterprises that were imported here, kept on this machine.

Each set is a folder of its own with what the import wrote and a `set.json` (title, when added, files and their
hashes).  The name of the folder is made of the title and a hash of it, so that no title can lead anywhere else; sets
are written whole or not at all.  The folder is `workspace/` beside the project, or the one that the environment
variable `EXPLORER_WORKSPACE` names.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.catalog import sha256
from geo.datasets.dataset import BUILT_IN_TITLE
from geo.datasets.diff import compare
from geo.datasets.rights import EVERYBODY, PRIVATE, SEEN_BY, DatasetRights
from geo.enterprises.addresses import flag_shared
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import as_enterprises
from geo.errors import DataError
from geo.files import atomic_folder, write_json
from geo.files import recover as recover_folder
from geo.installation import workspace_dir
from geo.text import fold, name_key, visible

__all__ = [
    "BrokenDataset", "ImportedDataset", "SeveralError", "add", "another_title", "broken_datasets", "clear_aside", "columns_given",
    "combine", "compare", "damages", "delete", "folder_of", "key_aside", "key_of", "list_datasets", "named", "only", "put_back",
    "read_enterprises", "read_imported",
    "read_report", "read_source", "recover", "remembered_columns",
    "rights_aside", "rights_of", "set_aside", "set_rights", "verified", "workspace_dir",
]  # fmt: skip

DATASET_TABLE: Final = "enterprises.parquet"
DATASET_REPORT: Final = "report.json"
DATASET_RECORD: Final = "set.json"
DATASET_SOURCE: Final = "source.json"

_BESIDE: Final = ("rejected.csv", "merged.csv", DATASET_SOURCE)
_SUMS: Final = "beside_sha256"
"""In a record, the hash of each file that stands beside table and report; earlier versions wrote none."""

_SEAL: Final = "record_sha256"
"""In a record, the hash of the rest of it; a workspace of 0.1.0 has none."""

_SET_FILES: Final = (DATASET_TABLE, DATASET_REPORT, DATASET_RECORD)

_LEFT: Final = re.compile(r"\.(?P<key>[^.].*?)\.(?:\d+\.)?(?P<kind>part|old|deleted|columns)")
"""What a crash of earlier versions left beside the sets, and the columns that are kept of them."""


@dataclass(frozen=True)
class ImportedDataset:
    """A set of the workspace.

    `key` names its folder; `title` is what the user called it; `added` when it came in (ISO 8601, local time);
    `rows` its enterprises; `files` the source files as (name, SHA-256); `enterprises_sha256` the hash of its table;
    `rights` say who may know of it.
    """

    key: str
    title: str
    added: str
    rows: int
    files: tuple[tuple[str, str], ...]
    enterprises_sha256: str
    synthetic: bool = False
    rights: DatasetRights = EVERYBODY


Known = Callable[[ImportedDataset], bool]
"""Which sets somebody may know of."""


class SeveralError(DataError):
    """Several sets have a name that was to be one's."""


def everything(_entry: ImportedDataset) -> bool:
    """Every set is known: to commands, and where nobody signs in."""
    return True


def key_of(title: str, owner: str = "") -> str:
    """Name of the folder of a set: letters and digits of its title, and a hash that tells titles and owners apart.

    Examples
    --------
    >>> key_of("../../etc/passwd")[:10], "/" in key_of("a/b"), key_of("松江 2024") == key_of("松江 2024")
    ('etc-passwd', False, True)
    """
    plain = unicodedata.normalize("NFKC", title).strip()
    stem = re.sub(r"[^\w\u4e00-\u9fff]+", "-", plain).strip("-_")[:40] or "set"
    told = f"{plain}\0{owner}" if owner else plain
    return f"{stem}-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:8]}"


def list_datasets() -> list[ImportedDataset]:
    """The sets of the workspace, the latest first; a folder that is not a whole set is left out."""
    folder = workspace_dir()
    if not folder.is_dir():
        return []
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith(".") and (entry / DATASET_TABLE).is_file():
            try:
                found.append(_read_set(entry))
            except DataError:
                continue
    return sorted(found, key=lambda one: (one.added, one.key), reverse=True)


def add(
    folder: Path | str,
    title: str,
    *,
    replace: bool = False,
    source: Mapping[str, Any] | None = None,
    before: Callable[[ImportedDataset], object] | None = None,
    rights: DatasetRights | None = None,
    known: Known = everything,
) -> ImportedDataset:
    """Take the folder that an import wrote into the workspace.

    Parameters
    ----------
    folder : Path
        What `geo.ingest.pipeline.import_files` wrote; it is copied.
    title : str
        What to call the set; any text but the name of the built-in sample.  What nobody sees in it is taken out, and
        titles that differ in nothing else, in width, case or spaces are the same.
    replace : bool
        Put it in the place of a set of the same title.
    source : mapping, optional
        Where it was read from, for `read_source` to give back.
    before : callable, optional
        Called once all is copied, right before the set appears; what it raises leaves the workspace as it was.
    rights : DatasetRights, optional
        Who may know of it; when not given as of the set that it replaces, as they are once all is copied, else everybody.
    known : callable
        Which sets whoever brings it may know of: the titles of others are not taken.

    Returns
    -------
    ImportedDataset

    Raises
    ------
    DataError
        When the folder holds no import, the title is empty or taken, or the workspace cannot be written.
    """
    imported = Path(folder)
    if (imported / DATASET_RECORD).is_file():  # a set of the workspace is copied: no damage is taken for its content
        _check_beside(imported)
        _whole_report(imported)
    owner = rights.owner if rights else ""
    title, key = check_title(title, replace=replace, owner=owner, known=known)
    target = workspace_dir() / key
    enterprises = _read_enterprises(imported)
    report = _read_json(imported / DATASET_REPORT)
    files = tuple((str(one.get("file", "")), str(one.get("sha256", ""))) for one in report.get("files", []))
    added = datetime.now().astimezone().isoformat(timespec="seconds")
    digest = sha256(imported / DATASET_TABLE)
    with ExitStack() as exchange, atomic_folder(target) as partial:
        for name in (DATASET_TABLE, DATASET_REPORT, "rejected.csv", "merged.csv"):
            if (imported / name).is_file():
                shutil.copyfile(imported / name, partial / name)
        if source:
            (partial / DATASET_SOURCE).write_text(json.dumps(source, ensure_ascii=False, indent=1), encoding="utf-8")
        exchange.enter_context(_alone())  # others wait for the exchange alone, not for millions of rows to be copied
        check_title(
            title, replace=replace, owner=owner, known=known
        )  # of two who bring the same title at once the first one has it
        held = rights or _rights_to_keep(key)
        record = ImportedDataset(
            key, title, added, len(enterprises), files, digest, bool(report.get("synthetic")), held
        )  # fmt: skip
        sums = {name: sha256(partial / name) for name in _BESIDE if (partial / name).is_file()}
        content = asdict(record) | {
            "rights": held._asdict(),
            "report_sha256": sha256(partial / DATASET_REPORT),
            _SUMS: sums,
        }
        text = json.dumps(_sealed(content), ensure_ascii=False, indent=1)
        (partial / DATASET_RECORD).write_text(text, encoding="utf-8")
        if before:
            before(record)
    return record


def _rights_to_keep(key: str) -> DatasetRights:
    """Rights of the set that one of this key takes the place of, as they are now; everybody's where there is none."""
    try:
        return rights_of(key) or EVERYBODY
    except DataError:  # of one that is damaged nobody knows who may know of it
        return DatasetRights(seen_by=PRIVATE)


def read_source(key: str) -> dict[str, Any] | None:
    """Where a set was read from, as `add` was told; None where it was not.

    Raises
    ------
    DataError
        When there is no such set, or what is kept of it cannot be read.
    """
    folder = folder_of(key)
    _check_beside(folder, [DATASET_SOURCE])
    file = folder / DATASET_SOURCE
    return _read_json(file) if file.is_file() else None


def read_imported(folder: Path) -> gpd.GeoDataFrame:
    """Enterprises in a folder that an import has just written, as `read_enterprises` gives those of a set."""
    return _read_enterprises(folder)


def rights_of(key: str) -> DatasetRights | None:
    """Who may know of a set, by its key; None where there is no such set.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    try:
        folder = folder_of(key)
    except DataError:
        return None
    return _read_set(folder).rights


def set_rights(key: str, rights: DatasetRights, before: Callable[[], object] | None = None) -> None:
    """Say anew who may know of a set.

    Parameters
    ----------
    key : str
    rights : DatasetRights
    before : callable, optional
        Called when nobody else changes the workspace; what it raises leaves the rights as they are.

    Raises
    ------
    DataError
        When there is no such set or it cannot be written.
    """
    with _alone():
        file = folder_of(key) / DATASET_RECORD
        record = _read_json(file)
        if before:
            before()
        write_json(file, _sealed(record | {"rights": rights._asdict()}))


def check_title(title: str, *, replace: bool = False, owner: str = "", known: Known = everything) -> tuple[str, str]:
    """A title as it is kept, and the key of its folder; `owner` and `known` as for `add`.

    Raises
    ------
    DataError
        When it is empty, that of the built-in sample, taken and not to be replaced, or the key of another.
    """
    kept = " ".join(visible(title).split())[:120]
    if not kept:
        raise DataError("数据集要有名称")
    if fold(kept) in map(fold, BUILT_IN_TITLE):
        raise DataError("这是内置样本的名称", value=kept, cause="换一个名称（name of the built-in sample）")
    if any(entry.key == kept and fold(entry.title) != fold(kept) for entry in filter(known, list_datasets())):
        raise DataError("这是另一个数据集的编号", value=kept, cause="换一个名称（the key of another dataset）")
    same = next((entry.key for entry in filter(known, list_datasets()) if fold(entry.title) == fold(kept)), "")
    if (same or (workspace_dir() / key_of(kept, owner)).exists()) and not replace:
        raise DataError("已有同名的数据集", value=kept, cause="换一个名称，或选择替换")
    return kept, same or key_of(kept, owner)


def recover() -> None:
    """Put in order what a crash left in the workspace: a set that was being replaced comes back, halves are removed.

    Columns that are kept of sets that are gone go too; areas and all other folders of the workspace are put in order.
    """
    folder = workspace_dir()
    if not folder.is_dir():
        return
    with _alone():
        recover_folder(folder)
        for left in sorted(folder.iterdir()):
            match = _LEFT.fullmatch(left.name)
            if match is None:
                continue
            stands = (folder / match["key"]).exists()
            with suppress(OSError):
                if match["kind"] == "old" and not stands:
                    left.rename(folder / match["key"])
                elif match["kind"] != "columns" or not stands:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    """Keep whoever else would change the workspace waiting, in this process or another."""
    folder = workspace_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT) if os.name == "nt" else os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise DataError("工作区写不了", value=folder.name, cause=error.strerror) from error
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # the lock goes with it, and with the process whatever happens to that


def read_enterprises(key: str) -> gpd.GeoDataFrame:
    """Enterprises of a set, canonical columns first, index `enterprise_id`.

    Raises
    ------
    DataError
        When there is no such set, or its table is not the one that was added.
    """
    return _read_enterprises(verified(key))


def verified(key: str) -> Path:
    """Folder of a set whose table is the one that was added; errors as in `read_enterprises`."""
    folder = folder_of(key)
    try:
        found = sha256(folder / DATASET_TABLE)
    except OSError as error:
        raise DataError("数据集的文件读不了", file=folder / DATASET_TABLE, cause=error.strerror) from error
    if found != _read_set(folder).enterprises_sha256:
        raise DataError("数据集的文件被改动或损坏", file=folder / DATASET_TABLE, cause="请删除后重新导入")
    return folder


def damages() -> list[str]:
    """What of the sets is not as it was written, a sentence each; reads all their files."""
    found = [f"{one.key}：{one.reason}" for one in broken_datasets()]
    for entry in list_datasets():
        for check in (verified, read_report, lambda key: _check_beside(folder_of(key))):
            try:
                check(entry.key)
            except DataError as error:
                found.append(f"{entry.title}：{error}")
    return found


def _check_beside(folder: Path, names: Collection[str] = _BESIDE) -> None:
    """Refuse files beside a set's table and report that are not those that were written."""
    kept = _read_json(folder / DATASET_RECORD).get(_SUMS) or {}
    for name in names:
        if name not in kept:
            continue
        file = folder / name
        try:
            whole = sha256(file) == kept[name]
        except OSError:
            whole = False
        if not whole:
            raise DataError("数据集的文件被改动或损坏", file=file, cause="请删除后重新导入")


def read_report(key: str) -> dict[str, Any]:
    """Report of the import behind a set, as `report.json` holds it.

    Raises
    ------
    DataError
        When it is missing or not what was kept.
    """
    return _whole_report(folder_of(key))


def _whole_report(folder: Path) -> dict[str, Any]:
    file = folder / DATASET_REPORT
    report = _read_json(file)
    kept = _read_json(file.with_name(DATASET_RECORD)).get("report_sha256")  # none in workspaces of 0.1.0
    if kept is not None and sha256(file) != kept:
        raise DataError("导入报告被改动或损坏", file=file)
    return report


def named(title: str, known: Known = everything) -> ImportedDataset | None:
    """The set of a title among those that are known, None where there is none; width, case and spaces do not count."""
    return next((entry for entry in filter(known, list_datasets()) if fold(entry.title) == fold(visible(title))), None)


def only(name: str, owner: str | None = None, known: Known = everything) -> ImportedDataset | None:
    """The one set that a name means: by its key, else by its title; None where there is none.

    Two people may have a set of one title each, where one does not know of the other's.

    Parameters
    ----------
    name : str
    owner : str, optional
        Whose it is, where that is known: that person's, or nobody's.
    known : callable
        Which sets count.

    Raises
    ------
    SeveralError
        When several have this title.
    """
    entries = [entry for entry in list_datasets() if known(entry)]
    keyed = next((entry for entry in entries if entry.key == name), None)
    if keyed:
        return keyed
    titled = [entry for entry in entries if fold(entry.title) == fold(visible(name))]
    if owner:
        titled = [entry for entry in titled if entry.rights.owner in ("", owner)]
    if len(titled) > 1:
        keys = "、".join(entry.key for entry in titled)
        raise SeveralError(
            "有几个同名的数据集", value=name, expected=f"写编号（several of this name, give its key）：{keys}"
        )
    return titled[0] if titled else None


def another_title(title: str, *, owner: str = "", known: Known = everything) -> str:
    """A title that no set has yet, made of one by a number; `owner` and `known` as for `add`.

    Examples
    --------
    >>> another_title("没有这个名称的数据集")
    '没有这个名称的数据集'
    """
    number, free = 1, title
    while named(free, known) or (workspace_dir() / key_of(free, owner)).exists():
        number += 1
        free = f"{title} ({number})"
    return free


def columns_given(key: str) -> dict[str, str]:
    """Canonical column → header that a person named when a set was imported (``""`` where one took it out)."""
    try:
        files = read_report(key).get("files", [])
        return {
            str(column): str(title)
            for file in reversed(files)
            for column, title in dict(file.get("columns_given") or {}).items()
        }
    except (DataError, AttributeError, TypeError, ValueError):
        return {}


def remembered_columns(headers: Iterable[str], known: Known = everything) -> tuple[str, dict[str, str]]:
    """Columns that were given for the latest known set of a list with these headers, and its title; nothing where there is none."""
    there = set(headers)
    for entry in filter(known, list_datasets()):
        given = columns_given(entry.key)
        titles = {title for title in given.values() if title}
        if titles and titles <= there:
            return entry.title, given
    return "", {}


@dataclass(frozen=True)
class BrokenDataset:
    """A folder of the workspace that was a set and cannot be opened: its name, and why."""

    key: str
    reason: str


def broken_datasets() -> list[BrokenDataset]:
    """Folders of the workspace that hold files of a set and are none, by name."""
    folder = workspace_dir()
    found = []
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.name.startswith(".") or not entry.is_dir() or not any((entry / name).exists() for name in _SET_FILES):
            continue
        try:
            if not (entry / DATASET_TABLE).is_file():
                raise DataError("企业表不在了", file=entry / DATASET_TABLE)
            _read_set(entry)
        except DataError as error:
            found.append(BrokenDataset(entry.name, str(error)))
    return found


def delete(key: str, before: Callable[[], object] | None = None) -> None:
    """Delete a set for good; parameters and errors as for `set_aside`."""
    clear_aside(set_aside(key, before))


def set_aside(key: str, before: Callable[[], object] | None = None) -> str:
    """Take a set out of the list, so that it can still be put back; when the app starts anew, it is gone.

    Its folder is renamed, so that no half of it remains in the list.

    Parameters
    ----------
    key : str
    before : callable, optional
        Called when nobody else changes the workspace; what it raises leaves the set where it is.

    Returns
    -------
    str
        What `put_back` and `clear_aside` know it by.

    Raises
    ------
    DataError
        When there is no such set or it cannot be deleted.
    """
    broken = any(entry.key == key for entry in broken_datasets())
    folder = workspace_dir() / key if broken else folder_of(key)
    gone = folder.with_name(f".{folder.name}.{time.time_ns()}.deleted")
    try:
        with _alone():
            if before:
                before()
            folder.rename(gone)
    except OSError as error:
        raise DataError("数据集删不了", value=key, cause=error.strerror) from error
    return gone.name


def key_aside(aside: str) -> str:
    """Key of a set that `set_aside` took out of the list."""
    match = _LEFT.fullmatch(aside)
    return match["key"] if match else ""


def rights_aside(aside: str) -> DatasetRights:
    """Who might know of a set that `set_aside` took out of the list; its owner alone where that cannot be read."""
    try:
        return _read_set(workspace_dir() / Path(aside).name).rights
    except DataError:
        return DatasetRights(seen_by=PRIVATE)


def put_back(aside: str, before: Callable[[], object] | None = None, known: Known = everything) -> str:
    """Put a set back into the list that `set_aside` took out of it, where `known` are the sets whose titles count; its key.

    Raises
    ------
    DataError
        When it is gone, or another one has taken its place or its title since.
    """
    folder = workspace_dir() / aside
    match = _LEFT.fullmatch(aside)
    try:
        with _alone():
            if match is None or match["kind"] != "deleted" or not folder.is_dir():
                raise DataError("这个数据集已彻底删除")
            stands = workspace_dir() / match["key"]
            with suppress(DataError):  # what cannot be opened has no title
                title = _read_set(folder).title
                if any(fold(one.title) == fold(title) for one in filter(known, list_datasets())):
                    raise FileExistsError
            if stands.exists():
                raise FileExistsError
            if before:
                before()
            folder.rename(stands)
    except FileExistsError as error:
        raise DataError("已有同名的数据集，没有放回", value=match["key"] if match else aside) from error
    except OSError as error:
        raise DataError("数据集放不回去", value=aside, cause=error.strerror) from error
    return match["key"]


def clear_aside(aside: str) -> None:
    """Delete for good what `set_aside` took out of the list, unless it has been put back."""
    match = _LEFT.fullmatch(aside)
    folder = workspace_dir() / aside
    if match is None or match["kind"] != "deleted" or not folder.is_dir():
        return
    shutil.rmtree(folder, ignore_errors=True)
    if not (workspace_dir() / match["key"]).exists():  # else they are those of another set of that key
        shutil.rmtree(
            folder.with_name(f".{match['key']}.columns"), ignore_errors=True
        )  # kept by `geo.datasets.storage`


def combine(imported: gpd.GeoDataFrame, built_in: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One set of an imported and the built-in one.

    Parameters
    ----------
    imported, built_in : GeoDataFrame
        Canonical columns, index `enterprise_id`.

    Returns
    -------
    GeoDataFrame
        All imported rows, then the built-in ones whose id, and whose name under any of its former forms, is not among
        them: the imported row wins, its empty `recognitions`, `stock_code`, `industry` and sources are filled from
        the built-in one.  Shared addresses are flagged anew over the whole.
    """
    names = {name_key(name): key for key, name in imported["name"].items()}
    for key, aliases in imported["aliases"].items():
        for alias in filter(None, str(aliases).split(";")):
            names.setdefault(name_key(alias), key)
    match = pd.Series(
        [key if key in imported.index else names.get(name_key(name), "") for key, name in built_in["name"].items()],
        index=built_in.index,
        dtype=object,
    )
    left = imported.copy()
    known = match[match != ""]
    known = known[~known.duplicated()]
    for column in ("recognitions", "stock_code", "industry", "industry_detail"):
        fill = pd.Series(built_in.loc[known.index, column].to_numpy(), index=known.to_numpy())
        empty = left[column].fillna("").astype(str) == ""
        left.loc[empty, column] = fill.reindex(left.index[empty]).fillna("").to_numpy()
    both = pd.concat([pd.DataFrame(left), pd.DataFrame(built_in[match == ""])])
    both["uscc_valid"] = both["uscc_valid"].astype("boolean")
    others = [column for column in both.columns if column not in COLUMNS and column != "geometry"]
    for column in others:
        if both[column].dtype in ("str", object):
            both[column] = both[column].fillna("")
    return as_enterprises(both.assign(**flag_shared(both)).drop(columns="geometry"))


def folder_of(key: str) -> Path:
    """Folder of a set; only a name that stands in the workspace leads anywhere, errors as in `read_enterprises`."""
    folder = workspace_dir() / key
    inside = key not in ("", ".", "..") and "/" not in key and "\\" not in key and not key.startswith(".")
    if not inside or not (folder / DATASET_TABLE).is_file():
        raise DataError("没有这个数据集", value=key)
    return folder


def _read_set(folder: Path) -> ImportedDataset:
    record = _read_json(folder / DATASET_RECORD)
    if _SEAL in record and _sealed(record)[_SEAL] != record[_SEAL]:
        raise DataError("数据集的说明被改动或损坏", file=folder / DATASET_RECORD)
    try:
        files = tuple((str(name), str(digest)) for name, digest in record["files"])
        return ImportedDataset(
            folder.name, str(record["title"]), str(record["added"]), int(record["rows"]), files,
            str(record["enterprises_sha256"]), bool(record.get("synthetic")), _read_rights(record.get("rights")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise DataError("数据集的说明读不了", file=folder / DATASET_RECORD) from error


def _sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the hash of all else that stands in it: of one that is altered it is another."""
    rest = {name: value for name, value in record.items() if name != _SEAL}
    text = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode(rest)
    return rest | {_SEAL: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()}


def _read_rights(content: Any) -> DatasetRights:
    """Rights as a record says them; one that says nothing we know is no record: nobody is let in by a mistake in it."""
    if content is None:
        return EVERYBODY
    rights = DatasetRights(str(content["owner"]), str(content["seen_by"]), tuple(map(str, content["groups"])))
    if rights.seen_by not in SEEN_BY:
        raise ValueError(rights.seen_by)
    return rights


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError("文件缺失或读不了", file=file, cause="不是导入写出的文件夹，或已损坏") from error
    if not isinstance(content, dict):
        raise DataError("文件读不了", file=file)
    return content


def _read_enterprises(folder: Path) -> gpd.GeoDataFrame:
    file = folder / DATASET_TABLE
    try:
        with file.open("rb") as handle:
            table = gpd.read_parquet(handle)
    except (OSError, ValueError, KeyError) as error:
        raise DataError("企业表读不了", file=file, cause="不是导入写出的文件夹，或已损坏") from error
    if not {"enterprise_id", "name"} <= set(table.columns):
        raise DataError("不是导入写出的企业表", file=file)
    return as_enterprises(pd.DataFrame(table.drop(columns="geometry")))
