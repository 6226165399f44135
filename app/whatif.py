"""Steps of a scenario on a page: where a plant stands, what is done, what it changes, what may be downloaded."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from app.chains import district_positions, node_name
from app.indicator_files import MIME, file_name
from app.indicators import kept_choice, titled
from app.paging import TABLE_LIMIT
from app.session import Session, current
from geo.chains import CHAINS, load_chains
from geo.counts import Counts, count_places
from geo.districts import attributes
from geo.errors import DataError
from geo.export import to_bytes
from geo.filters import options
from geo.gaps import count_by
from geo.indicators import INDICATORS
from geo.whatif import Plant, Scenario, apply, as_rows, before_and_after, gaps_before_and_after, plant_at
from geo.zones import CORE_NAME

KINDS: Final = ("district", "park", "town", "core", "point")
"""What a place may be given by."""


def scenario_now() -> Scenario:
    """The scenario of this reader."""
    return st.session_state.setdefault("whatif", Scenario())


def where_form() -> None:
    """Let the reader say where a plant stands."""
    session = current()
    english = session.lang == "en"
    names = {kind: session.word(f"whatif.{kind}") for kind in ("district", "park", "town")}
    names |= {kind: session.word(f"whatif.kind.{kind}") for kind in ("core", "point")}
    kind = kept_choice("whatif.kind", KINDS, names.__getitem__, width=180)
    districts = {code: pair for code, pair in options("district").items() if code != "none"}
    if kind in ("district", "town"):
        kept_choice("whatif.district", list(districts), lambda code: districts[code][english], width=160)
    if kind == "town":
        towns = session.data.towns
        own = towns.loc[towns["adcode"] == st.session_state["whatif.district"], "name"]
        kept_choice("whatif.town", own.tolist(), str, width=200)
    if kind == "park":
        parks = session.data.parks
        kept_choice("whatif.park", parks.loc[parks["adcode"] != "", "name"].drop_duplicates().tolist(), str, width=280)
    if kind == "point":
        st.number_input(session.word("whatif.lon"), 120.0, 123.0, 121.5, format="%.5f", key="whatif.lon", width=170)
        st.number_input(session.word("whatif.lat"), 30.0, 32.5, 31.2, format="%.5f", key="whatif.lat", width=170)


def choose_node() -> None:
    """Let the reader say which node of its industry's chain the plant would stand on, or none."""
    session, table = current(), load_chains()
    chains = [code for code, chain in CHAINS.items() if chain.industry in ("", st.session_state["whatif.industry"])]
    members = table.index[table["chain"].isin(chains)]
    names = {"": session.word("whatif.node.none")} | {node: node_name(node) for node in members}
    kept_choice("whatif.node", list(names), names.__getitem__, width=230)


def take_step(sign: int) -> None:
    """Add the plant of the form, or take it away."""
    state, session = st.session_state, current()
    kind = state["whatif.kind"]
    place: dict[str, Any] = {}
    if kind == "core":
        place = {"name": CORE_NAME}
    elif kind == "point":
        place = {"lon": float(state["whatif.lon"]), "lat": float(state["whatif.lat"])}
    elif kind == "park":
        parks = session.data.parks.drop_duplicates("name").set_index("name")
        place = {"name": state["whatif.park"], "adcode": parks.at[state["whatif.park"], "adcode"]}
    else:
        place = {"adcode": state["whatif.district"], "name": state["whatif.town"] if kind == "town" else ""}
    try:
        number, staff = sign * int(state["whatif.number"]), int(state["whatif.staff"])
        plant = plant_at(state["whatif.industry"], number, staff, node=state["whatif.node"], **place)
    except DataError as error:
        state["whatif_error"] = str(error)
        return
    state["whatif"] = scenario_now().plus(plant)


def draw_steps(scenario: Scenario, idle: list[Plant]) -> None:
    """Draw the steps in their order, each with whether it counts here."""
    session = current()
    names = options("industry")
    table = pd.DataFrame(
        {
            session.word("whatif.step"): range(1, len(scenario.plants) + 1),
            session.word("whatif.number"): [f"{plant.number:+d}" for plant in scenario.plants],
            session.word("whatif.industry"): [names[plant.industry][session.lang == "en"] for plant in scenario.plants],
            session.word("whatif.where"): [_where(plant, session.lang) for plant in scenario.plants],
            session.word("whatif.staff"): [plant.staff or None for plant in scenario.plants],
            session.word("whatif.counts"): [
                session.word("whatif.counts.no" if plant in idle else "whatif.counts.yes") for plant in scenario.plants
            ],
        }
    )
    st.dataframe(table, hide_index=True, key="whatif_steps", placeholder="–")


