"""A dataset that is one person's: every route and every page for every role, and what is kept of it, without a trace of it."""

import ast
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.cli import main
from app.commands.refresh import _keep_former
from app.records import annotations, corrections, log, projects, searches, shortlist
from app.records.accounts import admitted, give
from app.records.datasets import add_dataset, change_rights, delete_dataset
from app.records.enterprises import enterprise_key
from app.records.permissions import ANYBODY, NOBODY, ROLES, Person
from app.records.visibility import may_see
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.datasets import find, serve
from app.server.downloads import folder, register_file
from app.server.openapi import RESOURCES
from app.server.prerender import serve_page
from app.ui.area_dialog import _written
from app.ui.download import offer_file
from app.ui.page import PAGES
from app.ui.person import check_still_admitted, hold_person, person_now
from app.ui.session import Session, current, hold
from app.views.shortlist.log import _whole
from geo.datasets import workspace
from geo.datasets.rights import DatasetRights
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.ingest.pipeline import import_files
from layers.base import View

ROOT = Path(__file__).resolve().parents[2]
SECRET = re.compile("SECRET", re.IGNORECASE)
LIST = (
    "企业名称,所属区县,经度,纬度\nSECRETFIRM甲有限公司,松江区,121.23,31.03\nSECRETFIRM乙有限公司,嘉定区,121.25,31.38\n"
)
OWNER = "owner"
HEADER = "X-Remote-User"


@pytest.fixture(autouse=True)
def proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation behind a proxy that names people; who was given no role may look."""
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("EXPLORER_USER_HEADER", HEADER)
    monkeypatch.setenv("EXPLORER_DEFAULT_ROLE", "reader")
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_PROXIES", "EXPLORER_SIGN_IN", "EXPLORER_API"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    import_files([file], tmp_path / "imported")
    return tmp_path / "imported"


@pytest.fixture
def people(db: Engine) -> dict[str, Person]:
    """One of each role, and the owner."""
    for role in ROLES:
        give(db, role, role, [], ANYBODY._replace(name="op"))
    give(db, OWNER, "importer", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    return {name: admitted(name, name) for name in (*ROLES, OWNER)}


@pytest.fixture
def private(db: Engine, imported: Path, people: dict[str, Person]) -> ImportedDataset:
    """The owner's own dataset, of which the owner has kept something of every kind."""
    owner = people[OWNER]
    entry = add_dataset(db, imported, "SECRETLIST", owner, rights=DatasetRights(OWNER, "private"))
    data = find(entry.key, owner)
    firm = enterprise_key(data.enterprises.iloc[0], data.title, dataset=data.key)
    picked = shortlist.add(db, [firm], owner)[0].entry
    assert picked
    shortlist.change(db, picked, {"notes": "SECRETNOTE"}, owner)
    projects.add(db, firm, "SECRETPROJECT", owner)
    searches.save(db, "SECRETSEARCH", "q=SECRETFIRM", owner, data.title, data.enterprises.index, data.key)
    annotations.add(db, data.key, "SECRETMARK", {"type": "Point", "coordinates": [121.5, 31.2]}, owner)
    give(db, OWNER, "corrector", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    corrections.correct(db, firm, "park", "", "SECRETPARK", "SECRETREASON", admitted(OWNER, OWNER))
    give(db, OWNER, "importer", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    return entry


END = time.time() + 600
OTHERS = tuple(role for role in ROLES if role != "administrator")


def client() -> TestClient:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), follow_redirects=False)


def addresses(name: str) -> Iterator[str]:
    """Every route that a dataset can be named in, with it named."""
    for route in ROUTES:
        if "{set}" in route.path:
            yield route.path.format(set=name, z=9, x=428, y=209)
    yield from (f"/{one}?set={name}" for one in ("marks", "places"))
    yield f"/extent?set={name}&west=121&south=31&east=122&north=32"
    yield f"/at?set={name}&lon=121.23&lat=31.03&zoom=9"
    for resource in RESOURCES:
        path = resource.path.replace("{collection}", name).replace("{id}", "x").replace("{feature}", "x")
        named = any(parameter.name == "set" for parameter in resource.parameters)
        yield f"{path}?set={name}" if named else path


