"""What an address says, read from its text alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.catalog import read_table
from geo.places.districts import attributes, locate
from geo.places.gazetteer import (
    known_numbers,
    place_on_road,
    read_address,
    road_and_number,
    roads,
    town_points,
)
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
        ("南汇新城镇同汇路168号", "310115", "南汇新城镇", "", 0),
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
    assert (parts.adcode, parts.hint_adcode, parts.town, parts.road, parts.number) == ("", "", "", "", 0)


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
    assert parts.hint_adcode != never


def on_road(*where, **how):
    """`place_on_road` where it knows a place."""
    place = place_on_road(*where, **how)
    assert place
    return place


def test_the_stated_district_decides_between_roads_of_one_name():
    parts = read_address("宝山路450号", "310106")
    assert on_road(parts.road, parts.number, "310106")[:2] == (121.4735, 31.2603)
    assert on_road(parts.road, parts.number, "310109")[:2] == (121.475, 31.264)
    assert place_on_road(parts.road, parts.number, "310115") is None


def test_a_road_without_a_number_places_nothing():
    parts = read_address("宝山路")
    assert parts.road == "宝山路"
    assert place_on_road(parts.road, parts.number, "310106") is None


@pytest.mark.parametrize(
    "address",
    [
        *(
            "昆山开发区朝阳东路188号",
            "苏州工业园区星湖街328号",
            "杭州经济技术开发区6号大街",
            "吴江区同里镇屯村东路526号",
        ),
        *("广州天河区越秀北路222号", "杭州西湖区文三西路300号", "北京海淀区中关村东路500号", "南京鼓楼区中山北路200号"),
        *(
            "江苏昆山花桥镇曹安经济技术开发区",
            "宁波杭州湾新区滨海二路1号",
            "太仓港经济技术开发区",
            "平湖市新埭镇",
            "嘉善县魏塘街道",
        ),
        *(
            "重慶市渝北區",
            "台北市信義區",
            "香港九龍彌敦道1號",
            "深圳市宝安区西乡街道",
            "合肥高新区望江西路",
            "长兴县雉城镇",
        ),
        *(
            "住所：浙江省海宁市经编产业园区",
            "No.199, East Fengxiang Road, Tongxiang, Zhejiang",
            "Kunshan, Jiangsu, China",
        ),
    ],
)
def test_other_cities_by_full_and_short_names(address):
    assert read_address(address).outside


@pytest.mark.parametrize(
    "address",
    [
        *(
            "九星市场",
            "莘庄都市路1号",
            "南京东路100号",
            "北京西路1号",
            "延安西路548弄",
            "中山北一路1123号",
            "重庆南路1号",
        ),
        *(
            "昆山路1号",
            "昆山花园路1号",
            "吴中路1169号",
            "江苏路街道",
            "嘉兴路街道",
            "南京东路街道",
            "长兴镇江南大道1333号",
        ),
        *(
            "杭州湾经济技术开发区苍工路",
            "四川北路1689号",
            "大连西路1号",
            "武威东路1号",
            "上海国际汽车城",
            "新市南路1221号",
        ),
        *(
            "Pudong New Area, Shanghai",
            "No. 1 Beijing West Road, Jing'an District, Shanghai",
            "2799 Humin Road, Shanghai",
        ),
    ],
)
def test_roads_towns_and_markets_named_after_other_places_are_here(address):
    assert not read_address(address).outside


@pytest.mark.parametrize(
    "address",
    [
        *(
            "上海市银城中路200号",
            "上海市河南北路485号",
            "上海市春东路508号",
            "上海市陆家嘴西路168号",
            "上海市辽宁路244号",
        ),
        *(
            "上海市广富林东路199号",
            "上海市青浦区沙淀中路100弄",
            "上海市浦东新区年家浜东路159弄",
            "上海市浦东新区张东路1387号",
        ),
    ],
)
def test_a_road_counts_by_its_whole_name_only(address):
    """朝阳东路 is not 东路: of a road that is not known no tail is taken for one that is."""
    parts = read_address(address)
    assert (parts.road, parts.number, parts.hint_adcode) == ("", 0, "")


def test_no_road_of_the_table_is_a_mere_ending():
    assert all(len(name) >= 3 for name in roads())


@pytest.mark.parametrize(
    ("address", "road"),
    [
        ("上海市徐汇区虹梅路街道宜山路900号", "宜山路"),
        ("上海市浦东新区东明路街道三林路15号", "三林路"),
        ("徐汇区天平路街道衡山路10号", "衡山路"),
        ("奉贤区南桥镇环城东路68号", "环城东路"),
        ("奉贤区南桥环城东路68号", "环城东路"),
        ("松江车墩车峰路300号", "车峰路"),
        ("青浦区赵巷镇垂姚村嘉松中路5710号", "嘉松中路"),
        ("上海市浦東新區張江鎮龍東大道3000號", "龙东大道"),
    ],
)
def test_what_stands_before_a_road_does_not_hide_it(address, road):
    assert read_address(address).road == road


@pytest.mark.parametrize(
    ("address", "adcode"),
    [
        ("中国（上海）自由贸易试验区富特北路211号302部位", "310115"),
        ("中國（上海）自由貿易試驗區日櫻北路199-9號", "310115"),
        ("上海自贸试验区泰谷路169号", "310115"),
        ("上海市外高桥保税区富特中路100号", "310115"),
        ("上海浦东机场综合保税区正定路530号", "310115"),
        ("洋山保税港区业盛路188号", "310115"),
        ("China (Shanghai) Pilot Free Trade Zone, No.38 Yinglun Road", "310115"),
        ("上海张江高科技园区蔡伦路150号", "310115"),
        ("上海市金桥出口加工区川桥路1295号", "310115"),
        ("上海市莘庄工业区申富路505号", "310112"),
        ("上海紫竹科学园区紫星路588号", "310112"),
        ("上海松江出口加工区", "310117"),
        ("上海青浦工业园区", "310118"),
    ],
)
def test_named_areas_hint_at_their_district(address, adcode):
    parts = read_address(address)
    assert adcode in (parts.adcode, parts.hint_adcode)


def test_a_zone_contradicts_no_stated_district():
    assert read_address("漕河泾开发区", "310112").adcode == ""


@pytest.mark.parametrize(
    ("address", "adcode"),
    [
        *(
            ("上海·闵行·莘庄", "310112"),
            ("上海松江车墩镇", "310117"),
            ("松江车墩镇", "310117"),
            ("上海浦东机场", "310115"),
        ),
        *(("闵行九星市场", "310112"), ("莘庄都市路5001号", "310112"), ("张江", "310115")),
    ],
)
def test_short_names_of_districts_at_the_beginning(address, adcode):
    parts = read_address(address)
    assert adcode in (parts.adcode, parts.hint_adcode)


@pytest.mark.parametrize("address", ["上海宝山路450号", "上海长宁路1号", "上海浦东大道535号", "上海青浦路1号"])
def test_a_road_after_the_city_is_not_a_district(address):
    assert read_address(address).adcode == ""


def test_a_long_road_is_placed_along_its_numbers():
    """Known on 沪青平公路: 8585 and 9927, 13 km apart; a number between them lies between their points."""
    lon_a, lat_a, _ = on_road("沪青平公路", 8585, "310118")
    lon_b, lat_b, error = on_road("沪青平公路", 9927, "310118")
    assert error == 100
    lon, lat, error = on_road("沪青平公路", 9256, "310118")
    assert (lon, lat) == pytest.approx(((lon_a + lon_b) / 2, (lat_a + lat_b) / 2), abs=1e-4)
    assert 300 < error < 1000
    assert place_on_road("沪青平公路", 12_000, "310118") is None
    assert place_on_road("航南公路", 6666, "310120") is None


def test_a_known_address_held_out_is_placed_by_the_others():
    there, without = on_road("大叶公路", 5111, "310120"), on_road("大叶公路", 5111, "310120", held_out=True)
    assert there[2] < without[2] <= 1500


@settings(deadline=None)  # the first call reads the tables
@given(st.sampled_from(sorted(known_numbers())), st.integers(1, 12_000))
def test_a_place_on_a_road_has_a_moderate_error_and_lies_in_its_district(road, number):
    for adcode in attributes().index:
        found = place_on_road(road, number, adcode)
        if found:
            assert 0 < found[2] <= 1500
            assert locate([found[0]], [found[1]]).tolist() == [adcode]


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("上海市南汇区惠南镇人民东路1号", "浦东新区人民东路１号2幢"),
        ("中国（上海）自由贸易试验区富特西一路115号2号楼", "上海市浦东新区富特西一路115号"),
        ("上海市松江区车墩镇车峰路300号", "松江区车峰路300号3幢401室"),
        ("上海市闸北区万荣路1188号", "上海市静安区萬榮路1188號"),
    ],
)
def test_road_and_number_do_not_change_with_the_words_before_them(address, other):
    assert road_and_number(address) == road_and_number(other) != ("", 0)


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


@pytest.mark.parametrize(
    ("address", "adcode", "area"),
    [
        ("上海市金山工业区江月路1号", "310116", "金山工业区"),
        ("松江工业区洞泾路5号", "310117", "松江工业区"),
        ("上海市金山区金山工业区", "310116", "金山工业区"),
        ("金山区朱泾工业园区", "310116", "朱泾工业园区"),
        ("金山大道100号", "", ""),
    ],
)
def test_an_area_that_begins_with_the_name_of_its_district_is_an_area(address, adcode, area):
    read = read_address(address)
    assert (read.adcode, read.area) == (adcode, area)


@pytest.mark.parametrize(
    "address",
    [
        *("漕河泾新兴技术开发区海宁分区", "上海漕河泾开发区盐城工业园", "上海外高桥（启东）产业园", "上海市北高新（南通）科技城"),
        *("上海嘉定工业区建湖科技产业园", "张江长三角科技城平湖园", "杨浦（海安）工业园", "上海张江(平湖)科技园"),
    ],
)  # fmt: skip
def test_what_a_zone_of_shanghai_runs_elsewhere_is_elsewhere(address):
    assert read_address(address).outside


@pytest.mark.parametrize(
    "address",
    [
        *("上海市静安江宁科创园3号楼", "上海市杨浦延吉科创园", "上海市张江东方科技园2幢", "上海市漕河泾桂林科技园3号楼"),
        *("上海市漕河泾开发区桂林园区3号", "上海市静安启东市场科创园"),
    ],
)  # fmt: skip
def test_a_park_named_after_a_road_here_is_not_elsewhere(address):
    assert not read_address(address).outside


def test_a_branch_with_the_rank_of_its_place_is_elsewhere_although_a_road_bears_the_name():
    assert read_address("上海漕河泾开发区桂林市产业园").outside


@pytest.mark.parametrize(
    ("address", "adcode"),
    [
        ("漕河泾开发区松江新兴产业园莘砖公路518号", "310117"), ("漕河泾开发区浦江高科技园", "310112"),
        ("上海张江高新技术产业开发区嘉定园", "310114"), ("张江高科技园区松涛路1号", "310115"), ("外高桥保税区台中南路2号", "310115"),
        ("漕河泾开发区桂平路391号", "310104"), ("张江高科技园区（青浦园）", "310118"),
    ],
)  # fmt: skip
def test_a_branch_of_a_zone_is_where_it_says(address, adcode):
    parts = read_address(address)
    assert not parts.outside
    assert parts.adcode or parts.hint_adcode == adcode
