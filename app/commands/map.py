"""`python -m app map`: the map of a selection as one HTML file that needs no network."""

import argparse

from app.commands.query import add_selection, load, read_query, tell_left_out
from app.documents import MapContent, write_html
from geo.clusters.hexagons import HEXAGON_SIZES_M
from geo.errors import DataError
from geo.indicators.timeline import Until
from geo.indicators.weights import COUNT
from geo.text import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)
    sizes = "、".join(map(str, HEXAGON_SIZES_M))
    parser.add_argument(
        "--hexagons", type=int, choices=HEXAGON_SIZES_M, default=0, metavar="METRES",
        help=f"画六边形，对边距离为 {sizes} 米之一（hexagons in the place of enterprises）",
    )  # fmt: skip
    parser.add_argument(
        "--weight", default=COUNT, help="六边形加总的权重，如 insured、capital:CNY（what hexagons add up）"
    )
    parser.add_argument(
        "--until", type=_year, metavar="BASIS-YEAR",
        help="只画到某年为止的，如 founded-2015、recognition-2020（there by that year）",
    )  # fmt: skip


def _year(text: str) -> Until:
    try:
        return Until.parse(text)
    except DataError as error:
        raise argparse.ArgumentTypeError(one_line(str(error))) from None


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it; DataError when its name does not end in .html."""
    if options.out.suffix.lower() not in {".html", ".htm"}:
        raise DataError("地图只能写成 html 文件", value=options.out, expected="以 .html 结尾的文件名")
    filters, lang = read_query(options.query)
    data = load(options.set)
    tell_left_out(data, filters)
    if options.weight != COUNT and not options.hexagons:
        raise DataError("权重只用于六边形（a weight is of hexagons）", value=options.weight, expected="--hexagons 2000")
    content = MapContent(options.hexagons, options.weight, options.until)
    write_html(data, filters, options.out, lang, content)
    said = " · ".join(filter(None, [data.sentence(filters, lang), content.sentence(lang)]))
    print(f"{said} → {options.out}")
    return 0
