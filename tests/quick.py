"""Lint, types and the tests nearest to what was changed, within two minutes: `python -m tests.quick` or `make quick`.

What was changed is what differs from the point where this branch left `main`, committed or not.  A test is as near as
its chain of imports to a changed module is short; the nearest run first, and what the time does not suffice for is
named in number and left to `make test`.
"""

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.imports import PACKAGES, ROOT, import_graph, module_name, modules_in

TEST_SECONDS = 90
"""Seconds from the start after which no further test begins; lint and types run beside the tests."""

CHECKS = {"ruff": ("ruff", "check", "."), "mypy": ("mypy",)}


class Deadline:
    """Plugin of pytest: counts what has run and stops when the time is over."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.done: set[str] = set()
        self.stopped = False

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Take note of a test that has run."""
        self.done.add(nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Begin no other test after the end."""
        if nextitem is not None and time.monotonic() > self.end:
            self.stopped = True
            item.session.shouldstop = f"the {TEST_SECONDS} seconds for tests are over"


def main() -> int:
    """Run all three; 0 when nothing is wrong with what was looked at."""
    began = time.monotonic()
    checks = {
        name: subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in CHECKS.items()
    }
    changed = changed_files(ROOT)
    chosen = nearest_tests(changed, ROOT)
    print(f"{len(changed)} changed files, {len(chosen)} files of tests within reach, nearest first")
    deadline = Deadline(began + TEST_SECONDS)
    failed = False
    if chosen:
        arguments = ["-q", "--no-header", *map(str, chosen)]
        code = pytest.main(arguments, plugins=[deadline])
        failed = code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and not (
            deadline.stopped and code == pytest.ExitCode.INTERRUPTED
        )
    said = [f"{len(deadline.done)} tests {'FAILED' if failed else 'hold'}"]
    for name, process in checks.items():
        output, _ = process.communicate()
        if process.returncode:
            print(output)
        said.append(f"{name} {'FAILED' if process.returncode else 'holds'}")
        failed |= bool(process.returncode)
    left = len(chosen) - len({name.partition("::")[0] for name in deadline.done})
    rest = f"; {left} files of tests were not begun, `make test` runs all" if deadline.stopped else ""
    print(f"{', '.join(said)} in {time.monotonic() - began:.0f} s{rest}")
    return int(failed)


def changed_files(root: Path) -> list[Path]:
    """Files that differ from the point where the branch left `main`, and those that git does not know yet."""

    def git(*arguments: str) -> list[str]:
        run = subprocess.run(["git", *arguments], cwd=root, capture_output=True, encoding="utf-8", check=False)
        return run.stdout.split("\0" if "-z" in arguments else None) if not run.returncode else []

    base = (git("merge-base", "HEAD", "main") or ["HEAD"])[0]
    names = {*git("diff", "--name-only", "-z", base), *git("ls-files", "--others", "--exclude-standard", "-z")}
    return sorted(Path(name) for name in names if name)


def nearest_tests(changed: Iterable[Path], root: Path) -> list[Path]:
    """Test files, and changed modules for their examples, by how far they are from a change.

    Parameters
    ----------
    changed : iterable of Path
        Relative to `root`.  One that is no module stands for the modules that name it.
    root : Path

    Returns
    -------
    list of Path
        Relative to `root`.  Tests in a browser come after the others unless a change is in them or in what they import.
    """
    modules = modules_in(root, [*PACKAGES, "benchmarks", "tests"])
    importers: dict[str, set[str]] = {name: set() for name in modules}
    for name, imported in import_graph(modules).items():
        for other in imported | _conftests(name, modules):
            importers[other].add(name)
    distance = dict.fromkeys(_touched(changed, modules), 0)
    front = set(distance)
    while front:
        following = {name for near in front for name in importers[near]} - set(distance)
        distance |= dict.fromkeys(following, 1 + max(distance.values()))
        front = following
    tests = [name for name in distance if name.rpartition(".")[2].startswith("test_")]
    examples = [name for name, far in distance.items() if not far and name.startswith(PACKAGES)]
    order = sorted(
        [*examples, *tests],
        key=lambda name: (name.startswith("tests.browser") and distance[name] > 1, distance[name], name),
    )
    return [modules[name].relative_to(root) for name in order]


def _conftests(name: str, modules: dict[str, Path]) -> set[str]:
    """Fixtures of its folder and of those above, which a test uses without importing them."""
    parts = name.split(".")
    above = {".".join([*parts[:depth], "conftest"]) for depth in range(1, len(parts))}
    return above & set(modules) - {name} if parts[0] == "tests" else set()


def _touched(changed: Iterable[Path], modules: dict[str, Path]) -> set[str]:
    """Modules that were changed, and those that name a changed file which is none."""
    found = set()
    others = set()
    for file in changed:
        if file.suffix == ".py":
            found.add(module_name(file))
        else:
            others.add(file.name)
    for name, path in modules.items():
        if others:
            text = path.read_text(encoding="utf-8")
            found |= {name} if any(other in text for other in others) else set()
    return found & set(modules)


if __name__ == "__main__":
    sys.exit(main())
