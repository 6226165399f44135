"""KML and MapInfo files, which are texts: looked through, and put into the form that GDAL reads without loss.

GDAL turns every letter of a KML ``Data`` name that is not ASCII into ``_``, knows few encodings of XML and skips
addresses; of MapInfo files it believes the code page they name.  What is changed is our own copy; the true names of the
fields stand in a file beside it.
"""

import html
import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote
from xml.sax.saxutils import escape

from geo.errors import DataError
from geo.ingest.readers.delimited import share_undecodable
from geo.ingest.values.columns import COLUMN_ALIASES, heading, known_headings

KML_FIELD: Final = "kml:"
"""What the names of fields begin with that GDAL makes itself (`geo.ingest.readers.gdal` has it name them so)."""

_GPX_FIELDS: Final = frozenset({"track_fid", "track_seg_id", "track_seg_point_id", "route_fid", "route_point_id"})
_NAMES_SUFFIX: Final = ".names.json"
_TOKEN: Final = "explorerdata"

_PREFIX: Final = r"(?:[^\s<>/:]+:)?"
_REFERRING_KML: Final = re.compile(rf"<{_PREFIX}(NetworkLink)\b|<!(DOCTYPE|ENTITY)\b", re.IGNORECASE)
_LINK: Final = re.compile(rf"<{_PREFIX}NetworkLink\b.*?</{_PREFIX}NetworkLink\s*>", re.DOTALL)
_HREF: Final = re.compile(rf"<{_PREFIX}href\b[^>]*>(.*?)</{_PREFIX}href\s*>", re.DOTALL)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)")
_PLACEMARK: Final = re.compile(rf"<({_PREFIX})Placemark\b.*?</{_PREFIX}Placemark\s*>", re.DOTALL)
_DATA: Final = re.compile(rf"(<{_PREFIX}Data\b[^>]*?\bname\s*=\s*)([\"'])(.*?)\2", re.DOTALL)
_ADDRESS: Final = re.compile(rf"<{_PREFIX}address\b[^>]*>(.*?)</{_PREFIX}address\s*>", re.DOTALL)
_EXTENDED: Final = re.compile(rf"<{_PREFIX}ExtendedData\b[^>]*(?<!/)>")
_DESCRIPTION: Final = re.compile(rf"<{_PREFIX}description\b[^>]*>(.*?)</{_PREFIX}description\s*>", re.DOTALL)
_TABLE_ROW: Final = re.compile(
    r"<tr[^>]*>\s*<t[dh][^>]*>([^<]*)</t[dh]>\s*<td[^>]*>([^<]*)</td>\s*</tr>", re.IGNORECASE | re.DOTALL
)
_SHOWN_AS: Final = re.compile(
    rf"<{_PREFIX}(?:SimpleField|Data)\b[^>]*?\bname\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>\s*<{_PREFIX}displayName[^>]*>(.*?)</",
    re.DOTALL,
)

