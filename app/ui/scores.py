"""Scores on a page: sliders for the weights, a table and bars that show every term, what each term changes."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from app.ui.address import bind, number, written_number
from app.ui.charts import draw_chart, tip
from app.ui.download import file_name, offer_file
from app.ui.paging import text_width
from app.ui.session import current
from geo.chains.scoring import Scores
from geo.export.spreadsheet import TABLE_SUFFIXES, table_bytes

TERM_COLOURS: Final = ("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#CC79A7", "#999999")

MAX_WEIGHT: Final = 5.0

Names = Mapping[str, tuple[str, str]]


def choose_weights(
    names: Names, defaults: Mapping[str, float], key: str, formulas: str, *, open_: bool = False
) -> dict[str, float]:
    """Let the user weigh the terms, beside what they mean; a term of weight 0 counts nothing."""
    session = current()
    with st.expander(session.word("score.weights"), icon=":material/tune:", expanded=open_):
        st.caption(f"{formulas}\n\n{session.word('score.weights.help')}")
        columns = st.columns(3)
        for position, (term, pair) in enumerate(names.items()):
            weight = f"{key}_weight_{term}"
            bind(weight, float(defaults[term]), number(0, MAX_WEIGHT), written_number)
            with columns[position % 3]:
                st.slider(session.pick(pair), 0.0, MAX_WEIGHT, step=0.5, key=weight, persist_state="session")
        st.button(session.word("score.reset"), on_click=_reset, args=[key, dict(defaults)], key=f"{key}_reset")
    weights = weights_now(key, {term: defaults[term] for term in names})
    if not any(weights.values()):
        st.warning(session.word("score.nothing"), icon=":material/tune:")
    return weights


def weights_now(key: str, defaults: Mapping[str, float]) -> dict[str, float]:
    """The weights as the sliders hold them at this moment, also while they are not drawn."""
    return {term: float(st.session_state.get(f"{key}_weight_{term}", weight)) for term, weight in defaults.items()}


def _reset(key: str, defaults: dict[str, float]) -> None:
    for term, weight in defaults.items():
        st.session_state[f"{key}_weight_{term}"] = float(weight)


def score_columns(scores: Scores, names: Names, title: str, labels: pd.Series) -> pd.DataFrame:
    """Rank, name (under `title`), total, points of every term, share known and range, in the user's words."""
    session = current()
    columns = {session.word("score.rank"): scores.rank, title: labels, session.word("score.total"): scores.total}
    columns |= {session.pick(names[term]): scores.points[term] for term in scores.points.columns}
    bounds = scores.low.map("{:.0f}".format) + "–" + scores.high.map("{:.0f}".format)
    columns |= {session.word("score.known"): (scores.known * 100).round(), session.word("score.range"): bounds}
    return pd.DataFrame(columns)


def column_formats(names: Names) -> dict[str, Any]:
    """How the columns of `score_columns` are shown; an unknown term stays empty and is said to be unknown."""
    session = current()
    unsaid = max(text_width(session.word(key)) for key in ("score.unknown", "fit.missing"))  # never half of “unknown”
    points = {
        title: st.column_config.NumberColumn(format="%.1f", width=max(text_width(title), unsaid))
        for title in map(session.pick, names.values())
    }
    return points | {
        session.word("score.rank"): st.column_config.NumberColumn(width=56, pinned=True),
        session.word("score.total"): st.column_config.ProgressColumn(format="%.1f", min_value=0, max_value=100),
        session.word("score.known"): st.column_config.NumberColumn(
            format="%d %%", width=text_width(session.word("score.known"))
        ),
    }


def without_columns(ranks: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Ranks without each term, in the user's words."""
    session = current()
    return ranks.rename(
        columns={term: session.word("score.without", term=session.pick(names[term])) for term in ranks.columns}
    )


def weights_sentence(weights: Mapping[str, float], names: Names) -> str:
    """The weights in words, for a file that leaves the page."""
    session = current()
    return session.listing(f"{session.pick(names[term])} {weight:g}" for term, weight in weights.items())


def draw_bars(labels: pd.Series, scores: Scores, names: Names, most: int = 12) -> None:
    """Draw the points of the first rows as stacked bars, one part per term."""
    session = current()
    ordered = scores.rank.index[scores.order]
    first = ordered[scores.total[ordered].notna()][:most]
    terms = list(scores.points.columns)
    rows = [
        {"row": f"{scores.rank[row]}. {labels[row]}", "place": place, "position": position,
         "term": session.pick(names[term]), "points": float(scores.points.at[row, term])}
        for place, row in enumerate(first)
        for position, term in enumerate(terms)
        if pd.notna(scores.points.at[row, term])
    ]  # fmt: skip
    titles = [session.pick(names[term]) for term in terms]
    colour: dict[str, Any] = {"field": "term", "type": "nominal", "title": None, "sort": titles}
    colour |= {
        "scale": {"domain": titles, "range": list(TERM_COLOURS)},
        "legend": {"orient": "bottom", "columns": {"expr": "width < 420 ? 1 : 3"}, "labelLimit": 0},
    }
    axis = {"labelLimit": 200}
    spec = {
        "mark": {"type": "bar"},
        "height": {"step": 24},
        "encoding": {
            "y": {
                "field": "row",
                "type": "nominal",
                "title": None,
                "sort": {"field": "place", "op": "min"},
                "axis": axis,
            },
            "x": {
                "field": "points",
                "type": "quantitative",
                "title": session.word("score.total"),
                "scale": {"domain": [0, 100]},
            },
            "color": colour,
            "order": {"field": "position"},
            "tooltip": [
                tip("row", "score.row"),
                tip("term", "score.term"),
                tip("points", "score.points", format=".1f"),
            ],
        },
    }
    draw_chart(pd.DataFrame(rows), spec, session.word("score.bars"))


def offer_files(key: str, stem: str, table: pd.DataFrame, about: Mapping[str, str], weights: str, formula: str) -> None:
    """Offer a table of scores as files, with what has to be known to quote it.

    Parameters
    ----------
    key : str
        Start of the buttons' keys.
    stem : str
        Start of the files' names.
    table : DataFrame
    about : mapping of str to str
        What was asked.
    weights, formula : str
        How the terms were weighed, and what the total is.
    """
    session = current()
    notes = {
        **({"!": session.word("app.synthetic")} if session.data.synthetic else {}),
        **about,
        session.word("chains.set"): f"{session.data.title} {session.data.date}",
        session.word("chains.filters"): session.sentence,
        session.word("score.weights"): weights,
        session.word("score.total"): formula,
    }
    with st.container(horizontal=True, key=f"{key}_files"):
        for suffix in TABLE_SUFFIXES:
            label = session.word("table.download", suffix=suffix.upper())
            offer_file(label, partial(table_bytes, table, suffix, notes), file_name(stem, suffix), f"{key}_{suffix}")
