"""The guide for staff: both languages say the same steps, pictures and links exist, what it names is in the app."""

import re
import struct
from pathlib import Path

import pytest

from app.cli import COMMANDS
from tests.browser.pictures import MOST_BYTES, PICTURES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
GUIDES = {"zh": "staff.md", "en": "staff.en.md"}
TEXTS = {lang: (DOCS / name).read_text(encoding="utf-8") for lang, name in GUIDES.items()}
BOTH = pytest.mark.parametrize("lang", GUIDES)


def pictures(lang):
    return re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXTS[lang])


def test_both_languages_have_the_same_steps_pictures_and_rows():
    for pattern in (r"^## \d+", r"^\d+\. ", r"^\|", r"^- "):
        counts = {lang: len(re.findall(pattern, text, re.MULTILINE)) for lang, text in TEXTS.items()}
        assert counts["zh"] == counts["en"], pattern
    assert [name.replace("-en.png", ".png") for name in pictures("en")] == pictures("zh")


@BOTH
def test_every_picture_is_a_small_png_that_the_script_makes(lang):
    for name in pictures(lang):
        content = (DOCS / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">II", content[16:24])[0] >= 1200
        assert len(content) <= MOST_BYTES
        assert Path(name).stem.removesuffix("-en") in {*PICTURES, "packet"}


@BOTH
def test_every_link_leads_somewhere(lang):
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", TEXTS[lang], re.MULTILINE)
    }
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", TEXTS[lang]):
        assert target[1:] in headings if target.startswith("#") else (DOCS / target.partition("#")[0]).exists(), target


@BOTH
def test_every_command_named_exists(lang):
    named = set(re.findall(r"python -m app (\w+)", TEXTS[lang]))
    assert named <= set(COMMANDS)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{name}:" in makefile for name in re.findall(r"`make (\w+)", TEXTS[lang]))


def test_the_readme_leads_there():
    assert "(docs/staff.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
