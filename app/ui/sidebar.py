"""The sidebar: the filters, drawn once for all pages."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import LANGS, as_markdown, word
from app.ui.address import address_now
from app.ui.area_dialog import area_removed, open_drawing
from app.ui.choice import distinct
from app.ui.session import Session, current
from app.ui.undo import draw_undo
from geo.codes.options import CURRENCY_NAMES
from geo.datasets.dataset import Dataset
from geo.filters.attributes import capital_range, years
from geo.filters.drive import drive_note, drive_reach
from geo.filters.filters import CONDITIONS, FACETS, FILTER_FIELDS, MAX_TEXT_CHARACTERS, MAX_VALUES, Filters, options
from geo.filters.place import FARTHEST_KM, circle, park_radius
from geo.places.drawn_areas import AREA_BOUNDS
from geo.roads.network import MAX_DRIVE_MINUTES, SNAP_M
from geo.roads.store import NO_NETWORK, roads_or_none

LISTS: Final = ("origin", "status", "size", "gb4754", "node")
"""Conditions whose values are chosen from a list."""

FIELDS_OF: Final[dict[str, tuple[str, ...]]] = {
    "founded": ("founded_from", "founded_to"),
    "capital": ("capital_currency", "capital_least", "capital_most"),
    "near": ("near_place", "near_lon", "near_lat", "near_km"),
    "near_park": ("near_park_km",),
    "drive": ("drive_place", "drive_lon", "drive_lat", "drive_minutes"),
}
"""Condition → keys of the fields that make its text."""

LEAST_FIELD_KM: Final = 0.1
"""Distance from which the fields can say it; a shorter one of a link is a chip."""

MAX_UNASKED_NODE_ROWS: Final = 100_000
"""Enterprises up to which the nodes of all are read without being asked for."""

_UNIT: Final = 10_000


def draw_conditions(session: Session) -> None:
    """Draw the conditions; one that the dataset holds no facts for is shown disabled, with the reason."""
    with st.expander(session.word("more.title"), icon=":material/tune:"):
        absent = [session.word(f"filter.{name}") for name in CONDITIONS if not _known(session.data, name)]
        if absent:
            st.caption(session.word("more.absent", names=session.listing(absent)))
        _draw_years(session)
        _draw_capital(session)
        for name in LISTS:
            _draw_list(session, name)
        _draw_reach(session, "near")
        _draw_drive(session)
        _draw_park_radius(session)
        _draw_areas(session)


def held(name: str) -> list[str]:
    """The texts that a condition holds at this moment."""
    return list(st.session_state.get(f"filter_{name}") or ())


def _draw_list(session: Session, name: str) -> None:
    names = options(name)
    unknown = [value for value in held(name) if value not in names]
    data = session.data
    present = names if name == "node" and _is_large(data) else data.present(name)
    st.multiselect(
        session.word(f"filter.{name}"),
        [*(value for value in names if value in present or value in held(name)), *unknown],
        format_func=lambda value: (
            session.pick(names[value]) if value in names else session.word("filter.unknown.option", value=value)
        ),
        key=f"filter_{name}",
        max_selections=MAX_VALUES,
        placeholder=session.word("filter.all"),
        disabled=_absent(session.data, name),
    )


def _draw_years(session: Session) -> None:
    _fill("founded", _year_fields)
    for column, field in zip(st.columns(2), FIELDS_OF["founded"], strict=True):
        with column:
            st.number_input(
                session.word(f"more.{field}"),
                1800,
                2100,
                value=None,
                key=field,
                on_change=_take_years,
                disabled=_absent(session.data, "founded"),
                placeholder=session.word("filter.all"),
            )
    _draw_others(session, "founded", _year_fields)


def _year_fields(text: str) -> dict[str, Any] | None:
    span = years(text)
    if isinstance(span, str):
        return None
    return {"founded_from": span[0] or None, "founded_to": span[1] if span[1] < 9999 else None}


def _take_years() -> None:
    first, last = (st.session_state[field] for field in FIELDS_OF["founded"])
    text = f"{first or ''}-{last or ''}"
    _take("founded", [] if text == "-" else [text])


def _draw_capital(session: Session) -> None:
    _fill("capital", _capital_fields)
    closed = _absent(session.data, "capital")
    known = [value for value in session.data.prepared("capital").currency.values if value]
    chosen = st.session_state.get("capital_currency")
    st.selectbox(
        session.word("filter.capital"),
        list(dict.fromkeys([*known, *([chosen] if chosen else [])])) or ["CNY"],
        format_func=lambda code: session.pick((CURRENCY_NAMES.get(code, code), code)),
        key="capital_currency",
        on_change=_take_capital,
        disabled=closed,
    )
    for column, field in zip(st.columns(2), FIELDS_OF["capital"][1:], strict=True):
        with column:
            st.number_input(
                session.word(f"more.{field}"),
                0.0,
                value=None,
                format="%.10g",
                key=field,
                on_change=_take_capital,
                disabled=closed,
                placeholder=session.word("filter.all"),
            )
    _draw_others(session, "capital", _capital_fields)


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


class _Reach(NamedTuple):
    """How far a condition reaches from a point or a park: its number's field, what it starts with, and its bounds."""

    number: str
    start: float
    least: float
    most: float
    step: float
    read: Callable[[str], tuple[float, float, float]]


