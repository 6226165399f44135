"""Whether an industry is concentrated at all: the distances between its firms against random draws from all."""

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.ui.charts import draw_chart, tip
from app.ui.progress import ProgressCallback, computed
from app.ui.session import current
from app.views.clusters.asked import ClusterQuestion, figures, refuse
from app.views.clusters.crowded_addresses import draw_shared
from geo.clusters.concentration import VERDICTS, Concentration, Envelope, concentration
from geo.clusters.eligibility import NotEstimable
from geo.clusters.pattern import marked_pattern
from geo.codes.industries import INDUSTRIES
from layers.base import INDUSTRY_COLOURS

FAR_KM: Final = 5.0
"""Distance [km] above which firms are no longer in one place."""

COARSE_M: Final = 100.0
"""Median error of the locations [m] from which the page says so."""


def answer_concentration(asked: ClusterQuestion, simulations: int) -> NotEstimable | None:
    """Draw the verdict on an industry: figures, sentence, the two curves, the other industries; give back what refuses."""
    session = current()

    def work(question: ClusterQuestion, tell: ProgressCallback | None) -> Concentration | NotEstimable:
        pattern = marked_pattern(session.data, question.filters, question.industry)
        return concentration(pattern, simulations=simulations, seed=question.seed, progress=tell)

    found = computed(
        "clusters_concentration",
        asked.key("concentration", simulations),
        lambda tell: work(asked, tell),
        at_once=asked.at_once,
    )
    if found is None:
        return None
    if isinstance(found, NotEstimable):
        refuse(found)
    else:
        _draw(found, asked)
        draw_shared(
            asked, ("concentration", simulations), _short(found), lambda question, tell: _short(work(question, tell))
        )
    _draw_every(asked, simulations)
    return found if isinstance(found, NotEstimable) else None


def _draw(found: Concentration, asked: ClusterQuestion) -> None:
    session = current()
    figures(
        {
            "clusters.verdict": (_verdict(found), None),
            "clusters.p.localised": (f"{found.band.p_high:.3f}", None),
            "clusters.p.dispersed": (f"{found.band.p_low:.3f}", None),
            "clusters.index": (f"{found.index:.2%}", session.word("clusters.index.help")),
            "clusters.bandwidths": (f"{found.stability:.0%}", session.word("clusters.bandwidths.help")),
        }
    )
    low = (found.beyond_m() or (0.0, 0.0))[0] / 1000
    sentence = session.word(f"clusters.concentration.{found.verdict}", industry=asked.name, spans=_spans(found))
    if found.verdict == "localised" and low > FAR_KM:
        sentence += " " + session.word("clusters.concentration.far", low=f"{low:.0f}")
    st.markdown(f"**{sentence}**")
    if found.verdict == "neither":
        key = "clusters.power" if found.detectable else "clusters.power.none"
        st.markdown(session.word(key, n=f"{found.detectable:,}", used=f"{found.used:,}"))
    colour = INDUSTRY_COLOURS[asked.industry]
    km = found.distance_m / 1000
    percent = 100 * 1000  # of 1/m to % per km
    left, right = st.columns(2)
    with left:
        st.markdown(session.word("clusters.chart.density"))
        _chart(km, found.density * percent, found.band.times(percent), colour, session.word("clusters.chart.pairs"))
    with right:
        st.markdown(session.word("clusters.chart.neighbours"))
        _chart(km, found.neighbours, found.neighbours_band, colour, session.word("clusters.chart.times"))
    st.caption(
        session.word(
            "clusters.concentration.how",
            bandwidth=f"{found.bandwidth_m / 1000:.1f}",
            used=f"{found.used:,}",
            cases=f"{found.cases:,}",
            firms=f"{found.firms:,}",
            simulations=found.simulations,
            seed=found.seed,
        )
    )
    read = [session.word("clusters.concentration.read")]
    if found.error_m >= COARSE_M:
        read.append(session.word("clusters.concentration.error", error=f"{found.error_m / 1000:.1f}"))
    st.markdown(" ".join(read))


