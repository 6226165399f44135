"""`python -m app map`: the map of a selection as one HTML file that needs no network, or to be printed."""

import argparse

from app.commands.query import add_selection, load, read_query, tell_left_out
from app.documents import MapContent, print_bytes, write_html
from geo.clusters.hexagons import HEXAGON_SIZES_M
from geo.errors import DataError
from geo.files import write_bytes
from geo.indicators.timeline import Until
from geo.indicators.weights import COUNT
from geo.text import one_line
from reports.paper_sizes import PAPER_SIZES_MM, PRINT_SUFFIXES


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

    parser.add_argument(
        "--paper",
        choices=tuple(PAPER_SIZES_MM),
        help="OUT 是 pdf 或 png 时的纸张，不写是 a4（paper of a pdf or png, a4 by default）",
    )
    parser.add_argument("--title", help="pdf 或 png 上的标题（title of a pdf or png）")


def _year(text: str) -> Until:
    try:
        return Until.parse(text)
    except DataError as error:
        raise argparse.ArgumentTypeError(one_line(str(error))) from None


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it; DataError when its name ends in none of .html, .pdf and .png."""
    suffix = options.out.suffix.lower().removeprefix(".")
    if suffix not in {"html", "htm", *PRINT_SUFFIXES}:
        raise DataError(
            "地图只能写成 html 文件，印刷的写成 pdf 或 png",
            value=options.out,
            expected="以 .html、.pdf 或 .png 结尾的文件名",
        )
    laid_out = {name: value for name in ("paper", "title") if (value := getattr(options, name)) is not None}
    if laid_out and suffix not in PRINT_SUFFIXES:
        raise DataError(
            "纸张与标题只用于印刷的地图（of a pdf or png only）",
            value=" ".join(f"--{name} {value}" for name, value in laid_out.items()),
            expected="以 .pdf 或 .png 结尾的文件名",
        )
    filters, lang = read_query(options.query)
    data = load(options.set)
    tell_left_out(data, filters)
    if options.weight != COUNT and not options.hexagons:
        raise DataError("权重只用于六边形（a weight is of hexagons）", value=options.weight, expected="--hexagons 2000")
    content = MapContent(options.hexagons, options.weight, options.until)
    if suffix in PRINT_SUFFIXES:
        write_bytes(print_bytes(data, filters, lang, content, suffix=suffix, **laid_out), options.out)
    else:
        write_html(data, filters, options.out, lang, content)
    said = " · ".join(filter(None, [data.sentence(filters, lang), content.sentence(data, filters, lang)]))
    print(f"{said} → {options.out}")
    return 0
