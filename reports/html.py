"""The map of a selection as one file to take along."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import Until
from layers.base import Drawn, View
from layers.escape import plain, web_address
from layers.map import build_map, titled

SVG: Final = "http://www.w3.org/2000/svg"

Child = Element | str | None


def node(tag: str, *children: Child, **attributes: str) -> Element:
    """An element with its children; a text passes `layers.escape.plain`, None is left out.

    Parameters
    ----------
    tag : str
    *children : Element, str or None
    **attributes : str
        ``class_`` stands for ``class``, an underscore within a name for a hyphen.

    Examples
    --------
    >>> html_of(node("p", "1 < 2 ", node("b", "<b>"), class_="x", data_n="2"))
    '<p class="x" data-n="2">1 &lt; 2 <b>&lt;b&gt;</b></p>'
    """
    made = Element(tag, {name.rstrip("_").replace("_", "-"): plain(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child is not None and len(made):
            made[-1].tail = (made[-1].tail or "") + plain(child)
        elif child is not None:
            made.text = (made.text or "") + plain(child)
    return made


def link(text: str, url: object) -> Element:
    """A link to an http or https address, or plain text where there is none.

    Examples
    --------
    >>> html_of(link("a", "javascript:alert(1)"))
    '<span>a</span>'
    """
    address = web_address(url)
    return node("a", text, href=address, rel="noopener noreferrer", target="_blank") if address else node("span", text)


def table(head: list[str], rows: list[list[Child]], caption: str) -> Element:
    """A table with a caption, column heads, and the first cell of each row as its head."""
    return node(
        "table",
        node("caption", caption),
        node("thead", node("tr", *(node("th", text, scope="col") for text in head))),
        node(
            "tbody",
            *(node("tr", node("th", row[0], scope="row"), *(node("td", cell) for cell in row[1:])) for row in rows),
        ),
    )


def html_of(element: Element) -> str:
    """The element as HTML text."""
    return ElementTree.tostring(element, encoding="unicode", method="html")


WIDTH, ROW, LABEL, END = 620, 24, 190, 110
"""Width of a figure, height of a row, room for labels and for numbers [px]."""

PAGE_INK: Final = "#1F2933"


class Part(NamedTuple):
    """A piece of a bar: how many, its colour, and whether it is hatched."""

    n: int
    colour: str
    hatched: bool = False


class Bar(NamedTuple):
    """A bar: label, pieces, and what stands after the number."""

    label: str
    parts: tuple[Part, ...]
    note: str = ""

    @property
    def n(self) -> int:
        """Total of the pieces."""
        return sum(part.n for part in self.parts)


def draw_bars(title: str, bars: Sequence[Bar], key: str) -> Element:
    """Draw counts as bars of one scale from zero.

    Parameters
    ----------
    title : str
        What is counted; the figure's name for a screen reader.
    bars : sequence of Bar
    key : str
        Tells the figures of one page apart.

    Examples
    --------
    >>> from reports.html import html_of
    >>> "97 · 12" in html_of(draw_bars("家数", [Bar("浦东新区", (Part(97, "#1F5AA6"),), "12")], "a"))
    True
    """
    most = max([bar.n for bar in bars], default=0) or 1
    scale = (WIDTH - LABEL - END) / most
    hatch = node(
        "pattern",
        node("path", d="M0 6L6 0", stroke="#fff", stroke_width="1.5"),
        id=f"hatch-{key}",
        width="6",
        height="6",
        patternUnits="userSpaceOnUse",
    )
    drawn = node("svg", node("defs", hatch), xmlns=SVG, viewBox=f"0 0 {WIDTH} {ROW * len(bars)}", role="img")
    drawn.set("aria-label", title)
    for place, bar in enumerate(bars):
        middle = ROW * place + ROW / 2
        drawn.append(_text(bar.label, LABEL - 8, middle, "end"))
        x = float(LABEL)
        for part in bar.parts:
            drawn.append(_rect(x, middle, part.n * scale, part.colour))
            if part.hatched:
                drawn.append(_rect(x, middle, part.n * scale, f"url(#hatch-{key})"))
            x += part.n * scale
        drawn.append(_text(f"{bar.n:,}" + (f" · {bar.note}" if bar.note else ""), x + 6, middle, "start"))
    return drawn


def _rect(x: float, middle: float, width: float, fill: str) -> Element:
    return node("rect", x=f"{x:.1f}", y=f"{middle - 8:.1f}", width=f"{width:.1f}", height="16", fill=fill)


def _text(text: str, x: float, y: float, anchor: str) -> Element:
    return node("text", text, x=f"{x:.1f}", y=f"{y + 4:.1f}", fill=PAGE_INK, font_size="13", text_anchor=anchor)


_SCRIPT: Final = re.compile(r'<script src="([^"]+)"></script>')
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_NO_ZOOM: Final = re.compile(r'<meta name="viewport"[^>]*user-scalable=no[^>]*>')
_STYLE: Final = re.compile(r'<link rel="stylesheet" href="([^"]+)"\s*/>')


def render_html(
    data: Dataset,
    filters: Filters,
    view: View,
    read_asset: Callable[[str], str],
    *,
    until: Until | None = None,
    subject: Drawn | None = None,
    note: str = "",
) -> str:
    """The map of a selection as one HTML document.

    Parameters
    ----------
    data : Dataset
        All tables; the filters are applied here.
    filters : Filters
    view : View
        An online base map is refused: the document would ask for it.
    read_asset : callable
        From the address of a script or style to its text.
    until : Until, optional
        Draw only what was there by that year.
    subject : Drawn, optional
        What is drawn in the place of the enterprises.
    note : str
        What the title says beside the selection.

    Raises
    ------
    DataError
        When the view has an online base map.
    """
    if view.basemap != "offline":
        raise DataError("导出的地图只能用离线底图", value=view.basemap, expected="offline")
    page = inlined(build_map(data, view, filters, until=until, subject=subject).get_root().render(), read_asset)
    page = page.replace("<head>", f"<head>\n{content_policy(page)}", 1)
    sentence = filters.sentence(data.count(filters), view.lang)
    parts = [view.word("一核一带", "One core, one belt"), sentence, *([note] if note else [])]
    return titled(page, " · ".join(parts), view, paper=True)


def inlined(page: str, read_asset: Callable[[str], str]) -> str:
    """A page with the text of its scripts and styles in the place of their links, and free to be enlarged by its user.

    Examples
    --------
    >>> inlined('<script src="/a.js"></script>', lambda address: f"// {address}")
    '<script>// /a.js</script>'
    """
    page = _NO_ZOOM.sub('<meta name="viewport" content="width=device-width, initial-scale=1">', page)
    page = _SCRIPT.sub(lambda match: f"<script>{_inline_script(read_asset(match[1]))}</script>", page)
    return _STYLE.sub(lambda match: f"<style>{read_asset(match[1])}</style>", page)


def content_policy(page: str) -> str:
    """The content security policy of a document: nothing from outside, and no script but those written in it.

    Examples
    --------
    >>> "default-src 'none'; script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='" in content_policy(
    ...     "<script>1</script>"
    ... )
    True
    """
    hashes = [hashlib.sha256(text.encode("utf-8")).digest() for text in _INLINE.findall(page)]
    allowed = " ".join(f"'sha256-{base64.b64encode(value).decode()}'" for value in dict.fromkeys(hashes))
    rules = f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


def _inline_script(text: str) -> str:
    return text.replace("</script", "<\\/script")
