"""The one table of pages: a new page is one file and one line here."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import word


class Page(NamedTuple):
    """A page: name of its file, which is also its path, its icon, and whether the map stands on it before all else."""

    name: str
    icon: str
    map_first: bool = False

    def as_streamlit(self, lang: str) -> st.Page:
        """The page for `st.navigation`, titled in a language; the first one of `PAGES` answers at ``/``."""
        return st.Page(
            Path(__file__).parent / f"{self.name}.py",
            title=word(f"nav.{self.name}", lang),
            help=word(f"nav.{self.name}.help", lang),
            icon=self.icon,
            url_path=self.name,
            default=self is PAGES[0],
        )


class Places(NamedTuple):
    """Where a page has its parts: the top of the sidebar, what is said above it, the map of one that has it first.

    They are the same at every run, or the browser would make the map anew.
    """

    sidebar: DeltaGenerator
    head: DeltaGenerator
    map: DeltaGenerator
    map_stands: bool


PAGES: Final = [
    Page("map", ":material/map:", map_first=True),
    Page("enterprises", ":material/table:"),
    Page("districts", ":material/leaderboard:"),
    Page("clusters", ":material/bubble_chart:"),
    Page("whatif", ":material/science:"),
    Page("plan", ":material/flag:"),
    Page("chains", ":material/account_tree:"),
    Page("fit", ":material/add_location_alt:"),
    Page("shortlist", ":material/bookmark:"),
    Page("import", ":material/upload_file:"),
    Page("sources", ":material/library_books:"),
]
