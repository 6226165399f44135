"""Counts of a selection by place and industry: what every indicator is computed from, whatever the number of rows."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import read_table
from geo.codes.options import ANY, spelled_out
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import as_selection
from geo.errors import DataError
from geo.filters.filters import NONE, Filters, options
from geo.places.zones import BELT, CORE, OTHER_ZONE
from geo.text import Text

PLACE_LEVELS: Final[dict[str, Text]] = {
    "district": Text("区", "District"),
    "zone": Text("一核一带", "Core and belt"),
    "park": Text("园区", "Park"),
    "town": Text("街镇", "Town"),
}
"""Level of places → (Chinese, English)."""


@dataclass(frozen=True)
class Counts:
    """Enterprises of a selection by place and industry.

    Attributes
    ----------
    level : str
        One of `PLACE_LEVELS`.
    places : DataFrame
        Index: adcode, zone, park id or town code.  Columns `name_zh`, `name_en`, `area_km2` (official or published
        area [km²], NaN where none is published for exactly what is counted).
    by_industry : DataFrame of int
        Index of `places`; one column per industry, and `NONE` for enterprises of no known industry.
    recognised : Series of int
        Enterprises with a true recognition, not only a listing.
    whole : Series of int
        By industry: all enterprises of the selection that have a place.  Districts: a district; zones: a zone; parks
        and towns: a district or such a place.  The places need not add up to it.
    """

    level: str
    places: pd.DataFrame
    by_industry: pd.DataFrame
    recognised: pd.Series
    whole: pd.Series

    @property
    def enterprises(self) -> pd.Series:
        """Enterprises of each place."""
        return self.by_industry.sum(axis=1)

    def name(self, code: str, lang: str = "zh") -> str:
        """Name of a place."""
        return str(self.places.at[code, f"name_{lang}"])

    def plus(self, place: str, industry: str, number: int = 1) -> Self:
        """The counts with `number` more enterprises of an industry in a place; fewer when it is negative.

        Raises
        ------
        DataError
            When the place or the industry is not there, or fewer would be left than none.
        """
        if place not in self.by_industry.index or industry not in self.by_industry.columns:
            raise DataError("没有这个地点或行业", value=f"{place}, {industry}")
        if self.by_industry.at[place, industry] + number < 0:
            raise DataError("此地没有这么多该行业的企业", value=-number, expected=self.by_industry.at[place, industry])
        by_industry, whole = self.by_industry.copy(), self.whole.copy()
        by_industry.at[place, industry] += number
        whole[industry] += number
        return replace(self, by_industry=by_industry, whole=whole)


def count_places(data: Dataset, filters: Filters | None = None, level: str = "district") -> Counts:
    """Count the enterprises that the filters select by place and industry.

    Parameters
    ----------
    data : Dataset
    filters : Filters, optional
        All enterprises when not given.
    level : {"district", "zone", "park", "town"}

    Returns
    -------
    Counts
        Every place of the level, also those without an enterprise.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> counts = count_places(load_dataset())
    >>> int(counts.enterprises["310117"]), int(counts.by_industry.at["310117", "equipment"])
    (85, 23)
    """
    if level not in PLACE_LEVELS:
        raise DataError("没有这一级地点", value=level, expected="、".join(PLACE_LEVELS))
    filters = filters or Filters()
    places = _PLACES[level](data)
    store = data.facet_index
    industry, recognised = _column(data, "industry"), _is_recognised(data)
    chosen = store.lookup(as_selection(filters)).astype(np.int64)
    own = _column(data, level) if level in store.dimensions else None
    if own is not None:
        keep = data.counted(filters)
        weight = (store.counts if keep is None else _kept_counts(data, keep)) * chosen
        position = places.index.get_indexer(pd.Index(_categories(data, level)))[own]
        whole = position >= 0
        return _counts(level, places, position, industry, recognised, whole, weight)
    rows, _ = counted_rows(data, filters, level)
    codes, position, one = store.row_codes[rows["row"]], rows["place"].to_numpy(), np.ones(len(rows), np.int64)
    return _counts(level, places, position, industry[codes], recognised[codes], one > 0, one)


def counted_rows(
    data: Dataset, filters: Filters | None = None, level: str = "district"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The enterprises behind `count_places`, one by one: for what cannot be counted from a table of combinations.

    Returns
    -------
    DataFrame
        A row for each enterprise of `Counts.whole`: `row` (its position in the dataset), `place` (position in the places,
        −1 for none of them) and `industry` (position in the industries).
    DataFrame
        The places, as `Counts.places`.
    """
    if level not in PLACE_LEVELS:
        raise DataError("没有这一级地点", value=level, expected="、".join(PLACE_LEVELS))
    places, store = _PLACES[level](data), data.facet_index
    rows = np.flatnonzero(data.counted_mask(filters or Filters()))
    codes = store.row_codes[rows]
    if level in store.dimensions:
        place = places.index.get_indexer(pd.Index(_categories(data, level)))[_column(data, level)[codes]]
        whole = place >= 0
    else:
        place = data.place_codes[level][rows]
        whole = (_column(data, "district")[codes] != _categories(data, "district").index(NONE)) | (place >= 0)
    table = pd.DataFrame({"row": rows, "place": place, "industry": _column(data, "industry")[codes]})
    return table[whole].reset_index(drop=True), places


