"""Tokens of the read API: given once, kept as a hash, refused once taken back; asked for where the installation says so."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.cli import main
from app.records.tokens import TOKENS_FILE, holder_of
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.run import serve
from geo.errors import DataError

READ = (
    "/api/v1/datasets",
    "/api/v1/openapi.json",
    "/ogc",
    "/ogc/collections",
    "/tiles/builtin/9/428/209.mvt",
    "/tiles/builtin/9/428/209.mvt%0a",
    "/api/nothing",
)
OPEN = ("/healthz", "/tiles/builtin/9/428/209.png", "/places?set=builtin")


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_API"):
        monkeypatch.delenv(name, raising=False)


def client():
    return TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), base_url="http://127.0.0.1")


def given(capsys, name):
    assert main(["token", "add", name]) == 0
    return capsys.readouterr().out.strip()


def test_a_token_is_said_once_and_kept_as_a_hash(capsys, tmp_path):
    token = given(capsys, "张三")
    assert len(token) >= 40
    assert token not in (tmp_path / "workspace" / TOKENS_FILE).read_text("utf-8")
    assert (holder_of(token), holder_of(token + "x"), holder_of("")) == ("张三", "", "")
    assert main(["token", "list"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("张三\t20")
    assert token not in said


def test_where_tokens_are_asked_for_nobody_reads_without(capsys, monkeypatch):
    first, second = given(capsys, "张三"), given(capsys, "李四")
    monkeypatch.setenv("EXPLORER_API", "token")
    asked = client()
    for path in READ:
        for headers in (
            {},
            {"Authorization": "Bearer "},
            {"Authorization": "Bearer wrong"},
            {"Authorization": f"Basic {first}"},
        ):
            refused = asked.get(path, headers=headers)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer"), path
            assert refused.headers["content-type"] == "application/problem+json"
        assert asked.get(path, headers={"Authorization": f"Bearer {first}"}).status_code == (
            404 if "nothing" in path else 200
        )
    assert {asked.get(path).status_code for path in OPEN} == {200}
    assert main(["token", "remove", "张三"]) == 0
    assert asked.get("/ogc", headers={"Authorization": f"Bearer {first}"}).status_code == 401
    assert asked.get("/ogc", headers={"Authorization": f"bearer {second}"}).status_code == 200


def test_what_is_kept_damaged_lets_nobody_in(capsys, monkeypatch, tmp_path):
    token = given(capsys, "张三")
    (tmp_path / "workspace" / TOKENS_FILE).write_text("{", encoding="utf-8")
    monkeypatch.setenv("EXPLORER_API", "token")
    assert client().get("/ogc", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert main(["token", "list"]) == 2


def test_a_name_is_the_same_however_it_is_spaced(capsys):
    token = given(capsys, " 张  三 ")
    assert main(["token", "remove", " 张  三 "]) == 0
    assert holder_of(token) == ""


def test_without_the_setting_it_is_as_open_as_the_pages():
    assert client().get("/api/v1/datasets").status_code == 200


@pytest.mark.parametrize("arguments", [["add"], ["add", "  "], ["remove", "没有"], ["remove"], ["add", "王五"]])
def test_what_is_wrong_is_one_sentence(arguments, capsys):
    given(capsys, "王五")
    assert main(["token", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_setting_that_is_misspelled_starts_nothing(monkeypatch):
    monkeypatch.setenv("EXPLORER_API", "tokens")
    with pytest.raises(DataError, match="EXPLORER_API"):
        serve(port=8599)
