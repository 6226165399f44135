"""What the pages share within one run: language, data, filters and the selection they make."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import streamlit as st

from app.i18n import word
from geo.datasets import Datasets
from geo.filters import Filters


@dataclass(frozen=True)
class Session:
    """One run of the script: the reader's language, the active tables, the filters and what they select."""

    lang: str
    data: Datasets
    filters: Filters
    selected: gpd.GeoDataFrame

    def word(self, key: str, **values: object) -> str:
        """The words behind a key in the reader's language."""
        return word(key, self.lang, **values)


def current() -> Session:
    """The session that the entry script has set up for the page."""
    return st.session_state["session"]
