"""The connection to PostgreSQL is lost while somebody edits: nothing typed is lost without a word, nothing kept twice."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from streamlit.testing.v1 import AppTest

from app.records import database, log, projects, shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey
from tests.records import SERVER, server

__all__ = ["server"]

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"


class Connections:
    """Those of one test."""

    name = f"t{uuid4().hex}"
    lost = 0

    def lose(self) -> None:
        """Have the server end them all."""
        admin = create_engine(SERVER)
        ended = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = :name")
        with admin.connect() as connection:
            self.lost += len(connection.execute(ended, {"name": self.name}).all())
        admin.dispose()


@pytest.fixture
def connections(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connections]:
    for name in ("EXPLORER_SET", "EXPLORER_USER_HEADER", "EXPLORER_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(database, "RETRY_SECONDS", 0)
    monkeypatch.setenv("EXPLORER_DATABASE", f"{server}&application_name={Connections.name}")
    yield Connections()
    open_database().dispose()


class Edit:
    """A page on which somebody has written and not saved: a follow-up, or a project."""

    def __init__(self, kind: str) -> None:
        self.kind, db = kind, open_database()
        firm = EnterpriseKey("样例甲（上海）有限公司")
        held: shortlist.Entry | projects.Project | None = shortlist.add(db, [firm], "张三")[0].entry
        if kind == "project":
            held = projects.add(db, firm, "一期", "张三")
        assert held
        field = "notes" if kind == "entry" else "files"
        self.id, self.box = held.id, f"{kind}_{field}_{held.id}_{held.version}"
        self.app = AppTest.from_file(str(ENTRY), default_timeout=60)
        self.app.session_state["person_name"] = "张三"
        if kind == "project":
            self.app.query_params["shortlist_view"] = "projects"
        self.app.run().switch_page("views/shortlist/page.py").run()
        self.app.selectbox(key=f"{kind}_id").set_value(held.id).run()
        self.app.text_area(key=self.box).set_value("写了半天的话").run()
        assert not self.app.exception

    def save(self) -> str:
        """Click save; what the page says."""
        self.app.button(key=f"{self.kind}_save").click().run()
        assert not self.app.exception
        app = self.app
        return " ".join(one.value for kind in (app.success, app.warning, app.info, app.error) for one in kind)

    def kept(self) -> list[str]:
        """What the log says was written."""
        lines = log.read(open_database()).query("action == 'change'")
        return lines["new"].tolist()


@pytest.mark.parametrize("kind", ["entry", "project"])
def test_lost_between_typing_and_saving_it_is_saved_all_the_same(connections, kind):
    edit = Edit(kind)
    connections.lose()
    assert connections.lost
    assert "已保存" in edit.save()
    assert edit.kept() == ["写了半天的话"]


@pytest.mark.parametrize("kind", ["entry", "project"])
def test_lost_in_the_middle_of_the_write_it_is_said_and_what_was_typed_stays(connections, kind, monkeypatch):
    edit = Edit(kind)
    write = log.write

    def lose(*given, **named):
        connections.lose()
        write(*given, **named)

    monkeypatch.setattr(log, "write", lose)
    assert "数据库读写不了" in edit.save()
    assert connections.lost
    monkeypatch.setattr(log, "write", write)
    assert edit.app.text_area(key=edit.box).value == "写了半天的话"
    assert edit.kept() == []
    assert "已保存" in edit.save()
    assert edit.kept() == ["写了半天的话"]


@pytest.mark.parametrize("kind", ["entry", "project"])
def test_while_the_database_is_gone_it_is_said_and_what_was_typed_is_there_afterwards(connections, kind, monkeypatch):
    edit = Edit(kind)
    reachable = database._opened.copy()
    connections.lose()
    with monkeypatch.context() as gone:
        gone.setenv("EXPLORER_DATABASE", "postgresql://tests@127.0.0.1:1/postgres")
        assert "数据库" in edit.save()
        edit.app.run()
    database._opened.update(reachable)
    edit.app.run()
    assert edit.app.text_area(key=edit.box).value == "写了半天的话"
    assert "已保存" in edit.save()
    assert edit.kept() == ["写了半天的话"]
