"""The log: who did what and when; rows are added and read, never changed."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from app.records.database import now, reading
from app.records.tables import LOG

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
    "search": ("收藏的搜索", "Saved search"),
    "correction": ("更正", "Correction"),
    "dataset": ("数据集", "Dataset"),
    "area": ("范围", "Area"),
    "database": ("数据库", "Database"),
}


def write(
    connection: Connection,
    who: str,
    action: str,
    subject: str,
    subject_id: int,
    name: str,
    fields: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Write what a person did within the transaction that does it; `fields` is field → (old, new), one row each."""
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
        }
        for field, (old, new) in (fields or {"": ("", "")}).items()
    ]
    connection.execute(insert(LOG), rows)


def read(db: Engine, subject: str = "", subject_id: int | None = None, latest: int | None = None) -> pd.DataFrame:
    """The log, the latest first.

    Parameters
    ----------
    subject, subject_id
        Only what was done to these; all when not given.
    latest : int, optional
        At most so many rows.

    Returns
    -------
    DataFrame
        Columns `id moment who action subject subject_id name field old new`.
    """
    query = select(LOG).order_by(LOG.c.id.desc())
    if subject:
        query = query.where(LOG.c.subject == subject)
    if subject_id is not None:
        query = query.where(LOG.c.subject_id == subject_id)
    with reading(db) as connection:
        rows = connection.execute(query.limit(latest)).all()
    return pd.DataFrame(rows, columns=[column.name for column in LOG.columns])