def draw_change(before: Counts, after: Counts, place: str, industry: str) -> None:
    """Draw what the steps change for an industry in a place."""
    session = current()
    table = before_and_after(before, after, place, industry).dropna(how="all")
    names = [
        titled(code, session.lang) if code in INDICATORS else session.word(f"whatif.{code}") for code in table.index
    ]
    shares = table.index.isin([code for code in table.index if code in INDICATORS and INDICATORS[code].share])
    shown = table.mul(np.where(shares, 100, 1), axis=0)
    whole = table.index.isin(["enterprises", "of_industry", "whole", "whole_of_industry"])
    columns = {
        session.word(f"whatif.{name}"): [
            _said(*cell, signed=name == "change") for cell in zip(shown[name], whole, strict=True)
        ]
        for name in shown
    }
    st.dataframe(
        pd.DataFrame({session.word("whatif.measure"): names} | columns),
        hide_index=True,
        key=f"whatif_change_{place}_{industry}",
        height=36 + 33 * len(table),
    )


def draw_gaps(scenario: Scenario) -> None:
    """Draw which gaps of the chains the steps close or open in their districts."""
    session = current()
    _, idle = apply(count_places(session.data, session.filters), scenario, session.filters)
    plants = [plant for plant in scenario.plants if plant.node and plant.adcode and plant not in idle]
    if not plants:
        return
    st.subheader(session.word("whatif.gaps"), anchor=False)
    districts = attributes()
    on_nodes = count_by(session.data.nodes, district_positions(session.data), len(districts), session.mask)
    table = gaps_before_and_after(on_nodes.set_axis(districts.index, axis=1), plants)
    names = districts["name_en" if session.lang == "en" else "name_zh"]
    st.dataframe(
        pd.DataFrame(
            {
                session.word("whatif.district"): table["adcode"].map(names),
                session.word("whatif.node"): table["node"].map(node_name),
                session.word("whatif.before"): table["before"],
                session.word("whatif.after"): table["after"],
                session.word("whatif.city"): table["city"],
                session.word("whatif.gaps.before"): table["gaps_before"],
                session.word("whatif.gaps.after"): table["gaps_after"],
            }
        ),
        hide_index=True,
        key="whatif_gaps",
    )
    st.caption(session.word("whatif.gaps.note"))


def offer_file(scenario: Scenario) -> None:
    """Offer the selection as a file; the supposed plants are in it when the reader ticks so, and only then."""
    session = current()
    large = session.count() > TABLE_LIMIT
    st.subheader(session.word("whatif.file"), anchor=False)
    if large:
        st.caption(session.word("whatif.large", n=f"{TABLE_LIMIT:,}"))
    ticked = st.checkbox(session.word("whatif.tick"), key="whatif_tick")
    made_up = sum(plant.number for plant in scenario.plants if plant.number > 0) if ticked else 0
    rows = made_up + (0 if large else session.count())
    stem = "hypothetical-only" if large else "enterprises-with-hypothetical" if made_up else "enterprises"
    with st.container(horizontal=True):
        for suffix in ("csv", "xlsx"):
            st.download_button(
                session.word("whatif.download", suffix=suffix.upper(), n=f"{rows:,}"),
                data=partial(file_of, session, scenario if ticked else Scenario(), suffix, selected=not large),
                file_name=file_name(stem, suffix),
                mime=MIME[suffix],
                icon=":material/download:",
                disabled=not rows,
                key=f"whatif_{suffix}",
            )


def file_of(session: Session, scenario: Scenario, suffix: str, *, selected: bool) -> bytes:
    """The selection, if asked for, and the plants that a scenario adds, as the bytes of a file."""
    made_up = as_rows(scenario, session.data.date)
    rows = (
        pd.concat([session.selected, made_up])
        if selected and len(made_up)
        else session.selected
        if selected
        else made_up
    )
    sentence = session.filters.sentence(session.count(), session.lang)
    if len(made_up):
        sentence += session.word("whatif.sentence", n=f"{len(made_up):,}")
    return to_bytes(
        rows, suffix, labels=session.lang, sentence=sentence, date=session.data.date, synthetic=session.data.synthetic
    )


def _where(plant: Plant, lang: str) -> str:
    district = options("district").get(plant.adcode, ("", ""))[lang == "en"]
    return " ".join(filter(None, [district, plant.where]))


def _said(value: float, whole: bool, *, signed: bool) -> str:
    if np.isnan(value):
        return "–"
    sign = "+" if signed else ""
    return f"{value:{sign},.0f}" if whole else f"{value:{sign}.4f}"
