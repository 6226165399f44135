"""How people lay out a table: merged cells, headers of several rows, lists side by side, a unit above, sub-headings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from geo.ingest.values.amounts import unit_of_title
from geo.ingest.values.columns import COLUMN_ALIASES, heading, known_headings
from geo.ingest.values.privacy import is_personal_title

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, (row, column) from 0."""

MAX_HEADER_ROWS: Final = 3
_VALUE_WORDS: Final = re.compile(r"^(?:金额|数额|数值|数量|数|名称|全称|内容|情况|\([^()]*\))?$")
_UNIT_LINE: Final = re.compile(
    r"单位[:：]?\s*[^\s|。]{0,40}(?:\s*[（(][^（()）|。]{0,40}[）)]|(?<=[，,；;、])\s+[^\s|。]{0,40})?"
)
_WIDE: Final = 0.6
"""Share of the header's columns that a merged row covers which is no value of each of them."""


class Header(NamedTuple):
    """First and last row of a header, and the joined titles of its columns."""

    first: int
    last: int
    titles: list[str]


class Block(NamedTuple):
    """Columns of one list: from `start` to before `stop`."""

    start: int
    stop: int


def fill_merged(rows: Iterable[list[str]], merged: Sequence[Range], start_column: int = 0) -> Iterator[list[str]]:
    """Give every cell of a merged range its value; a range over most of one row keeps it in the first cell.

    Examples
    --------
    >>> list(fill_merged([["松江区", "甲"], ["", "乙"]], [((0, 0), (1, 0))]))
    [['松江区', '甲'], ['松江区', '乙']]
    """
    waiting = sorted(merged, reverse=True)
    active: list[tuple[int, int, int, str]] = []
    for number, given in enumerate(rows):
        row = given
        while waiting and waiting[-1][0][0] <= number:
            (top, left), (bottom, right) = waiting.pop()
            left, right = left - start_column, min(right - start_column, len(row) - 1)
            if top < number or not 0 <= left < len(row):
                continue
            if top == bottom and right - left + 1 >= max(2, _WIDE * len(row)):
                continue
            active.append((bottom, left, right, row[left]))
        if active:
            row = list(row)
            for _, left, right, value in active:
                row[left : right + 1] = [value] * (right + 1 - left)
            active = [merge for merge in active if merge[0] > number]
        yield row


def read_header(rows: list[list[str]], more: Sequence[list[str]] = ()) -> Header:
    """Header among the first rows of a table, merged cells filled: one row, or up to three whose cells are joined.

    It begins in `rows` and may end in `more`.

    Examples
    --------
    >>> head = [["企业名称", "注册资本", "", "联系人"], ["", "金额（万元）", "币种", "姓名"], ["样例甲有限公司", "5", "美元", "某"]]
    >>> read_header(head)
    Header(first=0, last=1, titles=['企业名称', '注册资本金额（万元）', '注册资本币种', '联系人姓名'])
    """
    first = last = find_header(rows)
    head = [*rows, *more]
    while last + 1 < len(head) and last - first + 1 < MAX_HEADER_ROWS and _continues(head[last], head[last + 1]):
        last += 1
    several = len(side_by_side(head[first])) > 1  # what stands above these are captions, one of each list
    while first and not several and last - first + 1 < MAX_HEADER_ROWS and _continues(head[first - 1], head[first]):
        first -= 1
    width = max(len(row) for row in head[first : last + 1])
    block = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in head[first : last + 1]]
    for above, below in pairwise(block):
        for column in range(1, width):
            if not above[column] and below[column]:
                above[column] = above[column - 1]
    titles: list[str] = []
    for column in range(width):
        titles.append(_title([row[column] for row in block], titles))
    return Header(first, last, titles)


