"""What a dbf leaves unsaid: the encoding of its texts, and the rest of field names cut to ten bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from geo.intake.columns import COLUMN_ALIASES, heading, known_headings
from geo.intake.texts import share_undecodable

_NAME: Final = 10
"""Bytes of a field name."""

_CUT: Final = 0.02
"""Share of undecodable bytes that comes from texts cut to the width of their field."""


def dbf_encoding(layer: Path) -> str:
    """Encoding of the dbf beside a layer: that of its bytes; the code page file only where they do not tell."""
    content = layer.with_suffix(".dbf").read_bytes()
    start = int.from_bytes(content[8:10], "little")
    records = content[start:] if any(byte > 127 for byte in content[start : start + 2**20]) else content[32:]
    for encoding in ("utf-8", "gb18030"):
        if share_undecodable(records[: 2**24], encoding) < _CUT:
            return encoding
    page = layer.with_suffix(".cpg")
    return page.read_text("ascii", errors="ignore").strip() or "gb18030" if page.exists() else "gb18030"


def mend_field_names(dbf: Path, encoding: str) -> None:
    """Cut field names back to whole characters, in place: readers stumble over half a character."""
    content = bytearray(dbf.read_bytes())
    at = 32
    while at + 32 <= len(content) and content[at] != 0x0D:
        name = bytes(content[at : at + _NAME]).split(b"\0")[0]
        try:
            whole = name.decode(encoding, "ignore").encode(encoding)
        except LookupError:
            return
        content[at : at + _NAME] = whole.ljust(_NAME, b"\0")
        at += 32
    dbf.write_bytes(content)


def full_name(field: str) -> str:
    """Header that a dbf has cut to ten bytes, when only one spelling begins like that.

    Examples
    --------
    >>> full_name("统一社会信")
    '统一社会信用代码'
    """
    if len(field) < 3 or heading(field) in known_headings():
        return field
    for encoding in ("utf-8", "gb18030"):
        whole = {
            column: word
            for column, words in COLUMN_ALIASES.items()
            for word in reversed(words)
            if len(word.encode(encoding)) > _NAME and word.encode(encoding)[:_NAME].decode(encoding, "ignore") == field
        }
        if len(whole) == 1:
            return next(iter(whole.values()))
    return field
