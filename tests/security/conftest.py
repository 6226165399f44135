"""Reading processes that do harmlessly what a file that means harm would have them do."""

import sys

import pytest

from geo.ingest import isolation
from geo.ingest.confinement import Allowance


@pytest.fixture
def apart(monkeypatch, tmp_path):
    """Run a task of `tests.security.tasks` on a file of its own; its answer."""
    nursery = isolation._Nursery()
    monkeypatch.setattr(isolation, "_nursery", nursery)
    monkeypatch.setattr(
        isolation, "_command", lambda *options: [sys.executable, "-P", "-m", "tests.security.tasks", *options]
    )
    file = tmp_path / "upload.bin"
    file.write_bytes(b"x")

    def run(task, *, allowance=None, progress=lambda _done: None, **arguments):
        with isolation.read_apart(task, file, arguments, allowance=allowance, progress=progress) as (answer, _):
            return answer

    yield run
    nursery.end()


@pytest.fixture
def little():
    """What a small file may cost, and less time than that."""
    return Allowance(2**30, cpu_seconds=1, wall_seconds=4, disk_bytes=2**22)
