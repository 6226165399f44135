"""Kernels give one answer, compiled or not; a small set is opened and counted without numba."""

import subprocess
import sys

import numpy as np

from geo.index.facets import tally
from geo.index.jit import Kernel, kernel
from geo.index.morton import crowding, keys
from geo.index.predicates import orientation

START = """
import sys
from app.server.datasets import starting_set
from geo.filters.filters import Filters
data = starting_set()
assert data.facet_counts(Filters(zone=("belt",)))["zone"].sum() == len(data.enterprises)
assert data.count(Filters(), zone=["core"]) == 49
assert "numba" not in sys.modules
data.text_index.search("汽车")
assert "numba" in sys.modules
"""


@kernel(3)
def doubled(values):
    """Twice the values."""
    return values * 2


def test_the_starting_set_is_counted_without_waiting_for_numba():
    run = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr


def test_little_runs_as_plain_python_until_numba_is_there(monkeypatch):
    calls = []
    counted = Kernel(lambda _: calls.append("plain"), little=3)
    vars(counted)["compiled"] = lambda _: calls.append("compiled")
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    counted(np.zeros(3))
    counted(np.zeros(4))
    monkeypatch.setitem(sys.modules, "numba", sys)
    counted(np.zeros(3))
    assert calls == ["plain", "compiled", "compiled"]


def both(function):
    """A kernel as plain Python and compiled; the name of one that another calls stands for the compiled one by then."""
    return getattr(function, "plain", None) or function.py_func, getattr(function, "compiled", function)


def test_plain_and_compiled_agree():
    rng = np.random.default_rng(0)
    x, y = np.sort(rng.integers(0, 1 << 26, (2, 300), dtype=np.uint32))
    for function in (keys, crowding):
        plain, compiled = both(function)
        assert plain(x, y).tolist() == compiled(x, y).tolist()
    plain, compiled = both(orientation)
    for corners in rng.integers(-3, 4, (200, 6)).astype(float):
        assert plain(*corners) == compiled(*corners)
    members = rng.integers(0, 4, (50, 3))
    bits = np.array([False, True, False])
    arguments = (
        members,
        rng.integers(1, 9, 50),
        bits,
        rng.random(11) < 0.5,
        np.array([0, 5, -1]),
        np.array([0, 4, 7, 11]),
    )
    totals = np.zeros((2, 11), np.int64)
    plain, compiled = both(tally)
    assert plain(*arguments, totals[0]) == compiled(*arguments, totals[1])
    assert totals[0].tolist() == totals[1].tolist()
    assert totals.any()
    assert doubled(np.arange(4)).tolist() == doubled.plain(np.arange(4)).tolist() == [0, 2, 4, 6]
