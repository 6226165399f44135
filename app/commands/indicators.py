"""`python -m app indicators`: the indicators of every district as a csv."""

import argparse
from pathlib import Path

import pandas as pd

from app.commands.query import add_selection, load, read_query
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.files import write_bytes
from geo.filters.filters import Filters
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.definitions import indicator_table
from geo.indicators.per_mu import FIGURES, START_CUTS_POINTS, START_WEIGHTS, grade, yields_of
from geo.indicators.stars import productivity_of, stars
from geo.indicators.weights import weigh_places, weighted_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)
    parser.add_argument(
        "--weight",
        metavar="count|insured|capital:CNY|COLUMN",
        help="按什么加权：家数、参保人数、某币种的注册资本，或导入时保留的一列数（weight instead of the usual indicators）",
    )
    parser.add_argument(
        "--productivity",
        metavar="COLUMN",
        help="与 --weight 同用：产出是哪一列，除以参保人数即生产率（output by which productivity is judged）",
    )
    parser.add_argument(
        "--per-mu",
        choices=("enterprise", *PLACE_LEVELS),
        help="改写亩均税收、土地产出率等，逐企业或逐地（per-mu figures instead, by enterprise or place）",
    )


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    filters, lang = read_query(options.query)
    if options.productivity and not options.weight:
        raise DataError("--productivity 要与 --weight 同用（needs --weight）", value=options.productivity)
    if options.per_mu and options.weight:
        raise DataError("--per-mu 与 --weight 只能写一个（one of both）", value=options.weight)
    data = load(options.set)
    if options.per_mu:
        print(write_per_mu(data, filters, options.out, options.per_mu))
        return 0
    if options.weight:
        print(write_weighted(data, filters, options.out, options.weight, options.productivity))
        return 0
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
    _require_csv(out)
    counts = count_places(data, filters)
    table = indicator_table(counts).rename_axis("adcode").reset_index()
    write_bytes(table_bytes(table, "csv"), out)
    return int(counts.enterprises.sum())


def write_weighted(data: Dataset, filters: Filters, out: Path, weight: str, output: str | None = None) -> str:
    """Write one row per district by a weight, with coverage and stars; the sentence about it.

    Raises
    ------
    DataError
        When the weight is unknown or known of too few, or the file is no csv or cannot be written.
    """
    _require_csv(out)
    weighted = weigh_places(data, weight, filters)
    known, number = int(weighted.known.sum()), int(weighted.counts.sum())
    table = weighted_table(weighted)
    if output:
        made = productivity_of(data, output, filters)
        both = int(made.filter(like="_known_").to_numpy().sum())
        said = f"重点行业中 {both:,} 家兼有 {output} 与参保人数（both known for {both:,}）"
        parts = [table, made, stars(table, made)]
    else:
        said = "没有产出一列，不评生产率之星（no output column, no star of productivity）"
        parts = [table, stars(table)]
    table = pd.concat(parts, axis=1).rename_axis("adcode").reset_index()
    write_bytes(table_bytes(table, "csv"), out)
    return f"按 {weight} 加权：{number:,} 家中 {known:,} 家有数（known for {known:,} of {number:,}）；{said} → {out}"


def write_per_mu(data: Dataset, filters: Filters, out: Path, rows: str) -> str:
    """Write the per-mu figures with scores and grades, one row per enterprise or place; the sentence about it.

    Raises
    ------
    DataError
        When the dataset holds none of the facts, or the file is no csv or cannot be written.
    """
    _require_csv(out)
    found = yields_of(data, filters, "district" if rows == "enterprise" else rows)
    table = found.enterprises if rows == "enterprise" else found.places
    table = table.join(grade(table, found.whole, START_WEIGHTS, START_CUTS_POINTS))
    if rows == "enterprise":
        table.insert(0, "name", data.enterprises["name"].reindex(table.index))
    write_bytes(
        table_bytes(table.rename_axis("enterprise_id" if rows == "enterprise" else "place").reset_index(), "csv"), out
    )
    number = int(found.whole["enterprises"])
    known = "、".join(f"{one.name.zh} {int(found.whole[f'known_{code}']):,}" for code, one in FIGURES.items())
    return f"{number:,} 家中有数的（known of {number:,}）：{known} → {out}"


def _require_csv(out: Path) -> None:
    if out.suffix.lower() != ".csv":
        raise DataError("指标只能写成 csv", value=out, expected="以 .csv 结尾的文件名")
