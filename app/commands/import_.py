"""`python -m app import`: vendors' files from the command line."""

import argparse
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from geo.datasets import workspace
from geo.datasets.workspace import ImportedDataset
from geo.enterprises.schema import PRECISION_LABELS
from geo.errors import DataError
from geo.ingest.pipeline import IMPORT_SUFFIXES, Report, import_files

DATUM_CHOICES: Final = ("auto", "wgs84", "gcj02", "bd09")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE",
        help="企业表，或装着几份的文件夹、通配符（files, a folder or a pattern）：" + "、".join(suffix[1:] for suffix in IMPORT_SUFFIXES),
    )  # fmt: skip
    parser.add_argument("--out", metavar="DIR", help="写出的文件夹，已有的会整个替换（folder）")
    parser.add_argument("--as", dest="title", metavar="NAME", help="放进工作区，用这个名称（put into the workspace）")
    parser.add_argument("--replace", action="store_true", help="替换工作区里同名的数据集（replace one of that name）")
    parser.add_argument(
        "--datum", choices=DATUM_CHOICES, default="auto", help="坐标系，默认按证据判定（datum of coordinates）"
    )
    parser.add_argument(
        "--keep-personal", action="store_true", help="保留法定代表人、电话等列（keep personal columns）"
    )


def run(args: argparse.Namespace) -> int:
    """Import and print the account.

    Parameters
    ----------
    args : Namespace
        `files`, `out`, `title`, `replace`, `datum`, `keep_personal`.

    Returns
    -------
    int
        0, when something was imported.

    Raises
    ------
    DataError
        When nothing can be imported; the command line says why in one line and ends with 2.
    """
    if not args.out and args.title is None:
        raise DataError("要写到哪里：用 --out 文件夹，或 --as 名称放进工作区（where to: --out DIR or --as NAME）")
    if args.title is not None:
        workspace.check_title(args.title, replace=args.replace)
    with TemporaryDirectory(prefix="import-") as folder:
        try:
            report = import_files(
                [Path(file) for file in args.files],
                Path(args.out or Path(folder) / "dataset"),
                datum=args.datum,
                keep_personal=args.keep_personal,
            )
        except MemoryError:
            raise DataError("内存不足", expected="请把文件分成几份") from None
        added = report.folder and args.title and _add(report.folder, args.title, args.replace)
    print("\n".join(account_lines(report)))
    if args.out:
        print(f"→ {report.folder}")
    if added:
        print(f"→ 工作区的数据集：{added.title}（set={added.key}）")
    return 0


def _add(folder: Path, title: str, replace: bool) -> ImportedDataset:
    """Put a dataset into the workspace, with a line in the log as for one that came in on a page."""
    from app.records.database import open_database  # here: who only writes to a folder need not wait for it
    from app.records.datasets import add_dataset
    from app.records.people import COMMAND_LINE, Person

    return add_dataset(open_database(), folder, title, Person(COMMAND_LINE, proven=False), replace=replace)


def account_lines(report: Report) -> list[str]:
    """What an import did, as lines: enough to trust the result or not.

    Parameters
    ----------
    report : Report

    Returns
    -------
    list of str
        The account of the rows, how they are placed, of each file which column was taken for what and how many cells of
        it are filled, and how often each thing was noticed.
    """
    placed = "、".join(f"{PRECISION_LABELS[level].zh} {n:,}" for level, n in report.location.items() if n)
    lines = [
        report.sentence(),
        f"定位：{placed}；位置矛盾 {report.conflicts:,}，上海以外 {report.outside:,}，集中登记地 {report.shared_addresses:,}"
        f"，登记机关在别区 {report.registration_differs:,}",
    ]
    for file in report.files:
        notes = [f"表头第 {file.header_row} 行" if file.header_row else "", file.vendor, file.encoding or ""]
        lines.append(f"{file.file}：{'，'.join([*filter(None, notes), f'坐标系 {file.datum.label}'])}")
        taken = file.rows_in_file - file.rejected
        lines.append(
            "  列："
            + "、".join(
                f"{title} → {name} {file.filled.get(name, taken):,}/{taken:,}"
                for name, title in file.columns_mapped.items()
            )
        )
        if file.columns_unknown:
            lines.append("  原样保留：" + "、".join(file.columns_unknown))
        if file.personal_columns_dropped:
            lines.append("  已略去 " + "、".join(file.personal_columns_dropped))
        reasons = Counter(row.reason for row in file.rejected_rows)
        if reasons:
            lines.append("  未导入：" + "、".join(f"{reason} {n:,}" for reason, n in reasons.most_common()))
        lines += [
            f"  说明：{kind}（{n:,} 次）" for kind, n in sorted(file.issue_counts().items(), key=lambda one: -one[1])
        ]
    return lines
