"""The base map of a set, the same for every page that draws on it.

`python -m app.server.basemaps` keeps the first maps for the server that is started next.
"""

import json
import logging
import sys
from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import Final

from app.i18n import LANGS
from app.server import snapshot as opening
from app.server.datasets import BUILT_IN, serve, starting_set
from app.server.prerender import PrerenderedMap, write
from app.server.snapshot import StartupSnapshot
from app.settings import Settings
from app.setup.assets import serve_folium_scripts
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from layers.base import Legend, View
from layers.map import base_map
from layers.remote import addresses, marks

MAX_CACHED_MAPS: Final = 32
"""Base maps that are kept; the one that was not asked for longest gives way."""

_maps: Final[OrderedDict[tuple[str, View, Legend | None, bool], PrerenderedMap]] = OrderedDict()
_lock: Final = Lock()


def write_first() -> None:
    """Have the base map that a user sees who opens the app: as the last server kept it, or written now."""
    serve_folium_scripts()
    data = starting_set()
    set_id = serve(data)
    for lang in LANGS if set_id == BUILT_IN else ():
        first = opening.load_snapshot(lang)
        if first:
            _maps[(set_id, _first_view(lang), None, False)] = first.written
    written_base(set_id, _first_view("zh"), data)


def keep_first() -> None:
    """Keep the first maps for the next server, where what is kept is not what would be drawn."""
    serve_folium_scripts()
    data = starting_set()
    set_id = serve(data)
    for lang in LANGS if set_id == BUILT_IN else ():
        if opening.load_snapshot(lang) is None:
            view = _first_view(lang)
            where = addresses(data, Filters(), view, set_id)
            first_marks = json.dumps(marks(data, Filters(), view), ensure_ascii=False)
            opening.save_snapshot(lang, StartupSnapshot(written_base(set_id, view, data), where, first_marks))


def _first_view(lang: str) -> View:
    """How a user sees the map who has not chosen a base map."""
    settings = Settings.from_environment()
    return View(lang, key=settings.tianditu_key, approval=settings.approval)


def written_base(
    set_id: str, view: View, data: Dataset, subject: Legend | None = None, *, small: bool = False
) -> PrerenderedMap:
    """The base map of a set and view, drawn and written once for all users.

    Parameters
    ----------
    set_id : str
        Tells the sets apart, in the place of their tables.
    view : View
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.
    small : bool
        A map beside a text: it neither remembers where the user was nor offers to follow an enterprise.
    """
    of_enterprises = subject is None and not small
    key = (set_id, view, subject, small)
    with _lock:
        if key not in _maps:
            follow = set_id if of_enterprises else ""
            _maps[key] = write(base_map(data, view, remember=of_enterprises, follow=follow, subject=subject))
        _maps.move_to_end(key)
        while len(_maps) > MAX_CACHED_MAPS:
            _maps.popitem(last=False)
        return _maps[key]


def main() -> int:
    """Command line; what is wrong with the data, the pages say when they are opened."""
    outside = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    outside.disabled = True  # it warns of being outside a page's script, which this is
    with suppress(DataError, OSError):
        keep_first()
    return 0


if __name__ == "__main__":
    sys.exit(main())
