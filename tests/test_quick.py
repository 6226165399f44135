"""`make quick` looks at what was changed, and the nearest tests come first."""

import subprocess
from pathlib import Path

import pytest

from tests.imports import ROOT
from tests.quick import changed_files, nearest_tests

FILES = {
    "geo/__init__.py": '"""Docs."""',
    "geo/stone.py": "",
    "geo/wall.py": "from geo.stone import a",
    "geo/styles.py": 'FILE = "styles.css"',
    "app/house.py": "import geo.wall",
    "tests/geo/conftest.py": "",
    "tests/geo/test_stone.py": "from geo import stone",
    "tests/geo/test_wall.py": "def test():\n    from geo.wall import b",
    "tests/geo/test_styles.py": "import geo.styles",
    "tests/app/test_house.py": "import app.house",
    "tests/browser/test_walk.py": "import geo.wall",
}


@pytest.fixture
def house(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def names(files):
    return [file.as_posix() for file in files]


def test_the_nearest_tests_come_first_and_those_in_a_browser_last(house):
    assert names(nearest_tests([Path("geo/stone.py")], house)) == [
        *("geo/stone.py", "tests/geo/test_stone.py", "tests/geo/test_wall.py", "tests/app/test_house.py"),
        "tests/browser/test_walk.py",
    ]
    assert names(nearest_tests([Path("app/house.py")], house)) == ["app/house.py", "tests/app/test_house.py"]
    assert names(nearest_tests([Path("tests/browser/test_walk.py")], house)) == ["tests/browser/test_walk.py"]


def test_fixtures_reach_the_tests_of_their_folder(house):
    assert names(nearest_tests([Path("tests/geo/conftest.py")], house)) == [
        f"tests/geo/test_{name}.py" for name in ("stone", "styles", "wall")
    ]


def test_a_file_that_is_no_module_stands_for_those_that_name_it(house):
    assert names(nearest_tests([Path("layers/styles.css")], house)) == ["geo/styles.py", "tests/geo/test_styles.py"]
    assert nearest_tests([Path("unheard/of.txt"), Path("geo/gone.py")], house) == []


def test_changes_are_those_since_main_committed_or_not(house):
    def git(*arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=house, check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "all")
    assert changed_files(house) == []
    git("checkout", "-b", "other")
    (house / "geo/stone.py").write_text("a = 1", encoding="utf-8")
    git("commit", "-a", "-m", "stone")
    (house / "geo/wall.py").unlink()
    (house / "geo/新的.py").write_text("b = 1", encoding="utf-8")
    assert names(changed_files(house)) == ["geo/stone.py", "geo/wall.py", "geo/新的.py"]


def test_the_own_tests_of_a_module_are_among_the_first():
    first = names(nearest_tests([Path("geo/places/parks.py")], ROOT))
    assert first[0] == "geo/places/parks.py"
    assert "tests/geo/places/test_parks.py" in first[:12]
