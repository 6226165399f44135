"""The text of the plan on a page: vision, layout, actions, industries, delta, each with its paragraph; and the search."""

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.session import Session, current
from geo.plan import (
    FINANCE_KINDS,
    PARTS,
    SearchEntry,
    amount,
    in_english,
    load_finance,
    load_search_entries,
    search_plan,
)
from layers.escape import web_address

FINANCE_ACTION: Final = 6
"""Number of the action that asks for new models joining industry and finance."""


def draw_plan(plan: dict[str, Any]) -> None:
    """Draw every part of the plan but its targets."""
    session = current()
    with st.container(key="plan_layout"):
        st.subheader(session.word("plan.layout"), anchor=False)
        _draw_layout(plan["layout"], session)
    st.subheader(say(plan["actions_intro"], session), anchor=False)
    st.caption(paragraphs(plan["actions_intro"]["para"], session))
    for action in plan["actions"]:
        with st.expander(f"{action['no']} · {say(action, session, 'name')}", expanded=action["no"] == 3):
            st.markdown(badge(action, session))
            st.markdown("\n".join(f"- {as_markdown(line)}" for line in action[f"content_{session.lang}"]))
            if f"expected_{session.lang}" in action:
                st.markdown(f"*{session.word('plan.expected')}{say(action, session, 'expected')}*")
            if action["no"] == FINANCE_ACTION:
                _draw_finance(session)
    st.subheader(session.word("plan.industries"), anchor=False)
    _draw_industries(plan["key_industries"], session)
    st.subheader(session.word("plan.delta"), anchor=False)
    delta = plan["yangtze_delta"]
    fields = session.listing(map(as_markdown, delta[f"fields_{session.lang}"]))
    st.markdown(f"**{say(delta, session, 'partners')}** · {say(delta, session, 'project')} {badge(delta, session)}")
    st.markdown(fields)
    note = delta["partners_note_en" if session.lang == "en" else "partners_note"]
    st.caption(as_markdown(note))
    st.subheader(session.word("plan.other"), anchor=False)
    for fact in plan["conference_facts"]:
        colon, unit = (": ", "") if session.lang == "en" else ("：", f" {fact['unit']}")
        st.markdown(f"- {say(fact, session)}{colon}**{fact['value']}**{unit} {badge(fact, session)}")
    for closing in plan["closing"]:
        st.markdown(f"- {say(closing, session)} {badge(closing, session)}")


def _draw_finance(session: Session) -> None:
    """Draw what has been published of finance for industry, each fact with its kind: a credit line is no loan."""
    facts = load_finance()

    def told(field: str, texts: pd.Series) -> list[str]:
        return (in_english(field, texts) if session.lang == "en" else texts).tolist()

    suffix = "_en" if session.lang == "en" else ""
    sums = [
        "" if pd.isna(row.amount) else amount(row.amount, np.nan, row.qualifier, unit, session.lang)
        for row, unit in zip(facts.itertuples(), told("unit", facts["unit"]), strict=True)
    ]
    url = session.word("column.url")
    st.markdown(f"**{session.word('plan.finance', n=len(facts))}**")
    st.caption(session.word("plan.finance.note"))
    table = pd.DataFrame(
        {
            session.word("plan.year"): facts["year"],
            session.word("districts.period"): told("kind", facts["period"]),
            session.word("plan.finance.kind"): [session.pick(FINANCE_KINDS[kind]) for kind in facts["kind"]],
            session.word("plan.finance.amount"): sums,
            session.word("plan.finance.fact"): facts[f"fact{suffix}"],
            session.word("plan.finance.who"): facts[f"who{suffix}"],
            session.word("plan.scope"): told("scope", facts["scope"]),
            session.word("column.source"): facts["source_title"],
            url: facts["source_url"].map(web_address).replace("", None),
            session.word("column.note"): facts["notes"],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="plan_finance",
        height="content",
        placeholder="–",
        column_config={
            session.word("plan.year"): st.column_config.NumberColumn(format="%d", width=60),
            session.word("plan.finance.fact"): st.column_config.TextColumn(width=300),
            url: st.column_config.LinkColumn(display_text=session.word("districts.open_source")),
        },
    )


def _draw_layout(layout: dict[str, Any], session: Session) -> None:
    en = session.lang == "en"
    core, belt = layout["core"], layout["belt"]
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        st.markdown(f":red[**{session.word('plan.core')}**] **{say(core, session)}** {badge(layout, session)}")
        st.markdown(as_markdown(core["note_en" if en else "note"]))
        st.caption(session.word("plan.core.drawn"))
    with right.container(border=True, height="stretch"):
        st.markdown(f":blue[**{session.word('plan.belt')}**] **{say(belt, session)}** {badge(layout, session)}")
        districts = session.listing(belt["districts_en" if en else "districts"])
        st.markdown(f"{districts} **{session.word('plan.belt.open')}**")
        st.markdown(say(belt, session, "note"))


def _draw_industries(industries: dict[str, Any], session: Session) -> None:
    named = [
        f"**{say(item, session)}**" + (session.word("plan.worldclass") if item.get("world_class_cluster") else "")
        for item in industries["items"]
    ]
    st.markdown(" · ".join(named) + f" {badge(industries, session)}")
    st.caption(session.word("plan.worldclass.where", n=industries["world_class_clusters_para"]))


@st.cache_data(show_spinner=False)
def _passages() -> list[SearchEntry]:
    return load_search_entries()


def draw_findings(query: str) -> None:
    """Draw every passage of the plan that holds the words of a query, part by part."""
    session = current()
    found = search_plan(query, [SearchEntry(*passage) for passage in _passages()])
    st.markdown(session.word("plan.found", n=len(found), q=as_markdown(query)))
    for part, names in PARTS.items():
        here = [passage for passage in found if passage.part == part]
        if not here:
            continue
        st.markdown(f"**{session.pick(names)}** · {len(here)}")
        st.markdown("\n".join(f"- {_line(passage, session)}" for passage in here))


def _line(passage: SearchEntry, session: Session) -> str:
    """One passage: its words, its paragraph or its source."""
    text = as_markdown(session.pick((passage.zh, passage.en)))
    if passage.paragraphs:
        return f"{text} :gray-badge[{paragraphs(list(passage.paragraphs), session)}]"
    url = web_address(passage.url).replace(" ", "%20")
    source = as_markdown(passage.source)
    return f"{text} · " + (f"[{source}](<{url}>)" if url else f":gray[{source}]")


def say(item: dict[str, Any], session: Session, field: str = "") -> str:
    """The words of an item in the user's language; fields are ``zh``/``en`` or ``name_zh``/``name_en``."""
    return as_markdown(str(item[f"{field}_{session.lang}" if field else session.lang]))


def badge(item: dict[str, Any], session: Session) -> str:
    """The paragraphs of the report that an item stands in, as a badge."""
    return f":gray-badge[{paragraphs(item['para'], session)}]"


def paragraphs(number: int | list[int], session: Session) -> str:
    """Paragraph or paragraphs in words."""
    numbers = number if isinstance(number, list) else [number]
    return session.word("plan.paragraph", n=session.listing(map(str, numbers)))
