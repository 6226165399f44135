"""The language of a user: that of the session, else that of the address, else Chinese."""

import streamlit as st

from app.i18n import LANGS, word


def language() -> str:
    """Code of the language of this run, a key of `LANGS`."""
    chosen = st.session_state.get("lang") or st.query_params.get("lang")
    return chosen if chosen in LANGS else "zh"


def choose_language(lang: str) -> None:
    """Let the user choose another."""
    # Said at every run: a widget that the browser shows only after the next run would be back at its first option.
    st.session_state["lang"] = lang
    st.segmented_control(
        word("filter.lang", lang), list(LANGS), format_func=LANGS.__getitem__, key="lang", required=True
    )
