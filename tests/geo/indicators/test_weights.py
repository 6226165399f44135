"""Weights by hand on two places, what holds of any weight, and the file of the command."""

import csv
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from geo.codes.options import options
from geo.datasets.dataset import Indexes, load_dataset
from geo.enterprises.table import as_enterprises
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import count_places, counted_rows
from geo.indicators.definitions import indicator_table
from geo.indicators.stars import CATEGORIES, productivity_of, stars, top
from geo.indicators.weights import (
    COUNT,
    MIN_KNOWN_ENTERPRISES,
    coverage,
    weigh,
    weigh_places,
    weight_values,
    weighted_table,
    weights_of,
)

DATA = load_dataset()
INDUSTRY = {code: position for position, code in enumerate(options("industry"))}
PLACES = pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["A", "B"]}, index=["A", "B"])
SITES = {
    "place": [0, 0, 0, 1, 1, -1],
    "industry": [INDUSTRY[code] for code in ("auto", "auto", "equipment", "auto", "equipment", "auto")],
    "value": [10.0, 20.0, 10.0, 10.0, 50.0, 100.0],
}
"""A: auto 10 + 20, equipment 10.  B: auto 10, equipment 50.  Elsewhere: auto 100."""


def weighted(**changed):
    return weigh(pd.DataFrame(SITES | changed), PLACES, "staff")


def dataset(rows):
    """Enterprises of Minhang and Jiading: (district, industry, staff, amount, currency, output)."""
    table = pd.DataFrame(rows, columns=["adcode", "industry", "insured", "capital_amount", "capital_currency", "产值"])
    table["enterprise_id"] = [f"E{number}" for number in range(len(table))]
    table["name"] = [f"样例{number}" for number in range(len(table))]
    table["district"] = table["adcode"].map({"310112": "闵行区", "310114": "嘉定区"})
    table["zone"] = "other"
    table["location_precision"] = "district"
    return as_enterprises(table)


def stored(rows):
    return replace(DATA, enterprises=dataset(rows), built_in=False, title="样例", indexes=Indexes())


FOUR = [
    ("310112", "auto", 10, 1e6, "CNY", "1,000"),
    ("310112", "equipment", 30, 2e6, "USD", "600"),
    ("310114", "auto", 60, 3e6, "CNY", "不详"),
    ("310114", "auto", np.nan, np.nan, "", "900"),
]


def test_figures_by_hand():
    table = weighted_table(weighted())
    # all together 200, of which auto 140 (what lies elsewhere is part of the whole)
    expected: dict[str, list[float]] = {
        "weighted_total": [40, 60],
        "weighted_total_auto": [30, 10],
        "weighted_share_auto": [30 / 40, 10 / 60],
        "weighted_lq_auto": [(30 / 40) / (140 / 200), (10 / 60) / (140 / 200)],
        "weighted_lq_equipment": [(10 / 40) / (60 / 200), (50 / 60) / (60 / 200)],
        "weighted_hhi": [0.75**2 + 0.25**2, (1 / 6) ** 2 + (5 / 6) ** 2],
        "weighted_share_auto_low": [np.nan, np.nan],  # fewer than five enterprises are behind it
    }
    for column, values in expected.items():
        np.testing.assert_allclose(table[column], values, err_msg=column)
    assert np.isnan(table["weighted_lq_aviation"]).all()  # the industry is nowhere
    assert (table["weighted_share_aviation"] == 0).all()


def test_a_place_an_industry_or_a_whole_that_is_little_known_stays_empty():
    table = weighted_table(weighted(value=[10, np.nan, np.nan, 10, 50, np.nan]))
    assert table[["known", "enterprises"]].to_numpy().tolist() == [[1, 3], [2, 2]]
    assert np.isnan(table.loc["A", ["weighted_total", "weighted_hhi", "weighted_share_auto"]].astype(float)).all()
    assert table.loc["B", "weighted_total"] == 60
    assert table.loc["B", "weighted_share_auto"] == pytest.approx(1 / 6)
    assert table["coverage"].tolist() == pytest.approx([1 / 3, 1])
    few = weighted_table(weighted(value=[10, np.nan, 10, np.nan, 50, np.nan]))
    assert few["weighted_lq_auto"].isna().all()  # known for one of four
    assert few.loc["A", "weighted_share_auto"] == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(-1, 1), st.integers(0, len(INDUSTRY) - 1)), min_size=1, max_size=60))
def test_a_weight_of_one_everywhere_is_the_number_of_enterprises(rows):
    frame = pd.DataFrame(rows, columns=["place", "industry"]).assign(value=1.0)
    one = weighted_table(weigh(frame, PLACES, "ones"))
    count = weighted_table(weigh(frame, PLACES, COUNT))
    assert one["weighted_total"].tolist() == one["enterprises"].tolist()
    same = [name for name in one if name.startswith("weighted") and not name.endswith(("_low", "_high"))]
    pd.testing.assert_frame_equal(one[same], count[same])


VALUES = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(0, 3), st.one_of(st.just(np.nan), st.floats(1, 1e6))),
    min_size=1,
    max_size=40,
)


