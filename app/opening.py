"""The map of the map page, and how the first one comes before the tables are read.

Without filters the map of the built-in sample changes only with the data, the code that draws it and the settings.  So
a server keeps it in the workspace with a stamp of all three, and the next one shows it while it is still reading.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import folium
import streamlit as st
from streamlit_folium import st_folium

from app.assets import STATIC
from app.records import nothing_corrected
from app.server import reading
from app.settings import Settings
from app.written import Written
from geo.catalog import ROOT, data_dir, write_json
from geo.folders import workspace_dir
from layers.served import tile_group

FILE: Final = "opening.json"
"""Name of what is kept, in the workspace."""

_NO_FILTER: Final = {"lang", "embed", "embed_options"}
_LIBRARIES: Final = ("folium", "branca", "streamlit-folium")


class FirstMap(NamedTuple):
    """The base map, and where the map asks for the enterprises."""

    written: Written
    enterprises: dict[str, Any]


def show_map(written: Written, enterprises: folium.FeatureGroup) -> None:
    """Show the map of the page; only the group of enterprises changes with the filters, so view and popup stay."""
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
    filtered = set(st.query_params) - _NO_FILTER
    if not reading.is_set() or filtered or os.environ.get("EXPLORER_SET") or not nothing_corrected():
        return False
    first = kept().get(lang)
    if first is None:
        return False
    show_map(first.written, tile_group(first.enterprises))
    return True


def kept() -> dict[str, FirstMap]:
    """What was kept, language → map; empty when there is nothing, or it is no longer what would be drawn."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        content = json.loads((workspace_dir() / FILE).read_text(encoding="utf-8"))
        if content["stamp"] == stamp():
            return {lang: FirstMap(_written(entry["map"]), entry["places"]) for lang, entry in content["maps"].items()}
    return {}


def keep(maps: Mapping[str, FirstMap]) -> None:
    """Keep the first maps, language → map, for the next server; where nothing can be written, nothing is kept."""
    content = {lang: {"map": asdict(first.written), "places": first.enterprises} for lang, first in maps.items()}
    with suppress(OSError):
        workspace_dir().mkdir(parents=True, exist_ok=True)
        write_json(workspace_dir() / FILE, {"stamp": stamp(), "maps": content})


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
    yield from (ROOT / "app" / name for name in ("base.py", "opening.py", "written.py"))
    for folder in ("geo", "layers"):
        yield from sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".js", ".css"})


def _written(entry: dict[str, Any]) -> Written:
    links = {name: tuple((str(key), str(url)) for key, url in entry[name]) for name in ("js", "css")}
    return Written(str(entry["script"]), str(entry["head"]), **links)
