"""Which results hang on one kind of list: each left out in turn, and what no longer holds without it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.codes.options import NONE, ORIGIN_LABELS
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters
from geo.indicators.counts import Counts, count_places
from geo.indicators.definitions import INDICATORS


def origins_of(data: Dataset, filters: Filters) -> pd.Series:
    """Enterprises of a selection by the kind of list they come from, the commonest first; kinds without any left out.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> origins_of(load_dataset(), Filters(industry=("auto",))).index[0]
    'exchange'
    """
    each = {code: data.count(replace(filters, origin=(code,))) for code in _asked(filters)}
    return pd.Series(each, dtype=np.int64).loc[lambda counts: counts > 0].sort_values(ascending=False, kind="stable")


def hangs_on_one(data: Dataset, filters: Filters, indicator: str, level: str = "district") -> pd.DataFrame:
    """Places whose specialisation is claimed from all lists together and no longer without one of them.

    Parameters
    ----------
    data : Dataset
    filters : Filters
    indicator : str
        A code of `INDICATORS`; one without an interval around 1 claims nothing.
    level : str
        One of `geo.indicators.counts.PLACE_LEVELS`.

    Returns
    -------
    DataFrame
        One row per place and list on which it hangs: `place`, `origin`, `claim` (1 above, −1 below the whole).

    Notes
    -----
    A claim is an interval (95 %) that lies above or below 1.  Each list is left out of the selection, and of the whole
    that it is measured against.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> list(hangs_on_one(load_dataset(), Filters(), "lq_electronics").columns)
    ['place', 'origin', 'claim']
    """
    present = [str(code) for code in origins_of(data, filters).index]
    rows = []
    if len(present) > 1 and INDICATORS[indicator].interval and not INDICATORS[indicator].share:
        together = _claims(count_places(data, filters, level), indicator)
        for origin in present:
            others = replace(filters, origin=tuple(code for code in present if code != origin))
            without = _claims(count_places(data, others, level), indicator)
            lost = together.index[(together != 0) & (without != together)]
            rows += [(place, origin, int(together[place])) for place in lost]
    return pd.DataFrame(rows, columns=["place", "origin", "claim"])


def _asked(filters: Filters) -> tuple[str, ...]:
    return filters.origin or (*(code for code in ORIGIN_LABELS if code != NONE), NONE)


def _claims(counts: Counts, indicator: str) -> pd.Series:
    """1 where the interval lies above 1, −1 where below, else 0."""
    interval = INDICATORS[indicator].interval
    assert interval is not None
    bounds = interval(counts)
    return (bounds["low"] > 1).astype(int) - (bounds["high"] < 1).astype(int)
