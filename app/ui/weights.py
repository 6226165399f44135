"""The weights that a dataset may be asked for, for the choices of the pages."""

from operator import attrgetter

import streamlit as st

from geo.datasets.dataset import Dataset
from geo.indicators.weights import weights_of


@st.cache_data(show_spinner=False, max_entries=8, hash_funcs={Dataset: attrgetter("fingerprint")})
def weights_in(data: Dataset) -> list[str]:
    """Weights that a dataset may be asked for."""
    return weights_of(data.enterprises)
