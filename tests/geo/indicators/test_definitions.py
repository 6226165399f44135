"""Indicators by hand on four districts, the account of every level, and the file of the command."""

import csv
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from app.cli import main
from geo.codes.industries import INDUSTRIES
from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.filters.filters import NONE, Filters, options
from geo.indicators.counts import PLACE_LEVELS, Counts, count_places
from geo.indicators.definitions import INDICATORS, indicator_table, measure
from geo.indicators.measures import (
    clopper_pearson,
    detectable_quotient,
    location_quotient,
    location_quotient_interval,
    specialisation,
    spread_of,
)
from geo.places.statistics import load_district_stats

DATA = load_dataset()
SELECTIONS = [
    Filters(),
    Filters(zone=("belt",)),
    Filters(industry=("auto", NONE)),
    Filters(q="上海 路"),
    Filters(q="zzzz"),
    Filters(near=("121.5:31.2:15",), industry=("electronics", "equipment")),
    Filters(registration=("own",), recognition=("little-giant", "lighthouse")),
]


def four_districts() -> Counts:
    """A: 3 auto, 1 equipment.  B: 1 auto, 2 equipment, 1 of unknown industry.  C: nothing.  D: 2 unknown."""
    table = pd.DataFrame(0, index=list("ABCD"), columns=[*INDUSTRIES, NONE])
    table.loc["A", ["auto", "equipment"]] = 3, 1
    table.loc["B", ["auto", "equipment", NONE]] = 1, 2, 1
    table.loc["D", NONE] = 2
    places = pd.DataFrame({"name_zh": list("甲乙丙丁"), "name_en": list("ABCD"), "area_km2": [2.0, 8.0, 5.0, np.nan]})
    places.index = table.index
    return Counts("district", places, table, pd.Series([2, 1, 0, 0], index=table.index), table.sum())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("enterprises", [4, 4, 0, 2]),
        ("density_km2", [2, 0.5, 0, math.nan]),
        ("lq_auto", [(3 / 4) / (4 / 10), (1 / 4) / (4 / 10), math.nan, 0]),
        ("lq_equipment", [(1 / 4) / (3 / 10), (2 / 4) / (3 / 10), math.nan, 0]),
        ("lq_aviation", [math.nan] * 4),
        ("share_auto", [0.75, 0.25, math.nan, 0]),
        ("hhi", [0.75**2 + 0.25**2, (1 / 3) ** 2 + (2 / 3) ** 2, math.nan, math.nan]),
        ("diversity", [4 / 27**0.25, 3 / 4 ** (1 / 3), math.nan, math.nan]),
        ("recognised_share", [0.5, 0.25, math.nan, 0]),
    ],
)
def test_by_hand(code, expected):
    values = measure(four_districts(), code)
    assert values.index.tolist() == list("ABCD")
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_interval_by_hand():
    # All three firms of an industry in the place, the place half of everything: θ in [0.025^(1/3), 1], over 1/2.
    table = pd.DataFrame(0, index=["A", "B"], columns=[*INDUSTRIES, NONE])
    table.loc["A", ["auto", "other"]] = 3, 2
    table.loc["B", "other"] = 5
    places = pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["A", "B"], "area_km2": [1.0, 1.0]}, index=["A", "B"])
    counts = Counts("district", places, table, pd.Series(0, index=["A", "B"]), table.sum())
    bounds = location_quotient_interval(counts, "auto")
    np.testing.assert_allclose(bounds.loc["A"], [2 * 0.025 ** (1 / 3), 2])
    np.testing.assert_allclose(bounds.loc["B"], [0, 2 * (1 - 0.025 ** (1 / 3))])
    assert bounds["low"].le(location_quotient(counts, "auto")).all()
    assert location_quotient_interval(counts, "aviation").isna().all(axis=None)


@given(st.integers(1, 60), st.floats(0.001, 0.999))
def test_the_exact_interval_covers_as_often_as_it_says(trials, probability):
    hits = np.arange(trials + 1)
    low, high = clopper_pearson(hits, trials)
    covered = (low <= probability) & (probability <= high)
    assert binom.pmf(hits, trials, probability)[covered].sum() >= 0.95 - 1e-9


