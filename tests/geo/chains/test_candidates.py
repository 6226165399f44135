"""Suggestions by hand: every term from the facts of the row, unknown where a fact is missing."""

import numpy as np
import pandas as pd
import pytest

from geo.chains.assignment import load_chains, nodes_of
from geo.chains.candidates import CANDIDATE_TERMS, CANDIDATE_WEIGHTS, FITS, find_candidates, fits
from geo.chains.gaps import count_by, proximity
from geo.chains.scoring import score
from geo.enterprises.table import as_enterprises

LAT = 31.0
KM = 1 / 111.2  # degrees of latitude in a kilometre


def table(*rows):
    """Enterprises: each a dict of canonical columns beside name and description."""
    base = {"industry": "equipment", "status": "active", "evidence": "source", "location_precision": "none"}
    frame = pd.DataFrame([base | {"enterprise_id": f"X{k}", "name": f"企业{k}"} | row for k, row in enumerate(rows)])
    for column in ("lon", "lat"):
        frame[column] = pd.to_numeric(frame[column]) if column in frame else np.nan
    return as_enterprises(frame)


def at(north_km):
    return {"lon": 121.4, "lat": LAT + north_km * KM, "location_precision": "site"}


def suggest(enterprises, gap, here, **options):
    nodes = nodes_of(enterprises)
    areas = np.array(here, dtype=int)
    near = proximity(count_by(nodes, areas, 2))
    return find_candidates(enterprises, nodes, gap, np.array(here, dtype=bool), near, **options)


def test_how_nodes_fit_a_gap():
    found = fits("EQP-M5")
    assert found["EQP-M5"] == "node"
    assert found["EQP-M4"] == "code"  # 3811 in both
    assert found["EQP-M1"] == "stage"
    assert found["EQP-U1"] == found["EQP-D1"] == "next"
    assert found["AUTO-U2"] == ""  # 3841 in both, another chain


def test_by_hand():
    enterprises = table(
        {"industry_detail": "阀门"} | at(0),  # here: an anchor of the gap EQP-M1
        {"industry_detail": "工业机器人", "insured": 99, "capital_amount": 5e6, "capital_currency": "CNY"} | at(10),
        {"industry_detail": "电梯", "size": "中型企业", "status": "suspended", "evidence": "unverified"},
        {"industry_detail": "工业机器人", "status": "revoked"},
        {"industry_detail": "整车", "industry": "auto"},
        {"industry_detail": "阀门", "status": "unknown", "capital_amount": 9.99e6, "capital_currency": "CNY"} | at(30),
    )
    found = suggest(enterprises, "EQP-M1", [1, 0, 0, 0, 0, 0])
    assert (found.candidates, found.gone, found.anchors) == (4, 1, 1)
    terms, facts = found.terms, found.table
    assert facts["fit"].to_dict() == {"X1": "node", "X2": "stage", "X5": "next", "X0": "next"}
    assert terms["fit"].to_dict() == {"X1": 1.0, "X2": 0.5, "X5": 0.3, "X0": 0.3}
    assert facts.at["X1", "distance_m"] == pytest.approx(10_000, rel=0.01)
    assert terms.at["X1", "distance"] == pytest.approx(0.5, abs=0.01)
    assert np.isnan(terms.at["X2", "distance"])  # it has no point
    assert np.isnan(terms.at["X0", "distance"])  # the only anchor is itself
    assert terms.at["X1", "size"] == 0.5  # log10(100) / 4
    assert terms.at["X2", "size"] == 0.7
    assert terms.at["X5", "size"] == pytest.approx(0.6, abs=1e-3)  # log10(1000) / 5
    assert np.isnan(terms.at["X0", "size"])
    assert terms["status"].to_dict() == pytest.approx({"X1": 1.0, "X2": 0.3, "X5": np.nan, "X0": 1.0}, nan_ok=True)
    assert terms.at["X1", "evidence"] == 0.9  # keyword in the description 0.8, published place 1
    assert terms.at["X2", "evidence"] == 0.5
    assert terms.at["X1", "related"] == 1
    pd.testing.assert_series_equal(found.scores.total, score(terms, CANDIDATE_WEIGHTS).total)


def test_who_is_in_the_area_on_the_node_is_not_suggested():
    enterprises = table({"industry_detail": "工业机器人"}, {"industry_detail": "工业机器人"})
    assert suggest(enterprises, "EQP-M1", [1, 0]).table.index.tolist() == ["X1"]


def test_a_second_node_counts_four_fifths():
    enterprises = table({"industry_detail": "阀门"}, {"industry_detail": "工业机器人"})
    found = suggest(enterprises, "SMART-M1", [1, 0])
    assert found.table.at["X1", "fit"] == "second"
    assert found.terms.at["X1", "fit"] == FITS["second"][0] == 0.8


def test_an_area_is_not_a_point():
    town = {"lon": 121.4, "lat": LAT, "location_precision": "town"}
    enterprises = table({"industry_detail": "阀门"} | town, {"industry_detail": "工业机器人"} | at(1))
    found = suggest(enterprises, "EQP-M1", [1, 0])
    assert found.anchors == 0
    assert found.terms["distance"].isna().all()


def test_the_filter_bounds_candidates_and_anchors():
    enterprises = table(
        {"industry_detail": "阀门"} | at(0),
        {"industry_detail": "工业机器人"} | at(1),
        {"industry_detail": "工业机器人"} | at(2),
    )
    found = suggest(enterprises, "EQP-M1", [1, 0, 0], keep=np.array([False, True, False]))
    assert (found.table.index.tolist(), found.anchors) == (["X1"], 0)


def test_ranks_without_a_term_are_those_of_a_score_without_it():
    enterprises = table(
        {"industry_detail": "阀门"} | at(0),
        *({"industry_detail": "工业机器人", "insured": 10 * k} | at(5 * k) for k in range(1, 8)),
        *({"industry_detail": "电梯", "evidence": "none"} | at(k) for k in range(1, 5)),
    )
    found = suggest(enterprises, "EQP-M1", [1] + [0] * 11, most=5)
    everybody = suggest(enterprises, "EQP-M1", [1] + [0] * 11)
    assert len(found.table) == 5
    assert found.candidates == len(everybody.table) == 12
    for term in CANDIDATE_TERMS:
        rest = [other for other in CANDIDATE_TERMS if other != term]
        expected = score(
            everybody.terms.loc[sorted(everybody.terms.index, key=enterprises.index.get_loc)][rest], CANDIDATE_WEIGHTS
        )
        assert found.without[term].to_dict() == expected.rank[found.table.index].to_dict()


def test_nobody_at_all():
    found = suggest(table({"industry_detail": "整车", "industry": "auto"}), "EQP-M1", [0])
    assert found.candidates == len(found.table) == 0
    assert list(found.terms.columns) == list(CANDIDATE_TERMS)
    assert load_chains().index.size == 112
