"""The card of one enterprise, on a page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.follow import draw_follow
from app.session import current
from app.text import as_markdown
from geo.recognitions import load_kinds
from layers.enterprises import card
from layers.escape import plain, web_address
from layers.view import View


def draw_card(row: pd.Series) -> None:
    """Draw all that is known of an enterprise, with source, date and evidence."""
    session = current()
    facts = card(row, View(lang=session.lang))
    with st.container(border=True, key="card"):
        st.subheader(as_markdown(facts["name"]), anchor=False)
        if facts["unverified"]:
            st.badge(session.word("card.unverified"), color="orange", icon=":material/help:")
        for label, value in facts["rows"]:
            st.markdown(f":gray[{as_markdown(label)}]　{as_markdown(value)}")
        _draw_source(session.word("card.source"), facts["source"], facts["url"])
        _draw_recognitions(row)
        draw_follow(row)


def _draw_source(label: str, title: str, url: str) -> None:
    shown = as_markdown(title or current().word("card.unverified"))
    link = url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    st.markdown(f":gray[{as_markdown(label)}]　" + (f"[{shown}](<{link}>)" if link else shown))


def _draw_recognitions(row: pd.Series) -> None:
    """Each recognition with its year, batch and own source."""
    session = current()
    held = session.data.recognitions[session.data.recognitions["name"] == row["name"]]
    if held.empty:
        return
    names = load_kinds()["name_en" if session.lang == "en" else "name_zh"]
    st.markdown(f"**{session.word('card.recognitions')}**")
    for recognition in held.itertuples():
        year = session.word("card.year.unknown") if pd.isna(recognition.year) else str(recognition.year)
        text = " · ".join(filter(None, [names[recognition.kind], year, recognition.batch]))
        _draw_source(plain(text), plain(recognition.source_title), web_address(recognition.source_url))
