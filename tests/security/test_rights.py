"""A dataset that is one person's: every route and every page for every role, and what is kept of it, without a trace of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.cli import main
from app.records import corrections, log, searches, shortlist
from app.records.accounts import admitted, give, list_accounts, note_account
from app.records.datasets import add_dataset, change_rights, delete_dataset
from app.records.enterprises import enterprise_key
from app.records.permissions import ANYBODY, PERMISSIONS, ROLES, Person
from app.records.tokens import add_token
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.datasets import find, serve
from app.server.downloads import folder, register_file
from app.server.openapi import RESOURCES
from app.server.prerender import serve_page
from app.ui.page import PAGES
from geo.datasets import workspace
from geo.datasets.rights import DatasetRights
from geo.datasets.workspace import ImportedDataset
from geo.errors import DataError
from geo.ingest.pipeline import import_files

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
    searches.save(db, "SECRETSEARCH", "q=SECRETFIRM", owner, data.title, data.enterprises.index, data.key)
    give(db, OWNER, "corrector", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    corrections.correct(db, firm, "park", "", "SECRETPARK", "SECRETREASON", admitted(OWNER, OWNER))
    give(db, OWNER, "importer", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    return entry


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


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_tells_of_it(role: str, private: ImportedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(monkeypatch, role, private.key)
    for page in PAGES if role != "none" else PAGES[:1]:
        if page.action == "read":
            app.session_state["searches"] = True
            app.switch_page(f"views/{page.script}").run()
        assert not app.exception
        # The address that was asked for is said back; nothing else is.
        stem, _, digest = private.key.rpartition("-")
        told = re.sub(rf"{stem}\W+{digest}", "", said(app))
        assert not SECRET.search(told), (page.name, SECRET.search(told))


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


@pytest.mark.usefixtures("people")
def test_who_has_not_been_admitted_sees_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(monkeypatch, "none", "")
    assert [one.value for one in app.warning] == ["已登录为 none，但还没有获准使用，请联系管理员。"]
    assert "900" not in said(app)


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


@pytest.mark.usefixtures("private")
def test_a_token_reads_what_its_person_may() -> None:
    own, other, none = (add_token(name) for name in (OWNER, "reader", "none"))

    def read(token: str) -> tuple[int, bool]:
        answer = client().get("/api/v1/datasets", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, "SECRETLIST" in answer.text

    assert (read(own), read(other), read(none)) == ((200, True), (200, False), (403, False))


# Roles


def test_each_role_does_what_the_table_says(people: dict[str, Person]) -> None:
    allowed = {role: [action for action in PERMISSIONS if people[role].may(action)] for role in ROLES}
    assert allowed == {
        "none": [], "reader": ["read"], "follower": ["read", "follow"], "corrector": ["read", "follow", "correct"],
        "importer": ["read", "follow", "correct", "import"], "administrator": ["read", "follow", "correct", "import", "administer"],
    }  # fmt: skip


def test_roles_are_given_by_administrators_logged_and_backed_up(
    db: Engine, people: dict[str, Person], tmp_path: Path
) -> None:
    for role in OTHERS:
        with pytest.raises(DataError, match="只能查看"):
            give(db, "new", "administrator", [], people[role])
    give(db, "new", "corrector", ["招商"], people["administrator"])
    line = log.read(db).iloc[0]
    assert (line["who"], line["action"], line["subject"], line["name"]) == ("administrator", "change", "account", "new")
    assert "account" not in set(log.read(db, person=people["importer"])["subject"])
    with pytest.raises(DataError, match="另一位管理员"):
        give(db, "administrator", "reader", [], people["administrator"])
    if db.dialect.name == "sqlite":
        assert main(["backup", str(tmp_path / "backup.sqlite")]) == 0
        give(db, "new", "reader", [], people["administrator"])
        assert main(["restore", str(tmp_path / "backup.sqlite")]) == 0
        restored = {one.account: (one.role, one.groups) for one in list_accounts()}
        assert restored["new"] == ("corrector", ("招商",))


@pytest.mark.usefixtures("db")
def test_two_people_of_one_name_are_two() -> None:
    first, second = admitted("sub-1", "张伟"), admitted("sub-2", "张伟")
    note_account(first)
    note_account(second)
    names = [admitted(account, "张伟").name for account in ("sub-1", "sub-2", "sub-3")]
    assert names[0] == "张伟"
    assert len(set(names)) == 3
    assert admitted("sub-1", "李四").name == "张伟"  # the name that records know the person by


@pytest.mark.usefixtures("db")
def test_a_command_gives_the_first_role(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["role", "give", "sub-1", "administrator", "--group", "招商"]) == 0
    assert admitted("sub-1", "张三").may("administer")
    capsys.readouterr()
    assert main(["role", "list"]) == 0
    assert capsys.readouterr().out.split("\t")[:4] == ["sub-1", "sub-1", "administrator", "招商"]
    assert main(["role", "give", "sub-1", "king"]) == 2
    assert main(["role", "give", "sub-1"]) == 2


def test_a_name_alone_writes_nothing_where_people_sign_in(db: Engine) -> None:
    with pytest.raises(DataError, match="只能查看"):
        searches.save(db, "x", "q=x", OWNER, "x", pd.Index(np.array(["a"], dtype=object)))


def test_where_nobody_signs_in_everybody_sees_and_may_everything(
    db: Engine, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = add_dataset(db, imported, "SECRETLIST", ANYBODY, rights=DatasetRights(OWNER, "private"))
    monkeypatch.delenv("EXPLORER_USER_HEADER")
    assert "SECRETLIST" in client().get("/api/v1/datasets").text
    assert client().get(f"/marks?set={entry.key}").status_code == 200
    delete_dataset(db, entry, Person("", proven=False))
