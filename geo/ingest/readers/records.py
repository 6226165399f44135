"""Reading JSON: answers of the map services, arrays of records, objects that hold one, and JSON lines."""

import codecs
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.ingest.readers.sheet import Issue, Limits, Sheet, distinct, refuse_cells, tabulate
from geo.ingest.readers.worksheets import as_cell
from geo.ingest.values.columns import COLUMN_ALIASES, heading, known_headings
from geo.ingest.values.privacy import is_personal_title

_MAX_DEPTH: Final = 6
"""Objects within each other in which a list of records is looked for, or whose values become columns."""

_AMAP: Final = ("infocode", "pois")
_BAIDU: Final = ("results", "status")
_TENCENT: Final = ("status", "message", "data")
_TIANDITU: Final = ("resultType", "pois")
_ANSWER_TITLES: Final = {
    **{"pname": "province", "cityname": "city", "adname": "district", "area": "district", "title": "name"},
    **{"county": "district", "ename": "name_en"},
}
"""Keys of the answers of map services → spellings of ours."""


def read_records(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read the records of a JSON file: one document, several one behind the other, or one a line.

    Answers of the place services of 高德, 腾讯, 百度 and 天地图 say so themselves; `Sheet.datum` then has the datum of their points.
    Rows count from 1 over all pages.  Arguments and errors as in `geo.ingest.readers.read.read_file`.
    """
    encoding, text = _decode(path)
    try:
        documents = list(_documents(text))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise DataError("JSON 文件打不开", file=path, row=line, cause="文件不完整或不是 JSON") from error
    del text
    pages = [page for document in documents for page in _pages(document)]
    alone = bool(documents) and all(isinstance(document, dict) and _has_name(document) for document in documents)
    found = [("", documents)] if alone and len(documents) > 1 else [
        table for page in pages for table in _tables(page, "", 0)
    ]  # fmt: skip
    if not found and documents and all(isinstance(document, dict) for document in documents):
        found = [("", documents)]
    scores = [(*_likeness(records), len(records)) for _, records in found]
    if (not found or not max(scores)[0]) and alone:
        found, scores = [("", documents)], [(1, 1, 1)]
    if not found or (len(documents) == 1 and found[0][1] is documents and not scores[0][0]):
        raise DataError("JSON 里没有记录", file=path, expected="记录的数组，如 [{…}, {…}]，或含有这样一个数组的对象")
    where = found[scores.index(max(scores))][0]
    records = [record for key, table in found if key == where for record in table]
    if isinstance(records[0], list):
        sheet = tabulate(([_cell(cell) or "" for cell in row] for row in records), limits, path.name, progress)
    else:
        sheet = _sheet(records, limits, path)
    sheet.encoding = encoding
    sheet.datum = _datum(pages, where)
    if sheet.datum:
        renamed: dict[str, str] = {}
        for theirs, ours in _ANSWER_TITLES.items():  # the first of several that mean the same
            if theirs in sheet.table and ours not in {*sheet.table.columns, *renamed.values()}:
                renamed[theirs] = ours
        sheet.table = sheet.table.rename(columns=renamed)
    others = dict.fromkeys(key for key, _ in found if key != where)
    sheet.issues += [Issue(None, "", key or "（最外层）", "JSON 里的这一组记录没有读入") for key in others]
    progress(len(sheet.table))
    return sheet


def _decode(path: Path) -> tuple[str, str]:
    content = path.read_bytes()
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = [codec for mark, codec in marks.items() if content.startswith(mark)]
    for codec in (*marked, "utf-8", "gb18030"):
        try:
            return codec, content.decode(codec)
        except UnicodeError:
            continue
    raise DataError("认不出文件的编码", file=path, expected="UTF-8、GB18030 或 UTF-16", cause="文件损坏或不是文本")


def _documents(text: str) -> Iterator[Any]:
    """JSON documents that stand one behind the other, with commas, line breaks or nothing between."""
    decoder = json.JSONDecoder(parse_constant=lambda _word: None)
    at, end = 0, len(text)
    while True:
        while at < end and text[at] in " \t\r\n,;\x1e\ufeff":
            at += 1
        if at == end:
            return
        document, at = decoder.raw_decode(text, at)
        yield document


def _pages(document: Any) -> list[Any]:
    """Pages of an answer that stand in one array, else the document itself."""
    pages = document if isinstance(document, list) and all(isinstance(page, dict) for page in document) else []
    if pages and all(any(map(_is_table, page.values())) and not _has_name(page) for page in pages):
        return pages
    return [document]


def _has_name(record: Mapping[str, Any]) -> bool:
    return any(heading(key) in _names() and isinstance(value, str) for key, value in record.items())


def _tables(value: Any, key: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Tables in a document, each with the keys that lead to it."""
    if _is_table(value):
        yield key, value
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        columns, data = value.get("columns"), value.get("data")
        if isinstance(columns, list) and isinstance(data, list) and data and all(isinstance(row, list) for row in data):
            yield key, [columns, *data]  # pandas, orient="split"
            return
        if table := _crossed(value):
            yield key, table
            return
        for name, inner in value.items():
            yield from _tables(inner, f"{key}.{name}" if key else name, depth + 1)


def _is_table(value: Any) -> bool:
    """Whether a value is an array of records, or of rows below a row of titles."""
    if not isinstance(value, list) or not value:
        return False
    if all(isinstance(record, dict) for record in value):
        return True
    return (
        len(value) > 1
        and all(isinstance(row, list) for row in value)
        and sum(isinstance(cell, str) for cell in value[0]) > 1
    )


def _crossed(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records of an object of objects: by column and row (pandas, orient="columns"), or by row and column."""
    inner = list(value.values())
    if len(inner) < 1 or not all(isinstance(part, dict) and part for part in inner):
        return []
    names = _names()
    if names & {heading(key) for key in value}:
        rows = dict.fromkeys(number for part in inner for number in part)
        return [{title: part.get(number) for title, part in value.items()} for number in rows]
    if all(names & {heading(key) for key in part} for part in inner):
        return inner
    return []


def _likeness(records: list[Any]) -> tuple[int, int]:
    """Whether records have a name, and how many of their keys are known titles."""
    first = records[0]
    keys = (
        {str(cell) for row in records[:10] for cell in row}
        if isinstance(first, list)
        else {key.rpartition(".")[2] for record in records[:100] for key in _flat(record)}
    )
    titles = {heading(key) for key in keys}
    return int(bool(_names() & titles)), len(known_headings() & titles)


def _sheet(records: list[dict[str, Any]], limits: Limits, path: Path) -> Sheet:
    """Table of records: values of objects within them under the joined keys."""
    if len(records) > limits.rows:
        raise DataError(f"超过 {limits.rows:,} 行", file=path, value=len(records), cause="请把文件分成几份")
    rows = [_flat(record) for record in records]
    titles = dict.fromkeys(key for row in rows for key in row)
    issues = []
    if len(titles) > limits.columns:
        issues.append(Issue(None, "", str(len(titles)), f"列数超过 {limits.columns}，其后的列没有读入"))
    kept = list(titles)[: limits.columns]
    refuse_cells(len(rows), len(kept), limits, path)
    table = pd.DataFrame({key: pd.Series([row.get(key) for row in rows], dtype="str") for key in kept})
    table.columns = pd.Index(distinct(_short(kept)))
    sheet = Sheet(table, np.arange(1, len(rows) + 1, dtype=np.int64), issues=issues)
    sheet.reject_long_cells(limits)
    return sheet


def _short(keys: list[str]) -> list[str]:
    """Keys by their last part, where no other has the same: ``properties.name`` is ``name``.

    Those of an object about a person stay whole, so that ``legalPerson.name`` is known for what it is.
    """
    last = [key.rpartition(".")[2] for key in keys]
    return [
        short if last.count(short) == 1 and not is_personal_title(key) else key
        for short, key in zip(last, keys, strict=True)
    ]


def _flat(record: Mapping[str, Any], above: str = "", depth: int = 0) -> dict[str, str]:
    """Filled values of a record as text; a GeoJSON geometry stays one text."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        key = f"{above}.{name}" if above else str(name)
        if isinstance(value, dict) and value and depth < _MAX_DEPTH and "coordinates" not in value:
            cells |= _flat(value, key, depth + 1)
        elif (cell := _cell(value)) is not None:
            cells[key] = cell
    return cells


def _cell(value: Any) -> str | None:
    """Value as text; services write an empty array where they know nothing."""
    if value is None or value == [] or value == {}:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(part, (str, int, float)) for part in value):
        if len(value) == 2 and all(isinstance(part, (int, float)) for part in value):
            return f"{value[0]!r},{value[1]!r}"
        return ";".join(as_cell(part) for part in value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return as_cell(value)


def _datum(pages: list[Any], where: str) -> str:
    """Datum of the points of a map service's answer, by the form of the answer; ``""`` when it is none."""
    filled = (page for page in pages if isinstance(page, dict) and page.get(where))  # a page may have found nothing
    first = next(filled, {})
    if where == "pois" and set(_AMAP) <= first.keys():
        return "gcj02"
    if where == "data" and set(_TENCENT) <= first.keys() and _has_point(first["data"], "title"):
        return "gcj02"
    if where == "pois" and set(_TIANDITU) <= first.keys() and "lonlat" in first["pois"][0]:
        return "wgs84"
    if where == "results" and set(_BAIDU) <= first.keys():
        return "bd09" if _has_point(first["results"], "name") else ""
    return ""


def _has_point(places: Any, name: str) -> bool:
    """Whether places have a name and a point as map services write it."""
    one = places[0] if isinstance(places, list) and places and isinstance(places[0], dict) else {}
    point = one.get("location")
    return name in one and isinstance(point, dict) and {"lat", "lng"} <= point.keys()


@cache
def _names() -> frozenset[str]:
    return frozenset(heading(spelling) for spelling in COLUMN_ALIASES["name"])
