"""Who may write: one check that every writer asks, a line in the log for each write, names believed from the proxy only."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely import box
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.cli import main
from app.i18n import word
from app.records import corrections, log, projects, searches, shortlist
from app.records.datasets import add_dataset, delete_dataset, keep_areas, restore_dataset
from app.records.enterprises import enterprise_key
from app.records.people import writer
from app.records.permissions import Person
from app.server.run import serve
from app.server.security import Guard, check_proxy
from app.settings import Settings
from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.ingest.pipeline import import_files

ROOT = Path(__file__).resolve().parents[2]
DATA = load_dataset()
FIRM = enterprise_key(DATA.enterprises.iloc[0], DATA.title)
IDS = DATA.enterprises.index[:3]
LOOKER, ZHANG = Person("", proven=True), Person("张三", proven=True)
AREA = box(121.0, 31.0, 121.1, 31.1)


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER", "EXPLORER_PROXIES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text("企业名称,所属区县\n样例甲有限公司,松江区\n", encoding="utf-8")
    import_files([file], tmp_path / "imported")
    return tmp_path / "imported"


def writers(db: Engine, imported: Path) -> dict[str, tuple[Callable[[Person], Any], int]]:
    """Name → what writes on behalf of a person, and the lines that it leaves in the log; each has what it writes to."""
    entry = shortlist.add(db, [FIRM], "王五", aware=True)[0].entry
    other = shortlist.add(db, [enterprise_key(DATA.enterprises.iloc[1], DATA.title)], "王五")[0].entry
    fixed = corrections.correct(db, FIRM, "park", "", "样例园区", "官网", "王五")
    search = searches.save(db, "甲", "district=310117", "王五", "一月", IDS)
    gone = searches.save(db, "乙", "district=310117", "王五", "一月", IDS)
    lost = searches.save(db, "丁", "district=310117", "王五", "一月", IDS)
    lost_as_it_was = searches.remove(db, lost.id, "王五")
    held, other_set = workspace.add(imported, "已有"), workspace.add(imported, "删掉的")
    aside = delete_dataset(db, other_set, Person("王五", proven=True))
    assert entry
    assert other
    project, ended = (projects.add(db, FIRM, title, "王五") for title in ("一期", "二期"))
    was = projects.add(db, FIRM, "三期", "王五")
    projects.remove(db, was, "王五")
    return {
        "shortlist.add": (lambda who: shortlist.add(db, [FIRM], who, aware=True), 1),
        "shortlist.change": (lambda who: shortlist.change(db, entry, {"next_step": "电话"}, who), 1),
        "shortlist.remove": (lambda who: shortlist.remove(db, other, who), len(shortlist.ENTRY_FIELDS)),
        "projects.add": (lambda who: projects.add(db, FIRM, "四期", who), 5),
        "projects.change": (lambda who: projects.change(db, project, {"department": "经委"}, who), 1),
        "projects.remove": (lambda who: projects.remove(db, ended, who), len(projects.PROJECT_FIELDS)),
        "projects.restore": (lambda who: projects.restore(db, was, who), 5),
        "corrections.correct": (lambda who: corrections.correct(db, FIRM, "town", "", "样例镇", "官网", who), 1),
        "corrections.undo": (lambda who: corrections.undo(db, fixed.id, who), 1),
        "searches.save": (lambda who: searches.save(db, "丙", "district=310117", who, "一月", IDS), 1),
        "searches.look": (lambda who: searches.look(db, search.id, "二月", IDS[:1], who), 1),
        "searches.remove": (lambda who: searches.remove(db, gone.id, who), 1),
        "searches.restore": (lambda who: searches.restore(db, lost_as_it_was, who), 1),
        "datasets.restore": (lambda who: restore_dataset(db, aside, "删掉的", who), 1),
        "datasets.add": (lambda who: add_dataset(db, imported, "新的", who), 1),
        "datasets.delete": (lambda who: delete_dataset(db, held, who), 1),
        "datasets.areas": (lambda who: keep_areas([AREA], "我的片区", who), 1),
    }


NAMES = (
    *("shortlist.add", "shortlist.change", "shortlist.remove"),
    *("projects.add", "projects.change", "projects.remove", "projects.restore"),
    *("corrections.correct", "corrections.undo"),
    *("searches.save", "searches.look", "searches.remove", "searches.restore", "datasets.restore"),
    *("datasets.add", "datasets.delete", "datasets.areas"),
)


def state(db: Engine) -> tuple[Any, ...]:
    areas = workspace.workspace_dir() / "areas"
    return (
        shortlist.entries(db), projects.projects(db), corrections.corrections(db, undone=True), searches.searches(db),
        workspace.list_datasets(), sorted(areas.iterdir()) if areas.is_dir() else [], len(log.read(db)),
    )  # fmt: skip


def test_every_writer_is_looked_at(db: Engine, imported: Path) -> None:
    assert tuple(writers(db, imported)) == NAMES


def test_every_function_that_writes_records_asks_the_one_check() -> None:
    """Whatever opens a transaction to write in `app/records`, in itself or in a function within it."""
    unasked = []
    for path in sorted((ROOT / "app" / "records").glob("*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef):
                calls = {
                    node.func.id
                    for node in ast.walk(function)
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                }
                if "writing" in calls and not calls & {"writer"}:
                    unasked.append(f"{path.stem}.{function.name}")
    assert unasked == [
        "accounts.note_account", "accounts.end_sign_in",  # what the server itself notes of a sign-in
        "database._open",  # makes the tables
        "notices.claim", "notices.settle", "notices.decide",  # what the operator's command sends
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_who_may_only_look_changes_nothing(db: Engine, imported: Path, name: str) -> None:
    write, _ = writers(db, imported)[name]
    before = state(db)
    with pytest.raises(DataError, match="只能查看"):
        write(LOOKER)
    assert state(db) == before


@pytest.mark.parametrize("name", NAMES)
def test_each_write_is_a_line_of_the_log_with_its_writer(db: Engine, imported: Path, name: str) -> None:
    write, lines = writers(db, imported)[name]
    before = len(log.read(db))
    write(ZHANG)
    written = log.read(db).head(len(log.read(db)) - before)
    assert len(written) == lines
    assert set(written["who"]) == {"张三"}
    assert set(written["subject"]) <= set(log.SUBJECTS)
    assert set(written["action"]) <= set(log.ACTIONS)


def test_a_short_area_without_a_name_is_no_write(db: Engine) -> None:
    assert len(keep_areas([AREA], " ", LOOKER)) == 1
    assert log.read(db).empty


def test_a_dataset_that_is_refused_leaves_no_line(db: Engine, imported: Path) -> None:
    with pytest.raises(DataError):
        add_dataset(db, imported, "内置样本", ZHANG)
    assert log.read(db).empty


def test_a_command_that_adds_a_dataset_leaves_a_line_too(db: Engine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("企业名称\n样例甲有限公司\n", encoding="utf-8")
    for more in ([], ["--replace"]):
        assert main(["import", str(file), "--as", "名单", *more]) == 0
    assert (
        log.read(db)[["who", "action", "subject", "name"]].to_numpy().tolist()
        == [["python -m app", "add", "dataset", "名单"]] * 2
    )


def test_without_a_proxy_a_record_needs_a_name_and_an_import_does_not(db: Engine, imported: Path) -> None:
    with pytest.raises(DataError, match="请先填写姓名"):
        writer(Person("", proven=False))
    assert add_dataset(db, imported, "新的", Person("", proven=False)).rows == 1
    assert "未署名" in log.read(db)["who"].iloc[0]


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=180)
    app.session_state["person_name"] = "张三"
    app.run().switch_page(f"views/{page}").run()
    assert not app.exception
    return app


def test_a_page_whose_proxy_names_nobody_offers_no_deletion(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = workspace.add(imported, "已有")
    assert not opened("import_/page.py").button(key=f"delete_{entry.key}").disabled
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    assert opened("import_/page.py").button(key=f"delete_{entry.key}").disabled


def test_an_installation_open_to_all_shows_nobody_how_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """There everybody is an administrator: the folders of the server and its variables are no business of theirs."""
    assert [str(one.value) for one in opened("admin.py").dataframe if "EXPLORER_WORKSPACE" in one.value.to_string()]
    monkeypatch.setenv("EXPLORER_OPEN", "1")
    assert not opened("admin.py").dataframe


# The header


def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.headers.get("x-remote-user", "nobody"))


def asked(client: str, *values: str) -> tuple[int, str]:
    app = Starlette(routes=[Route("/", echo)], middleware=[Middleware(Guard)])
    with TestClient(app, base_url="http://localhost", client=(client, 50000)) as http:
        answer = http.get("/", headers=[("X-Remote-User", value) for value in values])
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("proxies", "client", "believed"),
    [
        ("", "127.0.0.1", True),
        ("", "::1", True),
        ("", "::ffff:127.0.0.1", True),
        ("", "10.0.0.5", False),
        ("10.0.0.5", "10.0.0.5", True),
        ("10.0.0.5, 10.1.0.0/16", "10.1.200.3", True),
        ("10.0.0.5", "10.0.0.6", False),
        ("10.0.0.5", "127.0.0.1", False),
        ("10.0.0.5", "no address", False),
    ],
)
def test_a_name_is_believed_from_the_named_proxy_only(
    monkeypatch: pytest.MonkeyPatch, proxies: str, client: str, believed: bool
) -> None:
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    monkeypatch.setenv("EXPLORER_PROXIES", proxies)
    assert asked(client, "zhang") == (200, "zhang" if believed else "nobody")


def test_two_headers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    status, sentence = asked("127.0.0.1", "zhang", "wang")
    assert status == 400
    assert "出现了两次" in sentence
    assert asked("127.0.0.1") == (200, "nobody")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "map.example.cn"])
def test_the_server_refuses_what_the_guides_forbid(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    with pytest.raises(DataError, match="没有写明代理的地址"):
        serve(host, 1)
    for allowed in ("127.0.0.1", "::1", "localhost"):
        check_proxy(Settings.from_environment(), allowed)
    monkeypatch.setenv("EXPLORER_PROXIES", "10.0.0.5")
    check_proxy(Settings.from_environment(), host)
    monkeypatch.setenv("EXPLORER_PROXIES", "proxy.example.cn")
    with pytest.raises(DataError, match="不是地址"):
        check_proxy(Settings.from_environment(), host)
    monkeypatch.delenv("EXPLORER_USER_HEADER")
    monkeypatch.delenv("EXPLORER_PROXIES")
    check_proxy(Settings.from_environment(), host)


@pytest.mark.parametrize(
    "guide", ["docs/staff.md", "docs/staff.en.md", "docs/reference.md", "app/setup/bundled/START.txt"]
)
def test_every_guide_that_names_the_header_names_the_proxy(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    assert "EXPLORER_USER_HEADER" in text
    assert "EXPLORER_PROXIES" in text


def test_what_a_looking_session_is_told_is_one_sentence() -> None:
    assert word("person.proxy.silent", "zh")
    with pytest.raises(DataError) as refused:
        writer(LOOKER)
    assert len(str(refused.value)) < 120
