"""Run the benchmarks, print one table, and write every figure as JSON."""

import argparse
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import BENCHMARKS, Line

PACKAGES = (
    *("numpy", "numba", "pandas", "pyarrow", "geopandas", "shapely", "sedonadb", "duckdb", "polars", "datashader"),
    *("folium", "streamlit", "pydeck"),
)
HEADERS = ("what", "ours", "peer", "peer's", "ratio", "bound", "holds")


def machine() -> dict[str, Any]:
    """Where the figures were measured."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = named[0] if named else model
    return {
        "system": platform.platform(),
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def versions() -> dict[str, str | None]:
    """Versions of the packages that take part; None for those not installed."""
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def cells(line: Line) -> list[tuple[str, ...]]:
    """Rows of the table for one line: one for our own bound, one for each peer."""
    held = line.as_dict()["holds"]
    ours = f"{line.ours:,.4g} {line.unit}"
    rows: list[tuple[str, ...]] = []
    if line.at_most is not None or not line.peers:
        bound = "" if line.at_most is None else f"≤ {line.at_most:,g} {line.unit}"
        rows.append((line.what, ours, "", "", "", bound, {True: "yes", False: "NO"}.get(held.get("ours"), "")))
    for name, figure in line.peers.items():
        ratio = line.ratio(name)
        bound = f"≥ {line.at_least[name]:,g}×" if name in line.at_least else ""
        shown = figure if isinstance(figure, str) else f"{figure:,.4g} {line.unit}"
        times = "" if ratio is None else f"{ratio:,.3g}×" if ratio < 100 else f"{ratio:,.0f}×"
        rows.append((line.what, ours, name, shown, times, bound, {True: "yes", False: "NO"}.get(held.get(name), "")))
    return rows


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows under their headers, columns aligned; what repeats is left blank."""
    widths = [max(len(row[k]) for row in [HEADERS, *rows]) for k in range(len(HEADERS))]
    lines, last = [], ""
    for row in [HEADERS, tuple("─" * width for width in widths), *rows]:
        shown = ("", "", *row[2:]) if row[0] == last else row
        last = row[0]
        lines.append("  ".join(text.ljust(width) for text, width in zip(shown, widths, strict=True)).rstrip())
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure; 0 when done, whether the bounds hold or not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every figure and ratio here")
    parser.add_argument("--rows", type=int, default=3_000_000, help="enterprises in the synthetic registry")
    parser.add_argument("--only", action="append", choices=list(BENCHMARKS), help="one topic; may be repeated")
    options = parser.parse_args(arguments)
    if options.rows < 1000:
        parser.error("--rows must be at least 1000")
    rows: list[tuple[str, ...]] = []
    topics: dict[str, list[dict[str, Any]]] = {}
    for name in options.only or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        lines = list(importlib.import_module(BENCHMARKS[name]).measure(options.rows))
        topics[name] = [line.as_dict() for line in lines]
        rows += [row for line in lines for row in cells(line)]
    print(table(rows))
    if options.json:
        report = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "rows": options.rows,
            "machine": machine(),
            "versions": versions(),
            "topics": topics,
        }
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
