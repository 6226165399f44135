"""The dialog to draw, upload and change the areas of the filters, and to place the centre of a circle."""

import json
import tempfile
from collections.abc import Collection
from operator import attrgetter
from pathlib import Path
from typing import Any

import streamlit as st
from shapely.errors import GEOSException
from shapely.geometry import Polygon, shape

from app.records.datasets import keep_areas
from app.server.prerender import PrerenderedMap, write
from app.ui.first_map import show_map
from app.ui.maps import page_view
from app.ui.person import check_still_admitted, person_now
from app.ui.session import Session
from app.ui.undo import can_be_undone
from geo.crs import DATUMS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import CONDITIONS
from geo.filters.place import circle
from geo.ingest.areas import AREA_LIMITS, AREA_SUFFIXES, read_areas
from geo.ingest.isolation import warm
from geo.places.drawn_areas import decode, name_of
from layers.base import View
from layers.drawing import drawing_map


def open_drawing(session: Session) -> None:
    """Open the dialog; what is taken there becomes the condition, and the pages are drawn anew."""
    st.dialog(session.word("area.title"), width="large", icon=":material/draw:")(_draw)(session)


def area_removed(before: Collection[str], name: str) -> None:
    """Note that an area was taken away, so that what was there `before` can be put back beside what came since."""

    def put_back() -> None:
        st.session_state["filter_within"] = list(dict.fromkeys([*before, *st.session_state["filter_within"]]))

    can_be_undone("area", name, put_back)


@st.cache_resource(
    show_spinner=False, max_entries=8, hash_funcs={Dataset: attrgetter("fingerprint", "title", "date", "key")}
)
def _written(areas: tuple[str, ...], view: View, data: Dataset) -> PrerenderedMap:
    return write(drawing_map(data, [decode(text) for text in areas], view), data.key)


def _draw(session: Session) -> None:
    check_still_admitted()
    areas = tuple(text for text in st.session_state["filter_within"] if CONDITIONS["within"].can_read(text))
    st.caption(session.word("area.hint"))
    written = _written(areas, page_view(), session.data)
    drawn = show_map(written, key="area", height=430, returned_objects=["all_drawings"])
    warm()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = AREA_LIMITS.file_bytes // 2**20
        file = st.file_uploader(
            session.word("area.file"), type=list(AREA_SUFFIXES), key="area_file", max_upload_size=most
        )
        datum = st.selectbox(
            session.word("import.datum"),
            DATUMS,
            format_func=lambda name: session.word(f"import.datum.{name}"),
            key="area_datum",
            width=220,
        )
    names = [name for text in areas if (name := name_of(text))]
    name = st.text_input(
        session.word("area.name"), value=names[0] if names else "", key="area_name", help=session.word("area.name.help")
    )
    nothing = not (areas or drawn.get("all_drawings") or file)
    with st.container(horizontal=True):
        take = st.button(
            session.word("area.take"), type="primary", key="area_take", icon=":material/check:", disabled=nothing
        )
        clear = st.button(session.word("area.clear"), key="area_clear", icon=":material/delete:", disabled=not areas)
        leave = st.button(session.word("area.leave"), key="area_leave", icon=":material/close:")
    if leave:  # Esc does not reach the dialog while the map has the keyboard
        st.rerun()
    if not (take or clear):
        return
    before = list(st.session_state["filter_within"])
    try:
        polygons, centre = _shapes(drawn.get("all_drawings"), areas) if take else ([], None)
        if take and file is not None:
            polygons = [*polygons, *_uploaded(file, datum)]
        st.session_state["filter_within"] = keep_areas(polygons, name, person_now())
    except DataError as error:
        st.error(str(error), icon=":material/error:")
        return
    if clear:
        area_removed(before, " · ".join(names) or session.word("filter.within"))
    if centre is not None:
        km = st.session_state.get("near_km") or 5.0
        st.session_state["filter_near"] = [f"{centre[0]:.5f}:{centre[1]:.5f}:{km:g}"]
    st.rerun()


def _shapes(drawings: Any, areas: tuple[str, ...]) -> tuple[list[Polygon], tuple[float, float] | None]:
    """Polygons and the centre on the map; the areas as they were when nothing has been drawn or changed."""
    if drawings is None:
        return [decode(text) for text in areas], None
    polygons, centre = [], None
    for drawing in json.loads(json.dumps(drawings)):
        try:
            drawn = shape(drawing["geometry"])
        except (KeyError, TypeError, ValueError, GEOSException) as error:
            raise DataError("画的范围读不出来", cause="请重画") from error
        if isinstance(drawn, Polygon):
            polygons.append(drawn)
        elif drawn.geom_type == "Point":
            centre = (drawn.x, drawn.y)
            circle(f"{centre[0]:.5f}:{centre[1]:.5f}:1")
    return polygons, centre


def _uploaded(file: Any, datum: Any) -> list[Polygon]:
    with tempfile.TemporaryDirectory(prefix="area-") as folder:
        path = Path(folder) / f"area{Path(file.name).suffix.lower()[:9]}"
        path.write_bytes(file.getbuffer())
        return read_areas(path, datum)
