"""`python -m app refresh`: read the source of a dataset again, and keep what was before as a release where it changed."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from app.commands.notify import send_notices
from app.commands.source import Source
from app.i18n import LANGS, word
from app.log import record_event
from app.records.database import open_database
from app.records.datasets import add_dataset
from app.records.people import COMMAND_LINE
from app.records.permissions import Person
from geo.datasets import workspace
from geo.datasets.diff import CHANGE_KINDS, compare
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError
from geo.text import one_line

MAX_TOLD_CHANGES: Final = 20
"""Changes that are named one by one."""

MAX_KEPT_CHARS: Final = 100
"""Characters of a name that are told or stand before the date of a release, which together have to be a title."""

_OF_THE_READING: Final = ("compiled", "source_file", "source_row")
"""Columns that say when and where a row was read: they differ without anything having changed."""

_WHO: Final = Person(COMMAND_LINE, proven=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("names", nargs="+", metavar="NAME", help="工作区里数据集的名称，可写几个（names of datasets）")
    parser.add_argument("--lang", choices=tuple(LANGS), default="zh", help="说明的语言（language of the account）")


def run(options: argparse.Namespace) -> int:
    """Refresh one dataset after the other, and say of each what has changed, or in one sentence why it was not read.

    Returns
    -------
    int
        0, or 2 when one of them could not be refreshed; that one stays as it is, and the others are refreshed.
    """
    failed = False
    for name in options.names:
        try:
            print("\n".join(refresh(name, options.lang)))
        except (DataError, OSError) as error:
            failed = True
            record_event("refresh", COMMAND_LINE, failed=True, dataset=name)
            print(one_line(f"{name[:MAX_KEPT_CHARS]}：{_reason(error)}"), file=sys.stderr)
    return 2 if send_notices() or failed else 0


def refresh(name: str, lang: str = "zh") -> list[str]:
    """Read the source of a dataset again; where its enterprises are others, they take its place.

    Parameters
    ----------
    name : str
        Title or key.
    lang : {"zh", "en"}

    Returns
    -------
    list of str
        What has changed, in lines.

    Raises
    ------
    DataError
        When there is no such dataset or several, it remembers no source, or that cannot be read; it stays as it is then.
    OSError
        When a file cannot be read.
    """
    entry = workspace.only(name)
    if entry is None:
        raise DataError("没有这个数据集（no such dataset）", value=name)
    content = workspace.read_source(entry.key)
    if content is None:
        raise DataError(
            "这个数据集没有记下来源", value=entry.title,
            expected="用 import … --as 名称 --replace 再导入一次（it remembers no source, import it once more）",
        )  # fmt: skip
    source = Source.read(content)
    workspace.read_report(entry.key)  # it holds which columns a person named: without them a refresh would misread
    if source.digests() == [digest for _, digest in entry.files]:
        return _unchanged(entry, lang)
    with TemporaryDirectory(prefix="refresh-") as folder:
        out = Path(folder) / "dataset"
        source.import_into(out, workspace.columns_given(entry.key))
        old, new = workspace.read_enterprises(entry.key), workspace.read_imported(out)
        if _same(old, new):
            return _unchanged(entry, lang)
        changes = compare(old, new, lang)
        former = _keep_former(entry)
        add_dataset(
            open_database(),
            out,
            entry.title,
            _WHO,
            replaces=entry,
            source=content,
        )
    kinds = changes["kind"].value_counts()
    counts = ", ".join(f"{kind} {n}" for kind, n in kinds.items())
    record_event("refresh", COMMAND_LINE, dataset=entry.title, rows=len(new), changes=counts)
    return [*_account(entry.title, len(old), len(new), changes, lang), word("refresh.kept", lang, title=former)]


def _reason(error: DataError | OSError) -> str:
    if isinstance(error, DataError):
        return str(error)
    file = error.filename if isinstance(error.filename, str) else None
    return str(DataError("读不了（cannot be read）", file=file, cause=error.strerror or type(error).__name__))


def _unchanged(entry: ImportedDataset, lang: str) -> list[str]:
    record_event("refresh", COMMAND_LINE, dataset=entry.title, rows=entry.rows)
    return [word("refresh.same", lang, title=entry.title, rows=f"{entry.rows:,}")]


def _same(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether two tables hold the same enterprises, whatever the order in which they were read."""
    tables = [
        pd.DataFrame(one).drop(columns=["geometry", *_OF_THE_READING], errors="ignore").astype("str").sort_index()
        for one in (old, new)
    ]
    return tables[0].sort_index(axis=1).equals(tables[1].sort_index(axis=1))


def _keep_former(entry: ImportedDataset) -> str:
    """Title of the release that is kept of a dataset; one that was kept already, as when a refresh was cut off, stays."""
    own = f"{entry.title[:MAX_KEPT_CHARS].strip()} {entry.added[:10]}"
    kept = [one for one in workspace.list_datasets() if one.enterprises_sha256 == entry.enterprises_sha256]
    other = next((one.title for one in kept if one.key != entry.key and one.title.startswith(own)), "")
    if other:
        return other
    rights = workspace.rights_of(entry.key)  # as they are now: reading the source takes a while
    if rights is None:
        raise DataError("数据集已被删除，没有刷新（it was deleted meanwhile）", value=entry.title)
    title = workspace.another_title(own, owner=rights.owner)
    add_dataset(open_database(), workspace.verified(entry.key), title, _WHO, rights=rights)
    return title


def _account(title: str, before: int, now: int, changes: pd.DataFrame, lang: str) -> list[str]:
    kinds = changes["kind"].value_counts()
    comma = ", " if lang == "en" else "，"
    counts = comma.join(f"{label.of(lang)} {kinds[kind]:,}" for kind, label in CHANGE_KINDS.items() if kind in kinds)
    lines = [word("refresh.changed", lang, title=title, before=f"{before:,}", now=f"{now:,}", counts=counts)]
    for one in changes.head(MAX_TOLD_CHANGES).itertuples():
        said = " · ".join(filter(None, (CHANGE_KINDS[one.kind].of(lang), one.name, one.district, one.detail)))
        lines.append(f"  {said}")
    if len(changes) > MAX_TOLD_CHANGES:
        lines.append(word("refresh.more", lang, n=f"{len(changes) - MAX_TOLD_CHANGES:,}"))
    return lines
