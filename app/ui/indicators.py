"""Indicators on a page: shading, ranking, places side by side."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.charts import dots, draw_chart, intervals, shares, stacked
from app.ui.choice import choose
from app.ui.session import current
from geo.codes.options import options
from geo.indicators.counts import Counts
from geo.indicators.definitions import INDICATORS, measure
from geo.places.statistics import CITY, load_district_stats
from geo.places.zones import CORE, belt_districts
from geo.plan import in_english
from geo.text import QUALIFIERS, qualified
from layers.classes import Shading, classify
from layers.escape import web_address

SAME_WITHOUT_CROWDED: Final = "same_without_crowded"
MAX_COMPARED_PLACES: Final = 10
"""Places side by side."""


def titled(code: str, lang: str) -> str:
    """Name of an indicator with its unit."""
    name, unit = (pair[lang == "en"] for pair in (INDICATORS[code].name, INDICATORS[code].unit))
    return f"{name} ({unit})" if lang == "en" else f"{name}（{unit}）"


def titled_for(code: str, places: Collection[str]) -> str:
    """Name of an indicator with its unit; a published one says when the figures of these places are of unlike years."""
    session, indicator = current(), INDICATORS[code]
    name = titled(code, session.lang)
    if not indicator.published:
        return name
    figures = indicator.published()
    years = figures["year"][figures.index.isin(places)].dropna()
    if years.nunique() < 2:
        return name
    return f"{name} · {session.word('districts.unlike', first=int(years.min()), last=int(years.max()))}"


def shading_of(counts: Counts, code: str, scheme: str, lang: str, suffix: str = "") -> Shading:
    """Classes of an indicator, and how to speak of them; quotients that chance may explain are hatched."""
    title, indicator = " · ".join(filter(None, [titled(code, lang), suffix])), INDICATORS[code]
    shading = Shading(counts.level, title, classify(measure(counts, code), scheme), indicator.share)
    if not code.startswith("lq_") or not indicator.interval or shading.as_points:
        return shading
    bounds = indicator.interval(counts)
    return replace(shading, undecided=tuple(bounds.index[(bounds["low"] <= 1) & (bounds["high"] >= 1)]))


def tips_of(counts: Counts, code: str, shading: Shading, lang: str) -> pd.Series:
    """What is said of each place on hover: name, value, interval, number of enterprises."""
    values, interval = shading.classes.values, INDICATORS[code].interval
    bounds = interval(counts) if interval else None
    said = {}
    for place, number in counts.enterprises.items():
        span = ""
        if bounds is not None and not np.isnan(values[place]):
            span = f" [{shading.say(bounds.at[place, 'low'])}, {shading.say(bounds.at[place, 'high'])}]"
        said[place] = f"{counts.name(str(place), lang)} · {shading.say(values[place])}{span} · n = {number:,}"
    return pd.Series(said, dtype=object)


def draw_formula(code: str) -> None:
    """Say formula, unit, caveat and source of an indicator."""
    session, indicator = current(), INDICATORS[code]
    said = {field: session.pick(getattr(indicator, field)) for field in ("name", "unit", "formula", "caveat", "source")}
    st.markdown(session.word("districts.formula", **{field: as_markdown(text) for field, text in said.items()}))


def draw_ranking(counts: Counts, code: str, shading: Shading) -> None:
    """Draw all places, the highest value first, with number of enterprises and interval."""
    session, indicator = current(), INDICATORS[code]
    factor = 100 if indicator.share else 1
    columns: dict[str, Any] = {
        session.word("districts.place"): [counts.name(str(place), session.lang) for place in counts.places.index],
        titled("enterprises", session.lang): counts.enterprises,
        titled(code, session.lang): shading.classes.values * factor,
    }
    ranks = shading.classes.values.rank(method="min", ascending=False).astype("Int64")
    columns = {session.word("districts.rank"): ranks} | columns
    if indicator.interval:
        bounds = indicator.interval(counts) * factor
        columns |= {session.word("districts.low"): bounds["low"], session.word("districts.high"): bounds["high"]}
        if code.startswith("lq_"):
            verdict = np.select(
                [bounds["low"] > 1, bounds["high"] < 1, bounds["low"].notna()], ["above", "below", "open"], ""
            )
            columns[session.word("districts.verdict")] = [
                session.word(f"districts.verdict.{word}") if word else "" for word in verdict
            ]
    table = pd.DataFrame(columns, index=counts.places.index)
    table = table.sort_values([titled(code, session.lang), titled("enterprises", session.lang)], ascending=False)
    digits = 1 if indicator.share else shading.digits
    form = {
        session.word("districts.rank"): st.column_config.NumberColumn(width=60),
        titled("enterprises", session.lang): st.column_config.NumberColumn(format="localized"),
    } | {
        name: st.column_config.NumberColumn(format=f"%.{digits}f")
        for name in list(columns)[3:6]
        if pd.api.types.is_float_dtype(table[name])
    }
    st.dataframe(
        table, hide_index=True, key="districts_table", height=_rows(len(table)), column_config=form, placeholder="–"
    )
    if indicator.interval:
        places = int(shading.classes.values.notna().sum())
        st.caption(session.word("districts.few", places=places, false=f"{0.05 * places:.1f}"))
        if code.startswith("lq_"):
            held = int(((bounds["low"] <= 1) & (bounds["high"] >= 1)).sum())
            st.caption(session.word("districts.open", n=held, places=places))


def draw_side_by_side(counts: Counts, code: str) -> None:
    """Draw up to ten places beside one another: their industries, the indicator with its interval, all indicators."""
    session = current()
    names = {str(place): counts.name(str(place), session.lang) for place in counts.places.index}
    usual = belt_districts() if counts.level == "district" else counts.enterprises.nlargest(5).index
    chosen = choose(
        st.multiselect,
        f"districts_places_{counts.level}",
        names,
        "districts.compare.choose",
        default=[str(place) for place in usual],
        name="districts_places",
        max_selections=MAX_COMPARED_PLACES,
    )
    if not chosen:
        st.info(session.word("districts.compare.none"))
        return
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{session.word('districts.shares')}**")
        draw_chart(shares(counts, chosen, names), stacked(), session.word("districts.shares"), key="districts_shares")
    with right:
        named = titled(code, session.lang)
        title = session.word("districts.interval", name=named) if INDICATORS[code].interval else named
        st.markdown(f"**{title}**")
        draw_chart(intervals(counts, code, chosen, names), dots(code), title, key="districts_interval")
    rows = {titled_for(one, chosen): _shown(counts, one).loc[chosen] for one in INDICATORS}
    table = pd.DataFrame(rows).T
    table.columns = pd.Index([as_markdown(names[place]) for place in chosen])
    table.index = pd.Index(map(as_markdown, table.index), name=session.word("districts.indicator"))
    st.table(table.map(as_markdown))  # a table of the page, whose cells are as tall as what a source says in them


def evidence_words() -> dict[str, str]:
    """Evidence of a published figure in the user's words."""
    session = current()
    return {"source": session.word("evidence.source"), "unverified": session.word("districts.unverified")}


