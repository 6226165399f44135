"""Notices: what is new in saved searches and what is overdue, told once to each place that the operator named.

A notice holds names of enterprises and of steps, and numbers.  What people wrote freely and who they are is not in it:
no owner, note, next step, name of a search or text that was searched for.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Delete, Engine, Update, delete, func, insert, select, update

from app.records import projects, searches, shortlist
from app.records.database import reading, writing
from app.records.overlay import with_corrections
from app.records.tables import NOTICES
from app.records.visibility import is_everybody_s
from geo.datasets import workspace
from geo.datasets.dataset import Dataset, load_dataset
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.installation import variable
from geo.text import Text

CLAIM_MINUTES: Final = 15
"""How long one that sends has for it: after that it is taken for dead, and nobody knows whether it has sent."""

Outcome = Literal["sent", "not_sent", "unknown"]
"""What came of sending: `unknown` where the place may have taken it and has not said so."""

_NO_MORE: Final = Text("名单已换过，看得出变化，看不出是哪些", "the result is another; which are new is not known")


@dataclass(frozen=True)
class Notice:
    """Something to tell: `key` names it for good, `dataset` says who may know of it."""

    key: str
    dataset: str
    text: Text


def notices(db: Engine, today: date) -> tuple[list[Notice], list[str]]:
    """All that there is to tell today, whoever was told already; and in sentences what could not be looked at.

    A saved search that has more than at its last look is told once for each new result; an overdue follow-up once for
    each due day; a step of a project once for each planned day.
    """
    failures: list[str] = []
    found = [*_of_searches(db, failures), *_of_entries(db, today), *_of_projects(db, today)]
    return found, failures


def claim(db: Engine, place: str, found: Iterable[Notice]) -> list[Notice]:
    """Those notices that nobody has sent to a place or is about to; they are the caller's to send from then on.

    The intention is committed before anything is sent: of two servers that ask at once each notice is one's, and what
    became of one whose sender died is not known, so that nobody sends it again unasked (`unsettled`).

    Parameters
    ----------
    db : Engine
    place : str
        What tells the place from others, the same at every run.
    found : iterable of Notice
    """
    moment = _text(datetime.now(UTC))
    with writing(db) as connection:
        known = _known(connection, place)
        mine = [one for one in found if one.key not in known]
        if mine:
            rows = [{"place": place, "notice": one.key, "claimed": moment, "sent": ""} for one in mine]
            connection.execute(insert(NOTICES), rows)
    return mine


def untold(db: Engine, place: str, found: Iterable[Notice]) -> list[Notice]:
    """Those notices that `claim` would give, of which nothing is kept."""
    with reading(db) as connection:
        known = _known(connection, place)
    return [one for one in found if one.key not in known]


def _known(connection: Connection, place: str) -> set[str]:
    return set(connection.scalars(select(NOTICES.c.notice).where(NOTICES.c.place == place)))


def settle(db: Engine, place: str, mine: Collection[Notice], outcome: Outcome) -> None:
    """Keep what came of sending notices; what was not sent is given back, to be sent at the next run."""
    with writing(db) as connection:
        for one in mine:
            connection.execute(_settled((NOTICES.c.place == place) & (NOTICES.c.notice == one.key), outcome))


def unsettled(db: Engine, *places: str) -> int:
    """Number of notices of which nobody knows whether a place has them: who sent them died, or got no answer."""
    with reading(db) as connection:
        return connection.scalar(select(func.count()).select_from(NOTICES).where(_in_doubt(places))) or 0


def decide(db: Engine, *places: str, arrived: bool) -> int:
    """Keep what a person found out of all that is `unsettled` at places: they have them, or they go again; how many."""
    with writing(db) as connection:
        return connection.execute(_settled(_in_doubt(places), "sent" if arrived else "not_sent")).rowcount


def _settled(these: ColumnElement[bool], outcome: Outcome) -> Delete | Update:
    if outcome == "not_sent":
        return delete(NOTICES).where(these)
    known = {"sent": _text(datetime.now(UTC))} if outcome == "sent" else {"claimed": ""}
    return update(NOTICES).where(these).values(known)


def _in_doubt(places: Collection[str]) -> ColumnElement[bool]:
    """Nobody is about to send them any more; a claim without a moment is one whose sender said so."""
    stale = _text(datetime.now(UTC) - timedelta(minutes=CLAIM_MINUTES))
    return NOTICES.c.place.in_(places) & (NOTICES.c.sent == "") & (NOTICES.c.claimed < stale)


def keys_of(datasets: Iterable[str]) -> set[str]:
    """Keys of the datasets that an operator named, by key or by title.

    Raises
    ------
    DataError
        When several have such a title: it is not guessed which may be told of.
    """
    return {held.key if (held := workspace.only(name)) else name for name in datasets}


def may_be_told(notice: Notice, keys: Collection[str]) -> bool:
    """Whether a place may be told of a dataset: everybody's may go out, others where the operator named them."""
    return is_everybody_s(notice.dataset) or notice.dataset in keys


