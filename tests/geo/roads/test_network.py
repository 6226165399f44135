"""A made-up town: its roads as a network, seconds reckoned by hand, and what cannot be driven on."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import contains_xy

from geo.distance import distance_m
from geo.errors import DataError
from geo.ingest.readers.roads import read_network
from geo.roads.network import RoadNetwork, isochrone
from geo.roads.store import describe, keep_roads, load_roads, remove_roads, roads_dir
from geo.roads.ways import direction, load_speeds, read_speeds
from tests.made_up_roads import NODES, bring_roads, osm, pbf

KMH = load_speeds()["kmh"].to_dict()

EAST = 0.01 * (111.41513 * 0.857167 - 0.09455 * -0.052336 + 0.00012 * -0.906308)
"""A hundredth of a degree of longitude at 31° [km], by the formula of `geo.distance`."""
NORTH = 0.01 * (111.13209 - 0.56605 * 0.469322 + 0.00120 * -0.559482)
"""A hundredth of a degree of latitude there [km]."""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    file = tmp_path_factory.mktemp("roads") / "town.osm"
    file.write_text(osm(), encoding="utf-8")
    return read_network(file, KMH)


def seconds(network, start, end, **how):
    to = network.snap([NODES[end][0]], [NODES[end][1]])
    return network.times(*NODES[start], to, **how)[0]


PRIMARY, BRIDGE, TERTIARY, RESIDENTIAL = 50, 30, 30, 20


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("a", "b", EAST / PRIMARY),
        ("a", "c", 2 * EAST / PRIMARY),
        ("c", "f", NORTH / BRIDGE),  # the tag says 30, the table 50
        ("b", "a", EAST / PRIMARY),
        ("e", "f", EAST / RESIDENTIAL),  # the one-way street
        ("f", "e", (np.hypot(EAST, NORTH) + NORTH) / TERTIARY),  # round by g
        ("b", "e", (EAST / PRIMARY + NORTH / BRIDGE + (np.hypot(EAST, NORTH) + NORTH) / TERTIARY)),  # no footway
        ("a", "d", 2 * EAST / PRIMARY + NORTH / BRIDGE + (np.hypot(EAST, NORTH) + NORTH) / TERTIARY + EAST / RESIDENTIAL),
    ],
)  # fmt: skip
def test_seconds_are_those_that_one_reckons_by_hand(network, start, end, hours):
    assert seconds(network, start, end) == pytest.approx(hours * 3600, rel=2e-4)
    assert seconds(network, end, start, towards=True) == pytest.approx(hours * 3600, rel=2e-4)


@pytest.mark.parametrize("packed", [False, True])
def test_a_protocol_buffer_is_the_same_network(network, tmp_path, packed):
    (tmp_path / "town.osm.pbf").write_bytes(pbf(packed=packed))
    again = read_network(tmp_path / "town.osm.pbf", KMH)
    for name in ("vertices", "tails", "heads", "seconds", "one_way", "inner"):
        assert (getattr(again, name) == getattr(network, name)).all()


def test_a_one_way_street_makes_the_times_uneven(network):
    lon, lat = zip(*(NODES[name] for name in "abcdefg"), strict=True)
    times = network.matrix(lon, lat)
    assert (np.diagonal(times) == 0).all()
    assert times[4, 5] < times[5, 4]
    assert times[0, 2] == pytest.approx(times[2, 0])
    assert np.isfinite(times).all()
    assert (times[:, None, :] <= times[:, :, None] + times[None, :, :] + 1e-3).all()  # no way round is shorter


def test_what_is_not_connected_or_not_open_to_cars_is_left_out(network):
    assert network.left_out.tolist() == [3, 2]  # the island's two ends and the end of the one-way road
    for name in "ijk":
        assert seconds(network, "a", name) == np.inf
    lon, lat = np.array([121.41, 121.40]), np.array([31.005, 31.005])  # on the footway, on the private road
    assert not network.snap(lon, lat).found.any()


@pytest.mark.parametrize(
    ("tags", "way_round"),
    [
        ({"access": "Private"}, 2),
        ({"motor_vehicle": " NO "}, 2),
        ({"access": "agricultural;forestry"}, 2),
        ({"vehicle": "Agricultural ; Forestry;"}, 2),
        ({"access": "no;destination"}, 0),  # whoever has business there drives there
        ({"access": "no", "motorcar": "Yes"}, 0),
        ({"access": "private", "motorcar": " ; "}, 2),
        ({"oneway": "YES"}, 1),
        ({"oneway": "yes;1"}, 1),
        ({"oneway": " Reverse"}, -1),
        ({"oneway": "Reversible"}, 2),
        ({"oneway": "yes;no"}, 2),  # nobody knows
        ({"oneway": "No", "junction": "roundabout"}, 0),
        ({"junction": "Roundabout"}, 1),
        ({"area": "Yes"}, 2),
    ],
)
def test_tags_are_understood_in_capitals_and_in_lists(tags, way_round):
    assert direction(tags) == way_round


def test_a_motorway_is_driven_on_but_not_joined_from_beside(network):
    assert not network.snap([121.41], [30.99]).found[0]
    assert "motorway" in [list(KMH)[kind] for kind in network.kinds]


def test_a_point_stands_on_the_road_within_300_m_and_the_way_there_counts(network):
    beside = NODES["a"][1] - 0.002  # 222 m south of a
    assert network.snap([121.40, 121.40, np.nan], [beside, NODES["a"][1] - 0.003, 31.0]).found.tolist() == [
        True,
        False,
        False,
    ]
    to_b = network.times(121.40, beside, network.snap(*map(np.atleast_1d, NODES["b"])))[0]
    assert to_b == pytest.approx((0.2 * NORTH / 15 + EAST / PRIMARY) * 3600, rel=1e-3)


def test_within_a_street_one_drives_straight_on_but_not_back_where_it_is_one_way(network):
    """Both places stand within the street from e to f; back is all the way round."""
    lon, lat = [121.413, 121.417], [31.01, 31.01]
    on, back = network.matrix(lon, lat)[[0, 1], [1, 0]]
    access = 2 * network.snap(lon, lat).access.max()
    assert on == pytest.approx(0.4 * EAST / RESIDENTIAL * 3600, abs=access + 20)
    assert back > 300
    assert network.matrix([121.403, 121.407], [31.0, 31.0])[[0, 1], [1, 0]] == pytest.approx(
        [0.4 * EAST / 50 * 3600] * 2, abs=60
    )


@given(st.lists(st.tuples(st.floats(121.395, 121.425), st.floats(30.99, 31.022)), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_no_drive_is_faster_than_the_straight_line_at_the_highest_speed(network, places):
    lon, lat = map(np.array, zip(*places, strict=True))
    times = network.matrix(lon, lat)
    for row, (x, y) in enumerate(places):
        straight = distance_m(lon, lat, x, y) / (float(network.fastest_kmh) / 3.6)
        assert (times[row] >= straight * 0.999 - 1e-3).all()


def test_more_minutes_reach_more_and_the_outline_holds_what_is_reached(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path))
    bring_roads(tmp_path)
    roads = load_roads()
    assert roads
    names = list(NODES)
    at = roads.network.snap(*zip(*NODES.values(), strict=True))
    reached = {
        minutes: {names[place] for place in np.flatnonzero(roads.network.times(*NODES["a"], at) <= minutes * 60)}
        for minutes in (1, 2, 3, 5, 10, 13)
    }
    assert reached == {1: {"a"}, 2: set("ab"), 3: set("abc"), 5: set("abcf"), 10: set("abcefg"), 13: set("abcdefg")}
    outlines = [isochrone(roads.network, *NODES["a"], minutes) for minutes in (1, 5, 13)]
    assert [round(shape.area, 9) for shape in outlines] == sorted(round(shape.area, 9) for shape in outlines)
    points = roads.network.lon_lat[roads.network.reached(*NODES["a"], 5)]
    assert contains_xy(outlines[1].buffer(1e-4), *points.T).all()
    assert not contains_xy(outlines[1], *NODES["d"])
    assert isochrone(roads.network, *NODES["i"], 5).is_empty


def test_the_network_is_kept_whole_and_a_damaged_one_is_told(network, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path))
    assert load_roads() is None
    file = tmp_path / "town.osm"
    file.write_text(osm(), encoding="utf-8")
    keep_roads(network, describe(network, file, KMH))
    kept = load_roads()
    assert kept
    assert kept is load_roads()
    assert kept.record.km["primary"] == pytest.approx(2 * EAST + NORTH, abs=0.05)
    assert kept.record.extent == pytest.approx((121.40, 30.99, 121.42, 31.02))
    for name in ("seconds", "inner", "one_way"):
        assert (getattr(kept.network, name) == getattr(network, name)).all()
    arrays = roads_dir() / "network.npz"
    arrays.write_bytes(arrays.read_bytes()[:-3] + b"abc")
    record = roads_dir() / "network.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8"))), encoding="utf-8")  # as written anew
    with pytest.raises(DataError, match="校验值不符"):
        load_roads()
    assert remove_roads()
    assert not remove_roads()
    assert load_roads() is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.osm", "no xml", "摘录读不出来"),
        ("a.osm", "<html></html>", "摘录读不出来"),
        ("a.osm.pbf", "no pbf", "摘录读不出来"),
        ("a.osm", "<osm/>", "没有能开车的道路"),
        ("a.csv", "a,b", "不是 OpenStreetMap 摘录"),
        ("a.osm", osm([("be", {"highway": "footway"})]), "没有能开车的道路"),
        ("a.osm", osm([("ab", {"highway": "primary", "oneway": "yes"})]), "道路连不成网"),
    ],
)
def test_what_is_no_extract_is_refused_in_a_sentence(tmp_path, name, content, said):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_network(tmp_path / name, KMH)
    with pytest.raises(DataError, match="没有这个文件"):
        read_network(tmp_path / "b.osm", KMH)


XML, PBF, PACKED = osm().encode(), pbf(), pbf(packed=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm", XML[: len(XML) * 3 // 4]),  # within the ways: those before would make a network
        ("a.osm", XML.rstrip()[:-1]),
        ("a.osm", XML.replace(b'<way id="9"', b'<<way id="9"')),
        ("a.osm", b"<osm><node id='1'"),
        ("a.osm.pbf", PBF[:-1]),
        ("a.osm.pbf", PBF[:20]),
        ("a.osm.pbf", PBF + b"\0\0"),
        ("a.osm.pbf", PACKED[:-9]),
        ("a.osm.pbf", PACKED[:-40] + bytes(byte ^ 255 for byte in PACKED[-40:])),
        ("a.osm", PBF[:-1]),  # what it is its content says
        ("a.osm.pbf", XML[:-9]),
    ],
)
def test_a_cut_or_damaged_extract_is_refused_whole(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"摘录不完整.*再复制或下载一次"):
        read_network(tmp_path / name, KMH)


def test_what_stands_after_the_end_of_the_markup_does_no_harm(network, tmp_path):
    (tmp_path / "a.osm").write_bytes(b"\xef\xbb\xbf" + XML + b"\n \n<!-- made up -->\n")
    assert len(read_network(tmp_path / "a.osm", KMH).tails) == len(network.tails)


def test_speeds_of_ones_own_take_the_place_of_the_assumed_ones(tmp_path):
    file = tmp_path / "speeds.csv"
    file.write_text("highway,kmh\nprimary,25\nresidential,10\n", encoding="utf-8")
    own = read_speeds(file)["kmh"].to_dict()
    (tmp_path / "a.osm").write_text(osm(), encoding="utf-8")
    slow = read_network(tmp_path / "a.osm", own)
    assert seconds(slow, "a", "b") == pytest.approx(EAST / 25 * 3600, rel=2e-4)
    assert {list(own)[kind] for kind in slow.kinds} == {"primary"}  # north of the bridge no class comes back
    for wrong in (
        "highway,kmh\nprimary,fast\n",
        "highway,kmh\nfootway,5\n",
        "highway,kmh\nprimary,50\nprimary,60\n",
        "a\n1\n",
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(DataError):
            read_speeds(file)


def test_arrays_of_somebody_else_are_no_network(tmp_path):
    np.savez(tmp_path / "a.npz", vertices=np.zeros(2))
    with pytest.raises(DataError, match="路网读不出来"):
        RoadNetwork.read(tmp_path / "a.npz")
