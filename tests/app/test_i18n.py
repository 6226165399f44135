"""Every word of the pages exists in both languages, and every one of them is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

from app.i18n import word
from app.views import PAGES
from app.words import PAGES_OF_WORDS, WORDS
from geo import sets
from geo.crs import DATUMS
from geo.filters import FACETS
from geo.intake import STAGES

APP = Path(__file__).resolve().parents[2] / "app"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.py") if path.parent.name != "words")
ASKED = set(re.findall(r"""["']((?:[a-z_]+\.)+[a-z_0-9]+)["']""", CODE)) & set(WORDS) | {
    *(f"nav.{page.name}" for page in PAGES),
    *(f"nav.{page.name}.help" for page in PAGES),
    *(f"filter.{facet}" for facet in FACETS),
    *(f"import.datum.{datum}" for datum in ("auto", "undetermined", "none", *DATUMS)),
    *(f"import.stage.{stage}" for stage in STAGES),
    *(f"open.{stage}" for stage in sets.STAGES),
}
PREFIXES = re.findall(r"""f["']((?:[a-z_]+\.)+)\{""", CODE)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_it_with_the_same_values(key):
    zh, en = WORDS[key]
    assert zh.strip()
    assert en.strip()
    assert fields(zh) == fields(en)


@pytest.mark.parametrize("key", sorted(set(re.findall(r'word\(\s*"([a-z_.0-9]+)"', CODE))))
def test_every_key_the_pages_ask_for_exists(key):
    assert key in WORDS


@pytest.mark.parametrize("key", sorted(ASKED))
def test_every_key_made_from_a_name_exists(key):
    assert key in WORDS


@pytest.mark.parametrize("key", WORDS)
def test_every_word_is_used(key):
    assert key in ASKED or any(key.startswith(prefix) for prefix in PREFIXES)


def test_no_key_is_said_twice():
    assert len(WORDS) == sum(len(page.WORDS) for page in PAGES_OF_WORDS)


def test_a_missing_key_is_an_error():
    with pytest.raises(KeyError):
        word("no.such.key", "zh")
