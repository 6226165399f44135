"""The map of the map page, and how the first one comes before the tables are read.

Without filters the map of the built-in sample changes only with the data, the code that draws it and the settings.  So
a server keeps it in the workspace, one file for each language, with a stamp of all three, and the next one shows it
while it is still reading.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import folium
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from app.assets import STATIC
from app.i18n import LANGS
from app.records import nothing_corrected
from app.server import reading
from app.settings import Settings
from app.turn import map_stands
from app.written import Written
from geo.catalog import ROOT, data_dir, write_json
from geo.folders import workspace_dir
from layers.served import tile_group

FILE: Final = "opening-{lang}.json"
"""Name of what is kept of a language, in the workspace."""

_NO_FILTER: Final = {"lang", "embed", "embed_options"}
_LIBRARIES: Final = ("folium", "branca", "streamlit-folium")


class FirstMap(NamedTuple):
    """The base map, where it asks for the enterprises, and the answer to that."""

    written: Written
    enterprises: dict[str, Any]
    marks: str


def show_map(written: Written, enterprises: folium.FeatureGroup) -> None:
    """Show the map of the page; only the group of enterprises changes with the filters, so view and popup stay."""
    from streamlit_folium import st_folium  # registers its component with the server, so not before it

    with st.container(key="map"):
        st_folium(
            written.as_map(),
            feature_group_to_add=enterprises,
            returned_objects=[],
            height=620,
            width=None,
            key="folium",
            render=False,
        )


def open_map(lang: str) -> bool:
    """Show a newcomer the map before the tables are read, where it was kept and nothing else was asked for.

    Returns
    -------
    bool
        Whether it stands; when not, the page has to show it.
    """
    first = first_map(lang) if reading.is_set() and not set(st.query_params) - _NO_FILTER else None
    if first is None:
        return False
    show_map(first.written, tile_group(first.enterprises))
    return True


def first_map(lang: str) -> FirstMap | None:
    """The kept map, where the app opens with the built-in sample as it came."""
    return None if os.environ.get("EXPLORER_SET") or not nothing_corrected() else kept(lang)


def serve_marks(request: Request) -> Response:
    """The marks of a selection, ``/marks?set=&<filters>``: as they were kept while the tables are being read."""
    lang = request.query_params.get("lang", "")
    first = kept(lang) if reading.is_set() and lang in LANGS else None
    if first is None or first.enterprises.get("places") != f"{request.url.path}?{request.url.query}":
        made: Response = import_module("app.tiles").serve_marks(request)
        return made
    map_stands()
    return Response(first.marks, media_type="application/json", headers={"Cache-Control": "no-store"})


def kept(lang: str) -> FirstMap | None:
    """What was kept of a language; None when there is nothing, or it is no longer what would be drawn."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        content = json.loads(_file(lang).read_text(encoding="utf-8"))
        if content["stamp"] == stamp():
            return FirstMap(_written(content["map"]), dict(content["places"]), str(content["marks"]))
    return None


def keep(lang: str, first: FirstMap) -> None:
    """Keep the first map of a language for the next server; where nothing can be written, nothing is kept."""
    content = {"stamp": stamp(), "map": asdict(first.written), "places": first.enterprises, "marks": first.marks}
    with suppress(OSError):
        workspace_dir().mkdir(parents=True, exist_ok=True)
        write_json(_file(lang), content)


def stamp() -> str:
    """Hash of all that the first map is made of: data, code, scripts, libraries and settings."""
    said = [*(f"{name} {version(name)}" for name in _LIBRARIES), repr(Settings.from_environment())]
    digest = hashlib.sha256("\n".join(said).encode())
    for path in _made_of():
        with suppress(FileNotFoundError):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _made_of() -> Iterator[Path]:
    yield from (data_dir() / "catalog.json", data_dir() / "built.json", STATIC / "manifest.json")
    yield from (ROOT / "app" / name for name in ("base.py", "opening.py", "tiles.py", "written.py"))
    for folder in ("geo", "layers"):
        yield from sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".js", ".css"})


def _file(lang: str) -> Path:
    return workspace_dir() / FILE.format(lang=lang)


def _written(entry: dict[str, Any]) -> Written:
    links = {name: tuple((str(key), str(url)) for key, url in entry[name]) for name in ("js", "css")}
    return Written(str(entry["script"]), str(entry["head"]), **links)
