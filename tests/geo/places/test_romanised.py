"""Addresses in English letters, read like their Chinese form."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.catalog import read_table
from geo.places.districts import adcodes_of
from geo.places.gazetteer import read_address
from geo.places.geocoding import place
from geo.places.romanised import in_chinese, is_romanised


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("No.1387, Zhangdong Road, Pudong New Area, Shanghai 201203", "上海市浦东新区"),  # a road that no table knows
        (
            "Room 804, Building B, No. 391 Guiping Road, Xuhui District, Shanghai 200233, China",
            "上海市徐汇区桂平路391号",
        ),
        ("18 LongPal Building, GuangFuLin Rd 4855, Shanghai 201616, China", "上海市广富林路4855号"),
        ("807, Bldg 1, Lane 1505, Lianhang Rd, Minhang District Shanghai", "上海市闵行区联航路1505弄"),
        (
            "Room 348, Building 9, No. 128 Cheting Road, Chedun Town, Songjiang District",
            "上海市松江区车墩镇车亭公路128号",
        ),
        ("No.179 West Jiangchang road, Shanghai 200436, China", "上海市江场西路179号"),
        ("179 Jiangchang West Rd., Shanghai", "上海市江场西路179号"),
        ("Room 266, 1333 Road Xinlong, Shanghai 201101, China", "上海市新龙路1333号"),
        ("Floor 4, NO3000 LongDong Avenue, Pudong District", "上海市浦东新区龙东大道3000号"),
        ("Lane 887. Zhangjiang Hi-Tech Park, China (Shanghai) Pilot Free Trade Zone", "上海市自由贸易试验区"),
        ("12F, Block 1, NO 7866, Humin Rd, MinhangDistrict, Shanghai", "上海市闵行区沪闵路7866号"),
        ("6 Floor, Building 3, Shanghai 200083, China", "上海市"),
    ],
)
def test_an_english_address_in_chinese(english, chinese):
    assert in_chinese(english).text == chinese


def test_a_number_inside_a_building_is_no_house_number():
    assert in_chinese("Building 9, Humin Road, Minhang District").text == "上海市闵行区沪闵路"
    assert in_chinese("Room 12, Humin Road 7866, Minhang District").text == "上海市闵行区沪闵路7866号"


def test_a_postcode_is_no_house_number():
    assert in_chinese("Humin Road 201108, Minhang District").text == "上海市闵行区沪闵路"


@pytest.mark.parametrize(
    "road", ["Songjiang Road 12, Shanghai", "Pudong South Road 855, Shanghai", "12 Baoshan Rd, Shanghai"]
)
def test_a_road_named_after_a_district_is_not_in_it(road):
    assert not re.match("上海市(?:松江|浦东新|宝山)区", in_chinese(road).text)


def test_a_road_is_a_whole_name():
    assert "沪闵路" not in in_chinese("100 Old Great Humin Road, Minhang District").text


def test_roads_that_sound_alike_are_told_and_none_is_taken():
    read = read_address("2088 Huashan Road, Shanghai 200030, China")
    assert (read.road, read.number) == ("", 0)
    assert read.doubt == "华山路、花山路"
    assert read_address("2088 Huashan Road, Xuhui District, Shanghai").road == "华山路"
    assert read_address("2088 Huashan Road, Shanghai", "310104").road == "华山路"


@pytest.mark.parametrize(
    "address",
    ["223 FENGXIANG ROAD,TONGXIANG,ZHEJIANG,CHINA", "No. 99 Baoshan Road, Kunshan, Jiangsu", "8 Shanghai Road, Suzhou"],
)
def test_another_city_is_outside(address):
    assert read_address(address).outside


def test_where_a_chinese_address_lies_its_english_form_lies_too():
    """Every road of the tables, written by its sound with district and number: found, or told apart from what."""
    table = read_table("pinyin", ["character", "readings"]).set_index("character")["readings"]
    roads = read_table("roads", ["road", "district", "min_no"])
    names = {"浦东新区": "Pudong New Area", "闵行区": "Minhang District", "嘉定区": "Jiading District",
             "宝山区": "Baoshan District", "松江区": "Songjiang District"}  # fmt: skip
    adcodes = dict(zip(names, adcodes_of(pd.Series(list(names))), strict=True))
    here = roads[roads["district"].isin(names) & (roads["min_no"] != "")]
    told = 0
    for road, district, number in zip(here["road"], here["district"], here["min_no"], strict=True):
        stem = re.sub("(?:公路|路)$", "", road)
        if stem == road:
            continue
        sound = "".join(table[character].split()[0] for character in stem).capitalize()
        read = read_address(f"No. {number} {sound} Road, {names[district]}, Shanghai")
        assert read.adcode == adcodes[district]
        assert read.road in (road, ""), f"{sound} Road is read as {read.road}"
        assert read.road or road in read.doubt, f"{sound} Road is not read"
        told += bool(read.road)
    assert told > 0.9 * len(here)


def test_english_addresses_of_the_sample_are_never_placed_in_another_district():
    """Rows whose source names the district; read without it, by the address alone."""
    rows = read_table("enterprises")
    rows = rows[rows["address"].map(is_romanised) & (rows["district_evidence"] == "source")]
    told = adcodes_of(rows["district"])
    asked = pd.DataFrame(
        {"stated": "", "place": "", "address": rows["address"], "lon": float("nan"), "lat": float("nan")}
    )
    alone = place(asked)
    read = alone["adcode"] != ""
    assert (alone["adcode"][read] == told[read]).all()
    by_road = alone["location_precision"] == "road"
    assert (alone["adcode"][by_road] == told[by_road]).all()
    beside = place(asked.assign(stated=told))["location_precision"]
    assert beside.value_counts().to_dict() == {"district": 153, "road": 62, "town": 19, "park": 4}


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_any_letters_are_read_without_fail(text):
    if is_romanised(text):
        assert in_chinese(text).text.startswith("上海市")
    read_address(text)
