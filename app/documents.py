"""Documents of a selection as an installation makes them: with its 审图号, its local scripts, its messages."""

import datetime as dt
from pathlib import Path

from app.i18n import word
from app.settings import Settings
from app.setup.assets import AssetError, inline, serve_folium_scripts
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.files import write_text
from geo.filters.filters import Filters
from layers.base import View
from reports.brief import write_brief
from reports.brief_facts import Brief
from reports.html import render_html
from reports.packet import render_packet


def write_html(data: Dataset, filters: Filters, out: Path, lang: str = "zh") -> None:
    """Write the map of a selection as one self-contained HTML file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, or the local scripts have not been set up.
    """
    write_text(map_html(data, filters, lang), out)


def map_html(data: Dataset, filters: Filters, lang: str = "zh") -> str:
    """The document itself; arguments as in `write_html`."""
    serve_folium_scripts()
    return render_html(data, filters, _view(lang), _read_script)


def write_packet(data: Dataset, filters: Filters, out: Path, lang: str = "zh") -> None:
    """Write the packet of a selection, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, or the local scripts have not been set up.
    """
    write_text(packet_html(data, filters, lang), out)


def packet_html(data: Dataset, filters: Filters, lang: str = "zh", sentence: str = "") -> str:
    """The packet itself; `sentence` in the place of that of the filters."""
    serve_folium_scripts()
    today = dt.datetime.now().astimezone().date().isoformat()
    return render_packet(data, filters, _view(lang), _read_script, date=today, sentence=sentence)


def brief_bytes(data: Dataset, brief: Brief, lang: str = "zh") -> bytes:
    """The brief as the bytes of a docx file."""
    return write_brief(data, brief, _view(lang), lambda key, **values: word(key, lang, **values))


def _view(lang: str) -> View:
    return View(lang=lang, approval=Settings.from_environment().approval)


def _read_script(url: str) -> str:
    """Text of a local script or style.

    Raises
    ------
    DataError
        When the local scripts have not been set up.
    """
    try:
        return inline(url)
    except (KeyError, AssetError) as error:
        raise DataError("页面脚本缺失", value=error, cause="尚未安装，请运行 make setup") from error
