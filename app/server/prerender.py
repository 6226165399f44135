"""The base map written once: its script is the same at every run, so the browser fetches it once as a file of its own.

What goes to the page at each run is then a call of that file, some hundred bytes, and the group of enterprises.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.template import Template
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.cache import LruCache

PRERENDERED_ROUTE: Final = "/written/"
MAX_SERVED_TEXTS: Final = 64
"""Maps that are kept for the browsers; one that a page shows is put back at every run."""

_MAP: Final = "map_div"
"""What st_folium calls a map, whatever its own name."""

_DRAWN: Final = re.compile(r"(?:var )?drawnItems_\w+")
"""What a user has drawn, under folium's name; st_folium looks for it in the window."""

_texts: Final[LruCache[str, tuple[str, str]]] = LruCache(MAX_SERVED_TEXTS)
"""Name → text, and key of the dataset of the workspace that it is drawn of; empty for the sample."""


@dataclass(frozen=True)
class PrerenderedMap:
    """Script, head and links of a map, as text; `dataset` is the key of the one of the workspace that it is drawn of."""

    script: str
    head: str
    js: tuple[tuple[str, str], ...]
    css: tuple[tuple[str, str], ...]
    dataset: str = ""

    @cached_property
    def name(self) -> str:
        """Name of the file, a hash of what it holds."""
        return _name_of(self.script, self.dataset, "js")

    @property
    def file(self) -> str:
        """The script as a file: a function under its own name, that makes the map and leaves it where st_folium looks."""
        body = self.script.replace(f"var {_MAP} =", f"window.{_MAP} =", 1)
        body = _DRAWN.sub("window.drawnItems", body)
        return f'(window.written ??= {{}})["{self.name}"] = function () {{\n{body}\n}};\n'

    def as_map(self) -> folium.Map:
        """A map for st_folium that calls this file; a new one each time, since st_folium adds to it."""
        _texts.get_or_make(self.name, lambda: (self.file, self.dataset))
        return _WrittenMap(self)


def write(chart: folium.Map, dataset: str = "") -> PrerenderedMap:
    """Write a map down, that is drawn of a dataset of the workspace.

    Examples
    --------
    >>> written = write(folium.Map(tiles=None))
    >>> "window.map_div = L.map(" in written.file, len(written.as_map().default_js) == len(written.js) + 1
    (True, True)
    """
    from streamlit_folium import generate_leaflet_string  # registers its component with the server, so not before it

    figure = cast(Figure, chart.get_root())
    figure.render()
    head = figure.header.render().replace(chart.get_name(), _MAP)
    links = [element for element in _all(chart) if isinstance(element, JSCSSMixin)]
    return PrerenderedMap(
        script=generate_leaflet_string(chart),
        head=head,
        js=tuple(dict.fromkeys(link for element in links for link in element.default_js)),
        css=tuple(dict.fromkeys(link for element in links for link in element.default_css)),
        dataset=dataset,
    )


def serve_page(page: str, dataset: str) -> str:
    """Keep a whole document of maps for the browser, that is drawn of a dataset; its address, for a frame."""
    name = _name_of(page, dataset, "html")
    _texts.get_or_make(name, lambda: (page, dataset))
    return f"{PRERENDERED_ROUTE}{name}"


def serve_written(request: Request) -> Response:
    """A script or document: ``/written/{hash}.js``; the name says the content, so a browser may keep it for good."""
    name = request.path_params["name"]
    text, dataset = _texts.get(name) or (None, "")
    if text is None or not _may_have(request, dataset):
        return PlainTextResponse("没有这幅地图，请刷新页面（no such map, reload the page）", status_code=404)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(text, media_type="text/html" if name.endswith(".html") else "text/javascript", headers=headers)


def _may_have(request: Request, dataset: str) -> bool:
    """Whether who asks may see the dataset that a text is drawn of."""
    if not dataset:
        return True
    from app.records.visibility import may_see  # here: the first map comes before the tables' libraries
    from app.server.sign_in import person_of_request

    return may_see(person_of_request(request), dataset)


def _name_of(text: str, dataset: str, suffix: str) -> str:
    told = f"{text}\0{dataset}" if dataset else text
    return f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.{suffix}"


class _WrittenMap(folium.Map):
    _template = Template(
        "{% macro script(this, kwargs) %}window.written['{{ this.file }}']();{{ this.drawn }}{% endmacro %}"
    )

    def __init__(self, written: PrerenderedMap) -> None:
        super().__init__(tiles=None)
        self._name = "Map"
        self.file = written.name
        self.drawn = " /* drawnItems */" if _DRAWN.search(written.script) else ""  # else st_folium sets it to nothing
        self.head = written.head
        self.default_js = [*written.js, ("written", f"{PRERENDERED_ROUTE}{written.name}")]
        self.default_css = list(written.css)

    def render(self, **_kwargs: Any) -> str:
        """Put the head into the page; the script goes to the browser as it stands, not through another template."""
        cast(Figure, self.get_root()).header.add_child(Element(self.head), name="head")
        return ""


def _all(element: Any) -> Iterator[Any]:
    yield element
    for child in element._children.values():
        yield from _all(child)
