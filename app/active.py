"""Which set the pages work on: the built-in sample, an imported set, or both together."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.i18n import word
from app.served import starting_set
from geo import workspace
from geo.datasets import Datasets
from geo.errors import DataError

BUILT_IN = ""
"""Key of the built-in sample among the keys of the workspace."""


@st.cache_resource(show_spinner="正在读取数据 / Reading data")
def built_in() -> Datasets:
    """The tables that the app opens with, read once for all readers: the built-in ones unless `EXPLORER_SET` is set."""
    return starting_set()


@st.cache_resource(show_spinner="正在读取数据 / Reading data", max_entries=4)
def imported(key: str, combined: bool, enterprises_sha256: str) -> Datasets:
    """An imported set in the place of the sample, or together with it; `enterprises_sha256` tells releases apart."""
    del enterprises_sha256
    base = built_in()
    record = next(entry for entry in workspace.list_sets() if entry.key == key)
    enterprises = workspace.open_set(key)
    title = record.title
    if combined:
        enterprises = workspace.combine(enterprises, base.enterprises)
        title = f"{record.title} + {base.title}"
    day = record.added[:10]
    made_up = record.synthetic or (combined and base.synthetic)
    return replace(base.with_enterprises(enterprises), title=title, date=day, synthetic=made_up, built_in=False)


def choose_set(lang: str) -> Datasets:
    """Let the reader choose among the sets of the workspace, where there are any.

    Raises
    ------
    DataError
        When the built-in tables cannot be read.
    """
    base = built_in()
    sets = {entry.key: entry for entry in workspace.list_sets()}
    if not sets:
        return base
    if st.session_state.get("dataset", BUILT_IN) not in {BUILT_IN, *sets}:
        st.session_state["dataset"] = BUILT_IN
    key = st.selectbox(
        word("set.choose", lang),
        [BUILT_IN, *sets],
        format_func=lambda key: sets[key].title if key else word("set.built_in", lang) if base.built_in else base.title,
        key="dataset",
    )
    if key == BUILT_IN:
        return base
    combined = st.toggle(word("set.combine", lang), key="combine", help=word("set.combine.help", lang))
    try:
        return imported(key, combined, sets[key].enterprises_sha256)
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return base
