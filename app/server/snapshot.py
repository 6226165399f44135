"""The first map comes before the tables are read, and before all else that is on its page.

Without filters the map of the built-in sample changes only with the data, the code that draws it and the settings.  So
a server keeps it in the workspace, one file for each language, with a fingerprint of all three, and the next one shows
it while it is still reading.  All that a page sends is drawn in the order in which it comes, but a map comes in a frame
of its own, with scripts to load; so the rest of a page waits on the server until its map has asked for its marks.
Together that is 1.3 instead of 3 times an empty Streamlit page from the command to the first map.

`python -m app.server.snapshot` keeps the first maps for the server that is started next.
"""

import hashlib
import json
import logging
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from threading import Condition, Event
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from app.i18n import LANGS
from app.records.location import nothing_corrected
from app.server.prerender import PrerenderedMap
from app.settings import Settings
from app.setup.assets import STATIC, serve_folium_scripts
from geo.catalog import built_data_dir, data_dir
from geo.errors import DataError
from geo.files import write_json
from geo.installation import ROOT, variable, workspace_dir

SNAPSHOT_FILE: Final = "opening-{lang}.json"
"""Name of what is kept of a language, in the workspace."""

PATIENCE_SECONDS: Final = 1.0
"""How long a page waits for its map at most, where a browser loads none."""

serving, reading = Event(), Event()
"""Set since the server has started (a page that is run without one has no browser), and while it reads its tables."""

_LIBRARIES: Final = ("folium", "branca", "streamlit-folium")
_asked: Final = Condition()
_last_asked = float("-inf")


class StartupSnapshot(NamedTuple):
    """The base map, where it asks for the enterprises, and the answer to that."""

    written: PrerenderedMap
    enterprises: dict[str, Any]
    marks: str


def first_map(lang: str) -> StartupSnapshot | None:
    """The kept map while the tables are being read, where the app opens with the built-in sample as it came."""
    alone = reading.is_set() and not variable("EXPLORER_SET") and nothing_corrected()
    return load_snapshot(lang) if alone else None


def serve_kept_marks(request: Request) -> Response | None:
    """The kept answer to ``/marks?set=&lang=`` while the tables are being read; None when it was not kept."""
    lang = request.query_params.get("lang", "")
    first = load_snapshot(lang) if reading.is_set() and lang in LANGS else None
    if first is None or first.enterprises.get("places") != f"{request.url.path}?{request.url.query}":
        return None
    map_stands()
    return Response(first.marks, media_type="application/json", headers={"Cache-Control": "no-store"})


def map_stands() -> None:
    """Note that a map has got what it asks for once it stands."""
    global _last_asked
    with _asked:
        _last_asked = time.monotonic()
        _asked.notify_all()


def wait_for_map(shown: float) -> None:
    """Wait until a map stands that was sent to the browser at a time [s of `time.monotonic`].

    Which map it is does not matter: when many come at once, each waits a little less.  Without a server nobody waits.
    """
    with _asked:
        if serving.is_set():
            _asked.wait_for(lambda: _last_asked > shown, max(0.0, shown + PATIENCE_SECONDS - time.monotonic()))


def load_snapshot(lang: str) -> StartupSnapshot | None:
    """What was kept of a language; None when there is nothing, or it is no longer what would be drawn."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        content = json.loads(_file(lang).read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint():
            entry = content["map"]
            links = {name: tuple((str(key), str(url)) for key, url in entry[name]) for name in ("js", "css")}
            written = PrerenderedMap(str(entry["script"]), str(entry["head"]), css=links["css"], js=links["js"])
            return StartupSnapshot(written, dict(content["places"]), str(content["marks"]))
    return None


def keep_snapshots() -> None:
    """Keep the first map of each language for the next server, where what is kept is not what would be drawn."""
    from app.server.basemaps import first_view, written_base
    from app.server.datasets import BUILT_IN, serve, starting_set
    from geo.filters.filters import Filters
    from layers.remote import addresses, marks

    serve_folium_scripts()
    data = starting_set()
    set_id = serve(data)
    for lang in LANGS if set_id == BUILT_IN else ():
        if load_snapshot(lang) is None:
            view = first_view(lang)
            content = {
                "fingerprint": fingerprint(),
                "map": asdict(written_base(set_id, view, data)),
                "places": addresses(data, Filters(), view, set_id),
                "marks": json.dumps(marks(data, Filters(), view), ensure_ascii=False),
            }
            with suppress(OSError, DataError):  # where nothing can be written, nothing is kept
                workspace_dir().mkdir(parents=True, exist_ok=True)
                write_json(_file(lang), content)


def fingerprint() -> str:
    """Hash of all that the first map is made of: data, code, scripts, libraries and settings."""
    said = [*(f"{name} {version(name)}" for name in _LIBRARIES), repr(Settings.from_environment())]
    digest = hashlib.sha256("\n".join(said).encode())
    code = [path for name in ("app/server", "geo", "layers") for path in (ROOT / name).rglob("*")]
    drawing = sorted(path for path in code if path.suffix in {".py", ".js", ".css"})
    for path in (data_dir() / "catalog.json", built_data_dir() / "built.json", STATIC / "manifest.json", *drawing):
        with suppress(FileNotFoundError):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _file(lang: str) -> Path:
    return workspace_dir() / SNAPSHOT_FILE.format(lang=lang)


if __name__ == "__main__":
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True  # no page's script
    with suppress(DataError, OSError):  # what is wrong with the data, the pages say when they are opened
        keep_snapshots()
    sys.exit()
