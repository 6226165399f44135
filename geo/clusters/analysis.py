"""One question to one selection, answered whole: what a page, a notebook or a command asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.clusters.autocorrelation import (
    FDR_ALPHA,
    PERMUTATION_SEED,
    SMALLEST_CLUSTER,
    Autocorrelation,
    Method,
    eb_rate,
    enough_permutations,
    global_moran,
    hot_spots,
)
from geo.clusters.concentration import refuse_concentration
from geo.clusters.eligibility import NotEstimable, refuse_counts
from geo.clusters.lattice import Lattice, Unit, districts, gather_regions, grid, towns
from geo.clusters.outlines import OUTLINE_SIMULATIONS, outline
from geo.clusters.pattern import Pattern, marked_pattern
from geo.clusters.stability import other_grids, region_stability
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.indicators.measures import detectable_quotient

NO_CASES: Final = NotEstimable("没有该行业的企业。", "No firm of this industry.")

SHARED: Final = 0.3
"""Share of the firms that have to have a park or town in common for the cluster to be called by it."""


def place_of(firms: pd.DataFrame) -> str:
    """Park that the firms share, else town, else district; ``""`` where they share nothing.

    Examples
    --------
    >>> firms = pd.DataFrame({"park": ["", "", "甲园"], "town": ["安亭镇", "安亭镇", ""], "district": ["嘉定区"] * 3})
    >>> place_of(firms)
    '甲园'
    >>> place_of(firms.iloc[:2])
    '安亭镇'
    """
    for column in ("park", "town", "district"):
        said = firms[column][firms[column] != ""]
        if len(said):
            most = said.value_counts()
            if most.iloc[0] >= SHARED * len(firms):
                return str(most.index[0])
    return ""


def leading(firms: pd.DataFrame, most: int = 3) -> list[str]:
    """Names of the firms that stand out: by recognitions, then insured staff, then capital.

    Examples
    --------
    >>> firms = pd.DataFrame({"name": ["甲", "乙", "丙"], "recognitions": ["", "lighthouse", ""],
    ...                       "insured": [5, 1, 90], "capital_amount": [0, 0, 0]})
    >>> leading(firms, 2)
    ['乙', '丙']
    """
    rank = pd.DataFrame(
        {
            "held": firms["recognitions"].map(lambda text: len([kind for kind in str(text).split(";") if kind])),
            "insured": pd.to_numeric(firms["insured"], errors="coerce").fillna(0).astype(float),
            "capital": pd.to_numeric(firms["capital_amount"], errors="coerce").fillna(0).astype(float),
        }
    )
    order = rank.sort_values(["held", "insured", "capital"], ascending=False, kind="stable").index[:most]
    return [str(name) for name in firms.loc[order, "name"]]


def name_clusters(
    enterprises: pd.DataFrame, rows: NDArray[np.int64], label: NDArray[np.int64], clusters: int
) -> pd.DataFrame:
    """Place and leading firms of each cluster.

    Parameters
    ----------
    enterprises : DataFrame
        Canonical columns.
    rows, label : ndarray of int64, same shape
        Rows of the table, and the cluster of each from 1; 0 for none.
    clusters : int

    Returns
    -------
    DataFrame
        Index `cluster`; `place`, `firms_named` (names joined by ``、``).
    """
    columns = ["name", "park", "town", "district", "recognitions", "insured", "capital_amount"]
    inside = label > 0
    known = pd.DataFrame(enterprises[columns].iloc[rows[inside]]).reset_index(drop=True)
    by_cluster = known.groupby(label[inside])
    found = {number: (place_of(firms), "、".join(leading(firms))) for number, firms in by_cluster}
    index = pd.RangeIndex(1, clusters + 1, name="cluster")
    return pd.DataFrame([found.get(number, ("", "")) for number in index], index=index, columns=["place", "leading"])


NEIGHBOURS: Final = 6
OTHER_NEIGHBOURS: Final = (4, 8)
"""Nearest towns that count as neighbours, and the numbers that stability is judged by."""

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class HotSpots:
    """Hot and cold spots of an industry.

    Attributes
    ----------
    unit, method : str
    overall : Autocorrelation
        Moran's I of all areas together.
    areas : GeoDataFrame, EPSG:4326
        One row per tested area: `name`, `firms`, `cases`, `expected`, `rate` (empirical Bayes, 0 to 1), `statistic`,
        `p`, `q`, `kind`, `cluster` (0 for none) and `geometry` (a square, or the point of a town).
    clusters : DataFrame
        As `geo.clusters.lattice.Regions.table`, with `stability`, `place`, `leading`.
    members : DataFrame
        Row of the table of enterprises (`row`) and `cluster` of each case in a cluster.
    firms, cases, thin, permutations, seed : int
        Firms and cases used, areas left out for too few firms, permutations, seed.
    typical_firms : int
        Median of the firms of an area and its neighbours together.
    detectable : float
        How many times its average the industry's share among so many firms has to be, for `SMALLEST_CLUSTER` such areas
        to be seen in `POWER` of the tries (`detectable_quotient`); NaN where no share would.
    """

    unit: Unit
    method: Method
    overall: Autocorrelation
    areas: gpd.GeoDataFrame
    clusters: pd.DataFrame
    members: pd.DataFrame
    firms: int
    cases: int
    thin: int
    permutations: int
    seed: int
    typical_firms: int
    detectable: float

    def count(self, kind: str) -> int:
        """Number of areas of a kind."""
        return int((self.areas["kind"] == kind).sum())


@dataclass(frozen=True)
class Groups:
    """Outlined groups of an industry.

    Attributes
    ----------
    outlines : GeoDataFrame, EPSG:4326
        As `geo.clusters.outlines.Outlines.table`, with `place` and `leading`.
    members : DataFrame
        Row of the table of enterprises (`row`) and `cluster` of each case in a group.
    firms, cases, looked, looked_cases, least_members, simulations, seed : int
        Firms and cases with a point, those of them that were looked at, and the parameters.
    typical_firms : int
    detectable : float
        As in `geo.clusters.outlines.Outlines`.
    """

    outlines: gpd.GeoDataFrame
    members: pd.DataFrame
    firms: int
    cases: int
    looked: int
    looked_cases: int
    least_members: int
    simulations: int
    seed: int
    typical_firms: int
    detectable: float


@dataclass(frozen=True)
class Decision:
    """Whether a method can decide with a selection: the firms it could use, and its refusal, or None."""

    firms: int
    cases: int
    refusal: NotEstimable | None


def decidable(data: Dataset, filters: Filters, industry: str) -> dict[str, Decision]:
    """What can be decided about an industry with a selection, method by method.

    Returns
    -------
    dict of str to Decision
        ``concentration``, ``place`` (more common in a place than in the whole?), ``outlines``, and ``grid``, ``town`` for
        hot spots on these areas; the 16 districts are too few for any.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> found = decidable(load_dataset(), Filters(), "electronics")
    >>> found["concentration"].refusal is None
    True
    >>> found["town"].refusal.en
    'Towns with enough firms and a neighbour: 6; a local statistic needs at least 30.'
    """
    pattern = marked_pattern(data, filters, industry)
    counts = pattern.firms, pattern.cases
    whole = count_places(data, anywhere(filters)).whole
    known = int(whole.sum()), int(whole[industry])
    decisions = {
        "concentration": Decision(*counts, refuse_concentration(pattern)),
        "place": Decision(*known, None if known[1] else NO_CASES),
        "outlines": Decision(*counts, refuse_counts(pattern.cases, pattern.firms)),
    }
    units: tuple[Unit, ...] = ("grid", "town")
    for unit in units:
        lattice = areas_of(data, filters, industry, unit, pattern)
        decisions[unit] = Decision(len(lattice.rows), int(lattice.case.sum()), lattice.refusal())
    return decisions


def anywhere(filters: Filters) -> Filters:
    """The same filters without industry, district and zone: the whole that a place is held against.

    Examples
    --------
    >>> anywhere(Filters(district=("310115",), industry=("auto",), evidence=("source",))).to_query()
    'evidence=source'
    """
    return replace(filters, industry=(), district=(), zone=())


def areas_of(
    data: Dataset, filters: Filters, industry: str, unit: Unit, pattern: Pattern, size_m: float = 1000.0
) -> Lattice:
    """The areas of a unit with the selection's firms."""
    if unit == "grid":
        return grid(pattern, size_m)
    if unit == "town":
        return towns(data, filters, industry, neighbours=NEIGHBOURS)
    return districts(data, filters, industry)


