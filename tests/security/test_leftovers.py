"""What a process leaves when it is ended or killed: nothing for long, wherever the product writes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from app import startup
from geo.files import OLD, PART, part_prefix, recover
from geo.ingest.isolation import FOLDER_PREFIX
from geo.installation import ROOT
from tests.app.server.test_run import start

GONE = 2**22 - 1
"""Number of a process that never runs: the highest one that Linux gives."""

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def awaited(condition, seconds=120):
    """Wait until something holds; whether it came to hold."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def leave(folder):
    """What a crash in the middle of every kind of writing leaves in a folder; what comes back."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{PART}{GONE}-aa.json").write_text("half of an area")
    (folder / f"{PART}{GONE}-bb").mkdir()
    (folder / f"{PART}{GONE}-bb" / "enterprises.parquet").write_text("half of a set")
    (folder / f"{PART}0a1b.csv").write_text("of an earlier version")
    (folder / f"{OLD}0a1b-replaced").mkdir()
    (folder / f"{OLD}0a1b-replaced" / "set.json").write_text("whole")
    return folder / "replaced" / "set.json"


def strays(folder):
    return [path.name for path in folder.rglob("*") if path.name.startswith((PART, OLD))]


def test_every_folder_that_is_written_to_is_put_in_order_at_the_start(tmp_path, monkeypatch):
    workspace, data, static = (tmp_path / name for name in ("workspace", "data", "app/static"))
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(workspace))
    monkeypatch.setattr(startup, "built_data_dir", lambda: data)
    monkeypatch.setattr(startup, "STATIC", static)
    written = (workspace, workspace / "areas", workspace / ".名单.columns", data / "boundaries", static.parent)
    (workspace / "名单").mkdir(parents=True)
    back = [leave(folder) for folder in written]
    startup._recover()
    for folder in written:
        assert strays(folder) == []
    assert [file.read_text() for file in back] == ["whole"] * len(written)


def test_what_cannot_be_put_in_order_keeps_no_other_folder_from_it(tmp_path, monkeypatch):
    (tmp_path / "workspace").write_text("no folder")
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(startup, "built_data_dir", lambda: tmp_path / "data")
    monkeypatch.setattr(startup, "STATIC", tmp_path / "none" / "static")
    leave(tmp_path / "data")
    startup._recover()
    assert strays(tmp_path / "data") == []


def test_what_another_process_is_writing_stays(tmp_path):
    running = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (tmp_path / f"{PART}{running.pid}-aa.json").write_text("half")
    (tmp_path / f"{part_prefix()}bb.json").write_text("half")
    recover(tmp_path)
    assert len(strays(tmp_path)) == 2
    running.communicate()
    recover(tmp_path)
    assert strays(tmp_path) == [f"{part_prefix()}bb.json"]


@posix
@pytest.mark.slow
def test_a_server_that_was_killed_leaves_nothing_beyond_the_next_start(tmp_path):
    """Exports and uploads lie in the temporary folder of the server, areas and sets in the workspace."""
    first = start(tmp_path, "app.server.run", "--port")
    first.process.kill()
    first.process.wait()
    left = [path for path in tmp_path.glob(f"{FOLDER_PREFIX}*") if path.name.split("-")[2] == str(first.process.pid)]
    assert left
    leave(tmp_path / "workspace" / "areas")
    second = start(tmp_path, "app.server.run", "--port")
    try:
        assert not any(path.exists() for path in left)
        assert awaited(lambda: not strays(tmp_path / "workspace"))
    finally:
        second.process.send_signal(signal.SIGTERM)
        second.process.wait(60)
    assert not list(tmp_path.glob(f"{FOLDER_PREFIX}{second.process.pid}-*"))


@posix
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_ended_leaves_nothing(tmp_path, end):
    environment = os.environ | {"TMPDIR": str(tmp_path), "EXPLORER_WORKSPACE": str(tmp_path / "workspace")}
    command = [sys.executable, "-m", "app", "demo", "--rows", "5000000", "--out", str(tmp_path / "out")]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert awaited(lambda: bool(strays(tmp_path)))
    assert list(tmp_path.glob(f"{FOLDER_PREFIX}{running.pid}-*"))
    running.send_signal(end)
    said = running.communicate(timeout=120)[1]
    assert running.returncode == 130
    assert said.splitlines()[-1] == "已中止（stopped）"
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir() if path.name != "workspace"] == []


def test_a_command_leaves_the_temporary_folder_of_others_as_it_was(tmp_path, monkeypatch, capsys):
    from app.cli import main

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert main(["backup", str(Path(tmp_path) / "none" / "a.sqlite")]) == 2
    assert tempfile.tempdir == str(tmp_path)
    assert list(tmp_path.glob(f"{FOLDER_PREFIX}*")) == []
    capsys.readouterr()
