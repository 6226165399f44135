"""Indicators of places: counts, measures, scenarios and growth over the years."""
