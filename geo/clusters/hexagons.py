"""Hexagons of one size over the map: how many enterprises each holds, or what they weigh."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.clusters.pattern import to_metres
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import NO_YEAR, Until, years_of
from geo.indicators.weights import COUNT, MIN_COVERAGE, weight_values

HEXAGON_SIZES_M: Final = (1000, 2000, 5000, 10_000)
"""Distances between opposite sides that are offered [m]."""

_ROW_HEIGHT: Final = np.sqrt(3) / 2
"""Of the rows of middles, in distances between opposite sides."""

_CORNERS: Final = np.array([(0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1)]) * (0.5, 0.5 / np.sqrt(3))
"""Of a hexagon with a corner at the top, around its middle, in distances between opposite sides."""


@dataclass(frozen=True)
class Hexagons:
    """Hexagons with enterprises.

    Attributes
    ----------
    cells : GeoDataFrame
        One row per hexagon with an enterprise, EPSG:4326: `enterprises`, `known` (those of which the weight is known) and
        `value` (sum of the known weights; NaN where fewer than `MIN_COVERAGE` are known).
    size_m : float
        Distance between opposite sides [m].
    weight : str
        As for `geo.indicators.weights.weight_values`.
    rows, cell : ndarray of int64, shape (n,)
        Rows of the table of enterprises in the hexagons, and the position in `cells` of each.
    undated : int
        Selected enterprises left out since no year of them is known.
    later : int
        Those left out since their year is a later one.
    vague : int
        Those left out since they may lie more than half a hexagon from where they are drawn, or have no place.
    """

    cells: gpd.GeoDataFrame
    size_m: float
    weight: str
    rows: NDArray[np.int64]
    cell: NDArray[np.int64]
    undated: int = 0
    later: int = 0
    vague: int = 0


def hexagon_middles(x: NDArray[np.float64], y: NDArray[np.float64], size_m: float) -> NDArray[np.int64]:
    """Hexagon in which each point lies.

    The middles of a hexagonal lattice are those of two rectangular ones, the second moved by half a step both ways; a
    point is in the hexagon of the nearer of the two nearest middles.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Metres.
    size_m : float
        Distance between opposite sides [m].

    Returns
    -------
    ndarray of int64, shape (n, 2)
        Middle of the hexagon, in halves of a step: x in ``size_m / 2``, y in ``size_m · √3 / 2``.

    Examples
    --------
    >>> hexagon_middles(np.array([0.0, 499.0, 501.0, 500.0]), np.array([0.0, 0.0, 0.0, 800.0]), 1000).tolist()
    [[0, 0], [0, 0], [2, 0], [1, 1]]
    """
    half = np.array([size_m / 2, size_m * _ROW_HEIGHT])
    points = np.column_stack([x, y]) / half
    first = 2 * np.round(points / 2)
    second = 2 * np.round((points - 1) / 2) + 1
    nearer = (((points - second) * half) ** 2).sum(axis=1) < (((points - first) * half) ** 2).sum(axis=1)
    return np.where(nearer[:, None], second, first).astype(np.int64)


def hexagon_outlines(middles: NDArray[np.int64], size_m: float) -> gpd.GeoSeries:
    """Hexagons around middles that `hexagon_middles` gave; EPSG:32651.

    Examples
    --------
    >>> hexagon_outlines(np.array([[0, 0]]), 1000).area.round().tolist()  # √3/2 · 1000²
    [866025.0]
    """
    centres = middles * (size_m / 2, size_m * _ROW_HEIGHT)
    return gpd.GeoSeries(shapely.polygons(centres[:, None, :] + _CORNERS * size_m), crs=METRIC_CRS)


def count_hexagons(
    data: Dataset,
    filters: Filters | None = None,
    size_m: float = 2000,
    weight: str = COUNT,
    until: Until | None = None,
) -> Hexagons:
    """Count or weigh the enterprises that the filters select by the hexagon in which they lie.

    An enterprise with several sites counts once, where its head office is.  One that may lie further from its point than
    half the distance between opposite sides is in no hexagon: it would be drawn in one where it probably is not.

    Parameters
    ----------
    data : Dataset
    filters : Filters, optional
        Everything when not given.
    size_m : float
        Distance between opposite sides [m].
    weight : str
        As for `weight_values`.
    until : Until, optional
        Only those that were there by that year.

    Raises
    ------
    DataError
        When there is no such weight, or it is known of fewer than `MIN_COVERAGE` of the enterprises in the hexagons.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> found = count_hexagons(load_dataset(), size_m=5000)
    >>> int(found.cells["enterprises"].sum()) + found.vague
    900
    """
    chosen = data.counted_mask(filters or Filters())
    undated = later = 0
    if until:
        years = years_of(data, until.basis)
        undated = int((chosen & (years == NO_YEAR)).sum())
        later = int((chosen & (years > until.year)).sum())
        chosen = chosen & (years != NO_YEAR) & (years <= until.year)
    table = data.enterprises
    fine = chosen & (table["location_error_m"].to_numpy(np.float64, na_value=np.nan) <= size_m / 2)
    rows = np.flatnonzero(fine)
    values = weight_values(table, weight).to_numpy()[rows]
    is_known = np.isfinite(values)
    if is_known.sum() < MIN_COVERAGE * len(rows):
        raise DataError(
            f"格内 {len(rows):,} 家中只有 {is_known.sum():,} 家有这个权重的数，少于 {MIN_COVERAGE:.0%}，不作加权"
            f"（known for {is_known.sum():,} of {len(rows):,}, too few）",
            value=weight,
        )
    x, y = to_metres(*(table[column].to_numpy(np.float64)[rows] for column in ("lon", "lat")))
    middles = hexagon_middles(x, y, size_m)
    cell, keys = pd.factorize(middles[:, 0] << 32 | middles[:, 1], sort=True)
    number, known = (np.bincount(cell, held, len(keys)).astype(np.int64) for held in (None, is_known))
    sums = np.bincount(cell, np.where(is_known, values, 0), len(keys))
    figures = pd.DataFrame({"enterprises": number, "known": known, "value": sums})
    figures["value"] = figures["value"].where(known >= MIN_COVERAGE * number)
    outlines = hexagon_outlines(np.column_stack([keys >> 32, keys & 0xFFFFFFFF]), size_m)
    cells = gpd.GeoDataFrame(figures, geometry=outlines.to_crs(STORAGE_CRS))
    return Hexagons(cells, size_m, weight, rows, cell, undated, later, int((chosen & ~fine).sum()))
