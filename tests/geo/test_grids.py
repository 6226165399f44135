import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.grids import datum_named, grid_candidates, grid_of, unproject

# Geodetic → grid, with the worked series of Gauss and Krüger (Karney 2011) on GRS80 in PROJ's exact form.
PEOPLE_SQUARE = (121.4737, 31.2304)


@given(lon=st.floats(120.86, 122.2), lat=st.floats(30.7, 31.9), number=st.sampled_from((4528, 4529, 4499, 4549, 4550)))
def test_metres_come_back_to_the_degrees_they_were_made_of(lon, lat, number):
    x, y = pyproj.Transformer.from_crs(4490, number, always_xy=True).transform([lon], [lat])
    back = unproject(x, y, number)
    assert np.hypot(back[0] - lon, back[1] - lat)[0] < 1e-8
    for given_order in ((x, y), (y, x)):
        found = grid_candidates(*given_order)
        expected = {grid.code: degrees for grid, degrees in found.items()}[f"EPSG:{number}"]
        assert abs(expected[0][0] - lon) < 1e-8
        assert abs(expected[1][0] - lat) < 1e-8


@pytest.mark.parametrize(
    ("x", "y", "codes"),
    [
        (40638254.5, 3454916.6, {"EPSG:4528"}),
        (3454916.6, 40638254.5, {"EPSG:4528"}),
        (41353000, 3455000, {"EPSG:4529"}),
        (21353000, 3455000, {"EPSG:4499"}),
        (638254.5, 3454916.6, {"EPSG:4549"}),
        (353000, 3455000, {"EPSG:4549", "EPSG:4550", "EPSG:32651"}),  # 118.4° of 120°, or 121.4° of 123° or UTM
        (13522000, 3663000, {"EPSG:3857"}),
        (-1200, 5000, set()),  # the city's own grid, about a tower, is not published
        (121.47, 31.23, set()),
        (638254.5, 4454916.6, set()),  # 40° north
    ],
)
def test_digits_tell_the_grid(x, y, codes):
    assert {grid.code for grid in grid_candidates([x, np.nan], [y, np.nan])} == codes


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("西安80坐标X", "xian1980"),
        ("Xian 1980 / 3-degree Gauss-Kruger zone 40", "xian1980"),
        ("GCS_Xian_1980", "xian1980"),
        ("北京54_Y", "beijing1954"),
        ("1954年北京坐标系", "beijing1954"),
        ("1980西安坐标系", "xian1980"),
        ("Beijing_1954_3_Degree_GK_CM_120E", "beijing1954"),
        ("CGCS2000_3_Degree_GK_Zone_40", "cgcs2000"),
        ("国家2000大地坐标系", "cgcs2000"),
        ("2000国家大地坐标系", "cgcs2000"),
        ("X坐标", ""),
        ("WGS 84 / UTM zone 51N", ""),
    ],
)
def test_a_datum_is_known_by_its_names(text, datum):
    assert datum_named(text) == datum


@pytest.mark.parametrize("number", [2364, 2365, 2385, 2386, 2335])
def test_xian_1980_is_read_when_it_is_named(number):
    x, y = pyproj.Transformer.from_crs(4610, number, always_xy=True).transform(*PEOPLE_SQUARE)
    found = grid_candidates([y], [x], "xian1980")
    assert f"EPSG:{number}" in {grid.code for grid in found}
    assert all(grid.datum == "xian1980" for grid in found)


def test_points_of_beijing_1954_keep_their_distances():
    """PROJ shifts what lies north of 31.23° by 71 m and leaves the rest: neighbours would be torn apart."""
    lon, lat = unproject([640000, 640000], [3457400, 3457500], 2437)
    metres = pyproj.Geod(ellps="krass").inv(lon[0], lat[0], lon[1], lat[1])[2]
    assert metres == pytest.approx(100, abs=0.1)
    assert lat[0] < 31.23 < lat[1] + 0.01


def test_a_grid_of_a_vendor_is_known_by_its_number():
    for number in (4528, 4549, 2364, 2437, 32651):
        crs = pyproj.CRS(number)
        assert grid_of(crs.to_wkt("WKT1_ESRI")).code == f"EPSG:{number}"
        assert grid_of(crs.to_wkt("WKT1_ESRI")).datum == grid_of(number).datum


@pytest.mark.parametrize("number", [*range(4513, 4555), *range(4491, 4502), *range(2349, 2391), *range(2327, 2338),
                                    *range(2401, 2443), *range(21413, 21424)])  # fmt: skip
def test_a_grid_without_a_name_is_known_by_its_parameters(number):
    """As MapInfo writes it."""
    crs = pyproj.CRS(number)
    wkt = crs.to_wkt("WKT1_GDAL").replace(f'"EPSG","{number}"', '"EPSG","0"').replace(crs.name, "unnamed")
    assert grid_of(wkt).code == f"EPSG:{number}"


def test_a_crs_that_brings_its_own_shift_is_followed():
    shifted = pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=krass +towgs84=15,-155,-90 +units=m")
    plain = pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=krass +units=m")
    at, bare = unproject([640000], [3456000], shifted), unproject([640000], [3456000], plain)
    assert grid_of(shifted).datum == ""
    assert 0.0003 < np.hypot(at[0] - bare[0], at[1] - bare[1])[0] < 0.002