@pytest.mark.parametrize("role", OTHERS)
def test_no_route_tells_of_it(role: str, private: ImportedDataset, people: dict[str, Person]) -> None:
    owned = find(private.key, people[OWNER])
    http, asking, owning = client(), {HEADER: role}, {HEADER: OWNER}
    for name in (private.key, "SECRETLIST", serve(owned)):
        for real, absent in zip(addresses(name), addresses("absent"), strict=True):
            if name == "SECRETLIST" and real.startswith(("/marks", "/places", "/extent", "/at")):
                continue  # those know ids, which the owner has from the page
            if name == private.key:
                assert http.get(real, headers=owning).status_code == (404 if "/x" in real else 200), real
            theirs, nothing = http.get(real, headers=asking), http.get(absent, headers=asking)
            assert theirs.status_code == nothing.status_code, real
            assert (
                theirs.text.replace(name, "?") == nothing.text.replace("absent", "?") or "timeStamp" in theirs.text
            ), real
            assert not SECRET.search(theirs.text.replace(name, "?")), real
    assert "SECRETLIST" in http.get("/api/v1/datasets", headers=owning).text
    assert "SECRETFIRM" in http.get(f"/api/v1/enterprises?set={private.key}", headers=owning).text


@pytest.mark.parametrize("role", OTHERS)
def test_no_file_and_no_drawn_page_of_it_is_handed_on(role: str, private: ImportedDataset) -> None:
    file = folder() / f"{role}-SECRET.csv"
    file.write_text("SECRETFIRM", encoding="utf-8")
    drawn = serve_page(f"<p>SECRETFIRM {role}</p>", private.key)
    exported = f"/exports/{register_file(file, role, OWNER)}"
    http = client()
    for path in (drawn, exported):
        assert http.get(path, headers={HEADER: OWNER}).status_code == 200
        refused = http.get(path, headers={HEADER: role})
        assert refused.status_code == (403 if role == "none" else 404)
        assert not SECRET.search(refused.text)
    assert http.get(drawn, headers={HEADER: "administrator"}).status_code == 200


def said(app: AppTest) -> str:
    """All that a page sends to its browser."""

    def walk(block: Any) -> Iterator[str]:
        yield str(getattr(block, "proto", ""))
        for child in getattr(block, "children", {}).values():
            yield from walk(child)

    return "\n".join(walk(app._tree))


def page_of(monkeypatch: pytest.MonkeyPatch, name: str, key: str) -> AppTest:
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: {HEADER: name}))
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=240)
    app.query_params["set"] = key
    return app.run()


