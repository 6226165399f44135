"""`python -m app import`: vendors' files from the command line."""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.commands.source import Source
from app.i18n import LANGS, word
from geo.datasets import workspace
from geo.datasets.rights import OF_ALL, OF_GROUPS, PRIVATE, SEEN_BY, DatasetRights
from geo.datasets.workspace import ImportedDataset
from geo.enterprises.schema import PRECISION_LABELS
from geo.errors import DataError
from geo.ingest.engines import open_engine
from geo.ingest.pipeline import IMPORT_SUFFIXES, Report
from geo.ingest.problems import in_english
from geo.ingest.values.columns import read_columns

DATUM_CHOICES: Final = ("auto", "wgs84", "gcj02", "bd09")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE",
        help="企业表，或装着几份的文件夹、通配符（files, a folder or a pattern）：" + "、".join(suffix[1:] for suffix in IMPORT_SUFFIXES),
    )  # fmt: skip
    parser.add_argument(
        "--sql", metavar="SELECT", help="FILE 是数据库的网址时：读哪个查询（query, where FILE is a database's URL）"
    )
    parser.add_argument(
        "--table", metavar="TABLE", help="FILE 是数据库的网址时：读哪张表（table, where FILE is a database's URL）"
    )
    parser.add_argument("--out", metavar="DIR", help="写出的文件夹，已有的会整个替换（folder）")
    parser.add_argument("--as", dest="title", metavar="NAME", help="放进工作区，用这个名称（put into the workspace）")
    parser.add_argument(
        "--seen-by", choices=SEEN_BY, default=None,
        help="工作区里谁能看见，默认所有人（who can see it, where people sign in）",
    )  # fmt: skip
    parser.add_argument("--owner", default="", metavar="ACCOUNT", help="归哪个账号（whose it is）")
    parser.add_argument(
        "--group", dest="groups", action="append", default=[], metavar="GROUP", help="给哪个组看，可写几次（group）"
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="替换工作区里同名（或写编号）的那一个（replace the one of that name or key）",
    )
    parser.add_argument(
        "--datum", choices=DATUM_CHOICES, default="auto", help="坐标系，默认按证据判定（datum of coordinates）"
    )
    parser.add_argument(
        "--column", dest="columns", action="append", default=[], metavar="HEADER=COLUMN",
        help="没有认出的表头是什么，如 company_name=name、登记地=地址，可写几次；=lon 表示不用认出的那一列（what a heading means）",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, metavar="N", help="用几个本机进程，默认一个（local processes, the result is the same）"
    )
    parser.add_argument(
        "--scheduler",
        metavar="TCP://HOST:PORT",
        help="用这个 Dask 调度器的集群（a Dask cluster, the result is the same）",
    )
    parser.add_argument("--lang", choices=tuple(LANGS), default="zh", help="说明的语言（language of the account）")
    parser.add_argument(
        "--keep-personal", action="store_true", help="保留法定代表人、电话等列（keep personal columns）"
    )


def run(args: argparse.Namespace) -> int:
    """Import and print the account.

    Parameters
    ----------
    args : Namespace
        `files`, `sql`, `table`, `out`, `title`, `replace`, `datum`, `columns`, `workers`, `scheduler`, `lang`,
        `keep_personal`.

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
    chosen = open_engine(args.workers, args.scheduler)
    rights = _rights(args)
    earlier = workspace.only(args.title, args.owner) if args.title and args.replace else None
    if args.title is not None and earlier is None:
        workspace.check_title(args.title, replace=args.replace, owner=args.owner, known=_known_to(args))
    how = {"datum": args.datum, "keep_personal": args.keep_personal, "columns": read_columns(args.columns)}
    source = Source.of(args.files, args.sql, args.table, **how)
    with TemporaryDirectory(prefix="import-") as folder, chosen as engine:
        try:
            out = Path(args.out or Path(folder) / "dataset")
            report = source.import_into(out, workspace.columns_given(earlier.key) if earlier else None, engine)
        except MemoryError:
            raise DataError("内存不足", expected="请把文件分成几份") from None
        added = report.folder and args.title and _add(report.folder, args, earlier, source, rights)
    print("\n".join(account_lines(report, args.lang)))
    if args.out:
        print(f"→ {report.folder}")
    if added:
        print(word("report.into", args.lang, title=added.title, name=added.key))
    return 0


def _rights(args: argparse.Namespace) -> DatasetRights | None:
    """Who may know of the dataset, as the command says; None where it says nothing."""
    seen_by = args.seen_by or (OF_GROUPS if args.groups else OF_ALL)
    if seen_by == PRIVATE and not args.owner:
        raise DataError("--seen-by private 要写明归谁（whose is it）", expected="--owner 账号")
    if (seen_by == OF_GROUPS) != bool(args.groups):
        raise DataError("给组看的要写明哪些组（which groups）", expected="--seen-by groups --group 组名")
    if not (args.seen_by or args.owner or args.groups):
        return None
    return DatasetRights(args.owner, seen_by, tuple(args.groups))


def _known_to(args: argparse.Namespace) -> workspace.Known:
    """Which sets take a title from the one that comes in: with `--replace`, another owner's does not."""
    if args.replace and args.owner:
        return lambda entry: entry.rights.owner in ("", args.owner)
    return workspace.everything


