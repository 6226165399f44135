"""The best witness of each row, computed by hand from the published points."""

import numpy as np
import pandas as pd
import pytest

from geo.enterprises.table import load_enterprises
from geo.places.districts import locate
from geo.places.geocoding import POINT_PRECISIONS, PRECISIONS, _surely_in_core, place
from geo.places.towns import town_errors_m
from geo.places.zones import CORE, in_core

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
        ({"stated": "310114", "address": "丰功路600号"}, "road", (121.2866, 31.3463), 416),  # 1.06 · 1.15 · 932^0.853
        ({"stated": "310114", "address": "丰功路500号"}, "road", (121.2866, 31.3463), 970),  # 55 numbers below them
        ({"stated": "310106", "address": "宝山路450号"}, "road", (121.4735, 31.2603), 350),  # 1.06 · 1.15 · 761^0.853
        ({"stated": "310114", "where": "安亭镇"}, "town", (121.19644, 31.29613), 2749),  # 464.20 km² / 11 towns
        ({"stated": "310115", "where": "张江"}, "town", (121.62275, 31.19107), 2454),  # 1,210.41 km² / 36
        ({"stated": "310114", "address": "嘉定区丰功路1号"}, "district", None, None),  # too far from the numbers seen
        ({"stated": "310112", "where": "莘庄工业区"}, "park", (121.377537, 31.090874), 1500),
    ],
)
def test_each_precision(row, precision, point, error):
    result = placed(**row)
    assert result["location_precision"] == precision
    assert result["location_conflict"] == ""
    if point:
        assert (result["lon"], result["lat"]) == point
        assert result["location_error_m"] == pytest.approx(error, abs=1)
    assert locate([result["lon"]], [result["lat"]]).tolist() == [result["adcode"]]


def test_the_smallest_expected_error_wins():
    """江苏路 is wide spread: within its numbers it says more than the town, far beyond them nothing."""
    near = placed("310105", "江苏路街道", "江苏路458号")
    far = placed("310105", "江苏路街道", "江苏路99999号")
    assert (near["location_precision"], near["location_error_m"]) == ("town", pytest.approx(town_errors_m()["310105"]))
    assert far["location_precision"] == "town"
    assert placed("310104", "虹梅路街道", "虹梅路街道宜山路900号")["location_precision"] == "road"


def test_a_district_alone_is_an_area():
    result = placed("310117")
    assert result["location_precision"] == "district"
    assert 8000 < result["location_error_m"] < 15_000
    assert locate([result["lon"]], [result["lat"]]).tolist() == ["310117"]
    assert (result["zone"], result["district_basis"]) == ("belt", "stated")


@pytest.mark.parametrize(
    ("stated", "address"), [("310115", "南芦公路155号"), ("310120", "航南公路6666号"), ("310120", "大叶公路2500号")]
)
def test_a_vague_road_decides_no_zone_and_is_no_point(stated, address):
    result = placed(stated, address=address)
    assert result["location_precision"] not in POINT_PRECISIONS
    assert result["zone"] == placed(stated)["zone"]


def test_a_place_whose_error_reaches_across_the_border_is_not_core():
    """The circle of the error of a point decides, not the point: 环湖西一路 is far inside, the coast is no border."""
    inside, near, outside = (121.90, 30.90), (121.83, 31.02), (121.59, 31.20)
    lon, lat = np.array([inside, near, outside]).T
    assert _surely_in_core(lon, lat, np.array([500.0, 20_000.0, 500.0])).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("row", "adcode", "zone"),
    [
        ({"stated": CORE}, "", "core"),
        ({"stated": CORE, "address": "上海市浦东新区云汉路979号"}, "310115", "core"),
        ({"address": "临港海洋一路333号"}, "", "core"),
        ({"stated": "310115", "where": "临港"}, "310115", "core"),
        ({"stated": "310117", "address": "临港松江科技城"}, "310117", "belt"),
        ({"stated": "310112", "address": "浦江镇临港浦江国际科技城"}, "310112", "belt"),
        ({"address": "中国（上海）自由贸易试验区临港新片区云汉路979号"}, "310115", "core"),
        ({"address": "中国（上海）自由贸易试验区富特北路211号"}, "310115", "belt"),
        ({"address": "上海市洋山特殊综合保税区顺通路5号"}, "310115", "core"),
        ({"where": "上海张江高科技园区", "address": "蔡伦路150号"}, "310115", "belt"),
        ({"address": "Lin-gang Special Area, Shanghai"}, "", "core"),
    ],
)
def test_lingang_and_the_free_trade_zone(row, adcode, zone):
    result = placed(**row)
    assert (result["adcode"], result["zone"], result["location_conflict"]) == (adcode, zone, "")


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
    assert 8000 < result["location_error_m"] < 20_000


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


def coarse(stated, lon, lat, error_m, address=""):
    row = {"stated": stated, "place": "", "address": address, "lon": lon, "lat": lat, "error_m": error_m}
    return place(pd.DataFrame([row])).iloc[0]


def test_a_coarse_point_at_a_border_agrees_with_the_district_that_is_stated():
    """121.40, 31.15 lies in Minhang, and 733 m around it Xuhui."""
    stated = coarse("310104", 121.40, 31.15, 733.0)
    assert (stated["adcode"], stated["location_precision"], stated["location_conflict"]) == ("310104", "site", "")
    assert stated["point_adcode"] == "310104"
    alone = coarse("", 121.40, 31.15, 733.0)
    assert (alone["adcode"], alone["zone"], alone["outside"]) == ("", "unplaced", False)
    assert alone["location_note"] == "点位误差跨区界，没有据以定区"
    assert (alone["lon_raw"], alone["lat_raw"]) == (121.40, 31.15)


def test_a_fine_point_and_one_far_from_borders_decide_as_before():
    assert coarse("", 121.40, 31.15, 0.0)["adcode"] == "310112"
    assert coarse("", 121.20, 31.03, 733.0)["adcode"] == "310117"


def test_the_zone_stays_open_where_the_error_reaches_across_the_edge_of_the_core():
    x, y = np.full(400, 121.80), np.linspace(30.85, 31.05, 400)  # northwards over the river
    within = in_core(x, y)
    edge = y[np.flatnonzero(within[:-1] & ~within[1:])[-1]]
    for lat in (edge - 0.002, edge + 0.002):
        near = coarse("310115", 121.80, lat, 733.0)
        assert (near["adcode"], near["zone"]) == ("310115", "unplaced")
        assert "一核边界" in near["location_note"]
    assert coarse("310115", 121.80, edge + 0.05, 733.0)["zone"] == "belt"
