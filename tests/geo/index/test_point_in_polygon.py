"""The join against shapely: inside, outside, on borders and just beside them."""

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geo.errors import DataError
from geo.index.point_in_polygon import MAX_UNRASTERED_POINTS, PolygonIndex
from geo.index.predicates import orientation
from geo.places.districts import load_districts

WEST, SOUTH, EAST, NORTH = 120.85, 30.6, 122.2, 31.9


def first_hit(shapes, x, y):
    """Lowest position of the polygons that shapely says intersect each point, -1 for none."""
    answer = np.full(len(x), -1)
    for position in reversed(range(len(shapes))):
        shapely.prepare(shapes[position])
        answer[shapely.intersects_xy(shapes[position], x, y)] = position
    return answer


def jigsaw(count, seed=7, step=0.004):
    """Interlocking polygons over Shanghai's bounds, their shared borders identical and ragged."""
    rng = np.random.default_rng(seed)
    seeds = shapely.multipoints(rng.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2)))
    frame = box(WEST, SOUTH, EAST, NORTH)
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame)), frame)
    lines = shapely.get_parts(shapely.node(shapely.MultiLineString([c.exterior for c in cells])))
    ragged = []
    for line in lines:
        xy = shapely.get_coordinates(shapely.segmentize(line, step))
        xy[1:-1] += rng.normal(0, step / 8, xy[1:-1].shape)
        ragged.append(shapely.LineString(np.round(xy, 7)))
    faces = shapely.get_parts(shapely.polygonize(ragged))
    assert len(faces) >= count - 2
    return list(faces)


@pytest.fixture(scope="module", params=[0, 16, 319], ids=["the districts", "like districts", "like towns"])
def map_of(request):
    shapes = jigsaw(request.param) if request.param else list(load_districts().geometry)
    return shapes, PolygonIndex(shapes)


def test_a_million_points_anywhere(map_of):
    shapes, index = map_of
    rng = np.random.default_rng(1)
    x, y = rng.uniform(WEST - 0.1, EAST + 0.1, 10**6), rng.uniform(SOUTH - 0.1, NORTH + 0.1, 10**6)
    answer = index.locate_index(x, y)
    assert answer.dtype == np.int16
    np.testing.assert_array_equal(answer, first_hit(shapes, x, y))
    assert (answer == -1).any()
    assert set(answer) == {-1, *range(len(shapes))}


def test_every_vertex_belongs_to_the_first_polygon_it_touches(map_of):
    shapes, index = map_of
    x, y = shapely.get_coordinates(shapes).T
    answer = index.locate_index(x, y)
    assert answer.min() >= 0
    np.testing.assert_array_equal(answer, first_hit(shapes, x, y))


@pytest.mark.parametrize("beside", [0.0, 1e-9, 1e-12, 2e-14])
def test_on_borders_and_just_beside(map_of, beside):
    shapes, index = map_of
    edges = np.concatenate([np.hstack([c[:-1], c[1:]]) for c in map(shapely.get_coordinates, shapes)])
    rng = np.random.default_rng(2)
    t = rng.uniform(0, 1, (len(edges), 1))
    t[::3] = 0.5
    on = edges[:, :2] + t * (edges[:, 2:] - edges[:, :2])
    for dx, dy in [(beside, 0), (-beside, 0), (0, beside), (0, -beside)]:
        x, y = on[:, 0] + dx, on[:, 1] + dy
        np.testing.assert_array_equal(index.locate_index(x, y), first_hit(shapes, x, y))


def test_a_shared_border_belongs_to_the_lower_position_only():
    left, right = box(0, 0, 1, 2), box(1, 0, 2, 2)
    y = np.linspace(0, 2, 41)
    assert set(PolygonIndex([left, right]).locate_index(np.ones(41), y)) == {0}
    assert set(PolygonIndex([right, left]).locate_index(np.ones(41), y)) == {0}
    corners = PolygonIndex([left, right]).locate_index([0, 2, 2, 0, 1, 1], [0, 0, 2, 2, 0, 2])
    assert corners.tolist() == [0, 1, 1, 0, 0, 0]


