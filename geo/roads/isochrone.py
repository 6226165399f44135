"""The outline of what can be driven to in some minutes, to be drawn: approximate, and said to be."""

from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import METRIC_CRS, STORAGE_CRS, to_metres
from geo.roads.store import Roads

LEAST_CELL_M: Final = 200.0
_CELLS_ACROSS: Final = 200
_KEPT_OUTLINES: Final = 32


@lru_cache(maxsize=_KEPT_OUTLINES)
def isochrone(roads: Roads, lon: float, lat: float, minutes: float) -> BaseGeometry:
    """Outline of the roads that can be driven to from a place in so many minutes.

    Parameters
    ----------
    roads : Roads
    lon, lat : float
        WGS-84 [degrees].
    minutes : float

    Returns
    -------
    Polygon or MultiPolygon, WGS-84
        The land within about one cell of a road that is reached, a cell being 200 m or 1/200 of the width of all that
        is reached, whichever is more: an outline for the eye; which enterprise is within is decided by its own driving
        time.  Empty when no road is near the place.
    """
    network = roads.network
    reached = network.lon_lat[network.reached(lon, lat, minutes)]
    if not len(reached):
        return shapely.Polygon()
    metres = to_metres(*reached.T)
    cell = max(LEAST_CELL_M, float(np.ptp(metres, axis=0).max()) / _CELLS_ACROSS)
    centres = (np.unique(np.floor(metres / cell), axis=0) + 0.5) * cell
    outline = shapely.MultiPoint(centres).buffer(cell, quad_segs=3).simplify(cell / 5)
    return gpd.GeoSeries([outline], crs=METRIC_CRS).to_crs(STORAGE_CRS).iloc[0]
