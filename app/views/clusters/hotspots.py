"""Where the hot spots are: Moran and Getis-Ord on squares, towns or districts."""

import numpy as np
import streamlit as st

from app.ui.maps import draw_subject, page_view
from app.ui.progress import ProgressCallback
from app.ui.session import current
from app.views.clusters.asked import ClusterQuestion, answered, draw_clusters, figures, say_power, source_line
from app.views.clusters.crowded_addresses import draw_shared
from geo.clusters.analysis import HotSpots, find_hot_spots
from geo.clusters.autocorrelation import Method
from geo.clusters.eligibility import NotEstimable
from geo.clusters.lattice import Unit
from layers.hotspots import draw_hot_spots

HOTSPOT_COLUMNS = ["place", "stability", "areas", "area_km2", "firms", "cases", "expected", "ratio", "q", "leading"]


def answer_hot_spots(asked: ClusterQuestion, unit: Unit, method: Method, size_m: float) -> NotEstimable | None:
    """Draw the hot spots of an industry: figures, map, clusters with their stability; what refuses is given back."""
    session = current()
    parameters = (unit, method, size_m)

    def work(question: ClusterQuestion, tell: ProgressCallback | None, stability: bool) -> HotSpots | NotEstimable:
        return find_hot_spots(
            session.data, question.filters, question.industry, unit, method,
            size_m=size_m, seed=question.seed, stability=stability, progress=tell,
        )  # fmt: skip

    found = answered(asked, "hotspots", parameters, lambda tell: work(asked, tell, stability=True))
    if found is None or isinstance(found, NotEstimable):
        return found
    scores = found.clusters["stability"].dropna()
    figures(
        {
            "clusters.overall": (f"{found.overall.statistic:.3f}", session.word("clusters.overall.help")),
            "clusters.p": (f"{found.overall.p:.3f}", None),
            "clusters.areas": (f"{found.overall.areas:,}", None),
            "clusters.hot": (f"{found.count('hot'):,}", None),
            "clusters.cold": (f"{found.count('cold'):,}", None),
            "clusters.found": (f"{len(found.clusters):,}", None),
            "clusters.score": (f"{np.mean(scores):.2f}" if len(scores) else "–", None),
        }
    )
    st.caption(
        session.word(
            "clusters.hotspots.how",
            permutations=f"{found.permutations:,}",
            seed=found.seed,
            z=found.overall.z,
        )
    )
    draw_subject(draw_hot_spots(found, asked.industry, source_line(), page_view()), "clusters", height=560)
    if not len(found.areas[found.areas["kind"] != "none"]):
        st.info(session.word("clusters.hotspots.none", industry=asked.name), icon=":material/horizontal_rule:")
        say_power(found.typical_firms, found.detectable, "clusters.hotspots.power")
    st.markdown(session.word("clusters.hotspots.read"))
    if len(found.clusters):
        table = found.clusters[
            HOTSPOT_COLUMNS if found.unit == "grid" else [c for c in HOTSPOT_COLUMNS if c != "area_km2"]
        ]
        draw_clusters(table, found.members, f"hotspots-{asked.industry}")
        st.caption(session.word("clusters.stability.read"))
    draw_shared(
        asked,
        ("hotspots", *parameters),
        _short(found),
        lambda question, tell: _short(work(question, tell, stability=False)),
    )
    return None


def _short(found: HotSpots | NotEstimable) -> str:
    """The answer in a few words."""
    session = current()
    if isinstance(found, NotEstimable):
        return found.of(session.lang)
    return session.word(
        "clusters.short.hotspots", i=found.overall.statistic, p=found.overall.p, hot=f"{found.count('hot'):,}"
    )
