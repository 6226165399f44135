"""Text from data is hostile until it has passed here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pandas as pd

LONGEST = 600


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
    text = "".join(character for character in str(value) if character.isprintable() or character in "\n\t")
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def web_address(value: Any) -> str:
    """An http or https address, or nothing: any other scheme could run a script.

    Examples
    --------
    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)"), web_address(None)
    ('https://example.org/a', '', '')
    """
    text = plain(value).strip()
    return text if urlsplit(text).scheme in {"http", "https"} else ""
