"""The enterprises page: table, card, corrections, saved searches."""
