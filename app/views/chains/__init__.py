"""The chains page: graph, gaps, back-test, suggestions."""
