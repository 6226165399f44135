"""Since when each enterprise is known: the year of its first recognition or listing, or the year it was founded.

A year is what a source or the list says; where it says none the enterprise is left out of every replay and counted
as such.  A key enterprise (重点企业) has no year of its own: the year beside it is that of the report that names it.
"""

from typing import Final, NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.places.zones import ZONES
from geo.text import Text

NO_YEAR: Final = 0
"""Year of an enterprise without one."""

YEAR_BASES: Final[dict[str, Text]] = {
    "recognition": Text("首次获得称号或上市的年份", "year of the first recognition or listing"),
    "founded": Text("成立年份", "founding year"),
}
"""What a year may be → (Chinese, English)."""

_DATED: Final = ("listed", "recognition")
_FIRST, _LAST = 1800, 2100
_YEARS: Final[WeakKeyDictionary[Dataset, dict[str, NDArray[np.int16]]]] = WeakKeyDictionary()


class Until(NamedTuple):
    """The layout as it stood in a year: enterprises whose year of the basis is that one or an earlier one.

    Examples
    --------
    >>> Until.parse("founded-2010")
    Until(basis='founded', year=2010)
    """

    basis: str
    year: int

    def __str__(self) -> str:
        return f"{self.basis}-{self.year}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``basis-year``.

        Raises
        ------
        DataError
            When it is written in another way.
        """
        basis, _, year = text.partition("-")
        if basis not in YEAR_BASES or not (len(year) == 4 and year.isascii() and year.isdecimal()):
            raise DataError("年份写法不对", value=text[:40], expected="、".join(f"{name}-2019" for name in YEAR_BASES))
        return cls(basis, int(year))


def recognition_years(names: pd.Series, recognitions: pd.DataFrame) -> NDArray[np.int16]:
    """Year of the first dated recognition or listing under each name; shape (n,), `NO_YEAR` where there is none.

    Examples
    --------
    >>> held = pd.DataFrame({"name": ["甲", "甲", "乙"], "type": ["listed", "recognition", "key_enterprise"],
    ...                      "year": pd.array([2020, 2017, 2024], "Int64")})
    >>> recognition_years(pd.Series(["甲", "乙", "丙"]), held).tolist()
    [2017, 0, 0]
    """
    dated = recognitions[recognitions["type"].isin(_DATED) & recognitions["year"].notna()]
    first = dated.groupby("name")["year"].min().astype(int)
    return names.map(first).fillna(NO_YEAR).to_numpy(np.int16)


def founding_years(founded: pd.Series) -> NDArray[np.int16]:
    """Year of each founding date (ISO 8601 text); shape (n,), `NO_YEAR` where there is none.

    Examples
    --------
    >>> founding_years(pd.Series(["2001-05-08", "", "1997", "不详", "0001-01-01"])).tolist()
    [2001, 0, 1997, 0, 0]
    """
    starts = pc.utf8_slice_codeunits(pa.array(founded.fillna("").astype(str), pa.string()), 0, 4).dictionary_encode()
    if isinstance(starts, pa.ChunkedArray):
        starts = starts.combine_chunks()
    texts = starts.dictionary.to_pylist()
    years = [int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else NO_YEAR for text in texts]
    known = np.array([year if _FIRST <= year <= _LAST else NO_YEAR for year in years] or [NO_YEAR], np.int16)
    return known[starts.indices.to_numpy()]


def years_of(data: Dataset, basis: str) -> NDArray[np.int16]:
    """Year of each enterprise of a dataset; kept as long as the dataset is."""
    kept = _YEARS.setdefault(data, {})
    if basis not in kept:
        names, founded = data.enterprises["name"], data.enterprises["founded"]
        by_recognition = basis == "recognition"
        kept[basis] = recognition_years(names, data.recognitions) if by_recognition else founding_years(founded)
    return kept[basis]


def bases_of(data: Dataset) -> list[str]:
    """Bases that any enterprise of a set has a year of, the one that most have first.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> bases_of(load_dataset())
    ['recognition']
    """
    dated = {basis: int((years_of(data, basis) != NO_YEAR).sum()) for basis in YEAR_BASES}
    return sorted((basis for basis in YEAR_BASES if dated[basis]), key=lambda basis: -dated[basis])


def known_until(data: Dataset, until: Until) -> NDArray[np.bool_]:
    """Which enterprises of a set have a year of the basis, and that year at the latest; shape (n,)."""
    years = years_of(data, until.basis)
    return (years != NO_YEAR) & (years <= until.year)


def span_of(data: Dataset, basis: str) -> tuple[int, int]:
    """First and last year of a basis in a set.

    Raises
    ------
    DataError
        When no enterprise of the set has one.
    """
    years = years_of(data, basis)
    years = years[years != NO_YEAR]
    if not len(years):
        raise DataError("这份名单没有年份", column=basis, expected="至少一家企业有年份")
    return int(years.min()), int(years.max())


def growth(data: Dataset, filters: Filters, basis: str) -> pd.DataFrame:
    """Selected enterprises that are there by the end of each year, per zone.

    Returns
    -------
    DataFrame of int
        Index `year`, every one of `span_of`; columns `ZONES`.  Enterprises without a year are in none of them.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> table = growth(load_dataset(), Filters(), "recognition")
    >>> int(table.iloc[-1].sum()) + undated(load_dataset(), Filters(), "recognition") == 900
    True
    """
    first, last = span_of(data, basis)
    years = years_of(data, basis)
    chosen = data.counted_mask(filters) & (years != NO_YEAR)
    store = data.facet_index
    zone = store.members[:, list(store.dimensions).index("zone")][store.row_codes[chosen]]
    cells = (years[chosen].astype(np.int64) - first) * len(ZONES) + zone
    new = np.bincount(cells, minlength=(last - first + 1) * len(ZONES)).reshape(-1, len(ZONES))
    return pd.DataFrame(new.cumsum(axis=0), index=pd.RangeIndex(first, last + 1, name="year"), columns=list(ZONES))


def undated(data: Dataset, filters: Filters, basis: str) -> int:
    """Number of selected enterprises without a year of the basis."""
    return int((data.counted_mask(filters) & (years_of(data, basis) == NO_YEAR)).sum())