VIEWS: dict[str, list[dict[str, str]]] = {
    "shortlist/page.py": [{}, {"shortlist_view": "projects"}],
    "map.py": [{}, {"map_content": "hexagons"}],
}
"""What else a page shows by its address."""


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_tells_of_it(role: str, private: ImportedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(monkeypatch, role, private.key)
    views = [(page, view) for page in PAGES for view in VIEWS.get(page.script, [{}])]
    for page, view in views if role != "none" else views[:1]:
        if page.action == "read":
            app.session_state["searches"] = True
            for name, value in view.items():
                app.query_params[name] = value
            app.switch_page(f"views/{page.script}").run()
        assert not app.exception
        # The address that was asked for is said back; nothing else is.
        stem, _, digest = private.key.rpartition("-")
        told = re.sub(rf"{stem}\W+{digest}", "", said(app))
        assert not SECRET.search(told), (page.name, view, SECRET.search(told))


def test_the_owner_s_pages_tell_of_it(private: ImportedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(monkeypatch, OWNER, private.key)
    for script, word in {
        "enterprises/page.py": "SECRETFIRM",
        "import_/page.py": "SECRETLIST",
        "shortlist/page.py": "SECRETNOTE",
    }.items():
        app.switch_page(f"views/{script}").run()
        assert not app.exception
        assert word in said(app)
    app.query_params["shortlist_view"] = "projects"
    app.switch_page("views/shortlist/page.py").run()
    assert "SECRETPROJECT" in said(app)


@pytest.mark.parametrize("role", OTHERS)
def test_nothing_that_was_kept_of_it_is_shown(
    db: Engine, role: str, private: ImportedDataset, people: dict[str, Person]
) -> None:
    other, owner = people[role], people[OWNER]
    firm = enterprise_key(find(private.key, owner).enterprises.iloc[0])

    def kept(person: Person) -> tuple[int, ...]:
        return (
            len(shortlist.entries(db, person)), len(shortlist.followers(db, firm, person)), len(searches.searches(db, person)),
            len(corrections.corrections_of(db, firm, person)), int(log.read(db, person=person)["name"].str.contains("SECRET").sum()),
        )  # fmt: skip

    assert kept(other) == (0, 0, 0, 0, 0)
    assert min(kept(owner)) > 0
    delete_dataset(db, private, owner)
    assert kept(other) == (0, 0, 0, 0, 0)
    assert min(kept(owner)) > 0  # the owner's records outlive the dataset


def test_a_correction_made_of_it_is_laid_over_nothing_else(
    db: Engine, imported: Path, private: ImportedDataset, people: dict[str, Person]
) -> None:
    shared = add_dataset(db, imported, "shared", people["administrator"])
    assert "SECRETPARK" in set(find(private.key, people[OWNER]).enterprises["park"])
    assert "SECRETPARK" not in set(find(shared.key, people["reader"]).enterprises["park"])
    change_rights(db, private, DatasetRights(OWNER, "all"), people[OWNER])
    assert "SECRETPARK" in set(find(shared.key, people["reader"]).enterprises["park"])


def test_a_group_sees_what_it_is_shown_until_it_is_not(
    db: Engine, private: ImportedDataset, people: dict[str, Person]
) -> None:
    give(db, "reader", "reader", ["招商"], people["administrator"])
    reader = admitted("reader", "reader")
    with pytest.raises(KeyError):
        find(private.key, reader)
    change_rights(db, private, DatasetRights(OWNER, "groups", ("招商",)), people[OWNER])
    assert len(find(private.key, reader).enterprises) == 2
    with pytest.raises(KeyError):
        find(private.key, people["importer"])
    change_rights(db, private, DatasetRights(OWNER, "private"), people["administrator"])
    with pytest.raises(KeyError):
        find(private.key, reader)
    assert client().get(f"/marks?set={private.key}", headers={HEADER: "reader"}).status_code == 404


def test_a_title_that_is_hidden_is_not_taken(
    db: Engine, imported: Path, private: ImportedDataset, people: dict[str, Person]
) -> None:
    mine = add_dataset(db, imported, "SECRETLIST", people["importer"])
    assert mine.key != private.key
    assert (
        workspace.another_title("SECRETLIST", owner="x", known=people["reader"].knows) == "SECRETLIST (2)"
    )  # mine, which all see
    with pytest.raises(DataError, match="已有同名"):
        add_dataset(db, imported, "SECRETLIST", people["importer"])
    assert find("SECRETLIST", people["reader"]).key == mine.key


def test_another_s_dataset_is_neither_replaced_nor_deleted_nor_changed(
    db: Engine, imported: Path, people: dict[str, Person]
) -> None:
    owner, other = people[OWNER], people["importer"]
    held = add_dataset(db, imported, "shared", owner)
    assert other.sees(held.rights)
    with pytest.raises(DataError, match="别人的"):
        add_dataset(db, imported, "shared", other, replace=True)
    with pytest.raises(DataError, match="别人的"):
        delete_dataset(db, held, other)
    with pytest.raises(DataError, match="别人的"):
        change_rights(db, held, DatasetRights("importer", "private"), other)
    assert workspace.list_datasets() == [held]
    add_dataset(db, imported, "shared", owner, replace=True)
    assert workspace.rights_of(held.key) == DatasetRights(OWNER)
    delete_dataset(db, workspace.list_datasets()[0], people["administrator"])
    assert workspace.list_datasets() == []


def test_damaged_rights_show_a_dataset_to_nobody(private: ImportedDataset, people: dict[str, Person]) -> None:
    file = workspace.folder_of(private.key) / "set.json"
    content = json.loads(file.read_text("utf-8"))
    del content["record_sha256"]  # as of a record that was written by hand
    damaged: tuple[Any, ...] = ({"seen_by": "everyone"}, {"owner": 1}, [], "all", {"owner": OWNER, "seen_by": "all"})
    for wrong in damaged:
        file.write_text(json.dumps(content | {"rights": wrong}), encoding="utf-8")
        assert workspace.list_datasets() == []
        with pytest.raises(KeyError):
            find(private.key, people["reader"])


# Names that two people gave


@pytest.fixture
def taken(db: Engine, imported: Path, private: ImportedDataset, people: dict[str, Person]) -> ImportedDataset:
    """The title of the owner's private dataset, taken by another importer, who does not know of that one, for all to see."""
    return add_dataset(db, imported, private.title, people["importer"])


def importing(tmp_path: Path, *more: str) -> int:
    file = tmp_path / "new.csv"
    file.write_text("企业名称,所属区县\nSECRETFIRM丙有限公司,松江区\n", encoding="utf-8")
    return main(["import", str(file), *more])


def test_a_command_that_replaces_says_that_several_have_the_name(
    private: ImportedDataset, taken: ImportedDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert importing(tmp_path, "--as", private.title, "--replace") == 2
    assert main(["refresh", private.title]) == 2
    told = capsys.readouterr().err
    assert told.count("有几个同名的数据集") == 2
    assert told.count(private.key) == told.count(taken.key) == 2
    assert [workspace.only(one.key) for one in (private, taken)] == [private, taken]


def test_a_command_replaces_the_one_of_a_key_or_of_an_owner(
    private: ImportedDataset, taken: ImportedDataset, tmp_path: Path
) -> None:
    assert importing(tmp_path, "--as", private.key, "--replace") == 0
    held = workspace.only(private.key)
    assert held is not None
    assert (held.rows, held.title, held.rights) == (1, private.title, private.rights)
    assert importing(tmp_path, "--as", private.title, "--owner", OWNER, "--seen-by", "private", "--replace") == 0
    assert workspace.only(taken.key) == taken
    workspace.delete(private.key)
    assert importing(tmp_path, "--as", private.title, "--owner", OWNER, "--seen-by", "private", "--replace") == 0
    assert workspace.only(taken.key) == taken
    assert workspace.only(private.title, OWNER) == workspace.only(private.key)


def test_programs_are_told_of_a_name_that_is_not_one(
    private: ImportedDataset, taken: ImportedDataset, people: dict[str, Person]
) -> None:
    assert find(private.title, people["reader"]).key == taken.key
    with pytest.raises(DataError, match="有几个同名"):
        find(private.title, people["administrator"])
    answer = client().get(f"/api/v1/enterprises?set={private.title}", headers={HEADER: "administrator"})
    assert answer.status_code == 400
    assert private.key in answer.json()["detail"]
    assert taken.key in answer.json()["detail"]
    assert client().get(f"/api/v1/enterprises?set={private.key}", headers={HEADER: OWNER}).status_code == 200


def test_the_page_replaces_the_person_s_own_of_a_name_that_two_gave(
    private: ImportedDataset, taken: ImportedDataset, people: dict[str, Person], db: Engine, imported: Path
) -> None:
    added = add_dataset(db, imported, private.title, people[OWNER], replaces=private)
    assert (added.key, added.rights) == (private.key, private.rights)
    assert workspace.only(taken.key) == taken


def test_a_title_is_not_the_key_of_another(db: Engine, imported: Path, people: dict[str, Person]) -> None:
    shared = add_dataset(db, imported, "shared", people["administrator"])
    with pytest.raises(DataError, match="编号"):
        add_dataset(db, imported, shared.key, people["importer"])


# What changes while something is read, made or looked at


def test_what_is_replaced_keeps_the_rights_that_it_has_at_the_end(
    db: Engine, imported: Path, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, copy = add_dataset(db, imported, "shared", people[OWNER]), workspace.shutil.copyfile

    def slow(source: Path, target: Path) -> None:
        change_rights(db, shared, DatasetRights(OWNER, "private"), people[OWNER])
        copy(source, target)

    monkeypatch.setattr(workspace.shutil, "copyfile", slow)
    assert add_dataset(db, imported, "shared", people[OWNER], replaces=shared).rights.seen_by == "private"
    assert workspace.rights_of(shared.key) == DatasetRights(OWNER, "private")


def test_what_was_deleted_meanwhile_does_not_come_back_for_all(
    db: Engine, imported: Path, private: ImportedDataset, people: dict[str, Person]
) -> None:
    delete_dataset(db, private, people[OWNER])
    with pytest.raises(DataError, match="已被删除"):
        add_dataset(db, imported, private.title, people[OWNER], replaces=private)
    assert workspace.list_datasets() == []
    assert add_dataset(db, imported, private.title, people[OWNER], replace=True).rights == DatasetRights(
        OWNER, "private"
    )


def test_a_refresh_keeps_the_former_with_the_rights_of_now(
    db: Engine, imported: Path, people: dict[str, Person]
) -> None:
    shared = add_dataset(db, imported, "shared", people[OWNER])
    change_rights(db, shared, DatasetRights(OWNER, "private"), people[OWNER])
    kept = workspace.only(_keep_former(shared))
    assert kept is not None
    assert kept.rights == DatasetRights(OWNER, "private")
    workspace.delete(shared.key)
    workspace.delete(kept.key)
    with pytest.raises(DataError, match="已被删除"):
        _keep_former(shared)


def test_a_deletion_logs_the_rights_of_now_whoever_deletes(
    db: Engine, imported: Path, people: dict[str, Person]
) -> None:
    drawn = add_dataset(db, imported, "shared", people[OWNER])
    change_rights(db, drawn, DatasetRights(OWNER, "private"), people[OWNER])
    delete_dataset(db, drawn, ANYBODY)
    lines = log.read(db, subject="dataset")
    assert json.loads(lines[lines["field"] == "rights"]["old"].iloc[0]) == [OWNER, "private", []]
    assert not may_see(people["reader"], drawn.key)


def test_a_look_at_what_is_hidden_tells_nothing_of_its_enterprises(
    db: Engine, private: ImportedDataset, people: dict[str, Person]
) -> None:
    owner, reader = people[OWNER], people["reader"]
    ids = find(private.key, owner).enterprises.index
    search = searches.save(db, "public", "q=a", owner, "sample", pd.Index(["x"]))
    searches.look(db, search.id, "SECRETLIST", ids, owner, private.key)
    for guess in (ids, ids[:1], pd.Index(["y"])):
        assert searches.news(db, search.id, guess, reader) == (True, None, None)
    assert not searches.news(db, search.id, ids, owner).changed
    hidden = searches.searches(db, owner)
    (secret,) = [one for one in hidden if one.name == "SECRETSEARCH"]
    with pytest.raises(DataError, match="已被删除"):
        searches.news(db, secret.id, ids, reader)


def test_who_may_not_read_sees_nothing_whatever_the_dataset(people: dict[str, Person]) -> None:
    assert not may_see(NOBODY, "")
    assert not may_see(people["none"], "")
    assert may_see(people["reader"], "")
    assert may_see(ANYBODY, "")


def test_every_part_of_a_page_that_runs_alone_asks_first_who_it_is() -> None:
    """Fragments and dialogs, however they are made: a name after ``st.fragment(`` or ``st.dialog(…)(``, or a decorator."""
    alone: dict[str, ast.FunctionDef] = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and re.match(r"st\.(fragment|dialog)\(", ast.unparse(node)):
                for one in node.args:
                    if isinstance(one, ast.Name) and one.id in functions:
                        alone[f"{path.stem}.{one.id}"] = functions[one.id]
        for function in functions.values():
            if any(re.match(r"st\.(fragment|dialog)\b", ast.unparse(one)) for one in function.decorator_list):
                alone[f"{path.stem}.{function.name}"] = function
    assert sorted(alone) == [
        "annotations._draw",
        "area_dialog._draw",
        "datasets._confirm_delete",
        "entry._draw_news",
        "replay._draw_year",
    ]
    for name, function in alone.items():
        first = next(line for line in function.body if not isinstance(getattr(line, "value", None), ast.Constant))
        assert ast.unparse(first) == "check_still_admitted()", name


@pytest.mark.parametrize("taken_away", ["role", "dataset"])
def test_a_part_of_a_page_ends_with_the_right_to_it(
    db: Engine, private: ImportedDataset, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch, taken_away: str
) -> None:
    data = find(private.key, people[OWNER])
    begun: list[str] = []
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: {HEADER: OWNER}))
    monkeypatch.setattr(st, "rerun", lambda scope: begun.append(scope))
    with hold(Session("zh", data, Filters())):
        check_still_admitted()
        assert begun == []
        if taken_away == "role":
            give(db, OWNER, "none", [], people["administrator"])
        else:
            change_rights(db, private, DatasetRights("other", "private"), people["administrator"])
        check_still_admitted()
    assert begun == ["app"]


@pytest.mark.parametrize("taken_away", ["role", "dataset"])
def test_a_file_is_made_for_who_may_have_it_when_it_is_taken(
    db: Engine, private: ImportedDataset, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch, taken_away: str
) -> None:
    data = find(private.key, people[OWNER])
    offered: list[Callable[[], bytes | str]] = []
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: {HEADER: OWNER}))
    monkeypatch.setattr(st, "download_button", lambda _label, content, *_args, **_more: offered.append(content))
    with hold(Session("zh", data, Filters())):
        offer_file("x", lambda: f"{person_now().name} {len(current().data.enterprises)}", "x.csv", "x")
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: {}))  # no page is drawn any more
    assert offered[0]() == f"{OWNER} 2"
    if taken_away == "role":
        give(db, OWNER, "none", [], people["administrator"])
    else:
        change_rights(db, private, DatasetRights("other", "private"), people["administrator"])
    with pytest.raises(DataError, match="没有这个数据集"):
        offered[0]()