def basis_words() -> dict[str, str]:
    """What a published figure rests on, or what its source says beside it, in the user's words."""
    session = current()
    words = {name: text.of(session.lang).format("").strip() for name, text in QUALIFIERS.items()}
    return words | {"原文": session.word("districts.basis.stated"), "unverified": session.word("districts.unverified")}


def draw_published(places: pd.Index) -> None:
    """Draw every published figure of these places, each with year, source and evidence."""
    session = current()
    stats = load_district_stats()
    stats = stats[stats["place"].isin([*places, CORE, CITY, ""])].sort_values(
        ["place_name", "indicator", "year"], ascending=[True, True, False], kind="stable"
    )
    st.caption(session.word("districts.published.note"))
    names = session.names(options("district")) | session.names(options("zone")) | {CITY: session.word("districts.city")}

    def said(field: str, texts: pd.Series) -> pd.Series:
        return in_english(field, texts) if session.lang == "en" else texts

    places_said = stats["place"].map(names).fillna(said("scope", stats["place_name"]))
    url = session.word("column.url")
    st.dataframe(
        pd.DataFrame(
            {
                session.word("districts.place"): places_said,
                session.word("districts.indicator"): said("indicator", stats["indicator"]),
                session.word("districts.year"): stats["year"],
                session.word("districts.period"): said("kind", stats["period"]),
                session.word("districts.basis"): stats["basis"].map(basis_words()),
                session.word("districts.value"): stats["value"],
                session.word("districts.unit"): said("unit", stats["unit"]),
                session.word("column.evidence"): stats["evidence"].map(evidence_words()),
                session.word("column.source"): stats["source_title"],
                url: stats["source_url"].map(web_address).replace("", None),
                session.word("column.note"): stats["notes"],
            }
        ),
        column_config={url: st.column_config.LinkColumn(display_text=session.word("districts.open_source"))},
        hide_index=True,
        key="districts_published",
        placeholder="–",
    )


def _shown(counts: Counts, code: str) -> pd.Series:
    """Values as the user sees them in a table of many indicators, a published one with its year and evidence."""
    session, indicator, values = current(), INDICATORS[code], measure(counts, code)
    if indicator.published:
        figures = indicator.published()
        open_ = session.word("districts.unverified")
        said = {
            place: f"{qualified(f'{row.value:,.10g}', row.basis, session.lang)} "
            f"({row.year}{'' if row.evidence == 'source' else ', ' + open_})"
            + ("" if pd.isna(row.newer_year) else f"; {row.newer_value:,.10g} ({row.newer_year}, {open_})")
            for place, row in zip(figures.index, figures.itertuples(), strict=True)
        }
        return pd.Series({place: said.get(str(place), "") for place in values.index}, dtype=object)
    if indicator.share:
        return values.map(lambda value: "" if np.isnan(value) else f"{value:.1%}")
    return values.map(
        lambda value: "" if np.isnan(value) else f"{value:,.0f}" if not indicator.mapped else f"{value:.3f}"
    )


def _rows(number: int) -> int:
    """Height of a table [px] that shows all of a short list, and the top of a long one."""
    return 36 + 33 * min(number, 30)
