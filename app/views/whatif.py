"""What if: plants supposed somewhere, and what they change in counts, quotients and concentration."""

from __future__ import annotations

import streamlit as st

from app.charts import dumbbells, quotients_before_and_after
from app.indicators import kept_choice
from app.session import current
from app.text import as_markdown
from app.whatif import choose_node, draw_change, draw_gaps, draw_steps, offer_file, scenario_now, take_step, where_form
from geo.counts import LEVELS, count_places
from geo.industries import INDUSTRIES
from geo.whatif import Scenario, apply, place_of

session = current()
english = session.lang == "en"


def industry_name(code: str) -> str:
    """Name of an industry in the reader's language."""
    return INDUSTRIES[code].en if english else INDUSTRIES[code].zh


st.header(session.word("whatif.title"), anchor=False)
st.write(session.word("whatif.lead"))
with st.container(border=True):
    with st.container(horizontal=True, vertical_alignment="bottom", key="whatif_form"):
        kept_choice("whatif.industry", list(INDUSTRIES), industry_name, default="equipment", width=220)
        choose_node()
        where_form()
        st.number_input(session.word("whatif.number"), 1, 100, key="whatif.number", width=110)
        st.number_input(session.word("whatif.staff"), 0, 100_000, key="whatif.staff", step=50, width=190)
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
    st.stop()
level = kept_choice("whatif.level", list(LEVELS), lambda code: LEVELS[code][english], width=200)
before = count_places(session.data, session.filters, level)
after, idle = apply(before, scenario, session.filters)
draw_steps(scenario, idle)
staff = sum(plant.staff * plant.number for plant in scenario.plants)
st.caption(" ".join([session.word("whatif.rule"), session.word("whatif.staffed", n=f"{staff:,}") if staff else ""]))
affected = [(place_of(before, plant), plant.industry) for plant in scenario.plants if plant not in idle]
if affected:
    industry = affected[-1][1]
    st.markdown(f"**{session.word('whatif.places', industry=industry_name(industry))}**")
    st.vega_lite_chart(quotients_before_and_after(before, after, industry), dumbbells(), key="whatif_chart")
    pairs = list(dict.fromkeys(reversed(affected)))
    titles = [f"{before.name(place, session.lang)} · {industry_name(industry)}" for place, industry in pairs]
    for tab, (place, industry) in zip(st.tabs([as_markdown(title) for title in titles]), pairs, strict=True):
        with tab:
            draw_change(before, after, place, industry)
offer_file(scenario)
draw_gaps(scenario)