def test_the_log_as_a_file_is_that_of_who_takes_it(
    db: Engine, private: ImportedDataset, people: dict[str, Person]
) -> None:
    session = Session("zh", find(private.key, people[OWNER]), Filters())
    texts = []
    for name in (OWNER, "reader"):
        with hold(session), hold_person(people[name]):
            texts.append(_whole(session, db, "csv").decode("utf-8-sig"))
    assert ["SECRETNOTE" in text for text in texts] == [True, False]


def test_an_export_is_not_fetched_once_its_dataset_is_hidden(
    db: Engine, private: ImportedDataset, people: dict[str, Person]
) -> None:
    file = folder() / "later-SECRET.csv"
    file.write_text("SECRETFIRM", encoding="utf-8")
    address = f"/exports/{register_file(file, 'later', OWNER, private.key)}"
    assert client().get(address, headers={HEADER: OWNER}).status_code == 200
    change_rights(db, private, DatasetRights("other", "private"), people["administrator"])
    assert client().get(address, headers={HEADER: OWNER}).status_code == 404


def test_the_log_tells_of_a_hidden_dataset_to_nobody_else(
    db: Engine, private: ImportedDataset, people: dict[str, Person]
) -> None:
    owner, reader = people[OWNER], people["reader"]
    data = find(private.key, owner)
    (secret,) = [one for one in searches.searches(db, owner) if one.name == "SECRETSEARCH"]
    searches.look(db, secret.id, "sample", pd.Index(["x"]), owner, "")
    other = add_dataset(db, workspace.folder_of(private.key), "shared", people["administrator"])
    searches.look(db, secret.id, "shared", pd.Index(["x"]), owner, other.key)
    searches.save(db, "SECRETSEARCH", "q=a", owner, "shared", pd.Index(["x"]), other.key)
    firm = enterprise_key(data.enterprises.iloc[0], "shared", dataset=other.key)
    picked = shortlist.add(db, [firm], people["administrator"], aware=True)[0].entry
    assert picked
    told = log.read(db, person=reader)
    searched = told[told["subject"] == "search"]
    assert not (searched[["old", "new"]].map(SECRET.search).notna()).any(axis=None)
    assert set(searched["action"]) == {"change"}  # the looks name a search that was the hidden one's
    followed = told[(told["subject"] == "shortlist") & (told["field"] == "followers")]
    assert followed[["old", "new"]].to_numpy().tolist() == [["", "administrator"]]
    mine = shortlist.add(db, [firm], admitted("follower", "follower"), aware=True)[0].entry
    assert mine
    with pytest.raises(DataError) as refused:
        shortlist.change(db, mine, {"owner": OWNER}, people["follower"])
    assert "已在跟进" not in str(refused.value)
    with pytest.raises(DataError, match="已在跟进"):
        shortlist.change(db, mine, {"owner": "administrator"}, people["follower"])


