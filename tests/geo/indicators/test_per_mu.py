"""Per-mu figures by hand: three enterprises of two districts, headings with and without units, grades, the command."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from geo.datasets.dataset import load_dataset
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.indicators.per_mu import (
    FIGURES,
    GRADES,
    YIELD_FACTS,
    figures_of,
    grade,
    recognise_facts,
    sum_figures,
    yields_of,
)
from geo.ingest.pipeline import import_files

HEAD = "企业名称,所属区县,2024年税收（万元）,工业总产值（亿元）,用地面积（平方米）,综合能耗（吨标准煤）,从业人数,研发费用（元）\n"
ROWS = (
    "样例甲有限公司,松江区,600,0.9,20000,450,90,4500000\n"  # 30 mu, 9 000 of output
    "样例乙有限公司,松江区,100,0.1,13333.333333,,20,\n"  # 20 mu, 1 000 of output
    "样例丙有限公司,嘉定区,50,,0,10,,\n"  # nothing below the line
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What an import wrote of the three."""
    place = tmp_path_factory.mktemp("permu")
    (place / "list.csv").write_text(HEAD + ROWS, encoding="utf-8")
    import_files([place / "list.csv"], place / "out")
    return place / "out"


def test_figures_of_enterprises(folder):
    data = open_dataset(folder)
    found = yields_of(data).enterprises
    by_name = found.set_axis(data.enterprises["name"].reindex(found.index))
    jia, yi, bing = (by_name.loc[f"样例{letter}有限公司", list(FIGURES)] for letter in "甲乙丙")
    # 600 / 30, 9000 / 30, no investment, 9000 / 90, 9000 / 450, 450 / 9000
    np.testing.assert_allclose(jia.astype(float), [20, 300, np.nan, 100, 20, 5])
    np.testing.assert_allclose(yi.astype(float), [5, 50, np.nan, 50, np.nan, np.nan], rtol=1e-9)
    assert bing.isna().all()


def test_an_enterprise_without_a_district_counts_in_the_whole(tmp_path):
    """300 of tax in 松江, 5000 without a place, each on 10 mu: (300 + 5000) / 20 of the whole."""
    rows = "样例甲有限公司,松江区,300,10\n样例乙有限公司,,5000,10\n"
    (tmp_path / "a.csv").write_text("企业名称,所属区,税收（万元）,用地面积（亩）\n" + rows, encoding="utf-8")
    import_files([tmp_path / "a.csv"], tmp_path / "out")
    data = open_dataset(tmp_path / "out")
    for level in ("district", "town", "zone"):
        found = yields_of(data, level=level)
        assert (found.whole["enterprises"], found.whole["tax_per_mu"]) == (2, 265)
        assert sorted(found.enterprises["tax_per_mu"]) == [30, 500]
    assert yields_of(data).places.loc["310117", ["enterprises", "tax_per_mu"]].tolist() == [1, 30]


@pytest.mark.parametrize("title", ["税收[万元]", "税收【万元】", "税收—万元", "税收 (万元)"])
def test_units_in_any_brackets(title):
    assert recognise_facts(pd.DataFrame(columns=[title])).found == {"tax": (title, 1.0)}


def test_figures_of_places_are_sum_over_sum_of_those_known(folder):
    found = yields_of(open_dataset(folder))
    songjiang, jiading = found.places.loc["310117"], found.places.loc["310114"]
    # (600 + 100) / 50, (9000 + 1000) / 50, (9000 + 1000) / 110, 9000 / 450 of the one, 5 % of the one
    figures = [songjiang[code] for code in FIGURES]
    np.testing.assert_allclose(figures, [14, 200, np.nan, 10_000 / 110, 20, 5], rtol=1e-9)
    assert [int(songjiang[f"known_{code}"]) for code in FIGURES] == [2, 2, 0, 2, 1, 1]
    assert int(jiading["enterprises"]) == 1
    assert jiading[list(FIGURES)].isna().all()
    assert int(found.whole["enterprises"]) == 3
    assert int(found.whole["known_tax_per_mu"]) == 2


