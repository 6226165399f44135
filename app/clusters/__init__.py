"""The parts of the clusters page, one for each question that it answers."""
