"""One self-contained HTML file of the map: scripts and styles inside, nothing asked from outside."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from geo.datasets import Datasets
from geo.errors import DataError
from geo.filters import Filters
from layers.map import build_map
from layers.view import View

_SCRIPT: Final = re.compile(r'<script src="([^"]+)"></script>')
_NO_ZOOM: Final = re.compile(r'<meta name="viewport"[^>]*user-scalable=no[^>]*>')
_STYLE: Final = re.compile(r'<link rel="stylesheet" href="([^"]+)"\s*/>')


def render_html(data: Datasets, filters: Filters, view: View, read_asset: Callable[[str], str]) -> str:
    """The map of a selection as one HTML document.

    Parameters
    ----------
    data : Datasets
        All tables; the filters are applied here.
    filters : Filters
    view : View
        An online base map is refused: the document would ask for it.
    read_asset : callable
        From the address of a script or style to its text.

    Raises
    ------
    DataError
        When the view has an online base map.
    """
    if view.basemap != "offline":
        raise DataError("导出的地图只能用离线底图", value=view.basemap, expected="offline")
    page = inlined(build_map(data, view, filters).get_root().render(), read_asset)
    sentence = filters.sentence(data.count(filters), view.lang)
    return titled(page, f"{view.word('一核一带', 'One core, one belt')} · {sentence}", view)


def titled(page: str, title: str, view: View) -> str:
    """A page of Folium's that names its language and title, as a reader who hears it needs.

    Examples
    --------
    >>> titled("<html><head></head></html>", "a < b", View(lang="en"))
    '<html lang="en"><head><title>a &lt; b</title></head></html>'
    """
    lang = "en" if view.lang == "en" else "zh-CN"
    page = page.replace("<html>", f'<html lang="{lang}">', 1)
    return page.replace("<head>", f"<head><title>{html.escape(title)}</title>", 1)


def inlined(page: str, read_asset: Callable[[str], str]) -> str:
    """A page with the text of its scripts and styles in the place of their links, and free to be enlarged by its reader.

    Examples
    --------
    >>> inlined('<script src="/a.js"></script>', lambda address: f"// {address}")
    '<script>// /a.js</script>'
    """
    page = _NO_ZOOM.sub('<meta name="viewport" content="width=device-width, initial-scale=1">', page)
    page = _SCRIPT.sub(lambda match: f"<script>{_inline_script(read_asset(match[1]))}</script>", page)
    return _STYLE.sub(lambda match: f"<style>{read_asset(match[1])}</style>", page)


def _inline_script(text: str) -> str:
    return text.replace("</script", "<\\/script")
