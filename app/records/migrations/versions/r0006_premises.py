"""Premises: lists of what is on offer, each with its rights."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXTS = {
    "title": 120, "title_key": 120, "account": 200, "seen_by": 20, "file": 200, "added": 32, "added_by": 60,
}  # fmt: skip


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "premises",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in _TEXTS.items()),
        sa.Column("seen_groups", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("title_key", "account"),
        sqlite_autoincrement=True,
    )
