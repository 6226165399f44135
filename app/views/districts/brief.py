"""The brief of a place on a page, slides that compare places, and the atlas: choose, take the file along."""

from dataclasses import replace

import streamlit as st

from app.documents import atlas_bytes, brief_bytes, slides_bytes
from app.i18n import as_markdown
from app.ui.choice import choose
from app.ui.download import offer_file
from app.ui.session import current
from geo.errors import DataError
from geo.places.districts import attributes
from reports.brief_facts import ATLAS_LEVELS, MAX_SLIDE_PLACES, PLACES, make_brief, name_of
from reports.figure_frame import chinese_font


def draw_brief_offer() -> None:
    """Draw the choice of the place and the one button that makes its brief."""
    session = current()
    st.markdown(session.word("brief.offer"))
    places = [*PLACES, *attributes().sort_values("belt", ascending=False, kind="stable").index]
    chosen = session.filters.district
    first = places.index(chosen[0]) if len(chosen) == 1 and chosen[0] in places else 0
    names = {code: session.pick(name_of(code)) for code in places}
    place = choose(st.selectbox, "brief_place", names, "brief.place", default=places[first], width=320)
    try:
        chinese_font()
    except DataError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    data, filters, lang, name = session.data, session.filters, session.lang, names[place]
    file_name = name.replace("：", "-").replace(":", " -")
    whole = replace(filters, district=(), zone=())
    own = {"zone": [place]} if place in PLACES else {"district": [place]}
    st.caption(as_markdown(session.word("brief.count", name=name, n=f"{data.count(whole, **own):,}")))
    offer_file(
        session.word("brief.download"),
        lambda: brief_bytes(data, make_brief(data, place, filters), lang),
        session.word("brief.file", name=file_name),
        "brief_download",
        icon="description",
    )
    _offer_slides(place, names, file_name)
    _offer_atlas()


def _offer_slides(place: str, names: dict[str, str], file_name: str) -> None:
    """Offer slides of the place of the brief beside others."""
    session = current()
    data, filters, lang = session.data, session.filters, session.lang
    others = {code: name for code, name in names.items() if code != place}
    chosen = choose(
        st.multiselect, "slides_places", others, "slides.places", default=[], max_selections=MAX_SLIDE_PLACES - 1
    )
    places = [place, *(code for code in chosen if code != place)]
    offer_file(
        session.word("slides.download"),
        lambda: slides_bytes(data, [make_brief(data, code, filters) for code in places], lang),
        session.word("slides.file", name=file_name),
        "slides_download",
        icon="slideshow",
    )


def _offer_atlas() -> None:
    """Offer the atlas of the selection."""
    session = current()
    data, filters, lang = session.data, session.filters, session.lang
    levels = {level: session.word(f"atlas.level.{level}") for level in ATLAS_LEVELS}
    level = choose(st.segmented_control, "atlas_level", levels, "atlas.level", required=True)
    st.caption(session.word("atlas.note"))
    offer_file(
        session.word("atlas.download"),
        lambda: atlas_bytes(data, filters, level, lang),
        session.word("atlas.file", level=levels[level]),
        "atlas_download",
        icon="menu_book",
    )
