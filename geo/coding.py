"""An enterprise table as the store and the text index need it: facets as small integers, texts folded."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.filters import FACETS, NONE, SEARCHED, Filters, options
from geo.placing import POINT_PRECISIONS, PRECISIONS
from geo.search import TextIndex
from geo.store import Selection, Store

MULTIPLE: Final = "recognition"
"""The facet of which a row may have several values, joined by ``;``."""

PRECISION: Final = "precision"
"""Dimension of the store beside the facets: how precisely a row is placed."""


def build_store(enterprises: pd.DataFrame, stamp: str = "") -> Store:
    """Build the store of an enterprise table (canonical columns); `stamp` tells the table from others.

    Only a row whose own point is known stands in a tile; what is known by area is counted alone (see `geo.areas`).

    Examples
    --------
    >>> from geo.enterprises import load_enterprises
    >>> build_store(load_enterprises()).count({"zone": ["core"]})
    45
    """
    dimensions = {name: (_codes(enterprises, name), [*options(name)]) for name in FACETS}
    precision = pd.Categorical(enterprises["location_precision"], categories=PRECISIONS).codes
    dimensions[PRECISION] = (precision, list(PRECISIONS))
    fine = np.isin(precision, [PRECISIONS.index(name) for name in POINT_PRECISIONS])
    lon, lat = (
        np.where(fine, enterprises[column].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
        for column in ("lon", "lat")
    )
    return Store.build(lon, lat, dimensions, multiple=[MULTIPLE], stamp=stamp)


def build_texts(enterprises: pd.DataFrame, stamp: str = "") -> TextIndex:
    """Build the text index over the columns that the text filter looks into."""
    return TextIndex.build([enterprises[column].to_numpy(dtype=object) for column in SEARCHED], stamp)


def as_selection(filters: Filters) -> Selection:
    """The facets of the filters in the store's words; the text is not part of it."""
    return {name: getattr(filters, name) for name in FACETS}


def _codes(enterprises: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """Position of each row's value among the options, or bits of several; rows without a value have `NONE`."""
    known = {value: position for position, value in enumerate(options(name))}
    values = pd.Categorical(enterprises[FACETS[name]].fillna("").replace("", NONE))
    if name == MULTIPLE:
        each = [sum(1 << known[kind] for kind in set(value.split(";")) if kind in known) for value in values.categories]
    else:
        each = [known.get(value, known[NONE]) if NONE in known else known[value] for value in values.categories]
    return np.array(each, dtype=np.int64)[values.codes]
