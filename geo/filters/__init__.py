"""Filters: facets and conditions, each with its query, its mask and its words."""