def test_specialisation_by_hand():
    """Ten of an industry, eight in A, which has half of all: 2·P(X ≥ 8 | 10, 1/2) = 2·56/1024."""
    table = pd.DataFrame(0, index=list("ABC"), columns=[*INDUSTRIES, NONE])
    table.loc["A", ["auto", "other"]] = 8, 12
    table.loc["B", ["auto", "other"]] = 2, 18
    places = pd.DataFrame({"name_zh": list("甲乙丙"), "name_en": list("ABC"), "area_km2": 1.0}, index=list("ABC"))
    counts = Counts("district", places, table, pd.Series(0, index=list("ABC")), table.sum())
    found = specialisation(counts, "auto")
    assert found["p"].tolist()[:2] == pytest.approx([2 * 56 / 1024] * 2)
    assert found["q"].tolist()[:2] == pytest.approx([2 * 56 / 1024] * 2)
    assert found["verdict"].tolist() == ["open", "open", ""]
    assert found.loc["A", ["cases", "enterprises", "part", "whole", "lq"]].tolist() == [8, 20, 0.8, 0.5, 1.6]
    assert found["detectable"]["A"] == pytest.approx(detectable_quotient(10, 0.5))
    # nine of ten would be seen (2·11/1024): with which probability do nine or ten come up in four of five tries?
    p = 0.5 * detectable_quotient(10, 0.5)
    assert 10 * p**9 * (1 - p) + p**10 == pytest.approx(0.8)
    assert math.isnan(detectable_quotient(3, 0.5))  # not even three of three: 2/8


@pytest.mark.parametrize("filters", SELECTIONS, ids=Filters.to_query)
@pytest.mark.parametrize("level", ["district", "zone"])
def test_a_specialisation_is_claimed_exactly_where_the_interval_leaves_out_one(filters, level):
    counts = count_places(DATA, filters, level)
    for industry in INDUSTRIES:
        found = specialisation(counts, industry)
        compared = found[found["verdict"] != ""]
        assert ((compared["p"] <= 0.05) == (compared["verdict"] != "open")).all()
        assert (compared["q"] >= compared["p"]).all()
        assert (compared["detectable"].dropna() > 1).all()


def test_spread_by_hand():
    assert spread_of(four_districts(), "auto") == pytest.approx((3 / 4) ** 2 + (1 / 4) ** 2)
    assert math.isnan(spread_of(four_districts(), "aviation"))


@pytest.mark.parametrize("filters", SELECTIONS, ids=Filters.to_query)
@pytest.mark.parametrize("level", PLACE_LEVELS)
def test_counts_are_those_of_the_rows(filters, level):
    counts, rows = count_places(DATA, filters, level), DATA.select(filters)
    true = set(load_kinds().query("type == 'recognition'").index)
    column = {"district": "adcode", "zone": "zone"}.get(level)
    if column:
        own = rows[rows[column].isin(counts.places.index)]
        expected = pd.crosstab(own[column], own["industry"].replace("", NONE))
        expected = expected.reindex(index=counts.places.index, columns=list(options("industry")), fill_value=0)
        pd.testing.assert_frame_equal(counts.by_industry, expected, check_names=False, check_dtype=False)
        assert counts.whole.sum() == len(own)
        assert (
            counts.recognised.sum() == own["recognitions"].str.split(";").map(lambda kinds: bool(true & {*kinds})).sum()
        )
    else:
        known = rows.groupby(["adcode", "town"]).size() if level == "town" else rows.groupby("park").size()
        place = DATA.towns.iloc[30] if level == "town" else DATA.parks.loc["P026"]
        key = (place["adcode"], place["name"]) if level == "town" else place["name"]
        position = 30 if level == "town" else DATA.parks.index.get_loc("P026")
        assert counts.enterprises.iloc[position] == known.get(key, 0)
        assert counts.enterprises.sum() <= counts.whole.sum() <= len(rows)
    assert counts.places["name_zh"].ne("").all()


