"""The card of one enterprise: facts with their sources, place, recognitions, neighbours, similar firms and parks."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.records.corrections import Correction
from app.ui.follow import draw_follow
from app.ui.maps import draw_subject, page_view
from app.ui.session import current
from app.ui.sidebar import read_nodes
from app.views.enterprises.correct import corrected_facts, corrections_of, draw_correct, said_of
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.datasets.profile import (
    LIKENESS_TERMS,
    NEIGHBOURS_KM,
    Fact,
    Profile,
    chain_neighbours,
    nearest_parks,
    profile_of,
    recognitions_of,
    similar,
)
from geo.places.geocoding import POINT_PRECISIONS
from layers.enterprises import draw_enterprises
from layers.escape import plain, web_address

CARD_PIXELS: Final = 400
"""Width of the card beside the table."""

ZOOM: Final = {"site": 12, "road": 12, "park": 12, "town": 11, "district": 10}
"""Zoom of the small map, by how precisely the place is known."""


def open_card(enterprise_id: str) -> None:
    """Let the page of enterprises show the card of one."""
    st.session_state["card"] = enterprise_id


def draw_card(position: int) -> None:
    """Draw all that is known of the enterprise of a row, with source, date and evidence."""
    session = current()
    data = session.data
    row = data.enterprises.iloc[position]
    profile = profile_of(row, session.lang)
    with st.container(border=True, key="card", width=CARD_PIXELS):
        with st.container(horizontal=True, vertical_alignment="top"):
            st.subheader(as_markdown(plain(profile.name)), anchor=False)
            st.button(
                session.word("card.close"),
                key="card_close",
                on_click=open_card,
                args=[""],
                type="tertiary",
                icon=":material/close:",
            )
        if profile.unverified:
            st.badge(session.word("card.unverified"), color="orange", icon=":material/help:")
        if not session.mask[position]:
            st.caption(session.word("card.outside"))
        held = corrections_of(row)
        facts = st.container()
        draw_follow(row)  # before what is below the facts: whoever corrects says who they are here
        with facts:
            _draw_facts(profile, corrected_facts(held))
            _draw_recognitions(row)
            _draw_place(position, profile)
        draw_correct(row, held)
        _draw_parks(data, position)
        read_nodes(session)
        _draw_neighbours(data, position)
        _draw_similar(data, position)


def _draw_facts(profile: Profile, fixed: Mapping[str, Correction]) -> None:
    session = current()
    for section in ("registered", "industry", "place"):
        if facts := profile.facts[section]:
            lines = [_said(fact, fixed.get(fact.column)) for fact in facts]
            st.markdown("  \n".join([f"**{session.word(f'card.{section}')}**", *lines]))
    origin = {fact.column: as_markdown(plain(fact.value)) for fact in profile.facts["origin"]}
    st.caption(session.word("card.origin", date=origin.get("compiled", ""), source=origin.get("source_file", "")))


def _said(fact: Fact, correction: Correction | None = None) -> str:
    """One line of Markdown for a fact."""
    if correction:
        by = said_of(correction, current().lang)
        return f":gray[{as_markdown(fact.label)}]　{as_markdown(plain(fact.value))}　:small[:orange[{by}]]"
    where = " · ".join(filter(None, [as_markdown(fact.evidence), _link(fact.source, fact.url) if fact.source else ""]))
    said = f":gray[{as_markdown(fact.label)}]　{as_markdown(plain(fact.value))}"
    return f"{said}　:small[:gray[{where}]]" if where else said


def _link(title: str, url: str) -> str:
    address = web_address(url).replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{as_markdown(plain(title))}](<{address}>)" if address else as_markdown(plain(title))


def _draw_recognitions(row: pd.Series) -> None:
    """Each recognition with its year, batch and own source."""
    session = current()
    recognitions = session.data.recognitions
    lines = [_said(fact) for fact in recognitions_of(recognitions[recognitions["name"] == row["name"]], session.lang)]
    if lines:
        st.markdown("  \n".join([f"**{session.word('card.recognitions')}**", *lines]))


def _draw_place(position: int, profile: Profile) -> None:
    """Where it is, how precisely that is known, and what the witnesses disagree about."""
    session = current()
    row = session.data.enterprises.iloc[position]
    precision = row["location_precision"]
    if precision in ZOOM:
        alone = draw_enterprises(session.data.with_enterprises(session.data.enterprises.iloc[[position]]), page_view())
        where = {"center": (row["lat"], row["lon"]), "zoom": ZOOM[precision]}
        draw_subject(alone, "card", 260, own_legend=False, small=True, **where)
    if precision not in POINT_PRECISIONS:
        st.caption(session.word("card.area" if precision in ZOOM else "card.nowhere"))
    for fact in profile.facts["doubt"]:
        said = f"{fact.label}：{as_markdown(plain(fact.value))}"
        if fact.column == "location_conflict":
            st.warning(said, icon=":material/wrong_location:")
        else:
            st.caption(said)


def _draw_parks(data: Dataset, position: int) -> None:
    parks = nearest_parks(data, position)
    if parks.empty:
        return
    lines = [f"**{current().word('card.parks')}**"]
    for park in parks.itertuples():
        far = f"{park.distance_m / 1000:,.1f} km"
        lines.append(f"{as_markdown(plain(park.name))}　:gray[:small[{as_markdown(plain(park.category))} · {far}]]")
    st.markdown("  \n".join(lines))
    st.caption(current().word("card.parks.note"))


def _draw_neighbours(data: Dataset, position: int) -> None:
    session = current()
    st.markdown(f"**{session.word('card.neighbours')}**")
    found = chain_neighbours(data, position)
    if found.empty:
        st.caption(session.word("card.neighbours.none", km=f"{NEIGHBOURS_KM:g}"))
        return
    nodes = options("node")
    for name, row in zip(_names(data, found.index), found.itertuples(), strict=True):
        said = f"{session.pick(nodes[row.node])} · {row.distance_m / 1000:,.1f} km"
        _draw_other(str(row.Index), name, said, "neighbour")


def _draw_similar(data: Dataset, position: int) -> None:
    session = current()
    st.markdown(f"**{session.word('card.similar')}**", help=session.word("card.similar.help"))
    found = similar(data, position)
    if found.empty:
        st.caption(session.word("card.similar.none"))
    for name, (enterprise_id, row) in zip(_names(data, found.index), found.iterrows(), strict=True):
        parts = [f"{session.pick(LIKENESS_TERMS[name])} {row[name]:g}" for name in LIKENESS_TERMS if row[name]]
        _draw_other(str(enterprise_id), name, f"{' + '.join(parts)} = {row['score']:g}", "similar")


def _names(data: Dataset, ids: pd.Index) -> list[str]:
    return [str(name) for name in data.rows_of(list(ids))["name"]]


def _draw_other(enterprise_id: str, name: str, said: str, kind: str) -> None:
    """Name of another enterprise, which opens its card, and why it stands here."""
    with st.container(gap=None):
        st.button(
            as_markdown(plain(name)),
            key=f"{kind}_{enterprise_id}",
            on_click=open_card,
            args=[enterprise_id],
            type="tertiary",
        )
        st.caption(as_markdown(said))
