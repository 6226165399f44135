"""Who is who: the name that a trusted proxy sends, else one that the person chooses."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from app.records.database import clean
from app.settings import Settings
from geo.errors import DataError

MAX_NAME_CHARACTERS: Final = 60
COMMAND_LINE: Final = "python -m app"
"""Who writes, where it is a command."""


class Person(NamedTuple):
    """`name` is empty as long as nobody is known; `proven` tells that the proxy in front of the app vouches for it."""

    name: str
    proven: bool

    @property
    def may_write(self) -> bool:
        """Whether the person may do more than look: where a proxy names people, those that it names."""
        return bool(self.name) or not self.proven


def writer(who: Person | str, *, named: bool = True) -> str:
    """Name of a person who is about to write: the one check that every writer asks.

    Parameters
    ----------
    who : Person or str
    named : bool
        Whether the record has to say who it was, even where no proxy vouches for names.

    Raises
    ------
    DataError
        When the person may only look, or has to say who it is.

    Examples
    --------
    >>> writer(" 张三 "), writer(Person("", proven=False), named=False)
    ('张三', '')
    """
    person = who if isinstance(who, Person) else Person(clean(who, MAX_NAME_CHARACTERS), proven=False)
    if not person.may_write:
        raise DataError("只能查看，不能写入", cause="前面的登录代理没有给出姓名（view only: the proxy names nobody）")
    if named and not person.name:
        raise DataError("请先填写姓名，记录里要写明是谁")
    return person.name


def header_name() -> str:
    """The header that holds the name, as `EXPLORER_USER_HEADER` says; empty when no proxy is configured.

    The server takes it out of every request that does not come from the proxy (`app.server.security`).
    """
    return Settings.from_environment().user_header


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
        return Person(clean(chosen, MAX_NAME_CHARACTERS), proven=False)
    sent = next((value for name, value in headers.items() if name.lower() == header.lower()), "")
    return Person(clean(_decoded(sent), MAX_NAME_CHARACTERS), proven=True)


def _decoded(value: str) -> str:
    """Text of a header: percent-encoded, or UTF-8 that was read as Latin-1, or plain."""
    if "%" in value:
        return unquote(value)
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