def test_holes_islands_and_parts():
    ring = box(0, 0, 10, 10) - box(2, 2, 8, 8)
    lake_and_islands = MultiPolygon([box(3, 3, 4, 4), box(6, 6, 7, 7)])
    index = PolygonIndex([ring, lake_and_islands, box(20, 0, 21, 1)], cells=64)
    x = [1, 5, 3.5, 6.5, 2, 8, 3, 20.5, 15, 10]
    y = [1, 5, 3.5, 6.5, 5, 2, 4, 0.5, 0.5, 10]
    assert index.locate_index(x, y).tolist() == [0, -1, 1, 1, 0, 0, 1, 2, -1, 0]


def test_where_polygons_overlap_the_lowest_position_wins():
    big, small = box(0, 0, 100, 100), box(40, 40, 60, 60)
    x, y = np.array([50.0, 10.0, 40.0, 60.0, 39.9]), np.array([50.0, 10.0, 50.0, 60.0, 50.0])
    assert PolygonIndex([small, big], cells=128).locate_index(x, y).tolist() == [0, 1, 0, 0, 1]
    assert PolygonIndex([big, small], cells=128).locate_index(x, y).tolist() == [0, 0, 0, 0, 0]


def test_nothing_holds_nothing():
    for shapes in ([], [None, Polygon()]):
        index = PolygonIndex(shapes, cells=8)
        assert len(index) == len(shapes)
        assert index.locate_index([0.0, 121.5], [0.0, 31.2]).tolist() == [-1, -1]
    assert PolygonIndex([box(0, 0, 1, 1)], cells=8).locate_index([], []).shape == (0,)


def test_missing_and_infinite_coordinates_lie_outside():
    index = PolygonIndex([box(0, 0, 1, 1)], cells=8)
    bad = [np.nan, np.inf, -np.inf, 1e300, -1e300]
    assert index.locate_index(bad, [0.5] * 5).tolist() == [-1] * 5
    assert index.locate_index([0.5] * 5, bad).tolist() == [-1] * 5


def test_shape_is_kept_and_strided_or_read_only_input_is_accepted():
    index = PolygonIndex([box(0, 0, 1, 1)], cells=8)
    grid = np.linspace(0, 2, 12).reshape(3, 4)
    grid.flags.writeable = False
    np.testing.assert_array_equal(index.locate_index(grid, grid), np.where(grid <= 1, 0, -1))
    np.testing.assert_array_equal(index.locate_index(grid.T[::2], grid.T[::2]), np.where(grid.T[::2] <= 1, 0, -1))
    assert index.locate_index(0.5, 0.5).shape == ()
    with pytest.raises(DataError):
        index.locate_index([1.0, 2.0], [1.0])


def test_input_is_left_writable():
    x = np.full(3, 0.5)
    PolygonIndex([box(0, 0, 1, 1)], cells=8).locate_index(x, x)
    x[0] = 2.0


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("bad", ["POINT (1 1)", "POLYGON ((0 0, 1 0, 1 NaN, 0 0))"])
def test_what_is_no_area_is_refused_by_position(bad):
    with pytest.raises(DataError) as error:
        PolygonIndex([box(0, 0, 1, 1), shapely.from_wkt(bad)], cells=8)
    assert error.value.row == 2


def test_more_polygons_than_int16_holds():
    count = np.iinfo(np.int16).max + 10
    shapes = shapely.box(np.arange(count), 0, np.arange(count) + 1, 1)
    index = PolygonIndex(shapes, cells=64)
    answer = index.locate_index(np.arange(count) + 0.5, np.full(count, 0.5))
    assert answer.dtype == np.int32
    np.testing.assert_array_equal(answer, np.arange(count))


def test_many_threads_give_one_answer():
    shapes = jigsaw(16)
    index = PolygonIndex(shapes, cells=128)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(WEST, EAST, 400_003), rng.uniform(SOUTH, NORTH, 400_003)
    index.build()
    pieces = [index.locate_index(x[i : i + 1000], y[i : i + 1000]) for i in range(0, len(x), 1000)]
    np.testing.assert_array_equal(index.locate_index(x, y), np.concatenate(pieces))


