"""Per-mu figures on the page: of places or enterprises, with how many are known, and grades by a formula that is shown."""

from functools import partial
from itertools import pairwise
from typing import Final

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.choice import choose, enter
from app.ui.download import file_name, offer_file
from app.ui.paging import table_height
from app.ui.session import BY_SELECTION, Session, current
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes
from geo.indicators.per_mu import (
    FIGURES,
    GRADES,
    MAX_RATIO,
    START_CUTS_POINTS,
    START_WEIGHTS,
    YIELD_FACTS,
    Yields,
    grade,
    recognise_facts,
    yields_of,
)

MAX_SHOWN_ENTERPRISES: Final = 500
MAX_YIELD_ROWS: Final = 16
MAX_FIGURE_WEIGHT: Final = 10.0
MAX_CUT_POINTS: Final = 200.0
YIELD_ROWS: Final = ("places", "enterprises")
"""What the table has a row for."""


@st.cache_data(show_spinner=False, max_entries=16, hash_funcs=BY_SELECTION)
def yields_now(session: Session, level: str) -> Yields:
    """Figures of the selection."""
    return yields_of(session.data, session.filters, level)


def draw_per_mu(level: str, names: dict[str, str]) -> None:
    """Draw the figures, their coverage, the formula and its choices.

    Parameters
    ----------
    level : str
        As for `count_places`.
    names : dict
        Place → its name in the user's language.
    """
    session = current()
    heard = recognise_facts(session.data.enterprises)
    if heard.unclear:
        said = session.listing(heard.unclear)
        st.warning(as_markdown(session.word("permu.unclear", columns=said)), icon=":material/help:")
    if not heard.found:
        wanted = session.listing(f"{one.headings[0]}（{next(iter(one.units))}）" for one in YIELD_FACTS.values())
        st.info(session.word("permu.none", columns=wanted), icon=":material/info:")
        return
    found = yields_now(session, level)
    with st.container(horizontal=True, vertical_alignment="bottom", key="permu_tools"):
        rows = (
            choose(
                st.segmented_control,
                "districts.permu",
                {name: session.word(f"permu.{name}") for name in YIELD_ROWS},
                "permu.rows",
            )
            or YIELD_ROWS[0]
        )
    weights, cuts = _choose_formula(session)
    table = found.enterprises if rows == "enterprises" else found.places
    table = table.join(grade(table, found.whole, weights, cuts))
    if rows == "enterprises":
        labels = session.data.enterprises["name"].reindex(table.index)
    else:
        table = table[table["enterprises"] > 0]
        labels = pd.Series([names[str(place)] for place in table.index], index=table.index)
    shown = labelled(session, table, labels).sort_values(session.word("permu.score"), ascending=False, kind="stable")
    _say_coverage(session, found)
    decimals = {session.pick(one.name) + _unit(session, one.unit): "%.2f" for one in FIGURES.values()}
    decimals |= {session.word("permu.score"): "%.1f"}
    st.dataframe(
        shown.head(MAX_SHOWN_ENTERPRISES),
        hide_index=True,
        key="permu_table",
        height=table_height(min(len(shown), MAX_SHOWN_ENTERPRISES), MAX_YIELD_ROWS),
        placeholder="–",
        column_config={name: st.column_config.NumberColumn(format=form) for name, form in decimals.items()},
    )
    if len(shown) > MAX_SHOWN_ENTERPRISES:
        st.caption(session.word("permu.first", n=MAX_SHOWN_ENTERPRISES, all=f"{len(shown):,}"))
    columns = session.listing(
        f"{session.pick(YIELD_FACTS[code].name)} ← {title}" for code, (title, _) in heard.found.items()
    )
    st.caption(as_markdown(session.word("permu.columns", columns=columns)))
    with st.container(horizontal=True, key="permu_files"):
        for suffix in TABLE_SUFFIXES:
            offer_file(
                session.word("permu.file", suffix=suffix.upper()),
                partial(table_bytes, shown, suffix),
                file_name("per-mu", suffix),
                f"permu_{suffix}",
            )


def _choose_formula(session: Session) -> tuple[dict[str, float], tuple[float, float, float]]:
    with st.expander(session.word("permu.formula"), icon=":material/tune:"):
        st.caption(session.word("permu.formula.help", most=f"{MAX_RATIO:g}"))
        columns = st.columns(3)
        weights = {}
        for position, (code, one) in enumerate(FIGURES.items()):
            with columns[position % 3]:
                weights[code] = enter(
                    partial(_weight_input, session.pick(one.name)),
                    f"permu_weight_{code}", "permu.weight", 0.0, MAX_FIGURE_WEIGHT, START_WEIGHTS[code], step=0.5,
                )  # fmt: skip
        columns = st.columns(3)
        cuts = []
        for column, letter, start in zip(columns, GRADES, START_CUTS_POINTS, strict=False):
            with column:
                key = f"permu_cut_{letter.lower()}"
                cuts.append(
                    enter(st.number_input, key, f"permu.cut.{letter.lower()}", 0.0, MAX_CUT_POINTS, start, step=5.0)
                )
    if not all(above >= below for above, below in pairwise(cuts)):
        st.warning(session.word("permu.cuts.order"), icon=":material/help:")
    a, b, c = sorted(cuts, reverse=True)
    return weights, (a, b, c)


def _weight_input(figure: str, label: str, *limits: float, **more: object) -> float:
    return st.number_input(f"{label} · {figure}", *limits, **more)  # type: ignore[call-overload]


def _say_coverage(session: Session, found: Yields) -> None:
    number = int(found.whole["enterprises"])
    parts = session.listing(
        session.word(
            "permu.known",
            figure=session.pick(one.name),
            known=f"{int(found.whole[f'known_{code}']):,}",
            n=f"{number:,}",
        )
        for code, one in FIGURES.items()
    )
    st.markdown(session.word("permu.coverage", parts=parts))


def labelled(session: Session, table: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """What is shown: name, grade, score, the figures; of places how many are known beside each."""
    columns: dict[str, object] = {
        session.word("permu.name"): labels,
        session.word("permu.grade"): table["grade"],
        session.word("permu.score"): table["score"],
    }
    for code, one in FIGURES.items():
        columns[session.pick(one.name) + _unit(session, one.unit)] = table[code]
        if "enterprises" in table:
            pairs = zip(table[f"known_{code}"], table["enterprises"], strict=True)
            columns[session.word("permu.known.of", figure=session.pick(one.name))] = [
                f"{few:,} / {n:,}" for few, n in pairs
            ]
    return pd.DataFrame(columns, index=table.index)


def _unit(session: Session, unit: tuple[str, str]) -> str:
    return session.pick(("（{}）", " ({})")).format(session.pick(unit))
