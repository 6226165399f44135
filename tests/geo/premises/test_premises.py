"""Premises compared with what is asked, term by term, and whom it makes sense to ask."""

import re
from datetime import date

import folium
import numpy as np
import pandas as pd
import pytest

from geo.chains.assignment import nodes_of
from geo.enterprises.table import load_enterprises
from geo.errors import DataError
from geo.places.parks import load_parks
from geo.premises.matching import industry_of, match_enterprises
from geo.premises.premises import (
    Asked,
    as_file,
    checked_row,
    compare_terms,
    fact_of,
    names_node,
    premises_table,
    rank,
)
from layers.base import View
from layers.premises import draw_premises

PLANT = {
    "name": "样例甲", "kind": "plant", "district": "310117", "zone": "belt", "available_m2": 5000.0, "area_m2": 8000.0,
    "height_m": 8.0, "load_kg_m2": 2000.0, "rent": 1.5, "environment": "book", "available_from": "now",
    "admitted": "动力电池、汽车电子",
}  # fmt: skip
PARCEL = {"name": "样例乙", "kind": "parcel", "land_m2": 20_000.0, "price": 1200.0, "available_from": "2026-03-31"}
BARE = {"name": "样例丙"}
TABLE = premises_table([PLANT, PARCEL, BARE])


def verdicts(**asked):
    return compare_terms(TABLE, Asked(**asked)).to_numpy().T.tolist()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"area_from": 5000}, ["met", "met", "unknown"]),
        ({"area_from": 5000.5}, ["failed", "met", "unknown"]),  # 5 000 are free, whatever the whole is
        ({"area_from": 1000, "area_to": 6000}, ["met", "failed", "unknown"]),
        ({"height_from": 8}, ["met", "unknown", "unknown"]),
        ({"load_from": 2500}, ["failed", "unknown", "unknown"]),
        ({"rent_to": 1.5}, ["met", "unknown", "unknown"]),
        ({"price_to": 1000}, ["unknown", "failed", "unknown"]),
        ({"environment": "form"}, ["met", "unknown", "unknown"]),
        ({"by": date(2026, 3, 30)}, ["met", "failed", "unknown"]),
        ({"by": date(2026, 3, 31)}, ["met", "met", "unknown"]),
        ({"kinds": ("plant",)}, ["met", "failed", "unknown"]),
        ({"districts": ("310117",)}, ["met", "unknown", "unknown"]),
        ({"districts": ("310114",)}, ["failed", "unknown", "unknown"]),
        ({"districts": ("310114",), "zones": ("belt",)}, ["met", "unknown", "unknown"]),
        ({"node": "AUTO-U2"}, ["met", "unknown", "unknown"]),
        ({"node": "BIO-M3"}, ["unknown", "unknown", "unknown"]),  # that others are named excludes nobody
    ],
)
def test_a_term_is_met_or_fails_only_by_what_the_list_says(asked, expected):
    assert verdicts(**asked) == [expected]


def test_what_cannot_be_assessed_does_not_meet_a_class():
    table = premises_table([{"name": "甲", "environment": "none"}, {"name": "乙", "environment": "registration"}])
    assert compare_terms(table, Asked(environment="registration"))["environment"].tolist() == ["failed", "met"]


def test_the_order_puts_failures_last_and_open_terms_behind_met_ones():
    terms = compare_terms(TABLE, Asked(area_from=6000, height_from=6, rent_to=2))
    assert terms.loc[TABLE.index[0]].tolist() == ["failed", "met", "met"]
    ranked = rank(terms)
    assert TABLE.loc[ranked.index, "name"].tolist() == ["样例乙", "样例丙", "样例甲"]
    assert ranked.to_numpy().tolist() == [[1, 0, 2], [0, 0, 3], [2, 1, 0]]


def test_nothing_asked_compares_nothing():
    assert compare_terms(TABLE, Asked()).shape == (3, 0)
    assert rank(compare_terms(TABLE, Asked())).index.tolist() == TABLE.index.tolist()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "除汽车外",
            "不得从事汽车",
            "no automotive 汽车",
            "",
            "不引进汽车",
            "不支持汽车产业",
            "暂不考虑汽车",
            "拒绝汽车",
            "谢绝汽车",
        ),
        *(
            "严禁汽车",
            "禁入汽车",
            "非汽车产业",
            "不包括汽车",
            "汽车免谈",
            "excluding 汽车",
            "汽车×",
            "汽车另议",
            "暂停引进汽车",
            "避免汽车",
            "不同意汽车",
            "汽车类已满",
            "清除汽车",
            "免汽车",
        ),
    ],
)
def test_a_text_that_speaks_of_exceptions_names_no_industry(text):
    assert not names_node(text, "AUTO-U2")


@pytest.mark.parametrize(
    "beside", ["除尘设备", "不锈钢", "行业不限", "非金属材料", "非晶合金", "非标设备", "未来产业", "免疫治疗"]
)
def test_a_word_that_only_looks_like_an_exception_hides_nothing(beside):
    assert names_node(f"汽车、{beside}", "AUTO-U2") or names_node(f"动力电池、{beside}", "AUTO-U2")


