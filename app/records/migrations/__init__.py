"""How the tables of records came to be, as Alembic runs it: one file a version in `versions`, in the order of its number."""
