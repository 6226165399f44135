"""The glossary names what the house is built of: every module and public class follows from its words."""

import ast
import re

from tests.imports import PACKAGES, ROOT, modules_in

ROWS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| `([^`|]+)` \|$",
    (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
SOURCES = modules_in(ROOT, PACKAGES)


def singular(word):
    for ending, instead in (("sses", "ss"), ("ches", "ch"), ("ies", "y"), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "is", "us")):
            return word.removesuffix(ending) + instead
    return word


WORDS = {singular(word) for _, english, *_ in ROWS for word in re.findall(r"[a-z0-9]+", english.lower())}
LITTLE = {"in", "of", "main"}


def words_of(name):
    """Words of ``snake_case`` or ``CamelCase``, singular."""
    return {singular(word.lower()) for word in re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z0-9]+", name)} - LITTLE


def test_it_has_every_term_in_both_languages_with_meaning_and_place():
    assert len(ROWS) > 100
    assert [row for row in ROWS if not re.search(r"[\u4e00-\u9fff]", row[0]) or not re.search("[a-z]", row[2])] == []


def test_no_term_has_two_meanings():
    meanings: dict[str, str] = {}
    for _, english, meaning, _ in ROWS:
        for term in english.split(", "):
            assert meanings.setdefault(term.lower(), meaning) == meaning or term == "outline", term


def test_every_place_it_names_exists():
    assert [where for *_, where in ROWS if not (ROOT / where).is_file()] == []


def test_every_module_is_named_by_it():
    """A new module takes its name from the glossary, or the glossary gets a row."""
    strange = {
        module: words_of(file.stem) - WORDS
        for module, file in SOURCES.items()
        if not file.stem.startswith("__") and "migrations" not in file.parts  # named as Alembic names them
    }
    assert {module: words for module, words in strange.items() if words} == {}


def test_every_public_class_is_named_by_it():
    strange = {}
    for module, file in SOURCES.items():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and words_of(node.name) - WORDS:
                strange[f"{module}.{node.name}"] = words_of(node.name) - WORDS
    assert strange == {}
