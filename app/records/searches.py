"""Saved searches: a query with a name, and what of its result is new since it was last looked at."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.people import writer
from app.records.permissions import ANYBODY, Person
from app.records.tables import SEARCHES
from app.records.visibility import is_everybody_s, may_see, tells_no_more, visible
from geo.errors import DataError

MOST_IDS: Final = 500_000
"""Enterprises of a result up to which is kept which they were, 8 bytes each; beyond, only how many."""


@dataclass(frozen=True)
class Search:
    """A query string under a name; `seen_release` is the set at the last look, `seen_count` how many it gave.

    `dataset` and `seen_in` are the keys of the datasets in use when it was saved, and at the last look.
    """

    id: int
    name: str
    query: str
    owner: str
    saved: str
    seen: str
    seen_release: str
    seen_count: int
    seen_hash: str
    dataset: str = ""
    seen_in: str = ""


class News(NamedTuple):
    """What changed since the last look.

    `changed` whether the result is another one; `new` which of the ids were not there (shape (n,)), `gone` how many
    left: both None when the earlier result was too large to be kept.
    """

    changed: bool
    new: NDArray[np.bool_] | None
    gone: int | None


def searches(db: Engine, person: Person = ANYBODY) -> list[Search]:
    """All saved searches that a person may see, by name; without the last look where that is not the person's to see."""
    with reading(db) as connection:
        found = [_search(row) for row in connection.execute(select(SEARCHES).order_by(SEARCHES.c.name))]
    return [
        one if may_see(person, one.seen_in) else replace(one, seen_release="–", seen_count=0, seen_hash="")
        for one in visible(found, person)
    ]


def save(
    db: Engine, name: str, query: str, who: Person | str, release: str, ids: pd.Index, dataset: str = ""
) -> Search:
    """Save a query under a name, together with what it gives now; the person's own of that name is replaced.

    Parameters
    ----------
    name, query : str
    who : Person or str
    release : str
        What tells the set from others and from its earlier releases, as a user calls it.
    ids : Index of str
        `enterprise_id` of the result.
    dataset : str
        Key of the dataset in use.
    """
    name, who = clean(name, 120), writer(who)
    if not name:
        raise DataError("收藏的搜索要有名称")
    values = {"query": query[:20_000], "saved": now(), **_seen(release, ids, dataset), "dataset": dataset}
    with writing(db) as connection:
        mine = (SEARCHES.c.name == name) & (SEARCHES.c.owner == who)
        columns = SEARCHES.c.id, SEARCHES.c.query, SEARCHES.c.dataset
        held = connection.execute(select(*columns).where(mine)).one_or_none()
        if held is None:
            made = insert(SEARCHES).values(name=name, owner=who, **values).returning(SEARCHES.c.id)
            search_id = connection.execute(made).scalar_one()
        else:
            search_id = held.id
            connection.execute(update(SEARCHES).where(SEARCHES.c.id == search_id).values(values))
        fields = {"query": (held.query if held and tells_no_more(held.dataset, dataset) else "", query)}
        log.write(connection, who, "change" if held else "add", "search", search_id, name, fields, dataset)
        return _by_id(connection, search_id)


def news(db: Engine, search_id: int, ids: pd.Index, person: Person = ANYBODY) -> News:
    """What is new in a result, compared with the last look; looking alone changes nothing.

    Of a last look at what the person may not see only is said that it is another: its enterprises could else be
    asked for one by one.

    Raises
    ------
    DataError
        When the search was deleted, or is not the person's to see.
    """
    with reading(db) as connection:
        row = connection.execute(select(SEARCHES).where(SEARCHES.c.id == search_id)).one_or_none()
    if row is None or not may_see(person, row.dataset):
        raise DataError("这条收藏的搜索已被删除")
    if not may_see(person, row.seen_in):
        return News(True, None, None)
    hashes = _hashes(ids)
    if _hash_of(hashes) == row.seen_hash:
        return News(False, np.zeros(len(ids), dtype=bool), 0)
    if row.seen_ids is None:
        return News(True, None, None)
    before = np.frombuffer(row.seen_ids, dtype="<u8")
    new = ~np.isin(hashes, before)
    return News(True, new, int((~np.isin(before, hashes)).sum()))


