"""The layout year by year: a slider, the map of what was there by then, counts per zone, what has no year."""

import time
from typing import Any, Final

import pandas as pd
import streamlit as st

from app.ui.address import bind, number, write_address
from app.ui.charts import draw_chart, tip
from app.ui.choice import choose
from app.ui.maps import draw_subject, page_view
from app.ui.paging import table_height
from app.ui.person import check_still_admitted
from app.ui.session import Session, current
from geo.filters.filters import options
from geo.indicators.timeline import NO_YEAR, YEAR_BASES, Until, bases_of, growth, span_of, undated, years_of
from geo.places.zones import ZONES
from layers.reference import BLUE, CRIMSON
from layers.remote import draw_selection

STEP_SECONDS: Final = 1.2
MAX_LISTED_NAMES: Final = 500
ZONE_COLOURS: Final = (CRIMSON, BLUE, "#6B7280", "#C4C9D0")
"""Colours of the zones, in the order of `ZONES`."""


def draw_replay() -> None:
    """Draw the replay of the selection, or say why there is none."""
    session = current()
    bases = bases_of(session.data)
    if not bases:
        st.info(session.word("plan.replay.none"), icon=":material/event_busy:")
        return
    basis = bases[0]
    if len(bases) > 1:
        names = session.names({name: YEAR_BASES[name] for name in bases})
        basis = choose(st.segmented_control, "plan_basis", names, "plan.replay.basis", required=True) or basis
    left_out = undated(session.data, session.filters, basis)
    text = session.word("plan.replay.rule", basis=session.pick(YEAR_BASES[basis]), total=f"{session.total:,}")
    missing = session.word("plan.replay.undated", n=f"{left_out:,}") if left_out else ""
    st.markdown(f"{text} {missing}")
    if basis == "recognition":
        st.caption(session.word("plan.replay.recognition"))
    playing = st.session_state.get("plan_playing", False)
    st.fragment(_draw_year, run_every=STEP_SECONDS if playing else None)(basis)
    _draw_left_out(session, basis, left_out)


def _draw_year(basis: str) -> None:
    """Slider, map and counts of one year; while it plays this alone runs again."""
    check_still_admitted()
    session = current()
    first, last = span_of(session.data, basis)
    year = _choose_year(basis, first, last)
    table = growth(session.data, session.filters, basis)
    beside_map, beside = st.columns([3, 1], gap="medium")
    with beside_map:
        then = draw_selection(session.data, session.filters, page_view(), session.dataset_id, Until(basis, year))
        draw_subject(then, "replay", 520, own_legend=False)
    with beside, st.container(horizontal=True, gap="medium", key="replay_counts"):
        _draw_counts(session, table, year)
    names = [session.pick(options("zone")[zone]) for zone in ZONES]
    chart = (
        table.set_axis(names, axis=1).rename_axis("year").reset_index().melt("year", var_name="zone", value_name="n")
    )
    draw_chart(chart, _lines(names, session.pick(YEAR_BASES[basis])), session.word("plan.replay.cumulative"))


def _lines(names: list[str], years: str) -> dict[str, Any]:
    """Number of enterprises by year, one line for each of core, belt and the rest."""
    number = current().word("plan.replay.cumulative")
    colour = {"field": "zone", "type": "nominal", "title": None, "scale": {"domain": names, "range": ZONE_COLOURS}}
    return {
        "mark": {"type": "line", "point": True},
        "height": 240,
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "title": years, "axis": {"labelOverlap": True, "labelAngle": 0}},
            "y": {"field": "n", "type": "quantitative", "title": number},
            "color": colour | {"legend": {"orient": "bottom"}},
            "tooltip": [{"field": "year", "title": years}, tip("zone", "filter.zone"), {"field": "n", "title": number}],
        },
    }


def _choose_year(basis: str, first: int, last: int) -> int:
    """The year of the slider; while it plays, one more with every run that the clock made."""
    session, state = current(), st.session_state
    key = f"plan_year_{basis}"
    bind(key, last, number(first, last, int), name="plan_year")
    state[key] = min(max(state[key], first), last)
    now = time.monotonic()
    if state.get("plan_playing") and now - state.get("plan_played", now) >= STEP_SECONDS * 0.8:
        state[key] += state[key] < last
        state["plan_played"] = now
    ended = state.get("plan_playing") and state[key] >= last
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        playing = bool(state.get("plan_playing"))
        label = session.word("plan.replay.pause" if playing else "plan.replay.play")
        icon = ":material/pause:" if playing else ":material/play_arrow:"
        st.button(label, key="plan_play", icon=icon, on_click=_turn, args=(basis, first, last), disabled=first == last)
        year = (
            st.slider(session.word("plan.replay.year"), first, last, key=key, width="stretch", persist_state="session")
            if first < last
            else first
        )
    if not playing:
        write_address()  # this part of the page runs alone
    if ended:
        state["plan_playing"] = False
    if ended or playing != state.get("plan_shown_playing", False):
        state["plan_shown_playing"] = bool(state.get("plan_playing"))
        st.rerun()  # the clock of the fragment is set where the page draws it
    return int(year)


def _turn(basis: str, first: int, last: int) -> None:
    """Start or stop; from the end it starts over."""
    state = st.session_state
    state["plan_playing"] = not state.get("plan_playing", False)
    state["plan_played"] = time.monotonic()
    if state["plan_playing"] and state.get(f"plan_year_{basis}", last) >= last:
        state[f"plan_year_{basis}"] = first


def _draw_counts(session: Session, table: pd.DataFrame, year: int) -> None:
    now = table.loc[year]
    before = table.loc[year - 1] if year - 1 in table.index else now * 0
    total = int(now.sum())
    added = int((now - before).sum())
    st.metric(session.word("plan.replay.count", year=year), f"{total:,}", f"+{added:,}" if added else None)
    for zone in ZONES:
        more = int(now[zone] - before[zone])
        st.metric(session.pick(options("zone")[zone]), f"{int(now[zone]):,}", f"+{more:,}" if more else None)


def _draw_left_out(session: Session, basis: str, left_out: int) -> None:
    """Name the selected enterprises that no year is known of."""
    if not left_out:
        return
    with st.expander(session.word("plan.replay.left_out", n=f"{left_out:,}")):
        rows = session.mask & (years_of(session.data, basis) == NO_YEAR)
        table = session.data.enterprises.iloc[rows.nonzero()[0][:MAX_LISTED_NAMES]]
        district = session.names(options("district"))
        shown = pd.DataFrame(
            {
                session.word("plan.replay.name"): table["name"],
                session.word("filter.district"): table["adcode"].map(district).fillna(""),
                session.word("filter.zone"): table["zone"].map(session.names(options("zone"))),
            }
        )
        if left_out > MAX_LISTED_NAMES:
            st.caption(session.word("plan.replay.first", n=f"{MAX_LISTED_NAMES:,}"))
        st.dataframe(shown, hide_index=True, key="replay_left_out", height=table_height(len(shown), 6))
