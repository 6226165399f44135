"""What an address says, read from its text alone."""

import pytest

from geo.catalog import read_table
from geo.places.districts import attributes
from geo.places.gazetteer import read_address, road_of, roads, town_points
from geo.text import fold


@pytest.mark.parametrize(
    ("address", "adcode", "town", "road", "number"),
    [
        ("上海市嘉定区马陆镇丰功路600号", "310114", "马陆镇", "丰功路", 600),
        ("嘉定区丰功路600号3幢", "310114", "", "丰功路", 600),
        ("嘉定区丰功路", "310114", "", "丰功路", 0),
        ("丰功路600弄2号", "", "", "丰功路", 600),
        ("上海市闸北区宝山路450号", "310106", "", "宝山路", 450),
        ("上海市静安区宝山路450号", "310106", "", "宝山路", 450),
        ("上海市南汇区泥城镇", "310115", "泥城镇", "", 0),
        ("上海市浦东新区泥城镇", "310115", "泥城镇", "", 0),
        ("上海市崇明县", "310151", "", "", 0),
        ("安亭镇", "310114", "安亭镇", "", 0),
        ("上海市长宁区愚园路１０００号", "310105", "", "愚园路", 1000),
        ("", "", "", "", 0),
        ("三层", "", "", "", 0),
    ],
)
def test_district_town_road_and_number(address, adcode, town, road, number):
    parts = read_address(address)
    assert (parts.adcode, parts.town, parts.road, parts.number) == (adcode, town, road, number)
    assert not parts.outside


@pytest.mark.parametrize(
    "address",
    ["浙江省舟山市普陀区东港街道海印路1号", "江苏省苏州市昆山市花桥镇", "舟山市普陀区", "杭州市余杭区文一西路969号"],
)
def test_another_city_is_outside_and_gives_no_district(address):
    parts = read_address(address)
    assert parts.outside
    assert (parts.adcode, parts.road_adcode, parts.town, parts.road, parts.number) == ("", "", "", "", 0)


@pytest.mark.parametrize("address", ["上海市普陀区真北路988号", "上海市松江区", "中国(上海)自由贸易试验区张江路1号"])
def test_shanghai_is_not_another_city(address):
    assert not read_address(address).outside


@pytest.mark.parametrize(
    ("address", "never"), [("宝山路450号", "310113"), ("江苏路458号", "310120"), ("宝山路700号", "310113")]
)  # fmt: skip
def test_a_road_named_like_a_place_is_not_that_place(address, never):
    parts = read_address(address)
    assert parts.adcode == ""
    assert not parts.outside
    assert parts.road_adcode != never


def test_the_stated_district_decides_between_roads_of_one_name():
    parts = read_address("宝山路450号", "310106")
    jingan, hongkou = road_of(parts, "310106"), road_of(parts, "310109")
    assert jingan is not None
    assert hongkou is not None
    assert (jingan.lon, jingan.lat, jingan.spread_m) == (121.4735, 31.2603, 69)
    assert (hongkou.lon, hongkou.lat) == (121.475, 31.264)
    assert road_of(parts, "310115") is None


def test_a_road_without_a_number_places_nothing():
    assert road_of(read_address("宝山路"), "310106") is None


def test_every_road_of_the_table_is_known():
    table = read_table("roads")
    assert sum(len(within) for within in roads().values()) == len(table)
    for within in roads().values():
        assert set(within) <= set(attributes().index)
        assert all(place.min_no <= place.max_no and place.spread_m <= place.max_spread_m for place in within.values())


def test_every_town_with_a_point_is_known():
    table = read_table("towns")
    assert len(town_points()) == (table["lon_wgs84"] != "").sum()
    assert town_points()["310114", fold("安亭镇")] == (121.19644, 31.29613)
