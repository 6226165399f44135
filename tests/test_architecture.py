"""The shape of the house: imports point one way, each face knows its place, files stay readable."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "reports", "app")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))

FOLDERS = (
    *("geo.errors", "geo.text", "geo.distance", "geo.crs", "geo.catalog", "geo.files", "geo.routing", "geo.index"),
    *("geo.places", "geo.codes", "geo.plan", "geo.enterprises", "geo.chains", "geo.filters", "geo.ingest"),
    *("geo.datasets", "geo.indicators", "geo.clusters", "geo.export", "geo.build", "geo"),
    *("layers", "reports"),
    *("app.i18n", "app.settings", "app.setup", "app.documents", "app.records", "app.server", "app.ui"),
    *("app.views.enterprises", "app.views.districts", "app.views.clusters", "app.views.plan", "app.views.chains"),
    *("app.views.shortlist", "app.views", "app.commands", "app.cli", "app.startup", "app.main", "app.__main__", "app"),
)
"""Folders of the house, and the modules that stand alone in `geo` and `app`, from the ground up."""

MOST_LINES = 1000
"""Lines of a module; from 600 on it is asked whether it is one noun."""

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


def module_of(file):
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(file): file for file in SOURCES}


def imports_of(module):
    """Modules of ours that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree_of[MODULES[module]]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    found &= set(MODULES)
    return {name for name in found if MODULES[name].name != "__init__.py" or ast_defines(name)} - {module}


def ast_defines(module):
    """Whether a package's own file holds more than its docstring."""
    return len(tree_of[MODULES[module]].body) > 1


def folder_of(module):
    """Folder of a module in `FOLDERS`; a module directly in `geo` or `app` is one of its own."""
    if module in FOLDERS:
        return module
    return module.rpartition(".")[0]


def test_every_folder_has_its_floor():
    assert {folder_of(module) for module in MODULES} <= set(FOLDERS)


@EVERY
def test_a_folder_imports_only_what_stands_before_it(file):
    own = folder_of(module_of(file))
    below = set(FOLDERS[: FOLDERS.index(own) + 1])
    assert {folder_of(name) for name in imports_of(module_of(file))} <= below


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: imports_of(module) for module in MODULES}
    while ready := [module for module, imported_ in graph.items() if not imported_ & set(graph)]:
        for module in ready:
            del graph[module]
    assert not graph


@EVERY
def test_libraries_are_known_where_they_belong(file):
    module = module_of(file)
    used = roots(file)
    if not module.startswith(("app.ui", "app.views", "app.main", "app.startup")):
        assert not used & {"streamlit", "streamlit_folium"} or module == "app.server.prerender"
    if not module.startswith("app.server"):
        assert "starlette" not in used
    if not module.startswith("reports"):
        assert not used & {"matplotlib", "docx"}
    if not module.startswith(("layers", "reports.html", "app.server.prerender", "app.ui", "app.setup.assets")):
        assert not used & {"folium", "branca", "xyzservices"} or module == "reports.packet"


def test_no_module_is_long():
    assert [file for file in SOURCES if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES] == []


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
