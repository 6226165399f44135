"""Every word of the pages exists in both languages, and every one of them is used."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from app.i18n import MESSAGES, word
from app.server.frontend import WORDS_PREFIX
from app.ui.page import PAGES
from geo.crs import DATUMS
from geo.datasets import storage as sets
from geo.filters.filters import FACETS
from geo.ingest.pipeline import IMPORT_STAGES

APP = Path(__file__).resolve().parents[2] / "app"
WORDS = MESSAGES["zh"]
CODE = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("app", "reports") for path in (APP.parent / folder).rglob("*.py")
)
ASKED = set(re.findall(r"""["']((?:[a-z_]+\.)+[a-z_0-9]+)["']""", CODE)) & set(WORDS) | {
    *(f"nav.{page.name}" for page in PAGES),
    *(f"nav.{page.name}.help" for page in PAGES),
    *(f"filter.{facet}" for facet in FACETS),
    *(f"import.datum.{datum}" for datum in ("auto", "declared", "undetermined", "none", *DATUMS)),
    *(f"import.stage.{stage}" for stage in IMPORT_STAGES),
    *(f"open.{stage}" for stage in sets.OPEN_STAGES),
    *(key for key in WORDS if key.startswith(WORDS_PREFIX)),  # exchanged in the browser, see `frontend.js`
}
PREFIXES = re.findall(r"""f["']((?:[a-z_]+\.)+)\{""", CODE)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_every_message_with_the_same_values():
    texts = {key: (MESSAGES["zh"][key].strip(), MESSAGES["en"][key].strip()) for key in WORDS}
    names_icon = {"streamlit.icon"}  # by its English name, which Chinese leaves out
    differing = {key for key, (zh, en) in texts.items() if not (zh and en) or fields(zh) != fields(en)}
    assert differing == names_icon


def test_every_key_that_the_pages_ask_for_exists():
    literal = set(re.findall(r'word\(\s*"([a-z_.0-9]+)"', CODE))
    assert sorted((literal | ASKED) - set(WORDS)) == []


def test_every_message_is_used():
    assert [key for key in WORDS if key not in ASKED and not key.startswith(tuple(PREFIXES))] == []


def test_no_key_is_said_twice_or_in_one_language_only():
    for lang, messages in MESSAGES.items():
        pairs = json.loads((APP / "locale" / f"{lang}.json").read_text(encoding="utf-8"), object_pairs_hook=list)
        assert [key for key, _ in pairs] == list(WORDS) == list(messages)


def test_a_missing_key_is_an_error():
    with pytest.raises(KeyError):
        word("no.such.key", "zh")
