"""The shape of the house: imports point one way, each face knows its place, files stay readable."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "app")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
MAY_IMPORT = {"geo": {"geo"}, "layers": {"layers", "geo"}, "app": {"app", "layers", "geo"}}

LONG_FILES = {
    "app/assets.py": "one script: finds npm, fetches the pinned packages, checks and places their files",
    "geo/tiles.py": "one algorithm: selection, binning and drawing of a tile share their compiled kernels",
}
"""Files over 300 lines, each with the reason why it is not two."""

tree_of = {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES}
EVERY = pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(ROOT).as_posix())


def imported(file):
    """Modules that a file imports, anywhere in it."""
    for node in ast.walk(tree_of[file]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {file}"
            yield node.module


def roots(file):
    return {module.split(".")[0] for module in imported(file)}


@EVERY
def test_imports_point_one_way(file):
    package = file.relative_to(ROOT).parts[0]
    own = {*PACKAGES, "tests", "benchmarks"}
    assert roots(file) & own <= MAY_IMPORT[package]


@EVERY
def test_streamlit_is_known_in_app_only_and_folium_not_in_geo(file):
    package = file.relative_to(ROOT).parts[0]
    if package != "app":
        assert not roots(file) & {"streamlit", "streamlit_folium", "starlette"}
    if package == "geo":
        assert not roots(file) & {"folium", "branca", "xyzservices"}


@EVERY
def test_no_file_is_long_without_a_reason(file):
    name = file.relative_to(ROOT).as_posix()
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= 300 or LONG_FILES.get(name), f"{name} has {lines} lines"


def test_every_listed_exception_is_still_needed():
    for name in LONG_FILES:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 300, name


@EVERY
def test_every_module_and_every_public_function_says_what_it_is(file):
    assert ast.get_docstring(tree_of[file]), "module without docstring"
    bare = [name for name, node in public_of(tree_of[file].body) if not ast.get_docstring(node)]
    assert bare == []


def public_of(body, prefix=""):
    """Public functions and classes of a module, and public methods of those classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public_of(node.body, f"{node.name}.")


@EVERY
def test_nothing_is_unpickled_or_evaluated(file):
    calls = [node.func for node in ast.walk(tree_of[file]) if isinstance(node, ast.Call)]
    named = {call.id for call in calls if isinstance(call, ast.Name)}
    assert not named & {"eval", "exec"}
    assert not roots(file) & {"pickle", "shelve", "dill", "joblib"}


@EVERY
def test_no_text_of_the_data_is_handed_out_as_html(file):
    allowed = {
        keyword.arg
        for node in ast.walk(tree_of[file])
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "unsafe_allow_html"
    }
    assert not allowed
