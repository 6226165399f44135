"""Districts: an indicator on one or two linked maps, ranked, and up to ten places side by side."""

from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from app.server.prerender import serve_page
from app.ui.choice import choose
from app.ui.figures import offer_figure, offer_table
from app.ui.indicators import (
    SAME_WITHOUT_CROWDED,
    draw_formula,
    draw_published,
    draw_ranking,
    draw_side_by_side,
    shading_of,
    tips_of,
)
from app.ui.maps import page_view
from app.ui.origins import draw_hanging
from app.ui.session import current
from app.views.districts.brief import draw_brief_offer
from app.views.districts.intended import draw_intended
from app.views.districts.per_mu import draw_per_mu
from app.views.districts.weights import draw_weights
from geo.datasets.dataset import Dataset
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.definitions import INDICATORS
from geo.indicators.scenario import ASKED
from layers.base import View
from layers.choropleth import choropleth_html
from layers.classes import SCHEMES, Shading

FIRST_INDICATOR: Final = {"town": "share_equipment"}
"""Level of places → what is shown first where that is not the density: of towns no area is known.

A location quotient is not: in a list of a few hundred its interval holds 1 nearly everywhere.
"""


@st.cache_data(show_spinner=False, max_entries=32, hash_funcs={Dataset: attrgetter("fingerprint")})
def maps(data: Dataset, drawn: list[tuple[Shading, pd.Series]], view: View) -> str:
    """The document of the maps."""
    return choropleth_html(data, drawn, view)


def choose_shading() -> tuple[str, str, str, str]:
    """Let the user choose places, indicator, class scheme and a second map."""
    session = current()

    def choose_one(name: str, names: dict[str, str], width: int, default: str | None = None) -> str:
        return str(choose(st.selectbox, name, names, name, default=default, width=width))

    with st.container(horizontal=True, vertical_alignment="bottom", key="districts_choice"):
        level = choose_one("districts.level", session.names(PLACE_LEVELS), 170)
        mapped = [code for code, one in INDICATORS.items() if one.mapped and (code != "density_km2" or level != "town")]
        names = session.names({code: INDICATORS[code].name for code in mapped})
        code = choose_one("districts.indicator", names, 240, FIRST_INDICATOR.get(level, "density_km2"))
        scheme = choose_one("districts.scheme", session.names(SCHEMES), 230)
        others = {"": session.word("districts.second.none")}
        if session.count(registration=["shared"]):
            others[SAME_WITHOUT_CROWDED] = session.word("districts.second.own")
        second = choose_one("districts.second", others | names, 240)
    return level, code, scheme, second


def draw() -> None:
    """Draw the page."""
    session = current()
    view = page_view()
    if not session.total:
        st.info(session.word("map.empty"), icon=":material/filter_alt:")
    level, code, scheme, second = choose_shading()
    counts = count_places(session.data, session.filters, level)
    shading = shading_of(counts, code, scheme, session.lang)
    drawn = [(shading, tips_of(counts, code, shading, session.lang))]
    if second:
        own = second == SAME_WITHOUT_CROWDED
        others = count_places(session.data, replace(session.filters, registration=("own",)), level) if own else counts
        other = code if own else second
        right = shading_of(
            others, other, scheme, session.lang, suffix=session.word("districts.second.own") if own else ""
        )
        drawn.append((right, tips_of(others, other, right, session.lang)))
    address = serve_page(maps(session.data, drawn, view), session.data.key)
    # A frame of its own for each map: one that is led to another address gets an entry in the browser's history.
    with st.container(key="districts_maps" if second else "districts_map"), st.container(key=Path(address).stem):
        st.iframe(address, height=640)
    draw_hanging(counts, code)
    draw_formula(code)
    if level in ("park", "town"):
        st.caption(session.word("districts.points"))
    if any(getattr(session.filters, name) for name in ASKED):
        st.caption(session.word("districts.relative"))
    counted = int(counts.whole.sum())
    st.caption(session.word("districts.left", n=f"{counted:,}", left=f"{session.total - counted:,}"))
    with st.container(horizontal=True, key="districts_files"):
        offer_figure(shading, code, view)
        offer_table(counts)
    st.subheader(session.word("districts.table"), anchor=False)
    draw_ranking(counts, code, shading)
    st.subheader(session.word("districts.compare"), anchor=False)
    draw_side_by_side(counts, code)
    st.subheader(session.word("weights.heading"), anchor=False)
    names = {str(place): counts.name(str(place), session.lang) for place in counts.places.index}
    draw_weights(level, names)
    st.subheader(session.word("permu.heading"), anchor=False)
    draw_per_mu(level, names)
    st.subheader(session.word("intended.heading"), anchor=False)
    draw_intended()
    with st.expander(session.word("districts.published")):
        draw_published(pd.Index(counts.places.index))
    st.subheader(session.word("brief.heading"), anchor=False)
    draw_brief_offer()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