def _add(
    folder: Path,
    args: argparse.Namespace,
    earlier: ImportedDataset | None,
    source: Source,
    rights: DatasetRights | None,
) -> ImportedDataset:
    """Put a dataset into the workspace, with a line in the log as for one that came in on a page."""
    from app.records.database import open_database  # here: who only writes to a folder need not wait for it
    from app.records.datasets import add_dataset
    from app.records.people import COMMAND_LINE
    from app.records.permissions import Person

    who = Person(COMMAND_LINE, proven=False)
    return add_dataset(
        open_database(), folder, args.title, who, replace=args.replace, replaces=earlier, source=source.as_json(), rights=rights,
        known=_known_to(args),
    )  # fmt: skip


def account_lines(report: Report, lang: str = "zh") -> list[str]:
    """What an import did, as lines: enough to trust the result or not.

    Parameters
    ----------
    report : Report
    lang : {"zh", "en"}

    Returns
    -------
    list of str
        The account of the rows, how they are placed, of each file which column was taken for what, by what and how many
        cells of it are filled, and how often each thing was noticed.
    """

    def said(key: str, **values: object) -> str:
        return word(
            key, lang, **{name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        )

    def listed(parts: Iterable[str]) -> str:
        return (", " if lang == "en" else "、").join(parts)

    def told(problem: str) -> str:
        return in_english(problem) if lang == "en" else problem

    placed = listed(f"{PRECISION_LABELS[level].of(lang)} {n:,}" for level, n in report.location.items() if n)
    lines = [
        report.sentence(lang),
        said(
            "account.location", placed=placed, conflicts=report.conflicts, outside=report.outside,
            shared=report.shared_addresses, registration=report.registration_differs,
        ),
    ]  # fmt: skip
    for file in report.files:
        notes = [
            said("account.header", row=file.header_row) if file.header_row else "",
            file.vendor,
            file.encoding or "",
            said("account.datum", datum=file.datum.label),
        ]
        lines.append(f"{file.file}{said('account.colon')}{listed(filter(None, notes))}")
        columns = (
            f"{title} → {name}{_by(file.columns_by.get(name, ''), lang)} {file.filled.get(name, file.taken):,}/{file.taken:,}"
            for name, title in file.columns_mapped.items()
        )
        lines.append("  " + said("account.columns", columns=listed(columns)))
        if file.columns_unknown:
            kept = listed(
                f"{title} {file.kept_filled.get(title, 0):,}/{file.taken:,}" for title in file.columns_unknown
            )
            lines.append("  " + said("account.kept", columns=kept))
        if file.personal_columns_dropped:
            lines.append("  " + said("account.personal", columns=listed(file.personal_columns_dropped)))
        reasons = Counter(row.reason for row in file.rejected_rows)
        if reasons:
            rejected = listed(f"{told(reason)} {n:,}" for reason, n in reasons.most_common())
            lines.append("  " + said("account.rejected", reasons=rejected))
        for kind, n in sorted(file.issue_counts().items(), key=lambda one: -one[1]):
            column, colon, problem = kind.partition("：")
            known = told(kind) if told(kind) != kind else f"{column}{colon}{told(problem)}"
            lines.append("  " + said("account.told", problem=known, n=n))
    return lines


def _by(known_by: str, lang: str) -> str:
    """What a column is known by, where that is not its heading."""
    if known_by in ("", "heading"):
        return ""
    said = word(f"import.by.{known_by}", lang)
    return f" ({said})" if lang == "en" else f"（{said}）"
