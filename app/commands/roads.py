"""`python -m app roads`: make a network to drive on of an OpenStreetMap extract, say what there is, or remove it."""

import argparse
import sys
from pathlib import Path

import numpy as np

from app.commands.query import load
from app.log import record_event
from app.records.people import COMMAND_LINE
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.ingest.readers.roads import read_network
from geo.roads.network import SNAP_M
from geo.roads.store import NO_NETWORK, Roads, describe, keep_roads, load_roads, remove_roads
from geo.roads.ways import load_speeds, read_speeds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="上海的摘录，.osm.pbf 或 .osm；不写则说明现有路网（extract）"
    )
    parser.add_argument(
        "--speeds",
        type=Path,
        metavar="CSV",
        help="自己的车速表，两列 highway、kmh，没有写的一类不走（speeds of one's own)",
    )
    parser.add_argument("--remove", action="store_true", help="移除路网（remove the network）")
    parser.add_argument("--set", type=Path, metavar="DIR", help="import 写出的文件夹，代替内置样本（imported set）")


def run(options: argparse.Namespace) -> int:
    """Do it, and say what there is.

    Raises
    ------
    DataError
        As for `geo.ingest.readers.roads.read_network` and `geo.roads.ways.read_speeds`, or when arguments contradict.
    """
    if options.remove and (options.file or options.speeds):
        raise DataError("移除与读入不能一起写（remove or read, not both）", expected="roads FILE 或 roads --remove")
    if options.speeds and not options.file:
        raise DataError("车速表要与摘录一起写（speeds come with an extract）", expected="roads FILE --speeds CSV")
    if options.remove:
        removed = remove_roads()
        record_event("roads", COMMAND_LINE, action="remove")
        print("路网已移除（removed）" if removed else "没有可移除的路网（there was none）")
        return 0
    if options.file:
        speeds = read_speeds(options.speeds) if options.speeds else load_speeds()
        kmh = {str(kind): float(value) for kind, value in speeds["kmh"].items()}
        network = read_network(options.file, kmh, _tell)
        keep_roads(network, describe(network, options.file, kmh))
        record_event("roads", COMMAND_LINE, action="add")
    roads = load_roads()
    if roads is None:
        print(f"{NO_NETWORK.zh}（no network）")
        return 0
    for line in _said(roads, load(options.set)):
        print(line)
    return 0


def _tell(ways: int) -> None:
    if sys.stderr.isatty():
        print(f"\r已读 {ways:,} 条道路（ways read）", end="", file=sys.stderr)


def _said(roads: Roads, data: Dataset) -> list[str]:
    """What is said of a network: what it was made of, how large it is, and how many enterprises stand beside a road."""
    record, names = roads.record, load_speeds()["name_zh"]
    west, south, east, north = record.extent
    points = data.prepared("drive").points
    near = roads.network.snap(points.lon, points.lat).found
    lengths = [
        f"  {names[kind]} {kind}：{km:,.1f} km，假定 {record.kmh[kind]:g} km/h" for kind, km in record.km.items() if km
    ]
    return [
        f"路网：{record.file}（{record.file_date}），{record.vertices:,} 个路口，{record.edges:,} 段路（vertices, edges）",
        f"范围（extent）：{west:.4f}, {south:.4f} – {east:.4f}, {north:.4f}",
        f"没有连通而略去的（not connected）：{record.left_out[0]:,} 个路口，{record.left_out[1]:,} 段路",
        *lengths,
        f"{data.title}：有自己点位的 {int(np.isfinite(points.lon).sum()):,} 家，{int(near.sum()):,} 家离道路不到 {SNAP_M:g} 米"
        "（with a road near by）",
        record.about("zh"),
    ]
