"""`python -m app export`: the enterprises of a selection as a table."""

import argparse

from app.commands.query import LANGUAGES, add_selection, load, read_query, tell_left_out
from geo.export.selection import export
from geo.filters.place import with_distances


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)
    parser.add_argument("--labels", choices=LANGUAGES, help="表头与代码用用户的说法（labels instead of codes）")


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    filters, lang = read_query(options.query)
    data = load(options.set)
    selected = with_distances(data.select(filters), filters.near)
    tell_left_out(data, filters)
    export(
        selected,
        options.out,
        labels=options.labels,
        sentence=data.sentence(filters, options.labels or lang),
        date=data.date,
        synthetic=data.synthetic,
        origin="" if data.built_in else data.title,
    )
    print(f"{data.sentence(filters, lang)} → {options.out}")
    return 0
