"""Opening a set from its folder: the first time, when its columns are made, and every time after that."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import MISSING, Line, peer
from geo.datasets.demo import write_demo

AGAIN: Final = 3
OPENING: Final = "from geo.datasets.storage import open_dataset as work"
PEERS: Final = {"geopandas read_parquet": "geopandas", "pandas read_parquet": "pandas", "polars read_parquet": "polars"}

_RUN: Final = """
import json, sys, time
{load}
def anonymous():
    with open("/proc/self/status") as status:
        return sum(int(line.split()[1]) for line in status if line.startswith("RssAnon")) / 1e3
before, start = anonymous(), time.perf_counter()
held = work(sys.argv[1])
print(json.dumps([(time.perf_counter() - start) * 1e3, anonymous() - before]))
"""


def opened(load: str, path: Path) -> tuple[float, float]:
    """Time [ms] and memory that is not the system's copy of a file [MB] of one opening in a process of its own."""
    command = [sys.executable, "-c", _RUN.format(load=load), str(path)]
    took, held = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return took, held


def best(load: str, path: Path) -> tuple[float, float]:
    """The least of some openings, time and memory each."""
    times, memory = zip(*(opened(load, path) for _ in range(AGAIN)), strict=True)
    return min(times), min(memory)


def measure(rows: int) -> Iterator[Line]:
    """Measure time and memory of opening a set; the peers read its table alone."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "set"
        write_demo(rows, folder)
        file = folder / "enterprises.parquet"
        first, _ = opened(OPENING, folder)
        took, held = best(OPENING, folder)
        times: dict[str, float | str] = {}
        memory: dict[str, float | str] = {}
        for name, module in PEERS.items():
            if peer(module) is None:
                times[name] = memory[name] = MISSING
            else:
                times[name], memory[name] = best(f"from {module} import read_parquet as work", file)
        yield Line(f"opening a set for the first time, {rows:,} rows", first)
        yield Line(f"opening it again, with facets, tiles and search, {rows:,} rows", took, peers=times, at_most=10_000)
        yield Line(f"memory of a set opened again, {rows:,} rows", held, "MB", peers=memory)
