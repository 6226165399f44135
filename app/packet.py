"""The packet of a selection: one file to take along, offered in the app and written by the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.assets import serve_folium_scripts
from app.document import read_script, write_whole
from app.settings import Settings
from geo.datasets import Datasets
from geo.filters import Filters
from layers.packet import render_packet
from layers.view import View


def write_packet(data: Datasets, filters: Filters, out: Path, lang: str = "zh") -> None:
    """Write the packet of a selection, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, or the local scripts have not been set up.
    """
    write_whole(packet_of(data, filters, lang), out)


def packet_of(data: Datasets, filters: Filters, lang: str = "zh", sentence: str = "") -> str:
    """The packet itself; `sentence` in the place of that of the filters."""
    serve_folium_scripts()
    view = View(lang=lang, approval=Settings.from_environment().approval)
    today = dt.datetime.now().astimezone().date().isoformat()
    return render_packet(data, filters, view, read_script, date=today, sentence=sentence)
