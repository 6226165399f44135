"""The shortlist page: entries, visits, the log."""
