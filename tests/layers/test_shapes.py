import geopandas as gpd
import pytest
import shapely

from layers.base import points, shapes

POINT = gpd.GeoSeries([shapely.Point(121.5, 31.2)], crs=4326)
SQUARE = gpd.GeoSeries([shapely.box(121, 31, 122, 32)], crs=4326)


def test_marks_refuse_polygons_before_drawing():
    with pytest.raises(ValueError, match="marks have to be points"):
        points(SQUARE, [{}], pane="parks")


def test_shapes_refuse_points_before_drawing():
    with pytest.raises(ValueError, match="shapes have to be polygons or lines"):
        shapes(POINT, [{}], pane="districts", style={})


def test_shapes_refuse_a_missing_geometry():
    with pytest.raises(ValueError, match="layer districts"):
        shapes(gpd.GeoSeries([None], crs=4326), [{}], pane="districts", style={})


def test_every_shape_needs_its_properties():
    with pytest.raises(ValueError, match="zip"):
        points(POINT, [], pane="parks")


def test_properties_arrive_unchanged():
    layer = points(POINT, [{"kind": "dot", "tip": "<b>"}], pane="towns")
    assert layer.data["features"][0]["properties"] == {"kind": "dot", "tip": "<b>"}
    assert layer.data["features"][0]["geometry"]["coordinates"] == (121.5, 31.2)
