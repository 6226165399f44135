"""Vendors' files in, one set of enterprises out, every row accounted for."""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.enterprises.addresses import flag_shared
from geo.enterprises.redact import OWN_NAMES, redact
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import as_enterprises, enterprise_ids
from geo.errors import DataError
from geo.files import atomic_folder, check_target
from geo.ingest.confinement import Allowance
from geo.ingest.duplicates import APART, SITE, merge_duplicates
from geo.ingest.engines import HERE, Engine
from geo.ingest.interludes import numbers_rows
from geo.ingest.isolation import read_apart
from geo.ingest.locate import (
    ADDRESS_ELSEWHERE,
    DEFAULT_POINT,
    default_points,
    district_hints,
    locate_rows,
    read_addresses,
    warm_places,
)
from geo.ingest.readers.read import IMPORT_SUFFIXES, Reader, read_file
from geo.ingest.readers.sheet import Issue, Limits, distinct, open_sheet
from geo.ingest.report import WRITTEN, FileReport, Report, write_report
from geo.ingest.rows import differing_columns, read_rows, recognise
from geo.ingest.values.columns import COLUMN_ALIASES, column_label, vendor_of
from geo.ingest.values.privacy import personal_columns
from geo.places.gazetteer import read_address
from geo.places.geocoding import OUTSIDE, PRECISIONS
from geo.places.zones import CORE, ZONES
from geo.text import fold

__all__ = ["COLUMN_ALIASES", "IMPORT_SUFFIXES", "Limits", "Preview", "Report", "import_files", "preview"]

ProgressCallback = Callable[[str, int, int], None]
IMPORT_STAGES: Final = ("read", "clean", "duplicates", "locate", "write")
"""Stages in their order, as `progress` is told them."""

WARM_BYTES: Final = 8 * 2**20
"""Files of more than this are so long in reading that processes may start meanwhile."""

MAX_PREVIEW_CHARACTERS: Final = 200
"""Of a cell or a header that is shown before the import."""

_PAIRS: Final = [[column.part_of, name] for name, column in COLUMNS.items() if column.part_of]
_OUT: Final = "set"
_NAMES: Final = ("name", "aliases", "name_en", "short_name")
DIFFERS: Final = "与合并到的那一行写的不同，取了那一行的"
_WITH: Final = {"lon": ("point_error_m",)}
"""Column → what is no fact of its own and goes with it and its second."""

_SECOND: Final = {second for _, second in _PAIRS}


class Preview(NamedTuple):
    """What a file looks like before it is imported: `head` has the first rows, without columns about persons.

    `columns_by` says what each column is known by, `filled` in how many rows each header has something, `alternatives` which further
    headers mean the same, `remembered` what
    a person said of the headers at an earlier release.
    """

    vendor: str
    encoding: str | None
    header_row: int | None
    columns_mapped: dict[str, str]
    columns_unknown: list[str]
    personal_columns: list[str]
    rows: int
    columns_by: dict[str, str]
    filled: dict[str, int]
    alternatives: dict[str, list[str]]
    remembered: dict[str, str]
    head: pd.DataFrame


