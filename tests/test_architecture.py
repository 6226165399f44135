"""The shape of the house: imports point one way, each library knows its place, a module is one noun."""

import ast
from collections import Counter, defaultdict

from geo.installation import VARIABLES
from tests.imports import PACKAGES, ROOT, import_graph, modules_in, names_imported, tree_of

FOLDERS = (
    *("geo.errors", "geo.installation", "geo.distance", "geo.crs", "geo.grids", "geo.files", "geo.catalog", "geo.text"),
    *("geo.routing", "geo.roads", "geo.index"),
    *("geo.places", "geo.codes", "geo.plan", "geo.enterprises", "geo.chains", "geo.filters", "geo.premises"),
    *("geo.ingest.values", "geo.ingest.confinement", "geo.ingest.isolation", "geo.ingest.readers", "geo.ingest"),
    *("geo.datasets", "geo.indicators", "geo.clusters", "geo.export", "geo.build", "geo"),
    *("layers", "reports"),
    *(
        "app.i18n",
        "app.cache",
        "app.log",
        "app.settings",
        "app.setup",
        "app.documents",
        "app.records",
        "app.records.migrations.versions",
        "app.records.migrations",
        "app.server",
        "app.ui",
    ),
    *("app.views.enterprises", "app.views.districts", "app.views.clusters", "app.views.plan", "app.views.chains"),
    *("app.views.import_", "app.views.premises"),
    *("app.views.shortlist", "app.views", "app.commands", "app.cli", "app.startup", "app.main", "app.__main__", "app"),
)
"""Folders of the house, and the modules that stand alone in `geo` and `app`, from the ground up."""

MAX_MODULE_LINES = 1000
LONG_MODULE_LINES = 600
LONG_MODULES: dict[str, str] = {
    "geo.datasets.workspace": "datasets as folders: brought, listed, shown to some, set aside and put back under one lock"
}
"""Modules of more than `LONG_MODULE_LINES`, each with the reason why it is still one noun."""

SMALL_MODULE_LINES = 80
SMALL_MODULES = {
    "app.commands.atlas": "a command is a file",
    "app.commands.brief": "a command is a file",
    "app.commands.indicators": "a command is a file",
    "app.commands.packet": "a command is a file",
    "geo.ingest.values.names": "what one kind of cell says, as amounts and identifiers are, apart from the rows that need it",
    "geo.indicators.origins": "what an indicator owes to one kind of list, apart from how indicators are measured",
    "app.server.health": "what is asked of the parts of the server, loaded when somebody asks and not before it listens",
    "app.server.basemap_tiles": "a route of its own, which needs neither a dataset nor its filters",
    "app.setup.sbom": "what the bundle is made of, apart from how it is packed",
    "app.commands.role": "a command is a file",
    "app.commands.token": "a command is a file",
    "app.server.rate_limit": "a middleware is a file",
    "app.records.server": "what needs the driver of PostgreSQL, which not every installation has",
    "app.commands.query": "what every command reads from `--query` and `--set`",
    "app.views.clusters.hotspots": "one of the questions of the page, each in its file",
    "app.views.clusters.outlines": "one of the questions of the page, each in its file",
    "app.views.districts.brief": "a download with a state of its own, beside a page of comparisons",
    "app.views.premises.enterprises": "one of the questions of the page, each in its file",
    "app.views.plan.delta": "one of the tabs of the page, each in its file",
    "app.views.shortlist.log": "one of the tabs of the page, each in its file",
    "geo.enterprises.redact": "what may leave the house is decided in one place, whoever asks next",
    "layers.changes": "a layer is a file",
}
"""Modules of fewer than `SMALL_MODULE_LINES` with one importer, each with the reason why it is not part of that one."""

DYNAMIC_IMPORTS = {"geo", "app.cli"}
"""Where modules are loaded by name: the public names, and the commands."""

VAGUE_NAMES = {
    *("AGAIN", "BATCH", "BLOCK", "COLOURS", "CROWD", "FEW", "FORMAT", "LARGE", "LEAST", "LIMIT", "LIMITS", "LISTED"),
    *("LITTLE", "LONGEST", "MARGIN", "MIN", "MAX", "MOST", "PIECE", "REACH", "SEED", "SET", "SHORT", "SHOWN", "SIZE"),
    *("STAGES", "STATUS", "STEPS", "WEIGHTS"),
}
"""Names that say neither what they count nor in which unit."""

