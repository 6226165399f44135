"""How often a client may ask: its share comes back with time, others have their own, pages are never held up."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.server.asgi import MIDDLEWARE
from app.server.gate import Gate
from app.server.metrics import Meter
from app.server.rate_limit import BURST_REQUESTS, REQUESTS_PER_SECOND, RateLimit
from app.server.security import Guard
from app.server.uploads import UploadLimit


async def answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


class Clock:
    """Seconds that go on when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app(clock, monkeypatch):
    monkeypatch.setenv("EXPLORER_PROXIES", "10.0.0.5")
    routes = [Route("/api/x", answer), Route("/ogc", answer), Route("/tiles/{path:path}", answer), Route("/", answer)]
    return Starlette(routes=routes, middleware=[Middleware(RateLimit, clock=clock)])


def status(app, path="/api/x", client="10.1.1.1", **headers):
    return TestClient(app, client=(client, 1)).get(path, headers=headers).status_code


def use_up(app, **asked):
    assert {status(app, **asked) for _ in range(BURST_REQUESTS)} == {200}


def test_more_than_its_share_is_refused_with_the_time_to_wait(app, clock):
    use_up(app)
    refused = TestClient(app, client=("10.1.1.1", 1)).get("/ogc")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    clock.now += 1
    assert [status(app) for _ in range(REQUESTS_PER_SECOND + 1)] == [200] * REQUESTS_PER_SECOND + [429]
    clock.now += 3600
    use_up(app)
    assert status(app) == 429


def test_pages_and_other_clients_are_not_held_up(app):
    use_up(app)
    assert status(app) == status(app, "/tiles/x/1/0/0.mvt") == 429
    assert status(app, "/") == status(app, "/tiles/x/1/0/0.png") == status(app, client="10.1.1.2") == 200


def test_the_proxy_says_who_asks_and_nobody_else_may(app):
    behind = {"client": "10.0.0.5", "X-Forwarded-For": "1.2.3.4, 10.9.9.9"}
    use_up(app, **behind)
    assert status(app, **behind) == 429
    assert status(app, client="10.0.0.5", **{"X-Forwarded-For": "10.9.9.8"}) == 200
    use_up(app, client="10.1.1.9")
    assert status(app, client="10.1.1.9", **{"X-Forwarded-For": "10.9.9.7"}) == 429


def test_the_server_has_it_behind_the_guard():
    assert [str(one.cls) for one in MIDDLEWARE] == list(map(str, (Meter, Guard, RateLimit, Gate, UploadLimit)))
