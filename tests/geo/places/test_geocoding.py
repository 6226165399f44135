"""The best witness of each row, computed by hand from the published points."""

from math import pi, sqrt

import pandas as pd
import pytest

from geo.enterprises.table import load_enterprises
from geo.places.districts import locate
from geo.places.geocoding import PRECISIONS, place
from geo.places.towns import typical_error_m
from geo.places.zones import in_core, load_zones

NOWHERE = float("nan")
SONGJIANG = (121.2056, 31.0527)
JIADING = (121.2484, 31.3838)
HANGZHOU = (120.15, 30.27)


def placed(stated="", where="", address="", at=(NOWHERE, NOWHERE)):
    rows = pd.DataFrame([(stated, where, address, *at)], columns=["stated", "place", "address", "lon", "lat"])
    return place(rows).iloc[0]


@pytest.mark.parametrize(
    ("row", "precision", "point", "error"),
    [
        ({"stated": "310117", "at": SONGJIANG}, "site", SONGJIANG, 0),
        ({"at": SONGJIANG}, "site", SONGJIANG, 0),
        ({"stated": "310114", "address": "丰功路600号"}, "road", (121.2866, 31.3463), 402),  # among numbers 555–999
        ({"stated": "310114", "address": "丰功路1号"}, "road", (121.2866, 31.3463), 832),  # beyond them
        ({"stated": "310106", "address": "宝山路450号"}, "road", (121.4735, 31.2603), 69),
        ({"stated": "310114", "where": "安亭镇"}, "town", (121.19644, 31.29613), typical_error_m()),
        ({"stated": "310115", "where": "张江"}, "town", (121.62275, 31.19107), typical_error_m()),
        ({"stated": "310112", "where": "莘庄工业区"}, "park", (121.377537, 31.090874), 1500),
    ],
)
def test_each_precision(row, precision, point, error):
    result = placed(**row)
    assert result["location_precision"] == precision
    assert (result["lon"], result["lat"]) == point
    assert result["location_error_m"] == pytest.approx(error)
    assert result["location_conflict"] == ""
    assert locate([result["lon"]], [result["lat"]]).tolist() == [result["adcode"]]


def test_the_smallest_expected_error_wins():
    """Beyond the numbers seen on 江苏路 its spread is 2,323 m, more than that of a town."""
    near = placed("310105", "江苏路街道", "江苏路458号")
    far = placed("310105", "江苏路街道", "江苏路99999号")
    assert (near["location_precision"], near["location_error_m"]) == ("road", 367)
    assert far["location_precision"] == "town"
    assert far["location_error_m"] == pytest.approx(typical_error_m())


def test_a_district_alone_is_an_area():
    result = placed("310117")
    assert result["location_precision"] == "district"
    assert result["location_error_m"] == pytest.approx(sqrt(605.64 / pi) * 1000)
    assert locate([result["lon"]], [result["lat"]]).tolist() == ["310117"]
    assert (result["zone"], result["district_basis"]) == ("belt", "stated")


def test_nothing_known_is_placed_nowhere():
    result = placed()
    assert (result["adcode"], result["zone"], result["location_precision"]) == ("", "unplaced", "none")
    assert result[["lon", "lat", "location_error_m", "lon_raw"]].isna().all()
    assert not result["outside"]


@pytest.mark.parametrize(
    ("row", "adcode", "basis"),
    [
        ({"stated": "310117", "address": "松江区", "at": SONGJIANG}, "310117", "stated"),
        ({"address": "松江区", "at": SONGJIANG}, "310117", "coordinates"),
        ({"address": "上海市松江区新桥镇"}, "310117", "address"),
        ({"address": "马陆镇"}, "310114", "address"),
    ],
)
def test_which_witness_the_district_comes_from(row, adcode, basis):
    result = placed(**row)
    assert (result["adcode"], result["district_basis"], result["location_conflict"]) == (adcode, basis, "")


