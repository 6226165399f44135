"""Who is who: the name that a trusted proxy sends, else one that the person chooses."""

import os
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from app.records.database import clean

LONGEST: Final = 60


class Person(NamedTuple):
    """`name` is empty as long as nobody is known; `proven` tells that the proxy in front of the app vouches for it."""

    name: str
    proven: bool


def header_name() -> str:
    """The header that holds the name, as `EXPLORER_USER_HEADER` says; empty when no proxy is configured.

    Only an installation whose proxy sets or removes this header in every request may configure it.
    """
    return os.environ.get("EXPLORER_USER_HEADER", "").strip()


def person_of(headers: Mapping[str, str], chosen: str, header: str) -> Person:
    r"""Who is at the other end.

    Where a header is configured, a name chosen counts for nothing: without the header nobody is known.

    Examples
    --------
    >>> person_of({"X-User": "%E6%9D%8E%E5%9B%9B"}, "张三", "X-User")
    Person(name='李四', proven=True)
    >>> person_of({}, "张三", "X-User"), person_of({}, " 张三\n", "")
    (Person(name='', proven=True), Person(name='张三', proven=False))
    """
    if not header:
        return Person(clean(chosen, LONGEST), proven=False)
    sent = next((value for name, value in headers.items() if name.lower() == header.lower()), "")
    return Person(clean(_decoded(sent), LONGEST), proven=True)


def _decoded(value: str) -> str:
    """Text of a header: percent-encoded, or UTF-8 that was read as Latin-1, or plain."""
    if "%" in value:
        return unquote(value)
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
