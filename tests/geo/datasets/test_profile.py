"""What is known of an enterprise, in words: the same wherever it is read."""

import pandas as pd
import pytest

from geo.datasets.dataset import Dataset, load_dataset
from geo.datasets.profile import profile_of, recognitions_of

DATA = load_dataset()
ROW = {
    "enterprise_id": "E0",
    "name": "样例甲有限公司",
    "status": "unknown",
    "capital_amount": 12_500_000.0,
    "capital_currency": "USD",
    "gb4754": "3491",
    "adcode": "310117",
    "district": "松江区",
    "evidence": "unverified",
    "district_source_title": "",
    "lon": 121.3,
    "lat": 31.06,
    "location_precision": "town",
    "location_error_m": 1234.0,
    "lon_raw": 121.5,
    "lat_raw": 31.2,
    "source_file": "样例.csv",
    "source_row": 7,
}


def facts(lang, row=ROW):
    return {fact.column: fact for section in profile_of(row, lang).facts.values() for fact in section}


@pytest.mark.parametrize(
    ("lang", "capital", "industry", "district", "precision"),
    [
        ("zh", "1,250 万美元", "3491 工业机器人制造", "松江区", "街镇，预期误差约 1.2 km"),
        ("en", "USD 12,500,000", "GB/T 3491 工业机器人制造", "Songjiang", "Town, expected error about 1.2 km"),
    ],
)
def test_facts_of_several_columns(lang, capital, industry, district, precision):
    said = {column: fact.value for column, fact in facts(lang).items()}
    assert (said["capital_amount"], said["gb4754"], said["district"]) == (capital, industry, district)
    assert said["location_precision"] == precision
    assert said["lon_raw"] == "121.50000, 31.20000"
    assert said["source_file"] == "样例.csv · 7"


def test_what_is_not_known_is_left_out_and_an_area_is_no_point():
    assert not {"status", "insured", "lon", "address"} & set(facts("zh"))
    assert (
        facts("zh", ROW | {"location_precision": "site", "location_error_m": 0.0})["lon"].value == "121.30000, 31.06000"
    )


def test_a_district_without_a_source_is_marked():
    assert facts("zh")["district"].doubtful
    assert facts("zh")["district"].evidence == "待核实"
    profile = profile_of(ROW)
    assert (profile.unverified, profile.source) == (True, "样例.csv")


def test_recognitions_say_year_batch_and_source():
    held = pd.DataFrame(
        {"kind": ["lighthouse", "star-market"], "year": pd.array([2021, None], "Int64"), "batch": ["第七批", ""],
         "source_title": ["名单", ""], "source_url": ["https://example.org", ""], "evidence": ["source", "unverified"]}
    )  # fmt: skip
    first, second = recognitions_of(held)
    assert first.value == "WEF灯塔工厂 · 2021 · 第七批"
    assert (first.evidence, first.source, first.doubtful) == ("来源可查", "名单", False)
    assert (second.value, second.evidence, second.doubtful) == ("科创板上市 · 年份未知", "待核实", True)


def test_datasets_are_told_apart_by_what_they_hold():
    again = load_dataset()
    assert isinstance(again, Dataset)
    assert (again == DATA, hash(DATA) == hash(again)) == (True, True)
    fewer = DATA.with_enterprises(DATA.enterprises.iloc[:10])
    assert fewer != DATA
    assert len({DATA, again, fewer}) == 2
    named = DATA.named("别的名称", "2026-01-01", synthetic=False)
    assert named != DATA
    assert named.fingerprint == DATA.fingerprint
    assert named.facet_index is DATA.facet_index
