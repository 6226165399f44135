"""Facts of a brief: the numbers of `Dataset.select`, and what belongs to a place."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.places.districts import attributes
from geo.places.zones import ZONES
from reports.brief_facts import PLACES, make_brief, name_of, names_place

DATA = load_dataset()
SOME = ["310114", "310115", "310120", "310101", *PLACES]
KINDS = load_kinds()["type"]


def selected(place, filters):
    own = {"zone": (place,)} if place in PLACES else {"district": (place,)}
    return DATA.select(replace(filters, **({"district": (), "zone": ()} | own)))


def holding(rows, kind):
    held = rows["recognitions"].str.split(";").explode()
    return held[held.map(KINDS) == kind].index.nunique()


@pytest.mark.parametrize("place", SOME)
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(industry=("auto", "equipment")), Filters(near=("121.3:31.2:25",)), Filters(q="zzzz")]
)
def test_every_count_is_that_of_the_selection(place, filters):
    brief, rows = make_brief(DATA, place, filters), selected(place, filters)
    assert brief.enterprises == len(rows)
    assert brief.zones.to_dict() == {zone: int((rows["zone"] == zone).sum()) for zone in ZONES}
    assert (brief.recognised, brief.listed) == (holding(rows, "recognition"), holding(rows, "listed"))
    assert brief.sourced == (rows["evidence"] == "source").sum()
    assert brief.pointed == rows["location_precision"].isin(["site", "road"]).sum()
    by_industry = rows["industry"].replace("", "none").value_counts()
    counted = brief.industries["enterprises"]
    assert counted[counted > 0].to_dict() == by_industry.to_dict()
    assert set(brief.recognitions["name"]) <= set(rows["name"])
    assert brief.recognitions["name"].nunique() == brief.recognised


def test_the_readers_district_gives_way_to_the_place():
    brief = make_brief(DATA, "310114", Filters(district=("310117",), zone=("core",), industry=("auto",)))
    assert brief.filters == Filters(district=("310114",), industry=("auto",))
    assert brief.city == DATA.count(Filters(industry=("auto",)))


def test_jiading_by_hand():
    brief = make_brief(DATA, "310114")
    assert (brief.enterprises, brief.recognised) == (60, 14)
    assert brief.density_km2 == 60 / 464.20
    auto = brief.industries.loc["auto"]
    rows = DATA.enterprises[DATA.enterprises["adcode"] != ""]
    here = rows[rows["adcode"] == "310114"]
    expected = (here["industry"] == "auto").mean() / (rows["industry"] == "auto").mean()
    assert auto["lq"] == pytest.approx(expected)
    assert auto["lq_low"] < auto["lq"] < auto["lq_high"]
    assert {"T105", "T106", "T107", "T108"} == set(brief.targets.index[brief.targets["touch"] == "scope"])
    assert brief.targets.loc["T009", "status"] == "met_later"


def test_no_density_where_no_official_area_bounds_what_is_counted():
    assert all(pd.isna(make_brief(DATA, place).density_km2) for place in PLACES)


def test_a_park_named_after_a_company_of_lingang_is_not_in_the_core():
    parks = make_brief(DATA, "core").parks["name"]
    assert "上海临港松江科技城" not in set(parks)
    assert "临港新片区东方芯港" in set(parks)


def test_parks_of_the_belt_and_core_are_counted_once():
    core, belt = (set(make_brief(DATA, place).parks.index) for place in ("core", "belt"))
    assert not core & belt


def test_statistics_are_the_latest_of_each_indicator_and_period():
    stats = make_brief(DATA, "310114").statistics
    assert not stats.duplicated(["indicator", "period", "unit"]).any()
    half = stats[(stats["indicator"] == "地区生产总值") & (stats["period"] == "上半年")].iloc[0]
    assert (half["year"], half["value"]) == (2024, 1312.1)
    assert make_brief(DATA, "belt").statistics.empty


@pytest.mark.parametrize("place", ["", "999999", "310119", "嘉定区", "CORE", "../core"])
def test_another_place_is_refused_with_what_is_expected(place):
    with pytest.raises(DataError, match="没有这个区或范围"):
        name_of(place)


@pytest.mark.parametrize("place", attributes().index)
def test_every_district_has_a_brief(place):
    assert make_brief(DATA, place).enterprises == DATA.count(Filters(district=(place,)))


def test_a_scope_names_whole_places_only():
    assert names_place("嘉定区", "belt")
    assert not names_place("嘉定区", "core")
    assert not names_place("长三角", "belt")
    assert not names_place("张江未来产业先导区", "310115")
