"""Ways of an OpenStreetMap extract turned into a network: which may be driven, which way round, how fast."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from geo.catalog import cached_frame, read_table
from geo.distance import distance_m
from geo.errors import DataError
from geo.roads.network import ACCESS_KMH, DEGREE_UNITS, RoadNetwork

WAY_TAGS: Final = (
    *("highway", "oneway", "junction", "maxspeed", "access", "vehicle", "motor_vehicle", "motorcar", "area"),
)
"""Tags that are looked at."""

MAX_TAGGED_KMH: Final = 120.0
"""Highest speed that may be driven in China (道路交通安全法实施条例, article 78): a tag that says more counts as this."""

POINT_SPACING_M: Final = 100.0
"""A straight stretch that is longer gets points between, so that whoever stands beside it finds one."""

_BARRED: Final = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military", "bus", "psv"})
_ACCESS_TAGS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
"""The most particular one that stands there decides; of several values one that is open is enough."""

_BACKWARD: Final = frozenset({"-1", "reverse"})
_FORWARD: Final = frozenset({"yes", "1", "true"})
_ALTERNATING: Final = frozenset({"reversible", "alternating"})
"""Which way these may be driven depends on the hour: they are left out."""
_ROUND: Final = frozenset({"roundabout", "circular"})

_CLOSED: Final = ("motorway", "motorway_link")
"""Classes that nobody joins from the land beside them."""

_SPEED: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_KM_PER_MILE: Final = 1.609344


@cached_frame("free_flow_speeds")
def load_speeds() -> pd.DataFrame:
    """Assumed free-flow speeds: a judgement of the project, neither measured nor published.

    Returns
    -------
    DataFrame
        Index `highway` (class of OpenStreetMap); `name_zh`, `name_en`, `kmh` [km/h].

    Examples
    --------
    >>> load_speeds()["kmh"][["motorway", "residential"]].tolist()
    [90.0, 20.0]
    """
    return _checked(read_table("free_flow_speeds", ["highway", "name_zh", "name_en", "kmh"]), None)


def read_speeds(file: Path) -> pd.DataFrame:
    """Read speeds of one's own, as `load_speeds` gives them, from a CSV with the columns `highway` and `kmh`.

    Raises
    ------
    DataError
        When it cannot be read, names a class twice or one that is not in the table, or a speed is none.
    """
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise DataError("车速表读不出来", file=file, expected="有 highway、kmh 两列的 csv") from error
    if not {"highway", "kmh"} <= set(table.columns):
        raise DataError("车速表缺少列", file=file, expected="highway、kmh")
    own, names = _checked(table, file), load_speeds()
    for highway in own.index.difference(names.index):
        raise DataError("没有这类道路", file=file, value=highway, expected="、".join(names.index))
    return own[["kmh"]].join(names[["name_zh", "name_en"]])


def _checked(table: pd.DataFrame, file: Path | None) -> pd.DataFrame:
    """The table with its speeds as numbers [km/h]."""
    kmh = pd.to_numeric(table["kmh"], errors="coerce").astype(float)
    for row in np.flatnonzero(~kmh.between(5, MAX_TAGGED_KMH) | table["highway"].duplicated()):
        raise DataError(
            "车速不对，或同一类道路写了两次", file=file, row=int(row) + 2, value=table["kmh"].iloc[row],
            expected=f"5 至 {MAX_TAGGED_KMH:g} 之间的数，每类一行",
        )  # fmt: skip
    return table.assign(kmh=kmh).set_index("highway")


def tagged_kmh(text: str) -> float:
    """Speed [km/h] of the tag `maxspeed`; NaN when it says none that can be counted with.

    Examples
    --------
    >>> [tagged_kmh(text) for text in ("60", "30 mph", "300", "walk", "CN:urban", "0")]
    [60.0, 48.28032, 120.0, nan, nan, nan]
    """
    match = _SPEED.fullmatch(text.strip().lower())
    kmh = float(match[1]) * (_KM_PER_MILE if match[2] == "mph" else 1.0) if match else np.nan
    return min(kmh, MAX_TAGGED_KMH) if kmh >= 5 else np.nan


def direction(tags: Mapping[str, str]) -> int:
    """Which way a way may be driven: 1 as it is drawn, −1 the other way round, 0 both, 2 none.

    Examples
    --------
    >>> [direction(tags) for tags in ({}, {"oneway": "-1"}, {"junction": "roundabout"}, {"access": "private"})]
    [0, -1, 1, 2]
    >>> [direction({"access": text}) for text in ("agricultural;forestry", "no;destination")]
    [2, 0]
    """
    access = next((parts for name in _ACCESS_TAGS if (parts := _parts(tags, name))), set())
    oneway = _parts(tags, "oneway")
    contradicts = len(oneway) > 1 and not (oneway <= _FORWARD or oneway <= _BACKWARD)
    if (access and access <= _BARRED) or "yes" in _parts(tags, "area") or oneway & _ALTERNATING or contradicts:
        return 2
    if oneway & _BACKWARD:
        return -1
    implied = not oneway and (_parts(tags, "junction") & _ROUND or tags.get("highway") == "motorway")
    return int(bool(oneway & _FORWARD or implied))


def _parts(tags: Mapping[str, str], name: str) -> set[str]:
    """Values of a tag, which may hold several (``no;destination``), in small letters."""
    return {part for text in tags.get(name, "").split(";") if (part := text.strip().lower())}


class Ways(NamedTuple):
    """Ways that may be driven, one after the other.

    `units` are the corners (lon, lat) in 1e-7 degrees, shape (n, 2), and `way` the way of each, counted from 0 and
    rising; of each way `kind` is the position of its class among the speeds, `kmh` its speed and `one_way` whether it
    is driven from its first corner to its last one only.
    """

    units: NDArray[np.int32]
    way: NDArray[np.int64]
    kind: NDArray[np.int8]
    kmh: NDArray[np.float64]
    one_way: NDArray[np.bool_]


def drivable(
    tags: Mapping[str, Sequence[str]], corners: NDArray[np.float64], way: NDArray[np.int64], kmh: Mapping[str, float]
) -> Ways:
    """Those of some ways that a car may drive on.

    Parameters
    ----------
    tags : mapping of str to sequence of str
        Of `WAY_TAGS`, one text for each way, empty where it has no such tag.
    corners : ndarray of float, shape (n, 2)
        Longitude and latitude [degrees].
    way : ndarray of int, shape (n,)
        Position of the way of each corner, rising.
    kmh : mapping of str to float
        Class → assumed speed [km/h]; other classes are not driven on.
    """
    table = pd.DataFrame({name: pd.Series(tags[name], dtype=object) for name in WAY_TAGS})
    kinds = table["highway"].map({name: place for place, name in enumerate(kmh)})
    states = table.drop_duplicates()
    told = states.assign(
        _way_round=[direction(row) for row in states.to_dict("records")],
        _kmh=[tagged_kmh(text) for text in states["maxspeed"]],
    )
    table = table.merge(told, how="left", on=list(WAY_TAGS))
    assumed = table["highway"].map(kmh)
    way_round = table["_way_round"].to_numpy(int)
    kept = kinds.notna().to_numpy() & (way_round != 2)
    units = np.round(corners * DEGREE_UNITS).astype(np.int32)
    repeated = np.r_[False, (way[1:] == way[:-1]) & (units[1:] == units[:-1]).all(axis=1)]
    rows = np.flatnonzero(kept[way] & ~repeated)
    # A way that is driven against its drawing is turned round, so that one direction is left to speak of.
    of = way[rows]
    turned = way_round[of] == -1
    rows = rows[np.lexsort((np.where(turned, -np.arange(len(rows)), np.arange(len(rows))), of))]
    number = np.cumsum(kept) - 1
    return Ways(
        units[rows], number[way[rows]], kinds[kept].to_numpy(np.int8),
        table["_kmh"].fillna(assumed)[kept].to_numpy(float), way_round[kept] != 0,
    )  # fmt: skip


def join_ways(parts: Sequence[Ways]) -> Ways:
    """Ways of several batches as one."""
    counts = np.cumsum([0, *(len(part.kind) for part in parts)])
    ways = [part.way + first for part, first in zip(parts, counts, strict=False)]
    units, _, *rest = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Ways(units, np.concatenate(ways), *rest)


def build_network(ways: Ways, kinds: Sequence[str]) -> RoadNetwork:
    """Make a network of ways that meet where they share a corner; what cannot be reached and left again is left out.

    Parameters
    ----------
    ways : Ways
    kinds : sequence of str
        Classes, in the order that `Ways.kind` counts them.

    Raises
    ------
    DataError
        When no road is left.

    Notes
    -----
    Of all vertices the largest set is kept of which each can be driven to from each (strongly connected component).
    Turn restrictions, gates and heights of bridges are not known: ways cross where they share a corner, as OpenStreetMap
    draws them.
    """
    units, way = ways.units, ways.way
    same = way[1:] == way[:-1]
    if not same.any():
        raise DataError("文件里没有能开车的道路", expected="含道路（highway）的 OpenStreetMap 摘录")
    key = (units[:, 0].astype(np.int64) << 32) + units[:, 1]
    _, first, node, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    is_end = np.r_[True, ~same] | np.r_[~same, True]
    vertex = is_end | (count[node] > 1)

    # Segments join neighbouring corners; those between two vertices make an edge.
    tail = np.flatnonzero(same)
    degrees = units / DEGREE_UNITS
    metres = distance_m(degrees[tail + 1, 0], degrees[tail + 1, 1], degrees[tail, 0], degrees[tail, 1])
    seconds = metres / (ways.kmh[way[tail]] / 3.6)
    starts = np.flatnonzero(vertex[tail])
    edge_of = np.cumsum(vertex[tail]) - 1
    u, v = node[tail[starts]], node[tail[np.r_[starts[1:] - 1, len(tail) - 1]] + 1]
    edge_way = way[tail[starts]]
    length, cost = np.add.reduceat(metres, starts), np.add.reduceat(seconds, starts)

    # The largest strongly connected component.
    two = ~ways.one_way[edge_way]
    ends = np.r_[u, v[two]], np.r_[v, u[two]]
    graph = scipy.sparse.csr_matrix((np.ones(len(ends[0])), ends), shape=(len(first), len(first)))
    _, label = scipy.sparse.csgraph.connected_components(graph, connection="strong")
    of_vertices = np.zeros(len(first), bool)
    of_vertices[u] = of_vertices[v] = True
    kept_node = (label == np.bincount(label[of_vertices]).argmax()) & of_vertices
    kept = kept_node[u] & kept_node[v]
    if not kept.any():
        raise DataError("道路连不成网", cause="摘录太小，或只有单行的断头路", expected="一座城市的摘录")
    number = np.cumsum(kept_node) - 1

    # Points within the edges: corners, and places on long straight stretches.
    before = np.cumsum(seconds) - seconds
    before -= before[starts][edge_of]
    parts = np.maximum(np.ceil(metres / POINT_SPACING_M), 1).astype(np.int64)
    segment = np.repeat(np.arange(len(tail)), parts)
    share = (np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[segment]
    inner = kept[edge_of[segment]] & ((share > 0) | ~vertex[tail[segment]])
    segment, share = segment[inner], share[inner]
    one, other = units[tail[segment]].astype(np.float64), units[tail[segment] + 1].astype(np.float64)

    edge_number = np.cumsum(kept) - 1
    open_kind = np.array([kind not in _CLOSED for kind in kinds])
    open_node = np.zeros(len(first), bool)
    joined = open_kind[ways.kind[edge_way]] & kept
    open_node[u[joined]] = open_node[v[joined]] = True
    return RoadNetwork(
        vertices=units[first[kept_node]],
        open_vertex=open_node[kept_node],
        tails=number[u[kept]].astype(np.int32),
        heads=number[v[kept]].astype(np.int32),
        seconds=cost[kept],
        metres=length[kept],
        kinds=ways.kind[edge_way[kept]],
        one_way=~two[kept],
        open_kind=open_kind,
        inner=np.round(one + (other - one) * share[:, None]).astype(np.int32),
        inner_edge=edge_number[edge_of[segment]].astype(np.int32),
        inner_seconds=before[segment] + share * seconds[segment],
        fastest_kmh=np.array(max(float(ways.kmh[edge_way[kept]].max()), ACCESS_KMH)),
        left_out=np.array([int(of_vertices.sum() - kept_node.sum()), int((~kept).sum())]),
    )