def test_coordinates_that_contradict_the_stated_district_are_set_aside():
    result = placed("310117", at=JIADING)
    assert (result["adcode"], result["district_basis"], result["location_precision"]) == (
        "310117",
        "stated",
        "district",
    )
    assert (result["lon_raw"], result["lat_raw"]) == JIADING
    assert locate([result["lon"]], [result["lat"]]).tolist() == ["310117"]
    for word in ("登记：松江区", "坐标：嘉定区"):
        assert word in result["location_conflict"]


def test_an_address_that_contradicts_the_stated_district_is_noted_and_gives_no_point():
    result = placed("310117", address="嘉定区马陆镇丰功路600号")
    assert (result["adcode"], result["location_precision"]) == ("310117", "district")
    for word in ("登记：松江区", "地址：嘉定区"):
        assert word in result["location_conflict"]


def test_coordinates_outside_contradict_a_stated_district():
    result = placed("310117", at=HANGZHOU)
    assert (result["adcode"], result["zone"], result["outside"]) == ("310117", "belt", False)
    assert "上海以外" in result["location_conflict"]
    assert (result["lon_raw"], result["lat_raw"]) == HANGZHOU


@pytest.mark.parametrize(
    "row", [{"at": HANGZHOU}, {"address": "浙江省舟山市普陀区东港街道海印路1号"}, {"address": "杭州市余杭区"}]
)
def test_another_city_is_kept_apart(row):
    result = placed(**row)
    assert result["outside"]
    assert (result["adcode"], result["zone"], result["location_precision"]) == ("", "unplaced", "none")
    assert result[["lon", "lat"]].isna().all()


def test_lingang_named_without_a_district_is_core_without_a_district():
    result = placed(where="临港新片区")
    assert (result["adcode"], result["zone"], result["location_precision"]) == ("", "core", "district")
    assert in_core([result["lon"]], [result["lat"]]).tolist() == [True]
    area = load_zones().loc["core", "area_km2"]
    assert result["location_error_m"] == pytest.approx(sqrt(area / pi) * 1000)


@pytest.mark.parametrize(("stated", "town"), [("310115", "泥城镇"), ("310115", "书院镇"), ("310120", "奉城镇")])
def test_towns_of_lingang_are_core_in_their_district(stated, town):
    result = placed(stated, town)
    assert (result["adcode"], result["town"], result["zone"]) == (stated, town, "core")


def test_a_site_in_lingang_is_core_without_any_name():
    assert placed("310115", at=(121.92, 30.90))["zone"] == "core"
    assert placed("310115", at=(121.59, 31.20))["zone"] == "belt"


def test_a_park_named_after_lingang_elsewhere_is_not_core():
    assert placed("310117", "临港松江科技城")["zone"] == "belt"


def test_lingang_named_with_a_road_elsewhere_counts_as_core_and_says_so():
    rows = [("310115", "临港新片区", "龙东大道3000号", NOWHERE, NOWHERE), ("310117", "", "", NOWHERE, NOWHERE)]
    result = place(pd.DataFrame(rows, columns=["stated", "place", "address", "lon", "lat"])).iloc[0]
    assert (result["zone"], result["location_precision"]) == ("core", "district")
    assert result["location_note"]
    assert in_core([result["lon"]], [result["lat"]]).tolist() == [True]


@pytest.mark.parametrize("address", ["宝山路450号", "宝山路700号"])
def test_baoshan_road_is_not_in_baoshan(address):
    assert placed(address=address)["adcode"] != "310113"
    assert placed("310106", address=address)["adcode"] == "310106"
    assert placed("310106", address=address)["location_conflict"] == ""


def test_a_table_without_rows():
    rows = pd.DataFrame(columns=["stated", "place", "address", "lon", "lat"])
    rows = rows.astype({"stated": str, "place": str, "address": str, "lon": float, "lat": float})
    assert place(rows).empty


def test_every_point_of_the_sample_lies_in_its_district():
    sample = load_enterprises()
    sample = sample[sample.geometry.notna() & (sample["adcode"] != "")]
    lon, lat = sample["lon"].to_numpy(float), sample["lat"].to_numpy(float)
    assert (locate(lon, lat) == sample["adcode"]).all()
    assert set(sample["location_precision"]) <= set(PRECISIONS)
