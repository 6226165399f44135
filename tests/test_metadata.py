"""What `pyproject.toml` says of the product: one version, ranges that hold every pin, a licence, typed packages."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from app.cli import main
from geo.installation import NAME, version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RANGES = {one.name: one for one in map(Requirement, PROJECT["dependencies"])}
PINS = dict(
    line.split()[0].split("==")
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def test_the_same_packages_are_named_and_pinned():
    assert set(RANGES) == set(PINS)


@pytest.mark.parametrize("name", PINS)
def test_every_pin_lies_in_its_range(name):
    assert RANGES[name].specifier.contains(PINS[name])
    assert str(RANGES[name].specifier)


def test_what_is_optional_is_pinned_for_the_tests_alone():
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    for one in map(Requirement, (line for extra in PROJECT["optional-dependencies"].values() for line in extra)):
        pin = re.search(rf"^{one.name}(?:\[\w+\])?==(\S+)", text, re.MULTILINE)
        assert pin
        assert one.specifier.contains(pin[1])
        assert one.name not in PINS


def test_the_version_stands_in_one_place_and_every_door_says_it(capsys):
    assert version() == PROJECT["version"]
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{NAME} {PROJECT['version']}\n"
    files = [ROOT / "package.json", *(file for name in ("geo", "app") for file in (ROOT / name).rglob("*.py"))]
    assert [file.name for file in files if f'"{PROJECT["version"]}"' in file.read_text(encoding="utf-8")] == []


def test_the_change_log_begins_with_this_version_and_its_day():
    sections = re.findall(r"^## (\S+)（(\d{4}-\d\d-\d\d)）$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert sections[0][0] == PROJECT["version"]
    assert sections == sorted(sections, key=lambda one: [int(part) for part in one[0].split(".")], reverse=True)
    assert [day for _, day in sections] == sorted((day for _, day in sections), reverse=True)


def test_licence_and_types():
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert all((ROOT / package / "py.typed").exists() for package in ("geo", "layers", "reports", "app"))
