"""The words of the pages, one file a page; a new file is one entry in `PAGES_OF_WORDS`."""

from __future__ import annotations

from typing import Final

from app.words import (
    brief,
    chains,
    clusters,
    delta,
    districts,
    enterprises,
    finder,
    fit,
    import_,
    map_,
    packet,
    plan,
    shared,
    shortlist,
    sources,
    whatif,
)

PAGES_OF_WORDS: Final = (
    shared,
    map_,
    enterprises,
    districts,
    clusters,
    chains,
    fit,
    whatif,
    shortlist,
    packet,
    plan,
    brief,
    import_,
    sources,
    delta,
    finder,
)

WORDS: Final[dict[str, tuple[str, str]]] = {key: pair for page in PAGES_OF_WORDS for key, pair in page.WORDS.items()}
"""Key → (Chinese, English)."""
