import numpy as np
import pandas as pd
import pytest

from geo.codes.recognitions import load_recognitions
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import (
    YEAR_BASES,
    Until,
    bases_of,
    growth,
    known_until,
    recognition_years,
    span_of,
    undated,
    years_of,
)
from geo.places.zones import ZONES

DATA = load_dataset()


def with_founded(founded):
    rows = DATA.enterprises.iloc[: len(founded)].copy()
    rows["founded"] = founded
    rows["name"] = [f"某公司{number}" for number in range(len(founded))]
    return DATA.with_enterprises(rows)


def test_the_year_is_the_first_of_any_dated_recognition_or_listing():
    held = load_recognitions()
    held = held[held["type"].isin(["listed", "recognition"]) & held["year"].notna()]
    by_hand = {name: min(group["year"]) for name, group in held.groupby("name")}
    expected = [by_hand.get(name, 0) for name in DATA.enterprises["name"]]
    assert years_of(DATA, "recognition").tolist() == expected


def test_the_year_of_a_report_on_a_key_enterprise_is_no_year_of_recognition():
    held = pd.DataFrame({"name": ["甲"], "type": ["key_enterprise"], "year": pd.array([2024], "Int64")})
    assert recognition_years(pd.Series(["甲"]), held).tolist() == [0]


@pytest.mark.parametrize("filters", [Filters(), Filters(zone=("core",)), Filters(q="机器人"), Filters(q="zzzz")])
def test_a_year_holds_the_selected_enterprises_known_by_then(filters):
    table = growth(DATA, filters, "recognition")
    selected = DATA.select(filters)
    years = pd.Series(years_of(DATA, "recognition"), DATA.enterprises.index)[selected.index]
    for year in (1990, 2010, 2019, 2021, 2026):
        zones = selected.loc[(years > 0) & (years <= year), "zone"].value_counts()
        assert table.loc[year].to_dict() == {zone: zones.get(zone, 0) for zone in ZONES}
        shown = known_until(DATA, Until("recognition", year)) & DATA.mask(filters)
        assert shown.sum() == table.loc[year].sum()
    assert table.iloc[-1].sum() + undated(DATA, filters, "recognition") == len(selected)


def test_a_list_with_founding_dates_only_is_replayed_by_them():
    data = with_founded(["2001-05-08", "1999-01-01", "", "2001"])
    assert bases_of(data) == ["founded"]
    assert span_of(data, "founded") == (1999, 2001)
    assert growth(data, Filters(), "founded").sum(axis=1).to_dict() == {1999: 1, 2000: 1, 2001: 3}
    assert undated(data, Filters(), "founded") == 1


def test_a_list_without_any_year_says_so():
    data = with_founded(["", "不详"])
    assert bases_of(data) == []
    with pytest.raises(DataError, match="没有年份"):
        span_of(data, "founded")


@pytest.mark.parametrize("basis", YEAR_BASES)
def test_a_year_is_read_as_it_is_written(basis):
    assert Until.parse(str(Until(basis, 2019))) == Until(basis, 2019)


@pytest.mark.parametrize("text", ["", "2019", "founded", "founded-", "founded-19", "colour-2019", "founded-２０１９"])
def test_other_spellings_are_refused(text):
    with pytest.raises(DataError, match="年份写法不对"):
        Until.parse(text)


def test_nobody_is_there_before_the_first_year():
    assert not known_until(DATA, Until("recognition", 1900)).any()
    assert np.array_equal(known_until(DATA, Until("recognition", 2100)), years_of(DATA, "recognition") > 0)
