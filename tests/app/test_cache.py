"""The cache: what was least recently used gives way, and nobody makes twice what somebody is making."""

from collections import OrderedDict
from functools import partial
from threading import Barrier, Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cache import LruCache


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from(["get", "set", "make"]), st.integers(0, 6))))
def test_it_holds_what_a_plain_list_of_the_last_used_would(max_entries, steps):
    cache: LruCache[int, int] = LruCache(max_entries)
    plain: OrderedDict[int, int] = OrderedDict()
    for number, (step, key) in enumerate(steps):
        if step == "get":
            assert cache.get(key) == plain.get(key)
        elif step == "set":
            cache[key] = plain[key] = number
        else:
            made = cache.get_or_make(key, partial(int, number))
            assert made == plain.setdefault(key, number)
        if key in plain:
            plain.move_to_end(key)
        while len(plain) > max_entries:
            plain.popitem(last=False)
        assert [key in cache for key in range(7)] == [key in plain for key in range(7)]


def test_what_is_being_made_is_made_once():
    cache: LruCache[str, object] = LruCache(3)
    made, got, together = [], [], Barrier(8)

    def make() -> object:
        made.append(1)
        return object()

    def ask() -> None:
        together.wait()
        got.append(cache.get_or_make("a", make))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(got)) == 1


def test_another_key_waits_for_nothing():
    cache: LruCache[str, int] = LruCache(3)
    go_on = Event()
    slow = Thread(target=lambda: cache.get_or_make("slow", lambda: int(go_on.wait(30))))
    slow.start()
    assert cache.get_or_make("quick", lambda: 2) == 2
    go_on.set()
    slow.join()
    assert cache.get("slow") == 1


def test_what_could_not_be_made_is_tried_again():
    cache: LruCache[str, int] = LruCache(1)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("a", lambda: 1 // 0)
    assert cache.get_or_make("a", lambda: 3) == 3
