"""What if: plants supposed somewhere, and what they change in counts, quotients and concentration."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.address import bind
from app.ui.chains import district_positions, node_name
from app.ui.charts import draw_chart, dumbbells, quotients_before_and_after
from app.ui.choice import choose, distinct, enter, switch
from app.ui.download import file_name, offer_file
from app.ui.indicators import titled
from app.ui.paging import TABLE_LIMIT
from app.ui.session import Session, current
from geo.chains.assignment import CHAINS, load_chains
from geo.chains.gaps import count_by
from geo.codes.industries import INDUSTRIES
from geo.errors import DataError
from geo.export.selection import to_bytes
from geo.filters.filters import options
from geo.indicators.counts import PLACE_LEVELS, Counts, count_places
from geo.indicators.definitions import INDICATORS
from geo.indicators.scenario import (
    Plant,
    Scenario,
    apply,
    as_rows,
    before_and_after,
    gaps_before_and_after,
    place_of,
    plant_at,
)
from geo.places.districts import attributes
from geo.places.zones import CORE_NAME

PLACE_KINDS: Final = ("district", "park", "town", "core", "point")
"""What a place may be given by."""


def scenario_now() -> Scenario:
    """The scenario of this user."""
    return st.session_state.setdefault("whatif", Scenario())


def where_form() -> None:
    """Let the user say where a plant stands."""
    session = current()
    own = ("district", "park", "town")
    names = {kind: session.word(f"whatif.{kind}" if kind in own else f"whatif.kind.{kind}") for kind in PLACE_KINDS}
    kind = _choose_one("whatif.kind", names, 180)
    districts = {code: pair for code, pair in options("district").items() if code != "none"}
    if kind in ("district", "town"):
        _choose_one("whatif.district", session.names(districts), 160)
    if kind == "town":
        towns = session.data.towns
        _choose_one(
            "whatif.town", towns.loc[towns["adcode"] == st.session_state["whatif.district"], "name"].tolist(), 200
        )
    if kind == "park":
        parks = session.data.parks[session.data.parks["adcode"] != ""]
        _choose_one("whatif.park", distinct(parks["name"].to_dict(), parks["category"].to_dict()), 280)
    if kind == "point":
        _choose_number("whatif.lon", 120.0, 123.0, 121.5, format="%.5f", width=170)
        _choose_number("whatif.lat", 30.0, 32.5, 31.2, format="%.5f", width=170)


def _choose_one(key: str, options: Collection[str], width: int, default: str | None = None) -> str:
    return str(choose(st.selectbox, key, options, key, default=default, width=width))


def _choose_number(key: str, least: float, most: float, default: float, **more: Any) -> None:
    enter(st.number_input, key, key, least, most, default, **more)


def choose_node() -> None:
    """Let the user say which node of its industry's chain the plant would stand on, or none."""
    session, table = current(), load_chains()
    chains = [code for code, chain in CHAINS.items() if chain.industry in ("", st.session_state["whatif.industry"])]
    members = table.index[table["chain"].isin(chains)]
    names = {"": session.word("whatif.node.none")} | {node: node_name(node) for node in members}
    _choose_one("whatif.node", names, 230)


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
        place = session.data.parks.loc[state["whatif.park"], ["name", "adcode"]].to_dict()
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
    names = session.names(options("industry"))
    table = pd.DataFrame(
        {
            session.word("whatif.step"): range(1, len(scenario.plants) + 1),
            session.word("whatif.number"): [f"{plant.number:+d}" for plant in scenario.plants],
            session.word("whatif.industry"): [names[plant.industry] for plant in scenario.plants],
            session.word("whatif.where"): [_where(plant) for plant in scenario.plants],
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
    names = districts[f"name_{session.lang}"]
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


def offer_selection(scenario: Scenario) -> None:
    """Offer the selection as a file; the supposed plants are in it when the user ticks so, and only then."""
    session = current()
    large = session.total > TABLE_LIMIT
    st.subheader(session.word("whatif.file"), anchor=False)
    if large:
        st.caption(session.word("whatif.large", n=f"{TABLE_LIMIT:,}"))
    ticked = switch("whatif_tick", "whatif.tick", st.checkbox)
    made_up = sum(plant.number for plant in scenario.plants if plant.number > 0) if ticked else 0
    rows = made_up + (0 if large else session.total)
    stem = "hypothetical-only" if large else "enterprises-with-hypothetical" if made_up else "enterprises"
    with st.container(horizontal=True):
        for suffix in ("csv", "xlsx"):
            offer_file(
                session.word("whatif.download", suffix=suffix.upper(), n=f"{rows:,}"),
                partial(file_of, session, scenario if ticked else Scenario(), suffix, selected=not large),
                file_name(stem, suffix),
                f"whatif_{suffix}",
                disabled=not rows,
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
    sentence = session.sentence
    if len(made_up):
        sentence += session.word("whatif.sentence", n=f"{len(made_up):,}")
    return to_bytes(
        rows,
        suffix,
        labels=session.lang,
        sentence=sentence,
        date=session.data.date,
        synthetic=session.data.synthetic,
        origin="" if session.data.built_in else session.data.title,
    )


def _where(plant: Plant) -> str:
    district = current().pick(options("district").get(plant.adcode, ("", "")))
    return " ".join(filter(None, [district, plant.where]))


def _said(value: float, whole: bool, *, signed: bool) -> str:
    if np.isnan(value):
        return "–"
    sign = "+" if signed else ""
    return f"{value:{sign},.0f}" if whole else f"{value:{sign}.4f}"


def draw() -> None:
    """Draw the page."""
    session = current()
    names = session.names(INDUSTRIES)
    bind("whatif", Scenario(), Scenario.from_text, str, name="whatif_steps")
    st.write(session.word("whatif.lead"))
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", key="whatif_form"):
            _choose_one("whatif.industry", names, 220, "equipment")
            choose_node()
            where_form()
            _choose_number("whatif.number", 1, 100, 1, width=110)
            _choose_number("whatif.staff", 0, 100_000, 0, step=50, width=190)
        with st.container(horizontal=True, key="whatif_buttons"):
            st.button(
                session.word("whatif.add"),
                on_click=take_step,
                args=(1,),
                icon=":material/add:",
                type="primary",
                key="whatif_add",
            )
            st.button(
                session.word("whatif.take"), on_click=take_step, args=(-1,), icon=":material/remove:", key="whatif_take"
            )
            none = not scenario_now().plants
            if st.button(session.word("whatif.undo"), icon=":material/undo:", key="whatif_undo", disabled=none):
                st.session_state["whatif"] = scenario_now().undo()
                st.rerun()
            if st.button(session.word("whatif.clear"), icon=":material/delete:", key="whatif_clear", disabled=none):
                st.session_state["whatif"] = Scenario()
                st.rerun()
    if error := st.session_state.pop("whatif_error", ""):
        st.error(as_markdown(error), icon=":material/error:")
    scenario = scenario_now()
    if not scenario.plants:
        st.info(session.word("whatif.none"), icon=":material/lightbulb:")
        return
    level = _choose_one("whatif.level", session.names(PLACE_LEVELS), 200)
    before = count_places(session.data, session.filters, level)
    after, idle = apply(before, scenario, session.filters)
    draw_steps(scenario, idle)
    staff = sum(plant.staff * plant.number for plant in scenario.plants)
    st.caption(" ".join([session.word("whatif.rule"), session.word("whatif.staffed", n=f"{staff:,}") if staff else ""]))
    affected = [(place_of(before, plant), plant.industry) for plant in scenario.plants if plant not in idle]
    if affected:
        industry = affected[-1][1]
        title = session.word("whatif.places", industry=names[industry])
        st.markdown(f"**{title}**")
        draw_chart(quotients_before_and_after(before, after, industry), dumbbells(), title, key="whatif_chart")
        pairs = list(dict.fromkeys(reversed(affected)))
        titles = [f"{before.name(place, session.lang)} · {names[industry]}" for place, industry in pairs]
        for tab, (place, industry) in zip(st.tabs([as_markdown(title) for title in titles]), pairs, strict=True):
            with tab:
                draw_change(before, after, place, industry)
    offer_selection(scenario)
    draw_gaps(scenario)


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
