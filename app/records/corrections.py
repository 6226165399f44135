"""Corrections: facts of an enterprise that a person put right, laid over the data and reversible.

The data are never changed.  A correction is about an enterprise, not about a row of one file, so it holds for the next
release too; it remembers what the data said, so that one can see whether they have been put right since.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from app.log import record_event
from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.enterprises import EnterpriseKey, same_key
from app.records.people import writer
from app.records.permissions import ANYBODY, Person
from app.records.tables import CORRECTIONS
from app.records.visibility import visible
from geo.errors import DataError


@dataclass(frozen=True)
class Correction:
    """`field` of `firm` is `new`, not `old`; `undone` is when somebody took it back, empty while it holds."""

    id: int
    firm: EnterpriseKey
    field: str
    old: str
    new: str
    reason: str
    reported_by: str
    reported: str
    undone_by: str
    undone: str


def corrections(db: Engine, *, undone: bool = False) -> list[Correction]:
    """The corrections that hold, the earliest first; with `undone`, those taken back as well."""
    query = select(CORRECTIONS).order_by(CORRECTIONS.c.id)
    with reading(db) as connection:
        return [_correction(row) for row in connection.execute(query) if undone or not row.undone]


def corrections_of(db: Engine, firm: EnterpriseKey, person: Person = ANYBODY) -> list[Correction]:
    """All corrections of one enterprise that a person may see, those taken back as well, the earliest first."""
    query = select(CORRECTIONS).where(same_key(CORRECTIONS, firm)).order_by(CORRECTIONS.c.id)
    with reading(db) as connection:
        found = [_correction(row) for row in connection.execute(query)]
    return visible(found, person, lambda one: one.firm.dataset)


def correct(
    db: Engine, firm: EnterpriseKey, field: str, old: str, new: str, reason: str, who: Person | str
) -> Correction:
    """Keep a correction; an earlier one of the same field stays in the list, the later one wins.

    Raises
    ------
    DataError
        When there is no name, no reason, or nothing to change.
    """
    who = writer(who, "correct")
    new, reason = clean(new, 1000), clean(reason, 1000)
    if not reason:
        raise DataError("更正要写明依据", expected="如：官网、公示、电话核实")
    if new == clean(old, 1000):
        raise DataError("更正前后相同", column=field, value=new)
    values = {"field": field, "old": clean(old, 1000), "new": new, "reason": reason, "reported_by": who}
    row = firm.columns() | values | {"reported": now(), "undone_by": "", "undone": ""}
    with writing(db) as connection:
        made = connection.execute(insert(CORRECTIONS).values(row).returning(CORRECTIONS)).one()
        log.write(connection, who, "add", "correction", made.id, firm.name, {field: (values["old"], new)}, firm.dataset)
    record_event("correct", who, correction=made.id, column=field)
    return _correction(made)


def undo(db: Engine, correction_id: int, who: Person | str) -> None:
    """Take a correction back; a second time changes nothing."""
    who = writer(who, "correct")
    with writing(db) as connection:
        row = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == correction_id)).one_or_none()
        if row is None or row.undone:
            return
        taken = update(CORRECTIONS).where(CORRECTIONS.c.id == correction_id)
        connection.execute(taken.values(undone=now(), undone_by=who))
        log.write(connection, who, "undo", "correction", row.id, row.name, {row.field: (row.new, row.old)}, row.dataset)
    record_event("undo", who, correction=correction_id, column=row.field)


def _correction(row: Row[Any]) -> Correction:
    values = row._mapping
    firm = EnterpriseKey(values["name"], values["uscc"], dataset=values["dataset"])
    return Correction(firm=firm, **{name: values[name] for name in Correction.__annotations__ if name != "firm"})