def _of_searches(db: Engine, failures: list[str]) -> Iterable[Notice]:
    opened = cache(_opened)
    for one in searches.searches(db):
        if one.seen_in != one.dataset:  # that look says nothing of this dataset, and its result may be another's to see
            continue
        try:
            data = opened(one.dataset)
            if data is None:
                continue
            filters, _ = Filters.from_query(one.query)
            ids = pd.Index(data.select(filters).index)
            news = searches.news(db, one.id, ids)
        except DataError as error:
            failures.append(str(DataError("收藏的搜索没有看成", value=one.id, cause=str(error))))
            continue
        number = None if news.new is None else int(news.new.sum())
        if not news.changed or number == 0:
            continue
        result = hashlib.sha256("\n".join(sorted(map(str, ids))).encode()).hexdigest()[:16]
        yield Notice(
            f"search:{one.id}:{result}", one.dataset, _search_in_words(one.id, data, filters, len(ids), number)
        )


def _search_in_words(number: int, data: Dataset, filters: Filters, total: int, new: int | None) -> Text:
    unknown = filters.unknown()  # a link holds as a value whatever somebody wrote there
    known = {name: tuple(v for v in getattr(filters, name) if v not in values) for name, values in unknown.items()}
    plain = replace(filters, **known | {"q": "", "within": ()})  # type: ignore[arg-type]  # nor how an area is called
    zh, en = (plain.sentence(total, lang) for lang in ("zh", "en"))
    if plain != filters:
        zh, en = f"{zh}，另有文字、范围或读不懂的条件", f"{en}, with a text, an area or what is not understood"
    news = (f"新增 {new:,} 家", f"{new:,} new") if new is not None else (_NO_MORE.zh, _NO_MORE.en)
    return Text(
        f"收藏的搜索 {number}（{data.title} · {zh}）：{news[0]}",
        f"Saved search {number} ({data.title} · {en}): {news[1]}",
    )


def _opened(key: str) -> Dataset | None:
    """The dataset that a search was saved in, as its pages show it now; None where it was deleted."""
    if not key:
        folder = variable("EXPLORER_SET")
        return with_corrections(open_dataset(Path(folder)) if folder else load_dataset())
    held = workspace.only(key)
    if held is None:
        return None
    data = open_dataset(workspace.verified(key))
    return with_corrections(data.named(held.title, held.added[:10], synthetic=held.synthetic, key=key))


def _of_entries(db: Engine, today: date) -> Iterable[Notice]:
    for one in shortlist.entries(db):
        if one.due is None or not one.overdue(today):
            continue
        days = (today - one.due).days
        yield Notice(
            f"entry:{one.id}:{one.due}",
            one.firm.dataset,
            Text(f"跟进逾期 {days} 天：{one.firm.name}", f"Follow-up overdue by {days} days: {one.firm.name}"),
        )


def _of_projects(db: Engine, today: date) -> Iterable[Notice]:
    for one in projects.projects(db):
        for step in one.overdue(today):
            planned = getattr(one, f"{step}_planned")
            zh, en = projects.MILESTONES[step]
            yield Notice(
                f"project:{one.id}:{step}:{planned}",
                one.firm.dataset,
                Text(
                    f"项目逾期：{one.firm.name}，计划 {planned} {zh}",
                    f"Project overdue: {one.firm.name}, {en.lower()} planned for {planned}",
                ),
            )


def recorded(db: Engine, place: str) -> list[str]:
    """Keys of what was sent to a place, the latest last."""
    with reading(db) as connection:
        rows = select(NOTICES.c.notice).where((NOTICES.c.place == place) & (NOTICES.c.sent != ""))
        return list(connection.scalars(rows.order_by(NOTICES.c.sent)))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
