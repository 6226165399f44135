"""The sets of this process: each opened once, and none in the way of another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app.cache import LruCache
from app.records.permissions import ANYBODY
from app.server import datasets as served
from geo.datasets.dataset import Dataset, load_dataset
from geo.datasets.storage import ProgressCallback

SECONDS = 20.0  # a busy machine is slow, not wrong


@pytest.fixture(autouse=True)
def nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_sets", "_opened"):
        monkeypatch.setattr(served, name, LruCache(served.MAX_CACHED_DATASETS))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def test_a_set_is_opened_once_for_all_who_ask(pool: ThreadPoolExecutor) -> None:
    begun, go, made = Event(), Event(), []

    def slowly(_: ProgressCallback) -> Dataset:
        begun.set()
        assert go.wait(SECONDS)
        made.append(1)
        return load_dataset()

    first = pool.submit(served.open_once, "large", slowly)
    assert begun.wait(SECONDS)
    second = pool.submit(served.open_once, "large", slowly)
    assert not served.is_open("large")
    go.set()
    assert first.result(SECONDS) is second.result(SECONDS)
    assert made == [1]
    assert served.is_open("large")


def test_who_waits_for_a_set_is_told_how_far_it_is(pool: ThreadPoolExecutor) -> None:
    begun, heard, first_told, second_told = Event(), Event(), [], []

    def step_by_step(tell: ProgressCallback) -> Dataset:
        tell("read", 0.25)
        begun.set()
        assert heard.wait(SECONDS)
        return load_dataset()

    def hear(stage: str, done: float) -> None:
        second_told.append((stage, done))
        heard.set()

    pool.submit(served.open_once, "large", step_by_step, lambda *progress: first_told.append(progress))
    assert begun.wait(SECONDS)
    served.open_once("large", step_by_step, hear)
    assert first_told == second_told == [("read", 0.25)]


def test_readers_of_another_set_do_not_wait_for_one_that_is_being_opened(pool: ThreadPoolExecutor) -> None:
    begun, go = Event(), Event()

    def slowly(_: ProgressCallback) -> Dataset:
        begun.set()
        assert go.wait(SECONDS)
        return load_dataset()

    opening = pool.submit(served.open_once, "large", slowly)
    try:
        assert begun.wait(SECONDS)
        assert pool.submit(served.served, served.BUILT_IN, ANYBODY).result(SECONDS).built_in
        assert not opening.done()
    finally:
        go.set()


def test_a_set_that_could_not_be_opened_is_tried_again() -> None:
    def fail(_: ProgressCallback) -> Dataset:
        raise OSError("busy")

    with pytest.raises(OSError, match="busy"):
        served.open_once("large", fail)
    assert served.open_once("large", lambda _: load_dataset()).built_in
