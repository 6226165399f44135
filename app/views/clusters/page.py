"""Clusters: where an industry gathers beyond what the whole distribution explains, and what cannot be decided."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose, enter
from app.ui.session import BY_SELECTION, Session, current
from app.views.clusters.asked import ClusterQuestion
from app.views.clusters.concentration import answer_concentration
from app.views.clusters.hotspots import answer_hot_spots
from app.views.clusters.outlines import answer_outlines
from app.views.clusters.place import answer_place, choose_place
from geo.clusters.analysis import Decision, decidable
from geo.clusters.autocorrelation import PERMUTATION_SEED, Method
from geo.clusters.eligibility import NotEstimable
from geo.clusters.lattice import Unit
from geo.clusters.pattern import marked_pattern
from geo.codes.industries import INDUSTRIES

QUESTIONS: Final = ("concentration", "place", "hotspots", "outlines")
UNIT_CHOICES: Final = ("grid", "town")
"""Areas of hot spots; of 16 districts none could ever be significant, so they are not offered."""

HOTSPOT_METHODS: Final = ("getis_ord", "moran")
SIZES_M: Final = (500, 1000, 2000)
SIMULATION_CHOICES: Final = (99, 199, 999)


def first_industry() -> str:
    """The one that the filter names, else the one with most enterprises."""
    session = current()
    named = [code for code in session.filters.industry if code in INDUSTRIES]
    plain = session.filters.without("industry")
    counts = {code: session.data.count(plain, industry=[code]) for code in INDUSTRIES if code != "other"}
    return named[0] if named else max(counts, key=lambda code: counts[code])


def follow_filter() -> None:
    """Let the page's industry follow the filter's, whenever the user changes that."""
    session = current()
    if session.filters.industry and session.filters.industry != st.session_state.get("clusters_followed"):
        st.session_state["clusters_industry"] = first_industry()
    st.session_state["clusters_followed"] = session.filters.industry


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs=BY_SELECTION)
def decisions(session: Session, industry: str) -> tuple[dict[str, Decision], dict[str, int]]:
    """What can be decided about an industry.

    Second, the enterprises without a point by precision, those of the industry as `left`.
    """
    data, filters = session.data, session.filters.without("industry")
    pattern = marked_pattern(data, filters, industry)
    return decidable(data, filters, industry), pattern.left_out | {"left": sum(pattern.cases_left_out.values())}


def draw_decisions(found: dict[str, Decision], asked: str, refusal: NotEstimable | None) -> None:
    """Draw for which methods the selection has enough firms, and why it has not for others.

    Whether a method comes to an answer shows when it is asked: `refusal` is what the one that was `asked` said instead.
    """
    session = current()
    with st.container(key="clusters_decide", border=True):
        st.markdown(f"**{session.word('clusters.decide')}**")
        lines, colon = [], ": " if session.lang == "en" else "："
        for name, decision in found.items():
            method, refused = session.word(f"clusters.decide.{name}"), decision.refusal
            if name == asked:
                method, refused = f"**{method}**", refused or refusal
            if refused:
                lines.append(f":material/block: {method}{colon}{as_markdown(refused.of(session.lang))}")
            else:
                counts = session.word("clusters.decide.yes", cases=f"{decision.cases:,}", firms=f"{decision.firms:,}")
                lines.append(f":material/groups: {method}{colon}{counts}")
        st.markdown("  \n".join(lines))


def choose_parameters(question: str) -> tuple[int, float, int]:
    """Seed, side of a square [m], simulations."""
    session = current()
    with st.popover(session.word("clusters.parameters"), icon=":material/tune:"):
        sizes = {metres: f"{metres / 1000:g} km" for metres in SIZES_M}
        size = choose(
            st.segmented_control, "clusters_size", sizes, "clusters.size", default=1000,
            required=True, disabled=question != "hotspots",
        )  # fmt: skip
        runs = choose(
            st.segmented_control, "clusters_simulations", SIMULATION_CHOICES, "clusters.simulations", default=199,
            required=True, disabled=question in ("hotspots", "place"),
        )  # fmt: skip
        seed = enter(st.number_input, "clusters_seed", "clusters.seed", 0, 2**31 - 1, PERMUTATION_SEED)
    return int(seed), float(size), int(runs)


def _choose_one(name: str, options: Sequence[str], note: str | None = None) -> Any:
    words = {option: current().word(f"clusters.{name}.{option}") for option in options}
    return choose(st.segmented_control, f"clusters_{name}", words, f"clusters.{name}", required=True, help=note)


def draw() -> None:
    """Draw the page."""
    session = current()
    names = session.names(INDUSTRIES)
    follow_filter()
    with st.container(horizontal=True, vertical_alignment="bottom", key="clusters_choices"):
        industry = choose(
            st.selectbox, "clusters_industry", names, "clusters.industry", default=first_industry(), width=240
        )
        question = _choose_one("question", QUESTIONS)
        unit: Unit = "grid"
        method: Method = "getis_ord"
        if question == "hotspots":
            unit = _choose_one("unit", UNIT_CHOICES, session.word("clusters.unit.help"))
            method = _choose_one("method", HOTSPOT_METHODS)
        place = choose_place() if question == "place" else ""
        seed, size_m, simulations = choose_parameters(question)
    st.markdown(session.word("clusters.purpose", industry=as_markdown(names[industry])))
    asked = ClusterQuestion(session.dataset_id, session.filters.without("industry"), industry, seed)
    with st.container(key="clusters_empty"):
        if not session.data.count(asked.filters):
            st.info(session.word("map.empty"), icon=":material/filter_alt:")
            return
    found, left_out = decisions(session, industry)
    whether = st.container()
    if question == "hotspots":
        refusal = answer_hot_spots(asked, unit, method, size_m)
    elif question == "outlines":
        refusal = answer_outlines(asked, simulations)
    elif question == "place":
        refusal = answer_place(asked, place)
    else:
        refusal = answer_concentration(asked, simulations)
    with whether:  # once it is known whether there is an answer
        draw_decisions(found, unit if question == "hotspots" else question, refusal)
    if question != "place":
        _say_base(left_out, found)
    if session.filters.industry:
        st.caption(session.word("clusters.lifted"))
    st.caption(session.word("clusters.docs"))


def _say_base(left_out: dict[str, int], found: dict[str, Decision]) -> None:
    """Say which firms the whole is, and which of the selection have no part in it."""
    session = current()
    if session.filters.district or session.filters.zone:
        whole = session.filters.without("industry")
        st.caption(session.word("clusters.base", base=as_markdown(session.data.sentence(whole, session.lang))))
    st.caption(
        session.word(
            "clusters.left_out",
            firms=f"{found['outlines'].firms:,}",
            cases=f"{found['outlines'].cases:,}",
            **{name: f"{n:,}" for name, n in left_out.items()},
        )
    )


if __name__ == "__main__":  # as Streamlit runs a page
    draw()
