import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.enterprises.addresses import SAME_HOUSE, SAME_POINT, SAME_ROOM, flag_shared, house_of
from geo.ingest.duplicates import merge_duplicates, same_enterprise
from geo.text import name_key

NAN = float("nan")


@pytest.mark.parametrize(
    "other", ["样例甲(上海)有限公司", "样例甲 （上海）有限公司", "样例甲〔上海〕有限公司", "样例甲【上海】 有限公司"]
)
def test_spellings_of_a_name(other):
    assert name_key(other) == name_key("样例甲（上海）有限公司")


def test_names_that_differ_stay_apart():
    assert name_key("样例甲上海有限公司") != name_key("样例甲(上海)有限公司")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["X", "Y", "Z", None])), min_size=1, max_size=12))
def test_one_code_is_one_enterprise_and_two_codes_are_two(cells):
    names, codes = pd.Series([name for name, _ in cells]), pd.Series([code for _, code in cells], dtype=object)
    groups = pd.Series(same_enterprise(names, codes))
    assert groups.groupby(codes).nunique().le(1).all()
    assert codes.groupby(groups).nunique().le(1).all()
    for _, same in groups.groupby(names):
        if codes[same.index].nunique() <= 1:
            assert same.nunique() == 1


def test_pairs_are_filled_together():
    table = pd.DataFrame(
        {
            "name": ["样例甲"] * 2, "uscc": None, "uscc_valid": [pd.NA] * 2, "aliases": None, "size": ["大型", None],
            "capital_amount": [NAN, 5.0], "capital_currency": ["USD", "CNY"],
        }
    )  # fmt: skip
    merged = merge_duplicates(table, ["name", "size"], [["capital_amount", "capital_currency"]]).table
    assert merged[["capital_amount", "capital_currency"]].to_numpy().tolist() == [[5.0, "CNY"]]


def crowd(address, n, **columns):
    cells = {
        "address": [address] * n,
        "adcode": "310151",
        "lon": NAN,
        "lat": NAN,
        "location_precision": "road",
    } | columns
    return pd.DataFrame(cells)


def test_crowded_addresses():
    table = pd.concat(
        [
            crowd("上海市崇明区样例路1号101室", SAME_ROOM),
            crowd("崇明区样例路2号101室", SAME_ROOM - 1),
            *(crowd(f"崇明区样例路3号{room}室", 1) for room in range(SAME_HOUSE)),
            crowd("崇明区样例路4号", SAME_HOUSE - 1),
            crowd("崇明区样例路5号（集中登记地）", 1),
            crowd("", SAME_POINT, lon=121.5, lat=31.5, location_precision="site"),
            crowd("", 200),
        ],
        ignore_index=True,
    )
    flagged = flag_shared(table)
    by_house = (
        flagged["shared_address"].groupby(table["address"].map(house_of).where(table["address"] != "", "-")).sum()
    )
    expected = [SAME_ROOM, 0, SAME_HOUSE, 0, 1]
    assert [by_house[f"崇明区样例路{number}号"] for number in range(1, 6)] == expected
    assert by_house["-"] == SAME_POINT
    assert flagged["shared_address_n"].tolist()[:1] == [SAME_ROOM]
    assert flagged["shared_address_n"].tolist()[-1] == 0


def test_same_road_of_two_districts_is_not_one_address():
    table = pd.concat([crowd("人民路1号101室", SAME_ROOM - 1), crowd("人民路1号101室", SAME_ROOM - 1, adcode="310120")])
    assert not flag_shared(table)["shared_address"].any()
