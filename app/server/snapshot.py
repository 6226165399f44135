"""The map of the map page, and how the first one comes before the tables are read.

Without filters the map of the built-in sample changes only with the data, the code that draws it and the settings.  So
a server keeps it in the workspace, one file for each language, with a fingerprint of all three, and the next one shows it
while it is still reading.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from app.i18n import LANGS
from app.records.location import nothing_corrected
from app.server.prerender import PrerenderedMap
from app.server.state import map_stands, reading
from app.settings import Settings
from app.setup.assets import STATIC
from geo.catalog import ROOT, data_dir, write_json
from geo.files import workspace_dir

FILE: Final = "opening-{lang}.json"
"""Name of what is kept of a language, in the workspace."""

_LIBRARIES: Final = ("folium", "branca", "streamlit-folium")


class StartupSnapshot(NamedTuple):
    """The base map, where it asks for the enterprises, and the answer to that."""

    written: PrerenderedMap
    enterprises: dict[str, Any]
    marks: str


def first_map(lang: str) -> StartupSnapshot | None:
    """The kept map, where the app opens with the built-in sample as it came."""
    return None if os.environ.get("EXPLORER_SET") or not nothing_corrected() else load_snapshot(lang)


def serve_marks(request: Request) -> Response:
    """The marks of a selection, ``/marks?set=&<filters>``: as they were kept while the tables are being read."""
    lang = request.query_params.get("lang", "")
    first = load_snapshot(lang) if reading.is_set() and lang in LANGS else None
    if first is None or first.enterprises.get("places") != f"{request.url.path}?{request.url.query}":
        from app.server.tiles import serve_marks as draw_marks

        return draw_marks(request)
    map_stands()
    return Response(first.marks, media_type="application/json", headers={"Cache-Control": "no-store"})


def load_snapshot(lang: str) -> StartupSnapshot | None:
    """What was kept of a language; None when there is nothing, or it is no longer what would be drawn."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        content = json.loads(_file(lang).read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint():
            return StartupSnapshot(_written(content["map"]), dict(content["places"]), str(content["marks"]))
    return None


def save_snapshot(lang: str, first: StartupSnapshot) -> None:
    """Keep the first map of a language for the next server; where nothing can be written, nothing is kept."""
    content = {
        "fingerprint": fingerprint(),
        "map": asdict(first.written),
        "places": first.enterprises,
        "marks": first.marks,
    }
    with suppress(OSError):
        workspace_dir().mkdir(parents=True, exist_ok=True)
        write_json(_file(lang), content)


def fingerprint() -> str:
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


def _written(entry: dict[str, Any]) -> PrerenderedMap:
    links = {name: tuple((str(key), str(url)) for key, url in entry[name]) for name in ("js", "css")}
    return PrerenderedMap(str(entry["script"]), str(entry["head"]), **links)
