"""From here on Alembic knows the version; programs from before read theirs, and refuse this database in a sentence."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Say to programs that ask `schema_version` that they are too old."""
    op.execute("UPDATE schema_version SET version = 3")
