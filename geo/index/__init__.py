"""Indexes over millions of rows: polygons, Morton order, facets, text, map tiles."""
