"""The districts: sixteen valid shapes without gaps or overlaps, and every spelling of their names."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.places.districts import (
    adcodes_of,
    attributes,
    load_districts,
    load_outlines,
    locate,
    locate_coarse,
    locate_index,
)

COASTAL = ["310113", "310115", "310116", "310120", "310151"]
OFFICIAL_KM2 = {
    "310101": 20.46, "310104": 54.76, "310105": 38.30, "310106": 36.88, "310107": 54.83, "310109": 23.48,
    "310110": 60.73, "310112": 370.75, "310113": 270.99, "310114": 464.20, "310115": 1210.41, "310116": 586.05,
    "310117": 605.64, "310118": 670.14, "310120": 687.39, "310151": 1185.49,
}  # fmt: skip
BELT = {"310112", "310113", "310114", "310115", "310117"}


@pytest.fixture(scope="module")
def districts():
    return load_districts()


@pytest.fixture(scope="module")
def metric(districts):
    return districts.geometry.to_crs(METRIC_CRS)


def by_shapely(shapes, lon, lat):
    answer = np.full(len(lon), -1)
    for position in reversed(range(len(shapes))):
        answer[shapely.intersects_xy(shapes[position], lon, lat)] = position
    return answer


def test_sixteen_districts_with_official_areas(districts):
    assert districts.crs == STORAGE_CRS
    assert districts.index.name == "adcode"
    assert districts["area_km2"].to_dict() == OFFICIAL_KM2
    assert set(districts.index[districts["belt"]]) == BELT
    assert districts[["name_zh", "name_en"]].stack().is_unique


def test_shapes_are_valid_polygons(districts):
    assert districts.is_valid.all()
    assert set(districts.geom_type) <= {"Polygon", "MultiPolygon"}


def test_no_overlaps_and_no_gaps(metric):
    union = metric.union_all()
    assert metric.area.sum() - union.area < 1.0  # m²
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    assert sum(hole.area for hole in holes) < 1.0


def test_areas_against_the_official_ones(districts, metric):
    ratio = metric.area / 1e6 / districts["area_km2"]
    inland = ratio.drop(COASTAL)
    assert len(inland) == 11
    assert (inland - 1).abs().mean() < 0.007
    assert ratio["310115"] > 1.3  # contains sea, as does Chongming
    assert ratio["310151"] > 1.6


def test_the_coarse_independent_source_agrees(districts):
    rng = np.random.default_rng(2)
    west, south, east, north = districts.total_bounds
    lon, lat = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
    fine, coarse = locate(lon, lat), locate_coarse(lon, lat)
    both = (fine != "") & (coarse != "")
    assert both.sum() > 7_500
    assert (fine[both] == coarse[both]).mean() >= 0.97


def test_a_shift_of_the_datum_would_be_seen(districts):
    """Against the coarse source the borders lie where they should: moved by the datum's shift they agree less."""
    rng = np.random.default_rng(3)
    west, south, east, north = districts.total_bounds
    lon, lat = rng.uniform(west, east, 40_000), rng.uniform(south, north, 40_000)
    coarse = locate_coarse(lon, lat)

    def agreement(east_deg, north_deg):
        fine = locate(lon + east_deg, lat + north_deg)
        both = (fine != "") & (coarse != "")
        return (fine[both] == coarse[both]).mean()

    assert agreement(0, 0) > max(agreement(0.0045, -0.0021), agreement(-0.0045, 0.0021)) + 0.005


def test_locate_is_what_shapely_says(districts):
    rng = np.random.default_rng(4)
    west, south, east, north = districts.total_bounds
    lon, lat = rng.uniform(west - 0.1, east + 0.1, 50_000), rng.uniform(south - 0.1, north + 0.1, 50_000)
    corners = shapely.get_coordinates(districts.geometry.to_numpy())[::7]
    lon, lat = np.append(lon, corners[:, 0]), np.append(lat, corners[:, 1])
    answer = locate_index(lon, lat)
    assert answer.dtype == np.int16
    np.testing.assert_array_equal(answer, by_shapely(districts.geometry.to_numpy(), lon, lat))
    assert (answer[50_000:] >= 0).all()
    labels = np.append(districts.index.to_numpy(dtype="U6"), "")
    np.testing.assert_array_equal(locate(lon, lat), labels[answer])


