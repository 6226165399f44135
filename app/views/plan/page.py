"""Plan: what was reported of it, by paragraph, targets against evidence, the layout year by year, the delta."""

from typing import Final

import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose, write_text
from app.ui.session import current
from app.views.plan.delta import draw_delta
from app.views.plan.replay import draw_replay
from app.views.plan.targets import draw_targets
from app.views.plan.text import badge, draw_findings, draw_plan, say
from geo.plan import load_plan

PLAN_SECTIONS: Final = ("text", "targets", "replay", "delta")


def draw() -> None:
    """Draw the page."""
    session = current()
    plan = load_plan()
    source = plan["source"]
    st.subheader(as_markdown(plan["plan"][f"name_{session.lang}"]), anchor=False)
    st.markdown(f"{say(plan['vision'], session)} {badge(plan['vision'], session)}")
    st.caption(
        f"[{as_markdown(source['title'])}](<{source['url']}>) · {as_markdown(source['publisher'])} · {source['date']} · "
        + as_markdown(source[f"scope_note_{session.lang}"])
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan_tools"):
        names = {name: session.word(f"plan.section.{name}") for name in PLAN_SECTIONS}
        section = choose(st.segmented_control, "plan_section", names, "plan.section", required=True)
        hint = session.word("plan.search.placeholder")
        query = write_text("plan_q", "plan.search", placeholder=hint, icon=":material/search:", width=320)
    if query.strip():
        draw_findings(query)
    elif section == "text":
        draw_plan(plan)
    elif section == "targets":
        draw_targets(plan)
    elif section == "replay":
        draw_replay()
    else:
        draw_delta()


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
