"""The log: who did what and when; rows are added and read, never changed."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from app.records.database import now, reading
from app.records.permissions import ANYBODY, Person
from app.records.tables import LOG
from app.records.visibility import visible

ACTIONS: Final[dict[str, tuple[str, str]]] = {
    "add": ("加入", "Added"),
    "change": ("修改", "Changed"),
    "remove": ("移出", "Removed"),
    "undo": ("撤销", "Undone"),
    "look": ("看过", "Looked at"),
    "restore": ("恢复备份", "Backup restored"),
}
SUBJECTS: Final[dict[str, tuple[str, str]]] = {
    "shortlist": ("跟进", "Follow-up"),
    "project": ("项目", "Project"),
    "search": ("收藏的搜索", "Saved search"),
    "correction": ("更正", "Correction"),
    "dataset": ("数据集", "Dataset"),
    "area": ("范围", "Area"),
    "premises": ("载体", "Premises"),
    "annotation": ("标注", "Annotation"),
    "database": ("数据库", "Database"),
    "account": ("人员", "Account"),
}


def write(
    connection: Connection,
    who: str,
    action: str,
    subject: str,
    subject_id: int,
    name: str,
    fields: Mapping[str, tuple[object, object]] | None = None,
    dataset: str = "",
) -> None:
    """Write what a person did within the transaction that does it.

    `fields` is field → (old, new), one row each; `dataset` the key of the one that it tells of.
    """
    rows = [
        {
            "moment": now(),
            "who": who,
            "action": action,
            "subject": subject,
            "subject_id": subject_id,
            "name": name,
            "field": field,
            "old": "" if old is None else str(old),
            "new": "" if new is None else str(new),
            "dataset": dataset,
        }
        for field, (old, new) in (fields or {"": ("", "")}).items()
    ]
    connection.execute(insert(LOG), rows)


def read(
    db: Engine, subject: str = "", subject_id: int | None = None, latest: int | None = None, person: Person = ANYBODY
) -> pd.DataFrame:
    """The log as far as a person may see it, the latest first.

    Parameters
    ----------
    subject, subject_id
        Only what was done to these; all when not given.
    latest : int, optional
        At most so many rows.
    person : Person

    Returns
    -------
    DataFrame
        Columns `id moment who action subject subject_id name field old new dataset`.
    """
    query = select(LOG).order_by(LOG.c.id.desc())
    if subject:
        query = query.where(LOG.c.subject == subject)
    if subject_id is not None:
        query = query.where(LOG.c.subject_id == subject_id)
    everything = person.may("administer")
    with reading(db) as connection:
        rows = connection.execute(query.limit(latest) if everything else query).all()
    if not everything:
        rows = visible((row for row in rows if row.subject != "account"), person)[:latest]
    return pd.DataFrame(rows, columns=[column.name for column in LOG.columns])
