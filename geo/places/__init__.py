"""Where things are: districts, zones, towns, parks, roads, and what an address says."""
