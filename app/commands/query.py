"""What a command is asked for: a query as in a link, and the set it is about; values that are not known are named on stderr."""

import argparse
import sys
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from geo.datasets.dataset import Dataset, load_dataset
from geo.errors import DataError
from geo.filters.drive import drive_note
from geo.filters.filters import FILTER_FIELDS, MAX_TEXT_CHARACTERS, Filters, max_values
from geo.text import one_line

LANGUAGES: Final = ("zh", "en")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of what is written of a selection to a parser."""
    parser.add_argument("out", type=Path, help="要写的文件（file to write）")
    parser.add_argument("--query", default="", help="网址问号后的筛选，如 district=310117&industry=equipment")
    parser.add_argument("--set", type=Path, metavar="DIR", help="import 写出的文件夹，代替内置样本（imported set）")


def read_query(query: str) -> tuple[Filters, str]:
    """Filters and language of a query string or a whole link; values that are not known in it are named on stderr.

    Raises
    ------
    DataError
        When a parameter is not known: a filter that is misspelled would select everything.
    """
    text = query.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text.startswith(("http://", "https://")):
        text = urlsplit(text).query
    filters, others = Filters.from_query(text)
    known = (*FILTER_FIELDS, "q")
    unknown = [parameter for parameter in dict.fromkeys(others) if parameter not in (*known, "lang")]
    unknown = [parameter[:40] for parameter in unknown if not _is_of_a_page(parameter)]
    if unknown:
        raise DataError(
            "没有这个参数（unknown parameter）", value="、".join(unknown), expected="、".join((*known, "lang"))
        )
    for parameter in dict.fromkeys(others):
        if parameter in known:
            _warn(
                f"{parameter} 太长，多出的部分不计：至多 {max_values(parameter)} 个值，文字至多 {MAX_TEXT_CHARACTERS} 字",
                "too long or too many values",
            )
        elif parameter == "set":
            _warn("网址里的 set 不换数据集，要换请用 --set", "the set of a link is not opened, use --set")
    for facet, values in filters.unknown().items():
        for value in values:
            _warn(f"{facet} 没有这个值：{value}", f"unknown value of {facet}")
    return filters, _language(text)


def _is_of_a_page(parameter: str) -> bool:
    """Whether a page's link has such a parameter beside the filters: it selects nothing, a link can be handed on as it is."""
    from app.ui.address import is_known  # Streamlit is loaded only for a query that has more than filters

    return is_known(parameter)


def _language(query: str) -> str:
    lang = parse_qs(query.lstrip("?")).get("lang", [LANGUAGES[0]])[-1]
    if lang not in LANGUAGES:
        _warn(f"lang 没有这个值：{lang}", "unknown value of lang")
        return LANGUAGES[0]
    return lang


def tell_left_out(data: Dataset, filters: Filters) -> None:
    """Say how many the filters leave out because their place is not known finely enough."""
    left_out, off_road = data.left_out(filters), data.off_road(filters)
    if left_out > off_road:
        vague = left_out - off_road
        _warn(f"另有 {vague} 家没有自己的点位，无法判断距离与范围，未计入", f"{vague} without a point left out")
    if off_road:
        _warn(
            f"另有 {off_road} 家附近没有路网上的道路，无法判断驾车时间，未计入",
            f"{off_road} without a road near by left out",
        )
    for zh, en in zip(drive_note(filters.drive, "zh"), drive_note(filters.drive, "en"), strict=True):
        print(one_line(f"说明：{zh}（{en}）"), file=sys.stderr)


def _warn(sentence: str, english: str) -> None:
    print(one_line(f"警告：{sentence}（{english}）"), file=sys.stderr)


def load(folder: Path | None) -> Dataset:
    """Give the built-in set, or the one that `import` wrote to a folder, with the corrections that people made."""
    from app.records.overlay import with_corrections
    from geo.datasets.storage import open_dataset

    return with_corrections(open_dataset(folder) if folder else load_dataset())
