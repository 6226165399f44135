"""Whether an industry is more common in one place than in the whole city: the exact test behind the location quotient."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose
from app.ui.origins import draw_hanging
from app.ui.session import current
from app.views.clusters.asked import ClusterQuestion, figures, refuse
from app.views.clusters.crowded_addresses import draw_shared
from geo.clusters.analysis import NO_CASES, anywhere
from geo.clusters.autocorrelation import FDR_ALPHA
from geo.clusters.eligibility import NotEstimable
from geo.filters.filters import Filters, options
from geo.indicators.counts import count_places
from geo.indicators.measures import specialisation
from geo.places.zones import BELT, CORE

ZONE_PLACES: Final = (CORE, BELT)
"""Places beside the districts."""

PLACE_FORMATS: Final = {
    "part": "%.1f", "whole": "%.1f", "lq": "%.2f", "low": "%.2f", "high": "%.2f", "p": "%.3f", "q": "%.3f",
    "detectable": "%.2f",
}  # fmt: skip


def places() -> dict[str, str]:
    """Places that can be asked about, with their names: the districts, core and belt."""
    session = current()
    names = session.names(options("district"))
    zones = session.names(options("zone"))
    return {code: names[code] for code in names if code != "none"} | {code: zones[code] for code in ZONE_PLACES}


def first_place() -> str:
    """The one that the filters name, else the first."""
    filters, known = current().filters, places()
    named = [code for code in (*filters.district, *filters.zone) if code in known]
    return named[0] if named else next(iter(known))


def choose_place() -> str:
    """Let the user choose the place; it follows the filter whenever that names another one."""
    filters = current().filters
    named = (filters.district, filters.zone)
    if named != st.session_state.get("clusters_place_followed") and any(named):
        st.session_state["clusters_place"] = first_place()
    st.session_state["clusters_place_followed"] = named
    return str(choose(st.selectbox, "clusters_place", places(), "clusters.place", default=first_place(), width=180))


def found_of(filters: Filters, industry: str, level: str) -> pd.DataFrame:
    """The test at every place of a level, against all enterprises that the filters select anywhere."""
    return specialisation(count_places(current().data, anywhere(filters), level), industry)


def answer_place(asked: ClusterQuestion, place: str) -> NotEstimable | None:
    """Draw whether the industry is more common in the place than in the whole; a refusal where nothing is known of it."""
    session = current()
    level = "zone" if place in ZONE_PLACES else "district"
    table = found_of(asked.filters, asked.industry, level)
    found, name = table.loc[place], places()[place]
    if not table["part"].notna().any():
        refuse(NO_CASES)
        return NO_CASES
    known, verdict = bool(found["verdict"]), found["verdict"] or "none"
    figures(
        {
            "clusters.verdict": (session.word(f"clusters.place.verdict.{verdict}"), None),
            "clusters.place.lq": (f"{found['lq']:.2f}" if known else "–", session.word("clusters.place.lq.help")),
            "clusters.place.interval": (f"{found['low']:.2f}–{found['high']:.2f}" if known else "–", None),
            "clusters.p": (f"{found['p']:.3f}" if known else "–", None),
            "clusters.place.cases": (f"{int(found['cases']):,}", None),
        }
    )
    counts = count_places(session.data, anywhere(asked.filters), level)
    said = {
        "place": as_markdown(name),
        "industry": as_markdown(asked.name),
        "cases": f"{int(found['cases']):,}",
        "all": f"{int(counts.whole[asked.industry]):,}",
        "enterprises": f"{int(found['enterprises']):,}",
        "total": f"{int(counts.whole.sum()):,}",
        "part": f"{found['part']:.1%}",
        "whole": f"{found['whole']:.1%}",
        "times": f"{found['detectable']:.1f}",
    }
    st.markdown(f"**{session.word(f'clusters.place.{verdict}', **said)}**")
    if verdict == "open":
        key = "clusters.place.power" if pd.notna(found["detectable"]) else "clusters.place.power.none"
        st.markdown(session.word(key, **said))
    base = session.data.sentence(anywhere(asked.filters), session.lang)
    st.caption(session.word("clusters.place.how", base=as_markdown(base), places=len(table)))
    draw_hanging(counts, f"lq_{asked.industry}", anywhere(asked.filters))
    _draw_every(table, level)
    draw_shared(
        asked,
        ("place", place),
        _short(table.loc[place]),
        lambda question, _tell: _short(found_of(question.filters, question.industry, level).loc[place]),
    )
    return None


def _draw_every(table: pd.DataFrame, level: str) -> None:
    """Draw the same test at every place of the level, the highest quotient first."""
    session = current()
    names = session.names(options("district" if level == "district" else "zone"))
    alone = table["verdict"].isin(["above", "below"]) & (table["q"] > FDR_ALPHA)
    words = table["verdict"].where(table["verdict"] != "", "none") + np.where(alone, ".alone", "")
    shown = table.assign(
        place=[names[str(code)] for code in table.index],
        verdict=[session.word(f"clusters.place.verdict.{word}") for word in words],
        part=100 * table["part"],
        whole=100 * table["whole"],
    ).sort_values(["lq", "enterprises"], ascending=False)
    columns = ["place", "verdict", "cases", "enterprises", "part", "whole", "lq", "low", "high", "p", "q", "detectable"]
    labels = {column: session.word(f"clusters.place.table.{column}") for column in columns}
    st.dataframe(
        shown[columns].rename(columns=labels),
        hide_index=True,
        key="clusters_places",
        height="content",
        column_config={
            labels[column]: st.column_config.NumberColumn(format=form) for column, form in PLACE_FORMATS.items()
        },
        placeholder="–",
    )


def _short(found: pd.Series) -> str:
    """The answer in a few words."""
    session = current()
    if not found["verdict"]:
        return session.word("clusters.place.verdict.none")
    verdict = session.word(f"clusters.place.verdict.{found['verdict']}")
    return session.word("clusters.short.place", verdict=verdict, lq=found["lq"], p=found["p"])
