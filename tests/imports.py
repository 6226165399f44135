"""Which module imports which: the graph behind the rules of the house and behind `tests.quick`."""

import ast
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geo", "layers", "reports", "app")
"""The product, from the ground up."""


def modules_in(root: Path, packages: Iterable[str]) -> dict[str, Path]:
    """Modules of packages by their dotted names; a package goes by its own."""
    return {
        module_name(file.relative_to(root)): file for name in packages for file in sorted((root / name).rglob("*.py"))
    }


def module_name(file: Path) -> str:
    """Dotted name of a file, its path relative to the root."""
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(file: Path) -> ast.Module:
    """Syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def names_imported(tree: ast.Module, modules: Collection[str] = ()) -> Iterator[str]:
    """Everything that is imported anywhere in a module: modules, and names of modules.

    Where all that is taken from a package are `modules` of it, the package itself is not among them.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from named if set(named) <= set(modules) else [*named, node.module or ""]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def import_graph(modules: dict[str, Path]) -> dict[str, set[str]]:
    """Module → those of `modules` that it imports; a package counts when its own file holds more than its docstring."""
    empty = {name for name, file in modules.items() if file.name == "__init__.py" and len(tree_of(file).body) < 2}
    known = set(modules) - empty
    return {name: set(names_imported(tree_of(file), modules)) & known - {name} for name, file in modules.items()}
