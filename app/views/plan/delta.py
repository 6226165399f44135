"""The delta on a page: map of the cities, table of the published index, and apart from it the index of Jiangsu."""

import pandas as pd
import streamlit as st

from app.server.prerender import PrerenderedMap, write
from app.ui.first_map import show_map
from app.ui.maps import page_view
from app.ui.paging import table_height
from app.ui.session import current
from geo.places.yangtze_delta import PROVINCES, TIERS, load_cities, load_delta_land
from layers.base import View
from layers.yangtze_delta import draw_delta_map


@st.cache_resource(show_spinner=False, max_entries=4)
def written_delta(view: View) -> PrerenderedMap:
    """The map of the delta, drawn and written once for all users."""
    return write(draw_delta_map(load_cities(), load_delta_land(), view))


def draw_delta() -> None:
    """Draw map and tables; no filter changes them, the cities are not enterprises."""
    session = current()
    cities = load_cities()
    indexed, tiered = int(cities["index2023"].notna().sum()), int((cities["tier"] != "").sum())
    st.markdown(
        session.word("delta.rule", n=len(cities), central=int(cities["central"].sum()), indexed=indexed, tiered=tiered)
    )
    show_map(written_delta(page_view()), key="delta")
    table = _table(cities)
    st.dataframe(table, hide_index=True, key="delta_table", height=table_height(len(table)), placeholder="–")
    st.markdown(f"**{session.word('delta.jiangsu')}**")
    st.caption(session.word("delta.jiangsu.rule"))
    other = cities[cities["jiangsu2022"].notna()]
    st.dataframe(
        pd.DataFrame(
            {
                session.word("delta.city"): other[f"name_{session.lang}"],
                session.word("delta.jiangsu.value"): other["jiangsu2022"],
                session.word("column.source"): other["jiangsu_source"],
            }
        ),
        hide_index=True,
        key="delta_jiangsu",
    )


def _table(cities: pd.DataFrame) -> pd.DataFrame:
    session = current()
    names = session.names(TIERS) | {"": session.word("delta.none")}
    ordered = cities.assign(order=cities["tier"].replace("", "9")).sort_values(
        ["order", "index2023", "central"], ascending=[True, False, False], kind="stable"
    )
    return pd.DataFrame(
        {
            session.word("delta.city"): ordered[f"name_{session.lang}"],
            session.word("delta.province"): ordered["province"].map(PROVINCES)
            if session.lang == "en"
            else ordered["province"],
            session.word("delta.central"): ordered["central"],
            session.word("delta.tier"): ordered["tier"].map(names),
            session.word("delta.index"): ordered["index2023"],
            session.word("delta.band"): ordered["band"].replace("", None),
            session.word("column.source"): ordered["index_source"].replace("", None),
        }
    )