_REACHES: Final = {
    "near": _Reach("near_km", 5.0, LEAST_FIELD_KM, FARTHEST_KM, 1.0, circle),
    "drive": _Reach("drive_minutes", 30.0, 1.0, MAX_DRIVE_MINUTES, 5.0, drive_reach),
}


def _draw_reach(session: Session, name: str, *, disabled: bool = False) -> None:
    """Let the user choose a point or a park, and how far from it."""
    reach, (place_key, *point_keys, _) = _REACHES[name], FIELDS_OF[name]
    _fill(name, _REACH_FIELDS[name])
    parks = session.data.parks.dropna(subset="geometry")
    names = distinct(parks["name"].to_dict(), parks["category"].to_dict())
    words = {"": session.word("filter.all"), "point": session.word("more.near_point")}
    st.selectbox(
        session.word(f"filter.{name}"),
        ["", "point", *names],
        format_func=lambda place: words.get(place) or names[place],
        key=place_key,
        on_change=_take_reach,
        args=[name],
        help=session.word(f"more.{name}.help"),
        disabled=disabled,
    )
    if st.session_state[place_key] == "point":
        west, south, east, north = AREA_BOUNDS
        ends = (("near_lon", west, east), ("near_lat", south, north))
        for column, key, (field, least, most) in zip(st.columns(2), point_keys, ends, strict=True):
            with column:
                st.number_input(
                    session.word(f"more.{field}"),
                    least,
                    most,
                    value=None,
                    format="%.5f",
                    step=0.01,
                    key=key,
                    on_change=_take_reach,
                    args=[name],
                )
    if st.session_state[place_key]:
        st.session_state.setdefault(reach.number, reach.start)
        st.number_input(
            session.word(f"more.{reach.number}"),
            reach.least,
            reach.most,
            step=reach.step,
            format="%g",
            key=reach.number,
            on_change=_take_reach,
            args=[name],
        )
    _draw_others(session, name, _REACH_FIELDS[name])


def _reach_fields(name: str, text: str) -> dict[str, Any] | None:
    lon, lat, number = _REACHES[name].read(text)
    if number < _REACHES[name].least:
        return None
    park = text.split(":")[0] if text.count(":") == 1 else "point"
    return dict(zip(FIELDS_OF[name], (park, lon, lat, number), strict=True))


_REACH_FIELDS: Final = {name: partial(_reach_fields, name) for name in _REACHES}


def _take_reach(name: str) -> None:
    place, lon, lat, number = (st.session_state.get(field) for field in FIELDS_OF[name])
    where = place
    if place == "point":
        where = f"{lon:.5f}:{lat:.5f}" if lon is not None and lat is not None else ""
    _take(name, [f"{where}:{number or _REACHES[name].start:g}"] if where else [])


