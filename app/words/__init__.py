"""The words of the pages, one file a page; a new file is one entry in `PAGES_OF_WORDS`."""

from __future__ import annotations

from typing import Final

from app.words import enterprises, finder, import_, map_, plan, shared, sources

PAGES_OF_WORDS: Final = (shared, finder, map_, enterprises, plan, import_, sources)

WORDS: Final[dict[str, tuple[str, str]]] = {key: pair for page in PAGES_OF_WORDS for key, pair in page.WORDS.items()}
"""Key → (Chinese, English)."""
