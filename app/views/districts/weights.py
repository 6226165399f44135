"""The places by a weight: staff, capital or a number of an import, with how many are known beside it."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

import pandas as pd
import streamlit as st

from app.documents import weight_name
from app.i18n import as_markdown
from app.ui.choice import choose
from app.ui.session import Session, current
from app.ui.weights import weights_in
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.stars import CATEGORIES, stars
from geo.indicators.weights import (
    BOOTSTRAP_TRIES,
    COUNT,
    MIN_COVERAGE,
    MIN_KNOWN_ENTERPRISES,
    weigh_places,
    weighted_table,
)

_BY_DATASET: Final[dict[str | type[Any], Callable[[Any], Any]]] = {
    Dataset: attrgetter("fingerprint"),
    Filters: Filters.to_query,
}

_TOTALS: Final = ("weights.total", "weights.part")
_DIGITS: Final = {"weights.share": 1} | dict.fromkeys(
    ("weights.hhi", "weights.lq", "districts.low", "districts.high"), 3
)


@st.cache_data(show_spinner=False, max_entries=16, hash_funcs=_BY_DATASET)
def weigh_table(data: Dataset, filters: Filters, level: str, weight: str) -> pd.DataFrame:
    """Figures of a weight with their stars."""
    table = weighted_table(weigh_places(data, weight, filters, level))
    return pd.concat([table, stars(table)], axis=1)


def draw_weights(level: str, names: dict[str, str]) -> None:
    """Draw the choice of a weight, and the places by it.

    Parameters
    ----------
    level : str
        As for `count_places`.
    names : dict
        Place → its name in the user's language.
    """
    session = current()
    weights = {"": session.word("weights.none")}
    weights |= {weight: weight_name(weight, session.lang) for weight in weights_in(session.data)}
    industries = {code: session.pick(options("industry")[code]) for code in CATEGORIES}
    with st.container(horizontal=True, vertical_alignment="bottom", key="districts_weights"):
        weight = choose(st.selectbox, "districts.weight", weights, "weights.choose", width=280)
        if not weight:
            return
        industry = choose(st.selectbox, "districts.weighed", industries, "filter.industry", width=260)
    try:
        table = weigh_table(session.data, session.filters, level, weight)
    except DataError as error:
        st.info(as_markdown(str(error)), icon=":material/info:")
        return
    shown = labelled(session, table, industry, names)
    form = {session.word(key): st.column_config.NumberColumn(format="localized") for key in _TOTALS} | {
        session.word(key): st.column_config.NumberColumn(format=f"%.{digits}f") for key, digits in _DIGITS.items()
    }
    st.dataframe(shown, hide_index=True, key="districts_weighted", placeholder="–", column_config=form)
    number, known = (int(table[name].sum()) for name in ("enterprises", "known"))
    said = [session.word("weights.coverage", n=f"{number:,}", known=f"{known:,}", least=f"{MIN_COVERAGE:.0%}")]
    if weight == COUNT:
        said.append(session.word("weights.exact"))
    else:
        said.append(session.word("weights.interval", tries=BOOTSTRAP_TRIES, fewest=MIN_KNOWN_ENTERPRISES))
    st.caption(session.pick(("", " ")).join([*said, session.word("weights.stars.note")]))


def labelled(session: Session, table: pd.DataFrame, industry: str, names: dict[str, str]) -> pd.DataFrame:
    """What is shown of an industry: the largest total first, each with how many are known."""

    def known(ending: str) -> list[str]:
        pairs = zip(table[f"known{ending}"], table[f"enterprises{ending}"], strict=True)
        return [f"{few:,} / {all_:,}" for few, all_ in pairs]

    judged = zip(table[f"stars_{industry}"], table[f"stars_judged_{industry}"], strict=True)
    shown = {
        session.word("districts.place"): [names[str(place)] for place in table.index],
        session.word("weights.known"): known(""),
        session.word("weights.total"): table["weighted_total"],
        session.word("weights.hhi"): table["weighted_hhi"],
        f"{session.pick(options('industry')[industry])} · {session.word('weights.known')}": known(f"_{industry}"),
        session.word("weights.part"): table[f"weighted_total_{industry}"],
        session.word("weights.share"): table[f"weighted_share_{industry}"] * 100,
        session.word("weights.lq"): table[f"weighted_lq_{industry}"],
        session.word("districts.low"): table[f"weighted_lq_{industry}_low"],
        session.word("districts.high"): table[f"weighted_lq_{industry}_high"],
        session.word("weights.stars"): [f"{given:.0f} / {of}" if of else "" for given, of in judged],
    }
    frame = pd.DataFrame(shown, index=table.index)
    return frame.sort_values(session.word("weights.total"), ascending=False, kind="stable")
