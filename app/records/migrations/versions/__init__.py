"""The versions of the database, from the first: what was released stays as it is, a change is a new file."""
