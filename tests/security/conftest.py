"""Reading processes that do harmlessly what a file that means harm would have them do."""

import sys

import pytest

from geo.ingest import isolation
from geo.ingest.confinement import Allowance
from tests.records import db, server

__all__ = ["db", "server"]


@pytest.fixture(scope="session")
def nursery():
    """The process with the tasks of `tests.security.tasks`; it is started when it is first needed."""
    started = isolation._Nursery()
    yield started
    started.end()


@pytest.fixture
def apart(monkeypatch, tmp_path, nursery):
    """Run a task of `tests.security.tasks` on a file of its own; its answer."""
    monkeypatch.setattr(isolation, "_nursery", nursery)
    monkeypatch.setattr(
        isolation, "_command", lambda *options: [sys.executable, "-P", "-m", "tests.security.tasks", *options]
    )
    file = tmp_path / "upload.bin"
    file.write_bytes(b"x")

    def run(task, *, allowance=None, progress=lambda _done: None, **arguments):
        with isolation.read_apart(task, file, arguments, allowance=allowance, progress=progress) as (answer, _):
            return answer

    return run


@pytest.fixture
def little():
    """What a small file may cost, and less time than that."""
    return Allowance(2**30, cpu_seconds=1, wall_seconds=4, disk_bytes=2**22)
