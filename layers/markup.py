"""HTML made of elements: text can only become text, so nothing in the data can become markup."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from layers.escape import plain, web_address

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
