"""Places measured by hand; what is not known of a place is missing, not bad."""

import geopandas as gpd
import numpy as np
import pytest

from geo.chains.assignment import nodes_of
from geo.chains.sites import CRITERIA, TYPE_WORDS, Needs, fit_places, load_places
from geo.crs import points
from geo.places.districts import attributes
from tests.geo.chains.test_candidates import KM, LAT, at, table

PLACES = gpd.GeoDataFrame(
    {
        "kind": ["park", "park", "town", "park"],
        "name": ["机器人园", "医药园", "镇", "无点园"],
        "adcode": ["310117", "310115", "310117", ""],
        "zone": ["belt", "core", "belt", "unplaced"],
        "published": ["高端装备 工业机器人", "生物医药", "", "高端装备"],
    },
    index=["P1", "P2", "T1", "P3"],
    geometry=points([121.4, 121.4, 121.4, np.nan], [LAT, LAT + 20 * KM, LAT + 3 * KM, np.nan]).to_numpy(),
    crs=4326,
)
FIRMS = table(
    *({"industry_detail": "阀门"} | at(k) for k in (0, 1, 2, 4)),  # suppliers of EQP-M1
    {"industry_detail": "工业机器人"} | at(20),
    {"industry_detail": "阀门", "lon": 121.4, "lat": LAT, "location_precision": "town"},  # an area is not a point
)


def fit(**needs):
    return fit_places(PLACES, Needs("EQP-M1", **needs), FIRMS, nodes_of(FIRMS))


def test_enterprises_within_the_radius():
    terms, facts, placed = fit(radius_km=2.5)
    assert placed.to_dict() == {"suppliers": 4, "customers": 0, "peers": 1}
    assert facts["suppliers"].tolist()[:3] == [3, 0, 3]
    assert np.isnan(facts.at["P3", "suppliers"])
    assert terms["suppliers"].tolist()[:3] == [1, 0, 1]
    assert terms["peers"].tolist()[:3] == [0, 1, 0]
    assert terms["customers"].isna().all()
    wider, more, _ = fit(radius_km=5)
    assert more["suppliers"].tolist()[:3] == [4, 0, 4]
    assert wider.columns.tolist() == ["type", "suppliers", "customers", "peers"]


def test_what_a_park_publishes():
    terms, _, _ = fit()
    assert terms["type"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(terms.at["T1", "type"])
    assert terms.at["P3", "type"] == 0.8


def test_wishes_are_criteria_only_when_there_are_any():
    terms, facts, _ = fit(districts=("310117",), zones=("core",), firm=(121.4, LAT + 10 * KM))
    assert set(terms.columns) == set(CRITERIA)
    assert terms["district"].tolist()[:3] == [1, 1, 1]
    assert np.isnan(terms.at["P3", "district"])
    assert fit(districts=("310117",))[0]["district"].tolist()[:3] == [1, 0, 1]
    assert facts["firm_km"].tolist()[:2] == pytest.approx([10, 10], rel=0.01)
    assert terms["firm"].tolist()[:2] == pytest.approx([0.5, 0.5], abs=0.01)
    assert np.isnan(terms.at["P3", "firm"])


def test_the_filter_bounds_who_is_counted():
    keep = np.array([True, False, False, False, False, False])
    _, facts, placed = fit_places(PLACES, Needs("EQP-M1"), FIRMS, nodes_of(FIRMS), keep)
    assert (placed["suppliers"], facts.at["P1", "suppliers"]) == (1, 1)


def test_places_are_all_parks_and_towns_each_once():
    places = load_places()
    assert places.index.is_unique
    assert set(places["adcode"]) <= {*attributes().index, ""}
    assert set(places["zone"]) <= {"core", "belt", "other", "unplaced"}
    assert places.loc["SP01", "published"] == "集成电路"
    assert (places.loc[places["kind"] == "town", "published"] == "").all()


def test_words_of_chains_mean_what_parks_publish():
    published = " ".join(load_places()["published"])
    assert [word for words in TYPE_WORDS.values() for word in words if word not in published] == []
