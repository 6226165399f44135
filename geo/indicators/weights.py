"""Weights: shares, quotients and concentration of staff, capital or a number of an import instead of enterprises."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.industries import INDUSTRIES
from geo.codes.options import NONE, options
from geo.datasets.dataset import Dataset
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import Counts, counted_rows
from geo.indicators.measures import CONFIDENCE, clopper_pearson, location_quotient_interval

COUNT: Final = "count"
INSURED: Final = "insured"
CAPITAL: Final = "capital:"
"""Of a weight by registered capital, before the currency: ``capital:CNY``."""

MIN_COVERAGE: Final = 0.5
"""Share of the enterprises of which the weight has to be known; below it nothing is said."""

BOOTSTRAP_TRIES: Final = 500
BOOTSTRAP_SEED: Final = 20_240_101
MIN_KNOWN_ENTERPRISES: Final = 5
"""Below so many enterprises of known weight a bootstrap would only repeat them: no interval is given."""

_NO_WEIGHTS: Final = frozenset({"geometry", "outside", "lon_wgs84", "lat_wgs84"})
"""Columns beside the canonical ones that this project itself adds to a table: no import kept them."""

_SAMPLED_CELLS: Final = 500
"""Cells of a kept column that are looked at to tell whether it holds numbers."""


def weight_values(table: pd.DataFrame, weight: str) -> pd.Series:
    """What each enterprise weighs.

    Parameters
    ----------
    table : DataFrame
        Canonical columns, and those that an import kept.
    weight : str
        ``count``, ``insured``, ``capital:CNY`` (or another currency) or the title of a kept column of numbers.

    Returns
    -------
    Series of float
        Index of the table; NaN where unknown.  Capital of another currency is unknown: it is never converted or added.

    Raises
    ------
    DataError
        When there is no such weight, or a number is negative.

    Examples
    --------
    >>> table = pd.DataFrame({"capital_amount": [5e6, 2e6], "capital_currency": ["CNY", "USD"], "产值": ["1,200", "不详"]})
    >>> weight_values(table, "capital:CNY").tolist(), weight_values(table, "产值").tolist()
    ([5000000.0, nan], [1200.0, nan])
    """
    if weight == COUNT:
        return pd.Series(1.0, index=table.index)
    if weight == INSURED:
        values = read_numbers(table["insured"])
    elif weight.startswith(CAPITAL) and weight != CAPITAL:
        values = read_numbers(table["capital_amount"]).where(table["capital_currency"] == weight.removeprefix(CAPITAL))
    elif weight in table.columns and weight not in _NO_WEIGHTS.union(COLUMNS):
        values = read_numbers(table[weight])
    else:
        raise DataError("没有这个权重（no such weight）", value=weight, expected="、".join(weights_of(table)))
    if (values < 0).any():
        raise DataError("权重不能为负（negative weight）", column=weight, value=float(values.min()))
    return values


def weights_of(table: pd.DataFrame) -> list[str]:
    """Weights that a table may be asked for: the usual ones, its currencies, and its kept columns that hold numbers."""
    currencies = {str(text) for text in table["capital_currency"].dropna().unique()} - {""} or {"CNY"}
    kept = [str(name) for name in table.columns if name not in _NO_WEIGHTS.union(COLUMNS)]
    numbers = [name for name in kept if _holds_numbers(table[name])]
    return [COUNT, INSURED, *(f"{CAPITAL}{currency}" for currency in sorted(currencies)), *numbers]


def _holds_numbers(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    cells = column[column.notna() & (column != "")].head(_SAMPLED_CELLS)
    return bool(len(cells)) and bool(read_numbers(cells).notna().mean() > MIN_COVERAGE)


def read_numbers(column: pd.Series) -> pd.Series:
    """Numbers of a column, thousands with or without commas; what is no finite number is unknown.

    Examples
    --------
    >>> read_numbers(pd.Series(["1,200", "12,3", "不详", "-4.5"])).tolist()
    [1200.0, nan, nan, -4.5]
    """
    if not pd.api.types.is_numeric_dtype(column):
        column = column.astype("object").where(column.notna(), "").astype(str).str.strip()
        thousands = column.str.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
        column = column.where(~thousands, column.str.replace(",", ""))
    values = pd.to_numeric(column, errors="coerce").astype("Float64").to_numpy(np.float64, na_value=np.nan)
    return pd.Series(np.where(np.isfinite(values), values, np.nan), index=column.index)


@dataclass(frozen=True)
class Weighted:
    """Enterprises of a selection by place and industry, with what they weigh.

    Attributes
    ----------
    level, places
        As of `Counts`.
    weight : str
        As for `weight_values`.
    cells : DataFrame
        One row for each place, industry and value: `place` (position, −1 for none), `industry` (position in
        `options("industry")`), `value` (NaN unknown) and `number` of enterprises alike.
    """

    level: str
    places: pd.DataFrame
    weight: str
    cells: pd.DataFrame

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """Enterprises, known or not: a row for each place and one for none of them, a column for each industry."""
        return self._table(self.cells["number"])

    @cached_property
    def known(self) -> NDArray[np.float64]:
        """Enterprises of which the weight is known, as `counts`."""
        return self._table(self.cells["number"].where(self.cells["value"].notna(), 0))

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """Sum of the known weights, as `counts`."""
        return self._table((self.cells["value"] * self.cells["number"]).fillna(0.0))

    def _table(self, values: pd.Series) -> NDArray[np.float64]:
        shape = (len(self.places) + 1, len(options("industry")))
        table = np.zeros(shape)
        np.add.at(table, (self.cells["place"], self.cells["industry"]), values)  # place −1 is the last row
        return table

    def tries(self) -> NDArray[np.float64]:
        """The sums of `BOOTSTRAP_TRIES` samples drawn with replacement from the enterprises of known weight.

        Each enterprise is drawn as often as a Poisson number of mean 1 says, so that those of one place, industry and
        value together are drawn as often as a Poisson number of their number.

        References
        ----------
        J. A. Hanley, B. MacGibbon, Creating non-parametric bootstrap samples using Poisson frequencies, Computer Methods
        and Programs in Biomedicine 83 (2006) 57–62.
        """
        known = self.cells[self.cells["value"].notna()]
        width = len(options("industry"))
        size = (len(self.places) + 1) * width
        place = known["place"].to_numpy() % (len(self.places) + 1)  # −1 is the last row
        cell, value = place * width + known["industry"].to_numpy(), known["value"].to_numpy()
        number, random = known["number"].to_numpy(), np.random.default_rng(BOOTSTRAP_SEED)
        drawn = [np.bincount(cell, value * random.poisson(number), size) for _ in range(BOOTSTRAP_TRIES)]
        return np.array(drawn, dtype=np.float64).reshape(BOOTSTRAP_TRIES, len(self.places) + 1, width)


def weigh(rows: pd.DataFrame, places: pd.DataFrame, weight: str, level: str = "district") -> Weighted:
    """Gather enterprises by place, industry and value.

    Parameters
    ----------
    rows : DataFrame
        Columns `place` (position in `places`, −1 for none), `industry` (position in `options("industry")`) and `value`.
    places : DataFrame
        As of `Counts`.
    weight, level : str
    """
    keys = ["place", "industry", "value"]
    cells = rows.groupby(keys, dropna=False, sort=True).size().rename("number").reset_index()
    return Weighted(level, places, weight, cells)


def weigh_places(data: Dataset, weight: str, filters: Filters | None = None, level: str = "district") -> Weighted:
    """Gather the enterprises that the filters select by place and industry, with what they weigh.

    A further site of an enterprise has no weight of its own: the enterprise counts once, where its head office is.

    Raises
    ------
    DataError
        When there is no such weight, or it is known of too few of the enterprises (`MIN_COVERAGE`).
    """
    rows, places = counted_rows(data, filters, level)
    values = weight_values(data.enterprises, weight).to_numpy()
    weighted = weigh(rows.assign(value=values[rows["row"]]), places, weight, level)
    require_coverage(weighted)
    return weighted


def require_coverage(weighted: Weighted) -> None:
    """Refuse a weight that is known of too few.

    Raises
    ------
    DataError
        One sentence with what is known, and of how many.
    """
    known, number = int(weighted.known.sum()), int(weighted.counts.sum())
    if known < MIN_COVERAGE * number:
        raise DataError(
            f"{number:,} 家中只有 {known:,} 家有这个权重的数，少于 {MIN_COVERAGE:.0%}，不作加权"
            f"（known for {known:,} of {number:,}, too few）",
            value=weighted.weight,
        )


def shares(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each industry in each place; `sums` has places before industries, in the last two axes."""
    return sums / _or_nan(sums.sum(axis=-1, keepdims=True))