def _counts(
    level: str,
    places: pd.DataFrame,
    position: NDArray[np.integer],
    industry: NDArray[np.int64],
    recognised: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    weight: NDArray[np.int64],
) -> Counts:
    industries = list(options("industry"))
    width = len(industries)
    inside = position >= 0
    table = np.bincount(
        position[inside] * width + industry[inside], weight[inside], minlength=len(places) * width
    ).reshape(len(places), width)
    marked = inside & recognised
    return Counts(
        level=level,
        places=places,
        by_industry=pd.DataFrame(table.astype(np.int64), index=places.index, columns=industries),
        recognised=pd.Series(
            np.bincount(position[marked], weight[marked], minlength=len(places)).astype(np.int64), index=places.index
        ),
        whole=pd.Series(
            np.bincount(industry[whole], weight[whole], minlength=width).astype(np.int64), index=industries
        ),
    )


def _categories(data: Dataset, facet: str) -> list[str]:
    return list(data.facet_index.dimensions[facet].categories)


def _column(data: Dataset, facet: str) -> NDArray[np.int64]:
    return data.facet_index.members[:, list(data.facet_index.dimensions).index(facet)]


def _is_recognised(data: Dataset) -> NDArray[np.bool_]:
    true = set(spelled_out("recognition", [ANY]))
    bits = sum(1 << k for k, kind in enumerate(_categories(data, "recognition")) if kind in true)
    return (_column(data, "recognition") & bits) != 0


def _kept_counts(data: Dataset, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.bincount(data.facet_index.row_codes[keep], minlength=len(data.facet_index.counts)).astype(np.int64)


def _district_places(data: Dataset) -> pd.DataFrame:
    return pd.DataFrame(data.districts[["name_zh", "name_en", "area_km2"]])


def _zone_places(_data: Dataset) -> pd.DataFrame:
    """Core, belt, other; the belt counts without the core's enterprises, so its official area does not fit its count."""
    facts = read_table("lingang_facts", ["id", "area_km2"]).set_index("id")
    area = {CORE: float(facts.at["LG01", "area_km2"]), BELT: np.nan, OTHER_ZONE: np.nan}
    names = options("zone")
    return pd.DataFrame(
        {"name_zh": [names[z][0] for z in area], "name_en": [names[z][1] for z in area], "area_km2": area.values()},
        index=list(area),
    )


def _park_places(data: Dataset) -> pd.DataFrame:
    parks = data.parks
    return pd.DataFrame({"name_zh": parks["name"], "name_en": parks["name"], "area_km2": parks["area_km2"]})


def _town_places(data: Dataset) -> pd.DataFrame:
    """Towns with their district; no area is published for them here."""
    towns = data.towns
    names = options("district")
    return pd.DataFrame(
        {
            "name_zh": [f"{names[row.adcode][0]}{row.name}" for row in towns.itertuples()],
            "name_en": [f"{row.name}, {names[row.adcode][1]}" for row in towns.itertuples()],
            "area_km2": np.nan,
        },
        index=pd.Index(towns["code"].where(towns["code"] != "", towns["adcode"] + towns["name"]), name="code"),
    )


_PLACES: Final = {"district": _district_places, "zone": _zone_places, "park": _park_places, "town": _town_places}
