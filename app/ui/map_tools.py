"""The tools of the map page: base map, what is drawn of the selection, of which years; they stand before the map.

What is not drawn is said: enterprises without a year, those of later years, those that are in no hexagon.
"""

from functools import partial
from typing import Final

import streamlit as st

from app.documents import MapContent, map_html, print_bytes, weight_name
from app.i18n import as_markdown
from app.settings import Settings
from app.ui.address import bind, number
from app.ui.annotations import draw_annotation_tools, say_chosen
from app.ui.area_dialog import open_drawing
from app.ui.choice import choose
from app.ui.download import offer_file
from app.ui.maps import draw_first_map, drawn_basemap
from app.ui.session import BY_SELECTION, Session, current
from app.ui.weights import weights_in
from geo.clusters.hexagons import HEXAGON_SIZES_M, Hexagons
from geo.errors import DataError
from geo.indicators.timeline import YEAR_BASES, Until, bases_of, growth, span_of, undated
from geo.indicators.weights import COUNT
from layers.tile_source import known_basemaps
from reports.paper_sizes import PAPER_SIZES_MM, PRINT_SUFFIXES

DEFAULT_HEXAGON_M: Final = 2000
MAX_TITLE_CHARACTERS: Final = 60


@st.cache_resource(
    show_spinner=False, max_entries=8, hash_funcs=BY_SELECTION
)  # kept as it is: its rows may be millions
def _counted(session: Session, content: MapContent) -> Hexagons:
    return content.count(session.data, session.filters)


def draw_map_tools() -> tuple[MapContent, Hexagons | None]:
    """Draw the tools.

    Returns
    -------
    content : MapContent
        What the map is to show; the enterprises themselves where hexagons cannot be counted, which is said.
    found : Hexagons or None
        The hexagons, where it shows such.
    """
    session = current()
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_tools"):
        with st.popover(session.word("map.shown"), icon=":material/layers:"):
            _choose_basemap()
            hexagon_m, weight = _choose_content(session)
            basis = _choose_basis(session)
        until = _choose_year(session, basis) if basis else None
        content = MapContent(hexagon_m, weight, until)
        found, refused = _count(session, content) if hexagon_m else (None, "")
        if refused:
            content = MapContent(until=until)
        if st.button(session.word("more.area.draw"), key="map_draw", icon=":material/draw:"):
            open_drawing(session)
        st.session_state["annotations"] = draw_annotation_tools(session)
        with st.popover(session.word("map.print"), icon=":material/print:"):
            _offer_print(session, content)
        offer_file(
            session.word("map.download"),
            lambda: map_html(session.data, session.filters, session.lang, content),
            "yihe-yidai.html",
            "map_download",
        )
    _, reason = drawn_basemap(Settings.from_environment())
    if reason:
        st.warning(reason, icon=":material/layers:")
    say_chosen(session)
    if refused:
        name = weight_name(weight, session.lang)
        said = session.word("map.hexagons.refused", weight=as_markdown(name), reason=as_markdown(refused))
        st.info(said, icon=":material/info:")
    if until:
        _say_left_out(session, until)
    if found:
        inside, vague = f"{len(found.rows):,}", f"{found.vague:,}"
        st.caption(session.word("map.hexagons.account", n=inside, vague=vague))
    return content, found


def _offer_print(session: Session, content: MapContent) -> None:
    """Offer the map to be printed, on the paper that is chosen."""
    names = {name: session.word(f"map.paper.{name}") for name in PAPER_SIZES_MM}
    paper = choose(st.selectbox, "map.paper", names, "map.paper")
    title = st.text_input(
        session.word("map.print.heading"), key="map_print_title", max_chars=MAX_TITLE_CHARACTERS,
        placeholder=session.word("map.print.title"),
    )  # fmt: skip
    for suffix in PRINT_SUFFIXES:
        offer_file(
            session.word("map.print.download", suffix=suffix.upper()),
            partial(
                print_bytes, session.data, session.filters, session.lang, content,
                paper=paper, suffix=suffix, title=title,
            ),
            f"yihe-yidai-{paper}.{suffix}",
            f"map_print_{suffix}",
        )  # fmt: skip
    if not Settings.from_environment().approval:
        st.caption(session.word("map.print.approval"))


def draw_map(content: MapContent, found: Hexagons | None) -> None:
    """Draw the map of the session's selection; arguments as `draw_map_tools` gives them."""
    session = current()
    annotations = st.session_state.get("annotations", ())
    if found is None:
        draw_first_map(session, content.until, annotations=annotations)
    else:
        draw_first_map(session, subject=lambda view: content.draw(session.data, found, view), annotations=annotations)


def _count(session: Session, content: MapContent) -> tuple[Hexagons | None, str]:
    """The hexagons, or why there are none."""
    try:
        return _counted(session, content), ""
    except DataError as error:
        return None, error.message


def _choose_basemap() -> None:
    session = current()
    names = session.names({name: (basemap.zh, basemap.en) for name, basemap in known_basemaps().items()})
    help_text = session.word("map.basemap.help")
    choose(st.selectbox, "basemap", names, "map.basemap", default="offline", help=help_text)


def _choose_content(session: Session) -> tuple[int, str]:
    """Size of the hexagons, 0 for none, and what they add up."""
    kinds = {kind: session.word(f"map.content.{kind}") for kind in ("enterprises", "hexagons")}
    kind = choose(st.segmented_control, "map.content", kinds, "map.content", required=True)
    if kind != "hexagons":
        return 0, COUNT
    sizes = {size: session.word("map.hexagon.size", n=f"{size / 1000:g}") for size in HEXAGON_SIZES_M}
    size = choose(st.selectbox, "map.hexagon", sizes, "map.hexagon", default=DEFAULT_HEXAGON_M)
    weights = {weight: weight_name(weight, session.lang) for weight in weights_in(session.data)}
    return size, choose(st.selectbox, "map.weight", weights, "weights.choose")


def _choose_basis(session: Session) -> str:
    """What the year of the slider is of; empty for enterprises of all years."""
    bases = bases_of(session.data)
    if not bases:
        st.caption(session.word("plan.replay.none"))
        return ""
    names = {"": session.word("map.basis.none")} | session.names({name: YEAR_BASES[name] for name in bases})
    return str(choose(st.selectbox, "map.basis", names, "map.basis"))


def _choose_year(session: Session, basis: str) -> Until:
    first, last = span_of(session.data, basis)
    key = f"map.year.{basis}"
    bind(key, last, number(first, last, int), name="map_year")
    st.session_state[key] = min(max(st.session_state[key], first), last)
    if first == last:
        return Until(basis, last)
    label = session.word("map.year", basis=session.pick(YEAR_BASES[basis]))
    return Until(basis, int(st.slider(label, first, last, key=key, width=300, persist_state="session")))


def _say_left_out(session: Session, until: Until) -> None:
    """Say how many of the selection the year leaves out, and why."""
    shown = int(growth(session.data, session.filters, until.basis).loc[until.year].sum())
    missing = undated(session.data, session.filters, until.basis)
    numbers = {"shown": shown, "later": session.total - shown - missing, "missing": missing}
    basis = session.pick(YEAR_BASES[until.basis])
    said = {name: f"{number:,}" for name, number in numbers.items()}
    st.caption(session.word("map.until.account", basis=basis, year=until.year, **said))
