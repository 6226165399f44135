"""Put a fact of an enterprise right, from its card: what is kept, who did it, and how it is taken back."""

import pandas as pd
import streamlit as st

from app.i18n import as_markdown, word
from app.records import corrections as records
from app.records.corrections import Correction
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey, enterprise_key
from app.ui.person import person_now
from app.ui.session import current
from geo.datasets.corrections import CORRECTABLE_FIELDS, POINT, choices, read_value
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from layers.escape import plain


def corrections_of(row: pd.Series) -> list[Correction]:
    """Corrections of an enterprise, those taken back as well; none when the database cannot be read."""
    try:
        return records.corrections_of(open_database(), _firm(row))
    except DataError:
        return []


def corrected_facts(held: list[Correction]) -> dict[str, Correction]:
    """Fact of the card → the correction that holds for it."""
    shown_in = {name: column.part_of or name for name, column in COLUMNS.items()} | {POINT: "lon"}
    return {shown_in.get(one.field, one.field): one for one in held if not one.undone}


def draw_correct(row: pd.Series, held: list[Correction]) -> None:
    """Draw the corrections there are, and the form for another one."""
    session = current()
    lang = session.lang
    with st.container(key="corrections"):
        for correction in held:
            _draw_one(correction)
        _draw_outcome(lang)
    with st.container(key="correct"), st.expander(session.word("correct.title"), icon=":material/edit_note:"):
        field = st.selectbox(
            session.word("correct.field"),
            list(CORRECTABLE_FIELDS),
            format_func=lambda name: field_name(name, lang),
            key="correct_field",
        )
        now = text_of(row, field)
        st.caption(session.word("correct.now", value=as_markdown(in_words(field, now, lang)) or "–"))
        codes = choices(field)
        if codes:
            st.selectbox(
                session.word("correct.new"),
                list(codes),
                index=None,
                format_func=lambda code: codes[code].of(lang) if code in codes else str(code),
                key=f"correct_code_{field}",
                placeholder=session.word("correct.choose"),
            )
        else:
            st.text_input(session.word("correct.new"), key=f"correct_text_{field}", max_chars=200)
        st.text_input(
            session.word("correct.reason"),
            key="correct_reason",
            max_chars=400,
            help=session.word("correct.reason.help"),
        )
        person = person_now().name
        if not person:
            st.caption(session.word("correct.person"))
        st.button(
            session.word("correct.keep"),
            on_click=_keep,
            args=[_firm(row), field, now, f"correct_{'code' if codes else 'text'}_{field}", person],
            disabled=not person,
            icon=":material/check:",
            key="correct_keep",
        )


def field_name(field: str, lang: str) -> str:
    """Name of a field that can be corrected."""
    if field == POINT:
        return word("correct.point", lang)
    return COLUMNS["district" if field == "adcode" else field].label.of(lang)


def text_of(row: pd.Series, field: str) -> str:
    """What the table says of a field, as a correction would say it."""
    if field == POINT:
        return f"{row['lon']:.6f}, {row['lat']:.6f}" if row["location_precision"] in ("site", "road") else ""
    value = row[field]
    if pd.isna(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def in_words(field: str, text: str, lang: str) -> str:
    """A value of a field for people."""
    return plain(COLUMNS[field].say(text, lang) if field in COLUMNS else text)


def said_of(correction: Correction, lang: str) -> str:
    """Who put a fact right and when, and what it was, in Markdown."""
    return word(
        "correct.by",
        lang,
        who=as_markdown(correction.reported_by),
        when=correction.reported[:10],
        old=as_markdown(in_words(correction.field, correction.old, lang)) or "–",
        reason=as_markdown(correction.reason),
    )


def _draw_one(correction: Correction) -> None:
    session = current()
    new = as_markdown(in_words(correction.field, correction.new, session.lang)) or "–"
    line = (
        f"{as_markdown(field_name(correction.field, session.lang))}：{new}　:small[{said_of(correction, session.lang)}]"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if correction.undone:
            undone = session.word("correct.undone", who=as_markdown(correction.undone_by), when=correction.undone[:10])
            st.markdown(f":gray[{line}；{undone}]")
            return
        st.markdown(line)
        st.button(
            session.word("correct.undo"),
            on_click=_undo,
            args=[correction.id, person_now().name],
            disabled=not person_now().name,
            icon=":material/undo:",
            key=f"undo_{correction.id}",
        )


def _keep(firm: EnterpriseKey, field: str, old: str, key: str, who: str) -> None:
    new, reason = st.session_state.get(key) or "", st.session_state.get("correct_reason") or ""
    try:
        if choices(field) and not new:
            raise DataError("还没有选更正后的值", column=field)
        read_value(field, new)
        records.correct(open_database(), firm, field, old, new, reason, who)
    except DataError as error:
        st.session_state["correct_outcome"] = str(error)
        return
    st.session_state["correct_outcome"] = ""
    st.session_state["correct_reason"] = ""
    st.session_state[key] = None if key.startswith("correct_code") else ""


def _undo(correction_id: int, who: str) -> None:
    try:
        records.undo(open_database(), correction_id, who)
        st.session_state.pop("correct_outcome", None)
    except DataError as error:
        st.session_state["correct_outcome"] = str(error)


def _draw_outcome(lang: str) -> None:
    """Say once what became of the last correction."""
    outcome = st.session_state.pop("correct_outcome", None)
    if outcome:
        st.error(as_markdown(outcome), icon=":material/error:")
    elif outcome == "":
        st.success(word("correct.kept", lang), icon=":material/check:")


def _firm(row: pd.Series) -> EnterpriseKey:
    session = current()
    return enterprise_key(row, session.data.title, synthetic=session.data.synthetic)