def test_grades_by_hand(folder):
    data = open_dataset(folder)
    found = yields_of(data)
    weights = {"tax_per_mu": 3.0, "output_per_mu": 1.0, "investment_per_mu": 9.0}  # nobody has the last one
    graded = grade(found.enterprises, found.whole, weights, (120, 90, 60))
    graded = graded.set_axis(data.enterprises["name"].reindex(graded.index))
    # whole: 14 and 200.  (3 · 20/14 + 300/200) / 4, (3 · 5/14 + 50/200) / 4
    assert graded.loc["样例甲有限公司", "score"] == pytest.approx(100 * (3 * 20 / 14 + 1.5) / 4)
    assert graded.loc["样例乙有限公司", "score"] == pytest.approx(100 * (3 * 5 / 14 + 0.25) / 4)
    assert graded["grade"].to_dict() == {"样例甲有限公司": "A", "样例乙有限公司": "D", "样例丙有限公司": ""}
    changed = grade(found.enterprises, found.whole, weights, (150, 145, 30))
    assert sorted(changed["grade"]) == ["", "C", "C"]


@pytest.mark.parametrize(
    ("heading", "fact", "factor"),
    [
        ("税收(万元)", "tax", 1.0),
        ("实缴税金（亿元）", "tax", 1e4),
        ("2023年度工业总产值（单位：千元）", "output", 0.1),
        ("产值_万元", "output", 1.0),
        ("占地面积（亩）", "land", 1.0),
        ("土地面积/公顷", "land", 15.0),
        ("用地面积（㎡）", "land", 0.0015),
        ("能源消费总量（万吨标准煤）", "energy", 1e4),
        ("从业人员平均人数", "staff", 1.0),
        ("R&D（万元）", "rd", 1.0),
    ],
)
def test_headings_with_units(heading, fact, factor):
    found = recognise_facts(pd.DataFrame(columns=[heading]))
    assert (dict(found.found), found.unclear) == ({fact: (heading, factor)}, ())


@pytest.mark.parametrize(
    "headings", [["税收"], ["用地面积（顷）"], ["税收（万元）", "2023年税收（万元）"], ["产值（万美元）"]]
)
def test_what_says_too_little_is_named_and_not_taken(headings):
    found = recognise_facts(pd.DataFrame(columns=headings))
    assert (dict(found.found), list(found.unclear)) == ({}, headings)


@pytest.mark.parametrize("heading", ["税收优惠", "人均产值（万元）", "亩均税收（万元/亩）", "办公用地", "name", "地址"])
def test_other_headings_are_no_facts(heading):
    found = recognise_facts(pd.DataFrame(columns=[heading]))
    assert not found.found
    assert found.unclear == ()


def test_the_built_in_sample_has_no_such_facts():
    with pytest.raises(DataError, match="没有亩均的列"):
        yields_of(load_dataset())


numbers = st.one_of(st.just(float("nan")), st.floats(0, 1e9))


@given(st.lists(st.tuples(*[numbers] * len(YIELD_FACTS)), min_size=1, max_size=20))
def test_the_whole_is_what_one_group_of_all_is_and_unknown_stays_empty(rows):
    facts = pd.DataFrame(rows, columns=list(YIELD_FACTS))
    figures = figures_of(facts)
    whole = sum_figures(facts, np.zeros(len(facts), int), pd.Index([0])).iloc[0]
    graded = grade(figures, whole, dict.fromkeys(FIGURES, 1.0), (120, 90, 60))
    for code, one in FIGURES.items():
        assert int(whole[f"known_{code}"]) == int((facts[one.above].notna() & (facts[one.below] > 0)).sum())
        assert figures[code].notna().sum() <= whole[f"known_{code}"]
    assert set(graded["grade"]) <= {*GRADES, ""}
    assert ((graded["grade"] == "") == graded["score"].isna()).all()
    assert (graded["score"].dropna() <= 200 + 1e-9).all()


@pytest.mark.parametrize(("rows", "first"), [("district", "place"), ("enterprise", "enterprise_id")])
def test_the_command_writes_them(folder, tmp_path, capsys, rows, first):
    out = tmp_path / "permu.csv"
    assert main(["indicators", str(out), "--set", str(folder), "--per-mu", rows]) == 0
    assert "3 家中有数的" in capsys.readouterr().out
    with out.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert next(iter(written[0])) == first
    held = next(row for row in written if row["name"] in ("松江区", "样例甲有限公司"))
    assert float(held["tax_per_mu"]) == pytest.approx(14 if rows == "district" else 20)


def test_the_command_says_what_is_missing(folder, tmp_path, capsys):
    assert main(["indicators", str(tmp_path / "a.csv"), "--per-mu", "district"]) == 2
    assert "没有亩均的列" in capsys.readouterr().err
    both = ["--per-mu", "district", "--weight", "count", "--set", str(folder)]
    assert main(["indicators", str(tmp_path / "a.csv"), *both]) == 2
    assert not (tmp_path / "a.csv").exists()