def _continues(upper: list[str], lower: list[str]) -> bool:
    """Whether a row below a header is its second row: titles under titles, and no name where names belong."""
    said = {cell.strip() for cell in upper if cell.strip()}
    if len(said) < 2 or any(len(cell) > 20 or re.search(r"[:：].|\d{3}", cell) for cell in said):
        return False
    width = min(len(upper), len(lower))
    new, known = 0, 0
    for column in range(width):
        above, below = upper[column].strip(), lower[column].strip()
        if heading(above) in _names() and below and below != above and not _opens_group(upper, column):
            return False
        if not below or below == above:
            continue
        parent = above or next((cell.strip() for cell in reversed(upper[:column]) if cell.strip()), "")
        if not parent or len(below) > 20 or re.search(r"\d{3}", below):
            return False
        new += 1
        key = heading(below)
        known += bool(
            key in known_headings()
            or _VALUE_WORDS.match(key)
            or is_personal_title(below)
            or key == "职务"
            or unit_of_title(f"({below})").factor is not None
        )
    return new > 0 and known * 2 >= new


def _opens_group(row: list[str], column: int) -> bool:
    return column + 1 < len(row) and row[column + 1].strip() in ("", row[column].strip())


def _title(parts: list[str], taken: list[str]) -> str:
    """Title of a column from its cells in the rows of the header."""
    said = [part for place, part in enumerate(parts) if part and part not in parts[:place]]
    if len(said) < 2:
        return said[0] if said else ""
    joined = ["".join(said[start:]) for start in range(len(said))]
    if is_personal_title(joined[0]):
        return joined[0]
    return next((title for title in joined if heading(title) in known_headings() and title not in taken), joined[0])


def find_header(rows: list[list[str]]) -> int:
    """Position of the header among the first rows: the one with most known headers, a column of names counting double.

    Where no row has a known header, the first with two cells or more, else the first that holds anything.

    Examples
    --------
    >>> find_header([["数据由样例导出"], ["企业名称", "登记状态"], ["样例甲有限公司", "存续"]])
    1
    """
    known, names = known_headings(), {heading(spelling) for spelling in COLUMN_ALIASES["name"]}
    scores = []
    for row in rows:
        cells = {heading(cell) for cell in row if cell.strip() and len(cell) <= 40}
        scores.append(
            len(cells & known) + len(cells & names) + sum(bool(is_personal_title(cell)) for cell in cells) / 2
        )
    best = max(range(len(rows)), key=scores.__getitem__)
    if scores[best] >= 1:  # further down the header of a second list may know more
        return next((first for first in range(best - 1) if _heads(rows[first], rows[first + 1 : best])), best)
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    return next((i for i, cells in enumerate(filled) if cells >= 2), next((i for i, c in enumerate(filled) if c), 0))


def _heads(row: list[str], below: list[list[str]]) -> bool:
    """Whether a row is the header of enterprises that stand below it."""
    if not is_header(row):
        return False
    at = next(column for column, cell in enumerate(row) if heading(cell) in _names())
    names = [cells[at] for cells in below if len(cells) > at and cells[at].strip()]
    return any(heading(name) not in known_headings() for name in names)


def is_header(row: list[str]) -> bool:
    """Whether a row by itself is a header: a column of names, and mostly headings that are known.

    Examples
    --------
    >>> is_header(["序号", "单位名称", "地址"]), is_header(["单位名称", "样例甲有限公司", "地址", "金桥路1号"])
    (True, False)
    """
    cells = {heading(cell): cell for cell in row if cell.strip()}
    known = sum(key in known_headings() or key in ("序号", "编号") or is_personal_title(cells[key]) for key in cells)
    return not cells.keys().isdisjoint(_names()) and known >= max(2, 0.6 * len(cells))


def begins_another(row: list[str], titles: list[str]) -> bool:
    """Whether a row below a header is that of another list: its columns are others, or stand elsewhere, or in other units.

    Examples
    --------
    >>> titles = ["企业名称", "注册资本（万元）"]
    >>> [begins_another(row, titles) for row in (["企业名称", "注册资本"], ["企业名称", "注册资本（亿元）"], ["甲公司", "5"])]
    [False, True, False]
    """
    if len({cell for cell in row if cell.strip()}) < 2 or not is_header(row):
        return False
    for column, cell in enumerate(row):
        title = titles[column] if column < len(titles) else ""
        if not cell.strip() or cell == title:
            continue
        unit, own = unit_of_title(title), unit_of_title(cell)
        if heading(cell) != heading(title) or (own.factor is not None and own != unit):
            return True
    return False