@pytest.mark.parametrize("level", PLACE_LEVELS)
def test_every_indicator_of_every_level_is_a_series_of_its_places(level):
    counts = count_places(DATA, level=level)
    for code in INDICATORS:
        values = measure(counts, code)
        assert values.index.equals(counts.places.index)
        assert not np.isinf(values).any()


def test_whole_against_parts():
    counts = count_places(DATA)
    shares = pd.concat([measure(counts, f"share_{code}") for code in INDUSTRIES], axis=1).sum(axis=1)
    unknown = counts.by_industry[NONE] / counts.enterprises
    np.testing.assert_allclose(shares + unknown, 1)
    weights = counts.enterprises / counts.enterprises.sum()
    for code in INDUSTRIES:
        assert (measure(counts, f"lq_{code}") * weights).sum() == pytest.approx(1)


def test_a_density_is_left_out_where_area_and_count_do_not_fit():
    table = indicator_table(count_places(DATA, level="zone"))
    assert table["density_km2"].notna().tolist() == [True, False, False]
    assert table.at["core", "density_km2"] == pytest.approx(49 / 873)
    towns = indicator_table(count_places(DATA, level="town"))
    assert towns["density_km2"].isna().all()


def test_published_figures_stand_as_published_and_are_never_filled():
    table, stats = indicator_table(count_places(DATA)), load_district_stats()
    assert table.loc["310112", ["gdp", "gdp_year", "gdp_evidence"]].tolist() == [4119, 2024, "source"]
    assert math.isnan(table.at["310109", "gdp"])
    assert table.at["310117", "gdp_year"] == 2017  # the figure of 2021 is a forecast
    published = stats[stats["indicator"] == "规模以上工业总产值"].set_index("place")
    for place, value in table["industrial_output"].dropna().items():
        assert value in published.loc[[place], "value"].to_numpy()
        assert table.at[place, "industrial_output_period"] == "全年"


def test_more_and_fewer_enterprises():
    counts = four_districts()
    more = counts.plus("C", "auto", 2)
    assert (more.enterprises["C"], more.whole["auto"], counts.enterprises["C"]) == (2, 6, 0)
    pd.testing.assert_frame_equal(more.plus("C", "auto", -2).by_industry, counts.by_industry)
    for place, industry, number in [("C", "auto", -1), ("Z", "auto", 1), ("A", "ships", 1)]:
        with pytest.raises(DataError):
            counts.plus(place, industry, number)


def test_the_file_has_the_canonical_columns_and_one_row_per_district(tmp_path):
    out = tmp_path / "指标.csv"
    assert main(["indicators", str(out), "--query", "zone=belt,core"]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:11] == [
        *("adcode", "name", "enterprises", "density_km2", "hhi"),
        *(f"lq_{code}" for code in INDUSTRIES if code != "other"),
    ]
    assert [row["adcode"] for row in rows] == DATA.districts.index.tolist()
    selected = DATA.select(Filters(zone=("belt", "core")))
    own = selected[selected["adcode"] == "310114"]
    located = selected[selected["adcode"] != ""]
    quotient = (own["industry"].eq("auto").mean()) / (located["industry"].eq("auto").mean())
    row = next(row for row in rows if row["adcode"] == "310114")
    assert float(row["lq_auto"]) == pytest.approx(quotient, rel=1e-12)
    assert int(row["enterprises"]) == len(own)
    nothing = next(row for row in rows if row["adcode"] == "310151")
    assert (nothing["enterprises"], nothing["lq_auto"], nothing["hhi"], nothing["gdp"]) == ("0", "", "", "")


@pytest.mark.parametrize("name", ["out.xlsx", "missing/out.csv"])
def test_a_file_that_cannot_be_written_is_one_sentence(name, tmp_path, capsys):
    assert main(["indicators", str(tmp_path / name)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_text_of_a_table_becomes_a_formula():
    table = pd.DataFrame({"name": ["=cmd()", "上海", None], "value": [1.5, math.nan, -2]})
    assert table_bytes(table, "csv").decode("utf-8-sig").splitlines()[1:] == ["'=cmd(),1.5", "上海,", ",-2.0"]
    assert table_bytes(table, "xlsx", {"source": "=x"})[:2] == b"PK"
    with pytest.raises(DataError):
        table_bytes(table, "pdf")