def _chart(km: NDArray[Any], observed: NDArray[Any], band: Envelope, colour: str, title: str) -> None:
    """Draw a curve within its bands."""
    session = current()
    table = pd.DataFrame(
        {
            "km": km, "observed": observed, "mean": band.mean, "low": band.low, "high": band.high,
            "local_low": band.local_low, "local_high": band.local_high,
        }
    ).round(5)  # fmt: skip
    x = {
        "field": "km",
        "type": "quantitative",
        "title": session.word("clusters.chart.distance"),
        "axis": {"grid": False},
    }

    def line(field: str, **mark: object) -> dict[str, Any]:
        return {
            "mark": {"type": "line", "clip": True, **mark},
            "encoding": {"y": {"field": field, "type": "quantitative", "title": title}},
        }

    tips = [
        tip("km", "clusters.chart.distance", format=".1f"),
        tip("observed", "clusters.chart.observed", format=".2f"),
        tip("mean", "clusters.chart.mean", format=".2f"),
    ]
    spec = {
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "area", "color": "#9CA3AF", "opacity": 0.25},
                "encoding": {
                    "y": {"field": "local_low", "type": "quantitative", "title": title},
                    "y2": {"field": "local_high"},
                },
            },
            line("high", color="#374151", strokeDash=[5, 4], strokeWidth=1.2),
            line("low", color="#374151", strokeDash=[5, 4], strokeWidth=1.2),
            line("mean", color="#6B7280", strokeWidth=1),
            line("observed", color=colour, strokeWidth=2.5),
            {
                "mark": {"type": "point", "opacity": 0, "size": 200},
                "encoding": {"y": {"field": "observed", "type": "quantitative"}, "tooltip": tips},
            },
        ],
        "height": 260,
    }
    draw_chart(table, spec, title)


def _draw_every(asked: ClusterQuestion, simulations: int) -> None:
    """Draw the verdicts on all industries beside each other."""
    session = current()
    st.subheader(session.word("clusters.every"), anchor=False)

    def work(tell: ProgressCallback) -> dict[str, Concentration | NotEstimable]:
        answers: dict[str, Concentration | NotEstimable] = {}
        for number, industry in enumerate(INDUSTRIES):
            pattern = marked_pattern(session.data, asked.filters, industry)
            answers[industry] = concentration(
                pattern,
                simulations=simulations,
                seed=asked.seed,
                progress=lambda done, all_, number=number: tell(number * all_ + done, len(INDUSTRIES) * all_),  # type: ignore[misc]
            )
        return answers

    key = ("clusters", "every", asked.dataset_id, asked.filters, asked.seed, simulations)
    answers = computed("clusters_every", key, work, at_once=asked.at_once)
    if answers is None:
        return
    words = [f"clusters.{name}" for name in ("p.localised", "p.dispersed", "index", "bandwidths", "detectable")]
    rows = []
    for industry, found in answers.items():
        values = [np.nan] * len(words)
        if not isinstance(found, NotEstimable):
            values = [found.band.p_high, found.band.p_low, 100 * found.index, 100 * found.stability]
            values.append(100 * found.detectable / found.used if found.detectable else np.nan)
        named = {session.word(word): value for word, value in zip(words, values, strict=True)}
        industry_name = {session.word("clusters.industry"): session.pick(INDUSTRIES[industry])}
        rows.append(industry_name | {session.word("clusters.verdict"): _verdict(found)} | named)
    formats = {"clusters.p.localised": "%.3f", "clusters.p.dispersed": "%.3f", "clusters.index": "%.2f%%"}
    configured = {session.word(word): st.column_config.NumberColumn(format=form) for word, form in formats.items()}
    configured[session.word("clusters.bandwidths")] = st.column_config.NumberColumn(format="%.0f%%")
    configured[session.word("clusters.detectable")] = st.column_config.NumberColumn(
        format="%.0f%%", help=session.word("clusters.detectable.help")
    )
    with st.container(key="clusters_every_table"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, height="auto", column_config=configured, placeholder="–")


def _verdict(found: Concentration | NotEstimable) -> str:
    session = current()
    if isinstance(found, NotEstimable):
        return found.of(session.lang)
    spans = _spans(found)
    return session.pick(VERDICTS[found.verdict]) + (f" · {spans} km" if spans else "")


def _spans(found: Concentration) -> str:
    """The distances [km] at which the curve is beyond its band; ``""`` where it never is."""
    return current().listing(f"{low / 1000:.1f}–{high / 1000:.1f}" for low, high in found.spans_m())


def _short(found: Concentration | NotEstimable) -> str:
    """The answer in a few words."""
    session = current()
    if isinstance(found, NotEstimable):
        return found.of(session.lang)
    p = found.band.p_low if found.verdict == "dispersed" else found.band.p_high
    return session.word("clusters.short.concentration", verdict=_verdict(found), p=p)
