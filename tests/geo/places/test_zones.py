"""Core and belt: their areas, and the one zone of every place."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.places.districts import attributes, load_districts, locate
from geo.places.land import load_land
from geo.places.zones import (
    NOT_DRAWN,
    ZONES,
    assign_zone,
    belt_districts,
    core_towns,
    in_core,
    load_zones,
    names_core,
    zone_of,
)

NOWHERE = float("nan")
ISLANDS = shapely.box(121.98, 30.59, 122.16, 30.68)


@pytest.fixture(scope="module")
def zones():
    return load_zones()


def km2(shape):
    return gpd.GeoSeries([shape], crs=STORAGE_CRS).to_crs(METRIC_CRS).area.iloc[0] / 1e6


def test_the_core_has_the_area_that_its_text_gives(zones):
    core = zones.loc["core", "geometry"]
    assert km2(core.difference(ISLANDS)) == pytest.approx(814, rel=0.01)
    assert km2(core.intersection(ISLANDS)) == pytest.approx(19, abs=0.5)
    assert km2(core) == pytest.approx(814 + 19, rel=0.01)
    assert zones.loc["core", "area_km2"] == pytest.approx(km2(core), rel=1e-9)
    assert zones.loc["core", "inferred"]
    assert "推定" in zones.loc["core", "note"]
    assert any("机场" in zh for zh, *_ in NOT_DRAWN)


def test_the_belt_is_its_five_districts(zones):
    districts = load_districts()
    assert belt_districts() == ("310112", "310113", "310114", "310115", "310117")
    assert zones.loc["belt", "area_km2"] == pytest.approx(districts.loc[list(belt_districts()), "area_km2"].sum())
    assert zones.loc["belt", "geometry"].equals(districts.loc[list(belt_districts())].union_all())
    assert not zones.loc["belt", "inferred"]
    assert "等区域" in zones.loc["belt", "note"]


def test_shapes_are_valid_and_the_core_is_land(zones):
    assert zones.crs == STORAGE_CRS
    assert zones.is_valid.all()
    core, land = zones.loc["core", "geometry"], load_land().union_all()
    assert km2(core.difference(land)) < 0.001
    host = load_districts().loc[["310112", "310115", "310120"]].union_all()
    assert km2(core.difference(ISLANDS).difference(host)) < 0.001


@pytest.mark.parametrize(
    ("place", "lon", "lat", "zone"),
    [
        ("滴水湖", 121.93, 30.90, "core"),
        ("洋山港区", 122.07, 30.64, "core"),
        ("张江", 121.59, 31.20, "belt"),
        ("松江", 121.20, 31.03, "belt"),
        ("奉贤南桥，金汇港以西", 121.455, 30.918, "other"),
        ("人民广场", 121.47, 31.23, "other"),
        ("青浦", 121.11, 31.15, "other"),
        ("杭州", 120.15, 30.27, "unplaced"),
        ("无坐标", NOWHERE, NOWHERE, "unplaced"),
    ],
)
def test_zone_of_known_places(place, lon, lat, zone):
    assert zone_of([lon], [lat]).tolist() == [zone], place


@pytest.mark.parametrize(
    "town", ["泥城镇", "书院镇", "临港新片区", "上海市浦东新区南汇新城镇环湖西二路888号", "临港产业区"]
)
def test_a_name_in_lingang_wins_over_the_point(town):
    assert zone_of([121.47], [31.23], [town]).tolist() == ["core"]
    assert zone_of([NOWHERE], [NOWHERE], [town]).tolist() == ["core"]


@pytest.mark.parametrize("town", ["", "张江镇", "临港集团松江科技城", "漕河泾开发区", "临江"])
def test_other_names_leave_it_to_the_point(town):
    assert zone_of([121.47, 121.93], [31.23, 30.90], [town, town]).tolist() == ["other", "core"]
    assert not names_core(pd.Series([town])).any()


def test_towns_of_the_core_have_half_of_their_addresses_in_it():
    assert {"泥城镇", "书院镇", "万祥镇", "南汇新城镇"} <= set(core_towns())
    assert "张江镇" not in core_towns()


def test_in_core_is_what_shapely_says(zones):
    rng = np.random.default_rng(5)
    core = zones.loc["core", "geometry"]
    west, south, east, north = core.bounds
    lon, lat = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
    np.testing.assert_array_equal(in_core(lon, lat), shapely.intersects_xy(core, lon, lat))
    assert in_core([NOWHERE], [31.0]).tolist() == [False]


@given(
    rows=st.lists(st.tuples(st.sampled_from(["", *attributes().index]), st.booleans()), max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_the_core_wins_and_every_row_has_one_zone(rows):
    adcodes = pd.Series([adcode for adcode, _ in rows], dtype=str)
    core = np.array([core for _, core in rows], dtype=bool)
    zone = assign_zone(adcodes, core)
    assert zone.index.equals(adcodes.index)
    assert zone.isin(ZONES).all()
    assert sum((zone == name).sum() for name in ZONES) == len(rows)
    assert ((zone == "core") == core).all()
    assert (zone[~core & adcodes.isin(belt_districts())] == "belt").all()
    assert (zone[~core & (adcodes == "")] == "unplaced").all()


@given(st.lists(st.tuples(st.floats(120.8, 122.3), st.floats(30.5, 31.9)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_zone_of_a_point_follows_from_core_and_district(pairs):
    lon, lat = np.array(pairs).T
    expected = assign_zone(pd.Series(locate(lon, lat)), in_core(lon, lat))
    assert zone_of(lon, lat).tolist() == expected.tolist()