def preview(
    path: Path | str,
    limits: Limits | None = None,
    rows: int = 10,
    *,
    remembered: Mapping[str, str] | None = None,
    read: Reader = read_file,
) -> Preview:
    """Look into a file.

    Parameters
    ----------
    path : Path
    limits : Limits, optional
    rows : int
        Rows of the head.
    remembered : mapping, optional
        As for `import_files`.
    read : callable, optional
        What reads the file, in the place of `geo.ingest.readers.read.read_file`: one that has read it already.

    Returns
    -------
    Preview
        `columns_mapped` is {canonical column: header} and may be given back to `import_files`, altered.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    sheet = read(Path(path), limits)
    titles, mapped, by, own = recognise(sheet, None, remembered)
    headers = list(sheet.table.columns)
    personal = personal_columns(sheet.table, mapped.values())
    unknown = [titles[title] for title in headers if title not in {*mapped.values(), *personal}]
    called = {mapped.get(name) for name in OWN_NAMES}
    head = sheet.table.drop(columns=personal).head(rows)
    head = head.apply(lambda cells: redact(cells, names=cells.name not in called).texts).fillna("")
    head = head.apply(lambda cells: cells.str.slice(0, MAX_PREVIEW_CHARACTERS))
    head.index = pd.Index(sheet.rows[: len(head)], name="source_row")
    found = {name: titles[title] for name, title in mapped.items()}
    filled = {titles[title]: int(sheet.table[title].fillna("").str.strip().ne("").sum()) for title in headers}
    return Preview(
        vendor_of(headers, sheet.above), sheet.encoding, sheet.header_row, found, unknown, personal, sheet.rows_in_file,
        by, filled, {} if own else differing_columns(sheet, mapped), dict(remembered or {}), head.rename(columns=titles),
    )  # fmt: skip


def import_files(
    paths: Iterable[Path | str],
    out: Path | str,
    *,
    datum: Literal["auto", "wgs84", "gcj02", "bd09"] = "auto",
    keep_personal: bool = False,
    mapping: Mapping[str, Any] | None = None,
    remembered: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    progress: ProgressCallback | None = None,
    synthetic: bool = False,
    read: Reader = read_file,
    engine: Engine = HERE,
) -> Report:
    """Import files as one set of enterprises.

    Parameters
    ----------
    paths : iterable of Path
        Files that `geo.ingest.readers.read.read_file` reads, folders of such files, or patterns such as ``parts/*.csv``.
    out : Path
        Folder for `enterprises.parquet`, `report.json`, `rejected.csv` and `merged.csv`; an existing one is replaced
        once the new set is complete, and left as it is when nothing comes of it.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Datum of the coordinates; judged for each file by its evidence unless named.
    keep_personal : bool
        Keep columns about persons.
    mapping : mapping, optional
        {canonical column: header} over what is recognised, or {file name: such a mapping}; an empty header takes a
        column out.  Of several files each takes the headers that it has.
    remembered : mapping, optional
        {canonical column: header} that a person gave for an earlier release: used in the files that have the header,
        `mapping` comes before it.
    limits : Limits, optional
    progress : callable, optional
        Called with stage (one of `IMPORT_STAGES`), rows done and rows in all (0 while not known).
    synthetic : bool
        The files are made up; the report says so and the pages mark the set.
    read : callable, optional
        As for `preview`.
    engine : Engine, optional
        Where pieces of the rows are worked on; the result is the same, to the byte.

    Returns
    -------
    Report
        `imported` + `rejected` + `duplicates_merged` = `rows_in_file`, always.

    Raises
    ------
    DataError
        When a file cannot be read, or nothing can be imported; nothing is written then.
    """
    files = expand(paths)
    if not files:
        raise DataError("没有要导入的文件")
    if datum not in ("auto", "wgs84", "gcj02", "bd09"):
        raise DataError("没有这个坐标系", value=datum, expected="auto、wgs84、gcj02 或 bd09")
    target = check_target(Path(out), WRITTEN, files)
    tell = progress or (lambda _stage, _done, _total: None)
    if _size(file for file in files if file.is_file()) > WARM_BYTES:
        engine.warm(warm_places)
    parts, reports = [], []
    for source, label in zip(files, distinct([_label(file) for file in files]), strict=True):
        rows, report = read_rows(
            source, label, datum=datum, keep_personal=keep_personal, mapping=_mapping_of(mapping, source),
            remembered=remembered, lenient=len(files) > 1, limits=limits or Limits(), progress=tell, read=read,
            engine=engine,
        )  # fmt: skip
        parts.append(rows)
        reports.append(report)
    _refuse_unused(mapping, reports)
    if not sum(map(len, parts)):
        reasons = "、".join(dict.fromkeys(row.reason for report in reports for row in report.rejected_rows))
        raise DataError("没有一行可以导入", file=files[0], cause=reasons or "表头下面没有内容")
    enterprises, merged = assemble(parts, reports, tell, engine)
    result = account(enterprises, reports, synthetic)
    tell("write", 0, len(enterprises))
    with atomic_folder(target) as folder:
        with (folder / "enterprises.parquet").open("wb") as file:
            enterprises.to_parquet(file, index=False)
        write_report(result, merged, folder)
    tell("write", len(enterprises), len(enterprises))
    read_address.cache_clear()
    result.folder = target
    return result


def preview_apart(path: Path, folder: Path, remembered: Mapping[str, str] | None = None) -> Preview:
    """Look into a file that `geo.ingest.readers.read.read_into` has read into a folder, in a process of its own.

    Raises
    ------
    DataError
        When it cannot be looked into.
    """
    arguments = {"folder": os.fspath(folder), "remembered": dict(remembered or {})}
    allowance = Allowance.of(_size([folder]))
    with read_apart("preview", path, arguments, others=[folder], allowance=allowance) as (answer, _):
        *facts, columns, rows, numbers = answer
        head = pd.DataFrame(rows, columns=columns, index=pd.Index(numbers, name="source_row"), dtype="str")
        return Preview._make([*facts, head])


def preview_task(
    file: Path, arguments: Mapping[str, Any], _folder: Path, _progress: Callable[..., None]
) -> tuple[Any, ...]:
    """Look into a file here; see `preview_apart`."""
    *facts, head = preview(
        file, remembered=arguments["remembered"], read=lambda *_: open_sheet(Path(arguments["folder"]))
    )
    return *facts, list(head.columns), head.to_numpy().tolist(), head.index.tolist()


def import_apart(
    folders: Mapping[Path, Path],
    out: Path,
    *,
    datum: str = "auto",
    keep_personal: bool = False,
    mapping: Mapping[str, Any] | None = None,
    remembered: Mapping[str, str] | None = None,
    progress: ProgressCallback = lambda _stage, _done, _total: None,
) -> None:
    """Import files in a process of its own, as `import_files` does: nothing that they hold is looked at in this one.

    Parameters
    ----------
    folders : mapping
        File → the folder into which `geo.ingest.readers.read.read_into` has read it.
    out, datum, keep_personal, mapping, remembered, progress
        As for `import_files`.

    Raises
    ------
    DataError
        As from `import_files`; or when the process took too much, too long, or ended itself.
    """
    sources = [*{file.parent for file in folders}, *folders.values()]  # a layer has files beside it
    arguments = {
        "folders": {os.fspath(file): os.fspath(folder) for file, folder in folders.items()}, "datum": datum,
        "keep_personal": keep_personal, "mapping": mapping,
        "remembered": dict(remembered or {}),
    }  # fmt: skip
    apart = read_apart(
        "import", next(iter(folders)), arguments, others=sources, allowance=Allowance.of(_size([*folders, *folders.values()])),
        progress=lambda stage, done, total: progress(stage or "read", done, total),
    )  # fmt: skip
    with apart as (_, working), atomic_folder(out) as folder:
        for name in WRITTEN:
            written = working / _OUT / name
            if not stat.S_ISREG(written.lstat().st_mode):  # a link would lead to a file of somebody else
                raise DataError("导入的结果不完整，没有采用", cause="请再试一次")
            shutil.copyfile(written, folder / name)


def import_task(_file: Path, arguments: Mapping[str, Any], folder: Path, progress: ProgressCallback) -> None:
    """Import files here; see `import_apart`."""
    folders = {Path(name): Path(kept) for name, kept in arguments["folders"].items()}
    options: Any = {name: arguments[name] for name in ("datum", "keep_personal", "mapping", "remembered")}
    import_files(folders, folder / _OUT, read=lambda path, *_: open_sheet(folders[path]), progress=progress, **options)


def _size(paths: Iterable[Path]) -> int:
    """Bytes of files, and of those in folders."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.iterdir())]
    return sum(file.stat().st_size for file in files)


def expand(paths: Iterable[Path | str]) -> list[Path]:
    """Files among paths, folders and patterns, each once, those of a folder or pattern by name.

    A file of another kind in a folder is left out; a geodatabase (``.gdb``) is one file.

    Raises
    ------
    DataError
        When a folder or pattern holds no file that can be read.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        several = path.is_dir() and path.suffix.lower() != ".gdb"
        if several:
            parts = [
                part
                for part in sorted(path.iterdir())
                if part.suffix.lower() in IMPORT_SUFFIXES and part.name[0] not in ".~"
            ]
        elif not path.exists() and re.search(r"[*?\[]", path.name):
            several, parts = True, sorted(path.parent.glob(path.name))
        else:
            parts = [path]
        if several and not parts:
            raise DataError(
                "文件夹里没有可读的文件" if path.is_dir() else "没有这样的文件",
                file=path,
                expected="、".join(IMPORT_SUFFIXES),
            )
        found += parts
    return list(dict.fromkeys(found))


def assemble(
    parts: list[pd.DataFrame], reports: list[FileReport], tell: ProgressCallback, engine: Engine = HERE
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Make one canonical set of the rows of all files; second, the rows that were merged into others."""
    file_of = np.repeat(np.arange(len(parts)), [len(rows) for rows in parts])
    table = pd.concat(parts, ignore_index=True)
    parts.clear()
    total = len(table)
    tell("duplicates", 0, total)
    if len(reports) > 1:
        _set_default_points_aside(table, reports, file_of)
    table["stated_adcode"] = table["stated_adcode"].replace(["", CORE], None)  # `stated_core` says it beside a district
    facts = [name for name, column in COLUMNS.items() if column.spellings and name in table and name not in _SECOND]
    remaining, merged, parent, apart = merge_duplicates(
        table, facts, [[*pair, *_WITH.get(pair[0], ())] for pair in _PAIRS if set(pair) <= set(table)]
    )
    remaining["stated_core"] = remaining["stated_core"].fillna("")
    remaining["stated_adcode"] = remaining["stated_adcode"].fillna(remaining["stated_core"])
    for position in merged["position"]:
        reports[file_of[position]].duplicates_merged += 1
    beside = {title for report in reports for title in report.columns_unknown if not numbers_rows(title)} & set(table)
    told = [*(name for name in facts if name not in _NAMES), *sorted(beside)]  # years of one enterprise, too
    _tell_differences(table, remaining, merged, told, reports, file_of)
    for positions, problem in ((apart, APART), (parent.index, SITE)):
        for row in sorted(positions):
            reports[file_of[row]].issues.append(
                Issue(int(table["source_row"].iat[row]), "name", table["name"].iat[row], problem)
            )
    if "parent_id" in remaining:  # the list's own column is not what ours says of a site
        remaining = remaining.rename(columns={"parent_id": "parent_id (source)"})
    if len(parent):
        remaining["kind"] = remaining.get("kind", pd.Series(index=remaining.index, dtype="str")).fillna("company")
        remaining.loc[parent.index, "kind"] = "site"
    ids = distinct_ids(remaining, sites=parent.index)
    if len(parent):
        remaining["parent_id"] = pd.Series(ids.reindex(parent.to_numpy()).to_numpy(), index=parent.index, dtype="str")
    record = pd.DataFrame(
        {
            "source_file": table["source_file"].to_numpy()[merged["position"]],
            "source_row": table["source_row"].to_numpy()[merged["position"]],
            "name": table["name"].to_numpy()[merged["position"]],
            "enterprise_id": ids.reindex(merged["kept"]).to_numpy(),
            "merged_into": remaining["name"].reindex(merged["kept"]).to_numpy(),
            "merged_into_row": remaining["source_row"].reindex(merged["kept"]).to_numpy(),
            "rule": merged["rule"].to_numpy(),
        }
    )
    del table
    tell("locate", 0, total)
    remaining["enterprise_id"] = ids
    file_of = file_of[remaining.index]
    remaining = remaining.reset_index(drop=True)
    placed = locate_rows(remaining, lambda done: tell("locate", done, total), engine)
    by_address = placed["outside"] & (placed["address_adcode"] == OUTSIDE) & (placed["point_adcode"] != OUTSIDE)
    for row in np.flatnonzero(by_address & (remaining["stated_adcode"] != OUTSIDE)):
        number, address = int(remaining["source_row"].iat[row]), str(remaining["address"].iat[row])[:80]
        reports[file_of[row]].issues.append(Issue(number, "address", address, ADDRESS_ELSEWHERE))
    blank = pd.Series(index=remaining.index, dtype="str")
    raw = {name: placed[name].where(placed[name].notna(), remaining[name]) for name in ("lon_raw", "lat_raw")}
    own = _same_place(remaining, placed)
    placed["zone"] = placed["zone"].mask(own & remaining.get("zone", blank).isin(ZONES), remaining.get("zone"))
    noted = own & (placed["location_note"] == "") & remaining.get("location_note", blank).notna()
    placed["location_note"] = placed["location_note"].mask(noted, remaining.get("location_note"))
    said_shared = remaining.get("registration", blank).eq("shared")
    remaining = remaining.drop(columns="point_error_m").assign(**placed.drop(columns=["lon_raw", "lat_raw"]), **raw)
    flags = flag_shared(remaining)
    remaining = remaining.assign(**flags.assign(shared_address=flags["shared_address"] | said_shared))
    remaining["status"] = remaining["status"].fillna("unknown")
    remaining["uscc_valid"] = remaining["uscc_valid"].fillna(False).astype(bool)
    remaining["kind"] = remaining.get("kind", pd.Series("company", index=remaining.index)).fillna("company")
    if "evidence" not in remaining:
        remaining["evidence"] = np.where(remaining["adcode"] != "", "imported", "none")
    tell("locate", total, total)
    others = [name for name in remaining.columns if name not in COLUMNS]
    for name in others:
        if remaining[name].dtype == "str" or remaining[name].dtype == object:
            remaining[name] = remaining[name].fillna("").astype("str")
    return as_enterprises(remaining), record


def _tell_differences(
    table: pd.DataFrame,
    remaining: pd.DataFrame,
    merged: pd.DataFrame,
    facts: list[str],
    reports: list[FileReport],
    file_of: NDArray[np.int64],
) -> None:
    """Note what a merged row says otherwise than the row it went into: one of the two is lost."""
    for column in facts:
        gone, kept = table[column].iloc[merged["position"]], remaining[column].reindex(merged["kept"])
        both = gone.notna().to_numpy() & kept.notna().to_numpy()
        for (row, value), other in zip(gone[both].items(), kept[both], strict=True):
            if fold(str(value)) != fold(str(other)):
                reports[file_of[row]].issues.append(
                    Issue(int(table["source_row"].iat[row]), column, str(value), DIFFERS)
                )


def _set_default_points_aside(table: pd.DataFrame, reports: list[FileReport], file_of: NDArray[np.int64]) -> None:
    """Find the default points that only the rows of several files together show; in place, and noted in each report."""
    lon, lat = (table[name].to_numpy(float, copy=True) for name in ("lon", "lat"))
    if not np.isfinite(lon).any():
        return
    address, stated = table["address"].fillna("").astype("str"), table["stated_adcode"].fillna("")
    shared = default_points(lon, lat, table["address"], district_hints(stated, read_addresses(address, stated)))
    for row in np.flatnonzero(shared):
        reports[file_of[row]].issues.append(
            Issue(int(table["source_row"].iat[row]), "lon", f"{lon[row]:.6f} {lat[row]:.6f}", DEFAULT_POINT)
        )
    for name, values in (("lon", lon), ("lat", lat)):
        table.loc[shared, f"{name}_raw"] = values[shared]
        table[name] = np.where(shared, np.nan, values)


def _same_place(said: pd.DataFrame, placed: pd.DataFrame) -> pd.Series:
    """Rows of an export of ours placed as it says: its zone and its note stand, the words that said them may be gone."""
    if not {"zone", "adcode", "location_precision"} <= set(said.columns):
        return pd.Series(False, index=placed.index)
    return (said["adcode"].fillna("") == placed["adcode"]) & (
        said["location_precision"] == placed["location_precision"]
    )


def distinct_ids(table: pd.DataFrame, sites: pd.Index | None = None) -> pd.Series:
    """Identifier of each enterprise by its name; with code, district or number too where enterprises of one name are apart.

    A site never takes the identifier of its enterprise: it has one by its name and address.  What an export of ours calls
    its rows they are called again, as long as that tells all rows apart.
    """
    if "enterprise_id" in table:
        own = table["enterprise_id"].fillna("").astype("str")
        own = own.where(own.str.fullmatch(r"E[0-9a-f]{12}"), "")
        ids = distinct_ids(table.drop(columns="enterprise_id"), sites)
        known = own.where(own != "", ids)
        return known if known.is_unique else ids
    ids = enterprise_ids(table["name"])
    if sites is not None and len(sites):
        ids.loc[sites] = enterprise_ids(
            table["name"].loc[sites] + "|" + table["address"].loc[sites].fillna("").astype("str")
        )
    again = ids.duplicated(keep=False)
    if again.any():
        code = table["uscc"].fillna("").where(table["uscc_valid"].fillna(False).astype(bool), "")
        district = table.get("stated_adcode", pd.Series("", index=table.index)).fillna("").astype("str")
        for beside, which in ((code, again & (code != "")), (district, ids.duplicated() & (district != ""))):
            which = which & ids.duplicated(keep=False)
            ids[which] = enterprise_ids(table["name"] + "|" + beside)[which]
        still = ids.duplicated()
        number = ids.groupby(ids).cumcount().astype(str)
        ids[still] = enterprise_ids(table["name"] + "|" + number)[still]
    return ids


def account(enterprises: gpd.GeoDataFrame, reports: list[FileReport], synthetic: bool = False) -> Report:
    """The report of a set and its files."""
    counts = enterprises["location_precision"].value_counts()
    registered, adcode = enterprises["registration_adcode"], enterprises["adcode"]
    outside = enterprises["outside"].to_numpy(bool)
    for report in reports:
        mine = (enterprises["source_file"] == report.file) & (enterprises["location_conflict"] != "")
        report.issues += [
            Issue(int(row), "location", conflict, "位置的证据不一致，以登记的区为准")
            for row, conflict in zip(
                enterprises.loc[mine, "source_row"], enterprises.loc[mine, "location_conflict"], strict=True
            )
        ]
    return Report(
        reports,
        location={precision: int(counts.get(precision, 0)) for precision in PRECISIONS},
        conflicts=int((enterprises["location_conflict"] != "").sum()),
        outside=int(outside.sum()),
        shared_addresses=int(enterprises["shared_address"].sum()),
        registration_differs=int(((registered != "") & (adcode != "") & (registered != adcode)).sum()),
        synthetic=synthetic,
    )


def _label(file: Path) -> str:
    """File name as text, even when the locale could not decode it."""
    return os.fsencode(file.name).decode("utf-8", "replace")


def _refuse_unused(mapping: Mapping[str, Any] | None, reports: list[FileReport]) -> None:
    """A header that none of several files has was meant for one."""
    for column, title in (mapping or {}).items():
        if (
            isinstance(title, str)
            and title
            and not any(report.columns_given.get(column) == title for report in reports)
        ):
            raise DataError("没有一份文件有这一列", column=column_label(column), value=title)


def _mapping_of(mapping: Mapping[str, Any] | None, file: Path) -> Mapping[str, str] | None:
    if not mapping:
        return None
    if any(isinstance(value, Mapping) for value in mapping.values()):
        return mapping.get(file.name)
    return mapping
