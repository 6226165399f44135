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
        return records.corrections_of(open_database(), _firm(row), person_now())
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
    draft = _take_draft(str(row.name))
    with (
        st.container(key="correct"),
        st.expander(session.word("correct.title"), icon=":material/edit_note:", expanded=bool(draft)),
    ):
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
                key=_key_of(field),
                placeholder=session.word("correct.choose"),
            )
        else:
            st.text_input(session.word("correct.new"), key=_key_of(field), max_chars=200)
        st.text_input(
            session.word("correct.reason"),
            key="correct_reason",
            max_chars=400,
            help=session.word("correct.reason.help"),
        )
        written = _keep_draft(str(row.name), draft, field)
        person = person_now()
        if not person.name:
            st.caption(session.word("correct.person"))
        if written:
            st.caption(session.word("correct.draft"))
            st.button(session.word("entry.discard"), on_click=_drop_draft, args=[str(row.name)], key="correct_drop")
        st.button(
            session.word("correct.keep"),
            on_click=_keep,
            args=[_firm(row), field, now, str(row.name)],
            disabled=not (person.name and person.may("correct")),
            icon=":material/check:",
            key="correct_keep",
        )


def _drafts() -> dict[tuple[str, str], dict[str, str]]:
    """Dataset and enterprise → what was written of a correction and not kept yet, by key of the widget."""
    drafts: dict[tuple[str, str], dict[str, str]] = st.session_state.setdefault("correct_drafts", {})
    return drafts


def _take_draft(enterprise_id: str) -> dict[str, str]:
    """Let the fields show what was written of this enterprise, and nothing of the one whose card was open before."""
    state = st.session_state
    whose = (current().dataset_id, enterprise_id)
    draft = _drafts().get(whose, {})
    other = state.get("correct_for") != whose
    state["correct_for"] = whose
    for field in CORRECTABLE_FIELDS:
        key = _key_of(field)
        if other or key not in state:
            state[key] = draft.get(key, None if choices(field) else "")
    for key in ("correct_reason", "correct_field"):
        if key in draft and (other or key not in state):
            state[key] = draft[key]
        elif other and key == "correct_reason":
            state[key] = ""
    return draft


def _keep_draft(enterprise_id: str, draft: dict[str, str], field: str) -> bool:
    """Keep what is written in the fields that are drawn, until it is put right or discarded; whether there is anything."""
    state = st.session_state
    now = draft | {key: state.get(key) or "" for key in (_key_of(field), "correct_reason")}
    written = {key: text for key, text in now.items() if text and key != "correct_field"}
    whose = (current().dataset_id, enterprise_id)
    _drafts().pop(whose, None)
    if written:
        _drafts()[whose] = written | {"correct_field": field}
    return bool(written)


def _drop_draft(enterprise_id: str) -> None:
    _drafts().pop((current().dataset_id, enterprise_id), None)
    st.session_state.pop("correct_for", None)


def _key_of(field: str) -> str:
    return f"correct_{'code' if choices(field) else 'text'}_{field}"


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
            args=[correction.id],
            disabled=not (person_now().name and person_now().may("correct")),
            icon=":material/undo:",
            key=f"undo_{correction.id}",
        )


def _keep(firm: EnterpriseKey, field: str, old: str, enterprise_id: str) -> None:
    new, reason = st.session_state.get(_key_of(field)) or "", st.session_state.get("correct_reason") or ""
    try:
        if choices(field) and not new:
            raise DataError("还没有选更正后的值", column=field)
        read_value(field, new)
        records.correct(open_database(), firm, field, old, new, reason, person_now())
    except DataError as error:
        st.session_state["correct_outcome"] = str(error)
        return
    st.session_state["correct_outcome"] = ""
    _drop_draft(enterprise_id)


def _undo(correction_id: int) -> None:
    try:
        records.undo(open_database(), correction_id, person_now())
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
    return enterprise_key(row, session.data.title, synthetic=session.data.synthetic, dataset=session.data.key)
