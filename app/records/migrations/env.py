"""What Alembic runs around the versions: in the transaction that the caller began, so that all of them hold or none."""

from alembic import context

_given = context.config.attributes

context.configure(
    connection=_given["connection"],
    version_table=_given["version_table"],
    on_version_apply=_given["after_each"],
    render_as_batch=True,  # SQLite changes a column by making the table anew
)
context.run_migrations()
