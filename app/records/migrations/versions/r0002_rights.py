"""Who signs in, and which dataset a record tells of; records from before are everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TELLING = {
    "shortlist": ["dataset"],
    "searches": ["dataset", "seen_in"],
    "corrections": ["dataset"],
    "log": ["dataset"],
}


def upgrade() -> None:
    """Make the tables of people, and add the columns."""
    op.create_table(
        "accounts",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("member_of", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "sign_outs",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("until", sa.Integer(), nullable=False),
    )
    for table, columns in _TELLING.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.add_column(sa.Column(name, sa.String(200), nullable=False, server_default=""))
