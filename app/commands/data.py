"""`python -m app data check FILE`: whether a contributor's rows may join the sample."""

import argparse
from pathlib import Path

import pandas as pd

from geo.catalog import read_table
from geo.errors import DataError
from geo.ingest.contribution import REQUIRED, Problem, problems_of

MAX_CONTRIBUTION_BYTES = 32 * 1024 * 1024
MAX_PROBLEMS_SHOWN = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("action", choices=["check"], help="check 核对（check the rows）")
    parser.add_argument("file", metavar="FILE", help=f"csv，列为 {'、'.join(REQUIRED)}（a contributor's csv）")


def run(options: argparse.Namespace) -> int:
    """Say what keeps the rows from the sample; 1 when something does."""
    rows = _read(Path(options.file))
    problems = problems_of(rows, read_table("enterprises", ["name", "name_en"]))
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        print(_line(problem))
    if len(problems) > MAX_PROBLEMS_SHOWN:
        print(f"……另有 {len(problems) - MAX_PROBLEMS_SHOWN} 处（and more）")
    print(
        f"{len(rows)} 行，{len(problems)} 处要改（problems）"
        if problems
        else f"{len(rows)} 行都可收录（all rows may join）"
    )
    return int(bool(problems))


def _line(problem: Problem) -> str:
    return f"第 {problem.row} 行，{problem.column}：{problem.said}"


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise DataError("没有这个文件", value=path.name)
    if path.stat().st_size > MAX_CONTRIBUTION_BYTES:
        raise DataError("文件太大", value=path.name, expected="至多 32 MB 的 csv")
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", encoding_errors="strict")
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError("读不出这个 csv", value=path.name, expected="UTF-8、逗号分隔、第一行是列名的 csv") from error
