"""`python -m app brief`: the brief of a district, of the core or of the belt from the command line."""

import argparse
from pathlib import Path

from app.commands.query import load, read_query
from app.documents import brief_bytes, slides_bytes
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.files import write_bytes
from geo.filters.filters import Filters
from reports.brief_facts import Brief, make_brief


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument(
        "place", metavar="ADCODE|core|belt", help="区划代码（如 310114）、core 或 belt；写 pptx 时可用逗号隔开至多 4 个"
    )
    parser.add_argument("out", type=Path, metavar="OUT.docx|pptx", help="要写的 Word 或演示文件（file to write）")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="文件的语言（language）")
    parser.add_argument("--query", default="", help="网址问号后的其他筛选，如 industry=auto（other filters）")
    parser.add_argument("--set", type=Path, metavar="DIR", help="import 写出的文件夹，代替内置样本（imported set）")


def run(options: argparse.Namespace) -> int:
    """Write the brief and say what is in it; 0 when done.

    Raises
    ------
    DataError
        As `write_brief`.
    """
    filters, _ = read_query(options.query)
    data = load(options.set)
    for brief in write_brief(data, options.place, options.out, options.lang, filters):
        print(f"{data.sentence(brief.filters, options.lang)} → {options.out}")
    return 0


def write_brief(data: Dataset, places: str, out: Path, lang: str = "zh", filters: Filters | None = None) -> list[Brief]:
    """Write the brief of a place as a docx file, or slides that compare several as a pptx file, whole or not at all.

    Raises
    ------
    DataError
        When a place is not known, the file is named neither .docx nor .pptx or cannot be written, a docx file is to hold
        several places, or no Chinese font is installed.
    """
    suffix = out.suffix.lower()
    if suffix not in {".docx", ".pptx"}:
        raise DataError("简报只能写成 docx 或 pptx 文件", value=out, expected="以 .docx 或 .pptx 结尾的文件名")
    briefs = [make_brief(data, place, filters) for place in places.split(",")]
    if suffix == ".pptx":
        write_bytes(slides_bytes(data, briefs, lang), out)
    elif len(briefs) > 1:
        raise DataError("Word 简报只写一个地方，几个地方的比较写成 pptx", value=places, expected="310114")
    else:
        write_bytes(brief_bytes(data, briefs[0], lang), out)
    return briefs
