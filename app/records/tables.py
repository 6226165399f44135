"""The tables of what people keep, the same in SQLite and PostgreSQL.

Moments are text, ISO 8601 with the offset of local time.  People are known by the name they go by and nothing else.
Each table says in its `info` how it is called.  A database gets them by the versions in `app/records/migrations`, which
also make the log refuse to be changed.
"""

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA: Final = MetaData()

MILESTONE_NAMES: Final = ("signing", "start", "production", "tax")
"""Steps of a project in their order, each with a planned and an actual day."""


def _dataset(name: str = "dataset") -> Column[str]:
    """Key of the dataset of the workspace that a record was made of, which says who may see it; empty for the sample."""
    return Column(name, String(200), nullable=False, server_default="")


def _firm() -> list[Column]:
    """Columns by which an enterprise is found again in a later set: its code, else its name as it is compared."""
    return [
        Column("key", String(400), nullable=False),
        Column("uscc", String(18), nullable=False),
        Column("name_key", String(400), nullable=False),
        Column("name", String(400), nullable=False),
        _dataset(),
    ]


SHORTLIST: Final = Table(
    "shortlist",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_firm(),
    Column("facts", JSON, nullable=False),
    Column("set_title", String(200), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("next_step", Text, nullable=False),
    Column("due", Date),
    Column("notes", Text, nullable=False),
    Column("owner", String(60), nullable=False),
    Column("added", String(32), nullable=False),
    Column("added_by", String(60), nullable=False),
    Column("changed", String(32), nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("key", "owner"),
    Index("shortlist_name", "name_key"),
    Index("shortlist_uscc", "uscc"),
    sqlite_autoincrement=True,
    info={"title": "跟进"},
)
"""One row per enterprise and person who follows it; `facts` is what the set said when it was picked."""

SEARCHES: Final = Table(
    "searches",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(120), nullable=False),
    Column("query", Text, nullable=False),
    Column("owner", String(60), nullable=False),
    Column("saved", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
    Column("seen_release", String(200), nullable=False),
    Column("seen_count", Integer, nullable=False),
    Column("seen_hash", String(64), nullable=False),
    Column("seen_ids", LargeBinary),
    _dataset(),
    _dataset("seen_in"),
    UniqueConstraint("name", "owner"),
    sqlite_autoincrement=True,
    info={"title": "收藏的搜索"},
)
"""A named query, and what it gave when it was last looked at; `seen_ids` holds a hash of 8 bytes per enterprise."""

CORRECTIONS: Final = Table(
    "corrections",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_firm(),
    Column("field", String(40), nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reported_by", String(60), nullable=False),
    Column("reported", String(32), nullable=False),
    Column("undone_by", String(60), nullable=False),
    Column("undone", String(32), nullable=False),
    Index("corrections_name", "name_key"),
    Index("corrections_uscc", "uscc"),
    sqlite_autoincrement=True,
    info={"title": "更正"},
)
"""A fact that a person put right; it holds until it is undone."""

PROJECTS: Final = Table(
    "projects",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_firm(),
    Column("title", String(200), nullable=False),
    Column("adcode", String(6), nullable=False),
    Column("amount", Float),
    Column("currency", String(3), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("land_mu", Float),
    *(Column(f"{step}_{kind}", Date) for step in MILESTONE_NAMES for kind in ("planned", "actual")),
    Column("department", String(100), nullable=False),
    Column("owner", String(60), nullable=False),
    Column("files", Text, nullable=False),
    Column("added", String(32), nullable=False),
    Column("added_by", String(60), nullable=False),
    Column("changed", String(32), nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
    info={"title": "项目"},
)
"""What became of an enterprise that landed: `amount` in `unit` of `currency`, land in mu, a link or path a line."""

PREMISES: Final = Table(
    "premises",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("title", String(120), nullable=False),
    Column("title_key", String(120), nullable=False),
    Column("account", String(200), nullable=False),
    Column("seen_by", String(20), nullable=False),
    Column("seen_groups", JSON, nullable=False),
    Column("file", String(200), nullable=False),
    Column("count", Integer, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("added", String(32), nullable=False),
    Column("added_by", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("title_key", "account"),
    sqlite_autoincrement=True,
    info={"title": "载体"},
)
"""A list of premises that somebody brought; `account`, `seen_by` and `seen_groups` are its rights, `rows` its premises."""

ANNOTATIONS: Final = Table(
    "annotations",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    Column("geometry", JSON, nullable=False),
    Column("author", String(60), nullable=False),
    Column("added", String(32), nullable=False),
    _dataset(),
    Index("annotations_dataset", "dataset"),
    sqlite_autoincrement=True,
    info={"title": "标注"},
)
"""What a person drew and wrote on the map of a dataset; `geometry` is GeoJSON in degrees, WGS-84."""

ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    Column("account", String(200), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("role", String(20), nullable=False),
    Column("member_of", JSON, nullable=False),
    Column("first_seen", String(32), nullable=False),
    UniqueConstraint("name"),
    info={"title": "人员"},
)
"""Who has signed in or was given a role: `account` as the sign-in knows them; `role` and `member_of` as given here."""

SIGN_OUTS: Final = Table(
    "sign_outs",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("until", Integer, nullable=False),
    info={"title": "已退出的登录"},
)
"""Sign-ins that were ended before they would have run out [s since 1970]: a copy of such a cookie opens nothing."""

NOTICES: Final = Table(
    "notices",
    METADATA,
    Column("place", String(64), primary_key=True),
    Column("notice", String(200), primary_key=True),
    Column("claimed", String(32), nullable=False),
    Column("sent", String(32), nullable=False),
    info={"title": "通知"},
)
"""What was sent to a place that the operator named, by what names it for good; `sent` is empty while somebody sends."""

LOG: Final = Table(
    "log",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("moment", String(32), nullable=False),
    Column("who", String(60), nullable=False),
    Column("action", String(20), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("name", String(400), nullable=False),
    Column("field", String(40), nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    _dataset(),
    Index("log_subject", "subject", "subject_id"),
    sqlite_autoincrement=True,
    info={"title": "操作记录"},
)
"""Who did what and when, one row per field changed; rows can be added and read, nothing else."""