def look(db: Engine, search_id: int, release: str, ids: pd.Index, who: Person | str, dataset: str = "") -> None:
    """Take the present result of a dataset as seen; no-op where the search was deleted or is not the person's to see."""
    asking, who = who if isinstance(who, Person) else ANYBODY, writer(who)
    with writing(db) as connection:
        row = connection.execute(select(SEARCHES).where(SEARCHES.c.id == search_id)).one_or_none()
        if row is not None and may_see(asking, row.dataset):
            connection.execute(update(SEARCHES).where(SEARCHES.c.id == search_id).values(_seen(release, ids, dataset)))
            of = (dataset or row.dataset) if is_everybody_s(row.dataset) else row.dataset  # the line names the search
            before = f"{row.seen_release} · {row.seen_count}" if row.seen_in in ("", dataset) else ""
            after = f"{release[:200]} · {len(ids)}"
            seen = {"seen": (before, after) if tells_no_more(dataset, of) else ("", "")}
            log.write(connection, who, "look", "search", search_id, row.name, seen, of)


def remove(db: Engine, search_id: int, who: Person | str) -> dict[str, Any]:
    """Delete a saved search; its query stays in the log.

    Returns
    -------
    dict
        All that it was, for `restore`; empty when somebody else has deleted it before.

    Raises
    ------
    DataError
        When it is another's, and the person no administrator.
    """
    asking, who = who if isinstance(who, Person) else ANYBODY, writer(who)
    with writing(db) as connection:
        row = connection.execute(select(SEARCHES).where(SEARCHES.c.id == search_id)).one_or_none()
        if row is not None:
            if row.owner != who and not asking.may("administer"):
                raise DataError("这是别人收藏的搜索，不能删除")
            connection.execute(delete(SEARCHES).where(SEARCHES.c.id == search_id))
            log.write(connection, who, "remove", "search", search_id, row.name, {"query": (row.query, "")}, row.dataset)
    return {} if row is None else dict(row._mapping)


def restore(db: Engine, held: Mapping[str, Any], who: Person | str) -> None:
    """Save a search again as it was when it was deleted, under its id, with what had been seen of it.

    Raises
    ------
    DataError
        When its owner has saved another one under that name since.
    """
    who = writer(who)
    values = dict(held)
    with writing(db) as connection:
        mine = (SEARCHES.c.name == values["name"]) & (SEARCHES.c.owner == values["owner"])
        if connection.execute(select(SEARCHES.c.id).where(mine)).one_or_none() is not None:
            raise DataError("已有同名的收藏，没有放回", value=values["name"])
        made = connection.execute(insert(SEARCHES).values(values).returning(SEARCHES.c.id)).scalar_one()
        fields = {"query": ("", values["query"])}
        log.write(connection, who, "add", "search", made, values["name"], fields, values["dataset"])


def _seen(release: str, ids: pd.Index, dataset: str) -> dict[str, Any]:
    hashes = np.sort(_hashes(ids))
    kept = hashes.astype("<u8").tobytes() if len(hashes) <= MOST_IDS else None
    return {
        "seen": now(),
        "seen_release": release[:200],
        "seen_in": dataset,
        "seen_count": len(hashes),
        "seen_hash": _hash_of(hashes),
        "seen_ids": kept,
    }


def _hashes(ids: pd.Index) -> NDArray[np.uint64]:
    return pd.util.hash_array(np.asarray(ids, dtype=object), categorize=False)


def _hash_of(hashes: NDArray[np.uint64]) -> str:
    return hashlib.sha256(np.sort(hashes).astype("<u8").tobytes()).hexdigest()


def _search(row: Row[Any]) -> Search:
    return Search(**{name: row._mapping[name] for name in Search.__annotations__})


def _by_id(connection: Connection, search_id: int) -> Search:
    return _search(connection.execute(select(SEARCHES).where(SEARCHES.c.id == search_id)).one())
