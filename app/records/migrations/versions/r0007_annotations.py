"""Annotations of the map."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "annotations",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("added", sa.String(32), nullable=False),
        sa.Column("dataset", sa.String(200), nullable=False, server_default=""),
        sa.Index("annotations_dataset", "dataset"),
        sqlite_autoincrement=True,
    )
