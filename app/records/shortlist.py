"""The shortlist: enterprises that people follow, what is next, and until when.

An entry belongs to the person who follows; several may follow one enterprise, the second is told of the first.  Every
entry has a version: who changes one that has meanwhile been changed sees what the other did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.enterprises import EnterpriseKey, same_key
from app.records.people import MAX_NAME_CHARACTERS, writer
from app.records.permissions import ANYBODY, Person
from app.records.tables import SHORTLIST
from app.records.visibility import may_see, tells_no_more, visible
from geo.errors import DataError

FOLLOW_UP_STAGES: Final[dict[str, tuple[str, str]]] = {
    "to_visit": ("待走访", "To visit"),
    "contacted": ("已联系", "Contacted"),
    "negotiating": ("洽谈中", "Negotiating"),
    "landed": ("已落地", "Landed"),
    "dropped": ("已放弃", "Dropped"),
}
CLOSED: Final = ("landed", "dropped")
"""Stages in which nothing can be overdue."""

ENTRY_FIELDS: Final = ("stage", "next_step", "due", "notes", "owner")
"""What a person changes of an entry."""

MAX_FIELD_CHARACTERS: Final = {"next_step": 300, "notes": 4000, "owner": 60}


@dataclass(frozen=True)
class Entry:
    """An enterprise that `owner` follows; `version` grows with every change."""

    id: int
    firm: EnterpriseKey
    stage: str
    next_step: str
    due: date | None
    notes: str
    owner: str
    added: str
    added_by: str
    changed: str
    changed_by: str
    version: int

    def overdue(self, today: date) -> bool:
        """Whether the next step should have been done before `today` and the case is still open."""
        return self.due is not None and self.due < today and self.stage not in CLOSED


class Added(NamedTuple):
    """What became of a pick: `entry` in the list, none when it waits for a word; `others` who follow already."""

    entry: Entry | None
    others: tuple[Entry, ...]
    new: bool


class Outcome(NamedTuple):
    """What became of a change.

    `entry` as the database has it now; `theirs` what others changed since, field → (before, now); `contested` the
    fields that both changed, field → (mine, theirs): when there are any, nothing was written.
    """

    entry: Entry
    theirs: dict[str, tuple[Any, Any]]
    contested: dict[str, tuple[Any, Any]]


def entries(db: Engine, person: Person = ANYBODY) -> list[Entry]:
    """All entries that a person may see: overdue and due ones first, then the latest change."""
    with reading(db) as connection:
        found = [_entry(row) for row in connection.execute(select(SHORTLIST).order_by(SHORTLIST.c.changed.desc()))]
    found = visible(found, person, _dataset)
    return sorted(found, key=lambda entry: (entry.stage in CLOSED, entry.due is None, entry.due or date.max))


def entry(db: Engine, entry_id: int, person: Person = ANYBODY) -> Entry:
    """One entry as the database has it now.

    Raises
    ------
    DataError
        When it was removed, or the person may not see it.
    """
    with reading(db) as connection:
        held = _by_id(connection, entry_id)
    if held is None or not may_see(person, held.firm.dataset):
        raise DataError("这条跟进已被移出清单", cause="见操作记录")
    return held


def followers(db: Engine, firm: EnterpriseKey, person: Person = ANYBODY) -> list[Entry]:
    """The entries of one enterprise that a person may see, whoever follows it."""
    with reading(db) as connection:
        found = _of(connection, firm)
    return visible(found, person, _dataset)


def add(db: Engine, firms: Sequence[EnterpriseKey], who: Person | str, *, aware: bool = False) -> list[Added]:
    """Put enterprises on the list of a person.

    Parameters
    ----------
    firms : sequence of EnterpriseKey
    who : Person or str
        The person who follows.
    aware : bool
        Whether the person knows who else follows them; without it, an enterprise that others follow is not added.

    Returns
    -------
    list of Added
        In the order of `firms`.  One that the person follows already stays as it is.
    """
    name, asking = writer(who), who if isinstance(who, Person) else ANYBODY
    with writing(db) as connection:
        return [_add(connection, firm, name, aware, asking) for firm in firms]


def change(db: Engine, base: Entry, wanted: Mapping[str, Any], who: Person | str) -> Outcome:
    """Change an entry as a person saw it.

    Parameters
    ----------
    base : Entry
        The entry as the person saw it.
    wanted : mapping
        Fields of `ENTRY_FIELDS` → value; those that are as in `base` count as not changed.
    who : Person or str

    Returns
    -------
    Outcome
        Fields that only the person changed are kept together with what others changed meanwhile.  A field that both
        changed to different values is contested, and nothing is written until `change` is called with the entry of
        the outcome as its base.

    Raises
    ------
    DataError
        When the entry was removed, a value cannot be, or the new owner follows the enterprise already.
    """
    asking, who = who if isinstance(who, Person) else ANYBODY, writer(who)
    wanted = {name: _value(name, value) for name, value in wanted.items()}
    mine = {name: value for name, value in wanted.items() if value != getattr(base, name)}
    with writing(db) as connection:
        held = _by_id(connection, base.id)
        if held is None:
            raise DataError("这条跟进已被移出清单，没有保存", value=base.firm.name, cause="见操作记录")
        theirs = {name: (getattr(base, name), getattr(held, name)) for name in ENTRY_FIELDS}
        theirs = {name: pair for name, pair in theirs.items() if pair[0] != pair[1]}
        contested = {name: (mine[name], theirs[name][1]) for name in mine if name in theirs}
        contested = {name: pair for name, pair in contested.items() if pair[0] != pair[1]}
        mine = {name: value for name, value in mine.items() if value != getattr(held, name)}
        if contested or not mine:
            return Outcome(held, theirs, contested)
        taken = [one for one in _of(connection, held.firm) if one.id != held.id and one.owner == mine.get("owner", "")]
        if visible(taken, asking, _dataset):
            raise DataError("这位同事已在跟进这家企业，两条不能合到一人名下", value=mine["owner"])
        if taken:  # by an entry that the person knows nothing of
            raise DataError("不能改由这位同事跟进", value=mine["owner"])
        stamped = mine | {"changed": now(), "changed_by": who, "version": held.version + 1}
        as_seen = (SHORTLIST.c.id == held.id) & (SHORTLIST.c.version == held.version)
        connection.execute(update(SHORTLIST).where(as_seen).values(stamped))
        changes = {name: (getattr(held, name), value) for name, value in mine.items()}
        log.write(connection, who, "change", "shortlist", held.id, held.firm.name, changes, held.firm.dataset)
        return Outcome(replace(held, **stamped), theirs, {})


def remove(db: Engine, base: Entry, who: Person | str) -> None:
    """Take an entry off the list; what it held stays in the log.

    Raises
    ------
    DataError
        When it was changed since the person saw it.
    """
    who = writer(who)
    with writing(db) as connection:
        held = _by_id(connection, base.id)
        if held is None:
            return
        if held.version != base.version:
            raise DataError("这条跟进刚被修改，没有移出；请看过再移出", value=f"{held.changed_by} {held.changed[:16]}")
        connection.execute(delete(SHORTLIST).where(SHORTLIST.c.id == held.id))
        values = {name: (getattr(held, name), "") for name in ENTRY_FIELDS}
        log.write(connection, who, "remove", "shortlist", held.id, held.firm.name, values, held.firm.dataset)


def restore(db: Engine, entry: Entry, who: Person | str) -> None:
    """Put an entry back on the list as it was when it was taken off, under its id.

    Raises
    ------
    DataError
        When its owner follows the enterprise again.
    """
    who = writer(who)
    values = {name: getattr(entry, name) for name in Entry.__annotations__ if name != "firm"}
    values |= {"version": entry.version + 1, "changed": now(), "changed_by": who}
    with writing(db) as connection:
        if any(one.owner == entry.owner for one in _of(connection, entry.firm)):
            raise DataError("这家企业已重新加入跟进", value=entry.firm.name)
        firm = entry.firm
        row = firm.columns() | {"facts": dict(firm.facts), "set_title": firm.set_title} | values
        made = connection.execute(insert(SHORTLIST).values(row).returning(SHORTLIST.c.id)).scalar_one()
        fields = {name: ("", getattr(entry, name)) for name in ENTRY_FIELDS}
        log.write(connection, who, "add", "shortlist", made, firm.name, fields, firm.dataset)


def _add(connection: Connection, firm: EnterpriseKey, who: str, aware: bool, asking: Person) -> Added:
    held = _of(connection, firm)
    own = next((one for one in held if one.owner == who), None)
    others = tuple(one for one in visible(held, asking, _dataset) if one.owner != who)
    if own is not None or (others and not aware):
        return Added(own, others, new=False)
    moment = now()
    values: dict[str, Any] = {
        "stage": "to_visit",
        "next_step": "",
        "due": None,
        "notes": "",
        "owner": who,
        "version": 1,
    }
    values |= {"added": moment, "added_by": who, "changed": moment, "changed_by": who}
    row = firm.columns() | {"facts": dict(firm.facts), "set_title": firm.set_title} | values
    made = connection.execute(insert(SHORTLIST).values(row).returning(SHORTLIST.c.id)).scalar_one()
    names = [one.owner for one in others if tells_no_more(one.firm.dataset, firm.dataset)]
    followers = {"followers": ("、".join(names), "、".join([*names, who]))}
    log.write(connection, who, "add", "shortlist", made, firm.name, followers, firm.dataset)
    return Added(Entry(id=made, firm=firm, **values), others, new=True)


def _of(connection: Connection, firm: EnterpriseKey) -> list[Entry]:
    query = select(SHORTLIST).where(same_key(SHORTLIST, firm)).order_by(SHORTLIST.c.id)
    return [_entry(row) for row in connection.execute(query)]


def _by_id(connection: Connection, entry_id: int) -> Entry | None:
    row = connection.execute(select(SHORTLIST).where(SHORTLIST.c.id == entry_id)).one_or_none()
    return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    firm = EnterpriseKey(values["name"], values["uscc"], values["facts"], values["set_title"], values["dataset"])
    return Entry(firm=firm, **{name: values[name] for name in Entry.__annotations__ if name != "firm"})


def _value(name: str, value: Any) -> Any:
    if name == "stage":
        if value not in FOLLOW_UP_STAGES:
            raise DataError("没有这个阶段", value=value, expected="、".join(FOLLOW_UP_STAGES))
        return value
    if name == "due":
        return value
    if name == "owner":
        owner = clean(str(value), MAX_NAME_CHARACTERS)
        if not owner:
            raise DataError("请先填写姓名，记录里要写明是谁")
        return owner
    if name not in MAX_FIELD_CHARACTERS:
        raise DataError("跟进没有这一项", value=name, expected="、".join(ENTRY_FIELDS))
    return clean(str(value), MAX_FIELD_CHARACTERS[name], lines=name == "notes")


def _dataset(one: Entry) -> str:
    return one.firm.dataset
