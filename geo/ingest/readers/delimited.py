"""Reading csv and tsv: which encoding, which separator, which row is the header."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from geo.errors import DataError
from geo.ingest.readers.layout import find_header
from geo.ingest.readers.sheet import HEAD_ROWS, Issue, Limits, Sheet, tabulate
from geo.ingest.values.columns import heading, known_headings

csv.field_size_limit(16 * 2**20)  # an unclosed quotation mark ends here, not at the end of the file

_SEPARATORS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 2**20
_READ_BYTES: Final = 2**22
_RARE: Final = 0.001
"""Share of undecodable bytes that is a damaged file and not another encoding."""


def read_text(path: Path, limits: Limits, progress: Callable[[int], None]) -> Sheet:
    """Read a csv or tsv; arguments and errors as in `geo.ingest.readers.read.read_file`."""
    encoding, codec, damaged = detect_encoding(path)
    errors = "replace" if damaged else "strict"
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=codec, errors=errors, newline="") as text:
        sample = text.read(64 * 1024)
        separator = detect_separator(sample, path.suffix)
        text.seek(0)
        sheet = tabulate(_rows(text, separator, path), limits, path.name, progress)
    sheet.encoding = encoding
    if damaged:
        sheet.issues.append(Issue(None, "", encoding, "文件里有个别字节不能解码，以 � 代替"))
    return sheet


def detect_encoding(path: Path) -> tuple[str, str, bool]:
    """Find the encoding of a text file.

    Returns
    -------
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``gb18030``, ``utf-16``, or what charset-normalizer recognises.
    codec : str
        Python's name of the codec that reads it.
    damaged : bool
        Some bytes do not belong to it.

    Raises
    ------
    DataError
        When the file is no text in a known encoding.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "utf-8-sig", not _decodes(path, "utf-8-sig")
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "utf-16", not _decodes(path, "utf-16")
    for codec, nul in (("utf-16-le", 1), ("utf-16-be", 0)):
        often, rarely = sample[nul::2].count(0), sample[1 - nul :: 2].count(0)
        if often > max(2, len(sample) // 50) and rarely < often / 10 and _decodes(path, codec):
            return "utf-16", codec, False
    if b"\0" in sample[:4096]:
        raise DataError("文件不是文本表格", file=path, expected="csv 或 tsv", cause="扩展名与内容不符")
    if _decodes(path, "utf-8"):
        return "utf-8", "utf-8", False
    if share_undecodable(sample, "utf-8") < _RARE:
        return "utf-8", "utf-8", True
    if _decodes(path, "gb18030"):
        return "gb18030", "gb18030", False
    if share_undecodable(sample, "gb18030") < _RARE:
        return "gb18030", "gb18030", True
    best = from_bytes(sample).best()
    if best is not None and best.encoding in {"big5", "big5hkscs", "utf_32", "cp950"} and _decodes(path, best.encoding):
        return best.encoding, best.encoding, False
    raise DataError("认不出文件的编码", file=path, expected="UTF-8、GB18030 或 UTF-16", cause="文件损坏或不是文本")


def detect_separator(sample: str, suffix: str = "") -> str:
    r"""Separator under which the header of a sample has most known columns, then most columns.

    Examples
    --------
    >>> detect_separator("企业名称;地址\n样例甲,分公司;路1号")
    ';'
    """
    lines = sample.splitlines(keepends=True)[:HEAD_ROWS]
    preferred = "\t" if suffix.lower() in {".tsv", ".tab"} else ","

    def merit(separator: str) -> tuple[int, int, bool]:
        rows = _sample_rows(lines, separator)
        cells = {heading(cell) for cell in rows[find_header(rows)]} if rows else set()
        return len(cells & known_headings()), len(cells), separator == preferred

    return max(_SEPARATORS, key=merit)


def _sample_rows(lines: list[str], separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(lines, delimiter=separator))
    return rows


def _rows(text: io.TextIOWrapper, separator: str, path: Path) -> Iterator[list[str]]:
    number = 0
    try:
        for row in csv.reader(text, delimiter=separator):
            number += 1
            if number == 1 and row and row[0].startswith("\ufeff"):
                row[0] = row[0].removeprefix("\ufeff")
            yield row
    except csv.Error as error:
        raise DataError(
            "有一个单元格大得读不了", file=path, row=number + 1, cause="引号没有成对，后面的行都并进了一格"
        ) from error
    except UnicodeError as error:
        raise DataError("文件解码中断", file=path, row=number + 1, cause="文件损坏") from error


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as file:
            while block := file.read(_READ_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def share_undecodable(sample: bytes, codec: str) -> float:
    """Share of the bytes beyond ASCII that a codec cannot decode; 0 where there are none."""
    beyond = len(sample) - len(sample.decode("ascii", errors="ignore"))
    return sample.decode(codec, errors="replace").count("\ufffd") / max(beyond, 1)
