"""The benchmarks' own arithmetic, their table, and a run without the peers."""

import json

import pytest

from benchmarks import BENCHMARKS, MISSING, Line, peer, timed
from benchmarks.__main__ import cells, main, table


def test_ratios_and_bounds():
    line = Line(
        "a", 2.0, peers={"fast": 3.0, "slow": 50.0, "absent": MISSING}, at_least={"fast": 2, "slow": 25}, at_most=2
    )
    report = line.as_dict()
    assert report["ratios"] == {"fast": 1.5, "slow": 25.0, "absent": None}
    assert report["holds"] == {"fast": False, "slow": True, "ours": True}
    assert Line("a", 2.1, at_most=2).as_dict()["holds"] == {"ours": False}


def test_a_bound_on_an_absent_peer_neither_holds_nor_fails():
    assert Line("a", 1.0, peers={"x": MISSING}, at_least={"x": 10}).as_dict()["holds"] == {}


def test_the_table_names_what_is_not_installed():
    rows = cells(Line("a tile", 2.0, peers={"fast": 3000.0, "absent": MISSING}, at_least={"fast": 2000}, at_most=5))
    text = table(rows).splitlines()
    assert len(text) == 5
    assert text[2].split() == ["a", "tile", "2", "ms", "≤", "5", "ms", "yes"]
    assert text[3].split() == ["fast", "3,000", "ms", "1,500×", "≥", "2,000×", "NO"]
    assert text[4].split() == ["absent", *MISSING.split()]


def test_a_peer_that_is_not_there_is_none():
    assert peer("no_such_peer_at_all") is None
    assert peer("numpy.linalg").norm([3.0, 4.0]) == 5.0


def test_timing_calls_once_more_than_it_counts():
    calls: list[int] = []
    assert timed(calls.append, 1, repeat=3) >= 0
    assert len(calls) == 4


@pytest.mark.parametrize("topic", ["facets", "search"])
def test_a_small_run_writes_every_figure(tmp_path, topic, capsys):
    assert main(["--rows", "2000", "--only", topic, "--json", str(tmp_path / "out" / "bench.json")]) == 0
    report = json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8"))
    assert report["rows"] == 2000
    assert set(report["topics"]) == {topic}
    lines = report["topics"][topic]
    assert all(line["ours"] > 0 for line in lines)
    assert {"cores", "processor"} <= set(report["machine"])
    assert report["versions"]["numpy"]
    printed = capsys.readouterr().out
    assert all(line["what"] in printed for line in lines)


def test_every_topic_can_be_imported():
    for module in BENCHMARKS.values():
        assert callable(peer(module).measure)
