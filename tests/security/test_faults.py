"""What happens to a machine: its disk is full, it cannot be written, its clock jumps, it is told to end in the middle."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.records import database, log, shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey
from geo.datasets import workspace
from geo.datasets.demo import write_demo
from geo.ingest.isolation import FOLDER_PREFIX
from geo.installation import ROOT
from tests.security.test_leftovers import awaited, strays

MOUNT = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"'
"""A disk of its own for one command, which the rest of the machine does not see."""


def on_a_disk(options: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose workspace is a disk of its own."""
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh", options, str(folder)]
    environment = os.environ | {"EXPLORER_WORKSPACE": str(folder), "EXPLORER_DATABASE": ""}
    return subprocess.run([*alone, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Folder where such a disk is put."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    if not shutil.which("unshare") or on_a_disk("size=1m", folder, "true").returncode:
        pytest.skip("no disk of one's own may be mounted here")
    return folder


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list whose table takes half a megabyte."""
    file = tmp_path_factory.mktemp("list") / "名单.csv"
    lines = (
        f"样例{number}有限公司,松江区,莘砖公路{number}号,121.3{number:04},31.0{number:04}" for number in range(8_000)
    )
    file.write_text("\n".join(["企业名称,所属区县,地址,经度,纬度", *lines]), encoding="utf-8")
    return file


AND_LOOK = (
    '"$0" "$@"; code=$?; find "$EXPLORER_WORKSPACE" -mindepth 1 -not -name "*.log*" -not -name ".lock"; exit $code'
)
PYTHON = (sys.executable, "-m", "app")


@pytest.mark.parametrize("options", ["size=320k", "size=1m,ro"], ids=["full", "read-only"])
def test_an_import_that_finds_no_room_is_a_sentence_and_leaves_nothing(disk, listed, options):
    done = on_a_disk(
        options, disk, "sh", "-c", AND_LOOK, *PYTHON, "import", str(listed), "--datum", "wgs84", "--as", "名单"
    )
    assert done.returncode == 2
    said = [line for line in done.stderr.splitlines() if line]
    assert said[-1].count("。") <= 1
    assert "Traceback" not in done.stderr
    assert any(word in said[-1] for word in ("写不了", "无法写入", "No space", "Read-only", "space left"))
    left = [line for line in done.stdout.splitlines() if line.startswith(str(disk))]
    assert [one for one in left if "records" not in one] == []


@pytest.mark.parametrize("options", ["size=64k", "size=1m,ro"], ids=["full", "read-only"])
def test_records_that_find_no_room_are_a_sentence(disk, options):
    done = on_a_disk(options, disk, *PYTHON, "role", "give", "somebody", "reader")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("options", ["size=64k", "size=1m,ro"], ids=["full", "read-only"])
def test_what_only_reads_goes_on(disk, options, tmp_path):
    done = on_a_disk(options, disk, *PYTHON, "export", str(tmp_path / "out.csv"), "--query", "district=310117")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").stat().st_size > 1000


class Shifted(datetime):
    """A clock that is wrong."""

    by = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.by


def test_a_clock_that_jumps_changes_no_order_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    monkeypatch.setattr(database, "datetime", Shifted)
    monkeypatch.setattr(workspace, "datetime", Shifted)
    write_demo(50, tmp_path / "set", seed=1)
    db = open_database()
    for days, name in ((0, "甲"), (400, "乙"), (-400, "丙")):
        monkeypatch.setattr(Shifted, "by", timedelta(days=days))
        entry = shortlist.add(db, [EnterpriseKey(name)], "张三")[0].entry
        assert entry
        shortlist.change(db, entry, {"notes": name}, "张三")
        workspace.add(tmp_path / "set", name)
        workspace.add(tmp_path / "set", name, replace=True)
    lines = log.read(db).query("action == 'add'")
    assert lines["name"].tolist() == ["丙", "乙", "甲"]  # as it was done, whatever the clock said
    assert {one.notes for one in shortlist.entries(db)} == {"甲", "乙", "丙"}
    assert {one.title for one in workspace.list_datasets()} == {"甲", "乙", "丙"}


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_import_that_is_told_to_end_leaves_nothing(tmp_path, listed):
    environment = os.environ | {"TMPDIR": str(tmp_path), "EXPLORER_WORKSPACE": str(tmp_path / "workspace")}
    command = [*PYTHON, "import", str(listed), "--datum", "wgs84", "--as", "名单"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    def reads() -> bool:
        return any(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".log")

    assert awaited(reads)
    running.send_signal(signal.SIGTERM)
    said = running.communicate(timeout=120)[1]
    assert running.returncode == 130, said
    assert said.splitlines()[-1] == "已中止（stopped）"
    assert "Traceback" not in said
    assert strays(tmp_path) == []
    assert not list(tmp_path.glob(f"{FOLDER_PREFIX}{running.pid}-*"))
    assert not [one for one in (tmp_path / "workspace").glob("*") if one.is_dir() and any(one.iterdir())]
