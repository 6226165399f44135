"""A made-up town on two banks: twelve nodes, one bridge, a one-way street, a motorway, a footway and an island."""

import itertools
import struct
import zlib

from geo.ingest.readers.roads import read_network
from geo.roads.store import describe, keep_roads
from geo.roads.ways import load_speeds

NODES = {
    "a": (121.40, 31.00), "b": (121.41, 31.00), "c": (121.42, 31.00),  # south bank
    "d": (121.40, 31.01), "e": (121.41, 31.01), "f": (121.42, 31.01),  # north bank
    "g": (121.41, 31.02),
    "m": (121.40, 30.99), "n": (121.42, 30.99),  # motorway
    "i": (121.45, 31.05), "j": (121.46, 31.05),  # island
    "k": (121.43, 31.00),  # the end of a one-way road
}  # fmt: skip

WAYS = [
    ("abc", {"highway": "primary"}),
    ("cf", {"highway": "primary", "bridge": "yes", "maxspeed": "30"}),
    ("de", {"highway": "residential"}),
    ("fe", {"highway": "residential", "oneway": "-1"}),  # driven from e to f
    ("fge", {"highway": "tertiary"}),
    ("be", {"highway": "footway"}),
    ("ad", {"highway": "service", "access": "private"}),
    ("am", {"highway": "motorway_link", "oneway": "yes"}),
    ("mn", {"highway": "motorway"}),
    ("nc", {"highway": "motorway_link", "oneway": "yes"}),
    ("ij", {"highway": "residential"}),
    ("ck", {"highway": "residential", "oneway": "yes"}),
]


def osm(ways=WAYS, nodes=None):
    """The town as an OpenStreetMap file."""
    nodes = nodes or NODES
    number = {name: place for place, name in enumerate(nodes, 1)}
    lines = [f'<node id="{number[name]}" version="1" lon="{x}" lat="{y}"/>' for name, (x, y) in nodes.items()]
    for place, (corners, tags) in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{number[name]}"/>' for name in corners)
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{place}" version="1">{refs}{said}</way>')
    return "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n" + "\n".join(lines) + "\n</osm>\n"


def pbf(ways=WAYS, nodes=None, *, packed=False):
    """The same as a protocol buffer (OSM PBF, by zlib when packed): a group of dense nodes and one of ways."""
    nodes = nodes or NODES
    number = {name: place for place, name in enumerate(nodes, 1)}
    texts = ["", *dict.fromkeys(text for _, tags in ways for pair in tags.items() for text in pair)]
    dense = _bytes(1, _steps(number.values()))
    dense += _bytes(8, _steps(round(lat * 1e7) for _, lat in nodes.values()))
    dense += _bytes(9, _steps(round(lon * 1e7) for lon, _ in nodes.values()))
    group = b""
    for place, (corners, tags) in enumerate(ways, 1):
        keys, values = (b"".join(_varint(texts.index(text)) for text in part) for part in (tags.keys(), tags.values()))
        refs = _steps(number[name] for name in corners)
        group += _bytes(3, b"\x08" + _varint(place) + _bytes(2, keys) + _bytes(3, values) + _bytes(8, refs))
    table = _bytes(1, b"".join(_bytes(1, text.encode()) for text in texts))
    header = _bytes(4, b"OsmSchema-V0.6") + _bytes(4, b"DenseNodes")
    data = table + _bytes(2, _bytes(2, dense)) + _bytes(2, group)
    return _blob("OSMHeader", header, packed) + _blob("OSMData", data, packed)


def _varint(number):
    made = b""
    while number > 127:
        made += bytes([number & 127 | 128])
        number >>= 7
    return made + bytes([number])


def _bytes(field, content):
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _steps(numbers):
    """Differences of numbers, zigzag."""
    numbers = [0, *numbers]
    steps = (after - before for before, after in itertools.pairwise(numbers))
    return b"".join(_varint(step << 1 if step >= 0 else (-step << 1) - 1) for step in steps)


def _blob(kind, content, packed):
    blob = b"\x10" + _varint(len(content)) + _bytes(3, zlib.compress(content)) if packed else _bytes(1, content)
    head = _bytes(1, kind.encode()) + b"\x18" + _varint(len(blob))
    return struct.pack(">I", len(head)) + head + blob


def bring_roads(folder, ways=WAYS, nodes=None):
    """Have the town's roads in the workspace; the network."""
    file = folder / "town.osm"
    file.write_text(osm(ways, nodes), encoding="utf-8")
    kmh = load_speeds()["kmh"].to_dict()
    network = read_network(file, kmh)
    keep_roads(network, describe(network, file, kmh))
    return network