SOURCES = modules_in(ROOT, PACKAGES)
TREES = {module: tree_of(file) for module, file in SOURCES.items()}
LINES = {module: len(file.read_text(encoding="utf-8").splitlines()) for module, file in SOURCES.items()}
IMPORTS = import_graph(SOURCES)


def is_package(module):
    return SOURCES[module].name == "__init__.py"


def nodes(module, *kinds):
    return (node for node in ast.walk(TREES[module]) if isinstance(node, kinds))


def libraries(module):
    return {name.split(".")[0] for name in names_imported(TREES[module])}


def folder_of(module):
    """Folder of a module in `FOLDERS`; a module directly in `geo` or `app` is one of its own."""
    return module if module in FOLDERS else module.rpartition(".")[0]


def calls(module):
    """Names of what a module calls: ``f`` for ``f()`` and ``a.b.f()`` alike."""
    for node in nodes(module, ast.Call):
        function = node.func
        yield function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_no_import_is_relative():
    relative = [module for module in SOURCES if any(node.level for node in nodes(module, ast.ImportFrom))]
    assert relative == []


def test_every_folder_has_its_floor():
    assert len(FOLDERS) == len(set(FOLDERS))
    assert {folder_of(module) for module in SOURCES} - set(FOLDERS) == set()


def test_a_folder_imports_only_what_stands_before_it():
    """Then no folders import each other in a circle either."""
    floor = {folder: number for number, folder in enumerate(FOLDERS)}
    up = [
        (module, name)
        for module, imported in IMPORTS.items()
        for name in imported
        if floor[folder_of(name)] > floor[folder_of(module)]
    ]
    assert up == []


def test_no_modules_import_each_other_in_a_circle():
    graph = dict(IMPORTS)
    while ready := [module for module, imported in graph.items() if not imported & set(graph)]:
        for module in ready:
            del graph[module]
    assert sorted(graph) == []


def test_modules_are_loaded_by_name_in_two_places_only():
    by_name = {"import_module", "__import__", "run_path", "exec_module", "load_module"}
    found = {module for module in SOURCES if by_name & set(calls(module))}
    assert found <= DYNAMIC_IMPORTS


def test_libraries_are_known_where_they_belong():
    homes = {
        "streamlit": ("app.ui", "app.views", "app.main", "app.startup", "app.server.prerender", "app.server.sign_in"),
        "streamlit_folium": ("app.ui", "app.views", "app.startup", "app.server.prerender"),
        "starlette": ("app.server",),
        "uvicorn": ("app.server",),
        "matplotlib": ("reports",),
        "docx": ("reports",),
        "pptx": ("reports",),
        "typst": ("reports",),
        "folium": ("layers", "reports.html", "reports.packet", "app.server.prerender", "app.ui", "app.setup.assets"),
        "branca": ("layers", "reports.html", "reports.packet", "app.server.prerender", "app.ui", "app.setup.assets"),
        "xyzservices": ("layers",),
    }
    astray = [
        (module, library)
        for module in SOURCES
        for library in libraries(module) & set(homes)
        if not f"{module}.".startswith(tuple(f"{home}." for home in homes[library]))
    ]
    assert astray == []


def test_a_module_is_one_noun():
    """A long one says why it is still one; a small one with a single importer why it is not part of that."""
    importers = Counter(name for imported in IMPORTS.values() for name in imported)
    small = {
        module
        for module, lines in LINES.items()
        if lines < SMALL_MODULE_LINES and importers[module] == 1 and not is_package(module)
    }
    assert sorted(module for module, lines in LINES.items() if lines > MAX_MODULE_LINES) == []
    assert sorted(module for module, lines in LINES.items() if lines > LONG_MODULE_LINES) == sorted(LONG_MODULES)
    assert sorted(small - set(SMALL_MODULES)) == []


