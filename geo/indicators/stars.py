"""Stars of a cluster: size, specialisation and productivity, each given or not, empty where data for it are missing.

The three dimensions are those of the European Observatory for Clusters and Industrial Change: H. Hollanders,
I. Merkelbach, European Panorama of Clusters and Industrial Change, 2020 edition, doi:10.2826/867756.  Its thresholds could
not be verified.  For the size it is the top tenth of all places in the category, as the European Cluster Observatory
says whose method it took over (Evaluation of regional cluster strength, http://www.clusterobservatory.eu/index.php?id=49).
For the specialisation that page compares the same quotient; that 2 is the threshold is unverified, and so is the top tenth
for the productivity, taken as for the size.  Both Observatories count employees: by another weight a star is of their kind,
not theirs.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.industries import INDUSTRIES
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import counted_rows
from geo.indicators.weights import CAPITAL, COUNT, INSURED, coverage, totals, weigh, weight_values

TOP_SHARE: Final = 0.1
"""Share of the places with an industry that get the star of size, and of productivity."""

MIN_QUOTIENT: Final = 2.0
"""Location quotient from which on the star of specialisation is given."""

DIMENSIONS: Final = ("size", "specialisation", "productivity")
CATEGORIES: Final = tuple(code for code in INDUSTRIES if code != "other")
"""Industries that may be a cluster; what is left over is none."""


def stars(table: pd.DataFrame, productivity: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give the stars.

    Parameters
    ----------
    table : DataFrame
        As `weighted_table` gives it.
    productivity : DataFrame, optional
        As `productivity_of` gives it; without it nothing is said of the third dimension.

    Returns
    -------
    DataFrame of float
        Index of the table; ``star_<dimension>_<code>`` (1 given, 0 not, NaN where it cannot be judged or no enterprise is
        there), ``stars_<code>`` (how many are given) and ``stars_judged_<code>`` (of how many).
    """
    columns: dict[str, NDArray[np.float64]] = {}
    unknown = pd.Series(np.nan, index=table.index)
    for code in CATEGORIES:
        total, quotient = table[f"weighted_total_{code}"], table[f"weighted_lq_{code}"]
        judged = {
            "size": top(total.where(total > 0)),
            "specialisation": (quotient >= MIN_QUOTIENT).astype(float).where(quotient.notna() & (total > 0)),
            "productivity": top(unknown if productivity is None else productivity[f"productivity_{code}"]),
        }
        columns |= {f"star_{dimension}_{code}": judged[dimension].to_numpy() for dimension in DIMENSIONS}
        given = pd.DataFrame(judged)
        columns[f"stars_{code}"] = given.sum(axis=1, min_count=1).to_numpy()
        columns[f"stars_judged_{code}"] = given.notna().sum(axis=1).to_numpy()
    return pd.DataFrame(columns, index=table.index)


def top(values: pd.Series) -> pd.Series:
    """1 for the values in the top `TOP_SHARE` of those known, 0 for the others, NaN for the unknown.

    With fewer than ten known there is no top tenth, and nothing is judged; equal values are in it together or not at all.

    Examples
    --------
    >>> top(pd.Series([*range(10), np.nan])).tolist()[-3:]
    [0.0, 1.0, nan]
    """
    known = values.notna()
    most = int(known.sum() * TOP_SHARE + 1e-9)
    if not most:
        return pd.Series(np.nan, index=values.index)
    return (values.rank(method="max", ascending=False) <= most).astype(float).where(known)


def productivity_of(
    data: Dataset, output: str, filters: Filters | None = None, level: str = "district"
) -> pd.DataFrame:
    """Output of an employee in each place and industry, over the enterprises of which both are known.

    Parameters
    ----------
    data : Dataset
    output : str
        Title of a column that an import kept, as for `weight_values`.
    filters, level

    Returns
    -------
    DataFrame
        Index of the places; ``productivity_<code>`` (NaN where nobody is employed or where both are known for fewer than
        `MIN_COVERAGE`, of the place or of its industry) and ``productivity_known_<code>`` (of how many both are known).

    Raises
    ------
    DataError
        When there is no such column; staff and capital are no output.
    """
    if output in (COUNT, INSURED) or output.startswith(CAPITAL):
        raise DataError("产出要是导入时保留的一列数（a kept column of numbers）", value=output)
    rows, places = counted_rows(data, filters, level)
    made = weight_values(data.enterprises, output).to_numpy()[rows["row"]]
    staff = weight_values(data.enterprises, INSURED).to_numpy()[rows["row"]]
    both = ~np.isnan(made) & ~np.isnan(staff)
    produced, employed = (
        weigh(rows.assign(value=np.where(both, values, np.nan)), places, weight, level)
        for values, weight in ((made, output), (staff, INSURED))
    )
    output_of, staff_of, known = totals(produced), totals(employed), coverage(employed)
    columns: dict[str, pd.Series] = {}
    for code in CATEGORIES:
        columns[f"productivity_{code}"] = output_of[f"_{code}"] / staff_of[f"_{code}"].where(staff_of[f"_{code}"] > 0)
        columns[f"productivity_known_{code}"] = known[f"known_{code}"]
    return pd.DataFrame(columns, index=places.index)
