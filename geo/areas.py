"""The enterprises that are known by park, town or district only, gathered by place."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.placing import PRECISIONS

AREA_PRECISIONS: Final = ("park", "town", "district")
_NAMED_BY: Final = ["park", "town", "district", "adcode", "zone"]


class Areas:
    """Places that stand for an area, and the rows of the table known by each.

    Attributes
    ----------
    places : DataFrame
        One row per place: `lon`, `lat` [degrees, WGS-84], `precision`, and `park`, `town`, `district`, `adcode`,
        `zone` of its first enterprise.
    rows : ndarray of int64
        Rows of the table that are known by an area only.
    place : ndarray of int64, shape of `rows`
        Position of each one's place.

    Examples
    --------
    >>> from geo.enterprises import load_enterprises
    >>> areas = Areas(load_enterprises())
    >>> int(areas.counts(np.ones(436, dtype=bool)).sum()) == len(areas.rows)
    True
    """

    def __init__(self, enterprises: pd.DataFrame) -> None:
        precision = pd.Categorical(enterprises["location_precision"], categories=PRECISIONS).codes
        self.rows: Final = np.flatnonzero(np.isin(precision, [PRECISIONS.index(name) for name in AREA_PRECISIONS]))
        known = pd.DataFrame(enterprises[["lon", "lat", "location_precision", *_NAMED_BY]]).iloc[self.rows]
        known = known.rename(columns={"location_precision": "precision"})
        self.place: Final = known.groupby(["lon", "lat", "precision"], sort=True).ngroup().to_numpy(np.int64)
        order = np.argsort(self.place, kind="stable")
        first = order[np.searchsorted(self.place[order], np.arange(self.place.max(initial=-1) + 1))]
        self.places: Final = known.iloc[first].reset_index(drop=True)

    def counts(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Selected enterprises of each place; `mask` has one value per row of the table."""
        return np.bincount(self.place[mask[self.rows]], minlength=len(self.places)).astype(np.int64)

    def at(self, place: int, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Rows of the selected enterprises of one place, in the order of the table."""
        rows = self.rows[self.place == place]
        return rows[mask[rows]]
