"""The strip at the top of every page: the selection in one sentence, and its key figures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from app.session import Session, current
from app.text import as_markdown
from geo.recognitions import load_kinds
from geo.zones import ZONES

STYLE: Final = Path(__file__).with_name("style.css")


def draw_strip() -> None:
    """Draw sentence, figures and the account of the selection."""
    session = current()
    st.html(STYLE)
    if session.data.synthetic:
        st.badge(session.word("app.synthetic"), icon=":material/science:", color="orange")
    total = session.count()
    zones = {zone: session.count(zone=[zone]) for zone in ZONES}
    sourced = session.count(evidence=["source"])
    sentence = session.filters.sentence(total, session.lang)
    said = f"**{as_markdown(sentence)}**{session.word('kpi.sentence.sourced', n=f'{sourced:,}')}"
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="strip"):
        st.markdown(said, width="stretch")
        with st.container(horizontal=True, gap="medium", width="content", key="figures"):
            _figure("enterprises", "kpi.selected", f"{total:,}")
            _figure("core", "kpi.core", f"{zones['core']:,}")
            _figure("belt", "kpi.belt", f"{zones['belt']:,}")
            _figure("recognised", "kpi.recognised", f"{_recognised(session):,}", session.word("kpi.recognised.help"))
            share = f"{sourced / total:.0%}" if total else "–"
            _figure("sourced", "kpi.sourced", share, session.word("kpi.sourced.help"))
    pudong = session.count(district=["310115"])
    pudong_core = session.count(district=["310115"], zone=["core"])
    account = zones | {"total": total, "pudong": pudong, "pudong_core": pudong_core}
    st.caption(session.word("kpi.accounts", **{name: f"{count:,}" for name, count in account.items()}))


def _figure(name: str, key: str, value: str, note: str | None = None) -> None:
    with st.container(key=f"kpi_{name}", width="content"):
        st.metric(current().word(key), value, help=note)


def _recognised(session: Session) -> int:
    kinds = load_kinds()
    return session.count(recognition=[str(kind) for kind in kinds.index[kinds["type"] == "recognition"]])
