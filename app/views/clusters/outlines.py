"""Outlines of dense groups, and which of them the whole distribution does not explain."""

from typing import Final

import geopandas as gpd
import streamlit as st

from app.ui.maps import draw_subject, page_view
from app.ui.progress import ProgressCallback
from app.ui.session import current
from app.views.clusters.asked import ClusterQuestion, answered, draw_clusters, figures, say_power, source_line
from app.views.clusters.crowded_addresses import draw_shared
from geo.clusters.analysis import Groups, find_groups
from geo.clusters.autocorrelation import FDR_ALPHA
from geo.clusters.eligibility import NotEstimable
from geo.clusters.pattern import marked_pattern
from layers.hotspots import draw_outlines

MOST_MARKS: Final = 300
"""Firms of the industry up to which the map shows each of them."""

OUTLINE_COLUMNS = ["place", "stability", "members", "firms", "cases", "expected", "ratio", "p", "leading"]


def answer_outlines(asked: ClusterQuestion, simulations: int) -> NotEstimable | None:
    """Draw the outlines of an industry's groups: figures, map, table; what refuses is given back."""
    session = current()

    def work(question: ClusterQuestion, tell: ProgressCallback | None) -> Groups | NotEstimable:
        return find_groups(
            session.data, question.filters, question.industry,
            simulations=simulations, seed=question.seed, progress=tell,
        )  # fmt: skip

    found = answered(asked, "outlines", (simulations,), lambda tell: work(asked, tell))
    if found is None or isinstance(found, NotEstimable):
        return found
    table = found.outlines
    beyond = int((table["p"] <= FDR_ALPHA).sum())
    figures(
        {
            "clusters.found": (f"{len(table):,}", None),
            "clusters.beyond": (f"{beyond:,}", session.word("clusters.beyond.help")),
            "clusters.table.members": (f"{int(table['members'].sum()):,}", None),
            "clusters.score": (f"{table['stability'].mean():.2f}", None),
        }
    )
    if not beyond:
        say_power(found.typical_firms, found.detectable, "clusters.outlines.power")
    st.caption(
        session.word("clusters.outlines.how", least=found.least_members, simulations=found.simulations, seed=found.seed)
    )
    if found.looked < found.firms:
        counts = {"firms": found.firms, "looked": found.looked, "looked_cases": found.looked_cases}
        st.caption(session.word("clusters.outlines.sampled", **{name: f"{n:,}" for name, n in counts.items()}))
    draw_subject(
        draw_outlines(found, asked.industry, source_line(), page_view(), _few_firms(asked, found)),
        "clusters",
        height=560,
    )
    st.markdown(session.word("clusters.outlines.read"))
    draw_clusters(table[OUTLINE_COLUMNS], found.members, f"outlines-{asked.industry}")
    st.caption(session.word("clusters.outlines.stability.read"))
    draw_shared(asked, ("outlines", simulations), _short(found), lambda question, tell: _short(work(question, tell)))
    return None


def _few_firms(asked: ClusterQuestion, found: Groups) -> gpd.GeoDataFrame | None:
    """The firms of the industry with a point of their own, to draw each; None when they are many."""
    if found.cases > MOST_MARKS:
        return None
    data = current().data
    pattern = marked_pattern(data, asked.filters, asked.industry)
    return data.enterprises.iloc[pattern.rows[pattern.case]]


def _short(found: Groups | NotEstimable) -> str:
    """The answer in a few words."""
    session = current()
    if isinstance(found, NotEstimable):
        return found.of(session.lang)
    return session.word("clusters.short.outlines", beyond=int((found.outlines["p"] <= FDR_ALPHA).sum()))
