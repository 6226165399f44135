"""`python -m app atlas`: one page per district, zone or park of a selection as one PDF with contents."""

import argparse
import sys

from app.commands.query import add_selection, load, read_query, tell_left_out
from app.documents import atlas_bytes
from geo.errors import DataError
from geo.files import write_bytes
from reports.brief_facts import ATLAS_LEVELS, atlas_filters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)
    parser.add_argument(
        "--level", choices=ATLAS_LEVELS, default="district", help="每页一个区、核带或园区（what has a page）"
    )


def run(options: argparse.Namespace) -> int:
    """Write the atlas under a counter; DataError when its name does not end in .pdf, or nothing has a page."""
    if options.out.suffix.lower() != ".pdf":
        raise DataError("图集只能写成 pdf 文件", value=options.out, expected="以 .pdf 结尾的文件名")
    filters, lang = read_query(options.query)
    filters = atlas_filters(filters, options.level)
    data = load(options.set)
    tell_left_out(data, filters)

    def tell(done: int, pages: int) -> None:
        print(f"\r第 {done:,} / {pages:,} 页", end="\n" if done == pages else "", file=sys.stderr, flush=True)

    write_bytes(atlas_bytes(data, filters, options.level, lang, tell), options.out)
    print(f"{data.sentence(filters, lang)} → {options.out}")
    return 0
