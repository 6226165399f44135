"""The driving time as a filter: what it selects, whom it cannot judge, and what it says without roads."""

import numpy as np
import pandas as pd
import pytest

from app.cli import main
from app.server.parameters import RefusedError, read_query
from geo.datasets.dataset import load_dataset
from geo.enterprises.table import as_enterprises
from geo.filters.drive import drive_note
from geo.filters.filters import Filters
from geo.roads.store import NO_NETWORK, ROAD_ATTRIBUTION, remove_roads
from layers.filter_areas import limits
from tests.made_up_roads import NODES, WAYS, bring_roads

ROWS = [
    ("甲", *NODES["a"], "site"),
    ("乙", *NODES["b"], "road"),
    ("丙", *NODES["e"], "site"),  # across the river: 1.1 km from b as the crow flies, nine minutes by road
    ("丁", *NODES["a"], "town"),  # the point of its town is nobody's own
    ("戊", 121.60, 31.20, "site"),  # far from every road
    ("己", np.nan, np.nan, "none"),
]


@pytest.fixture(scope="module")
def data():
    table = pd.DataFrame(ROWS, columns=["name", "lon", "lat", "location_precision"])
    blank = dict.fromkeys(["zone", "adcode", "evidence", "location_conflict", "recognitions", "industry"], "")
    table = table.assign(**blank, enterprise_id=[f"E{row}" for row in range(len(ROWS))]).assign(zone="unplaced")
    return load_dataset().with_enterprises(as_enterprises(table))


@pytest.fixture(autouse=True)
def roads(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path))
    bring_roads(tmp_path)
    return tmp_path


def from_b(minutes):
    return Filters(drive=(f"121.41:31.0:{minutes:g}",))


@pytest.mark.parametrize(("minutes", "names"), [(1, "乙"), (2, "甲乙"), (9, "甲乙丙")])
def test_those_are_selected_who_can_be_driven_to(data, minutes, names):
    filters = from_b(minutes)
    assert "".join(data.select(filters)["name"]) == names
    assert "".join(data.enterprises["name"][filters.mask(data.enterprises)]) == names
    assert (data.count(filters), data.left_out(filters), data.off_road(filters)) == (len(names), 3, 1)
    assert Filters.from_query(filters.to_query()) == (filters, [])


def test_the_straight_line_is_another_question(data):
    near = Filters(near=("121.41:31.0:1.2",))
    assert "".join(data.select(near)["name"]) == "甲乙丙"
    both = Filters(near=near.near, drive=from_b(2).drive)
    assert "".join(data.select(both)["name"]) == "甲乙"
    assert data.off_road(both) == 0  # the one far from every road is not within the circle either


def test_several_places_are_any_of_them(data):
    filters = Filters(drive=("121.41:31.0:1", "121.41:31.01:1", "nowhere:5"))
    assert "".join(data.select(filters)["name"]) == "乙丙"
    assert filters.unknown() == {"drive": ["nowhere:5"]}


def test_the_sentence_and_the_note_say_what_the_times_are(data):
    assert data.sentence(from_b(2)) == (
        f"从 121.4100, 31.0000 驾车 2 分钟内（假定自由流车速, {ROAD_ATTRIBUTION}） · 2 家，另有 3 家无法判断"
    )
    assert "不含拥堵与信号灯" in drive_note(from_b(2).drive)[0]
    assert "without congestion" in drive_note(from_b(2).drive, "en")[0]
    assert ROAD_ATTRIBUTION in drive_note(from_b(2).drive)[0]
    assert drive_note(()) == []


def test_from_a_place_without_a_road_nobody_can_be_judged(data):
    filters = Filters(drive=("121.6:31.2:30",))
    assert (data.count(filters), data.left_out(filters)) == (0, 6)
    assert "没有路网上的道路" in drive_note(filters.drive)[1]
    assert limits(filters).empty


def test_other_roads_give_another_answer_at_once_and_none_is_said(data, roads):
    assert data.count(from_b(2)) == 2
    bring_roads(roads, [*WAYS, ("be", {"highway": "primary"})])  # a second bridge
    assert "".join(data.select(from_b(2))["name"]) == "甲乙丙"
    assert len(limits(from_b(2))) == 1
    remove_roads()
    assert (data.count(from_b(2)), data.left_out(from_b(2))) == (0, 6)
    assert drive_note(from_b(2).drive) == [NO_NETWORK.zh]
    assert limits(from_b(2)).empty
    with pytest.raises(RefusedError, match="没有路网"):
        read_query([("drive", "121.41:31.0:2")], (), filtered=True)


def test_the_command_reads_says_and_removes(roads, capsys):
    file = roads / "town.osm"
    assert main(["roads", str(file)]) == 0
    said = capsys.readouterr().out
    assert "7 个路口，8 段路" in said
    assert "主干路 primary：3.0 km，假定 50 km/h" in said
    assert "有自己点位的 172 家，0 家离道路不到 300 米" in said
    assert ROAD_ATTRIBUTION in said
    assert main(["roads", str(file), "--remove"]) == main(["roads", str(roads / "none.osm")]) == 2
    assert main(["export", str(roads / "a.csv"), "--query", "drive=121.41:31.0:2"]) == 0
    assert "不含拥堵与信号灯" in capsys.readouterr().err
    assert main(["roads", "--remove"]) == 0
    assert main(["roads"]) == 0
    assert NO_NETWORK.zh in capsys.readouterr().out
    assert main(["export", str(roads / "a.csv"), "--query", "drive=121.41:31.0:2"]) == 0
    assert NO_NETWORK.zh in capsys.readouterr().err
