"""Outlines: planted groups found and named, those that all firms explain not called clusters, with a score."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters.analysis import find_groups, find_hot_spots, leading, name_clusters, place_of
from geo.clusters.eligibility import NotEstimable, decided
from geo.clusters.outlines import MOST_FIRMS, outline
from geo.clusters.pattern import pattern_of
from geo.clusters.stability import best_overlap, mean_overlap
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters

X, Y = np.random.default_rng(3).uniform(0, 20_000, (2, 800))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(12_000, folder)
    return open_dataset(folder)


def test_a_planted_group_is_outlined_where_it_lies():
    rng = np.random.default_rng(4)
    x, y = np.r_[X, rng.normal(6000, 400, 60)] + 350_000, np.r_[Y, rng.normal(14_000, 400, 60)] + 3_450_000
    found = decided(outline(pattern_of(x, y, np.r_[rng.random(800) < 0.05, np.full(60, True)]), simulations=39))
    first = found.table.iloc[0]
    assert first["p"] == pytest.approx(1 / 40)
    middle = found.table.to_crs(32651).geometry.iloc[0].centroid
    assert shapely.Point(356_000, 3_464_000).distance(middle) < 500
    assert first["cases"] > 5 * first["expected"]
    assert first["stability"] > 0.6


def test_a_dense_town_with_labels_by_chance_is_not_beyond_the_whole():
    rng = np.random.default_rng(5)
    x, y = np.r_[rng.normal(5000, 300, 600), X[:200]], np.r_[rng.normal(5000, 300, 600), Y[:200]]
    found = decided(outline(pattern_of(x, y, rng.random(800) < 0.2), simulations=39))
    assert (found.table["p"] > 0.05).all()
    assert found.table["members"].max() >= 5


def test_members_and_labels_agree():
    found = decided(outline(pattern_of(X, Y, np.hypot(X - 9000, Y - 9000) < 3000), simulations=9))
    counted = np.bincount(found.label, minlength=len(found.table) + 1)[1:]
    assert counted.tolist() == found.table["members"].tolist()
    assert not found.label[~found.pattern.case].any()


def test_a_sample_is_drawn_from_too_many_firms():
    many = pattern_of(np.arange(MOST_FIRMS + 5), np.zeros(MOST_FIRMS + 5), np.ones(MOST_FIRMS + 5, bool))
    drawn = many.sample(MOST_FIRMS, 1)
    assert drawn.firms == MOST_FIRMS
    assert len(np.unique(drawn.rows)) == MOST_FIRMS
    assert drawn.rows.tolist() == many.sample(MOST_FIRMS, 1).rows.tolist()


def test_overlap_by_hand():
    """Cluster 1 = {0, 1, 2, 3}, its match {1, 2, 3, 4}: 3 of 5; cluster 2 = {5, 6}, kept whole."""
    labels, other = np.array([1, 1, 1, 1, 0, 2, 2]), np.array([0, 7, 7, 7, 7, 3, 3])
    assert best_overlap(labels, other, 2).tolist() == [0.6, 1.0]
    assert mean_overlap(labels, [other, np.zeros(7, int)], 2).tolist() == [0.3, 0.5]
    assert np.isnan(mean_overlap(labels, [], 2)).all()


def test_names_come_from_what_the_firms_share():
    firms = pd.DataFrame(
        {
            "name": ["甲", "乙", "丙", "丁", "戊"], "park": ["", "", "", "某园", ""], "town": [""] * 5,
            "district": ["松江区", "松江区", "", "", "松江区"],
            "recognitions": ["", "lighthouse;little-giant", "little-giant", "", ""],
            "insured": [9, None, 1, 900, 2], "capital_amount": [0] * 5,
        }
    )  # fmt: skip
    assert place_of(firms) == "松江区"
    assert leading(firms, 3) == ["乙", "丙", "丁"]
    named = name_clusters(firms, np.arange(5), np.array([0, 2, 2, 2, 2]), 2)
    assert named["leading"].tolist() == ["", "乙、丙、丁"]
    assert named["place"].tolist() == ["", "松江区"]


def test_hot_spots_of_a_larger_set_come_with_names_scores_and_members(demo):
    found = decided(find_hot_spots(demo, Filters(), "auto", size_m=2000))
    clusters = found.clusters
    assert len(clusters) >= 3
    assert clusters["stability"].between(0, 1).all()
    assert clusters["stability"].max() > 0.5
    assert (clusters["place"] != "").any()
    assert found.members["cluster"].value_counts().to_dict() == clusters["cases"].to_dict()
    assert set(demo.enterprises["industry"].iloc[found.members["row"]]) == {"auto"}
    assert found.count("hot") == (found.areas["cluster"] > 0).sum()
    steps = []
    find_hot_spots(demo, Filters(), "auto", size_m=2000, progress=lambda *step: steps.append(step))
    assert steps == [(done, 8) for done in (*range(1, 8), 8)]


def test_towns_are_points_and_districts_of_a_large_set_are_refused(demo):
    found = decided(find_hot_spots(demo, Filters(), "auto", "town", "moran"))
    assert set(found.areas.geom_type) == {"Point"}
    assert len(found.areas) + found.thin <= len(demo.towns)


def test_the_sample_has_too_few_points_of_their_own_for_a_group_of_aviation():
    assert isinstance(find_groups(load_dataset(), Filters(), "aviation", simulations=19), NotEstimable)


def test_groups_are_enterprises_of_the_table(demo):
    found = decided(find_groups(demo, Filters(), "equipment", simulations=19))
    rows = demo.enterprises.iloc[found.members["row"]]
    assert set(rows["industry"]) == {"equipment"}
    for names in found.outlines["leading"]:
        assert set(names.split("、")) <= set(rows["name"])
