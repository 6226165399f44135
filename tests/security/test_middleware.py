"""Who is answered, what a browser may do with the answer, and that nobody is asked about either."""

import base64
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.documents import map_html
from app.server.security import IMAGE_HOSTS, Guard, rules_of
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from layers.tile_source import BASEMAPS
from tests.browser.conftest import ROOT, Server, running_app

NAME = "map.example.cn"
RULES = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy")


async def answer(request: Request) -> PlainTextResponse:
    if request.url.path == "/fails":
        raise RuntimeError("/home/somebody/secret.py")
    return PlainTextResponse("here")


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.headers.get("origin", ""))
    await socket.close()


PATHS = ("/", "/fails", "/_stcore/health", "/_stcore/metrics")
APP = Starlette(
    routes=[*(Route(path, answer, methods=["GET", "POST", "PUT"]) for path in PATHS), WebSocketRoute("/stream", talk)],
    middleware=[Middleware(Guard, hosts=(NAME,))],
)


def client(address: str = "127.0.0.1:8501") -> TestClient:
    """A browser whose connection came to an address of this machine."""
    return TestClient(APP, base_url=f"http://{address}", raise_server_exceptions=False)


HOSTS = {
    "127.0.0.1:8501": True, "127.9.9.9": True, "localhost:8501": True, "LOCALHOST.": True, "[::1]:8501": True,
    NAME: True, f"{NAME}:8501": True, NAME.upper(): True,
    "evil.example": False, f"{NAME}.evil.example": False, f"evil.{NAME}": False, "localhost.evil.example": False,
    "10.9.8.7": False, "127.0.0.1.nip.example": False, "127.0.0.1@evil.example": False, "": False, "a b": False,
    "127.0.0.1:8501:1": False, "0.0.0.0": False, "2130706433": False,
}  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_only_hosts_of_this_machine_or_configured_ones_are_answered(host):
    got = client().get("/", headers={"host": host})
    assert (got.status_code == 200) == HOSTS[host]
    if not HOSTS[host]:
        assert got.status_code == 400
        assert len(got.text.splitlines()) == 1


def test_on_an_address_that_is_open_to_others_it_and_the_machines_names_are_answered(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Desk7.office.example")
    app = Starlette(routes=APP.routes, middleware=[Middleware(Guard, hosts=())])
    hosts = {"10.9.8.7": 200, "desk7": 200, "desk7.office.example": 200, "desk7.local": 200, "10.9.8.6": 400, NAME: 400}
    outside = TestClient(app, base_url="http://10.9.8.7")
    assert {host: outside.get("/", headers={"host": host}).status_code for host in hosts} == hosts
    inside = TestClient(app, base_url="http://127.0.0.1")
    assert inside.get("/", headers={"host": "desk7"}).status_code == 400


ORIGINS = {
    "http://127.0.0.1:8501": True, "https://127.0.0.1:8501": True, f"https://{NAME}": True,
    "http://127.0.0.1:9999": False, "http://127.0.0.1": False, "http://evil.example": False, "null": False, "": False,
    "file://": False, "ftp://127.0.0.1:8501": False, f"https://{NAME}.evil.example": False,
    "http://127.0.0.1:8501.evil.example": False, "http://evil.example/127.0.0.1:8501": False,
}  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_our_own_pages_write_or_open_a_session(origin):
    headers = {"origin": origin}
    for method in ("POST", "PUT"):
        assert client().request(method, "/", headers=headers).status_code == (200 if ORIGINS[origin] else 403)
    assert client().get("/", headers=headers).status_code == 200
    if ORIGINS[origin]:
        with client().websocket_connect("ws://127.0.0.1:8501/stream", headers=headers) as session:
            # what Streamlit compares is equal, so it asks nobody, also where a proxy gave the request another host
            assert session.receive_text().partition("://")[2] == "127.0.0.1:8501"
    else:
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client().websocket_connect("ws://127.0.0.1:8501/stream", headers=headers),
        ):
            pass
        assert refused.value.code == 1008


def test_a_program_without_an_origin_is_answered():
    assert client().post("/").status_code == 200
    with client().websocket_connect("ws://127.0.0.1:8501/stream") as session:
        assert session.receive_text() == ""


