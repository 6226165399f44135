"""What the server says of itself: alive, ready, counted, each request known by an id."""

import re
from collections import namedtuple

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.log import request_id
from app.server import datasets, health
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.datasets import starting_set
from app.server.metrics import LATENCY_BUCKETS_S, ROUTE_LABELS

SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z]+="[^"\\\n]*",?)+)\})? (-?[0-9.e+]+)$')


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), base_url="http://127.0.0.1")


def samples(client):
    """Name and labels → value, as a reader of the format sees it."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            found[f"{match[1]}{{{match[2] or ''}}}"] = float(match[3])
    return found


def test_it_is_alive_whatever_else_is_wrong(client, monkeypatch):
    monkeypatch.setenv("EXPLORER_SET", "/nowhere")
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_it_is_ready_when_dataset_database_and_disk_are(client, tmp_path):
    starting_set()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert list(tmp_path.iterdir()) == []  # nothing is made by asking


def test_it_stays_ready_while_other_sets_are_read(client):
    data = starting_set()
    for number in range(datasets.MAX_CACHED_DATASETS + 2):
        datasets.open_once(f"other {number}", lambda _tell: data)
    assert not datasets.is_open(datasets.starting_name())
    assert client.get("/readyz").text == "ready\n"


def test_each_part_that_is_not_ready_is_one_sentence(client, monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "unopened"))
    monkeypatch.setenv("EXPLORER_DATABASE", "mysql://user:secret@host/db")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("app.server.health.shutil.disk_usage", lambda _: usage(10**9, 9 * 10**8, 10**8))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    dataset, database, disk = answer.text.splitlines()
    assert "not open" in dataset
    assert "database" in database
    assert "100 MB" in disk
    assert "secret" not in answer.text
    assert str(tmp_path) not in answer.text


def test_a_database_that_does_not_answer_is_told(client, monkeypatch):
    starting_set()
    monkeypatch.setenv("EXPLORER_DATABASE", "postgresql://user:secret@127.0.0.1:1/db")
    answer = client.get("/readyz")
    assert (answer.status_code, len(answer.text.splitlines())) == (503, 1)
    assert "secret" not in answer.text


def test_a_workspace_that_cannot_be_written_is_told(monkeypatch):
    monkeypatch.setattr("app.server.health.os.access", lambda *_: False)  # as of root too, who may write anywhere
    assert "cannot be written" in health.READY_CHECKS["disk"]()


def test_answers_are_counted_by_kind_and_status(client):
    before = samples(client)
    assert client.get("/tiles/builtin/9/1/2.png").status_code == 200
    assert client.get("/tiles/builtin/99/1/2.png").status_code == 404
    assert client.get(f"/{'x' * 50}/y").status_code == 404
    after = samples(client)

    def more(name):
        return after[name] - before.get(name, 0)

    assert more('explorer_requests_total{route="tiles",status="2xx"}') == 1
    assert more('explorer_requests_total{route="tiles",status="4xx"}') == 1
    assert more('explorer_requests_total{route="page",status="4xx"}') == 1
    assert more('explorer_request_seconds_count{route="tiles"}') == 2
    assert more('explorer_request_seconds_bucket{route="tiles",le="+Inf"}') == 2
    ends = [after[f'explorer_request_seconds_bucket{{route="tiles",le="{end}"}}'] for end in LATENCY_BUCKETS_S]
    assert ends == sorted(ends)
    assert after["process_resident_memory_bytes{}"] > 10_000_000
    assert after["explorer_datasets_open{}"] >= 1


def test_labels_are_a_closed_list(client):
    for number in range(30):
        client.get(f"/made-up-{number}/x")
    routes = set(re.findall(r'route="([^"]*)"', client.get("/metrics").text))
    assert routes <= {*ROUTE_LABELS, "page"}


def test_a_request_has_an_id_of_its_own_or_the_one_it_came_with(client):
    first, second = (client.get("/healthz").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert (
        client.get("/healthz", headers={"X-Request-Id": "proxy-0123456789"}).headers["x-request-id"]
        == "proxy-0123456789"
    )
    for foreign in ("short", "x" * 65, "a b c d e f g h", 'quote"quote"'):
        given = client.get("/healthz", headers={"X-Request-Id": foreign}).headers["x-request-id"]
        assert re.fullmatch("[0-9a-f]{16}", given)
    assert request_id.get() == ""


def test_who_is_refused_has_an_id_too(client):
    answer = client.get("/healthz", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
