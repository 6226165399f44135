"""Parks: published entries and mere points together, never more certain than their source."""

import pytest

from geo import build
from geo.catalog import read_table
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.errors import DataError
from geo.places.districts import attributes, load_districts
from geo.places.parks import FEATURED_PARKS, load_parks, park_points, unsupported_points
from geo.places.towns import town_errors_m
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


def test_every_point_has_an_error_that_its_basis_bears(parks):
    placed = parks[parks.geometry.notna()]
    assert placed["location_error_m"].notna().all()
    assert parks.loc[parks.geometry.isna(), "location_error_m"].isna().all()
    assert set(placed["point_evidence"]) == {"source", "inferred", "unverified"}
    expected = {"SP22": 1500, "SP13": town_errors_m()["310114"], "SP19": 2250, "SP12": 2250, "SP27": 960}
    for park, error in expected.items():
        assert parks.at[park, "location_error_m"] == pytest.approx(error, abs=1), park
    assert (placed.loc[placed["point_basis"].str.contains("镇"), "location_error_m"] > 2000).all()
    assert int(parks[parks["listed"]].geometry.notna().sum()) == 14


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"basis": "guess"}, "点位没有这种依据"),
        ({"basis": "address"}, "坐标与依据不符"),
        ({"quality": ""}, "坐标没有写明质量"),
        ({"evidence": "source"}, "说有来源而没有写明"),
        ({"district": "崇明区"}, "点位离所在区太远"),
        (
            {"basis": "town", "place": "安亭镇", "lon_wgs84": "", "lat_wgs84": "", "district": "嘉定区"}
            | {"evidence": "source", "source_title": "某报", "address": "嘉定"},
            "来源的原话没有写这个镇",
        ),
        ({"basis": "park", "place": "不存在的园区", "lon_wgs84": "", "lat_wgs84": ""}, "所写的镇或园区没有点位"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_point_that_claims_more_than_its_evidence_is_named(changed, said):
    row = read_table("park_points").iloc[[6]].assign(**changed)  # 上海松江高科技园区, by coordinates
    assert (2, said) in unsupported_points(row)


def test_the_build_stops_at_such_a_point(monkeypatch):
    monkeypatch.setattr("geo.places.parks.POINT_BASES", ("address", "town", "park"))
    with pytest.raises(DataError, match="园区点位里有"):
        build._refuse_unsupported()


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


def test_a_lone_point_that_gets_an_entry_keeps_its_id(parks):
    here = parks.loc["P026", ["name", "adcode", "area_km2", "listed", "point_basis"]]
    assert here.tolist() == ["上海莘庄工业区", "310112", 14.9518, True, "中(未核实,约2016年地理编码)"]
    assert parks.index.is_unique


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
    assert parks.at["SP21", "batch"] == "第二批（按英文报道推断）"  # “unique industrial parks”
