"""Plan: vision, targets against evidence, six actions, key industries, layout, delta; each with its paragraph."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.session import current
from app.text import as_markdown
from geo.plan import PLAN, STATUS, load_plan, scoreboard

session = current()
suffix = session.lang if session.lang == "en" else "zh"
plan = load_plan()
recognitions = session.data.recognitions
names = session.data.enterprises["name"]
board = scoreboard(recognitions, names[session.mask & names.isin(recognitions["name"]).to_numpy(bool)])


def say(item: dict[str, Any], field: str = "") -> str:
    """The words of an item in the reader's language; fields are ``zh``/``en`` or ``name_zh``/``name_en``."""
    return as_markdown(str(item[f"{field}_{suffix}" if field else suffix]))


def paragraph(item: dict[str, Any]) -> str:
    """The paragraph of the report an item stands in."""
    number = item["para"]
    numbers = "、".join(map(str, number)) if isinstance(number, list) else str(number)
    return f":gray-badge[{session.word('plan.paragraph', n=numbers)}]"


def draw_targets(targets: pd.DataFrame, key: str) -> None:
    """Draw targets with the three things that stay apart."""
    low, high = targets["value"], targets["value_max"]
    wanted = low.map("{:,.12g}".format).where(
        high.isna(), low.map("{:,.12g}".format) + "–" + high.map("{:,.12g}".format)
    )
    year = targets["published_year"].astype(str).replace("<NA>", "")
    published = targets["published"].map(lambda value: "" if pd.isna(value) else f"{value:,.12g}")
    table = pd.DataFrame(
        {
            session.word("plan.indicator"): targets["indicator"],
            session.word("plan.target"): wanted + " " + targets["unit"],
            session.word("plan.year"): targets["year"],
            session.word("plan.scope"): targets["scope"],
            session.word("plan.published"): (published + " " + year + " " + targets["published_kind"]).str.strip(),
            session.word("plan.published.indicator"): targets["published_indicator"],
            session.word("plan.status"): targets["status"].map(lambda status: STATUS[status][suffix == "en"]),
            session.word("plan.own"): targets["own"],
            session.word("plan.target.source"): targets["source_title"],
            session.word("plan.published.source"): targets["published_source"],
            session.word("plan.name"): targets["plan"],
        }
    )
    st.dataframe(table, hide_index=True, key=key, height="auto", placeholder="–")


st.header(as_markdown(plan["plan"][f"name_{suffix}"]), anchor=False)
st.markdown(f"{say(plan['vision'])} {paragraph(plan['vision'])}")
source = plan["source"]
st.caption(
    f"[{as_markdown(source['title'])}](<{source['url']}>) · {source['publisher']} · {source['date']} · "
    + as_markdown(source[f"scope_note_{suffix}"])
)

st.subheader(session.word("plan.targets"), anchor=False)
st.markdown(session.word("plan.rule"))
own = board[board["plan"] == PLAN]
for group in plan["goal_groups"]:
    st.markdown(f"**{say(group)}** {paragraph(group)}")
    draw_targets(own[own["seed_para"] == str(group["para"])], f"targets_{group['id']}")

st.subheader(session.word("plan.layout"), anchor=False)
layout = plan["layout"]
st.markdown(f"- **{say(layout['core'])}** {paragraph(layout)}：{as_markdown(layout['core']['note'])}")
st.markdown(f"- **{say(layout['belt'])}**：{say(layout['belt'], 'note')}")

st.subheader(f"{say(plan['actions_intro'])}", anchor=False)
for action in plan["actions"]:
    with st.expander(f"{action['no']} · {say(action, 'name')}", expanded=action["no"] == 3):
        st.markdown(paragraph(action))
        st.markdown("\n".join(f"- {as_markdown(line)}" for line in action[f"content_{suffix}"]))
        if f"expected_{suffix}" in action:
            st.markdown(f"*{say(action, 'expected')}*")

st.subheader(session.word("plan.industries"), anchor=False)
industries = plan["key_industries"]
named = [
    f"**{say(item)}**" + (f"（{session.word('plan.worldclass')}）" if item.get("world_class_cluster") else "")
    for item in industries["items"]
]
st.markdown(" · ".join(named) + f" {paragraph(industries)}")

st.subheader(session.word("plan.delta"), anchor=False)
delta = plan["yangtze_delta"]
st.markdown(
    f"{as_markdown(delta['partners_zh'])}："
    + "、".join(map(as_markdown, delta[f"fields_{suffix}"]))
    + f" {paragraph(delta)}"
)

st.subheader(session.word("plan.successors"), anchor=False)
later = board[board["plan"] != PLAN]
chosen = st.multiselect(
    session.word("plan.name"), sorted(later["plan"].unique()), key="plan_names", placeholder=session.word("filter.all")
)
draw_targets(later[later["plan"].isin(chosen)] if chosen else later, "targets_later")