_MAPINFO_FIELD: Final = re.compile(
    rb"^(\s*)([^\s()]+)(\s+(?:Char|Integer|SmallInt|LargeInt|Decimal|Float|Date|Time|DateTime|Logical)\b)",
    re.IGNORECASE,
)
_MAPINFO_FIELDS: Final = re.compile(rb"^\s*(?:Fields|Columns)\s+(\d+)\s*$", re.IGNORECASE)
_REFERRING_TAB: Final = re.compile(
    rb"^\s*(?:create\s+view|open\s+table|file\s|begin_metadata.*?isseamless\"?\s*=\s*\"?true|\"\\isseamless\"\s*=\s*\"true)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_TAB_TYPE: Final = re.compile(rb"^\s*type\s+(\w+)", re.IGNORECASE | re.MULTILINE)
_CHARSET: Final = re.compile(rb"charset\s*\"[^\"]*\"|charset\s+\w+", re.IGNORECASE)
_CHARSETS: Final = {"utf-8": b"UTF-8", "gb18030": b"WindowsSimpChinese"}
_UNITS: Final = (
    "",
    "（万元）",
    "(万元)",
    "（元）",
    "(元)",
    "（亿元）",
    "(亿元)",
    "（万元人民币）",
    "（人）",
    "(人)",
    "（万美元）",
)
_MAX_MAPINFO_NAME: Final = 31
_CUT_SHARE: Final = 0.02
"""Share [1] of undecodable bytes that comes from texts cut to the width of their field."""

_LOOKED_AT_BYTES: Final = 2**24


RESTORED: Final = "列名在写出时丢了字，按认得的表头补回"
LOST: Final = "列名在写出时丢了字，补不回来；请在列的对应里指定，或从原软件另存为 GeoPackage"


class Prepared(NamedTuple):
    """True `names` of fields by those GDAL gives; of names that lost letters, what is said; whether there are `rows`."""

    names: dict[str, str]
    restored: dict[str, str]
    rows: bool = True


def prepared(copy: Path) -> Prepared:
    """What `prepare` noted of a copy; nothing of a layer of another kind."""
    file = copy.with_suffix(_NAMES_SUFFIX)
    return Prepared(*json.loads(file.read_text("utf-8"))) if file.exists() else Prepared({}, {})


def prepare(copy: Path, kind: str, path: Path, beside: frozenset[str] = frozenset()) -> None:
    """Put our own copy of a layer into the form that GDAL reads whole, and note the true names of its fields.

    A KML may link to those `beside` it in its archive, which are read themselves.

    Raises
    ------
    DataError
        When it refers to other files or addresses.
    """
    if kind == "kml":
        found = _prepare_kml(copy, path, beside)
    elif kind == "mapinfo":
        found = _prepare_mapinfo(copy, path)
    else:
        return
    copy.with_suffix(_NAMES_SUFFIX).write_text(json.dumps(found), "utf-8")


def is_own_field(field: str, kind: str) -> bool:
    """Whether GDAL made a field that the file does not have."""
    return field.startswith(KML_FIELD) if kind == "kml" else kind == "gpx" and field in _GPX_FIELDS


def _prepare_kml(copy: Path, path: Path, beside: frozenset[str]) -> Prepared:
    text = _decoded(copy.read_bytes(), path)
    if beside:
        text = _LINK.sub(
            lambda link: "" if {unquote(href.strip()) for href in _HREF.findall(link[0])} <= beside else link[0], text
        )
    refers = _REFERRING_KML.search(text)
    if refers:
        raise DataError(
            f"不读 KML 的 {refers[1] or refers[2]}：它引用别的文件或网址", file=path,
            cause="在 Google Earth 里把要的地标另存为 KML", expected="地标就在文件里的 KML 或 KMZ",
        )  # fmt: skip
    tokens: dict[str, str] = {}
    shown = {html.unescape(name): _plain(title) for name, title in _SHOWN_AS.findall(text)}

    def token(name: str) -> str:
        title = shown.get(name, "")
        known = heading(title) in known_headings() and heading(name) not in known_headings()
        return tokens.setdefault(title if known else name, f"{_TOKEN}{len(tokens)}")

    def tokenised(match: re.Match[str]) -> str:
        return f'{match[1]}"{token(html.unescape(match[3]))}"'

    def mended(match: re.Match[str]) -> str:
        placemark = _DATA.sub(tokenised, match[0])
        facts = [("address", address) for address in map(_plain, _ADDRESS.findall(placemark)) if address]
        if not facts and not _EXTENDED.search(placemark):
            described = " ".join(_DESCRIPTION.findall(placemark))
            described = described if "<![CDATA[" in described else html.unescape(described)
            facts = [(_plain(name), _plain(value)) for name, value in _TABLE_ROW.findall(described)]
        if not facts:
            return placemark
        prefix = match[1]
        data = "".join(
            f'<{prefix}Data name="{token(name)}"><{prefix}value>{escape(value)}</{prefix}value></{prefix}Data>'
            for name, value in facts
            if name
        )
        place = _EXTENDED.search(placemark)
        if place:
            return placemark[: place.end()] + data + placemark[place.end() :]
        end = placemark.rindex("</")
        return f"{placemark[:end]}<{prefix}ExtendedData>{data}</{prefix}ExtendedData>{placemark[end:]}"

    text = _PLACEMARK.sub(mended, _DECLARATION.sub("", text))
    copy.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + text.lstrip(), "utf-8")
    names = {mark: name for name, mark in tokens.items()}
    names |= {name: title for name, title in shown.items() if heading(title) in known_headings()}
    return Prepared(names, {}, bool(tokens) or bool(_PLACEMARK.search(text)))


