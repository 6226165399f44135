"""The README keeps its promises: every dependency has a reason, every path it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def dependencies() -> list[str]:
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.split("==")[0] for line in lines if "==" in line and not line.startswith("#")]


@pytest.mark.parametrize("name", dependencies())
def test_every_dependency_has_its_reason(name):
    assert re.search(rf"^\| `{re.escape(name)}` \| \S.+ \|$", README, re.MULTILINE)


def test_every_direct_dependency_is_pinned():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    loose = [line for line in lines if line and not line.startswith("#") and "==" not in line]
    assert loose == []


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("variable", re.findall(r"^\| `(EXPLORER_\w+)`", README, re.MULTILINE))
def test_every_setting_named_is_read_by_the_code(variable):
    code = "".join(path.read_text(encoding="utf-8") for part in ("app", "geo") for path in (ROOT / part).rglob("*.py"))
    assert variable in README
    assert variable in code
