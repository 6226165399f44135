"""Signing in at a provider in a process of its own: whose token is believed, for how long, and that signing out ends it."""

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from app.cli import main
from app.records.permissions import NOBODY
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.gate import is_open
from app.server.run import check_sign_in, serve
from app.server.sign_in import claims_of, person_asking, read_provider
from app.settings import Settings
from geo.errors import DataError
from tests.security.provider import SECRET, Installation, installation, write_settings

DATA = "/places?set=builtin&lang=zh"
CLOSED = (
    "/tiles/builtin/9/428/209.png", "/tiles/builtin/9/428/209.mvt", "/marks?set=builtin", "/places?set=builtin", "/extent?set=builtin",
    "/at?set=builtin&lon=121&lat=31&zoom=9", "/exports/x", "/written/x.js", "/media/x", "/api/v1/datasets",
    "/api/v1/enterprises", "/api/v1/openapi.json", "/ogc", "/ogc/collections", "/_stcore/upload_file/x/y",
)  # fmt: skip
OPEN = ("/", "/enterprises", "/healthz", "/_stcore/health", "/assets/frontend.js")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("sign-in")) as running:
        yield running


def may_read(client: httpx.Client) -> bool:
    status = client.get(DATA).status_code
    assert status in (200, 401)
    return status == 200


@pytest.mark.parametrize("path", CLOSED)
def test_who_has_not_signed_in_reads_nothing(app: Installation, path: str) -> None:
    answer = app.client().get(path)
    assert answer.status_code == 401
    assert "builtin" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", OPEN)
def test_what_says_nothing_of_a_dataset_is_open(app: Installation, path: str) -> None:
    assert app.client().get(path).status_code == 200


def test_every_route_is_open_or_asks_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("EXPLORER_SIGN_IN", str(write_settings(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")))
    client = TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), base_url="http://127.0.0.1")
    values = {
        "set": "builtin",
        "z": "9",
        "x": "428",
        "y": "209",
        "token": "x",
        "name": "frontend.js",
        "path:path": "/v1",
    }
    open_routes = {"/assets/frontend.js", "/assets/{name}", "/healthz", "/readyz", "/metrics", "/{page:page}"}
    for route in ROUTES:
        path = route.path.replace("{page:page}", "enterprises")
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        assert is_open(path) == (route.path in open_routes), path
        assert (client.get(path).status_code == 401) == (route.path not in open_routes), path


def test_who_has_signed_in_reads(app: Installation) -> None:
    app.person("zhang", name="张三")
    assert may_read(app.signed_in("zhang"))
    assert not may_read(app.client())


def test_signing_out_ends_it_for_every_copy_of_the_cookie(app: Installation) -> None:
    app.person("li", name="李四")
    client = app.signed_in("li")
    copied = app.client()
    copied.cookies.update(client.cookies)
    assert may_read(copied)
    answer = client.get("/auth/logout")
    assert urlsplit(answer.headers["location"]).path == "/oauth2/end_session"
    assert not may_read(client)
    assert not may_read(copied)
    assert may_read(app.signed_in("li"))  # who signs in again is in again


def test_a_session_does_not_outlive_its_token(app: Installation) -> None:
    app.person("wang", exp=int(time.time()) + 4)
    client = app.signed_in("wang")
    assert may_read(client)
    time.sleep(max(0.0, 4.5))
    assert not may_read(client)


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("expired long ago", {"exp": 1_000_000_000}),
        ("expired within the leeway that libraries give", {"exp": int(time.time()) - 30}),
        ("of another program", {"aud": "another"}),
        ("of another program, ours as its party", {"aud": "another", "azp": "explorer"}),
        ("of another issuer", {"iss": "http://127.0.0.1:1"}),
        ("of another sign-in", {"nonce": "another"}),
        ("that never ends", {"exp": "never"}),
    ],
)
def test_a_foreign_or_expired_token_lets_nobody_in(app: Installation, name: str, claims: dict[str, object]) -> None:
    app.person("foreign", **claims)
    client = app.client()
    app.sign_in(client, "foreign")
    assert not may_read(client), name