def find_hot_spots(
    data: Dataset,
    filters: Filters,
    industry: str,
    unit: Unit = "grid",
    method: Method = "getis_ord",
    *,
    size_m: float = 1000.0,
    seed: int = PERMUTATION_SEED,
    stability: bool = True,
    progress: ProgressCallback | None = None,
) -> HotSpots | NotEstimable:
    """Hot and cold spots of an industry's rate, gathered into named clusters with their stability.

    Parameters
    ----------
    data, filters, industry
        As in `geo.clusters.pattern.marked_pattern`: the industry among the filters is lifted.
    unit : {"grid", "town", "district"}
    method : {"getis_ord", "moran"}
    size_m : float
        Side of a square [m]; no matter for the other units.
    seed : int
    stability : bool
        Repeat the search on other cuts of the same firms; without, the score is NaN.
    progress : callable, optional
        Called with steps done and steps in all; what it raises ends the work.
    """
    tell = progress or (lambda _done, _steps: None)
    steps = 8 if unit == "grid" else 7
    pattern = marked_pattern(data, filters, industry)
    lattice = areas_of(data, filters, industry, unit, pattern, size_m)
    tell(1, steps)
    overall = global_moran(lattice, seed=seed)
    if isinstance(overall, NotEstimable):
        return overall
    tell(2, steps)
    spots = hot_spots(lattice, method, seed=seed)
    if isinstance(spots, NotEstimable):
        return spots
    tell(3, steps)
    regions = gather_regions(lattice, spots)
    score = np.full(len(regions.table), np.nan)
    if stability and len(regions.table):
        others = (
            other_grids(pattern, size_m)
            if unit == "grid"
            else [towns(data, filters, industry, neighbours=number) for number in OTHER_NEIGHBOURS]
        )
        score = region_stability(
            regions, lattice, others, method, seed=seed, progress=lambda done, _: tell(done + 3, steps)
        )
    own = lattice.case
    named = name_clusters(data.enterprises, lattice.rows[own], regions.of_row[own], len(regions.table))
    inside = own & (regions.of_row > 0)
    tell(steps, steps)
    table, typical = lattice.table, int(np.median(_together(lattice)))
    return HotSpots(
        unit=unit,
        method=method,
        overall=overall,
        areas=_drawn(lattice, spots.assign(cluster=regions.of_area)),
        clusters=regions.table.assign(stability=score).join(named),
        members=pd.DataFrame({"row": lattice.rows[inside], "cluster": regions.of_row[inside]}),
        firms=len(lattice.rows),
        cases=int(own.sum()),
        thin=lattice.thin,
        permutations=enough_permutations(len(lattice.table)),
        seed=seed,
        typical_firms=typical,
        detectable=float(
            detectable_quotient(
                typical, table["cases"].sum() / table["firms"].sum(), FDR_ALPHA * SMALLEST_CLUSTER / len(table)
            )
        ),
    )


