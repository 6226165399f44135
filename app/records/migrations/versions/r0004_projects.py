"""Projects: what became of an enterprise that landed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXTS = {
    "key": 400,
    "uscc": 18,
    "name_key": 400,
    "name": 400,
    "title": 200,
    "adcode": 6,
    "currency": 3,
    "unit": 10,
    "department": 100,
    "owner": 60,
    "added": 32,
    "added_by": 60,
    "changed": 32,
    "changed_by": 60,
}
_DATES = [f"{step}_{kind}" for step in ("signing", "start", "production", "tax") for kind in ("planned", "actual")]


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in _TEXTS.items()),
        sa.Column("dataset", sa.String(200), nullable=False, server_default=""),
        sa.Column("amount", sa.Float()),
        sa.Column("land_mu", sa.Float()),
        *(sa.Column(name, sa.Date()) for name in _DATES),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
