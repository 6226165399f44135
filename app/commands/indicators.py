"""`python -m app indicators`: the indicators of every district as a csv."""

import argparse
from pathlib import Path

from app.commands.query import add_selection, load, read_query
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.files import write_bytes
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.indicators.definitions import indicator_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    filters, lang = read_query(options.query)
    data = load(options.set)
    located = write_indicators(data, filters, options.out)
    sentence = data.sentence(filters, lang)
    print(f"{sentence}，其中 {located:,} 家有所在区（with a district）→ {options.out}")
    return 0


def write_indicators(data: Dataset, filters: Filters, out: Path) -> int:
    """Write one row per district with the canonical columns, whole or not at all; how many enterprises have a district.

    Raises
    ------
    DataError
        When the file is no csv or cannot be written.
    """
    if out.suffix.lower() != ".csv":
        raise DataError("指标只能写成 csv", value=out, expected="以 .csv 结尾的文件名")
    counts = count_places(data, filters)
    table = indicator_table(counts).rename_axis("adcode").reset_index()
    write_bytes(table_bytes(table, "csv"), out)
    return int(counts.enterprises.sum())
