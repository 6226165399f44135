import geopandas as gpd
import numpy as np
import pytest

from geo.crs import DATUMS, from_wgs84
from layers.base import shifted

CORNERS = [(121.2, 31.0), (121.9, 30.9), (121.5, 31.6)]


@pytest.mark.parametrize("datum", DATUMS)
def test_shapes_move_exactly_as_the_datum_does(datum):
    points = gpd.GeoSeries.from_xy(*zip(*CORNERS, strict=True), crs=4326)
    moved = shifted(points, datum)
    east, north = np.array(CORNERS).T
    lon, lat = from_wgs84(east, north, datum)
    assert np.array_equal(moved.x, lon)
    assert np.array_equal(moved.y, lat)
    assert moved.crs == points.crs
    assert moved.index.equals(points.index)