def _decoded(content: bytes, path: Path) -> str:
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        encodings.append("gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise DataError("认不出文字编码", file=path, expected="UTF-8", cause="另存为 UTF-8 的 KML")


def _plain(text: str) -> str:
    """Text of an XML element without markup."""
    inside = re.sub(r"^\s*<!\[CDATA\[(.*)\]\]>\s*$", r"\1", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", inside)).split())


def _prepare_mapinfo(copy: Path, path: Path) -> Prepared:
    content = copy.read_bytes()
    table = copy.suffix == ".tab"
    if table:
        kinds = {kind.lower() for kind in _TAB_TYPE.findall(content)}
        if _REFERRING_TAB.search(content) or kinds - {b"native", b"dbf"} or not kinds:
            raise DataError(
                "不读引用别的表的 MapInfo 表", file=path, expected="数据就在旁边的 .dat、.map、.id 里的 .tab",
                cause="在 MapInfo 里另存副本（Save Copy As）为普通的表",
            )  # fmt: skip
    cells = copy.with_suffix(".dat" if table else ".mid")
    if table and not cells.exists():
        cells = copy.with_suffix(".dbf")
    if not cells.exists():
        raise DataError(
            f"MapInfo 缺少 {cells.suffix}，没有属性", file=path,
            expected="把 .tab、.dat、.map、.id（或 .mif、.mid）一起压缩成 zip",
        )  # fmt: skip
    records = cells.read_bytes()[:_LOOKED_AT_BYTES]
    records = records[int.from_bytes(records[8:10], "little") if table else 0 :].replace(b"\0", b" ") + content
    encoding = "utf-8"
    if any(byte > 127 for byte in records):
        encoding = next((name for name in _CHARSETS if share_undecodable(records, name) < _CUT_SHARE), "gb18030")
        content = _CHARSET.sub(b'Charset "%s"' % _CHARSETS[encoding], content)
    lines: list[bytes] = []
    names: dict[str, str] = {}
    restored: dict[str, str] = {}
    left = 0
    for line in content.splitlines(keepends=True):
        declared = _MAPINFO_FIELDS.match(line)
        field = _MAPINFO_FIELD.match(line) if left else None
        left = int(declared[1]) if declared and not names else left - bool(field)
        if field:
            mark = f"field_{len(names)}"
            names[mark], problem = _restored(field[2], encoding)
            if problem:
                restored[names[mark]] = problem
            line = field[1] + mark.encode() + line[field.end(2) :]
        lines.append(line)
    copy.write_bytes(b"".join(lines))
    return Prepared(names, restored)


def _restored(name: bytes, encoding: str) -> tuple[str, str]:
    """A field's name, and what is to be said where the writer put ``_`` in the place of some of its letters."""
    text = name.decode(encoding, "replace")
    if b"_" not in name or all(byte < 128 for byte in name):
        return text, ""
    found = _lost_names(encoding).get(name, ())
    if len(found) == 1:
        return found[0], RESTORED
    return text.replace("\ufffd", "_"), LOST


@cache
def _lost_names(encoding: str) -> dict[bytes, tuple[str, ...]]:
    """Headers by what GDAL makes of them as it writes MapInfo: bytes from 128 to 191 and marks become ``_``."""
    found: dict[bytes, dict[str, str]] = {}
    spellings: Iterable[tuple[str, str]] = (
        (column, spelling) for column, words in COLUMN_ALIASES.items() for spelling in words
    )
    for (column, spelling), unit in product(list(spellings), _UNITS):
        whole = (spelling + unit).encode(encoding, "ignore")[:_MAX_MAPINFO_NAME]
        laundered = re.sub(rb"[^0-9A-Za-z_\xc0-\xff]", b"_", whole)
        if laundered != whole:
            found.setdefault(laundered, {}).setdefault(f"{column}{unit.translate(_ROUND)}", spelling + unit)
    return {laundered: tuple(words.values()) for laundered, words in found.items()}


_ROUND: Final = str.maketrans("（）", "()")
