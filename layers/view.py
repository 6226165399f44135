"""How a map is to be drawn: language, datum of the base map, the lines under it; and what a layer returns."""

from __future__ import annotations

from dataclasses import dataclass

import folium
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Datum, from_wgs84
from layers.legend import Legend


@dataclass(frozen=True)
class View:
    """How a map is to be drawn.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of every word on the map.
    basemap : str
        Name in `layers.basemap.BASEMAPS`.
    key : str
        Map key of the base map where it needs one.
    approval : str
        The 审图号 to print; empty when none has been configured.
    """

    lang: str = "zh"
    basemap: str = "offline"
    key: str = ""
    approval: str = ""

    def word(self, zh: str, en: str) -> str:
        """Pick the word of the view's language."""
        return en if self.lang == "en" else zh


@dataclass(frozen=True)
class Drawn:
    """A layer ready for the map, and the legend of the very colours in it."""

    layer: folium.FeatureGroup
    legend: Legend


def shifted(shapes: gpd.GeoSeries, datum: Datum) -> gpd.GeoSeries:
    """Move WGS-84 shapes into the datum of the base map.

    Examples
    --------
    >>> point = gpd.GeoSeries.from_xy([121.4692], [31.2323], crs=4326)
    >>> round(float(shifted(point, "gcj02").x.iloc[0]), 3)
    121.474
    """
    if datum == "wgs84":
        return shapes

    def move(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(from_wgs84(pairs[:, 0], pairs[:, 1], datum))

    return gpd.GeoSeries(shapely.transform(shapes.to_numpy(), move), index=shapes.index, crs=shapes.crs)
