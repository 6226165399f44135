"""The account of an import: every row of every file taken, rejected or merged, and what was noticed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.ingest.datum import NO_DATUM, UNDETERMINED, Verdict
from geo.ingest.readers.sheet import Issue, Issues, Rejected
from geo.text import inert


@dataclass
class FileReport:
    """The account of one file; `imported` + `rejected` + `duplicates_merged` = `rows_in_file`."""

    file: str
    sha256: str
    rows_in_file: int
    header_row: int | None
    vendor: str
    encoding: str | None
    datum: Verdict
    columns_mapped: dict[str, str]
    columns_unknown: list[str]
    personal_columns_dropped: list[str]
    rejected_rows: list[Rejected]
    issues: list[Issue]
    blank_rows: int = 0
    duplicates_merged: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    """Canonical column → rows in which it has a value."""
    kept_filled: dict[str, int] = field(default_factory=dict)
    """Column that was kept as it stands → rows in which it has a value."""
    columns_by: dict[str, str] = field(default_factory=dict)
    """Canonical column → what it is known by, see `geo.ingest.rows.KNOWN_BY`."""
    columns_given: dict[str, str] = field(default_factory=dict)
    """Canonical column → header that a person named, or ``""`` where one took it out: for the next release."""

    def issue_counts(self) -> dict[str, int]:
        """How often each kind of thing was noticed."""
        return listed_issues(self.issues)[1]

    @property
    def rejected(self) -> int:
        """Rows that were not taken."""
        return len(self.rejected_rows)

    @property
    def taken(self) -> int:
        """Rows that were taken: what `filled` is out of."""
        return self.rows_in_file - self.rejected

    @property
    def imported(self) -> int:
        """Rows that became an enterprise of their own."""
        return self.rows_in_file - self.rejected - self.duplicates_merged

    def as_dict(self) -> dict[str, Any]:
        """What JSON can hold."""
        listed, counts = listed_issues(self.issues)
        return {
            "file": self.file, "sha256": self.sha256, "rows_in_file": self.rows_in_file, "imported": self.imported,
            "rejected": self.rejected, "duplicates_merged": self.duplicates_merged, "blank_rows": self.blank_rows,
            "header_row": self.header_row, "vendor": self.vendor, "encoding": self.encoding,
            "datum": self.datum.as_dict(), "columns_mapped": self.columns_mapped,
            "columns_unknown": self.columns_unknown, "personal_columns_dropped": self.personal_columns_dropped,
            "filled": self.filled, "kept_filled": self.kept_filled, "columns_by": self.columns_by,
            "columns_given": self.columns_given, "issues": listed, "issue_counts": counts,
        }  # fmt: skip


@dataclass
class Report:
    """The account of an import.

    `location` counts the enterprises by precision, `conflicts` those whose witnesses disagree, `outside` those beyond
    Shanghai, `shared_addresses` those at an address that gathers implausibly many, `registration_differs` those
    registered with the authority of another district (weak evidence, no conflict); `folder` is where the set lies.
    """

    files: list[FileReport]
    location: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    outside: int = 0
    shared_addresses: int = 0
    registration_differs: int = 0
    synthetic: bool = False
    folder: Path | None = None

    @property
    def rows_in_file(self) -> int:
        """Rows of all files."""
        return sum(file.rows_in_file for file in self.files)

    @property
    def imported(self) -> int:
        """Enterprises that were taken."""
        return sum(file.imported for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that were not taken."""
        return sum(file.rejected for file in self.files)

    @property
    def duplicates_merged(self) -> int:
        """Rows that were merged into others."""
        return sum(file.duplicates_merged for file in self.files)

    @property
    def issues(self) -> list[Issue]:
        """All that was noticed, in the order of the files."""
        return [issue for file in self.files for issue in file.issues]

    def as_dict(self) -> dict[str, Any]:
        """What `report.json` holds: totals, and one entry per file under ``files``.

        A value that the files do not share is null at the top; their datums are then ``mixed``.
        """
        first = self.files[0].as_dict()
        entries = [file.as_dict() for file in self.files]
        totals = ("rows_in_file", "imported", "rejected", "duplicates_merged", "blank_rows")
        shared = {
            key: first[key] if all(entry[key] == first[key] for entry in entries) else None
            for key in ("header_row", "vendor", "encoding")
        }
        counts = Counter({key: 0 for entry in entries for key in entry["issue_counts"]})
        for entry in entries:
            counts.update(entry["issue_counts"])
        issues = [{**issue, "file": entry["file"]} for entry in entries for issue in entry["issues"]]
        return {
            **{key: sum(entry[key] for entry in entries) for key in totals},
            **shared,
            "datum": self._datum(),
            "columns_mapped": {
                key: title for entry in reversed(entries) for key, title in entry["columns_mapped"].items()
            },
            "columns_unknown": _once(title for entry in entries for title in entry["columns_unknown"]),
            "personal_columns_dropped": _once(
                title for entry in entries for title in entry["personal_columns_dropped"]
            ),
            "location": self.location, "conflicts": self.conflicts, "outside": self.outside,
            "shared_addresses": self.shared_addresses, "registration_differs": self.registration_differs,
            "synthetic": self.synthetic, "issues": issues, "issue_counts": dict(counts), "files": entries,
        }  # fmt: skip

    def _datum(self) -> dict[str, Any]:
        spoken = [file.datum for file in self.files if file.datum.verdict != NO_DATUM]
        if len(self.files) == 1 or not spoken:
            return self.files[0].datum.as_dict()
        if len({verdict.verdict for verdict in spoken}) == 1:
            return max(spoken, key=lambda verdict: verdict.n).as_dict()
        return {**Verdict("mixed", n=sum(verdict.n for verdict in spoken)).as_dict()}

    def sentence(self, lang: str = "zh") -> str:
        """The account in one line, in Chinese or English.

        Examples
        --------
        >>> Report([FileReport("a.csv", "", 3, 1, "generic", "utf-8", Verdict("none"), {}, [], [], [], [])]).sentence()
        '共 3 行 = 导入 3 + 合并 0 + 未导入 0'
        """
        doubtful = [file.file for file in self.files if file.datum.verdict == UNDETERMINED]
        if lang == "en":
            text = (
                f"{self.rows_in_file:,} rows = imported {self.imported:,} + merged {self.duplicates_merged:,}"
                f" + not imported {self.rejected:,}"
            )
            return text + (f"; datum not told: {', '.join(doubtful)}" if doubtful else "")
        text = (
            f"共 {self.rows_in_file:,} 行 = 导入 {self.imported:,} + 合并 {self.duplicates_merged:,}"
            f" + 未导入 {self.rejected:,}"
        )
        return text + (f"；坐标系未能判定：{'、'.join(doubtful)}" if doubtful else "")


