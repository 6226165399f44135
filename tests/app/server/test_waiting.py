"""A page waits for its map, as long as one may come and no longer."""

import threading
import time

import pytest

from app.server import snapshot as turn
from app.server.snapshot import serving


@pytest.fixture
def server():
    serving.set()
    yield
    serving.clear()


def waited() -> float:
    began = time.monotonic()
    turn.wait_for_map(began)
    return time.monotonic() - began


def test_without_a_server_nobody_waits(monkeypatch):
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 60.0)
    assert waited() < 30


@pytest.mark.usefixtures("server")
def test_a_page_goes_on_when_the_map_has_what_it_asked_for(monkeypatch):
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 60.0)
    turn.map_stands()  # another, before this page
    stood = threading.Event()

    def stand() -> None:
        stood.set()
        turn.map_stands()

    answer = threading.Timer(0.2, stand)
    answer.start()
    assert waited() < 30
    assert stood.is_set(), "the page went on before its map stood"
    answer.join()


@pytest.mark.usefixtures("server")
def test_a_page_goes_on_where_no_map_comes(monkeypatch):
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.3)
    # Condition.wait measures by a clock of its own, which may round its last step down.
    assert 0.25 <= waited() < 30


@pytest.mark.usefixtures("server")
def test_a_map_that_was_sent_long_ago_is_not_waited_for():
    began = time.monotonic()
    turn.wait_for_map(began - 2 * turn.PATIENCE_SECONDS)
    assert time.monotonic() - began < turn.PATIENCE_SECONDS
