"""The button that hands out the packet of a selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.packet import packet_of
from app.session import current
from geo.filters import Filters


def offer_packet(choose: Callable[[], tuple[Sequence[str], str]] | None = None) -> None:
    """Offer the packet of the selection; it is made when it is asked for.

    Parameters
    ----------
    choose : callable, optional
        Gives, in the place of the selection, enterprises of the active set in the order in which they are listed, and
        the words that name them.
    """
    session = current()
    data, filters = session.data, session.filters

    def content() -> str:
        if choose is None:
            return packet_of(data, filters, session.lang)
        ids, sentence = choose()
        return packet_of(data.with_enterprises(data.enterprises.loc[list(ids)]), Filters(), session.lang, sentence)

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
