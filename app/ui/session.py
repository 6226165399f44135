"""The language of a user: that of the session, else that of the address, else Chinese."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.i18n import word
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters


@dataclass(frozen=True)
class Session:
    """One run of the script: the user's language, the active tables, the filters and what they select."""

    lang: str
    data: Dataset
    filters: Filters
    set_id: str = ""

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which rows of the table are selected."""
        return self.data.mask(self.filters)

    @cached_property
    def selected(self) -> gpd.GeoDataFrame:
        """The selected rows, cut from the table when a page first asks for them."""
        return self.data.enterprises[self.mask]

    def count(self, **values: Collection[str]) -> int:
        """Number of selected enterprises, of those with one of the values in each named facet; cuts no rows."""
        return self.data.count(self.filters, **values)

    def word(self, key: str, **values: object) -> str:
        """The words behind a key in the user's language."""
        return word(key, self.lang, **values)


def current() -> Session:
    """The session that the entry script has set up for the page."""
    return st.session_state["session"]
