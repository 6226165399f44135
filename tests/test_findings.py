"""The findings stand alone: each is told in their README, pins what it installs, and uses nothing of the product.

They fetch packages, so they are run by `make findings` and not here.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "findings").glob("*.sh"))
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))


def test_there_are_some():
    assert len(SCRIPTS) >= 2


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_is_told_and_pins_what_this_version_of_the_product_uses(script):
    text = script.read_text(encoding="utf-8")
    told = (ROOT / "findings" / "README.md").read_text(encoding="utf-8")
    assert f"]({script.name})" in told
    installed = re.findall(r"([\w-]+)==([\w.]+)", text)
    assert installed
    assert {name: version for name, version in installed if PINS.get(name, version) != version} == {}
    assert all(version in told for name, version in installed[:1] if name in PINS)
    assert "# Seen" in text
    assert re.search(r"^assert|^ +assert", text, re.MULTILINE)
    assert not re.search(r"\b(from|import) (app|geo|layers|reports)\b", text)