@given(VALUES, st.sampled_from([0.25, 3.0, 1e4]))
def test_shares_quotients_and_concentration_do_not_know_the_unit(rows, factor):
    frame = pd.DataFrame(rows, columns=["place", "industry", "value"])
    table = weighted_table(weigh(frame, PLACES, "x"))
    scaled = weighted_table(weigh(frame.assign(value=frame["value"] * factor), PLACES, "x"))
    for name in table.filter(regex="_(share|lq|hhi)"):
        np.testing.assert_allclose(scaled[name], table[name], rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(scaled["weighted_total"], table["weighted_total"] * factor)


def test_the_same_draws_each_time_and_an_interval_around_the_figure():
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"place": random.integers(0, 2, 400), "industry": random.integers(0, 3, 400)})
    frame["value"] = random.lognormal(3, 1, 400)
    first, second = (weighted_table(weigh(frame, PLACES, "x")) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    named = next(iter(options("industry")))
    for figure in ("weighted_hhi", f"weighted_lq_{named}", f"weighted_share_{named}"):
        assert (first[f"{figure}_low"] < first[figure]).all()
        assert (first[f"{figure}_high"] > first[figure]).all()


def test_the_bootstrap_agrees_with_the_spread_of_a_sum():
    """The variance of a sum of n independent draws with Poisson frequencies is the sum of the squares."""
    values = np.array([1.0, 2.0, 3.0, 4.0, 10.0] * 20)
    frame = pd.DataFrame({"place": 0, "industry": 0, "value": values})
    tries = weigh(frame, PLACES, "x").tries()[:, 0, 0]
    assert tries.mean() == pytest.approx(values.sum(), rel=0.02)
    assert tries.std() == pytest.approx(np.sqrt((values**2).sum()), rel=0.1)


def test_currencies_are_never_added():
    table = dataset(FOUR)
    assert np.nansum(weight_values(table, "capital:CNY")) == 4e6
    assert np.nansum(weight_values(table, "capital:USD")) == 2e6
    assert weight_values(table, "capital:CNY").isna().tolist() == [False, True, False, True]
    for weight in ("capital", "capital:", "capital_amount"):
        with pytest.raises(DataError, match="capital:CNY、capital:USD、产值"):
            weight_values(table, weight)
    assert weight_values(table, "capital:EUR").isna().all()


def test_a_kept_column_of_numbers_is_a_weight():
    table = dataset(FOUR)
    np.testing.assert_array_equal(weight_values(table, "产值"), [1000, 600, np.nan, 900])
    table["备注"], table["负"], table["坏"] = "好", [1, -1, 0, 2], ["1,2", "inf", "3 万", " 7 "]
    assert weights_of(table) == ["count", "insured", "capital:CNY", "capital:USD", "产值", "负"]
    np.testing.assert_array_equal(weight_values(table, "坏"), [np.nan, np.nan, np.nan, 7])
    with pytest.raises(DataError, match="负"):
        weight_values(table, "负")
    for name in ("name", "geometry", "lon", "没有"):
        with pytest.raises(DataError):
            weight_values(table, name)


def test_enterprises_of_a_selection_by_what_they_weigh():
    found = weigh_places(stored(FOUR), "insured")
    table = weighted_table(found).loc[["310112", "310114"]]
    assert table["weighted_total"].tolist() == [40, 60]
    assert table["weighted_lq_auto"].tolist() == pytest.approx([(10 / 40) / (70 / 100), 1 / (70 / 100)])
    assert table["known"].tolist() == [2, 1]
    assert coverage(found).loc["310114", ["enterprises_auto", "known_auto"]].tolist() == [2, 1]


def test_a_further_site_weighs_nothing():
    data = stored(FOUR)
    rows = data.enterprises.assign(parent_id=["", "E0", "", ""])
    table = weighted_table(
        weigh_places(replace(data, enterprises=gpd.GeoDataFrame(rows), indexes=Indexes()), "insured")
    )
    assert table.loc["310112", ["weighted_total", "enterprises"]].tolist() == [10, 1]


@pytest.mark.parametrize("level", ["district", "zone", "park", "town"])
@pytest.mark.parametrize("filters", [Filters(), Filters(industry=("auto",)), Filters(q="zzzz")])
def test_a_weight_of_count_is_the_usual_table(level, filters):
    usual = indicator_table(count_places(DATA, filters, level))
    table = weighted_table(weigh_places(DATA, COUNT, filters, level))
    for mine, theirs in {
        "weighted_total": "enterprises",
        "weighted_hhi": "hhi",
        **{f"weighted_lq_auto{end}": f"lq_auto{end}" for end in ("", "_low", "_high")},
        **{f"weighted_share_materials{end}": f"share_materials{end}" for end in ("", "_low", "_high")},
    }.items():
        np.testing.assert_allclose(table[mine].astype(float), usual[theirs].astype(float), rtol=1e-12, err_msg=mine)


def test_an_unknown_level_is_refused():
    with pytest.raises(DataError):
        counted_rows(DATA, level="street")


def test_the_sample_has_no_staff_and_says_so():
    with pytest.raises(DataError, match="known for 0 of 821"):
        weigh_places(DATA, "insured")


def test_a_weight_known_of_half_is_said_and_of_less_is_refused():
    rows = [("310112", "auto", 5 if number < 5 else np.nan, np.nan, "", "") for number in range(10)]
    assert weigh_places(stored(rows), "insured").known.sum() == 5
    rows[4] = rows[9]
    with pytest.raises(DataError, match="known for 4 of 10"):
        weigh_places(stored(rows), "insured")


def test_stars_by_hand():
    index = list("ABCDEFGHIJ")
    base = {f"weighted_{name}_{code}": np.nan for name in ("total", "lq") for code in CATEGORIES}
    table = pd.DataFrame(base, index=index)
    table["weighted_total_auto"] = [100.0, 90, 80, 70, 60, 50, 40, 30, 20, 10]
    table["weighted_lq_auto"] = [1.9, 2.0, 3.0, *[0.5] * 6, np.nan]
    made = pd.DataFrame({f"productivity_{code}": np.nan for code in CATEGORIES}, index=index)
    made["productivity_auto"] = [1.0, 2, 9, 3, 4, 5, 6, 7, 8, 0.5]
    judged = stars(table, made)
    assert judged["star_size_auto"].tolist() == [1] + [0] * 9
    np.testing.assert_array_equal(judged["star_specialisation_auto"], [0, 1, 1, *[0] * 6, np.nan])
    assert judged["star_productivity_auto"].tolist() == [0, 0, 1] + [0] * 7
    assert judged["stars_auto"].tolist() == [1, 1, 2, *[0] * 7]
    assert judged["stars_judged_auto"].tolist() == [3] * 9 + [2]
    without = stars(table)
    assert without["star_productivity_auto"].isna().all()
    assert without["stars_judged_auto"].tolist() == [2] * 9 + [1]
    assert without["stars_aviation"].isna().all()
    assert without["stars_judged_aviation"].eq(0).all()


def test_the_top_tenth_needs_ten_and_takes_equals_together():
    assert top(pd.Series(range(9))).isna().all()
    assert top(pd.Series([1.0, 1, *[0] * 18])).tolist() == [1, 1] + [0] * 18
    assert top(pd.Series([1.0, 1, *[0] * 8])).eq(0).all()


def test_productivity_over_those_of_which_both_are_known():
    made = productivity_of(stored(FOUR), "产值")
    assert made.loc["310112", "productivity_auto"] == 1000 / 10
    assert made.loc["310112", "productivity_equipment"] == 600 / 30
    assert np.isnan(made.loc["310114", "productivity_auto"])
    assert made["productivity_known_auto"].loc[["310112", "310114"]].tolist() == [1, 0]


def write_set(tmp_path, number=12):
    rows = ["企业名称,所属区,所属产业,参保人数,注册资本,年产值"]
    for k in range(number):
        staff = "" if k == 0 else str(10 * k)
        rows.append(
            f"样例{'甲乙丙丁戊己庚辛壬癸子丑'[k]}有限公司,{'闵行区' if k % 2 else '嘉定区'},汽车,{staff},100万元人民币,{k},"
        )
    source = tmp_path / "list.csv"
    source.write_text("\n".join(row.rstrip(",") for row in rows), encoding="utf-8")
    assert main(["import", str(source), "--out", str(tmp_path / "set")]) == 0
    return str(tmp_path / "set")


def test_the_command_writes_a_weight_of_an_import_with_its_coverage(tmp_path, capsys):
    folder = write_set(tmp_path)
    for weight, total, known in (("insured", 360, 6), ("capital:CNY", 6e6, 6), ("年产值", 36, 6)):
        out = tmp_path / "w.csv"
        assert main(["indicators", str(out), "--weight", weight, "--productivity", "年产值", "--set", folder]) == 0
        assert "of 12" in capsys.readouterr().out
        with out.open(encoding="utf-8-sig", newline="") as file:
            row = next(row for row in csv.DictReader(file) if row["adcode"] == "310112")
        assert (row["weight"], float(row["weighted_total"]), int(row["known"])) == (weight, total, known)
        assert (row["enterprises"], float(row["coverage"]), row["productivity_known_auto"]) == ("6", 1.0, "6")
        assert float(row["productivity_auto"]) == pytest.approx(0.1)
        assert int(row["known"]) >= MIN_KNOWN_ENTERPRISES
        assert row["weighted_lq_auto_low"] != ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--weight", "foo"], "foo"),
        (["--weight", "capital_amount"], "capital:CNY"),
        (["--weight", "insured"], "known for 0 of 821"),
        (["--weight", "count", "--productivity", "产值"], "产值"),
        (["--weight", "count", "--productivity", "capital:CNY"], "capital:CNY"),
        (["--productivity", "产值"], "--weight"),
    ],
)
def test_a_weight_that_cannot_be_is_one_sentence(arguments, said, tmp_path, capsys):
    out = tmp_path / "w.csv"
    assert main(["indicators", str(out), *arguments]) == 2
    error = capsys.readouterr().err.strip()
    assert len(error.splitlines()) == 1
    assert said in error
    assert not out.exists()
