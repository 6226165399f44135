"""What people keep: shortlist, saved searches, corrections and the log of all three, in one small database."""

from typing import Final

FILE: Final = "records.sqlite"
"""Name of the database in the workspace; there is none before something is kept."""
