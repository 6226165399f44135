"""The marked point pattern behind the statistics: all firms with a point of their own, those of one industry marked."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import PRECISION, as_selection
from geo.filters.filters import Filters
from geo.places.geocoding import POINT_PRECISIONS, PRECISIONS


@dataclass(frozen=True)
class Pattern:
    """Firms as points.

    Attributes
    ----------
    rows : ndarray of int64, shape (n,)
        Rows of the table of enterprises.
    x, y : ndarray of float64, shape (n,)
        Metres, EPSG:32651.
    case : ndarray of bool, shape (n,)
        Whether the firm is of the industry.
    error_m : float
        Median expected error of the cases' locations [m]; NaN where unknown.
    left_out, cases_left_out : dict of str to int
        Firms, and firms of the industry, that the selection holds but that are known by an area only: precision → count.
    """

    rows: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    case: NDArray[np.bool_]
    error_m: float
    left_out: dict[str, int]
    cases_left_out: dict[str, int]

    @property
    def firms(self) -> int:
        """All firms with a point."""
        return len(self.rows)

    @property
    def cases(self) -> int:
        """Firms of the industry with a point."""
        return int(self.case.sum())

    def sample(self, most: int, seed: int) -> Self:
        """At most so many of the firms, drawn at random, cases and others alike."""
        if self.firms <= most:
            return self
        drawn = np.sort(np.random.default_rng(seed).choice(self.firms, most, replace=False, shuffle=False))
        return replace(self, rows=self.rows[drawn], x=self.x[drawn], y=self.y[drawn], case=self.case[drawn])


def marked_pattern(data: Dataset, filters: Filters, industry: str) -> Pattern:
    """The firms that the filters select whatever their industry, with those of one industry marked.

    Parameters
    ----------
    data : Dataset
    filters : Filters
        The industry among them is lifted: it is what is compared with the whole.
    industry : str
        Code of the industry.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> pattern = marked_pattern(load_dataset(), Filters(), "electronics")
    >>> pattern.firms, pattern.cases, sum(pattern.left_out.values())
    (172, 127, 728)
    """
    whole = filters.without("industry")
    kept = data.counted(whole)
    keep = np.ones(data.facet_index.size, dtype=np.bool_) if kept is None else kept
    selection = as_selection(whole)
    fine = data.facet_index.mask({**selection, PRECISION: POINT_PRECISIONS}) & keep
    rows = np.flatnonzero(fine)
    x, y = to_metres(*(data.enterprises[column].to_numpy(np.float64)[rows] for column in ("lon", "lat")))
    case = data.facet_index.mask({"industry": [industry]})
    errors = data.enterprises["location_error_m"].to_numpy(np.float64, na_value=np.nan)[fine & case]
    coarse = [name for name in PRECISIONS if name not in POINT_PRECISIONS]
    left = {name: data.facet_index.count({**selection, PRECISION: [name]}, keep) for name in coarse}
    chosen = {**selection, "industry": [industry]}
    cases_left = {name: data.facet_index.count({**chosen, PRECISION: [name]}, keep) for name in coarse}
    error = float(np.median(errors)) if len(errors) and np.isfinite(errors).all() else float("nan")
    return Pattern(rows, x, y, case[rows], error, left, cases_left)


def pattern_of(x: ArrayLike, y: ArrayLike, case: ArrayLike) -> Pattern:
    """A pattern of given points [m], for simulations and tests.

    Examples
    --------
    >>> pattern_of([0, 1], [0, 0], [True, False]).cases
    1
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return Pattern(np.arange(len(east)), east, north, np.asarray(case, dtype=np.bool_), float("nan"), {}, {})


def to_metres(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project degrees (WGS-84) to metres (EPSG:32651).

    Examples
    --------
    >>> x, y = to_metres(np.array([121.47]), np.array([31.23]))
    >>> x.round(), y.round()
    (array([354281.]), array([3456101.]))
    """
    x, y = _projection().transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


@cache
def _projection() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(STORAGE_CRS, METRIC_CRS, always_xy=True)