def listed_issues(issues: list[Issue]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Issues as JSON holds them, at most `geo.ingest.readers.sheet.MAX_LISTED_ISSUES` of each kind, and the number of each kind.

    Examples
    --------
    >>> listed_issues([Issue(3, "uscc", "9E17", "无法恢复")])
    ([{'row': 3, 'column': 'uscc', 'value': '9E17', 'problem': '无法恢复'}], {'uscc：无法恢复': 1})
    """
    known = Issues(issues)
    entries = [{**issue._asdict(), "value": issue.value[:80]} for issue in known]
    return [entry if entry["sheet"] else {key: entry[key] for key in Issue._fields[:4]} for entry in entries], dict(
        known.counts
    )


WRITTEN: Final = ("enterprises.parquet", "report.json", "rejected.csv", "merged.csv")
"""Files that an import writes to its folder."""

MAX_PIECE_ROWS: Final = 100_000
"""Rows of a csv that are put together at once."""


def write_report(report: Report, merged: pd.DataFrame, folder: Path) -> None:
    """Write `report.json`, `rejected.csv` and `merged.csv` to a folder; the tables piece by piece, they may be as long as the files."""
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    columns = ["source_file", "source_row", "reason", "name", "sheet"]
    if not any(row.sheet for file in report.files for row in file.rejected_rows):
        columns.remove("sheet")
    rejected = (
        (file.file, row.row, row.reason, row.name, row.sheet)[: len(columns)]
        for file in report.files
        for row in sorted(file.rejected_rows)
    )
    pieces = (pd.DataFrame(rows, columns=columns) for rows in _pieces(rejected))
    _write_csv(columns, pieces, folder / "rejected.csv")
    starts = range(0, len(merged), MAX_PIECE_ROWS)
    _write_csv(merged.columns, (merged.iloc[at : at + MAX_PIECE_ROWS] for at in starts), folder / "merged.csv")


def _pieces(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while piece := list(islice(rows, MAX_PIECE_ROWS)):
        yield piece


def _write_csv(columns: Iterable[str], pieces: Iterable[pd.DataFrame], path: Path) -> None:
    """Cells that a spreadsheet would run are written with an apostrophe before them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        pd.DataFrame(columns=pd.Index(columns)).to_csv(file, index=False, lineterminator="\n")
        for piece in pieces:
            safe = piece.copy()
            for title in safe.select_dtypes(include=["object", "str"]).columns:
                safe[title] = safe[title].map(inert)
            safe.to_csv(file, index=False, header=False, lineterminator="\n")


def _once(titles: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(titles))
