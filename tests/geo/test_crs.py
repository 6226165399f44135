"""The shifted datums: published pairs, there and back, what stays undefined."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import DATUMS, METRIC_CRS, STORAGE_CRS, from_wgs84, points, to_wgs84

METRES_PER_DEGREE = 111_320.0
china_lon, china_lat = st.floats(74, 134), st.floats(18.5, 53)


def apart_m(one, other):
    (lon, lat), (lon2, lat2) = one, other
    shrink = np.cos(np.radians(lat))
    return float(np.max(np.hypot((lon - lon2) * shrink, lat - lat2) * METRES_PER_DEGREE))


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
    ids=["shanghai", "shenzhen", "beijing"],
)
def test_published_pairs_of_gcj02(wgs, gcj):
    assert apart_m(from_wgs84(wgs[0], wgs[1], "gcj02"), gcj) < 0.02
    assert apart_m(to_wgs84(gcj[0], gcj[1], "gcj02"), wgs) < 0.02


@pytest.mark.parametrize(
    ("bd", "gcj"),
    [
        ((120.019809, 29.199786), (120.01328, 29.193713)),
        ((121.4802338, 31.2362206), (121.4737021, 31.2303842)),
    ],
)
def test_bd09_lies_a_known_way_from_gcj02(bd, gcj):
    wgs = to_wgs84(bd[0], bd[1], "bd09")
    east, north = (float(part) for part in from_wgs84(wgs[0], wgs[1], "gcj02"))
    # The shift is at most 0.0065 degrees and a ripple of a few metres.
    assert abs(bd[0] - east - 0.0065) < 1e-3
    assert abs(bd[1] - north - 0.006) < 1e-3
    assert apart_m((np.float64(east), np.float64(north)), gcj) < 150


@given(lon=china_lon, lat=china_lat, datum=st.sampled_from(["gcj02", "bd09"]))
@settings(max_examples=60, deadline=None)
def test_there_and_back_within_a_centimetre(lon, lat, datum):
    given_point = np.array([lon]), np.array([lat])
    assert apart_m(to_wgs84(*from_wgs84(*given_point, datum), datum), given_point) < 0.01
    assert apart_m(from_wgs84(*to_wgs84(*given_point, datum), datum), given_point) < 0.01


@pytest.mark.parametrize(("datum", "low", "high"), [("wgs84", 0, 0), ("gcj02", 400, 560), ("bd09", 900, 1300)])
def test_how_far_the_datums_are_off_in_shanghai(datum, low, high):
    here = gpd.GeoSeries.from_xy([121.4737], [31.2304], crs=STORAGE_CRS).to_crs(METRIC_CRS)
    there = gpd.GeoSeries.from_xy(*from_wgs84([121.4737], [31.2304], datum), crs=STORAGE_CRS).to_crs(METRIC_CRS)
    assert low <= here.distance(there).iloc[0] <= high


@pytest.mark.parametrize("datum", DATUMS)
def test_nan_stays_nan_and_empty_stays_empty(datum):
    lon, lat = to_wgs84([np.nan, 121.5], [31.2, 31.2], datum)
    assert np.isnan(lon).tolist() == [True, False]
    assert np.isfinite(lat[1])
    assert to_wgs84([], [], datum)[0].shape == (0,)
    assert from_wgs84([], [], datum)[1].shape == (0,)


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
def test_an_unknown_datum_is_named(convert):
    with pytest.raises(ValueError, match="cgcs"):
        convert([121.0], [31.0], "cgcs")


def test_wgs84_is_copied_not_shared():
    lon = np.array([121.0])
    to_wgs84(lon, lon, "wgs84")[0][0] = 0.0
    assert lon[0] == 121.0


def test_points_keep_the_index_and_are_missing_where_a_coordinate_is():
    lon = pd.Series([121.0, None, "121.5", "?"], index=list("abcd"))
    made = points(lon, pd.Series([31.0, 31.0, 31.0, 31.0], index=list("abcd")))
    assert made.crs == STORAGE_CRS
    assert made.index.tolist() == list("abcd")
    assert made.isna().tolist() == [False, True, False, True]
    assert points([], []).empty
