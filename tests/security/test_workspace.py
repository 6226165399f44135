"""Sets on disk: two imports at once, a crash between two renames, broken files and flipped bits."""

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from geo.datasets import storage, workspace
from geo.datasets.demo import write_demo
from geo.errors import DataError
from geo.installation import ROOT
from geo.places import drawn_areas


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """What an import wrote: enterprises that do not exist."""
    folder = tmp_path_factory.mktemp("demo") / "名单"
    write_demo(400, folder, seed=1)
    return folder


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))


def added(folder, title):
    try:
        return workspace.add(folder, title).key
    except DataError as error:
        return str(error)


def test_of_two_imports_of_one_name_the_first_one_stays(imported):
    with ThreadPoolExecutor(4) as users:
        said = list(users.map(lambda _: added(imported, "松江 2024"), range(4)))
    assert sum("已有同名" in one for one in said) == 3
    (entry,) = workspace.list_datasets()
    assert len(workspace.read_enterprises(entry.key)) == 400
    assert not [path for path in workspace.workspace_dir().iterdir() if "part" in path.name or "old" in path.name]


def test_while_rows_are_copied_others_may_change_the_workspace(imported, monkeypatch):
    other = workspace.add(imported, "别的名单")
    copy = shutil.copyfile
    deleted: list[str] = []

    def copy_slowly(source, target):
        if not deleted:
            with ThreadPoolExecutor(1) as user:  # would wait for ever if the copy kept the lock
                user.submit(workspace.delete, other.key).result(timeout=30)
            deleted.append(other.key)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy_slowly)
    added_set = workspace.add(imported, "松江 2024")
    assert deleted == [other.key]
    assert [entry.key for entry in workspace.list_datasets()] == [added_set.key]


def test_a_change_that_cannot_be_logged_is_none(imported):
    def fail(*_):
        raise DataError("记录写不了")

    with pytest.raises(DataError, match="记录写不了"):
        workspace.add(imported, "松江 2024", before=fail)
    assert workspace.list_datasets() == []
    entry = workspace.add(imported, "松江 2024")
    with pytest.raises(DataError, match="记录写不了"):
        workspace.delete(entry.key, before=fail)
    assert [one.key for one in workspace.list_datasets()] == [entry.key]


def test_another_process_waits_too(imported):
    script = f"from geo.datasets import workspace; print(workspace.add({str(imported)!r}, '松江').key)"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ends = [run.communicate(timeout=120) for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 1]
    assert sum("已有同名" in error for _, error in ends) == 1
    assert len(workspace.list_datasets()) == 1


def test_a_crash_between_two_renames_loses_nothing(imported):
    entry = workspace.add(imported, "松江")
    folder = workspace.folder_of(entry.key)
    folder.rename(folder.with_name(f".{entry.key}.4711.old"))
    shutil.copytree(imported, folder.with_name(f".{entry.key}.4711.part"))
    shutil.copytree(imported, folder.with_name(".别的-0a1b2c3d.4711.deleted"))
    (folder.with_name(".别的-0a1b2c3d.columns")).mkdir()
    (folder.with_name(f".{entry.key}.columns")).mkdir()
    assert not workspace.list_datasets()
    workspace.recover()
    assert workspace.list_datasets() == [entry]
    left = sorted(path.name for path in workspace.workspace_dir().iterdir())
    assert left == sorted([f".{entry.key}.columns", entry.key])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"title": 1}', b'{"files": 3}', b'{"rows": Infinity}', b"[" * 100_000, b"null"],
)
def test_a_broken_description_takes_no_other_set_with_it(imported, content):
    good, bad = workspace.add(imported, "好"), workspace.add(imported, "坏")
    description = workspace.folder_of(bad.key) / workspace.DATASET_RECORD
    held = json.loads(description.read_bytes())
    if content.startswith(b'{"'):
        content = json.dumps(held | json.loads(content)).encode()
    description.write_bytes(content)
    assert good in workspace.list_datasets()
    assert len(workspace.read_enterprises(good.key)) == 400
    with pytest.raises(DataError):
        workspace.read_enterprises(bad.key)
    with pytest.raises(DataError, match="已有同名"):
        workspace.add(imported, "坏")  # what is left of it is not overwritten unasked


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(400) + b"PAR1"])
def test_a_broken_table_is_a_sentence(imported, content):
    entry = workspace.add(imported, "松江")
    (workspace.folder_of(entry.key) / workspace.DATASET_TABLE).write_bytes(content)
    with pytest.raises(DataError, match="改动或损坏"):
        workspace.read_enterprises(entry.key)


