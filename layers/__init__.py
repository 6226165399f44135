"""Folium layers: a layer is a function from tables and view to a Folium layer and its legend; no page, no widget."""
