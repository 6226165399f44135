"""The base map written once: its script is the same at every run, and st_folium would make it anew at each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.template import Template
from streamlit_folium import generate_leaflet_string

_MAP = "map_div"
"""What st_folium calls a map, whatever its own name."""


@dataclass(frozen=True)
class Written:
    """Script, head and links of a map, as text."""

    script: str
    head: str
    js: tuple[tuple[str, str], ...]
    css: tuple[tuple[str, str], ...]

    def as_map(self) -> folium.Map:
        """A map for st_folium that says just this; a new one each time, since st_folium adds to it."""
        return _WrittenMap(self)


def write(chart: folium.Map) -> Written:
    """Write a map down.

    Examples
    --------
    >>> written = write(folium.Map(tiles=None))
    >>> "L.map(" in written.script, written.as_map().default_js == list(written.js)
    (True, True)
    """
    figure = cast(Figure, chart.get_root())
    figure.render()
    head = figure.header.render().replace(chart.get_name(), _MAP)
    links = [element for element in _all(chart) if isinstance(element, JSCSSMixin)]
    return Written(
        script=generate_leaflet_string(chart),
        head=head,
        js=tuple(dict.fromkeys(link for element in links for link in element.default_js)),
        css=tuple(dict.fromkeys(link for element in links for link in element.default_css)),
    )


class _WrittenMap(folium.Map):
    _template = Template("{% macro script(this, kwargs) %}{{ this.written.script }}{% endmacro %}")

    def __init__(self, written: Written) -> None:
        super().__init__(tiles=None)
        self._name = "Map"
        self.written = written
        self.default_js, self.default_css = list(written.js), list(written.css)

    def render(self, **_kwargs: Any) -> str:
        """Put the head into the page; the script goes to the browser as it stands, not through another template."""
        cast(Figure, self.get_root()).header.add_child(Element(self.written.head), name="head")
        return ""


def _all(element: Any) -> Iterator[Any]:
    yield element
    for child in element._children.values():
        yield from _all(child)
