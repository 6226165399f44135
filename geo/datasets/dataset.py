"""All tables of one session of work, and the one way to select from them."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any, Self

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains.assignment import nodes_of
from geo.codes.options import ANY, held_options, spelled_out
from geo.codes.recognitions import load_recognitions
from geo.datasets.corrections import PLACE, FieldCorrection, corrected
from geo.datasets.encoding import as_selection, build_facet_index, build_text_index
from geo.enterprises.table import load_enterprises, with_points
from geo.filters.filters import BY_PLACE, CONDITIONS, FACETS, Filters, options
from geo.index.facets import FacetIndex
from geo.index.text import TextIndex
from geo.places.districts import load_districts, load_outlines
from geo.places.geocoding import POINT_PRECISIONS, PRECISIONS, AreaGroups
from geo.places.land import load_land
from geo.places.parks import load_parks, place_codes
from geo.places.towns import load_towns
from geo.places.zones import load_zones
from geo.roads.store import roads_fingerprint
from geo.text import Text

BUILT_IN_TITLE = Text("内置样本", "Built-in sample")
"""Title of the built-in sample, which no other dataset may have."""


@dataclass(frozen=True)
class Indexes:
    """What is made of a table of enterprises and costs time, as far as whoever opened the table has it."""

    fingerprint: str = ""
    facet_index: FacetIndex | None = None
    text_index: TextIndex | None = None
    nodes: pd.DataFrame | None = None
    areas: AreaGroups | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables behind every page, map and export; equal to another of the same name that holds the same enterprises.

    `enterprises` is indexed by `enterprise_id`; of a set that stays on disk it holds places as degrees only, and `select`
    gives the points of what it selects; `title` names the dataset, `date` is when it was compiled and `synthetic`
    tells that its rows are made up, `built_in` that it is the sample the product comes with, `key` names it in the
    workspace.  `indexes` are those of
    `enterprises`; what they lack is made when first asked for.

    Examples
    --------
    >>> data = load_dataset()
    >>> data == load_dataset(), data == data.named("别的名称", "2026-01-01", synthetic=False)
    (True, False)
    """

    enterprises: pd.DataFrame
    recognitions: pd.DataFrame
    districts: gpd.GeoDataFrame
    outlines: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    parks: gpd.GeoDataFrame
    title: str = BUILT_IN_TITLE.zh
    date: str = ""
    synthetic: bool = False
    built_in: bool = True
    key: str = ""
    indexes: Indexes = field(default_factory=Indexes, repr=False)

    @property
    def identity(self) -> tuple[str, str, str, bool, bool, str]:
        """What tells the dataset from any other, short enough for the key of a cache."""
        return self.fingerprint, self.title, self.date, self.synthetic, self.built_in, self.key

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Dataset) and self.identity == other.identity)

    def __hash__(self) -> int:
        return hash(self.identity)

    @cached_property
    def facet_index(self) -> FacetIndex:
        """The enterprises coded for facets and tiles."""
        made = self.indexes.facet_index
        return build_facet_index(self.enterprises) if made is None else made

    @cached_property
    def areas(self) -> AreaGroups:
        """The enterprises known by park, town or district only, gathered by place."""
        made = self.indexes.areas
        return AreaGroups(self.enterprises) if made is None else made

    @cached_property
    def place_codes(self) -> dict[str, NDArray[np.int32]]:
        """Which town and which park each enterprise lies in, by position in their tables; −1 for none."""
        return place_codes(self.enterprises, self.towns, self.parks)

    @cached_property
    def text_index(self) -> TextIndex:
        """The enterprises' texts folded for search."""
        made = self.indexes.text_index
        return build_text_index(self.enterprises) if made is None else made

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """The enterprises' nodes of the industry chains, as `geo.chains.assignment.nodes_of` gives them."""
        made = self.indexes.nodes
        return nodes_of(self.enterprises) if made is None else made

    @cached_property
    def fingerprint(self) -> str:
        """Hash that tells these enterprises from any others."""
        if self.indexes.fingerprint:
            return self.indexes.fingerprint
        columns = [column for column in self.enterprises.columns if column != "geometry"]
        rows = pd.util.hash_pandas_object(pd.DataFrame(self.enterprises[columns]).astype(str), index=False)
        return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()

    @cached_property
    def search(self) -> Callable[[str], NDArray[np.bool_]]:
        """`TextIndex.search` that remembers the last few queries; what it gives must not be changed."""
        return lru_cache(maxsize=8)(lambda q: self.text_index.search(q))

    @cached_property
    def prepared(self) -> Callable[[str], Any]:
        """The columns that a condition looks at, prepared when it is first asked for; name → prepared."""
        return cache(lambda name: CONDITIONS[name].prepare(self.nodes if name == "node" else self.enterprises))

    @cached_property
    def present(self) -> Callable[[str], list[str]]:
        """Options of a condition that is a list, those that some enterprise has; by its name."""
        return cache(lambda name: CONDITIONS[name].present(self.prepared(name), options(name)))

    @cached_property
    def meets(self) -> Callable[[str, tuple[str, ...]], NDArray[np.bool_]]:
        """Which rows meet a condition, by its name and values; remembers the last few, which must not be changed."""
        kept = lru_cache(maxsize=16)(lambda name, values, _roads: CONDITIONS[name].mask(self.prepared(name), values))
        return lambda name, values: kept(name, values, roads_fingerprint(name == "drive"))

    @cached_property
    def _kept(self) -> Callable[[Filters], tuple[NDArray[np.bool_], NDArray[np.int64]]]:
        """Rows that meet conditions and text, and how many of them stand behind each combination of the store."""
        kept = lru_cache(maxsize=8)(lambda rest, _roads: self._meet_all(rest))
        return lambda rest: kept(rest, roads_fingerprint(rest.drive))

    def keep(self, filters: Filters) -> NDArray[np.bool_] | None:
        """Rows that meet the conditions and hold the text, for the store to count under; None where there are none.

        What it gives must not be changed.
        """
        rest = filters.rest
        return None if rest == Filters() else self._kept(rest)[0]

    @cached_property
    def companies(self) -> NDArray[np.bool_] | None:
        """Rows that count as an enterprise: all but further sites of one; None where there are no such sites."""
        parents = self.enterprises.get("parent_id")
        if parents is None:
            return None
        site = (parents.fillna("") != "").to_numpy(bool)
        return ~site if site.any() else None

    def counted(self, filters: Filters) -> NDArray[np.bool_] | None:
        """As `keep`, without the further sites of an enterprise: it counts once, where its head office is."""
        keep, companies = self.keep(filters), self.companies
        return keep if companies is None else companies if keep is None else keep & companies

    def mask(self, filters: Filters) -> NDArray[np.bool_]:
        """Which enterprises the filters select; shape (n,), the same as `Filters.mask` on the table."""
        chosen = self.facet_index.mask(as_selection(filters))
        keep = self.keep(filters)
        return chosen if keep is None else chosen & keep

    def counted_mask(self, filters: Filters) -> NDArray[np.bool_]:
        """As `mask`, without the further sites of an enterprise; shape (n,), as many as `count` says."""
        chosen = self.mask(filters)
        return chosen if self.companies is None else chosen & self.companies

    def count(self, filters: Filters, **values: Collection[str]) -> int:
        """Number of enterprises that the filters select and that have one of the values in each named dimension.

        Examples
        --------
        >>> data = load_dataset()
        >>> data.count(Filters(), zone=["core"]), data.count(Filters(zone=("belt",)), zone=["core"])
        (49, 0)
        """
        named = {name: spelled_out(name, wanted) for name, wanted in values.items()}
        chosen = self.facet_index.lookup(as_selection(filters)).astype(np.int64) * self.facet_index.lookup(named)
        rest = filters.rest
        if self.companies is not None:
            rows = self.facet_index.row_codes[self.counted(filters)]
            return int(np.bincount(rows, minlength=len(self.facet_index.counts)) @ chosen)
        return int((self.facet_index.counts if rest == Filters() else self._kept(rest)[1]) @ chosen)

    def left_out(self, filters: Filters) -> int:
        """Enterprises that the filters would select but for their place, which is not known finely enough to tell.

        Examples
        --------
        >>> data = load_dataset()
        >>> data.left_out(Filters(near=("121.5:31.2:100",))) + data.count(Filters(near=("121.5:31.2:100",)))
        900
        """
        if not any(getattr(filters, name) for name in BY_PLACE):
            return 0
        elsewhere = replace(filters, **dict.fromkeys(BY_PLACE, ()))  # type: ignore[arg-type]
        vague = self.count(elsewhere, precision=[name for name in PRECISIONS if name not in POINT_PRECISIONS])
        return vague + self.off_road(filters)

    def off_road(self, filters: Filters) -> int:
        """Enterprises with a point of their own that the filters would select but that no road is near enough to."""
        if not filters.drive:
            return 0
        standing = self.prepared("drive")
        unknown = np.isfinite(standing.points.lon) & ~standing.judged(filters.drive)
        return int((self.counted_mask(replace(filters, drive=())) & unknown).sum())

    def sentence(self, filters: Filters, lang: str = "zh") -> str:
        """The selection in words, with its count and how many could not be judged.

        Examples
        --------
        >>> load_dataset().sentence(Filters(near_park=("5",)))
        '距任一园区 5 km 内 · 90 家，另有 728 家无法判断'
        """
        return filters.sentence(self.count(filters), lang, self.left_out(filters))

    def select(self, filters: Filters) -> gpd.GeoDataFrame:
        """Enterprises that the filters select: the one set behind KPI, table, map and export.

        Examples
        --------
        >>> data = load_dataset()
        >>> data.select(Filters(zone=("core", "belt", "other", "unplaced"))).equals(data.enterprises)
        True
        """
        return with_points(self.enterprises[self.mask(filters)])

    def positions(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Row of each enterprise by its id, −1 where the set does not hold it; shape (n,).

        The column is looked through: an index over the ids of millions of rows takes seconds to make, and stays in memory.

        Examples
        --------
        >>> data = load_dataset()
        >>> data.positions([data.enterprises.index[7], "E000000000000"]).tolist()
        [7, -1]
        """
        column = self.enterprises["enterprise_id"]
        rows = np.flatnonzero(column.isin(list(ids)))
        found = dict(zip(column.iloc[rows[::-1]], rows[::-1], strict=True))  # the first row, should an id stand twice
        return np.array([found.get(name, -1) for name in ids], dtype=np.int64)

    def rows_of(self, ids: Sequence[str]) -> pd.DataFrame:
        """The enterprises of some ids, in their order.

        Raises
        ------
        KeyError
            When the set does not hold one: −1 would be its last row.

        Examples
        --------
        >>> data = load_dataset()
        >>> data.rows_of(data.enterprises.index[[7, 2]]).equals(data.enterprises.iloc[[7, 2]])
        True
        """
        positions = self.positions(ids)
        if (positions < 0).any():
            raise KeyError(ids[int(np.argmin(positions))])
        return self.enterprises.iloc[positions]

    def facet_counts(self, filters: Filters) -> dict[str, pd.Series]:
        """Enterprises behind every option of every facet, each facet counted under the other filters.

        Returns
        -------
        dict of str to Series of int
            Facet → count per option, the same as `Filters.facet_counts` on the table.
        """
        counts = self.facet_index.facets(as_selection(filters), self.counted(filters))
        held = {name: pd.Series(counts[name], index=list(held_options(name))) for name in FACETS}
        held["recognition"][ANY] = self.count(filters.without("recognition"), recognition=[ANY])
        return {name: count.reindex(list(options(name))) for name, count in held.items()}

    def with_enterprises(self, enterprises: pd.DataFrame) -> Self:
        """The same tables with other enterprises."""
        return replace(self, enterprises=enterprises, indexes=Indexes())

    def with_corrections(self, fixes: Sequence[FieldCorrection]) -> Self:
        """The same tables with corrections laid over the enterprises (`geo.datasets.corrections`); what does not change is kept.

        Examples
        --------
        >>> data = load_dataset()
        >>> fixed = data.with_corrections([FieldCorrection(0, "adcode", "310117")])
        >>> fixed.count(Filters(district=("310117",))) - data.count(Filters(district=("310117",)))
        1
        """
        fields = {fix.field for fix in fixes}
        digest = hashlib.sha256(f"{self.fingerprint}{fixes}".encode()).hexdigest()
        indexes = Indexes(f"{self.fingerprint}-{digest}")
        if not fields & {*PLACE, "industry"}:
            indexes = replace(indexes, facet_index=self.facet_index, text_index=self.text_index)
        return replace(self, enterprises=corrected(self.enterprises, fixes), indexes=indexes)

    def named(self, title: str, date: str, *, synthetic: bool, key: str = "") -> Self:
        """The same tables under the name of an imported dataset, everything made of them made ready."""
        made = Indexes(self.fingerprint, self.facet_index, self.text_index, self.nodes, self.areas)
        return replace(self, title=title, date=date, synthetic=synthetic, built_in=False, key=key, indexes=made)

    def _meet_all(self, rest: Filters) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        masks = [self.meets(name, getattr(rest, name)) for name in CONDITIONS if getattr(rest, name)]
        keep = np.logical_and.reduce([*masks, *([self.search(rest.q)] if rest.q else [])])
        counts = np.bincount(self.facet_index.row_codes[keep], minlength=len(self.facet_index.counts))
        return keep, counts.astype(np.int64)


def load_dataset() -> Dataset:
    """Load the built-in set.

    Raises
    ------
    DataError
        When a file is missing, altered or unreadable; the message names it and the remedy.
    """
    enterprises = load_enterprises()
    return Dataset(
        enterprises=enterprises,
        recognitions=load_recognitions(),
        districts=load_districts(),
        outlines=load_outlines(),
        land=load_land(),
        zones=load_zones(),
        towns=load_towns(),
        parks=load_parks(),
        date=str(enterprises["compiled"].max()),
    )