def side_by_side(titles: list[str]) -> list[Block]:
    """Lists that stand side by side under one header, which repeats its titles; one block where it does not.

    Examples
    --------
    >>> side_by_side(["序号", "企业名称", "区", "", "序号", "企业名称", "区"])
    [Block(start=0, stop=3), Block(start=4, stop=7)]
    """
    own = [heading(title) for title in titles]
    keys = [
        key and f"{_meanings().get(key, key)} {unit_of_title(title)}" for key, title in zip(own, titles, strict=True)
    ]
    at = [column for column, key in enumerate(own) if key in _names()]
    whole = [Block(0, len(titles))]
    if len(at) < 2:
        return whole
    if len({own[column] for column in at}) > 1 and any(
        column + 1 in at for column in at
    ):  # 企业名称 and 公司名称 beside each other are two names of one
        return whole
    before = at[0] - next(column for column, key in enumerate(keys) if key)
    starts = [column - before for column in at]
    if any(start <= column for column, start in zip(at, starts[1:], strict=False)):
        return whole
    if not before and len({own[column] for column in at}) > 1 and any(keys[start - 1] for start in starts[1:]):
        return whole  # 企业名称, 注册地址, 申报单位, 办公地址: without a gap, one list with two names
    blocks = [Block(start, stop) for start, stop in zip(starts, [*starts[1:], len(titles)], strict=True)]
    shapes = [list(keys[block.start : block.stop]) for block in blocks]
    for shape in shapes:
        while shape and not shape[-1]:
            shape.pop()
    if any(shape != shapes[0] for shape in shapes[1:]):
        return whole
    return [Block(block.start, block.start + len(shapes[0])) for block in blocks]


def captions(above: list[str], blocks: Sequence[Block]) -> list[str]:
    """What stands above each of several lists side by side: its district or what else it is; nothing unless each has its own.

    Examples
    --------
    >>> captions(["松江区", "", "嘉定区", ""], [Block(0, 2), Block(2, 4)])
    ['松江区', '嘉定区']
    """
    said = [{cell.strip() for cell in above[block.start : block.stop] if cell.strip()} for block in blocks]
    own = [words.pop() for words in said if len(words) == 1]
    return own if len(set(own)) == len(blocks) > 1 else []


def unit_line(rows: list[list[str]], titles: list[str]) -> str:
    """The unit of money that a line above the header, or a cell beside it, names for the whole table.

    Two that differ name none.

    Examples
    --------
    >>> unit_line([["汇总表"], ["", "单位：万元"]], ["企业名称", "注册资本"])
    '单位：万元'
    """
    cells = [cell for row in rows for cell in row] + [title for title in titles if title.strip().startswith("单位")]
    lines = [match.strip() for cell in cells for match in _UNIT_LINE.findall(cell)]
    read = {line: unit_of_title(f"({line})") for line in lines}
    units = {unit: line for line, unit in read.items() if unit.factor is not None or unit.doubt}
    doubtful = [line for unit, line in units.items() if unit.doubt]
    return doubtful[0] if doubtful else next(iter(units.values())) if len(units) == 1 else ""


@cache
def _meanings() -> dict[str, str]:
    """What a heading stands for, so that 企业名称 and 公司名称 are one."""
    return {heading(spelling): column for column, spellings in COLUMN_ALIASES.items() for spelling in spellings}


@cache
def name_words() -> frozenset[str]:
    """Spellings of the heading of names as they stand in a file: a row with none of them begins no other list."""
    return frozenset(COLUMN_ALIASES["name"])


@cache
def _names() -> frozenset[str]:
    return frozenset(heading(spelling) for spelling in COLUMN_ALIASES["name"])
