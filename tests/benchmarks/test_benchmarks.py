"""The benchmarks' own arithmetic, their table, and a run without the peers."""

import json

import numpy as np
import pytest

from benchmarks import BENCHMARKS, MISSING, Line, peer, report, timed
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


def test_the_page_is_written_from_a_run(tmp_path):
    growth = [Line(f"growth: join, {n:,} rows", n / 1000).as_dict() for n in (10_000, 100_000)]
    bounded = Line("a tile", 2.0, peers={"fast": 3.0, "absent": MISSING}, at_least={"fast": 2}, at_most=5).as_dict()
    run = {
        "when": "2026-11-24T12:00:00+00:00",
        "rows": 100_000,
        "machine": {"processor": "x", "cores": 2, "python": "3.11"},
        "versions": {"numpy": "2", "polars": None},
        "topics": {"tiles": [bounded], "growth": growth},
    }
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    assert report.main([str(tmp_path / "run.json"), "--docs", str(tmp_path)]) == 0
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "| a tile | 2 ms | ≤ 5 ms ✓；≥ 2× fast ✗ | fast 3 ms · 1.5×；absent not installed |" in page
    assert (tmp_path / "img" / "growth.svg").read_text(encoding="utf-8").startswith("<?xml")
    (axes,) = report.draw_growth(growth).axes
    assert np.asarray(axes.lines[0].get_xydata()).tolist() == [[10_000, 10], [100_000, 100]]


def test_a_run_that_is_none_is_one_sentence(tmp_path, capsys):
    (tmp_path / "run.json").write_text("[]", encoding="utf-8")
    assert report.main([str(tmp_path / "run.json"), "--docs", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