def _draw_drive(session: Session) -> None:
    """The driving time; without a network of roads it says what would bring one."""
    missing = roads_or_none() is None
    _draw_reach(session, "drive", disabled=missing and not held("drive"))
    if missing:
        st.caption(as_markdown(session.pick(NO_NETWORK)))


def _draw_park_radius(session: Session) -> None:
    _fill("near_park", _park_radius_fields)
    parks = session.data.parks
    known = {"parks": len(parks), "placed": int(parks.geometry.notna().sum())}
    st.number_input(
        session.word("filter.near_park"),
        LEAST_FIELD_KM,
        FARTHEST_KM,
        value=None,
        step=1.0,
        format="%g",
        key="near_park_km",
        on_change=_take_park_radius,
        placeholder=session.word("filter.all"),
        help=session.word("more.near_park.help", **known),
    )
    _draw_others(session, "near_park", _park_radius_fields)


def _park_radius_fields(text: str) -> dict[str, Any] | None:
    km = park_radius(text)
    return {"near_park_km": km} if km >= LEAST_FIELD_KM else None


def _take_park_radius() -> None:
    km = st.session_state["near_park_km"]
    _take("near_park", [f"{km:g}"] if km else [])


def _take(name: str, values: list[str]) -> None:
    """Take what the fields say; they need not be filled from it again."""
    st.session_state[f"filter_{name}"] = st.session_state[f"taken_{name}"] = values


def _draw_areas(session: Session) -> None:
    st.markdown(session.word("filter.within"))
    for place, value in enumerate(held("within")):
        _draw_chip(session, "within", value, place)
    draw_undo("area")
    if st.button(session.word("more.area.draw"), key="area_draw", icon=":material/draw:", width="stretch"):
        open_drawing(session)


def _draw_others(session: Session, name: str, fields: Callable[[str], dict[str, Any] | None]) -> None:
    """What the fields cannot show, such as several ranges of a link, as chips that can be taken away."""
    if held(name) and _shown(name, fields) is None:
        for place, value in enumerate(held(name)):
            _draw_chip(session, name, value, place)


def _draw_chip(session: Session, name: str, value: str, place: int) -> None:
    said = session.pick(CONDITIONS[name].words(value))
    st.button(
        as_markdown(said if len(said) <= 60 else f"{said[:60]}…"),
        key=f"lift_{name}_{place}",
        on_click=_lift,
        args=[name, value],
        icon=":material/close:",
        help=session.word("more.lift"),
        width="stretch",
    )


def _lift(name: str, value: str) -> None:
    if name == "within":
        area_removed(held(name), current().pick(CONDITIONS[name].words(value)))
    st.session_state[f"filter_{name}"] = [other for other in held(name) if other != value]


def _fill(name: str, fields: Callable[[str], dict[str, Any] | None]) -> None:
    """Let the fields show what the condition holds; a half-filled field stays as the user left it."""
    taken = f"taken_{name}"
    if st.session_state.get(taken) == held(name):
        return
    st.session_state[taken] = held(name)
    shown = _shown(name, fields) or {}
    for field in FIELDS_OF[name]:
        if field in shown or field not in ("capital_currency", "near_km", "drive_minutes"):
            st.session_state[field] = shown.get(field, "" if field.endswith("_place") else None)


def _shown(name: str, fields: Callable[[str], dict[str, Any] | None]) -> dict[str, Any] | None:
    """Values of the fields for what the condition holds; None when they cannot say it."""
    values = held(name)
    return fields(values[0]) if len(values) == 1 and CONDITIONS[name].can_read(values[0]) else None


def _absent(data: Dataset, name: str) -> bool:
    return not _known(data, name) and not held(name)


def _known(data: Dataset, name: str) -> bool:
    """Whether the dataset holds facts of a condition; the nodes of a large one are not looked for before they are needed."""
    return (name == "node" and _is_large(data)) or bool(data.prepared(name).known)


def _is_large(data: Dataset) -> bool:
    return len(data.enterprises) > MAX_UNASKED_NODE_ROWS


def read_nodes(session: Session) -> None:
    """Read the nodes of a large dataset now, while the user waits; they are kept for all users."""
    if _is_large(session.data):
        with st.spinner(session.word("more.nodes")):
            session.data.prepared("node")