def quotients(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Location quotient of each industry in each place: share of it here over its share in the whole.

    Examples
    --------
    >>> quotients(np.array([[30.0, 10.0], [10.0, 50.0]])).round(4).tolist()
    [[1.875, 0.4167], [0.4167, 1.3889]]
    """
    return shares(sums) / _or_nan(shares(sums.sum(axis=-2, keepdims=True)))


def concentration(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Herfindahl–Hirschman index of each place over its known industries: the sum of the squared shares."""
    known = np.delete(sums, list(options("industry")).index(NONE), axis=-1)
    return (shares(known) ** 2).sum(axis=-1)


def _or_nan(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values > 0, values, np.nan)


def coverage(weighted: Weighted) -> pd.DataFrame:
    """How many enterprises there are and of how many the weight is known.

    Returns
    -------
    DataFrame
        Index of the places; `enterprises`, `known`, `coverage` and for each industry ``enterprises_<code>``,
        ``known_<code>`` and ``coverage_<code>``; a coverage is NaN where there is no enterprise.
    """
    columns: dict[str, NDArray[np.generic]] = {}
    every: dict[str, list[int]] = {"": list(range(len(options("industry"))))}
    every |= {ending: [column] for ending, column in _industry_columns().items()}
    for ending, picked in every.items():
        number, known = (table[:-1, picked].sum(axis=1) for table in (weighted.counts, weighted.known))
        columns |= {f"enterprises{ending}": number.astype(int), f"known{ending}": known.astype(int)}
        columns[f"coverage{ending}"] = known / _or_nan(number)
    return pd.DataFrame(columns, index=weighted.places.index)


def totals(weighted: Weighted) -> pd.DataFrame:
    """Sum of the weights of each place, all together (column ``""``) and by industry (``_<code>``).

    Returns
    -------
    DataFrame of float
        Index of the places; NaN where fewer than `MIN_COVERAGE` are known, of the place or of its industry.
    """
    covered = coverage(weighted)
    columns = {"": weighted.sums.sum(axis=1)[:-1]}
    columns |= {ending: weighted.sums[:-1, column] for ending, column in _industry_columns().items()}
    table = pd.DataFrame(columns, index=weighted.places.index)
    few = pd.DataFrame({ending: covered[f"coverage{ending}"] < MIN_COVERAGE for ending in columns})
    return table.mask(few.to_numpy() | few[""].to_numpy()[:, None])


def weighted_table(weighted: Weighted) -> pd.DataFrame:
    """Shares, quotients and concentration by weight, with intervals and coverage.

    Counts have exact intervals (Clopper–Pearson); other weights those between the percentiles of `Weighted.tries`, where
    at least `MIN_KNOWN_ENTERPRISES` are behind them.

    Returns
    -------
    DataFrame
        Index of the places; `name`, `weight`, the columns of `coverage`, the totals `weighted_total` and
        ``weighted_total_<code>``, and `weighted_hhi`, ``weighted_share_<code>`` and ``weighted_lq_<code>``, each of
        these with ``_low`` and ``_high`` (95 %; no interval of `weighted_hhi` for counts).  NaN where undefined or where
        fewer than `MIN_COVERAGE` are known: of the place, of its industry, or of the industry in the whole.
    """
    covered = coverage(weighted)
    columns: dict[str, object] = {"name": weighted.places["name_zh"], "weight": weighted.weight}
    columns |= dict(covered.items())
    place = ~(covered["coverage"] < MIN_COVERAGE).to_numpy()
    columns |= {f"weighted_total{end}": values for end, values in totals(weighted).items()}
    columns["weighted_hhi"] = np.where(place, concentration(weighted.sums)[:-1], np.nan)
    bounds = _intervals(weighted)
    enough = place & (covered["known"] >= MIN_KNOWN_ENTERPRISES).to_numpy()
    for side, values in bounds["hhi"].items():
        columns[f"weighted_hhi_{side}"] = np.where(enough, values, np.nan)
    parts, ratios = shares(weighted.sums), quotients(weighted.sums)
    for ending, column in _industry_columns().items():
        here = place & ~(covered[f"coverage{ending}"] < MIN_COVERAGE).to_numpy()
        known, number = weighted.known[:, column].sum(), weighted.counts[:, column].sum()
        everywhere = here & (known >= MIN_COVERAGE * number)
        behind = weighted.weight == COUNT or covered[f"known{ending}"].to_numpy() >= MIN_KNOWN_ENTERPRISES
        for name, table, shown in (("share", parts, here), ("lq", ratios, everywhere)):
            columns[f"weighted_{name}{ending}"] = np.where(shown, table[:-1, column], np.nan)
            for side, values in bounds[name].items():
                columns[f"weighted_{name}{ending}_{side}"] = np.where(shown & behind, values[:, column], np.nan)
    return pd.DataFrame(columns, index=weighted.places.index)


def _intervals(weighted: Weighted) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Lower and upper end of what `weighted_table` gives: of each place, or of each place and industry."""
    if weighted.weight == COUNT:
        return _exact(weighted)
    tries, tail = weighted.tries(), (1 - CONFIDENCE) / 2
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, measure in (("share", shares), ("lq", quotients), ("hhi", concentration)):
        ends = _percentiles(measure(tries)[:, :-1], (tail, 1 - tail))
        found[name] = {"low": ends[0], "high": ends[1]}
    return found


def _percentiles(values: NDArray[np.float64], levels: tuple[float, float]) -> NDArray[np.float64]:
    """Percentiles over the tries in which the figure is defined; NaN where it is in none."""
    defined = ~np.isnan(values).all(axis=0)
    found = np.full((len(levels), *values.shape[1:]), np.nan)
    found[:, defined] = np.nanquantile(values[:, defined], levels, axis=0)
    return found


def _exact(weighted: Weighted) -> dict[str, dict[str, NDArray[np.float64]]]:
    industries = list(options("industry"))
    table = pd.DataFrame(weighted.counts[:-1], index=weighted.places.index, columns=industries)
    whole = pd.Series(weighted.counts.sum(axis=0), index=industries)
    counts = Counts(weighted.level, weighted.places, table, table[NONE] * 0, whole)
    low, high = clopper_pearson(table.to_numpy(), _or_nan(table.sum(axis=1).to_numpy())[:, None])
    bounds = [location_quotient_interval(counts, industry) for industry in industries]
    return {
        "share": {"low": low, "high": high},
        "lq": {side: np.column_stack([bound[side] for bound in bounds]) for side in ("low", "high")},
        "hhi": {},
    }


def _industry_columns() -> dict[str, int]:
    """End of a column's name → position of its industry."""
    industries = list(options("industry"))
    return {f"_{code}": industries.index(code) for code in INDUSTRIES}
