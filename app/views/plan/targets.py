"""Targets on a page: the target, what has been published of it year by year, what our own list shows; never one for the other."""

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose
from app.ui.paging import table_height, text_width
from app.ui.session import BY_SELECTION, Session, current
from geo.codes.recognitions import load_kinds
from geo.plan import (
    FIGURE_WEIGHTS,
    PLAN,
    TARGET_STATUS,
    amount,
    classify_progress,
    in_english,
    load_progress,
    own_evidence,
    progress_of,
    scoreboard,
    successors_of,
)
from layers.escape import web_address

MARKS: Final = {"met": "●", "met_later": "◐", "below": "○", "unknown": "–"}
"""A sign for each status, so that no meaning hangs on the colour alone."""

STATUS_COLOURS: Final = {
    "met": ("#0B6B3A", "#6FCF97"),
    "met_later": ("#8A5A00", "#F0C36D"),
    "below": ("#9B1C1C", "#F49A9A"),
    "unknown": ("#4B5563", "#AEB7C2"),
}
"""Status → colour of its words on a light page and on a dark one."""

LEAST_TARGET_PIXELS: Final = 210
MOST_TARGET_PIXELS: Final = 340
"""Width of the column of names: targets of one plan often differ in their last words only."""


@st.cache_data(show_spinner=False, max_entries=32, hash_funcs=BY_SELECTION)
def board_of(session: Session) -> pd.DataFrame:
    """Scoreboard of the selection."""
    return scoreboard(session.data.recognitions, _names(session))


def _names(session: Session) -> pd.Series:
    """Names of the selected enterprises that hold any recognition: a few, however large the set."""
    names = session.data.enterprises["name"]
    return names[session.mask & names.isin(session.data.recognitions["name"]).to_numpy(bool)]


def draw_targets(plan: dict[str, Any]) -> None:
    """Draw the targets of the plan by goal group, then those of its successors."""
    session = current()
    board = board_of(session)
    with st.container(border=True, key="plan_rule"):
        st.markdown(session.word("plan.rule"))
        st.caption(" · ".join(f"{MARKS[key]} {session.pick(pair)}" for key, pair in TARGET_STATUS.items()))
    if session.lang == "en":
        st.caption(session.word("plan.english"))
    own = board[board["plan"] == PLAN]
    for group in plan["goal_groups"]:
        name, para = as_markdown(group[session.lang]), session.word("plan.paragraph", n=group["para"])
        st.markdown(f"**{name}** :gray-badge[{para}]")
        _draw_table(own[own["seed_para"] == str(group["para"])], f"targets_{group['id']}", beside=True)
    st.subheader(session.word("plan.successors"), anchor=False)
    later = board[board["plan"] != PLAN]
    names = sorted(later["plan"].unique())
    shown = dict(zip(names, _say("plan", pd.Series(names), session), strict=True))
    everything = session.word("filter.all")
    chosen = choose(st.multiselect, "plan_names", shown, "plan.name", default=[], placeholder=everything)
    _draw_table(later[later["plan"].isin(chosen)] if chosen else later, "targets_later", beside=False)


def _draw_table(targets: pd.DataFrame, key: str, *, beside: bool) -> None:
    """Draw targets with the three things that stay apart; a row that is picked is drawn in full below."""
    session = current()
    progress = load_progress()
    columns = {
        session.word("plan.indicator"): _indicators(targets, session),
        session.word("plan.target"): [target_amount(row, session) for _, row in targets.iterrows()],
        session.word("plan.year"): targets["year"],
        session.word("plan.status"): targets["status"].map(
            lambda status: f"{MARKS[status]} {session.pick(TARGET_STATUS[status])}"
        ),
        session.word("plan.published"): [_by_year(progress_of(str(name), progress), session) for name in targets.index],
        session.word("plan.own"): targets["own"],
    }
    if beside:
        columns[session.word("plan.later")] = [_later(str(name), session) for name in targets.index]
    else:
        columns[session.word("plan.name")] = _say("plan", targets["plan"], session)
    columns[session.word("plan.scope")] = _say("scope", targets["scope"], session)
    columns[session.word("plan.target.source")] = targets["source_title"]
    table = pd.DataFrame(columns, index=targets.index)
    status = session.word("plan.status")
    colours = (
        targets["status"].map(lambda value: f"color: {STATUS_COLOURS[value][st.context.theme.type == 'dark']}").tolist()
    )
    longest = max(map(text_width, table[session.word("plan.indicator")].astype(str)), default=LEAST_TARGET_PIXELS)
    named = min(max(longest, LEAST_TARGET_PIXELS), MOST_TARGET_PIXELS)
    event = st.dataframe(
        table.style.apply(lambda _: colours, subset=[status]),
        hide_index=True,
        key=key,
        height="content" if len(table) < 12 else 420,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            session.word("plan.indicator"): st.column_config.TextColumn(pinned=True, width=named),
            session.word("plan.year"): st.column_config.NumberColumn(format="%d", width=60),
            session.word("plan.published"): st.column_config.TextColumn(width=240),
            session.word("plan.own"): st.column_config.NumberColumn(width=130),
        },
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(targets):
        _draw_target(targets.iloc[rows[0]], session)