_WHEN_THEY_DIFFER: Final = ("witnesses", "registration")
"""Facets that are drawn only for a set whose rows differ in them."""


def take_filters(filters: Filters) -> None:
    """Let the widgets hold these filters; before they are drawn, or from a callback."""
    for name in FILTER_FIELDS:
        st.session_state[f"filter_{name}"] = list(getattr(filters, name))
    st.session_state["filter_q"] = filters.q


def filters_now() -> Filters:
    """The filters as the widgets hold them at this moment."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name in FILTER_FIELDS:
        values = st.session_state.get(f"filter_{name}") or ()
        chosen[name] = tuple(values)
        if name in FACETS or name in LISTS:
            chosen[name] = codes(name, values)
            st.session_state[f"filter_{name}"] = list(chosen[name])
    filters, beyond = Filters(**chosen, q=(st.session_state.get("filter_q") or "").strip()).limited()
    if beyond:  # sent by the browser, which knows the limits of the widgets
        take_filters(filters)
        address_now().beyond[:] = beyond
    return filters


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


def draw_sidebar(session: Session, notices: DeltaGenerator) -> None:
    """Draw the filters with a live count beside every option.

    Parameters
    ----------
    session : Session
    notices : DeltaGenerator
        Place for what is to be said about the filters.
    """
    data, filters = session.data, session.filters
    counts = data.facet_counts(filters)
    with st.sidebar:
        st.text_input(
            session.word("filter.q"),
            key="filter_q",
            max_chars=MAX_TEXT_CHARACTERS,
            placeholder=session.word("filter.q.placeholder"),
            icon=":material/search:",
        )
        for name in FACETS:
            if name not in _WHEN_THEY_DIFFER or _differ(session, name):
                _draw_facet(session, name, counts[name].to_dict())
        draw_conditions(session)
        st.button(session.word("filter.reset"), on_click=_reset, icon=":material/filter_alt_off:", width="stretch")
        key = "app.sample" if data.built_in else "app.imported"
        st.caption(as_markdown(session.word(key, title=data.title, n=f"{len(data.enterprises):,}", date=data.date)))
    with notices:
        for sentence in [*undecided(session), *drive_note(filters.drive, session.lang)]:
            st.caption(as_markdown(sentence))


def undecided(session: Session) -> list[str]:
    """Whom the filters leave out because it cannot be told whether they belong, in sentences."""
    left_out, off_road = session.data.left_out(session.filters), session.data.off_road(session.filters)
    vague = left_out - off_road
    said = [session.word("filter.left_out", n=f"{vague:,}")] if vague else []
    return [*said, session.word("filter.off_road", n=f"{off_road:,}", m=f"{SNAP_M:g}")] if off_road else said


def keep_filters(session: Session) -> None:
    """Keep the filters for the pages that act on them; Streamlit forgets a widget that is not drawn."""
    take_filters(session.filters)
    for name in FIELDS_OF:
        st.session_state.pop(f"taken_{name}", None)  # their fields are filled anew


def _draw_facet(session: Session, name: str, counts: dict[str, int]) -> None:
    names, chosen = options(name), getattr(session.filters, name)
    unknown = [value for value in chosen if value not in names]

    def label(value: str) -> str:
        if value not in names:
            return session.word("filter.unknown.option", value=value)
        return f"{session.pick(names[value])} · {counts[value]:,}"

    shown = [value for value in names if counts[value] or value in chosen or name != "recognition"]
    st.multiselect(
        session.word(f"filter.{name}"),
        [*shown, *unknown],
        format_func=label,
        key=f"filter_{name}",
        max_selections=MAX_VALUES,
        placeholder=session.word("filter.all"),
    )


def _differ(session: Session, name: str) -> bool:
    return bool(getattr(session.filters, name)) or int((session.data.facet_counts(Filters())[name] > 0).sum()) > 1


def _reset() -> None:
    take_filters(Filters())
    address = address_now()
    address.unknown.clear()
    address.beyond.clear()
