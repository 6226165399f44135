"""Who has signed in, what role each was given, and which sign-ins have been ended."""

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from sqlalchemy import Engine, delete, insert, select, update

from app.records import log
from app.records.database import clean, now, open_database, reading, writing
from app.records.location import nothing_kept
from app.records.people import COMMAND_LINE, MAX_NAME_CHARACTERS, UNSIGNED, writer
from app.records.permissions import ADMINISTRATOR, ROLES, Person, default_role
from app.records.tables import ACCOUNTS, SIGN_OUTS
from app.settings import Settings
from geo.errors import DataError
from geo.text import fold

REREAD_SECONDS: Final = 2.0
"""How long what was read of accounts and ended sign-ins holds; another process's change is seen after that."""

MAX_ACCOUNT_CHARACTERS: Final = 200
MAX_GROUPS: Final = 50


@dataclass(frozen=True)
class Account:
    """Somebody that the sign-in knows.

    `name` is what others see, no two alike; `role` (empty: none was given) and `groups` are what an administrator gave.
    """

    account: str
    name: str
    role: str
    groups: tuple[str, ...]
    first_seen: str


@dataclass
class _Read:
    """What was read of the database, and when [s of `time.monotonic`]."""

    accounts: dict[str, Account] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    at: float = float("-inf")
    of: str = ""


_read = _Read()
_lock: Final = Lock()


def list_accounts() -> list[Account]:
    """Everybody who is known, by name.

    Raises
    ------
    DataError
        When the database cannot be read.
    """
    return sorted(_current().accounts.values(), key=lambda one: (one.name, one.account))


def admitted(account: str, name: str, role: str = "", groups: Collection[str] = ()) -> Person:
    """Somebody whom the sign-in vouches for, with role and groups.

    A role that the token says holds; else the one that an administrator gave; else that of the installation.

    Parameters
    ----------
    account : str
        What the sign-in knows the person by, the same for good.
    name : str
        What the sign-in calls the person.
    role : str
        What the token says; empty when nothing.
    groups : collection of str
        What the token says; those that an administrator gave come beside.

    Raises
    ------
    DataError
        When the database cannot be read.
    """
    accounts = _current().accounts
    held = accounts.get(account)
    given = (held.role, held.groups) if held else ("", ())
    return Person(
        held.name if held else _own_name(name, account, accounts),
        proven=True,
        role=role or given[0] or default_role(Settings.from_environment()),
        account=account,
        groups=frozenset(groups) | frozenset(given[1]),
    )


def note_account(person: Person) -> None:
    """Keep who has signed in, so that an administrator finds the person; no-op for who is known or has no account.

    Raises
    ------
    DataError
        When the database cannot be written.
    """
    if not person.account or person.account in _current().accounts:
        return
    with writing(open_database()) as connection:
        if connection.execute(select(ACCOUNTS.c.account).where(ACCOUNTS.c.account == person.account)).first() is None:
            held = {one.account: one for one in map(_account, connection.execute(select(ACCOUNTS)))}
            name = _own_name(person.name, person.account, held)
            row = {"account": person.account, "name": name, "role": "", "member_of": [], "first_seen": now()}
            connection.execute(insert(ACCOUNTS).values(row))
    _forget()


