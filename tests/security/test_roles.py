"""Roles: what each may do, who gives them, who somebody is, and what holds where nobody signs in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from app.cli import main
from app.records import log, searches
from app.records.accounts import admitted, end_sign_in, give, is_ended, list_accounts, note_account
from app.records.datasets import add_dataset, delete_dataset
from app.records.permissions import ANYBODY, PERMISSIONS, ROLES, Person
from app.records.tokens import add_token
from app.server.sign_in import person_of_header
from geo.datasets.rights import DatasetRights
from geo.errors import DataError
from tests.security.test_rights import END, OTHERS, OWNER, client, imported, page_of, people, private, proxy, said

__all__ = ["imported", "people", "private", "proxy"]


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
    assert main(["backup", str(tmp_path / "backup.sqlite")]) == 0
    give(db, "new", "reader", [], people["administrator"])
    end_sign_in({"sub": "new", "exp": END})
    assert main(["restore", str(tmp_path / "backup.sqlite")]) == 0
    assert is_ended({"sub": "new", "exp": END})
    restored = {one.account: (one.role, one.groups) for one in list_accounts()}
    assert restored["new"] == ("corrector", ("招商",))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", ["python -m app", "Python  -m APP", "ｐｙｔｈｏｎ -m app", "（未署名 unsigned）"])
def test_nobody_goes_by_the_name_of_a_command(name: str) -> None:
    from app.records.people import COMMAND_LINE, UNSIGNED
    from geo.text import fold

    person = admitted("sub-9", name)
    note_account(person)
    assert fold(admitted("sub-9", name).name) not in {fold(COMMAND_LINE), fold(UNSIGNED)}


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


def test_groups_that_are_alike_at_first_are_two(db: Engine, people: dict[str, Person]) -> None:
    with pytest.raises(DataError, match="组名太长"):
        give(db, "new", "reader", ["组" * 61], people["administrator"])
    assert give(db, "new", "reader", ["组" * 60], people["administrator"]).groups == ("组" * 60,)


def test_a_request_without_a_name_gets_no_more_than_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/api/v1/datasets"
    assert client().get(path).status_code == 200
    monkeypatch.setenv("EXPLORER_DEFAULT_ROLE", "none")
    assert client().get(path).status_code == 401
    assert person_of_header("").role == "none"
    monkeypatch.delenv("EXPLORER_DEFAULT_ROLE")  # as before there were roles
    assert client().get(path).status_code == 200
    assert person_of_header("").role == "reader"


def test_a_page_without_a_name_says_so_where_only_who_was_given_a_role_may_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXPLORER_DEFAULT_ROLE", "none")
    app = page_of(monkeypatch, "", "")
    assert not app.exception
    assert [one.value for one in app.warning] == ["代理没有送来姓名，不能查看，请联系管理员。"]
    assert "900" not in said(app)


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


@pytest.mark.usefixtures("private")
def test_a_token_reads_what_its_person_may() -> None:
    own, other, none = (add_token(name) for name in (OWNER, "reader", "none"))

    def read(token: str) -> tuple[int, bool]:
        answer = client().get("/api/v1/datasets", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, "SECRETLIST" in answer.text

    assert (read(own), read(other), read(none)) == ((200, True), (200, False), (403, False))


@pytest.mark.usefixtures("people")
def test_who_has_not_been_admitted_sees_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_of(monkeypatch, "none", "")
    assert [one.value for one in app.warning] == ["已登录为 none，但还没有获准使用，请联系管理员。"]
    assert "900" not in said(app)
