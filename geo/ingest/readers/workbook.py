"""What an xlsx says beside its values: hidden rows, formulas never computed, errors, units in number formats, 1904.

The reader of the values does not tell these.  They are found in the parts of the file by patterns, not by a parser:
nothing is resolved, expanded or fetched, and a part that is written differently says nothing.
"""

import html
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from geo.ingest.readers.worksheets import unit_of_format

UNCOMPUTED: Final = "#未计算"
"""Text of a cell whose formula has no stored value."""

ERROR: Final = r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|未计算)"
"""Texts of cells that hold an error instead of a value."""

MAX_PART_BYTES: Final = 512 * 2**20
"""Size of a part that is searched [bytes]."""

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DATE_1904: Final = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d+)\"")
_CELL: Final = rb"<(?:\w+:)?c\b(?=[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\")"
_NO_VALUE: Final = re.compile(
    _CELL + rb"(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR_CELL: Final = re.compile(
    _CELL + rb"[^>]*\bt=\"e\"[^>]*>(?:\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<"
)
_NUMBER_FORMAT: Final = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES: Final = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE: Final = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")


@dataclass(frozen=True)
class Details:
    """What one worksheet says beside its values; rows and columns count from 0."""

    hidden_rows: frozenset[int] = frozenset()
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    """Row → column → text of cells that have an error, or no value at all."""
    units: dict[int, dict[int, str]] = field(default_factory=dict)
    """Row → column → what the number format writes behind the number."""
    searched: bool = True


def read_details(path: Path) -> tuple[dict[str, Details], bool]:
    """What the worksheets of an xlsx say beside their values, and whether its serials count from 1904.

    Returns
    -------
    dict of str to Details
        By name of the sheet; empty where the file is not written as Office Open XML.
    bool

    Raises
    ------
    zipfile.BadZipFile, OSError
        When the file is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        book = _part(archive, "xl/workbook.xml", names)
        relations = {
            about.get("Id", ""): about.get("Target", "")
            for about in map(_attributes, _RELATION.findall(_part(archive, "xl/_rels/workbook.xml.rels", names)))
        }
        units = _unit_styles(_part(archive, "xl/styles.xml", names))
        details = {}
        for about in map(_attributes, _SHEET.findall(book)):
            target = relations.get(next((value for key, value in about.items() if key.endswith(":id")), ""), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if part in names:
                large = archive.getinfo(part).file_size > MAX_PART_BYTES
                details[about.get("name", "")] = (
                    Details(searched=False) if large else _details(archive.read(part), units)
                )
    return details, bool(_DATE_1904.search(book))


def _details(content: bytes, units: dict[bytes, str]) -> Details:
    hidden = frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(content)) if b"hidden=" in content else frozenset()
    texts: dict[int, dict[int, str]] = {}
    if b"<f" in content or b":f" in content:
        for column, row in _NO_VALUE.findall(content):
            texts.setdefault(int(row) - 1, {})[_column(column)] = UNCOMPUTED
    if b't="e"' in content:
        for column, row, value in _ERROR_CELL.findall(content):
            texts.setdefault(int(row) - 1, {})[_column(column)] = value.decode("utf-8", "replace")
    marked: dict[int, dict[int, str]] = {}
    if units:
        styles = b"|".join(map(re.escape, units))
        cell = re.compile(_CELL + rb"(?![^>]*\bt=\"(?!n\"))[^>]*\bs=\"(" + styles + rb")\"")
        for column, row, style in cell.findall(content):
            marked.setdefault(int(row) - 1, {})[_column(column)] = units[style]
    return Details(hidden, texts, marked)


def _unit_styles(content: bytes) -> dict[bytes, str]:
    """Number of a cell's style → the unit its number format writes."""
    formats = {
        about.get("numFmtId", ""): unit_of_format(about.get("formatCode", ""))
        for about in map(_attributes, _NUMBER_FORMAT.findall(content))
    }
    if not any(formats.values()):
        return {}
    styles = _STYLES.search(content)
    numbers = [_attributes(given).get("numFmtId", "") for given in _STYLE.findall(styles.group(1) if styles else b"")]
    return {str(style).encode(): formats[number] for style, number in enumerate(numbers) if formats.get(number)}


def _part(archive: zipfile.ZipFile, name: str, names: set[str]) -> bytes:
    return archive.read(name) if name in names and archive.getinfo(name).file_size <= MAX_PART_BYTES else b""


def _attributes(given: bytes) -> dict[str, str]:
    return {
        key.decode(): html.unescape((one or other).decode("utf-8", "replace"))
        for key, one, other in _ATTRIBUTE.findall(given)
    }


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