def test_a_callback_is_taken_once_and_in_its_own_browser(app: Installation) -> None:
    app.person("zhao", name="赵六")
    client = app.client()
    back = app.consent(app.begin(client), "zhao")
    other = app.client()
    other.get(back)  # another browser, which did not ask
    assert not may_read(other)
    client.get(back)
    assert may_read(client)
    client.get("/auth/logout")
    client.get(back)  # once more, as from the browser's history
    assert not may_read(client)


def test_a_callback_with_another_state_lets_nobody_in(app: Installation) -> None:
    client = app.client()
    back = app.consent(app.begin(client), "zhao")
    state = parse_qs(urlsplit(back).query)["state"][0]
    client.get(back.replace(state, "x" * len(state)))
    assert not may_read(client)


def test_a_cookie_is_believed_with_our_signature_only(tmp_path: Path) -> None:
    provider = read_provider(str(write_settings(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")))
    said = {
        "sub": "a",
        "aud": "explorer",
        "exp": time.time() + 60,
        "origin": "http://127.0.0.1:1",
        "is_logged_in": True,
    }

    def cookies(secret: str = SECRET, **changed: object) -> dict[str, str]:
        import json

        return {"_streamlit_user": create_signed_value(secret, "_streamlit_user", json.dumps(said | changed)).decode()}

    assert claims_of(cookies(), provider) is not None
    assert claims_of(cookies(aud=["another", "explorer"]), provider) is not None
    for wrong in (
        cookies(secret="another secret of 32 characters or more"), cookies(sub=""), cookies(sub=None), cookies(aud="another"),
        cookies(aud=None), cookies(exp=time.time() - 1), cookies(exp=None), cookies(exp=True), cookies(is_logged_in=False),
        cookies(origin="http://another"), {}, {"_streamlit_user": "{}"}, {"_streamlit_user": "名"},
        {"_streamlit_user_tokens": cookies()["_streamlit_user"]},
    ):  # fmt: skip
        assert claims_of(wrong, provider) is None
    forged = jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET))
    assert claims_of({"_streamlit_user": forged}, provider) is None


def test_pieces_of_two_sign_ins_are_no_sign_in(app: Installation) -> None:
    """A cookie too large for one comes in pieces, each signed alone: those of an earlier role do not join later ones."""
    long = {name: random.Random(name).randbytes(3000).hex() for name in ("a_long", "z_long")}  # else they are packed
    app.person("chen", roles=["administrator"], **long)
    before = app.signed_in("chen")
    app.person("chen", roles=["reader00000000"], **long)  # as long as the other: the text of both together is whole
    after = app.signed_in("chen")
    pieces = sorted(name for name in after.cookies if re.fullmatch(r"_streamlit_user(_[0-9]+)", name))
    assert len(pieces) > 1
    assert may_read(before)
    assert may_read(after)
    for piece in (*pieces, "explorer_sign_in"):
        mixed = app.client()
        mixed.cookies.update(dict(after.cookies) | {piece: before.cookies[piece]})
        same = before.cookies[piece] == after.cookies[piece]
        assert may_read(mixed) == same, piece
    without = app.client()
    without.cookies.update({name: value for name, value in after.cookies.items() if name != "explorer_sign_in"})
    assert not may_read(without)
    after.get("/auth/logout")
    assert not may_read(after)


def test_the_proof_of_a_whole_cookie_goes_where_the_cookie_goes(app: Installation) -> None:
    app.person("sun", a_long=random.Random(1).randbytes(4000).hex())
    client = app.client()
    answer = client.get(app.consent(app.begin(client), "sun"))
    (said,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("explorer_sign_in=")]
    assert {"httponly", "samesite=lax", "path=/"} <= {one.strip().lower() for one in said.split(";")}
    app.person("zhou", name="周七")
    small = app.client()
    answer = small.get(app.consent(app.begin(small), "zhou"))
    assert not [one for one in answer.headers.get_list("set-cookie") if one.startswith("explorer_sign_in=")]


def test_role_and_groups_come_with_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("EXPLORER_SIGN_IN", str(write_settings(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")))
    said = {
        "sub": "a",
        "aud": "explorer",
        "exp": time.time() + 60,
        "origin": "http://127.0.0.1:1",
        "is_logged_in": True,
    }

    def person(**claims: object) -> tuple[str, str, str, set[str]]:
        value = create_signed_value(SECRET, "_streamlit_user", json.dumps(said | claims)).decode()
        found = person_asking({}, {"_streamlit_user": value})
        return found.name, found.role, found.account, set(found.groups)

    assert person() == ("a", "reader", "a", set())
    assert person(name="张三", roles=["corrector", "importer", "king"], groups=["招商", 7]) == (
        "张三",
        "importer",
        "a",
        {"招商"},
    )
    assert person(email="a@x.cn", roles="follower", groups="规划") == ("a@x.cn", "follower", "a", {"规划"})
    assert person(roles="none")[1] == "none"
    departments = {f"{'部' * 80}{number}" for number in (1, 2)}  # alike in what a line of the log holds
    assert person(groups=sorted(departments))[3] == departments
    monkeypatch.setenv("EXPLORER_ROLE_CLAIM", "realm_access.roles")
    monkeypatch.setenv("EXPLORER_GROUP_CLAIM", "https://x.cn/groups")
    monkeypatch.setenv("EXPLORER_DEFAULT_ROLE", "none")
    assert person(realm_access={"roles": ["administrator"]}, **{"https://x.cn/groups": ["招商"]})[1::2] == (
        "administrator",
        {"招商"},
    )
    assert person(roles=["administrator"])[1] == "none"
    assert person_asking({}, {}) == NOBODY


# What is set up wrongly starts nothing


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "map.example.cn"])
def test_on_any_address_but_loopback_the_server_wants_a_sign_in(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    for name in ("EXPLORER_SIGN_IN", "EXPLORER_USER_HEADER", "EXPLORER_OPEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DataError, match="没有登录，不启动") as refused:
        serve(host, 1)
    assert "EXPLORER_OPEN=1" in str(refused.value)
    for settings in (Settings(open=True), Settings(user_header="X-Remote-User")):
        check_sign_in(settings, host)
    for allowed in ("127.0.0.1", "::1", "localhost"):
        check_sign_in(Settings(), allowed)


def test_the_command_says_it_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EXPLORER_OPEN", raising=False)
    assert main(["serve", "--host", "0.0.0.0", "--port", "8599"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "EXPLORER_SIGN_IN" in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_id": ""}, "client_id"),
        ({"cookie_secret": "short"}, "cookie_secret"),
        ({"redirect_uri": "https://map.example.cn/"}, "redirect_uri"),
        ({"redirect_uri": "http://map.example.cn/oauth2callback"}, "https"),
        ({"server_metadata_url": "http://login.example.cn/.well-known/openid-configuration"}, "https"),
    ],
)
def test_a_sign_in_that_would_not_be_safe_is_refused(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    file = write_settings(tmp_path, "https://map.example.cn", "https://login.example.cn", **changed)
    with pytest.raises(DataError, match=said):
        check_sign_in(Settings(sign_in=str(file)), "127.0.0.1")


def test_a_sign_in_is_set_up_once(tmp_path: Path) -> None:
    file = write_settings(tmp_path, "https://map.example.cn", "https://login.example.cn")
    check_sign_in(Settings(sign_in=str(file)), "0.0.0.0")
    for settings in (
        Settings(sign_in=str(file), user_header="X-Remote-User"), Settings(sign_in=str(tmp_path / "none.toml")),
        Settings(sign_in=str(file), default_role="king"),
    ):  # fmt: skip
        with pytest.raises(DataError):
            check_sign_in(settings, "127.0.0.1")
