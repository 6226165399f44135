"""The sidebar: the filters, drawn once for all pages and kept in the URL."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import LANGS, as_markdown, word
from app.ui.area_dialog import open_drawing
from geo.datasets.dataset import Dataset
from geo.filters.attributes import capital_range, years
from geo.filters.filters import CONDITIONS, FACETS, FIELDS, Filters, options
from geo.filters.place import FARTHEST_KM, circle
from geo.places.drawn_areas import BOUNDS

LISTS: Final = ("status", "size", "gb4754", "node")
"""Conditions whose values are chosen from a list."""

FIELDS_OF: Final[dict[str, tuple[str, ...]]] = {
    "founded": ("founded_from", "founded_to"),
    "capital": ("capital_currency", "capital_least", "capital_most"),
    "near": ("near_place", "near_lon", "near_lat", "near_km"),
}
"""Condition → keys of the fields that make its text."""

LARGE: Final = 100_000
"""Enterprises from which on reading the nodes of all takes seconds."""

_UNIT: Final = 10_000


def draw_conditions(data: Dataset, lang: str) -> None:
    """Draw the conditions; one that the set holds no facts for is shown disabled, with the reason."""
    with st.expander(word("more.title", lang), icon=":material/tune:"):
        absent = [word(f"filter.{name}", lang) for name in CONDITIONS if not _known(name, data)]
        if absent:
            st.caption(word("more.absent", lang, names=(", " if lang == "en" else "、").join(absent)))
        _draw_years(data, lang)
        _draw_capital(data, lang)
        for name in LISTS:
            _draw_list(name, data, lang)
        _draw_circle(data, lang)
        _draw_areas(data, lang)


def held(name: str) -> list[str]:
    """The texts that a condition holds at this moment."""
    return list(st.session_state.get(f"filter_{name}") or ())


def _draw_list(name: str, data: Dataset, lang: str) -> None:
    names = options(name)
    unknown = [value for value in held(name) if value not in names]
    in_set = names if name == "node" and _is_large(data) else data.present(name)
    st.multiselect(
        word(f"filter.{name}", lang),
        [*(value for value in names if value in in_set or value in held(name)), *unknown],
        format_func=lambda value: (
            names[value][lang == "en"] if value in names else word("filter.unknown.option", lang, value=value)
        ),
        key=f"filter_{name}",
        placeholder=word("filter.all", lang),
        disabled=_absent(name, data),
    )


def _draw_years(data: Dataset, lang: str) -> None:
    _fill("founded", _year_fields)
    for column, field in zip(st.columns(2), FIELDS_OF["founded"], strict=True):
        with column:
            st.number_input(
                word(f"more.{field}", lang),
                1800,
                2100,
                value=None,
                key=field,
                on_change=_take_years,
                disabled=_absent("founded", data),
                placeholder=word("filter.all", lang),
            )
    _draw_others("founded", _year_fields, lang)


def _year_fields(text: str) -> dict[str, Any] | None:
    span = years(text)
    if isinstance(span, str):
        return None
    return {"founded_from": span[0] or None, "founded_to": span[1] if span[1] < 9999 else None}


def _take_years() -> None:
    first, last = (st.session_state[field] for field in FIELDS_OF["founded"])
    text = f"{first or ''}-{last or ''}"
    _take("founded", [] if text == "-" else [text])


def _draw_capital(data: Dataset, lang: str) -> None:
    _fill("capital", _capital_fields)
    closed = _absent("capital", data)
    known = [value for value in data.prepared("capital").currency.values if value]
    chosen = st.session_state.get("capital_currency")
    st.selectbox(
        word("filter.capital", lang),
        list(dict.fromkeys([*known, *([chosen] if chosen else [])])) or ["CNY"],
        key="capital_currency",
        on_change=_take_capital,
        disabled=closed,
    )
    for column, field in zip(st.columns(2), FIELDS_OF["capital"][1:], strict=True):
        with column:
            st.number_input(
                word(f"more.{field}", lang),
                0.0,
                value=None,
                format="%.10g",
                key=field,
                on_change=_take_capital,
                disabled=closed,
                placeholder=word("filter.all", lang),
            )
    _draw_others("capital", _capital_fields, lang)


def _capital_fields(text: str) -> dict[str, Any] | None:
    wanted = capital_range(text)
    if isinstance(wanted, str):
        return None
    currency, least, most = wanted
    top = most / _UNIT if most < float("inf") else None
    return {"capital_currency": currency, "capital_least": least / _UNIT or None, "capital_most": top}


def _take_capital() -> None:
    currency, least, most = (st.session_state[field] for field in FIELDS_OF["capital"])
    ends = ["" if value is None else f"{value * _UNIT:.2f}".removesuffix(".00") for value in (least, most)]
    _take("capital", [f"{currency}:{'-'.join(ends)}"] if any(ends) else [])


def _draw_circle(data: Dataset, lang: str) -> None:
    _fill("near", _circle_fields)
    parks = data.parks.dropna(subset="geometry")["name"].to_dict()
    words = {"": word("filter.all", lang), "point": word("more.near_point", lang)}
    st.selectbox(
        word("filter.near", lang),
        ["", "point", *parks],
        format_func=lambda place: words.get(place) or parks[place],
        key="near_place",
        on_change=_take_circle,
        help=word("more.near.help", lang),
    )
    if st.session_state["near_place"] == "point":
        west, south, east, north = BOUNDS
        ends = (("near_lon", west, east), ("near_lat", south, north))
        for column, (field, least, most) in zip(st.columns(2), ends, strict=True):
            with column:
                st.number_input(
                    word(f"more.{field}", lang),
                    least,
                    most,
                    value=None,
                    format="%.5f",
                    step=0.01,
                    key=field,
                    on_change=_take_circle,
                )
    if st.session_state["near_place"]:
        st.session_state.setdefault("near_km", 5.0)
        st.number_input(
            word("more.near_km", lang), 0.1, FARTHEST_KM, step=1.0, format="%g", key="near_km", on_change=_take_circle
        )
    _draw_others("near", _circle_fields, lang)


def _circle_fields(text: str) -> dict[str, Any] | None:
    lon, lat, km = circle(text)
    park = text.split(":")[0] if text.count(":") == 1 else "point"
    return {"near_place": park, "near_lon": lon, "near_lat": lat, "near_km": km}


def _take_circle() -> None:
    place, lon, lat = (st.session_state.get(field) for field in FIELDS_OF["near"][:3])
    where = place
    if place == "point":
        where = f"{lon:.5f}:{lat:.5f}" if lon is not None and lat is not None else ""
    _take("near", [f"{where}:{st.session_state.get('near_km') or 5.0:g}"] if where else [])


def _take(name: str, values: list[str]) -> None:
    """Take what the fields say; they need not be filled from it again."""
    st.session_state[f"filter_{name}"] = st.session_state[f"told_{name}"] = values


def _draw_areas(data: Dataset, lang: str) -> None:
    st.markdown(word("filter.within", lang))
    for place, value in enumerate(held("within")):
        _draw_chip("within", value, place, lang)
    if st.button(word("more.area.draw", lang), key="area_draw", icon=":material/draw:", width="stretch"):
        open_drawing(data, lang)


def _draw_others(name: str, fields: Callable[[str], dict[str, Any] | None], lang: str) -> None:
    """What the fields cannot show, such as several ranges of a link, as chips that can be taken away."""
    if held(name) and _shown(name, fields) is None:
        for place, value in enumerate(held(name)):
            _draw_chip(name, value, place, lang)


def _draw_chip(name: str, value: str, place: int, lang: str) -> None:
    said = CONDITIONS[name].words(value)[lang == "en"]
    st.button(
        as_markdown(said if len(said) <= 60 else f"{said[:60]}…"),
        key=f"lift_{name}_{place}",
        on_click=_lift,
        args=[name, value],
        icon=":material/close:",
        help=word("more.lift", lang),
        width="stretch",
    )


def _lift(name: str, value: str) -> None:
    st.session_state[f"filter_{name}"] = [other for other in held(name) if other != value]


def _fill(name: str, fields: Callable[[str], dict[str, Any] | None]) -> None:
    """Let the fields show what the condition holds; a half-filled field stays as the user left it."""
    progress = f"told_{name}"
    if st.session_state.get(progress) == held(name):
        return
    st.session_state[progress] = held(name)
    shown = _shown(name, fields) or {}
    for field in FIELDS_OF[name]:
        if field in shown or field not in ("capital_currency", "near_km"):
            st.session_state[field] = shown.get(field, "" if field == "near_place" else None)


def _shown(name: str, fields: Callable[[str], dict[str, Any] | None]) -> dict[str, Any] | None:
    """Values of the fields for what the condition holds; None when they cannot say it."""
    values = held(name)
    return fields(values[0]) if len(values) == 1 and CONDITIONS[name].can_read(values[0]) else None


def _absent(name: str, data: Dataset) -> bool:
    return not _known(name, data) and not held(name)


def _known(name: str, data: Dataset) -> bool:
    """Whether the set holds facts of a condition; the nodes of a large one are not looked for before they are needed."""
    return (name == "node" and _is_large(data)) or bool(data.prepared(name).known)


def _is_large(data: Dataset) -> bool:
    return len(data.enterprises) > LARGE


def read_nodes(data: Dataset, lang: str) -> None:
    """Read the nodes of a large set now, while the user is progress; they are kept for all users."""
    if _is_large(data):
        with st.spinner(word("more.nodes", lang)):
            data.prepared("node")


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


def draw_sidebar(data: Dataset, filters: Filters, page: str, notices: DeltaGenerator) -> None:
    """Draw the filters with a live count beside every option; the URL follows.

    Parameters
    ----------
    data : Dataset
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


def _differ(name: str, filters: Filters, data: Dataset) -> bool:
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
