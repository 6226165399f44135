"""Vendors' files in: `geo.ingest.pipeline` beside plain pandas and geopandas, the datum verdict, and offline geocoding."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter
from numpy.typing import NDArray

from benchmarks import Line
from benchmarks.vendor import rows as vendor_rows
from benchmarks.vendor import sites, with_points
from geo.catalog import ROOT, read_table
from geo.crs import DATUMS, METRIC_CRS, from_wgs84, points
from geo.ingest.datum import UNDETERMINED, judge
from geo.ingest.locate import read_addresses
from geo.places.districts import adcodes_of, load_outlines
from geo.places.gazetteer import AddressParts
from geo.places.towns import load_towns

ROWS: Final = 100_000
SECONDS: Final = 30.0
MEMORY: Final = 1024.0  # [MiB]
TRIALS: Final = {30: 200, 100: 200, 1_000: 50, 10_000: 5}
"""Rows of a file → files that are judged for each datum."""

_OURS: Final = """
from geo.ingest.pipeline import import_files
import_files([file], folder + "/out")
"""
_PLAIN: Final = """
import geopandas as gpd, pandas as pd
from geo.places.districts import load_districts
table = pd.read_csv(file, dtype=str) if file.endswith("csv") else pd.read_excel(file, dtype=str{engine})
points = gpd.points_from_xy(table["经度"].astype(float), table["纬度"].astype(float))
frame = gpd.GeoDataFrame(table, geometry=points, crs=4326)
gpd.sjoin(frame, load_districts(), how="left", predicate="within").to_parquet(folder + "/plain.parquet")
"""
_PROCESS: Final = """
import json, pathlib, re, sys, time
file, folder = sys.argv[1:]
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
status = pathlib.Path("/proc/self/status")  # what getrusage says counts the process that started this one too
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text()).group(1)) / 1024 if status.exists() else float("nan")
print(json.dumps([seconds, peak]))
"""


def measure(rows: int) -> Iterator[Line]:
    """Measure reading speed and memory, the verdict on the datum, and the error of geocoding."""
    yield from _speed(min(rows, ROWS))
    yield from _verdicts()
    yield from _geocoding()


def _speed(rows: int) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        table = with_points(vendor_rows(rows), "gcj02")
        for suffix in ("csv", "xlsx"):
            file = Path(folder) / f"export.{suffix}"
            _write(table, file)
            seconds, memory = _in_process(_OURS, file, folder)
            plain = {"pandas + sjoin": _PLAIN.replace("{engine}", "")}
            if suffix == "xlsx":
                plain["pandas, calamine + sjoin"] = _PLAIN.replace("{engine}", ', engine="calamine"')
            peers = {name: _in_process(code, file, folder) for name, code in plain.items()}
            what = f"intake: {suffix} of {rows:,} rows"
            rates = {name: rows / taken for name, (taken, _) in peers.items()}
            yield Line(f"{what}, whole import", seconds, "s", {n: t for n, (t, _) in peers.items()}, at_most=SECONDS)
            yield Line(f"{what}, rows a second", rows / seconds, "rows/s", rates)
            bound = MEMORY if suffix == "csv" else None
            yield Line(f"{what}, peak memory", memory, "MiB", {n: m for n, (_, m) in peers.items()}, at_most=bound)


def _write(table: pd.DataFrame, file: Path) -> None:
    if file.suffix == ".csv":
        table.to_csv(file, index=False, encoding="utf-8-sig")
        return
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([tuple(table.columns), *table.itertuples(index=False)]):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)


def _in_process(work: str, file: Path, folder: str) -> tuple[float, float]:
    """Seconds and peak memory [MiB] of a process of its own, start-up left out of the seconds."""
    command = [sys.executable, "-c", _PROCESS.replace("{work}", work), str(file), folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def _verdicts() -> Iterator[Line]:
    """How often a simulated file of each datum is told rightly, and how often wrongly."""
    size = 40_000
    table = vendor_rows(size)
    lon, lat = sites(size)
    adcodes = adcodes_of(table["所属区县"]).to_numpy(dtype="U6")
    parts = read_addresses(table["企业地址"], pd.Series(adcodes))
    usable = np.flatnonzero(np.isfinite(lon) & (adcodes != ""))
    for datum in DATUMS:
        x, y = from_wgs84(lon, lat, datum)
        for evidence, addresses in (("districts and addresses", parts), ("districts alone", None)):
            for n, trials in TRIALS.items():
                right, wrong = _judged(datum, usable, (x, y), adcodes, addresses, n, trials)
                what = f"intake: datum {datum}, {n:,} rows, {evidence}"
                yield Line(f"{what}, told rightly", right * 100, "%")
                yield Line(f"{what}, told wrongly", wrong * 100, "%", at_most=0.0)


def _judged(
    datum: str,
    usable: NDArray[np.int64],
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    adcodes: NDArray[Any],
    parts: list[AddressParts] | None,
    n: int,
    trials: int,
) -> tuple[float, float]:
    verdicts = []
    for trial in range(trials):
        rows = np.random.default_rng(trial).choice(usable, n, replace=False)
        said = [parts[row] for row in rows] if parts else None
        verdicts.append(judge(at[0][rows], at[1][rows], adcodes[rows], said).verdict)
    right = verdicts.count(datum)
    return right / trials, (trials - right - verdicts.count(UNDETERMINED)) / trials


def _geocoding() -> Iterator[Line]:
    """Error of a road's point, and of a town's point when the road is left out, beside the district's middle."""
    columns = ["district", "town_mode", "median_spread_m", "n_points", "lon_wgs84", "lat_wgs84"]
    roads = read_table("roads", columns)
    roads = roads[adcodes_of(roads["district"]) != ""].reset_index(drop=True)
    adcode = adcodes_of(roads["district"])
    at = points(roads["lon_wgs84"].astype(float), roads["lat_wgs84"].astype(float)).to_crs(METRIC_CRS)
    outlines = load_outlines()
    labels = points(outlines["label_lon"], outlines["label_lat"]).to_crs(METRIC_CRS)
    by_district = at.distance(labels.reindex(adcode).set_axis(at.index)).to_numpy()
    weight = roads["n_points"].astype(int).to_numpy()
    spread = roads["median_spread_m"].astype(float).to_numpy()
    yield Line(
        "geocoding: road and house number, median distance of its addresses", _median(spread, weight), "m",
        {"middle of the district": _median(by_district, weight)},
    )  # fmt: skip
    towns = load_towns().dropna(subset="geometry").to_crs(METRIC_CRS).set_index(["adcode", "name"])["geometry"]
    towns = towns[~towns.index.duplicated()]
    town = towns.reindex(pd.MultiIndex.from_arrays([adcode, roads["town_mode"]])).set_axis(at.index)
    by_town = at.distance(town).to_numpy()
    known = np.isfinite(by_town)
    yield Line(
        "geocoding: road left out, town named, median error", _median(by_town[known], weight[known]), "m",
        {"middle of the district": _median(by_district[known], weight[known])},
    )  # fmt: skip


def _median(values: NDArray[np.float64], weight: NDArray[np.int64]) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)])
