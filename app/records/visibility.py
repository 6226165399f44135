"""What a person may see of what is kept: a record tells of the dataset that it was made of, so it is shown with that."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, TypeVar

from app.records.permissions import ANYBODY, Person
from app.settings import people_sign_in
from geo.datasets import workspace
from geo.datasets.rights import EVERYBODY, DatasetRights
from geo.errors import DataError

Record = TypeVar("Record")

PREMISES_PREFIX: Final = "premises:"
"""Before the number of a list of premises, where the log says whose rights hold for a line."""


def may_see(person: Person, key: str) -> bool:
    """Whether a person may know of the dataset of a key: the sample's is empty, and everybody's who may read.

    Of one that was deleted the rights hold that it had; where they are not known, it is an administrator's.
    """
    if not person.may("read"):
        return False
    if not key or person.may("administer"):
        return True
    rights = _rights(key)
    return rights is not None and person.sees(rights)


def is_everybody_s(key: str) -> bool:
    """Whether every reader may know of the dataset of a key.

    Of one that was deleted where nobody signed in nothing is known: it still is everybody's there, and nowhere else.
    """
    rights = _rights(key) if key else EVERYBODY
    return not people_sign_in() if rights is None else rights.seen_by == EVERYBODY.seen_by


def tells_no_more(key: str, of: str) -> bool:
    """Whether what is said of the dataset of a key may stand in a record of another one: whoever sees that, sees both."""
    return key in ("", of) or is_everybody_s(key)


def visible(
    records: Iterable[Record], person: Person = ANYBODY, key: Callable[[Record], str] | None = None
) -> list[Record]:
    """Those of some records that a person may see, by the `dataset` that each was made of."""
    known = cache(lambda dataset: may_see(person, dataset))
    return [one for one in records if known(key(one) if key else _dataset_of(one))]


def _dataset_of(record: Any) -> str:
    return str(record.dataset)


def _rights(key: str) -> DatasetRights | None:
    """Who may know of a dataset, or might when it was deleted; None where nobody knows."""
    if key.startswith(PREMISES_PREFIX):
        return _rights_of_premises(key.removeprefix(PREMISES_PREFIX))
    try:
        return workspace.rights_of(key) or _rights_at_deletion(key)
    except DataError:
        return None


def _rights_at_deletion(key: str) -> DatasetRights | None:
    from app.records.database import open_database, reading  # here: pages of one who sees everything never ask
    from app.records.location import nothing_kept
    from app.records.tables import LOG

    if nothing_kept():
        return None
    lines = LOG.select().where(LOG.c.dataset == key, LOG.c.subject == "dataset", LOG.c.field == "rights")
    with reading(open_database()) as connection:
        last = connection.execute(lines.where(LOG.c.action == "remove").order_by(LOG.c.id.desc()).limit(1)).first()
    if last is None:
        return None
    owner, seen_by, groups = json.loads(last.old)
    return DatasetRights(owner, seen_by, tuple(groups))


def _rights_of_premises(number: str) -> DatasetRights | None:
    from sqlalchemy import select  # here: pages of one who sees everything never ask

    from app.records.database import open_database, reading
    from app.records.location import nothing_kept
    from app.records.tables import PREMISES

    if not number.isdecimal() or nothing_kept():
        return None
    rights = [PREMISES.c[name] for name in ("account", "seen_by", "seen_groups")]
    with reading(open_database()) as connection:
        held = connection.execute(select(*rights).where(PREMISES.c.id == int(number))).one_or_none()
    return None if held is None else DatasetRights(held.account, held.seen_by, tuple(held.seen_groups))
