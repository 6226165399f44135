"""The guide `docs/adding.md` as patches, and a copy of the project to apply them to."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.imports import PACKAGES, ROOT

GUIDE = ROOT / "docs" / "adding.md"
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"(?:^`([\w./]+)`( \(new\))?:\n\n)?^```(?:diff|python)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_PROMISE = re.compile(r"\*\*(\d+) files?, (\d+) lines?\.\*\*")


class Step(NamedTuple):
    """One block of the guide: a file, whether it is new, and its text or how it changes."""

    file: str
    new: bool
    text: str

    @property
    def added(self) -> int:
        """Lines that it adds."""
        lines = self.text.splitlines()
        return len(lines) if self.new else sum(line.startswith("+") for line in lines)


class Section(NamedTuple):
    """A kind of thing: how many files and lines the guide promises, and the steps that add one."""

    files: int
    lines: int
    steps: list[Step]


def sections() -> dict[str, Section]:
    """Sections of the guide by their headings."""
    found = {}
    for title, text in _SECTION.findall(GUIDE.read_text(encoding="utf-8")):
        promised = _PROMISE.search(text)
        assert promised, f"{title} says no number of files and lines"
        steps: list[Step] = []
        for file, new, block in _BLOCK.findall(text):
            steps.append(Step(file or steps[-1].file, bool(new), block))
        found[title] = Section(int(promised[1]), int(promised[2]), steps)
    return found


def apply(step: Step, root: Path) -> None:
    """Carry out a step in a copy; what it shows around its lines has to stand there, and once."""
    file = root / step.file
    if step.new:
        assert not file.exists()
        file.write_text(step.text, encoding="utf-8")
        return
    lines = step.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{step.file} does not hold this once:\n{before}"
    file.write_text(text.replace(before, after), encoding="utf-8")


class Copy:
    """A copy of the project to which a section was applied."""

    def __init__(self, folder: Path, title: str) -> None:
        self.root = folder / "copy"
        for package in PACKAGES:  # with what was compiled: a copy keeps the times of its files
            shutil.copytree(ROOT / package, self.root / package)
        for file in ("package.json", "package-lock.json", "pyproject.toml"):
            shutil.copy2(ROOT / file, self.root)
        for step in sections()[title].steps:
            apply(step, self.root)

    def run(self, *arguments: str) -> str:
        """What Python writes when it is run in the copy."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EXPLORER_")}
        environment |= {
            "PYTHONPATH": str(self.root),
            "EXPLORER_DATA": str(ROOT / "data"),
            "EXPLORER_WORKSPACE": str(self.root.parent / "workspace"),
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def answer(self, code: str) -> Any:
        """What a program prints as JSON on its last line."""
        return json.loads(self.run("-c", code).splitlines()[-1])