def _together(lattice: Lattice) -> NDArray[np.float64]:
    """Firms of each area and its neighbours."""
    firms = lattice.table["firms"].to_numpy(np.float64)
    return np.asarray(firms + (lattice.graph.sparse > 0).astype(np.float64) @ firms)


def find_groups(
    data: Dataset,
    filters: Filters,
    industry: str,
    *,
    simulations: int = OUTLINE_SIMULATIONS,
    seed: int = PERMUTATION_SEED,
    progress: ProgressCallback | None = None,
) -> Groups | NotEstimable:
    """Outlined and named groups of an industry; parameters as in `find_hot_spots` and `geo.clusters.outlines.outline`.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> find_groups(load_dataset(), Filters(), "aviation").en
    'Only 1 firm of this industry with a point location; at least 10 are needed.'
    """
    pattern = marked_pattern(data, filters, industry)
    found = outline(pattern, simulations=simulations, seed=seed, progress=progress)
    if isinstance(found, NotEstimable):
        return found
    named = name_clusters(data.enterprises, found.pattern.rows, found.label, len(found.table))
    inside = found.label > 0
    return Groups(
        outlines=found.table.join(named),
        members=pd.DataFrame({"row": found.pattern.rows[inside], "cluster": found.label[inside]}),
        firms=pattern.firms,
        cases=pattern.cases,
        looked=found.pattern.firms,
        looked_cases=found.pattern.cases,
        least_members=found.least_members,
        simulations=found.simulations,
        seed=found.seed,
        typical_firms=found.typical_firms,
        detectable=found.detectable,
    )


def without_shared(filters: Filters) -> Filters:
    """The same filters with crowded registration addresses (集中登记地) left out.

    Examples
    --------
    >>> without_shared(Filters(zone=("core",))).to_query()
    'zone=core&registration=own'
    """
    return replace(filters, registration=("own",))


def _drawn(lattice: Lattice, spots: pd.DataFrame) -> gpd.GeoDataFrame:
    """Areas with their figures and what to draw of them."""
    table = lattice.table
    rate = table["cases"].sum() / table["firms"].sum()
    shape = (
        lattice.squares()
        if lattice.unit == "grid"
        else gpd.GeoSeries.from_xy(table["x"], table["y"], index=table.index, crs=METRIC_CRS).to_crs(STORAGE_CRS)
    )
    figures = table[["name", "firms", "cases"]].assign(
        expected=table["firms"] * rate, rate=eb_rate(table["cases"], table["firms"])
    )
    return gpd.GeoDataFrame(figures.join(spots), geometry=shape, crs=STORAGE_CRS)