@given(st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_number_is_a_place_or_outside(pairs):
    lon, lat = np.array(pairs, dtype=float).reshape(-1, 2).T
    answer = locate(lon, lat)
    assert answer.shape == (len(pairs),)
    assert set(answer) <= {"", *OFFICIAL_KM2}
    assert (answer[~(np.isfinite(lon) & np.isfinite(lat))] == "").all()


@pytest.mark.parametrize(
    ("place", "lon", "lat", "adcode"),
    [
        ("人民广场", 121.4708, 31.2301, "310101"),
        ("陆家嘴", 121.4998, 31.2397, "310115"),
        ("松江大学城", 121.2056, 31.0527, "310117"),
        ("嘉定老城", 121.2484, 31.3838, "310114"),
        ("崇明城桥", 121.3914, 31.6268, "310151"),
        ("昆山", 120.9556, 31.3850, ""),
        ("嘉兴", 120.7555, 30.7461, ""),
    ],
)
def test_known_places(place, lon, lat, adcode):
    assert locate([lon], [lat]).tolist() == [adcode], place


@pytest.mark.parametrize(("adcode", "row"), list(attributes().iterrows()))
def test_every_form_of_a_name_is_the_district(adcode, row):
    full, english = row["name_zh"], row["name_en"]
    stem = full.removesuffix("新区").removesuffix("区")
    forms = [full, stem, f"上海市{full}", f"上海{full}", f"上海市{stem}", english, english.upper(), adcode]
    forms += [f"{english} District", f" {full} ", f"{full[0]} {full[1:]}"]
    assert adcodes_of(pd.Series(forms)).unique().tolist() == [adcode]


@pytest.mark.parametrize(
    ("old", "adcode"),
    [
        ("卢湾区", "310101"), ("卢湾", "310101"), ("310103", "310101"), ("南市区", "310101"), ("310102", "310101"),
        ("闸北区", "310106"), ("闸北", "310106"), ("310108", "310106"),
        ("南汇区", "310115"), ("南汇县", "310115"), ("南汇", "310115"), ("310119", "310115"), ("310225", "310115"),
        ("川沙县", "310115"), ("川沙", "310115"), ("浦东", "310115"), ("Pudong New Area", "310115"),
        ("崇明县", "310151"), ("上海市崇明县", "310151"), ("310230", "310151"),
    ],
)  # fmt: skip
def test_former_names_and_retired_codes(old, adcode):
    assert adcodes_of(pd.Series([old])).tolist() == [adcode]


@pytest.mark.parametrize("other", ["", "上海市", "舟山市普陀区", "普陀山", "310000", "310999", "nan", "临港新片区"])
def test_what_is_no_district_is_none(other):
    assert adcodes_of(pd.Series([other])).tolist() == [""]


def test_outlines_are_on_land_close_to_the_boundaries_and_carry_their_label(districts, metric):
    outlines = load_outlines()
    assert outlines.index.tolist() == districts.index.tolist()
    assert outlines.is_valid.all()
    labels = gpd.GeoSeries.from_xy(outlines["label_lon"], outlines["label_lat"], index=outlines.index)
    assert outlines.geometry.set_crs(None, allow_override=True).contains(labels).all()
    assert locate(outlines["label_lon"], outlines["label_lat"]).tolist() == outlines.index.tolist()
    inland = metric.drop(COASTAL)
    drawn = outlines.geometry.to_crs(METRIC_CRS).loc[inland.index]
    assert (drawn.area / inland.area - 1).abs().max() < 0.02
    assert inland.boundary.hausdorff_distance(drawn.boundary).median() < 150
