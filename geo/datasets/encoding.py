"""An enterprise table as the store and the text index need it: facets as small integers, texts folded."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.options import held_options, spelled_out
from geo.filters.filters import FACETS, NONE, SEARCHED, Filters
from geo.index.facets import FacetIndex, Selection
from geo.index.text import TextIndex
from geo.places.geocoding import POINT_PRECISIONS, PRECISIONS

MULTIPLE: Final = "recognition"
"""The facet of which a row may have several values, joined by ``;``."""

PRECISION: Final = "precision"
"""Dimension of the store beside the facets: how precisely a row is placed."""

_READ_ROWS: Final = 20_000


def build_facet_index(enterprises: pd.DataFrame, fingerprint: str = "") -> FacetIndex:
    """Build the store of an enterprise table (canonical columns); `fingerprint` tells the table from others.

    Only a row whose own point is known stands in a tile; what is known by area is counted alone (see `geo.places.geocoding`).

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> build_facet_index(load_enterprises()).count({"zone": ["core"]})
    49
    """
    dimensions = {name: (_codes(enterprises, name), [*held_options(name)]) for name in FACETS}
    precision = pd.Categorical(enterprises["location_precision"], categories=PRECISIONS).codes
    dimensions[PRECISION] = (precision, list(PRECISIONS))
    fine = np.isin(precision, [PRECISIONS.index(name) for name in POINT_PRECISIONS])
    lon, lat = (
        np.where(fine, enterprises[column].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
        for column in ("lon", "lat")
    )
    return FacetIndex.build(lon, lat, dimensions, multiple=[MULTIPLE], fingerprint=fingerprint)


def build_text_index(enterprises: pd.DataFrame, fingerprint: str = "") -> TextIndex:
    """Build the text index over the columns that the text filter looks into."""
    return TextIndex.build([_texts(enterprises[column]) for column in SEARCHED], fingerprint)


def as_selection(filters: Filters) -> Selection:
    """The facets of the filters in the store's words; the text is not part of it."""
    return {name: spelled_out(name, getattr(filters, name)) for name in FACETS}


def _texts(column: pd.Series) -> Iterator[str]:
    """Texts of a column, a piece of it in memory at a time."""
    for first in range(0, len(column), _READ_ROWS):
        yield from column.iloc[first : first + _READ_ROWS].to_numpy(dtype=object)


def _codes(enterprises: pd.DataFrame, name: str) -> NDArray[np.integer[Any]]:
    """Position of each row's value among the options, or bits of several; rows without a value have `NONE`."""
    known = {value: position for position, value in enumerate(held_options(name))}
    values = pd.Categorical(enterprises[FACETS[name]].fillna("").replace("", NONE))
    if name == MULTIPLE:
        each = [sum(1 << known[kind] for kind in set(value.split(";")) if kind in known) for value in values.categories]
    else:
        each = [known.get(value, known[NONE]) if NONE in known else known[value] for value in values.categories]
    return np.array(each, dtype=np.int64 if name == MULTIPLE else np.int16)[values.codes]
