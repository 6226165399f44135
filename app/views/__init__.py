"""The one table of pages: a new page is one file and one line here."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from app.i18n import word


class Page(NamedTuple):
    """A page: name of its file, which is also its path, its icon, and whether it is drawn before the filters.

    A map does not wait then until the browser has drawn the filters.  Such a page must not end the run of the script,
    or the filters would be missing.
    """

    name: str
    icon: str
    first: bool = False

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


PAGES: Final = [
    Page("map", ":material/map:", first=True),
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
