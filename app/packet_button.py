"""The button that hands out the packet of a selection."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.packet import packet_of
from app.session import current
from geo.filters import Filters


def offer_packet(ids: Sequence[str] | None = None, sentence: str = "") -> None:
    """Offer the packet of the selection; it is made when it is asked for.

    Parameters
    ----------
    ids : sequence of str, optional
        Enterprises of the active set, in the order in which they are listed, in the place of the selection.
    sentence : str
        These enterprises in words, for the head of the packet.
    """
    session = current()
    data, filters = session.data, session.filters

    def content() -> str:
        if ids is None:
            return packet_of(data, filters, session.lang)
        known = [key for key in ids if key in data.enterprises.index]
        return packet_of(data.with_enterprises(data.enterprises.loc[known]), Filters(), session.lang, sentence)

    made_up = "-synthetic" if data.synthetic else ""
    st.download_button(
        session.word("packet.download"),
        data=content,
        file_name=f"packet{made_up}-{data.date}.html",
        mime="text/html",
        icon=":material/folder_zip:",
        help=session.word("packet.download.help"),
        key="download_packet",
    )
