"""The one table of pages: a new page is one script in `app/views` and one line here."""

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import word
from app.settings import people_sign_in


class Page(NamedTuple):
    """A page: its path, its icon, its script in `app/views`.

    `map_first` where the map stands before all else, `selection` where the filters change what the page shows, `action`
    what a person has to be allowed to for it to be there, `listed` whether it stands in the row of pages where nobody
    signs in.
    """

    name: str
    icon: str
    script: str
    map_first: bool = False
    selection: bool = True
    action: str = "read"
    listed: bool = True

    def as_streamlit(self, lang: str) -> st.Page:
        """The page for `st.navigation`, titled in a language; the first one of `PAGES` answers at ``/``."""
        return st.Page(
            Path(__file__).parents[1] / "views" / self.script,
            title=word(f"nav.{self.name}", lang),
            help=word(f"nav.{self.name}.help", lang),
            icon=self.icon,
            url_path=self.name,
            default=self is PAGES[0],
            visibility="visible" if self.listed or people_sign_in() else "hidden",
        )


class PageSlots(NamedTuple):
    """Where a page has its parts: the top of the sidebar, what is said above it, the map of one that has it first.

    They are the same at every run, or the browser would make the map anew.
    """

    sidebar: DeltaGenerator
    head: DeltaGenerator
    map: DeltaGenerator
    map_stands: bool


PAGES: Final = [
    Page("map", ":material/map:", "map.py", map_first=True),
    Page("enterprises", ":material/table:", "enterprises/page.py"),
    Page("districts", ":material/leaderboard:", "districts/page.py"),
    Page("clusters", ":material/bubble_chart:", "clusters/page.py"),
    Page("whatif", ":material/science:", "whatif.py"),
    Page("plan", ":material/flag:", "plan/page.py"),
    Page("chains", ":material/account_tree:", "chains/page.py"),
    Page("fit", ":material/add_location_alt:", "fit.py"),
    Page("premises", ":material/warehouse:", "premises/page.py"),
    Page("shortlist", ":material/bookmark:", "shortlist/page.py"),
    Page("import", ":material/upload_file:", "import_/page.py", selection=False),
    Page("admin", ":material/admin_panel_settings:", "admin.py", selection=False, action="administer", listed=False),
    Page("sources", ":material/library_books:", "sources.py"),
]
