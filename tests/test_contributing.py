"""The guides for contributors and about security name files, folders and commands that exist."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import FOLDERS

ROOT = Path(__file__).resolve().parents[1]
GUIDES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "SECURITY.md")}
EACH = pytest.mark.parametrize("name", GUIDES)
PATH = re.compile(
    r"(?<![\w/.])((?:geo|app|layers|reports|tests|docs|data|findings|benchmarks)(?:/[\w.-]+)*/?)(?![\w…])"
)


@EACH
def test_every_path_exists(name):
    named = {path for path in PATH.findall(GUIDES[name]) if "/" in path}
    assert len(named) > 8
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_promise_has_tests_that_prove_it():
    """Or says that it is not done; what is named as proof holds tests."""
    rows = [row.strip("|").split("|") for row in GUIDES["SECURITY.md"].splitlines() if row.startswith("| ")]
    rows = [[cell.strip() for cell in row] for row in rows if row[0].strip() and "✓" not in "".join(row)]
    proofs = [(row, re.findall(r"`([^`]+)`", row[-1])) for row in rows if "Proof" not in row[-1]]
    assert len(proofs) > 30
    assert [row[0] for row, named in proofs if not named and not (row[-1] == "–" and "**" in row[-2])] == []
    for name in {name for _, named in proofs for name in named if name.startswith("tests/")}:
        files = [ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("test_*.py")
        assert any(re.search(r"^def test_", file.read_text(encoding="utf-8"), re.MULTILINE) for file in files), name


@EACH
def test_every_make_target_exists(name):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"make ([a-z][a-z-]+)", GUIDES[name])) <= set(targets)


@EACH
def test_every_link_leads_somewhere(name):
    assert [to for to in re.findall(r"\]\(([^)#:]+)\)", GUIDES[name]) if not (ROOT / to).exists()] == []


def test_the_floor_plan_names_every_folder():
    plan = GUIDES["CONTRIBUTING.md"].partition("## Floor plan")[2].partition("## How to add")[0]
    folders = {folder for folder in FOLDERS if (ROOT / folder.replace(".", "/")).is_dir() and folder.count(".") < 2}
    assert [folder for folder in folders if f"`{folder.replace('.', '/')}" not in plan] == []


def test_every_table_that_a_thing_is_added_to_is_where_the_guide_says():
    for table, file in re.findall(r"`([A-Z_]+)` \(`([\w/.]+)`\)", GUIDES["CONTRIBUTING.md"]):
        assert re.search(rf"^{table}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), (table, file)


def test_its_numbers_are_those_of_the_guide_that_is_applied_to_a_copy():
    guide = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    promised = re.findall(r"^## (.+?)\n\n\*\*(\d+) files?", guide, re.MULTILINE)
    said = {
        name.lower(): int(files)
        for name, files in re.findall(r"^\| \*\*(.+?)\*\* \| (\d+) files?", GUIDES["CONTRIBUTING.md"], re.MULTILINE)
    }
    assert len(promised) > 3
    assert {name: said.get(name.lower()) for name, _ in promised} == {name: int(files) for name, files in promised}
