"""How an answer moves when crowded registration addresses (集中登记地) are left out."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from app.i18n import as_markdown
from app.ui.progress import ProgressCallback, computed
from app.ui.session import current
from app.views.clusters.asked import ClusterQuestion
from geo.clusters.analysis import without_shared


def draw_shared(
    asked: ClusterQuestion,
    key: tuple[object, ...],
    before: str,
    work: Callable[[ClusterQuestion, ProgressCallback], str],
) -> None:
    """Say how the answer reads without the firms at crowded registration addresses.

    Parameters
    ----------
    asked : ClusterQuestion
    key : tuple
        Question and parameters, as they tell answers apart.
    before : str
        The answer with all firms, in short.
    work : callable
        From a question and a progress function to the answer in short.
    """
    session = current()
    with st.container(key="clusters_shared"):
        if asked.filters.registration == ("own",):
            st.caption(session.word("clusters.shared.out"))
            return
        n = session.data.count(asked.filters, registration=["shared"])
        if not n:
            st.caption(session.word("clusters.shared.none"))
            return
        other = replace(asked, filters=without_shared(asked.filters))
        if not asked.at_once and not st.toggle(
            session.word("clusters.shared.show", n=f"{n:,}"), key="clusters_shared_show"
        ):
            return
        after = computed(
            "clusters_without_shared",
            other.key("short", *key, session.lang),
            lambda tell: work(other, tell),
            at_once=True,
        )
        if after is not None:
            said = session.word("clusters.shared.move", n=f"{n:,}", before=before, after=after)
            st.markdown(as_markdown(said))
