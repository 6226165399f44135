"""What people keep: shortlist, saved searches, corrections and the log of all three, in one small database."""

import sqlite3
from contextlib import closing
from typing import Final

from geo.installation import variable, workspace_dir

RECORDS_FILE: Final = "records.sqlite"
"""Name of the database in the workspace; there is none before something is kept."""


def nothing_kept() -> bool:
    """Whether it is certain that nobody has kept anything: there is no database yet, and looking makes none."""
    return not variable("EXPLORER_DATABASE") and not (workspace_dir() / RECORDS_FILE).is_file()


def nothing_corrected() -> bool:
    """Whether it is certain that no correction was ever kept, looked up without loading SQLAlchemy.

    A database that is a server's, or that cannot be read in this way, may hold some.
    """
    if nothing_kept():
        return True
    if variable("EXPLORER_DATABASE"):
        return False
    file = workspace_dir() / RECORDS_FILE
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)) as db:
            return db.execute("SELECT 1 FROM corrections LIMIT 1").fetchone() is None
    except sqlite3.Error:
        return False