def test_a_flipped_bit_in_a_kept_column_is_noticed_and_the_column_made_anew(imported, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "DISK_BACKED_ROWS", 100)
    folder = tmp_path / "名单"
    shutil.copytree(imported, folder)
    before = facts(storage.open_dataset(folder))  # as text: what is open is mapped from the files that are damaged here
    kept = sorted(path for path in (tmp_path / ".名单.columns").rglob("*") if path.is_file())
    assert {"0.arrow", "units.npy", "node.npy", "codes.npy", "head.json"} <= {path.name for path in kept}
    choose = np.random.default_rng(7)
    for path in kept:
        content = bytearray(path.read_bytes())
        content[choose.integers(len(content))] ^= 1 << choose.integers(8)
        path.write_bytes(content)
    assert facts(storage.open_dataset(folder)) == before
    assert facts(storage.open_dataset(folder)) == before


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", [workspace.DATASET_RECORD, workspace.DATASET_REPORT])
def test_a_flipped_bit_in_a_description_changes_nothing_unseen(imported, name, at, bit):
    for entry in workspace.list_datasets():
        workspace.delete(entry.key)
    entry = workspace.add(imported, "名单")
    report = workspace.read_report(entry.key)
    file = workspace.folder_of(entry.key) / name
    whole = file.read_bytes()
    content = bytearray(whole)
    content[at % len(whole)] ^= 1 << bit
    file.write_bytes(content)
    try:
        assert workspace.list_datasets() in ([], [entry])
        assert bool(workspace.list_datasets()) != bool(workspace.broken_datasets())
        if workspace.list_datasets():
            assert workspace.read_report(entry.key) == report
    except DataError:  # it is said
        pass
    finally:
        file.write_bytes(whole)


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", ["rejected.csv", "merged.csv", workspace.DATASET_SOURCE])
def test_a_flipped_bit_beside_the_table_is_a_sentence_and_the_set_opens_all_the_same(imported, name, at, bit):
    source = {"paths": ["名单.csv"], "datum": "auto"}
    entry = next(iter(workspace.list_datasets()), None) or workspace.add(imported, "名单", source=source)
    file = workspace.folder_of(entry.key) / name
    whole = file.read_bytes()
    file.write_bytes(
        whole[: at % len(whole)] + bytes([whole[at % len(whole)] ^ 1 << bit]) + whole[at % len(whole) + 1 :]
    )
    try:
        (said,) = workspace.damages()
        assert name in said
        assert workspace.list_datasets() == [entry]
        assert workspace.verified(entry.key)
        if name == workspace.DATASET_SOURCE:
            with pytest.raises(DataError, match="改动或损坏"):
                workspace.read_source(entry.key)
        else:
            assert workspace.read_source(entry.key) == source
        with pytest.raises(DataError, match=name):  # a copy does not take it for the content
            workspace.add(workspace.folder_of(entry.key), "另一份")
    finally:
        file.write_bytes(whole)
    assert workspace.damages() == []


def test_a_set_of_before_there_were_hashes_of_these_files_opens_as_it_is(imported):
    entry = workspace.add(imported, "名单", source={"paths": ["名单.csv"]})
    record = workspace.folder_of(entry.key) / workspace.DATASET_RECORD
    held = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({name: held[name] for name in held if "sha256" not in name[-13:]} | {
        "enterprises_sha256": held["enterprises_sha256"]}), encoding="utf-8")  # fmt: skip
    (record.parent / "rejected.csv").write_text("changed", encoding="utf-8")
    assert workspace.list_datasets() == [entry]
    assert workspace.read_source(entry.key) == {"paths": ["名单.csv"]}
    assert workspace.damages() == []


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_in_a_kept_area_changes_neither_its_name_nor_its_border(at, bit):
    [key] = drawn_areas.save_areas([box(121.0, 31.0, 121.1, 31.1)], "松江新城")
    held = drawn_areas.load_areas(key)
    file = workspace.workspace_dir() / "areas" / f"{key}.json"
    whole = file.read_bytes()
    content = bytearray(whole)
    content[at % len(whole)] ^= 1 << bit
    file.write_bytes(content)
    try:
        assert drawn_areas.load_areas(key) == held
        assert drawn_areas.damages() == []
    except DataError:  # it is said
        assert drawn_areas.name_of(key) == ""
        assert len(drawn_areas.damages()) == 1
    finally:
        file.write_bytes(whole)


def test_an_area_that_was_kept_under_its_outline_alone_is_still_read():
    outline = drawn_areas.encode(box(121.0, 31.0, 121.1, 31.1))
    key = f"area-{hashlib.sha256(outline.encode()).hexdigest()[:16]}"
    folder = workspace.workspace_dir() / "areas"
    folder.mkdir(parents=True, exist_ok=True)
    held = json.dumps({"name": "松江新城", "area": outline})
    (folder / f"{key}.json").write_text(held, encoding="utf-8")
    assert drawn_areas.name_of(key) == "松江新城"


def test_two_people_name_one_outline_and_neither_changes_the_other_s():
    border = box(121.2, 31.0, 121.3, 31.1)
    [mine], [yours] = (drawn_areas.save_areas([border], name) for name in ("甲的范围", "乙的地块"))
    assert mine != yours
    assert [drawn_areas.name_of(key) for key in (mine, yours)] == ["甲的范围", "乙的地块"]


def facts(data):
    """What a dataset says, as text."""
    counts = [data.facet_index.count({"zone": [zone]}) for zone in ("core", "belt", "other", "unplaced")]
    return data.enterprises.drop(columns="geometry", errors="ignore").to_csv(), data.nodes.to_csv(), counts
