"""The log: a line of JSON for each event, with its request and nobody's data, in a file that stays small."""

import json
import logging

import pytest

from app.log import FILE, event_counts, log_to_file, logged, record_event, request_id
from app.records import corrections
from app.records.database import open_database
from app.records.datasets import add_dataset, delete_dataset
from app.records.enterprises import EnterpriseKey
from app.records.permissions import Person
from geo.ingest.pipeline import import_files


@pytest.fixture
def lines(tmp_path, monkeypatch):
    """Gives the lines of the log of a workspace of its own."""
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "workspace").mkdir()
    with logged():
        yield lambda: [json.loads(line) for line in (tmp_path / "workspace" / FILE).read_text("utf-8").splitlines()]


def test_who_imported_corrected_and_deleted_is_told_without_anybodys_data(lines, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("企业名称,所属区县,法定代表人,电话\n样例甲有限公司,松江区,王小明,13800001111\n", encoding="utf-8")
    import_files([file], tmp_path / "imported")
    db, who = open_database(), Person("张三", proven=True)
    held = request_id.set("abcdef0123456789")
    try:
        added = add_dataset(db, tmp_path / "imported", "松江", who)
        corrections.correct(
            db, EnterpriseKey("样例甲有限公司", ""), "town", "", "新桥镇", "电话 13900002222 核实", "张三"
        )
        corrections.undo(db, 1, "张三")
        delete_dataset(db, added, who)
    finally:
        request_id.reset(held)
    told = lines()
    assert [(line["event"], line["outcome"], line["who"]) for line in told] == [
        ("import", "done", "张三"),
        ("correct", "done", "张三"),
        ("undo", "done", "张三"),
        ("delete", "done", "张三"),
    ]
    assert (told[0]["dataset"], told[0]["rows"], told[1]["column"]) == ("松江", 1, "town")
    assert {line["request"] for line in told} == {"abcdef0123456789"}
    text = json.dumps(told, ensure_ascii=False)
    assert not any(word in text for word in ("样例甲", "王小明", "1380000", "1390000", "新桥"))


def test_what_fails_is_told_and_counted(lines):
    before = event_counts()["import", "failed"]
    record_event("import", "张三", failed=True)
    assert event_counts()["import", "failed"] == before + 1
    assert (lines()[0]["outcome"], lines()[0]["level"]) == ("failed", "WARNING")
    with pytest.raises(KeyError):
        record_event("looked", "张三")


def test_what_nobody_expected_stands_in_one_line_with_its_trace(lines):
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        logging.getLogger("app.server.security").exception("no answer to %s", "/x\n{}")
    (line,) = lines()
    assert line["message"] == "no answer to /x\n{}"
    assert line["trace"].startswith("Traceback")
    assert line["time"][10] == "T"


def test_what_others_merely_note_is_not_kept(lines):
    other = logging.getLogger("some.library")
    other.setLevel(logging.INFO)
    other.info("noted")
    other.warning("warned")
    assert [line["message"] for line in lines()] == ["warned"]


def test_a_command_without_a_workspace_makes_none(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "none"))
    with logged():
        record_event("export", "python -m app", command="export")
    assert not (tmp_path / "none").exists()


def test_where_nothing_can_be_written_nothing_is(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "file" / "workspace"))
    before = list(logging.getLogger().handlers)
    try:
        log_to_file()
        record_event("export", "张三")
        assert (tmp_path / "file").read_text(encoding="utf-8") == ""
    finally:
        logging.getLogger().handlers[:] = before
