"""The session of a user, as one run of the script sees it: language, active dataset, filters, what they select."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.i18n import word
from geo.datasets.dataset import Dataset
from geo.enterprises.table import with_points
from geo.filters.filters import Filters
from geo.roads.store import roads_fingerprint


@dataclass(frozen=True)
class Session:
    """One run of the script: the user's language, the active dataset, the filters and what they select."""

    lang: str
    data: Dataset
    filters: Filters
    dataset_id: str = ""

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which rows of the table are selected."""
        return self.data.mask(self.filters)

    @cached_property
    def selected(self) -> gpd.GeoDataFrame:
        """The selected rows, cut from the table when a page first asks for them."""
        return with_points(self.data.enterprises[self.mask])

    @cached_property
    def total(self) -> int:
        """Number of selected enterprises."""
        return self.data.count(self.filters)

    @cached_property
    def sentence(self) -> str:
        """The selection in words, with its count."""
        return self.data.sentence(self.filters, self.lang)

    def count(self, **values: Collection[str]) -> int:
        """Number of selected enterprises with one of the values in each named facet; cuts no rows."""
        return self.data.count(self.filters, **values)

    def word(self, key: str, **values: object) -> str:
        """The words behind a key in the user's language."""
        return word(key, self.lang, **values)

    def pick(self, pair: Sequence[Any]) -> str:
        """Of the same words in Chinese and in English, those in the user's language."""
        return str(pair[self.lang == "en"])

    def listing(self, parts: Iterable[str]) -> str:
        """Words one after another, as the user's language lists them."""
        return (", " if self.lang == "en" else "、").join(parts)

    def names(self, options: Mapping[str, Sequence[Any]]) -> dict[str, str]:
        """Codes with their words in the user's language."""
        return {code: self.pick(pair) for code, pair in options.items()}


BY_SELECTION: Final[dict[str | type[Any], Callable[[Any], Any]]] = {
    Session: lambda session: (
        session.dataset_id,
        session.filters.to_query(),
        roads_fingerprint(session.filters.drive),
    )
}
"""For `st.cache_data(hash_funcs=…)`: what was computed of a session holds for whoever selects the same."""


_HELD_SESSION: Final[ContextVar[Session]] = ContextVar("held_session")


def current() -> Session:
    """The session that the entry script has set up for the page, or that is held."""
    return _HELD_SESSION.get(None) or st.session_state["session"]


@contextmanager
def hold(session: Session) -> Iterator[None]:
    """Work on a session where Streamlit knows none: a file is made in a thread of its own, after the run has ended."""
    token = _HELD_SESSION.set(session)
    try:
        yield
    finally:
        _HELD_SESSION.reset(token)
