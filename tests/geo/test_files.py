"""What is written is there whole or not at all, whoever else writes it, and whatever was in its place."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from geo.errors import DataError
from geo.files import atomic_file, atomic_folder, check_target, recover, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def fail(partial: Path, error: type[BaseException]) -> None:
    partial.write_text("half")
    raise error


def test_a_file_is_there_when_it_is_whole(tmp_path):
    out = tmp_path / "名单.csv"
    out.write_text("old")
    with atomic_file(out) as partial:
        partial.write_text("new")
        assert partial.suffix == ".csv"
        assert out.read_text() == "old"
    assert (out.read_text(), names(tmp_path)) == ("new", ["名单.csv"])
    assert out.stat().st_mode & 0o777 == 0o666 & ~umask()


def umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_what_fails_leaves_the_former_file_and_nothing_else(tmp_path, error):
    out = tmp_path / "a.csv"
    out.write_text("old")
    with pytest.raises(DataError if error is OSError else error), atomic_file(out) as partial:
        fail(partial, error)
    assert (out.read_text(), names(tmp_path)) == ("old", ["a.csv"])


def test_no_folder_no_device_and_no_link_is_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    before = names(tmp_path)
    for name in ("folder", "link", "nowhere", "pipe"):
        with pytest.raises(DataError, match="不是普通的文件"):
            write_text("new", tmp_path / name)
    with pytest.raises(DataError, match="无法写入"):
        write_text("new", tmp_path / "没有" / "a.txt")
    assert names(tmp_path) == before
    assert (tmp_path / "file").read_text() == "old"
    with pytest.raises(DataError, match="链接"), atomic_folder(tmp_path / "link"):
        pass


def test_a_folder_takes_the_place_of_another(tmp_path):
    out = tmp_path / "set"
    for text in ("old", "new"):
        with atomic_folder(out) as partial:
            (partial / text).write_text(text)
    assert (names(tmp_path), names(out)) == (["set"], ["new"])
    with pytest.raises(KeyError), atomic_folder(out) as partial:
        fail(partial / "half", KeyError)
    assert (names(tmp_path), names(out)) == (["set"], ["new"])


def test_of_many_who_write_one_folder_at_once_one_stays_whole(tmp_path):
    out, together, failed = tmp_path / "set", Barrier(6), []

    def write(number: int) -> None:
        together.wait()
        try:
            with atomic_folder(out) as partial:
                for part in range(5):
                    (partial / f"{number}-{part}").write_text("x")
        except DataError as error:
            failed.append(error)

    threads = [Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(tmp_path) == ["set"]
    assert len(names(out)) == 5
    assert len({name[0] for name in names(out)}) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
import geo.files
rename, target = Path.rename, Path(sys.argv[1])
def die(self, to):
    rename(self, to)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "between":
    Path.rename = die
with geo.files.atomic_folder(target) as partial:
    (partial / "new").write_text("new")
    if sys.argv[2] == "within":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["within", "between"])
def test_after_a_crash_the_former_folder_is_there_again(tmp_path, moment):
    out = tmp_path / "数据-集"
    with atomic_folder(out) as partial:
        (partial / "old").write_text("old")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(out), moment])
    assert killed.returncode == -signal.SIGKILL
    assert names(tmp_path) != ["数据-集"]
    recover(tmp_path)
    assert (names(tmp_path), names(out)) == (["数据-集"], ["old"])
    recover(tmp_path / "没有")


def test_what_is_renamed_was_on_the_disk_before(tmp_path, monkeypatch):
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(handle):
        steps.append("fsync")
        fsync(handle)

    def note_rename(self, to):
        steps.append("rename")
        return replace(self, to)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_rename)
    write_json(tmp_path / "a.json", {"a": 1})
    assert steps == ["fsync", "rename", "fsync"]


def test_a_folder_with_other_files_is_not_written_to(tmp_path):
    out = tmp_path / "out"
    assert check_target(out, ["a.csv"]) == out.resolve()
    out.mkdir()
    (out / "a.csv").touch()
    assert check_target(out, ["a.csv"]) == out.resolve()
    (out / "mine.txt").touch()
    with pytest.raises(DataError, match=r"还有别的文件.*mine\.txt") as refused:
        check_target(out, ["a.csv"])
    assert str(tmp_path) not in str(refused.value)
