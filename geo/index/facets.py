"""The enterprises as the map and the facets need them: columns of integers, sorted for tiles.

Each row has one small code that stands for its combination of values over all dimensions (district,
industry, …). Only the combinations that occur have a code, so a few thousand counts answer every facet,
and a filter is a look-up table over the codes. Rows without coordinates are counted like all others and
stand in no tile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError
from geo.index.columns import open_columns, save_columns
from geo.index.jit import PLAIN_PYTHON_ELEMENTS, kernel
from geo.index.morton import BITS, MAX_LATITUDE, TILE_BITS, crowding, keys, project, tile_range, window_ranges, within

_kernel = kernel(PLAIN_PYTHON_ELEMENTS)


@dataclass(frozen=True)
class Dimension:
    """A coded property of the rows: its name, its categories, and whether a row may have several."""

    name: str
    categories: tuple[str, ...]
    multiple: bool = False


def combine(
    kinds: Sequence[Dimension], coded: Sequence[NDArray[np.integer[Any]]], rows: int
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.int64]]:
    """Number the combinations of values that occur.

    Parameters
    ----------
    kinds : sequence of Dimension
    coded : sequence of ndarray of int, shape (n,)
        Positions of the category, or bits of the categories.
    rows : int
        n, which no column says when there is no dimension.

    Returns
    -------
    row_codes : ndarray of uint16 (uint32 beyond 65,536 combinations), shape (n,)
    members : ndarray of int64, shape (combinations, dimensions)

    Raises
    ------
    DataError
        If a code has no category.

    Examples
    --------
    >>> combine([Dimension("zone", ("core", "belt"))], [np.array([1, 1, 0])], 3)
    (array([1, 1, 0], dtype=uint16), array([[0],
           [1]]))
    """
    packed = np.zeros(rows, dtype=np.int64)
    span = 1
    for kind, codes in zip(kinds, coded, strict=True):
        size = len(kind.categories)
        limit = (1 << size) if kind.multiple else size
        if kind.multiple and size > 62:
            raise DataError("可多选的维度类别过多", column=kind.name, value=size, expected="不超过 62 类")
        bad = np.flatnonzero((codes < 0) | (codes >= limit))
        if len(bad):
            raise DataError("编码没有对应的类别", row=int(bad[0]) + 1, column=kind.name, value=int(codes[bad[0]]))
        if span * limit >= 1 << 62:  # only the combinations that occur: keep the numbers small
            packed, used = pd.factorize(packed)
            span = len(used)
        packed = packed * limit + codes
        span *= limit
    row_codes, combinations = pd.factorize(packed, sort=True)
    row_codes = row_codes.astype(np.uint16 if len(combinations) <= 1 << 16 else np.uint32)
    example = np.empty(len(combinations), dtype=np.int64)
    example[row_codes] = np.arange(rows)  # any row of each combination
    members = np.column_stack([np.zeros((len(example), 0), np.int64), *(codes[example] for codes in coded)])
    members = members.astype(np.int64)
    return row_codes, np.ascontiguousarray(members)


@_kernel
def tally(members, counts, bits, wanted, wanted_bits, first, totals):  # type: ignore[no-untyped-def]  # numba infers the types
    """Add each combination to the categories of every dimension whose *other* dimensions hold."""
    selected = 0
    restricted = np.flatnonzero(wanted_bits != -1)
    for k in range(len(counts)):
        failures, failed = 0, -1
        for r in range(len(restricted)):
            d = restricted[r]
            value = members[k, d]
            holds = (value & wanted_bits[d]) != 0 if bits[d] else wanted[first[d] + value]
            if not holds:
                failures += 1
                failed = d
                if failures == 2:
                    break
        if failures == 2:
            continue
        if failures == 0:
            selected += counts[k]
        for d in range(members.shape[1]):
            if failures == 0 or d == failed:
                if bits[d]:
                    for b in range(first[d + 1] - first[d]):
                        if members[k, d] >> b & 1:
                            totals[first[d] + b] += counts[k]
                else:
                    totals[first[d] + members[k, d]] += counts[k]
    return selected


@_kernel
def recount(row_codes, keep, counts):  # type: ignore[no-untyped-def]
    """Add the kept rows to the count of their combination."""
    for i in range(len(row_codes)):
        counts[row_codes[i]] += keep[i]


FACETS_FORMAT: Final = 1
ARRAYS: Final = ("x", "y", "rows", "codes", "row_codes", "members", "counts", "crowding")

Selection = Mapping[str, Collection[str]]
"""Dimension → wanted categories: any of them will do, all dimensions have to hold, empty holds always."""


class FacetIndex:
    """Enterprises in columns: about 16 bytes a row.

    Made by `FacetIndex.build` or `FacetIndex.open`; never changed afterwards, so any number of threads may read it.

    Attributes
    ----------
    dimensions : dict of str to Dimension
    size, placed : int
        Rows, and rows with coordinates.
    x, y : ndarray of uint32, shape (placed,)
        Web-mercator integers (`geo.index.morton`) in Morton order.
    rows : ndarray of uint32, shape (placed,)
        Row of the source table behind each of them.
    codes, row_codes : ndarray of uint16 (uint32 beyond 65,536 combinations)
        Combination of values, in Morton order and in the order of the source table.
    members : ndarray of int64, shape (combinations, dimensions)
        Position of the category, or the bits of the categories where a row may have several.
    counts : ndarray of int64, shape (combinations,)
    crowding : ndarray of int64, shape (27, 2)
        Per zoom the occupied tiles and the most points in one tile.

    Examples
    --------
    >>> store = FacetIndex.build(
    ...     [121.5, 121.2, float("nan")],
    ...     [31.2, 31.0, float("nan")],
    ...     {"zone": ([0, 1, 1], ["core", "belt"]), "mark": ([0b01, 0b11, 0b10], ["star", "lighthouse"])},
    ...     multiple=["mark"],
    ... )
    >>> store.count({"zone": ["belt"], "mark": ["star"]})
    1
    >>> {name: counts.tolist() for name, counts in store.facets({"zone": ["belt"]}).items()}
    {'zone': [1, 2], 'mark': [1, 2]}
    """

    def __init__(
        self, dimensions: Sequence[Dimension], arrays: Mapping[str, NDArray[Any]], fingerprint: str = ""
    ) -> None:
        self.dimensions: Final = {dimension.name: dimension for dimension in dimensions}
        self.fingerprint: Final = fingerprint
        columns = {name: np.asarray(array) for name, array in arrays.items()}
        for array in columns.values():
            array.flags.writeable = False
        self.x, self.y, self.rows = columns["x"], columns["y"], columns["rows"]
        self.codes, self.row_codes = columns["codes"], columns["row_codes"]
        self.members, self.counts, self.crowding = columns["members"], columns["counts"], columns["crowding"]
        self.size, self.placed = len(self.row_codes), len(self.x)
        self._first = np.cumsum([0, *(len(d.categories) for d in dimensions)])
        self._bits = np.array([d.multiple for d in dimensions], dtype=np.bool_)

    @classmethod
    def build(
        cls,
        lon: ArrayLike,
        lat: ArrayLike,
        dimensions: Mapping[str, tuple[ArrayLike, Sequence[str]]],
        multiple: Collection[str] = (),
        fingerprint: str = "",
    ) -> Self:
        """Build the store from columns of the source table.

        Parameters
        ----------
        lon, lat : array-like of float, shape (n,)
            WGS-84 degrees; NaN where a row has no place.
        dimensions : mapping of str to (codes, categories)
            Codes of shape (n,): the position of the row's category; for those in ``multiple`` an integer
            whose bit k says that the row has category k, at most 62 of them.
        multiple : collection of str
            Dimensions of which a row may have several categories, or none.
        fingerprint : str
            Whatever tells this source table from another, such as its hash.

        Raises
        ------
        DataError
            If lengths differ, a code has no category, or a coordinate is no place on earth.
        """
        east, north = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        kinds = [Dimension(name, tuple(values), name in multiple) for name, (_, values) in dimensions.items()]
        coded = [np.asarray(codes) for codes, _ in dimensions.values()]
        for name, column in (("lat", north), *zip(dimensions, coded, strict=True)):
            if column.shape != (len(east),):
                raise DataError("各列行数不一", column=name, value=column.shape, expected=f"{len(east)} 行")
        row_codes, members = combine(kinds, coded, len(east))

        placed = np.isfinite(east) & np.isfinite(north)
        bad = np.flatnonzero(placed & ((np.abs(east) > 180) | (np.abs(north) > MAX_LATITUDE)))
        if len(bad):
            value = f"{east[bad[0]]}, {north[bad[0]]}"
            raise DataError("坐标不在地图范围内", row=int(bad[0]) + 1, value=value, expected="WGS-84 经纬度")
        rows = np.flatnonzero(placed).astype(np.uint32)
        x, y = project(east[rows], north[rows])
        order = np.argsort(keys(x, y), kind="stable")
        x, y, rows = x[order], y[order], rows[order]
        arrays = {
            "x": x,
            "y": y,
            "rows": rows,
            "codes": row_codes[rows],
            "row_codes": row_codes,
            "members": members,
            "counts": np.bincount(row_codes, minlength=len(members)).astype(np.int64),
            "crowding": crowding(x, y),
        }
        return cls(kinds, arrays, fingerprint)

    @property
    def nbytes(self) -> int:
        """Memory of all columns [bytes]."""
        return sum(int(getattr(self, name).nbytes) for name in ARRAYS)

    def lookup(self, selection: Selection) -> NDArray[np.uint8]:
        """Whether each combination is selected, shape (combinations,): 1 or 0.

        Raises
        ------
        DataError
            If the selection names a dimension that the store does not have; unknown categories match nothing.
        """
        wanted, wanted_bits = self._wanted(selection)
        chosen = np.ones(len(self.counts), dtype=np.bool_)
        for d, multiple in enumerate(self._bits):
            if wanted_bits[d] == -1:
                continue
            values = self.members[:, d]
            chosen &= (values & wanted_bits[d]) != 0 if multiple else wanted[self._first[d] + values]
        chosen.flags.writeable = False  # one compiled kernel for all look-up tables
        return chosen.view(np.uint8)

    def mask(self, selection: Selection) -> NDArray[np.bool_]:
        """Which rows of the source table are selected; shape (size,)."""
        return self.lookup(selection).view(np.bool_)[self.row_codes]

    def count(self, selection: Selection, keep: NDArray[np.bool_] | None = None) -> int:
        """Count the selected rows; ``keep`` as in `facets`."""
        return int(self._counts(keep) @ self.lookup(selection))

    def facets(self, selection: Selection, keep: NDArray[np.bool_] | None = None) -> dict[str, NDArray[np.int64]]:
        """Count the rows behind every category, each dimension under the selection in all *other* dimensions.

        Parameters
        ----------
        selection : mapping of str to collection of str
        keep : ndarray of bool, shape (size,), optional
            Rows that also pass another filter, such as a text search.

        Returns
        -------
        dict of str to ndarray of int64
            In the order of the dimension's categories; a row with several categories counts under each.
        """
        wanted, wanted_bits = self._wanted(selection)
        totals = np.zeros(self._first[-1], dtype=np.int64)
        tally(self.members, self._counts(keep), self._bits, wanted, wanted_bits, self._first, totals)
        return {name: totals[a:b] for name, a, b in zip(self.dimensions, self._first, self._first[1:], strict=False)}

    def tile_slice(self, z: int, x: int, y: int) -> slice:
        """Run of the columns ``x y rows codes`` that lies in an XYZ tile.

        Raises
        ------
        DataError
            If there is no such tile.
        """
        if not (0 <= z <= BITS and 0 <= x < 1 << z and 0 <= y < 1 << z):
            raise DataError("没有这一瓦片", value=f"{z}/{x}/{y}")
        return slice(*tile_range(self.x, self.y, z, x, y))

    def near(
        self,
        lon: float,
        lat: float,
        radius_px: float,
        zoom: float,
        selection: Selection,
        keep: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.int64]:
        """Rows of the source table that lie within a circle on the screen, the nearest first.

        Parameters
        ----------
        lon, lat : float
            WGS-84 degrees of the click.
        radius_px : float
            Radius [CSS pixels] at ``zoom``.
        """
        if not (np.isfinite([lon, lat, radius_px, zoom]).all() and radius_px >= 0):
            raise DataError("点击位置无效", value=f"{lon}, {lat}, {radius_px}, {zoom}")
        (east,), (south,) = project([lon], [lat])
        radius = radius_px * 2.0 ** (BITS - TILE_BITS - zoom)
        reach = int(np.ceil(min(radius, 1 << BITS))) + 1
        east, south = int(east), int(south)
        runs = window_ranges(self.x, self.y, east - reach, south - reach, east + reach, south + reach)
        kept = np.zeros(0, np.bool_) if keep is None else keep
        columns = (self.x, self.y, self.codes, self.rows)
        found, distance = within(*columns, runs, self.lookup(selection), kept, east + 0.5, south + 0.5, radius)
        return found[np.lexsort((found, distance))]

    def kept(self, keep: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
        """Bring an extra filter to the form of the kernels: 1 or 0 per row, read-only, empty for none.

        Raises
        ------
        DataError
            If it does not have one value per row of the source table.
        """
        if keep is not None and (keep.shape != (self.size,) or keep.dtype != np.bool_):
            raise DataError("筛选与企业表不符", value=f"{keep.dtype} {keep.shape}", expected=f"bool，{self.size} 行")
        flags = np.zeros(0, np.uint8) if keep is None else np.ascontiguousarray(keep).view(np.uint8)
        flags.flags.writeable = False
        return flags

    def save(self, path: Path | str) -> None:
        """Write the store to a directory, which appears whole or not at all; an older one is replaced."""
        kinds = [[d.name, list(d.categories), d.multiple] for d in self.dimensions.values()]
        head = {"format": FACETS_FORMAT, "fingerprint": self.fingerprint, "dimensions": kinds}
        save_columns(path, head, {name: getattr(self, name) for name in ARRAYS})

    @classmethod
    def open(cls, path: Path | str, fingerprint: str | None = None) -> Self:
        """Open a saved store; its columns stay on disk and are read as they are used.

        Parameters
        ----------
        path : Path
            Directory that `save` wrote.
        fingerprint : str, optional
            Refuse the store if it was built from another source table.

        Raises
        ------
        DataError
            If a file is missing, damaged, of another version or of another source table.
        """
        head, arrays = open_columns(path, FACETS_FORMAT, ARRAYS, fingerprint)
        kinds = [Dimension(name, tuple(values), multiple) for name, values, multiple in head["dimensions"]]
        return cls(kinds, arrays, head["fingerprint"])

    def _wanted(self, selection: Selection) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Wanted categories, flat over all dimensions, and as bits: -1 for a dimension without restriction."""
        unknown = [name for name in selection if name not in self.dimensions]
        if unknown:
            raise DataError("没有这一维度", value=unknown[0], expected="、".join(self.dimensions))
        wanted = np.zeros(self._first[-1], dtype=np.bool_)
        bits = np.full(len(self.dimensions), -1, dtype=np.int64)
        for d, (name, dimension) in enumerate(self.dimensions.items()):
            chosen = selection.get(name, ())
            if chosen:
                hits = [k for k, category in enumerate(dimension.categories) if category in chosen]
                wanted[self._first[d] + np.array(hits, dtype=np.int64)] = True
                bits[d] = sum(1 << k for k in hits) if dimension.multiple else 0
        return wanted, bits

    def _counts(self, keep: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        if keep is None:
            return self.counts
        counts = np.zeros(len(self.counts), dtype=np.int64)
        recount(self.row_codes, self.kept(keep), counts)
        return counts


def warm() -> None:
    """Compile every kernel of the store (kept on disk beside its file), so that no user waits for it."""
    for side in (1, 257):  # codes of 16 and of 32 bits
        codes = np.arange(side * side)
        values = [str(k) for k in range(side)]
        coded = {"a": (codes // side, values), "b": (codes % side, values)}
        store = FacetIndex.build(np.full(len(codes), 121.5), np.full(len(codes), 31.2), coded)
        store.facets({}, np.ones(len(codes), dtype=np.bool_))
        store.near(121.5, 31.2, 1, 18, {})
        store.tile_slice(0, 0, 0)
