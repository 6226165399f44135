"""Twenty readers at once: tiles and clicks over HTTP, and pages over WebSocket, against a server of its own."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks import Line
from benchmarks.browser import STARTUP, get, streamlit
from geo.datasets.demo import write_demo
from geo.index.morton import project

READERS = 20
SECONDS = 20.0  # how long the readers go on
QUERIES = ("", "zone=belt", "industry=auto,equipment", "zone=core&industry=electronics")


def run_page(address: str) -> tuple[float, str]:
    """Open a session and run the map page once; time [ms], and the id of the set that its tiles come from."""
    start = time.perf_counter()
    with connect(f"{address.replace('http', 'ws')}/_stcore/stream", max_size=None, open_timeout=60) as pipe:
        message = BackMsg()
        message.rerun_script.query_string = ""
        pipe.send(message.SerializeToString())
        key = ""
        while True:
            data = pipe.recv(timeout=STARTUP)
            answer = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            text = str(answer) if not key else ""
            if "/tiles/" in text:
                key = text.split("/tiles/", 1)[1].split("/", 1)[0]
            if answer.WhichOneof("type") == "script_finished":
                break
    return (time.perf_counter() - start) * 1e3, key


def resident(pid: int) -> float:
    """Resident memory of a process [MB]; NaN where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def reader(address: str, key: str, number: int, until: float) -> dict[str, list[float]]:
    """One reader: pans, zooms, filters and clicks until the time is up; times [ms] by kind."""
    rng = np.random.default_rng(number)
    times: dict[str, list[float]] = {"tile": [], "click": []}
    while time.monotonic() < until:
        query = QUERIES[int(rng.integers(len(QUERIES)))]
        zoom = int(rng.integers(9, 17))
        lon, lat = float(rng.normal(121.45, 0.12)), float(rng.normal(31.2, 0.1))
        (x,), (y,) = project([lon], [lat])
        column, row = int(x) >> (26 - zoom), int(y) >> (26 - zoom)
        asked = [
            ("tile", f"/tiles/{key}/{zoom}/{column + dx}/{row + dy}.png?{query}") for dx in (0, 1) for dy in (0, 1)
        ]
        asked.append(("click", f"/at?set={key}&lon={lon}&lat={lat}&zoom={zoom}&{query}"))
        for kind, path in asked:
            start = time.perf_counter()
            get(address + path)
            times[kind].append((time.perf_counter() - start) * 1e3)
    return times


def measure(rows: int) -> Iterator[Line]:
    """Measure pages, tiles and clicks of twenty readers, what failed, and the memory of a session."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "set"
        write_demo(rows, folder)
        with streamlit(EXPLORER_SET=str(folder.resolve())) as (address, pid), ThreadPoolExecutor(2 * READERS) as pool:
            yield from _measure(rows, address, pid, pool)


def _measure(rows: int, address: str, pid: int, pool: ThreadPoolExecutor) -> Iterator[Line]:
    first, key = run_page(address)
    yield Line(f"first page after the start, {rows:,} rows", first)
    before = resident(pid)
    until = time.monotonic() + SECONDS
    readers = [pool.submit(reader, address, key, number, until) for number in range(READERS)]
    pages = [pool.submit(run_page, address) for _ in range(READERS)]
    failed, tiles, clicks, runs = 0, [], [], []
    for page in pages:
        try:
            runs.append(page.result()[0])
        except (OSError, TimeoutError, RuntimeError):
            failed += 1
    for one in readers:
        try:
            times: dict[str, Any] = one.result()
            tiles += times["tile"]
            clicks += times["click"]
        except (OSError, json.JSONDecodeError):
            failed += 1
    for name, figures in (("tile", tiles), ("click", clicks), ("page", runs)):
        what = f"{READERS} readers at once, a {name}, {rows:,} rows"
        if figures:
            yield Line(f"{what}, median", float(np.percentile(figures, 50)))
            yield Line(f"{what}, 95th percentile", float(np.percentile(figures, 95)))
    yield Line(f"{READERS} readers at once, answers, {rows:,} rows", len(tiles) + len(clicks) + len(runs), "answers")
    yield Line(f"{READERS} readers at once, failed, {rows:,} rows", failed, "readers", at_most=0)
    yield Line(f"memory per session, {rows:,} rows", (resident(pid) - before) / READERS, "MB")
