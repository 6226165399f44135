"""Areas, circles and driving times of the filters: their limits on the map."""

from typing import Final

import folium
import geopandas as gpd

from geo.crs import STORAGE_CRS
from geo.distance import circle_around
from geo.filters.drive import drive_reach
from geo.filters.filters import CONDITIONS, Filters
from geo.filters.place import circle
from geo.places.drawn_areas import decode
from geo.roads.network import isochrone
from geo.roads.store import roads_or_none
from layers.base import View, shifted

COLOUR: Final = "#92400E"


def limits(filters: Filters) -> gpd.GeoSeries:
    """Areas, circles and isochrones (approximate) that the filters ask for, WGS-84; those that cannot be read are left out.

    Examples
    --------
    >>> len(limits(Filters(near=("121.5:31.2:5", "nowhere"))))
    1
    """
    areas = [decode(text) for text in filters.within if CONDITIONS["within"].can_read(text)]
    circles = [circle_around(*circle(text)) for text in filters.near if CONDITIONS["near"].can_read(text)]
    roads = roads_or_none()
    reaches = [drive_reach(text) for text in filters.drive if CONDITIONS["drive"].can_read(text)]
    driven = [isochrone(roads.network, *reach) for reach in reaches] if roads else []
    return gpd.GeoSeries([*areas, *circles, *(shape for shape in driven if not shape.is_empty)], crs=STORAGE_CRS)


def draw_limits(filters: Filters, view: View, group: folium.FeatureGroup) -> None:
    """Draw the limits in the pane of the enterprises, solid and in a colour of their own; a click passes through them."""
    lines = limits(filters)
    if len(lines):
        folium.GeoJson(
            shifted(lines, view.datum).set_precision(1e-6).__geo_interface__,
            style_function=lambda _: {"color": COLOUR, "weight": 2, "fill": False},
            interactive=False,
            pane="enterprises",
        ).add_to(group)
