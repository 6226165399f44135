"""Text from data is hostile until it has passed here."""

import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd
from folium.template import Template

MAX_TEXT_LENGTH = 600

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def plain(value: Any) -> str:
    r"""Text of a cell for a card: a missing value is empty, control characters go, a very long text is cut.

    The map's script puts it into the page as a text node, so markup in it shows as the characters it is made of.

    Examples
    --------
    >>> plain(None), plain("a\x00b"), len(plain("长" * 10_000))
    ('', 'ab', 601)
    """
    if pd.isna(value):
        return ""
    text = str(value)
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable() or character in "\n\t")
    return text if len(text) <= MAX_TEXT_LENGTH else text[:MAX_TEXT_LENGTH] + "…"


def web_address(value: Any) -> str:
    """An http or https address, or nothing: any other scheme could run a script.

    Examples
    --------
    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)"), web_address(None)
    ('https://example.org/a', '', '')
    """
    text = plain(value).strip()
    return text if urlsplit(text).scheme in {"http", "https"} else ""


def escaped(text: str) -> str:
    """A line for Leaflet's attribution, which takes HTML: the markup in it shows as the characters it is made of.

    Examples
    --------
    >>> escaped("<b>A&B</b>")
    '&lt;b>A&amp;B&lt;/b>'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;")


def inert_json(value: Any, **options: Any) -> str:
    r"""JSON whose texts hold no brace as such.

    Folium puts the script of a layer into the page by reading it as a template once more, so ``{{...}}`` in a name would
    run on the server.

    Examples
    --------
    >>> print(inert_json({"name": "{{7*7}}"}))
    {"name": "\u007b\u007b7*7\u007d\u007d"}
    """
    return _TEXT.sub(lambda text: text[0].replace("{", "\\u007b").replace("}", "\\u007d"), json.dumps(value, **options))


# One environment makes all templates of Folium and of the layers, so this holds wherever a layer writes `|tojson`.
Template("").environment.policies["json.dumps_function"] = inert_json
