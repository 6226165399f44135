"""Hypothetical plants: the arithmetic by hand, undo, what counts, and that they are told from enterprises everywhere."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.chains.assignment import load_chains
from geo.codes.industries import INDUSTRIES
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.export.selection import to_bytes
from geo.filters.filters import Filters
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.scenario import (
    HYPOTHETICAL,
    MARK,
    Scenario,
    apply,
    as_rows,
    before_and_after,
    gaps_before_and_after,
    plant_at,
)

DATA = load_dataset()
DISTRICTS = list(DATA.districts.index)


def test_before_and_after_by_hand():
    before = count_places(DATA)
    after, idle = apply(before, Scenario().plus(plant_at("equipment", 2, adcode="310117")), Filters())
    assert idle == []
    own, industry, whole = (before.enterprises["310117"], before.by_industry.at["310117", "equipment"], before.whole)
    table = before_and_after(before, after, "310117", "equipment")
    assert table.loc["enterprises"].tolist() == [own, own + 2, 2]
    quotient = ((industry + 2) / (own + 2)) / ((whole["equipment"] + 2) / (whole.sum() + 2))
    assert table.at["lq_equipment", "after"] == pytest.approx(quotient)
    known = before.by_industry.loc["310117", list(INDUSTRIES)].to_numpy(float)
    known[list(INDUSTRIES).index("equipment")] += 2
    assert table.at["hhi", "after"] == pytest.approx(((known / known.sum()) ** 2).sum())
    places = before.by_industry["equipment"].to_numpy(float)
    places[DISTRICTS.index("310117")] += 2
    assert table.at["spread", "after"] == pytest.approx(((places / places.sum()) ** 2).sum())
    assert table.at["lq_low", "after"] < quotient < table.at["lq_high", "after"]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*INDUSTRIES]), st.sampled_from([-2, -1, 1, 3]), st.sampled_from(DISTRICTS)),
        max_size=4,
    )
)
def test_undoing_every_step_gives_the_identical_state(steps):
    before, scenario, states = count_places(DATA), Scenario(), []
    for industry, number, adcode in steps:
        states.append((scenario, apply(before, scenario, Filters())[0].by_industry))
        scenario = scenario.plus(plant_at(industry, number, adcode=adcode))
    for earlier, counts in reversed(states):
        scenario = scenario.undo()
        assert scenario == earlier
        pd.testing.assert_frame_equal(apply(before, scenario, Filters())[0].by_industry, counts)
    assert scenario == Scenario()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"adcode": "310117"}, {"district": "310117", "zone": "belt"}),
        ({"adcode": "310115", "name": "书院镇"}, {"district": "310115", "zone": "core", "town": True}),
        ({"adcode": "310112", "name": "上海莘庄工业区"}, {"district": "310112", "zone": "belt", "park": "P026"}),
        (
            {"adcode": "310112", "name": "闵行开发区智能制造产业基地"},
            {"district": "310112", "zone": "belt", "park": "SP19"},
        ),
        ({"name": "临港新片区"}, {"zone": "core"}),
        ({"lon": 121.92, "lat": 30.90}, {"district": "310115", "zone": "core"}),
    ],
    ids=str,
)
def test_a_plant_counts_at_the_levels_its_place_is_known_at(place, expected):
    scenario = Scenario().plus(plant_at("aviation", 3, **place))
    for level in PLACE_LEVELS:
        before = count_places(DATA, level=level)
        after, idle = apply(before, scenario, Filters())
        changed = after.enterprises[after.enterprises != before.enterprises]
        if level in expected:
            assert len(changed) == 1
            assert after.whole.sum() - before.whole.sum() == 3
            assert expected[level] in (True, changed.index[0])
        else:
            assert len(changed) == 0
            assert len(idle) == 1


def test_what_is_outside_the_filters_or_not_there_to_take_does_not_count():
    scenario = Scenario().plus(plant_at("auto", 1, adcode="310117")).plus(plant_at("aviation", -1, adcode="310109"))
    scenario = scenario.plus(plant_at("auto", 1, lon=121.23, lat=31.03))
    circles = [Filters(near=(f"{lon}:31.03:2",)) for lon in (121.23, 121.4)]
    selections = [Filters(), Filters(district=("310112",)), Filters(industry=("auto",)), *circles]
    for filters, counted in zip(selections, [2, 0, 2, 1, 0], strict=True):
        before = count_places(DATA, filters)
        after, idle = apply(before, scenario, filters)
        assert (after.whole.sum() - before.whole.sum(), len(idle)) == (counted, 3 - counted)


def test_gaps_of_a_chain_by_hand():
    nodes = load_chains().index
    on_nodes = pd.DataFrame(0, index=nodes, columns=DISTRICTS)
    on_nodes.loc["EQP-M1", ["310117", "310115"]] = 1, 4
    filled = plant_at("equipment", 2, adcode="310117", node="EQP-M2")
    taken = plant_at("equipment", -3, adcode="310117", node="EQP-M1")
    table = gaps_before_and_after(on_nodes, [filled, taken, plant_at("auto", 1, adcode="310117")])
    members = (load_chains()["chain"] == "EQP").sum()
    assert table.to_dict("records") == [
        {
            "adcode": "310117",
            "node": "EQP-M2",
            "before": 0,
            "after": 2,
            "city": 0,
            "gaps_before": members - 1,
            "gaps_after": members - 1,
        },
        {
            "adcode": "310117",
            "node": "EQP-M1",
            "before": 1,
            "after": 0,
            "city": 5,
            "gaps_before": members - 1,
            "gaps_after": members - 1,
        },
    ]
    assert gaps_before_and_after(on_nodes, [filled])["gaps_after"].tolist() == [members - 2]
    assert on_nodes.at["EQP-M2", "310117"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"industry": "ships", "adcode": "310117"},
        {"industry": "auto", "adcode": "310117", "node": "SHIP-M1"},
        {"industry": "auto", "number": 0, "adcode": "310117"},
        {"industry": "auto", "staff": -1, "adcode": "310117"},
        {"industry": "auto"},
        {"industry": "auto", "lon": 120.6, "lat": 31.3},
        {"industry": "auto", "adcode": "310117", "lon": 121.92, "lat": 30.9},
    ],
    ids=str,
)
def test_what_cannot_stand_anywhere_is_refused(wrong):
    with pytest.raises(DataError):
        plant_at(**wrong)


def test_every_row_of_a_file_says_that_it_is_made_up():
    scenario = (
        Scenario()
        .plus(plant_at("auto", 2, 120, adcode="310114", name="安亭镇"))
        .plus(plant_at("auto", -1, adcode="310114"))
    )
    rows = as_rows(scenario, "2026-11-24")
    assert len(rows) == 2
    assert rows["name"].str.startswith(MARK).all()
    assert (rows["kind"] == HYPOTHETICAL).all()
    assert rows["location_note"].str.contains("假设").all()
    assert not set(rows.index) & set(DATA.enterprises.index)
    file = pd.read_csv(io.BytesIO(to_bytes(pd.concat([DATA.enterprises.head(3), rows]), "csv")), dtype=str)
    assert file["kind"].tolist()[3:] == [HYPOTHETICAL] * 2
    np.testing.assert_array_equal(file["insured"].tolist()[3:], ["120", "120"])
