"""Who is who and may what: by a sign-in, the name that a trusted proxy sends, else one that the person chooses."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from app.records.database import clean
from app.records.permissions import ADMINISTRATOR, NO_ROLE, PERMISSIONS, ROLES, Person, allows
from app.settings import Settings, people_sign_in
from geo.errors import DataError

MAX_NAME_CHARACTERS: Final = 60
COMMAND_LINE: Final = "python -m app"
"""Who writes, where it is a command."""
UNSIGNED: Final = "（未署名 unsigned）"
"""Who writes, where no proxy names anybody and nobody has said who he is."""


def writer(who: Person | str, action: str = "follow", *, named: bool = True) -> str:
    """Name of a person who is about to write: the one check that every writer asks.

    Parameters
    ----------
    who : Person or str
        A mere name may write only where nobody signs in.
    action : str
        What is done, of `PERMISSIONS`.
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
    >>> writer(Person("张三", proven=True, role="follower"), "correct")
    Traceback (most recent call last):
    geo.errors.DataError: 只能查看，不能写入。收到：跟进人（可能原因：要有更正人的角色，请向管理员要（role corrector needed））
    """
    if isinstance(who, Person):
        person = who
    else:
        role = NO_ROLE if people_sign_in() else ADMINISTRATOR
        person = Person(clean(who, MAX_NAME_CHARACTERS), proven=False, role=role)
    if not person.may(action):
        if allows(person.role, action):
            cause = "前面的登录代理没有给出姓名（view only: the proxy names nobody）"
            raise DataError("只能查看，不能写入", cause=cause)
        needed = PERMISSIONS[action].role
        cause = f"要有{ROLES[needed].zh}的角色，请向管理员要（role {needed} needed）"
        raise DataError("只能查看，不能写入", value=ROLES[person.role].zh, cause=cause)
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
    >>> person_of({"X-User": "%E6%9D%8E%E5%9B%9B"}, "张三", "X-User")[:2]
    ('李四', True)
    >>> person_of({}, "张三", "X-User")[:2], person_of({}, " 张三\n", "")[:2]
    (('', True), ('张三', False))
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