def test_the_park_does_not_speak_for_a_list_that_names_industries():
    parks = load_parks()
    published = (parks["category"] + parks["leading"]).str.contains("集成电路")
    park = parks.loc[parks["listed"] & published, "name"].iloc[0]
    silent, other = (
        premises_table([{"name": "甲", "park": park, "admitted": text}]).iloc[0] for text in ("", "食品饮料")
    )
    assert industry_of(silent).of_park
    with pytest.raises(DataError, match="清单写的产业准入对不上产业链"):
        industry_of(other)


def test_a_row_is_kept_only_as_far_as_it_is_one():
    row = checked_row(
        {"name": "甲" * 500, "kind": "castle", "rent": float("inf"), "area_m2": True, "district": "110101",
         "available_from": "soon", "written": {"area_m2": "12 亩", "phone": "1"}, "phone": "13800000000"}
    )  # fmt: skip
    assert len(row["name"]) == 200
    assert (row["kind"], row["district"], row["available_from"]) == ("", "", "")
    assert (row["rent"], row["area_m2"]) == (None, None)
    assert row["written"] == {"area_m2": "12 亩"}
    assert "phone" not in row


def test_ids_are_distinct_and_last():
    twice = premises_table([PLANT, PLANT])
    assert twice.index.is_unique
    assert twice.index[0] == TABLE.index[0]


def test_a_converted_number_shows_what_the_list_wrote():
    row = premises_table([{"name": "甲", "area_m2": 8000.0, "written": {"area_m2": "12 亩"}}]).iloc[0]
    assert fact_of(row, "area_m2", "en", written=True) == "8,000 m² (written: 12 亩)"


def test_only_the_point_of_a_site_leaves_in_a_file():
    places = [("site", 121.2), ("town", 121.3)]
    table = premises_table([{"name": how, "location_precision": how, "lon": lon, "lat": 31.0} for how, lon in places])
    assert as_file(table, "zh")["经度（WGS-84）"].tolist()[0] == 121.2
    assert as_file(table, "en")["Longitude (WGS-84)"].isna().tolist() == [False, True]


@pytest.fixture(scope="module")
def enterprises():
    table = load_enterprises()
    return table, nodes_of(table)


def test_whom_to_ask_is_near_by_and_of_the_industry(enterprises):
    table, nodes = enterprises
    row = premises_table([PLANT | {"lon": 121.23, "lat": 31.03, "location_precision": "site"}]).iloc[0]
    wanted = industry_of(row)
    assert set(wanted.nodes) == {"AUTO-U2", "AUTO-M6"}
    assert not wanted.of_park
    found = match_enterprises(row, wanted.nodes, table, nodes, radius_km=10.0)
    own = nodes.loc[found.index[found["relation"] == "same"], ["node", "node_2", "node_3"]]
    assert own.isin(wanted.nodes).any(axis=1).all()
    known = found["distance_km"].notna()
    assert (found.loc[known, "distance_km"] <= 10).all()
    assert (table.loc[found.index[~known], "adcode"] == "310117").all()
    assert len(match_enterprises(row, wanted.nodes, table, nodes, np.zeros(len(table), bool))) == 0


def test_premises_known_by_a_district_only_are_compared_by_it(enterprises):
    table, nodes = enterprises
    row = premises_table([PLANT | {"lon": 121.23, "lat": 31.03, "location_precision": "district"}]).iloc[0]
    found = match_enterprises(row, industry_of(row).nodes, table, nodes)
    assert found["distance_km"].isna().all()
    assert set(table.loc[found.index, "adcode"]) == {"310117"}


@pytest.mark.parametrize("row", [BARE, {"name": "甲", "admitted": "综合服务"}])
def test_whom_to_ask_is_refused_where_no_industry_is_known(row):
    with pytest.raises(DataError, match="产业准入"):
        industry_of(premises_table([row]).iloc[0])


def test_whom_to_ask_is_refused_where_the_place_is_not_known(enterprises):
    with pytest.raises(DataError, match="哪个区"):
        match_enterprises(premises_table([BARE]).iloc[0], ("AUTO-U2",), *enterprises)


def test_a_table_of_nothing_has_all_columns():
    assert premises_table([]).empty
    assert isinstance(as_file(premises_table([]), "zh"), pd.DataFrame)


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), True, "5"])
def test_a_number_that_no_table_can_hold_is_unknown(value):
    assert checked_row({"name": "样例", "area_m2": value})["area_m2"] is None


def test_what_is_free_and_was_not_read_is_shown_as_it_was_written():
    row = premises_table([{"name": "甲", "area_m2": 8000.0, "written": {"available_m2": "已租完"}}]).iloc[0]
    assert fact_of(row, "available_m2", "zh", written=True) == "没有读懂（原文 已租完）"
    assert np.isnan(row["size_m2"])


def test_a_mark_of_several_premises_names_their_files():
    place = {"lon": 121.2, "lat": 31.0, "location_precision": "site"}
    rows = [place | {"name": f"甲{number}", "source_file": f"{number % 7}.csv"} for number in range(14)]
    page = folium.Map()
    draw_premises(premises_table(rows), View()).layer.add_to(page)
    assert "0.csv、1.csv、2.csv、3.csv、4.csv等，另有 2 份" in unescaped(page.get_root().render())


def unescaped(html):
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), html)
