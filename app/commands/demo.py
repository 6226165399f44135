"""`python -m app demo`: a synthetic table of any size, said to be one everywhere."""

import argparse
import sys
from pathlib import Path

from geo.datasets.demo import write_demo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("--rows", type=int, required=True, help="企业数（number of enterprises）")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="要写的文件夹（folder to write）")
    parser.add_argument("--seed", type=int, default=2017, help="同一种子得到同样的企业（random seed）")


def run(options: argparse.Namespace) -> int:
    """Write the table under a counter."""

    def tell(done: int, total: int) -> None:
        print(f"\r合成企业 {done:,} / {total:,}", end="", file=sys.stderr, flush=True)

    try:
        report = write_demo(options.rows, options.out, seed=options.seed, progress=tell)
    finally:
        print(file=sys.stderr)
    print(f"合成数据 {report.imported:,} 家（synthetic）→ {report.folder}")
    return 0