def test_every_module_and_every_public_function_says_what_it_is():
    bare = [module for module, tree in TREES.items() if not ast.get_docstring(tree)]
    bare += [f"{module}.{name}" for module, tree in TREES.items() for name in without_docstring(tree.body)]
    assert bare == []


def without_docstring(body, prefix=""):
    """Public functions and classes of a module, and public methods of those classes, that say nothing."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from without_docstring(node.body, f"{node.name}.")


def test_nothing_is_unpickled_or_evaluated():
    evaluated = [
        module
        for module in SOURCES
        for node in nodes(module, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}
    ]
    assert evaluated == []
    assert [module for module in SOURCES if libraries(module) & {"pickle", "shelve", "dill", "joblib"}] == []


def test_no_text_of_the_data_is_handed_out_as_html():
    assert [
        module for module in SOURCES for node in nodes(module, ast.keyword) if node.arg == "unsafe_allow_html"
    ] == []


def test_no_module_steers_the_garbage_collector():
    """But the one that copies itself: what it holds is frozen before, so that the copies share it."""
    assert [module for module in SOURCES if "gc" in libraries(module)] == ["geo.ingest.worker"]


def test_caches_that_evict_are_of_one_kind():
    """`functools.lru_cache`, Streamlit's own, or the one class of the server."""
    assert [module for module in SOURCES if "collections.OrderedDict" in set(names_imported(TREES[module]))] == [
        "app.cache"
    ]


def test_no_value_is_written_into_by_the_back_door():
    """A frozen value is made anew: no `vars(value)[…] =`, no `object.__setattr__` outside the class itself."""
    written = [
        (module, target.lineno)
        for module in SOURCES
        for node in nodes(module, ast.Assign, ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Call)
        and getattr(target.value.func, "id", "") == "vars"
    ]
    assert written == []


def test_no_parameter_exists_to_be_deleted():
    deleted = [
        (module, function.name)
        for module in SOURCES
        for function in nodes(module, ast.FunctionDef, ast.AsyncFunctionDef)
        for node in function.body[:2]
        if isinstance(node, ast.Delete)
        for target in node.targets
        if getattr(target, "id", "")
        in {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    ]
    assert deleted == []


def constants(module):
    """Names in capitals that a module binds at its top, private ones too."""
    for node in TREES[module].body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper())


def test_a_public_constant_has_a_name_of_its_own():
    """One name, one thing: who greps for it finds it."""
    homes = defaultdict(list)
    for module in SOURCES:
        for name in set(constants(module)):
            if not name.startswith("_"):
                homes[name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_a_constant_says_its_noun_and_unit():
    vague = [(module, name) for module in SOURCES for name in constants(module) if name.lstrip("_") in VAGUE_NAMES]
    assert vague == []


def test_what_an_installation_sets_is_read_in_one_place():
    """`geo.installation.variable` reads it; the server alone sets what it knows better, for what it starts."""

    def read(module):
        for node in nodes(module, ast.Call, ast.Subscript):
            of = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
            of = node.value if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) else of
            if ast.unparse(of) in {"os.environ", "environ", "os"} if of else False:
                yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))

    elsewhere = {module: sorted(set(read(module)) & set(VARIABLES)) for module in SOURCES}
    assert {module: names for module, names in elsewhere.items() if names} == {}
    named = {
        node.args[0].value
        for module in SOURCES
        for node in nodes(module, ast.Call)
        if getattr(node.func, "id", "") in {"variable", "_listed"} and isinstance(node.args[0], ast.Constant)
    }
    assert named == set(VARIABLES)


def test_files_take_their_place_through_the_one_atomic_writer():
    """Who renames a finished file into place is `geo.files`; the others call it."""
    renaming = {
        module
        for module in SOURCES
        for node in nodes(module, ast.Call)
        if isinstance(node.func, ast.Attribute)
        and (
            (node.func.attr == "replace" and len(node.args) == 1 and not node.keywords)
            or (node.func.attr in {"rename", "replace", "renames"} and getattr(node.func.value, "id", "") == "os")
            or (node.func.attr == "move" and getattr(node.func.value, "id", "") == "shutil")
        )
    }
    assert sorted(renaming - {"geo.files"}) == []
