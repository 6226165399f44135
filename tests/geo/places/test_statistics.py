"""Published statistics: what a row claims, and which of several figures stands."""

import pandas as pd
import pytest

from geo.places.statistics import AS_PUBLISHED, latest, load_district_stats, newest
from geo.text import QUALIFIERS

STATS = load_district_stats()


def test_no_row_claims_more_than_its_evidence():
    assert STATS["source_title"].ne("").all()
    assert set(STATS["evidence"]) == {"source", "unverified"}
    assert set(STATS["basis"]) <= {"原文", "unverified", *QUALIFIERS}
    assert (STATS.loc[STATS["basis"] == "unverified", "evidence"] == "unverified").all()
    assert STATS["value"].notna().all()
    assert (STATS["unit"] != "").all()
    dated = STATS[STATS["indicator"] != "行政区面积"]
    assert dated["year"].notna().all()
    assert (dated["period"] != "").all()


def test_no_figure_stands_twice_with_unlike_values():
    same = ["place_name", "indicator", "year", "period", "unit"]
    assert not STATS.duplicated(same).any()


def test_the_six_key_industries_add_up_to_their_published_sum():
    year = STATS[(STATS["year"] == 2020) & (STATS["period"] == "1—11月")].set_index("indicator")["value"]
    whole = "六个重点行业工业总产值"
    parts = year[[name for name in year.index if name.startswith(f"{whole}:")]]
    assert len(parts) == 6
    assert parts.sum() == pytest.approx(year[whole])


def test_a_later_figure_that_nobody_verified_stands_beside_the_sourced_one():
    gdp = latest("地区生产总值", "全年", "亿元")
    assert gdp.loc["310116", ["value", "newer_value"]].tolist() == [1182, 1189.58]
    assert gdp.loc["310114", "value"] == 3000  # of 2024; the unverified one of 2022 is older and says nothing new
    assert pd.isna(gdp.loc["310114", "newer_value"])
    assert gdp.loc["310118", ["value", "year"]].tolist() == [1825, 2024]
    assert latest("第二产业增加值", "全年", "亿元")["value"].to_dict() == {
        "310115": 4137.49,
        "310114": 1599.5,
        "310101": 49.83,
        "310106": 69.57,
        "310118": 467.6,
        "310112": 1013.72,
        "310117": 544,
    }
    assert set(gdp["basis"]) <= set(AS_PUBLISHED)


def test_of_each_indicator_the_latest_sourced_one_and_what_is_later():
    rows = [
        ("a", 2020, 1, "source"),
        ("a", 2022, 2, "unverified"),
        ("a", 2019, 3, "unverified"),
        ("b", 2018, 4, "unverified"),
    ]
    stats = pd.DataFrame(rows, columns=["place", "year", "value", "evidence"]).assign(
        indicator="x", period="全年", unit="家"
    )
    assert newest(stats)["value"].tolist() == [2, 1, 4]
