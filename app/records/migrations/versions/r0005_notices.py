"""Notices that were sent, so that each goes once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "notices",
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("notice", sa.String(200), primary_key=True),
        sa.Column("claimed", sa.String(32), nullable=False),
        sa.Column("sent", sa.String(32), nullable=False),
    )
