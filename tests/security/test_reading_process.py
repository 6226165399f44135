"""A file that means harm harms the process that reads it, and nobody else."""

import ast
import os
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError
from geo.ingest import isolation
from geo.ingest.areas import read_areas
from geo.ingest.confinement import Allowance
from geo.ingest.pipeline import import_apart, preview
from geo.ingest.readers.read import read_file
from geo.installation import ROOT
from tests.imports import modules_in, tree_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="promised on Linux")
forks = pytest.mark.skipif(sys.platform == "win32", reason="ended by wall time alone on Windows")


def folders():
    """Working folders of this process."""
    return list(Path(tempfile.gettempdir()).glob(f"{isolation.FOLDER_PREFIX}{os.getpid()}-*"))


@forks
@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("abort", "读不下去"),
        ("kill", "读不下去"),
        ("leave", "读不下去"),
        ("lie", "读不下去"),
        ("flood", "读不"),
        ("interrupt", "没有料到"),
        ("spin", "还没有读完"),
        ("wait", "还没有读完"),
        pytest.param("allocate", "内存不足", marks=linux),
    ],
)
def test_each_death_is_one_sentence_and_leaves_nothing(apart, little, task, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        apart(task, allowance=little)
    assert caught.value.file == "upload.bin" or task == "allocate"
    assert "\n" not in str(caught.value)
    assert not folders()
    assert "PATH" in apart("environment")  # the next file is read as if nothing had been


@forks
def test_others_are_read_while_one_hangs(apart):
    at_work = threading.Event()
    ended = []

    def begun(done):
        if done:
            at_work.set()

    def hang():
        try:
            apart("wait", allowance=Allowance(2**30, 5, 8), progress=begun)
        except DataError as error:
            ended.append(str(error))

    slow = threading.Thread(target=hang)
    slow.start()
    assert at_work.wait(60)
    assert apart("environment")
    assert slow.is_alive()
    slow.join()
    assert "还没有读完" in ended[0]


@forks
def test_progress_is_passed_on_and_who_leaves_ends_the_reading(apart):
    class LeftError(Exception):
        pass

    seen = []

    def progress(done):
        seen.append(done)
        if done:
            raise LeftError

    began = time.monotonic()
    with pytest.raises(LeftError):
        apart("wait", progress=progress)
    assert seen[-1] == 7
    assert time.monotonic() - began < 60
    assert not folders()


@linux
def test_only_the_uploaded_file_can_be_read(apart, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("of somebody else")
    if not landlock():
        pytest.skip("this kernel has no Landlock")
    for path in (secret, "/etc/passwd", ROOT / "pyproject.toml", f"/proc/{os.getpid()}/environ"):
        with pytest.raises(DataError, match="Permission denied"):
            apart("read", path=str(path))
    assert apart("read", path=str(tmp_path / "upload.bin")) == "x"


@linux
def test_only_the_working_folder_can_be_written(apart, tmp_path):
    if not landlock():
        pytest.skip("this kernel has no Landlock")
    for path in (tmp_path / "other.txt", tmp_path / "upload.bin"):
        with pytest.raises(DataError, match="Permission denied"):
            apart("write", path=str(path))
    assert (tmp_path / "upload.bin").read_bytes() == b"x"
    apart("write", path="here.txt")


def test_no_connection_leads_out(apart):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        with pytest.raises(DataError):
            apart("connect_from_python", port=port)
        if sys.platform == "linux":
            assert apart("connect", port=port) != 0
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_secret_is_handed_over(apart, monkeypatch):
    monkeypatch.setenv("EXPLORER_DATABASE", "postgresql://user:secret@host/db")
    monkeypatch.setenv("EXPLORER_TIANDITU_KEY", "secret")
    held = apart("environment")
    assert "secret" not in str(held)
    assert not {"EXPLORER_DATABASE", "EXPLORER_TIANDITU_KEY"} & set(held)


def test_every_reader_reads_apart(monkeypatch, tmp_path):
    """Where no process can be started nothing is read: no reader has another way."""

    def refuse(*_arguments, **_options):
        raise OSError(12, "no process")

    monkeypatch.setattr(isolation, "_nursery", isolation._Nursery())
    monkeypatch.setattr(isolation.subprocess, "Popen", refuse)
    path = tmp_path / "a.csv"
    pd.DataFrame({"企业名称": ["样例甲"]}).to_csv(path, index=False)
    for read in (read_file, preview, read_areas):
        with pytest.raises(DataError, match=r"启动不了|读不了"):
            read(path)


@pytest.fixture
def importing(apart, tmp_path):
    """Run an import that does what its datum says instead of importing; what it tells of its progress."""
    apart("environment")  # the process with these tasks is there

    def run(datum, progress=lambda *_: None, **options):
        return import_apart(
            {tmp_path / "upload.bin": tmp_path}, tmp_path / "out", datum=datum, progress=progress, **options
        )

    return run


@pytest.mark.parametrize(("datum", "sentence"), [("abort", "读不下去"), ("link", "不完整"), ("less", "写不了")])
def test_an_import_that_dies_or_lies_is_one_sentence(importing, tmp_path, datum, sentence):
    """Cells are cleaned, compared and placed where the file is read: away from the server."""
    secret = tmp_path / "secret"
    secret.write_text("of somebody else")
    with pytest.raises(DataError, match=sentence):
        importing(datum, mapping={"to": str(secret)})
    assert not (tmp_path / "out").exists()
    assert not folders()


def test_an_import_ends_when_its_reader_has_left(importing, tmp_path):
    class LeftError(Exception):
        pass

    seen = []

    def progress(*at):
        seen.append(at)
        if at[0] == "clean":
            raise LeftError

    began = time.monotonic()
    with pytest.raises(LeftError):
        importing("wait", progress)
    assert seen[-1] == ("clean", 1, 2)
    assert time.monotonic() - began < 60
    assert not (tmp_path / "out").exists()
    assert not folders()


def test_no_page_looks_at_the_cells_of_an_upload():
    """Pages know the doors behind which files are read, and nothing that reads them here."""
    own = {"read_file", "import_files", "preview", "open_sheet", "read_rows", "Sheet"}
    for module, file in modules_in(ROOT, ["app"]).items():
        if not module.startswith("app.commands"):
            for node in ast.walk(tree_of(file)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geo.ingest"):
                    assert not own & {name.name for name in node.names}, module


def test_folders_of_processes_that_are_gone_are_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = tmp_path / f"{isolation.FOLDER_PREFIX}{2**22 - 1}-x"
    ours = tmp_path / f"{isolation.FOLDER_PREFIX}{os.getpid()}-x"
    for folder in (gone, ours):
        folder.mkdir()
    (gone / "rows.csv").write_text("电话")
    isolation.remove_leftovers()
    assert not gone.exists()
    assert ours.exists()


def landlock():
    import ctypes

    return ctypes.CDLL(None).syscall(444, None, 0, 1) > 0
