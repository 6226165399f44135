"""Parks: published entries and mere points together, never more certain than their source."""

import pytest

from geo.catalog import read_table
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.places.districts import attributes, load_districts
from geo.places.parks import FEATURED_PARKS, load_parks, park_points
from geo.text import fold


@pytest.fixture(scope="module")
def parks():
    return load_parks()


def test_every_entry_and_every_lone_point_is_there(parks):
    listed, located = read_table("parks"), read_table("park_points")
    alone = located.loc[located["park_id"] == "", "point_id"]
    assert parks.index.tolist() == [*listed["id"], *alone]
    assert parks["listed"].sum() == len(listed)
    assert parks.crs == STORAGE_CRS
    assert set(parks["adcode"]) <= {"", *attributes().index}


def test_every_point_says_where_it_comes_from(parks):
    assert (parks["point_basis"] != "").equals(parks.geometry.notna())
    assert set(parks.loc[~parks["listed"], "evidence"]) == {"unverified"}
    assert set(parks["evidence"]) <= {"source", "inferred", "unverified"}


def test_points_lie_in_or_near_their_district(parks):
    known = parks[parks.geometry.notna() & (parks["adcode"] != "")].to_crs(METRIC_CRS)
    shapes = load_districts().geometry.to_crs(METRIC_CRS).loc[known["adcode"]].set_axis(known.index)
    # The chemical park lies in two districts and is entered under one.
    assert (known.geometry.distance(shapes) < 3000).all()


def test_an_area_is_published_or_unknown(parks):
    assert (parks["area_km2"].dropna() > 0).all()
    assert parks.loc[~parks["listed"], "area_km2"].isna().all()


@pytest.mark.parametrize("row", read_table("park_aliases").to_dict("records"), ids=lambda row: row["alias"])
def test_every_alias_leads_to_its_park(row):
    points = park_points()
    assert points[fold(row["alias"])] == points[fold(row["name"])]


def test_spellings_are_folded_and_the_city_may_be_left_out():
    points = park_points()
    assert all(name == fold(name) and len(name) >= 2 for name in points)
    assert points["金桥出口加工区"] == points["上海金桥出口加工区"]


def test_the_featured_parks_are_counted_by_what_is_verified(parks):
    table = read_table("parks")
    verified = table[table["batch"] != ""]
    assert verified["batch"].value_counts().to_dict() == {"首批": 17, "第三批": 8, "第二批": 5, "批次未写": 1}
    assert (verified[["batch_source_title", "batch_source_url", "batch_words"]] != "").all().all()
    assert (parks["batch"] != "").sum() == len(verified) == 31 < FEATURED_PARKS
    assert parks.at["SP27", "batch"] == "首批（按日期推断）"
