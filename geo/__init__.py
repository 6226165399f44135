"""Tables, places and measures: GeoPandas, pandas and numpy, no map and no page."""
