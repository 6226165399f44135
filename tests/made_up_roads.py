"""A made-up town on two banks: twelve nodes, one bridge, a one-way street, a motorway, a footway and an island."""

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


def bring_roads(folder, ways=WAYS):
    """Have the town's roads in the workspace; the network."""
    file = folder / "town.osm"
    file.write_text(osm(ways), encoding="utf-8")
    kmh = load_speeds()["kmh"].to_dict()
    network = read_network(file, kmh)
    keep_roads(network, describe(network, file, kmh))
    return network