def test_a_search_is_its_owner_s_to_delete(db: Engine, people: dict[str, Person]) -> None:
    held = searches.save(db, "mine", "q=a", people[OWNER], "sample", pd.Index(["x"]))
    with pytest.raises(DataError, match="别人收藏的"):
        searches.remove(db, held.id, people["follower"])
    assert [one.name for one in searches.searches(db, people["reader"])] == ["mine"]
    assert searches.remove(db, held.id, people[OWNER])["name"] == "mine"
    again = searches.save(db, "mine", "q=a", people[OWNER], "sample", pd.Index(["x"]))
    assert searches.remove(db, again.id, people["administrator"])


def test_a_correction_of_a_hidden_dataset_stays_with_it_in_an_operator_s_shell(
    private: ImportedDataset, db: Engine, imported: Path, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = add_dataset(db, imported, "shared", people["administrator"])
    monkeypatch.delenv("EXPLORER_USER_HEADER")  # as in a shell that does not know the service's environment
    assert "SECRETPARK" not in set(find(shared.key, ANYBODY).enterprises["park"])
    assert "SECRETPARK" in set(find(private.key, ANYBODY).enterprises["park"])


def test_where_nobody_signs_in_corrections_outlive_their_dataset(
    db: Engine, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXPLORER_USER_HEADER")
    gone, other = (add_dataset(db, imported, title, ANYBODY) for title in ("gone", "other"))
    firm = enterprise_key(find(gone.key, ANYBODY).enterprises.iloc[0], "gone", dataset=gone.key)
    corrections.correct(db, firm, "park", "", "样例园区", "官网", "张三")
    delete_dataset(db, gone, ANYBODY)
    assert "样例园区" in set(find(other.key, ANYBODY).enterprises["park"])


def test_maps_of_areas_are_those_of_their_dataset(
    db: Engine, imported: Path, private: ImportedDataset, people: dict[str, Person]
) -> None:
    """The same rows under another title are another map: it says where its rows are from."""
    shared = add_dataset(db, imported, "shared", people["administrator"])
    view = View()
    own, everybody_s = (_written((), view, find(entry.key, people[OWNER])) for entry in (private, shared))
    assert (own.dataset, everybody_s.dataset) == (private.key, shared.key)
    assert not SECRET.search(everybody_s.script)
