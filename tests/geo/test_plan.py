import pandas as pd
import pytest

from geo.catalog import read_table
from geo.codes.recognitions import load_recognitions
from geo.enterprises.table import load_enterprises
from geo.plan import (
    FIGURE_WEIGHTS,
    PLAN,
    amount,
    classify_progress,
    in_english,
    load_finance,
    load_plan,
    load_progress,
    load_search_entries,
    load_targets,
    own_count,
    progress_of,
    scoreboard,
    status_of,
    successors_of,
)
from geo.text import QUALIFIERS


def figures(*rows):
    return pd.DataFrame(rows, columns=["value", "unit", "year", "kind", "evidence"]).assign(same=True, qualifier="")


TARGET = pd.Series({"value": 100.0, "unit": "家", "year": 2021})


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], "unknown"),
        ([(120, "家", 2021, "累计", "source")], "met"),
        ([(120, "家", 2022, "累计", "source")], "met_later"),
        ([(99, "家", 2021, "累计", "source")], "below"),
        ([(120, "家", 2021, "当年", "source")], "unknown"),
        ([(120, "家", 2021, "推算", "source")], "unknown"),
        ([(120, "家", 2021, "累计", "unverified")], "unknown"),
        ([(120, "个", 2021, "累计", "source")], "unknown"),
    ],
)
def test_only_a_sourced_cumulative_figure_in_the_unit_makes_a_target_met(rows, status):
    assert status_of(TARGET, figures(*rows)) == status


def test_a_figure_that_measures_something_else_decides_nothing():
    assert status_of(TARGET, figures((120, "家", 2021, "累计", "source")).assign(same=False)) == "unknown"


def test_firms_assessed_online_do_not_stand_for_firms_transformed():
    board = scoreboard(load_recognitions(), load_enterprises()["name"])
    assert board.loc["T010", "status"] == "unknown"
    assert board.loc["T010", "published"] == 1000


def test_the_plan_is_whole():
    plan = load_plan()
    assert [action["no"] for action in plan["actions"]] == [1, 2, 3, 4, 5, 6]
    assert len(plan["key_industries"]["items"]) == 6
    assert len(plan["layout"]["belt"]["districts"]) == 5
    assert {group["para"] for group in plan["goal_groups"]} == {3, 4, 5, 6}


def test_every_target_of_the_plan_stands_under_a_goal_group():
    targets = load_targets()
    own = targets[targets["plan"] == PLAN]
    assert set(own["seed_para"]) == {"3", "4", "5", "6"}
    assert len(own) == 13


def test_progress_is_matched_by_whole_ids():
    progress = pd.DataFrame(
        {"target_ids": ["T001|T010", "T010", ""], "year": [2021, 2020, 2019], "indicator": ["甲", "乙", "丙"]}
    )
    assert progress_of("T010", progress)["year"].tolist() == [2020, 2021]
    assert len(progress_of("T01", progress)) == 0


def test_own_count_is_a_lower_bound_by_year_and_list():
    recognitions = pd.DataFrame(
        {
            "name": ["甲", "乙", "丙", "丁"],
            "kind": ["star-market"] * 4,
            "year": pd.array([2020, 2021, 2022, None], "Int64"),
        }
    )
    assert own_count("T003", 2021, recognitions, pd.Series(["甲", "乙", "丙", "丁"])) == 2
    assert own_count("T003", 2021, recognitions, pd.Series(["甲"])) == 1
    assert own_count("T001", 2021, recognitions, pd.Series(["甲"])) is None


def test_own_count_never_exceeds_the_list():
    names = load_enterprises()["name"]
    board = scoreboard(load_recognitions(), names)
    assert (board["own"].dropna() <= len(names)).all()
    assert len(board) == len(load_targets())


def test_listings_of_every_industry_do_not_make_the_target_of_smart_manufacturing_met():
    board = scoreboard(load_recognitions(), load_enterprises()["name"])
    assert board.loc["T003", "status"] == "unknown"
    assert board.loc["T003", "published"] == 59


def test_what_is_met_rests_on_a_figure_that_counts():
    board, progress = scoreboard(load_recognitions(), load_enterprises()["name"]), load_progress()
    met = board[board["status"].isin(["met", "met_later"])]
    assert len(met)
    for target_id, target in met.iterrows():
        figures = progress_of(target_id, progress)
        counting = figures[classify_progress(target, figures) == "counts"]
        assert (counting["value"] >= target["value"]).any()
        assert (counting["source_title"] != "").all()


def test_every_figure_that_does_not_count_says_why():
    targets, progress = load_targets(), load_progress()
    for target_id, target in targets.iterrows():
        figures = progress_of(target_id, progress)
        assert set(classify_progress(target, figures)) <= set(FIGURE_WEIGHTS)
        assert (figures.loc[~figures["same"], "why"] != "").all()


def test_successors_are_later_targets_of_other_plans():
    targets = load_targets()
    pairs = read_table("plan_target_successors")
    own, later = targets.loc[pairs["target_id"]], targets.loc[pairs["successor_id"]]
    assert set(own["plan"]) == {PLAN}
    assert PLAN not in set(later["plan"])
    assert set(pairs["measure"]) == {"same", "near"}
    assert successors_of("T013").empty


@pytest.mark.parametrize("field", ["plan", "indicator", "unit", "scope"])
def test_every_text_of_a_target_has_an_english_name(field):
    texts = load_targets()[field]
    english = in_english(field, texts)
    assert not english.str.contains("[\u4e00-\u9fff]").any()


def test_what_a_source_says_beside_a_figure_stands_beside_it():
    targets, progress = load_targets(), load_progress()
    assert set(targets["qualifier"]) | set(progress["qualifier"]) <= {"", *QUALIFIERS}
    for target_id, zh, en in (
        ("T095", "突破 1,150 亿元", "over 1,150 CNY 100 m"),
        ("T043", "25 % 以上", "25 % or more"),
        ("T100", "不低于 300 亿元", "at least 300 CNY 100 m"),
        ("T005", "2–3 家", "2–3"),
    ):
        row = targets.loc[target_id]
        unit = in_english("unit", pd.Series([row["unit"]])).iloc[0]
        assert amount(row["value"], row["value_max"], row["qualifier"], row["unit"]) == zh
        assert amount(row["value"], row["value_max"], row["qualifier"], unit, "en") == en
    assert any("突破 8,000 亿元" in entry.zh and "over 8,000" in entry.en for entry in load_search_entries())


def test_nearly_a_hundred_is_no_hundred():
    target = pd.Series({"value": 100.0, "unit": "家", "year": 2022})
    nearly = figures([100.0, "家", 2021, "累计", "source"]).assign(qualifier="近")
    assert status_of(target, nearly) == "unknown"
    assert status_of(target, nearly.assign(qualifier="突破")) == "met"


def test_a_credit_line_is_no_loan_and_no_amount_is_made_up():
    facts = load_finance()
    assert facts["kind"].value_counts().to_dict() == {
        "quota": 3,
        "target": 2,
        "loan": 2,
        "scale": 1,
        "guarantee": 1,
        "subsidy": 1,
        "product": 1,
        "growth": 1,
        "platform": 1,
    }
    assert facts.loc[facts["kind"] == "loan", "amount"].isna().all()  # neither loan has a published amount
    assert facts.loc["F07", ["kind", "amount", "qualifier", "unit"]].tolist() == ["scale", 4000, "超过", "亿元"]
    assert (facts["year"].diff().dropna() <= 0).all()
    assert (facts["source_title"] != "").all()
    assert facts[["fact_en", "who_en"]].ne("").all(axis=None)
