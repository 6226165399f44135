"""The sidebar: the filters, drawn once for all pages and kept in the URL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.conditions import LISTS, draw_conditions
from app.i18n import LANGS, word
from app.text import as_markdown
from geo.datasets import Datasets
from geo.filters import FACETS, FIELDS, Filters, options

_WHEN_THEY_DIFFER: Final = ("witnesses", "registration")
"""Facets that are drawn only for a set whose rows differ in them."""

_NOT_FILTERS: Final = {"lang", "id", "embed", "embed_options", "add", "set"}


def read_url() -> None:
    """Take language and filters from the URL, once, when a session starts."""
    state = st.session_state
    if "unknown_params" in state:
        return
    params = st.query_params.to_dict()
    filters, ignored = Filters.from_query(params)
    state["card"] = params.get("id", "")
    state["card_first"] = "id" in params
    state["unknown_params"] = [name for name in ignored if name not in _NOT_FILTERS]
    if "lang" in params and params["lang"] not in LANGS:
        state["unknown_params"].append(f"lang={params['lang']}")
    take_filters(filters)
    if "add" in params:  # an enterprise that the map offers to follow, and its set
        state["wanted"] = (params["add"], params.get("set", ""))


def take_filters(filters: Filters) -> None:
    """Let the widgets hold these filters; before they are drawn, or from a callback."""
    for name in FIELDS:
        st.session_state[f"filter_{name}"] = list(getattr(filters, name))
    st.session_state["filter_q"] = filters.q


def filters_now() -> Filters:
    """The filters as the widgets hold them at this moment."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        values = st.session_state.get(f"filter_{name}") or ()
        chosen[name] = tuple(values)
        if name in FACETS or name in LISTS:
            chosen[name] = codes(name, values)
            st.session_state[f"filter_{name}"] = list(chosen[name])
    return Filters(**chosen, q=(st.session_state["filter_q"] or "").strip())


def codes(facet: str, held: Iterable[str]) -> tuple[str, ...]:
    """Codes of what the browser holds of a facet.

    The browser sends the words of an option.  Their count, or their language, may have changed since it was chosen, and
    Streamlit then hands the words over instead of the code.

    Examples
    --------
    >>> codes("district", ["310117", "松江区 · 42", "Minhang · 7", "999999（未知）", "nowhere"])
    ('310117', '310112', '999999', 'nowhere')
    """
    names = options(facet)
    code_of = {word_: code for code, pair in names.items() for word_ in pair}
    unknown = [word("filter.unknown.option", lang, value="") for lang in LANGS]
    found = []
    for value in held:
        code = value if value in names else code_of.get(value) or code_of.get(value.rpartition(" · ")[0], value)
        for suffix in unknown:
            code = code.removesuffix(suffix)
        found.append(code)
    return tuple(dict.fromkeys(found))


def draw_sidebar(data: Datasets, filters: Filters, page: str, notices: DeltaGenerator) -> None:
    """Draw the filters with a live count beside every option; the URL follows.

    Parameters
    ----------
    data : Datasets
    filters : Filters
        As `filters_now` gave them in this run.
    page : str
        Path of the page.
    notices : DeltaGenerator
        Place for what is to be said about the filters.
    """
    counts = data.facet_counts(filters)
    lang = str(st.session_state["lang"])
    with st.sidebar:
        st.text_input(
            word("filter.q", lang),
            key="filter_q",
            placeholder=word("filter.q.placeholder", lang),
            icon=":material/search:",
        )
        for name in FACETS:
            if name not in _WHEN_THEY_DIFFER or _differ(name, filters, data):
                _draw_facet(name, filters, counts[name].to_dict(), lang)
        draw_conditions(data, lang)
        st.button(word("filter.reset", lang), on_click=_reset, icon=":material/filter_alt_off:", width="stretch")
        key = "app.sample" if data.built_in else "app.imported"
        st.caption(as_markdown(word(key, lang, title=data.title, n=f"{len(data.enterprises):,}", date=data.date)))
    _write_url(filters, lang, page)
    with notices:
        _warn(filters, lang)
        left_out = data.left_out(filters)
        if left_out:
            st.caption(word("filter.left_out", lang, n=f"{left_out:,}"))


def _draw_facet(name: str, filters: Filters, counts: dict[str, int], lang: str) -> None:
    names = options(name)
    unknown = [value for value in getattr(filters, name) if value not in names]

    def label(value: str) -> str:
        if value not in names:
            return word("filter.unknown.option", lang, value=value)
        return f"{names[value][lang == 'en']} · {counts[value]:,}"

    shown = [value for value in names if counts[value] or value in getattr(filters, name) or name != "recognition"]
    st.multiselect(
        word(f"filter.{name}", lang),
        [*shown, *unknown],
        format_func=label,
        key=f"filter_{name}",
        placeholder=word("filter.all", lang),
    )


def _differ(name: str, filters: Filters, data: Datasets) -> bool:
    return bool(getattr(filters, name)) or int((data.facet_counts(Filters())[name] > 0).sum()) > 1


def _reset() -> None:
    take_filters(Filters())
    st.session_state["unknown_params"] = []


def _write_url(filters: Filters, lang: str, page: str) -> None:
    params = filters.as_params() | ({"lang": lang} if lang != "zh" else {})
    if page == "enterprises" and st.session_state["card"]:
        params["id"] = st.session_state["card"]
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)


def _warn(filters: Filters, lang: str) -> None:
    comma, semicolon = (", ", "; ") if lang == "en" else ("、", "；")
    unknown = filters.unknown()
    if unknown:
        parts = [f"{word(f'filter.{name}', lang)} {comma.join(values)}" for name, values in unknown.items()]
        values = as_markdown(semicolon.join(parts))
        st.warning(word("filter.unknown", lang, values=values), icon=":material/help:")
    if st.session_state["unknown_params"]:
        values = as_markdown(comma.join(st.session_state["unknown_params"]))
        st.warning(word("filter.unknown.param", lang, values=values), icon=":material/help:")
