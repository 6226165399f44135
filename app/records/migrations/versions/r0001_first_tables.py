"""The tables of 0.1.0: follow-ups, saved searches, corrections, and the log that refuses to be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSED = "the log is append-only"


def _firm() -> list[sa.Column]:
    return [
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("name_key", sa.String(400), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
    ]


def _texts(length: int | None, *names: str) -> list[sa.Column]:
    kind = sa.Text() if length is None else sa.String(length)
    return [sa.Column(name, kind, nullable=False) for name in names]


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True)


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "schema_version",
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("since", sa.String(32)),
    )
    op.execute("INSERT INTO schema_version (version) VALUES (1)")
    op.create_table(
        "shortlist",
        _id(),
        *_firm(),
        sa.Column("facts", sa.JSON(), nullable=False),
        *_texts(200, "set_title"),
        *_texts(20, "stage"),
        *_texts(None, "next_step"),
        sa.Column("due", sa.Date()),
        *_texts(None, "notes"),
        *_texts(60, "owner"),
        *_texts(32, "added"),
        *_texts(60, "added_by"),
        *_texts(32, "changed"),
        *_texts(60, "changed_by"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("key", "owner"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "searches",
        _id(),
        *_texts(120, "name"),
        *_texts(None, "query"),
        *_texts(60, "owner"),
        *_texts(32, "saved", "seen"),
        *_texts(200, "seen_release"),
        sa.Column("seen_count", sa.Integer(), nullable=False),
        *_texts(64, "seen_hash"),
        sa.Column("seen_ids", sa.LargeBinary()),
        sa.UniqueConstraint("name", "owner"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "corrections",
        _id(),
        *_firm(),
        *_texts(40, "field"),
        *_texts(None, "old", "new", "reason"),
        *_texts(60, "reported_by"),
        *_texts(32, "reported"),
        *_texts(60, "undone_by"),
        *_texts(32, "undone"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "log",
        _id(),
        *_texts(32, "moment"),
        *_texts(60, "who"),
        *_texts(20, "action", "subject"),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        *_texts(400, "name"),
        *_texts(40, "field"),
        *_texts(None, "old", "new"),
        sqlite_autoincrement=True,
    )
    for table in ("shortlist", "corrections"):
        op.create_index(f"{table}_name", table, ["name_key"])
        op.create_index(f"{table}_uscc", table, ["uscc"])
    op.create_index("log_subject", "log", ["subject", "subject_id"])
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER log_no_{action.lower()} BEFORE {action} ON log "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''{_REFUSED}''; END'"
    )
    op.execute(
        "CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_refuse()"
    )