small = st.integers(-6, 6)


@st.composite
def star(draw):
    """Draw a simple polygon with integer corners, sometimes with a piece cut out."""
    corners = draw(st.lists(st.tuples(small, small), min_size=3, max_size=9, unique=True))
    hull = shapely.MultiPoint(corners).convex_hull
    middle = hull.centroid
    turn = sorted(corners, key=lambda c: np.arctan2(c[1] - middle.y, c[0] - middle.x))
    shape = Polygon(turn)
    if draw(st.booleans()):
        x, y = draw(small), draw(small)
        shape = shape - box(x, y, x + 2, y + 1)
    return shape


@settings(deadline=None, max_examples=300)
@given(
    st.lists(star(), min_size=1, max_size=4),
    st.integers(1, 33),
    st.sampled_from([1.0, 0.25, 2.0**-20]),
    st.sampled_from([(0.0, 0.0), (121.5, 31.25)]),
    st.integers(0, 3),
)
def test_small_polygons_agree_with_shapely_everywhere(shapes, cells, unit, origin, fourth):
    shapes = [s for s in shapes if s.geom_type in ("Polygon", "MultiPolygon") and s.is_valid]
    scaled = [shapely.transform(s, lambda xy: xy * unit + origin) for s in shapes]
    steps = np.arange(-28, 29) / 4 * unit
    x, y = (a.ravel() for a in np.meshgrid(steps + origin[0], steps + origin[1]))
    right = first_hit(scaled, x, y)
    np.testing.assert_array_equal(PolygonIndex(scaled, cells).locate_index(x, y), right)
    some = slice(fourth, None, 4)  # of so few each is looked at by itself, which takes its time
    assert len(x[some]) <= MAX_UNRASTERED_POINTS
    np.testing.assert_array_equal(PolygonIndex(scaled, cells).locate_index(x[some], y[some]), right[some])


def test_a_border_point_that_106_bits_do_not_see():
    a, b, p = (-0.1, 0.0), (0.2, -0.1), (-0.025, -0.025)
    ax, ay, bx, by, px, py = map(Fraction, (*a, *b, *p))
    assert (ax - px) * (by - py) == (ay - py) * (bx - px)
    assert orientation(*a, *b, *p) == 0
    assert PolygonIndex([Polygon([b, (0, 0), a])], cells=4).locate_index(*p) == 0
    assert PolygonIndex([Polygon([b, (0, 0), a])], cells=4).build().locate_index(*p) == 0


def test_a_few_points_ask_no_raster_and_get_the_same_answer(map_of):
    shapes, index = map_of
    few = PolygonIndex(shapes)
    x, y = shapely.get_coordinates(shapes)[::37].T
    x, y = x[:MAX_UNRASTERED_POINTS], y[:MAX_UNRASTERED_POINTS]
    x[:3] = np.nan, np.inf, 0.0
    np.testing.assert_array_equal(few.locate_index(x, y), index.build().locate_index(x, y))
    assert "_raster" not in vars(few)


coordinate = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda v: float(np.round(v, 9)))
nudge = st.integers(-3, 3)


@settings(deadline=None, max_examples=500)
@given(*[coordinate] * 4, st.integers(0, 16), nudge, nudge)
def test_the_sign_is_that_of_rational_arithmetic(ax, ay, bx, by, sixteenths, ulps_x, ulps_y):
    t = sixteenths / 16
    px, py = ax + t * (bx - ax), ay + t * (by - ay)
    px, py = float(px + ulps_x * np.spacing(abs(px) + 1e-9)), float(py + ulps_y * np.spacing(abs(py) + 1e-9))
    fa, fb, fc, fd, fx, fy = map(Fraction, (ax, ay, bx, by, px, py))
    exact = (fa - fx) * (fd - fy) - (fb - fy) * (fc - fx)
    assert orientation(ax, ay, bx, by, px, py) == (exact > 0) - (exact < 0)
