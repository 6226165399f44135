"""The clusters page, one part for each question that it answers."""
