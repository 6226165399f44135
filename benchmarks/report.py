"""Write `docs/performance.md` and its figure from the JSON of one run: ``python -m benchmarks.report RUN.json``."""

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
PAGE: Final = DOCS / "performance.md"
FIGURE: Final = DOCS / "img" / "growth.svg"

TITLES: Final[dict[str, str]] = {
    "join": "点落在哪个区：与 shapely 逐点一致",
    "facets": "筛选与每个选项旁的数量",
    "tiles": "地图瓦片与点选",
    "search": "文字检索",
    "opening": "打开一个数据集",
    "growth": "规模增长",
    "map": "浏览器中的首次绘制",
    "clicks": "点一次筛选，到地图画好",
    "start": "从命令到第一张地图",
    "load": "二十人同时使用",
    "intake": "读入厂商表格",
    "clusters": "集聚：种下的能找到，随机的找不到",
}
"""Topic → its heading."""

_GROWTH: Final = re.compile(r"growth: (.+), ([\d,]+) rows")
_NAMES: Final = {
    "join": "point → district",
    "facets": "all facets",
    "tile at zoom 9, 95th percentile": "tile z9, p95",
    "tile at zoom 14, 95th percentile": "tile z14, p95",
    "search": "text search",
}
_COLOURS: Final = ("#D55E00", "#0072B2", "#009E73", "#E69F00", "#CC79A7")


def page(report: dict[str, Any]) -> str:
    """The page: where and when it was measured, then one table a topic.

    Examples
    --------
    >>> line = {"what": "a", "unit": "ms", "ours": 2.0, "at_most": 5, "peers": {"p": 8.0}, "ratios": {"p": 4.0},
    ...         "at_least": {}, "holds": {"ours": True}}
    >>> machine = {"processor": "x", "cores": 2, "system": "s", "python": "3.11"}
    >>> text = page({"when": "2026-11-24T00:00:00+00:00", "rows": 9, "machine": machine, "versions": {"numpy": "2"},
    ...              "topics": {"join": [line]}})
    >>> "| a | 2 ms | ≤ 5 ms ✓ | p 8 ms · 4× |" in text
    True
    """
    machine = report["machine"]
    versions = "、".join(f"{name} {version}" for name, version in report["versions"].items() if version)
    parts = [
        "# 性能",
        "由 `python -m benchmarks.report` 从 `python -m benchmarks --json` 的结果写成，不手改；各主题可在不同的运行里测得。"
        "绝对时间随机器变动，比值才算数；每个比值的两边在同一次运行里测得。企业为合成登记数据，区界是真实的 16 个区。",
        f"{report['when'][:10]}，{report['rows']:,} 家；{machine['processor']}，{machine['cores']} 核；"
        f"Python {machine['python']}；{versions}。",
    ]
    for topic, lines in report["topics"].items():
        parts.append(f"## {TITLES.get(topic, topic)}")
        if topic == "growth":
            parts.append("![成本随企业数的增长](img/growth.svg)")
            continue
        rows = ["| 测了什么 | 我们 | 要求 | 对手与倍数 |", "|---|---|---|---|"]
        rows += [
            f"| {line['what']} | {_figure(line['ours'], line['unit'])} | {_bound(line)} | {_peers(line)} |"
            for line in lines
        ]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def draw_growth(lines: list[dict[str, Any]]) -> Figure:
    """Cost over the number of enterprises, both logarithmic, one line a kind of work."""
    series: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for line in lines:
        match = _GROWTH.fullmatch(line["what"])
        if match:
            series[match[1]].append((int(match[2].replace(",", "")), line["ours"]))
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.add_subplot()
    for (name, points), colour in zip(series.items(), _COLOURS, strict=False):
        axes.loglog(*zip(*points, strict=True), marker="o", color=colour, label=_NAMES.get(name, name))
    axes.set_xlabel("enterprises")
    axes.set_ylabel("ms")
    axes.grid(True, which="major", color="#D1D5DB", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return figure


def main(arguments: list[str] | None = None) -> int:
    """Write page and figure; 2 with one sentence when the run cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument(
        "run", type=Path, nargs="+", help="JSON that python -m benchmarks wrote; topics of later ones win"
    )
    parser.add_argument("--docs", type=Path, default=DOCS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        runs = [json.loads(file.read_text(encoding="utf-8")) for file in options.run]
        report = runs[-1] | {"topics": {name: lines for run in runs for name, lines in run["topics"].items()}}
        text = page(report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"测量结果读不了：{error}（not a run of the benchmarks）", file=sys.stderr)
        return 2
    (options.docs / "img").mkdir(parents=True, exist_ok=True)
    (options.docs / PAGE.name).write_text(text, encoding="utf-8")
    figure = draw_growth(report["topics"].get("growth", []))
    FigureCanvasSVG(figure).print_svg(options.docs / "img" / FIGURE.name, metadata={"Date": None})
    return 0


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 1000 else f"{value:,.3g} {unit}"


def _bound(line: dict[str, Any]) -> str:
    held = {True: " ✓", False: " ✗"}
    parts = [] if line["at_most"] is None else [f"≤ {line['at_most']:,g} {line['unit']}{held[line['holds']['ours']]}"]
    parts += [
        f"≥ {times:,.3g}× {name}{held.get(line['holds'].get(name), '')}" for name, times in line["at_least"].items()
    ]
    return "；".join(parts)


def _peers(line: dict[str, Any]) -> str:
    parts = []
    for name, figure in line["peers"].items():
        ratio = line["ratios"][name]
        parts.append(f"{name} {figure}" if ratio is None else f"{name} {_figure(figure, line['unit'])} · {ratio:,.3g}×")
    return "；".join(parts)


if __name__ == "__main__":
    sys.exit(main())
