"""Maps of a page: the enterprises on the base map that the user has chosen, or a subject of the page's own."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.i18n import as_markdown
from app.server.basemaps import written_base
from app.settings import Settings
from app.ui.first_map import show_map
from app.ui.follow import followed_rows
from app.ui.session import Session, current
from geo.errors import DataError
from geo.indicators.timeline import Until
from layers.annotations import DrawnAnnotation, draw_annotations
from layers.base import Drawn, Legend, View
from layers.basemap import archive_of
from layers.remote import draw_selection
from layers.tile_source import known_basemaps


def draw_first_map(
    session: Session,
    until: Until | None = None,
    subject: Callable[[View], Drawn] | None = None,
    annotations: Sequence[DrawnAnnotation] = (),
) -> None:
    """Draw the selection on the base map that the user has chosen; only the selection changes with the filters.

    Parameters
    ----------
    session : Session
    until : Until, optional
        Draw only what was there by that year.
    subject : callable, optional
        Draws what stands in the place of the enterprises.
    annotations : sequence of DrawnAnnotation
        What people drew on the map of the set.
    """
    settings = Settings.from_environment()
    view = View(session.lang, drawn_basemap(settings)[0], settings.tianditu_key, settings.approval)
    if subject:
        drawn = subject(view)
        title = Legend(drawn.legend.title)  # the rest comes with the layer
        draw_annotations(annotations, view, drawn.layer)
        show_map(written_base(session.dataset_id, view, session.data, title, first=True), drawn.with_legend())
        return
    followed = followed_rows(session.data)
    group = draw_selection(session.data, session.filters, view, session.dataset_id, until, followed).layer
    draw_annotations(annotations, view, group)
    show_map(written_base(session.dataset_id, view, session.data), group)


def drawn_basemap(settings: Settings) -> tuple[str, str]:
    """Name of the base map that is shown, and one sentence where it is not the chosen one."""
    name = st.session_state.get("basemap")
    chosen = known_basemaps().get(name) if isinstance(name, str) else None
    if chosen is None:
        return "offline", ""
    if chosen.needs_key and not settings.tianditu_key:
        return "offline", current().word("map.basemap.key")
    try:
        archive_of(chosen)
    except DataError as error:
        named, reason = as_markdown(current().pick((chosen.zh, chosen.en))), as_markdown(str(error))
        return "offline", current().word("map.basemap.file", name=named, reason=reason)
    return str(name), ""


def page_view() -> View:
    """How maps on the pages are drawn: the user's language, the offline base map."""
    return View(current().lang, approval=Settings.from_environment().approval)


def draw_subject(
    drawn: Drawn, key: str, height: int = 480, *, own_legend: bool = True, small: bool = False, **more: Any
) -> None:
    """Draw a layer on the base map, with its own legend or with that of the enterprises; `more` as for `show_map`."""
    session = current()
    title = Legend(drawn.legend.title) if own_legend else None  # the rest comes with the layer
    layer = drawn.with_legend() if own_legend else drawn.layer
    show_map(
        written_base(session.dataset_id, page_view(), session.data, title, small=small), layer, key, height, **more
    )
