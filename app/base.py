"""The base map of a set, the same for every page that draws on it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from app.assets import serve_folium_scripts
from app.served import serve, starting_set
from app.settings import Settings
from app.written import Written, write
from geo.datasets import Datasets
from layers.legend import Legend
from layers.map import base_map
from layers.view import View

MOST: Final = 32
"""Base maps that are kept; the one that was not asked for longest gives way."""

_kept: Final[OrderedDict[tuple[str, View, Legend | None, bool], Written]] = OrderedDict()
_lock: Final = Lock()


def write_first() -> None:
    """Write the base map that a reader sees who opens the app."""
    serve_folium_scripts()
    settings = Settings.from_environment()
    data = starting_set()
    written_base(serve(data), View(key=settings.tianditu_key, approval=settings.approval), data)


def written_base(
    set_id: str, view: View, data: Datasets, subject: Legend | None = None, *, small: bool = False
) -> Written:
    """The base map of a set and view, drawn and written once for all readers.

    Parameters
    ----------
    set_id : str
        Tells the sets apart, in the place of their tables.
    view : View
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.
    small : bool
        A map beside a text: it neither remembers where the reader was nor offers to follow an enterprise.
    """
    of_enterprises = subject is None and not small
    key = (set_id, view, subject, small)
    with _lock:
        if key not in _kept:
            follow = set_id if of_enterprises else ""
            _kept[key] = write(base_map(data, view, remember=of_enterprises, follow=follow, subject=subject))
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return _kept[key]
