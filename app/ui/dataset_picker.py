"""Which dataset the pages work on: the built-in sample, an imported dataset, or both together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import word
from app.server.datasets import (
    BUILT_IN,
    imported_name,
    imported_set,
    is_open,
    list_visible,
    named_dataset,
    starting_name,
    starting_set,
)
from app.ui.address import address_now
from app.ui.choice import distinct, remember
from app.ui.person import person_now
from geo.datasets.dataset import Dataset
from geo.datasets.storage import OPEN_STAGES, ProgressCallback
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError

BUILT_IN_KEY: Final = ""
"""Key of the built-in sample among the keys of the workspace."""


def built_in() -> Dataset:
    """The tables that the app opens with, read once for all users: the built-in ones unless `EXPLORER_SET` is set."""
    return starting_set()


def choose_dataset(lang: str, place: DeltaGenerator) -> Dataset:
    """Let the user choose among the datasets of the workspace, where there are any.

    Parameters
    ----------
    lang : str
    place : DeltaGenerator
        Where the progress of a dataset that is being opened is shown.

    Raises
    ------
    DataError
        When the built-in tables cannot be read.
    """
    base = _watched(starting_name(), starting_set, lang, place)
    datasets = {entry.key: entry for entry in list_visible(person_now())}
    _take_asked(datasets)
    if not datasets:
        return base
    titles = dataset_titles(lang, list(datasets.values()))
    remember("dataset", titles, BUILT_IN_KEY)
    key = st.selectbox(word("set.choose", lang), list(titles), format_func=titles.__getitem__, key="dataset")
    if key == BUILT_IN_KEY:
        return base
    combined = st.toggle(word("set.combine", lang), key="combine", help=word("set.combine.help", lang))
    entry = datasets[key]
    name = imported_name(entry, combined=combined)

    def once(progress: ProgressCallback) -> Dataset:
        return imported_set(entry, base, progress, combined=combined)

    try:
        return _watched(name, once, lang, place)
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return base


def _take_asked(datasets: Mapping[str, ImportedDataset]) -> None:
    """Take the dataset that the address names, by its key or its title; one that is not there (any more) is said."""
    state, address = st.session_state, address_now()
    if address.fresh:
        address.fresh = False
        name = address.asked.pop("set", "")
        try:
            named = named_dataset(name, datasets.values())
        except DataError:  # several have that title, as of two people who did not know of each other's
            named = None
        state["dataset"] = named.key if named else BUILT_IN_KEY
        state["combine"] = address.asked.pop("combine", "") == "1"
        served = name in ("", BUILT_IN) or "wanted" in state  # as links of 0.1.0 to the shortlist named it
        address.missing_set = "" if state["dataset"] or served else name
    elif state.get("dataset", BUILT_IN_KEY) not in {BUILT_IN_KEY, *datasets}:  # deleted meanwhile
        address.missing_set = str(state["dataset"])
    if address.missing_set and state.get("dataset", BUILT_IN_KEY) in datasets:
        address.missing_set = ""


def dataset_parameters() -> dict[str, str]:
    """The dataset in use, as the address names it; nothing for the one that the app opens with."""
    key = st.session_state.get("dataset", BUILT_IN_KEY)
    if key == BUILT_IN_KEY:
        return {}
    return {"set": key} | ({"combine": "1"} if st.session_state.get("combine") else {})


def dataset_titles(lang: str, datasets: Sequence[ImportedDataset]) -> dict[str, str]:
    """Key of the dataset that the app opens with and of those of the workspace → title, no two alike."""
    base = built_in()
    titles = {BUILT_IN_KEY: word("set.built_in", lang) if base.built_in else base.title}
    titles |= {entry.key: entry.title for entry in datasets}
    return distinct(titles, {entry.key: entry.added[:16].replace("T", " ") for entry in datasets})


def _watched(name: str, opened: Callable[[ProgressCallback], Dataset], lang: str, place: DeltaGenerator) -> Dataset:
    """Open a dataset under a bar that tells stage and share; one that is open already shows nothing."""

    def show(stage: str, done: float) -> None:
        place.progress(done, word(f"open.{stage}", lang))

    if not is_open(name):
        show(OPEN_STAGES[0], 0.0)
    try:
        return opened(show)
    finally:
        place.empty()
