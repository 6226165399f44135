"""`python -m app map`: the map of a selection as one HTML file that needs no network."""

import argparse

from app.commands.query import add_selection, load, read_query, tell_left_out
from app.documents import write_html
from geo.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it; DataError when its name does not end in .html."""
    if options.out.suffix.lower() not in {".html", ".htm"}:
        raise DataError("地图只能写成 html 文件", value=options.out, expected="以 .html 结尾的文件名")
    filters, lang = read_query(options.query)
    data = load(options.set)
    tell_left_out(data, filters)
    write_html(data, filters, options.out, lang)
    print(f"{data.sentence(filters, lang)} → {options.out}")
    return 0