def give(db: Engine, account: str, role: str, groups: Iterable[str], who: Person) -> Account:
    """Give somebody a role and groups, whether the person has signed in yet or not.

    Parameters
    ----------
    db : Engine
    account : str
    role : str
        One of `ROLES`; empty for that of the installation.
    groups : iterable of str
    who : Person
        Who gives it.

    Raises
    ------
    DataError
        When the person may not, account, role or a group are none, or nobody would be left to give roles.
    """
    giver = writer(who, "administer")
    account = clean(account, MAX_ACCOUNT_CHARACTERS)
    groups = list(groups)
    if any(len(one.strip()) > MAX_NAME_CHARACTERS for one in groups):
        raise DataError("组名太长（a group's name is too long）", expected=f"至多 {MAX_NAME_CHARACTERS} 个字符")
    named = tuple(dict.fromkeys(filter(None, (clean(one, MAX_NAME_CHARACTERS) for one in groups))))[:MAX_GROUPS]
    if not account:
        raise DataError("要写明给谁（whose role）")
    if role and role not in ROLES:
        raise DataError("没有这个角色（no such role）", value=role, expected="、".join(ROLES))
    if who.account == account and role != ADMINISTRATOR:
        raise DataError("自己的管理员角色要由另一位管理员收回", cause="以免没有管理员（another administrator takes it)")
    with writing(db) as connection:
        held = {one.account: one for one in map(_account, connection.execute(select(ACCOUNTS)))}
        before = held.get(account)
        values = {"role": role, "member_of": list(named)}
        if before is None:
            name = _own_name(account, account, held)
            connection.execute(insert(ACCOUNTS).values(account=account, name=name, first_seen="", **values))
        else:
            name = before.name
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account == account).values(values))
        fields = {
            "role": (before.role if before else "", role),
            "groups": ("、".join(before.groups) if before else "", "、".join(named)),
        }
        changed = {key: pair for key, pair in fields.items() if pair[0] != pair[1]}
        if changed:
            log.write(connection, giver, "change", "account", 0, name, changed)
    _forget()
    return Account(account, name, role, named, before.first_seen if before else "")


def end_sign_in(claims: Mapping[str, Any]) -> None:
    """End a sign-in: its cookie opens nothing any more, whoever kept a copy of it.

    Raises
    ------
    DataError
        When the database cannot be written.
    """
    with writing(open_database()) as connection:
        connection.execute(delete(SIGN_OUTS).where(SIGN_OUTS.c.until < time.time()))
        digest = _digest(claims)
        if connection.execute(select(SIGN_OUTS).where(SIGN_OUTS.c.digest == digest)).first() is None:
            connection.execute(insert(SIGN_OUTS).values(digest=digest, until=int(claims["exp"]) + 1))
    _forget()


def is_ended(claims: Mapping[str, Any]) -> bool:
    """Whether a sign-in was ended.

    Raises
    ------
    DataError
        When the database cannot be read.
    """
    return _digest(claims) in _current().ended


def _digest(claims: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(dict(claims), sort_keys=True, default=str).encode()).hexdigest()


def _current() -> _Read:
    """What the database says, read again once that is `REREAD_SECONDS` old."""
    global _read
    if nothing_kept():
        return _Read()
    db = open_database()
    of = db.url.render_as_string(hide_password=False)
    with _lock:
        held = _read
    if held.of == of and time.monotonic() - held.at < REREAD_SECONDS:
        return held
    with reading(db) as connection:
        accounts = {one.account: one for one in map(_account, connection.execute(select(ACCOUNTS)))}
        ended = frozenset(connection.scalars(select(SIGN_OUTS.c.digest)))
    fresh = _Read(accounts, ended, time.monotonic(), of)
    with _lock:
        _read = fresh
    return fresh


def _forget() -> None:
    global _read
    with _lock:
        _read = _Read()


def _account(row: Any) -> Account:
    return Account(row.account, row.name, row.role, tuple(map(str, row.member_of or [])), row.first_seen)


def _own_name(name: str, account: str, held: Mapping[str, Account]) -> str:
    """A name that nobody else has, and no command: records know people by it, and whoever signs in first keeps it."""
    taken = {
        fold(one) for one in (COMMAND_LINE, UNSIGNED, *(one.name for one in held.values() if one.account != account))
    }
    own = clean(name, MAX_NAME_CHARACTERS) or clean(account, MAX_NAME_CHARACTERS)
    if fold(own) not in taken:
        return own
    mark = hashlib.sha256(account.encode()).hexdigest()[:8]
    return f"{own[: MAX_NAME_CHARACTERS - 11]}（{mark}）"