def test_two_hosts_or_origins_are_refused():
    for name in ("host", "origin"):
        twice = [("host", "127.0.0.1:8501"), (name, "http://127.0.0.1:8501"), (name, "http://evil.example")]
        assert client().post("/", headers=twice).status_code == 400


@pytest.mark.parametrize("path", [*PATHS, "/nowhere", "/component/x", "/media/x.html", "/written/0.html"])
def test_every_answer_has_its_rules(path):
    for got in (client().get(path), client().get(path, headers={"host": "evil.example"})):
        assert all(got.headers[name] for name in RULES)
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors" in got.headers["content-security-policy"]


def test_an_answer_that_fails_is_one_sentence_without_a_path_of_this_machine():
    got = client().get("/fails")
    assert got.status_code == 500
    assert len(got.text.splitlines()) == 1
    assert "/" not in got.text


def test_the_boot_script_of_streamlit_is_the_only_inline_one_a_page_may_run():
    spec = importlib.util.find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    page = (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    }
    [scripts] = re.findall(r"script-src ([^;]+)", rules_of("/")["Content-Security-Policy"])
    assert set(re.findall(r"'sha256-([^']+)'", scripts)) == digests
    assert "unsafe" not in scripts


def test_the_frames_of_maps_may_ask_for_every_online_base_map_and_pages_for_none():
    asked = {
        re.sub(r"^https://[^/]*\{s\}", "https://*", url).split("/")[2]
        for base in BASEMAPS.values()
        for url in base.urls
    }
    assert asked == {host.removeprefix("https://") for host in IMAGE_HOSTS}
    assert not any(host in rules_of("/")["Content-Security-Policy"] for host in IMAGE_HOSTS)


def test_a_map_that_is_taken_along_runs_its_own_scripts_alone():
    page = map_html(load_dataset(), Filters(district=("310109",)))
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    assert page.index("Content-Security-Policy") < page.index("<script>")
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert scripts
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The app as `make run` serves it."""
    with running_app(tmp_path_factory.mktemp("guarded")) as running:
        yield running


OPEN = {"/": 200, "/enterprises": 200, "/_stcore/health": 200, "/_stcore/host-config": 200}
CLOSED = (
    "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/interact",
    "/_stcore/agent/mcp", "/_stcore/bidi-components/x", "/_stcore/", "/auth/login", "/auth/logout", "/oauth2callback",
    "/app/static/x", "/_stcore/upload_file",
)  # fmt: skip


def status(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(f"{server.url}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as got:
            return got.status, dict(got.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def test_what_nobody_needs_of_the_framework_is_closed(server):
    assert {path: status(server, path)[0] for path in OPEN} == OPEN
    assert {path: status(server, path)[0] for path in CLOSED} == dict.fromkeys(CLOSED, 404)


@pytest.mark.parametrize("path", [*OPEN, "/nowhere", "/marks?set=builtin", "/exports/x", "/assets/x", "/media/x"])
def test_the_running_app_says_the_rules_in_every_answer(server, path):
    got = status(server, path)[1]
    assert all(name in {key.title() for key in got} for name in map(str.title, RULES))
    assert "server" not in {key.lower() for key in got}
    assert status(server, path, Host="evil.example")[0] == 400


SILENT = Path(__file__).with_name("silent_name_server.py")


def test_a_foreign_handshake_stalls_nobody_and_asks_nobody(tmp_path):
    """In a network of its own, whose name server takes every question and answers none."""
    unshare = shutil.which("unshare")
    own = [unshare or "", "--user", "--map-root-user", "--net", "--mount"]
    if not unshare or not shutil.which("ip") or subprocess.run([*own, "true"], capture_output=True).returncode:
        pytest.skip("this system grants no network namespace")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    inside = f"ip link set lo up && mount --bind {tmp_path}/resolv.conf /etc/resolv.conf && exec {sys.executable} {SILENT} {tmp_path}"
    began = time.monotonic()
    run = subprocess.run([*own, "sh", "-c", inside], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-2000:] + f" after {time.monotonic() - began:.0f} s"
    seen = json.loads(run.stdout.splitlines()[-1])
    assert seen["probe"] == 1, "the name server of the test does not hear"
    assert seen["foreign"] == [403] * 3
    assert seen["own"] == [101] * 3
    assert seen["asked"] == []
    assert max(seen["seconds"]) < 10  # one question to a silent server costs twenty