def _draw_target(target: pd.Series, session: Session) -> None:
    """Draw one target in full: each of the three things with its source and its date, and why figures count or not."""
    target_id = str(target.name)
    with st.container(border=True, key="plan_target"):
        indicator = _indicators(target.to_frame().T, session)[0]
        st.markdown(
            f"**{as_markdown(indicator)}** · {MARKS[target['status']]} {session.pick(TARGET_STATUS[target['status']])}"
        )
        first, second, third = st.columns(3, gap="medium")
        with first:
            st.markdown(f"**{session.word('plan.target')}**")
            st.markdown(f"{as_markdown(target_amount(target, session))} · {target['year']}")
            st.markdown(_source(target["source_title"], target["source_url"]))
            if target["notes"]:
                st.caption(as_markdown(target["notes"]))
        with second:
            st.markdown(f"**{session.word('plan.published')}**")
            figures = progress_of(target_id, load_progress())
            weights = classify_progress(target, figures)
            texts = zip(*(_say(field, figures[field], session) for field in ("unit", "kind", "indicator")), strict=True)
            for row, weight, (unit, kind, name) in zip(figures.itertuples(), weights, texts, strict=True):
                why = f" ({as_markdown(row.why)})" if row.why else ""
                figure = amount(row.value, np.nan, row.qualifier, unit, session.lang)
                text = f"{row.year} · {figure} · {kind} · {name}"
                source = _source(row.source_title, row.source_url)
                st.markdown(f"{as_markdown(text)}  \n:gray[{session.pick(FIGURE_WEIGHTS[weight])}{why}] · {source}")
            if figures.empty:
                st.markdown(session.word("plan.published.none"))
        with third:
            st.markdown(f"**{session.word('plan.own')}**")
            year = 9999 if pd.isna(target["year"]) else int(target["year"])
            held = own_evidence(target_id, year, session.data.recognitions, _names(session))
            _draw_own(held, session)


def _draw_own(held: pd.DataFrame | None, session: Session) -> None:
    if held is None:
        st.markdown(session.word("plan.own.none"))
        return
    st.markdown(session.word("plan.own.count", n=held["name"].nunique()))
    names = load_kinds()[f"name_{session.lang}"]
    table = pd.DataFrame(
        {
            session.word("plan.replay.name"): held["name"],
            session.word("filter.recognition"): held["kind"].map(names),
            session.word("plan.year"): held["year"],
            session.word("column.source"): held["source_title"],
        }
    )
    if len(table):
        st.dataframe(table, hide_index=True, height=table_height(len(table), 6), key="plan_target_own")


def target_amount(target: pd.Series, session: Session) -> str:
    """The amount of a target with its unit, as published: ``2–3 家``, ``突破 1,150 亿元``."""
    unit = _say("unit", pd.Series([target["unit"]]), session)[0]
    return amount(target["value"], target["value_max"], target["qualifier"], unit, session.lang)


def _indicators(targets: pd.DataFrame, session: Session) -> list[str]:
    """Indicators, with the industry where a target is that of one."""
    names, trades = (_say(field, targets[field], session) for field in ("indicator", "industry"))
    colon = ": " if session.lang == "en" else "："
    return [f"{name}{colon}{trade}" if trade else name for name, trade in zip(names, trades, strict=True)]


def _by_year(figures: pd.DataFrame, session: Session) -> str:
    """All published figures in one line, oldest first, each with what it is."""
    kinds = _say("kind", figures["kind"], session)
    units = _say("unit", figures["unit"], session)
    return "; ".join(
        f"{row.year}: {amount(row.value, np.nan, row.qualifier, unit, session.lang)} ({kind})"
        for row, kind, unit in zip(figures.itertuples(), kinds, units, strict=True)
    )


def _later(target_id: str, session: Session) -> str:
    """Targets of later plans that measure the same (=) or nearly so (≈)."""
    rows = successors_of(target_id)
    names = _say("indicator", rows["indicator"], session)
    return "; ".join(
        f"{'=' if row['measure'] == 'same' else '≈'} {row['year']}: {name} {target_amount(row, session)}"
        for (_, row), name in zip(rows.iterrows(), names, strict=True)
    )


def _say(field: str, texts: pd.Series, session: Session) -> list[str]:
    return in_english(field, texts).tolist() if session.lang == "en" else texts.tolist()


def _source(title: str, url: str) -> str:
    shown = as_markdown(title or current().word("card.unverified"))
    link = web_address(url).replace(" ", "%20")
    return f"[{shown}](<{link}>)" if link else shown
