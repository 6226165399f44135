"""What documents mean a district for, beside what the sample holds there."""

import numpy as np
import pytest

from geo.catalog import read_table
from geo.codes.industries import INDUSTRIES
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.indicators.intentions import (
    INTENTION_DOCUMENTS,
    KEY_INDUSTRIES,
    intended_and_present,
    load_intentions,
    standing_of,
)

DATA = load_dataset()
MEANT = load_intentions()


def test_every_theme_has_a_source_a_place_and_a_judged_industry():
    assert set(MEANT["document"]) == set(INTENTION_DOCUMENTS)
    assert MEANT[["source_title", "theme", "theme_en", "place"]].ne("").all(axis=None)
    assert set(MEANT["industry"]) == {*KEY_INDUSTRIES, ""}
    themes = read_table("theme_industries")
    assert not themes["theme"].duplicated().any()
    assert themes["why"].ne("").all()
    assert set(themes["industry"]) <= {*INDUSTRIES, ""}


def test_the_first_clusters_are_complete_as_published():
    clusters = MEANT[MEANT["document"] == "cluster"]
    assert len(clusters) == 11
    assert clusters["adcode"].nunique() == 7
    assert clusters.loc[clusters["adcode"] == "310115", "industry"].tolist() == [
        "electronics",
        "biomedicine",
        "auto",
        "electronics",
    ]


def test_a_park_counts_to_a_district_only_where_its_source_names_one():
    parks = MEANT[MEANT["document"] == "park"].set_index("park_id")
    basis = read_table("parks").set_index("id")["district_basis"]
    assert (parks["adcode"] != "").equals(basis[parks.index].eq("原文").rename("adcode"))
    assert parks.loc["SP06", "adcode"] == ""  # 浦东 or 奉贤: doubtful
    assert parks.loc["SP30", "adcode"] == "310115"
    assert not {"SP20", "SP29", "DZ04"} & set(parks.index)  # no batch verified


def test_present_and_intended_by_hand():
    table = intended_and_present(count_places(DATA)).set_index(["adcode", "industry"])
    assert len(table) == 16 * 6
    assert int(table["intended"].sum()) == 18
    row = table.loc[("310114", "auto")]  # 17 of 60 in Jiading
    assert row["share"] == pytest.approx(17 / 60)
    placed = DATA.enterprises[DATA.enterprises["adcode"] != ""]
    everywhere = (placed["industry"] == "auto").sum() / len(placed)
    assert row["lq"] == pytest.approx(17 / 60 / everywhere)
    assert row["lq_low"] < row["lq"] < row["lq_high"]
    assert MEANT.loc[list(row["themes"]), "document"].tolist() == ["cluster", "track", "park", "park"]
    assert not table.loc[("310101", "auto"), "intended"]


def test_what_the_interval_leaves_open():
    table = intended_and_present(count_places(DATA))
    meant = standing_of(table[table["intended"]]).value_counts()
    assert meant.to_dict() == {"open": 10, "above": 6, "below": 1, "none": 1}
    nothing = intended_and_present(count_places(DATA, Filters(q="zzzz")))
    assert set(standing_of(nothing)) == {""}
    assert np.isnan(nothing["lq"]).all()
    assert int(nothing["intended"].sum()) == 18  # what is meant does not depend on the selection
