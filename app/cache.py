"""The cache of this process: what was made once for all users, until it gives way to what was asked for later."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """A table of few entries, safe between threads; the least recently used entry gives way.

    Parameters
    ----------
    max_entries : int

    Examples
    --------
    >>> cache = LruCache(2)
    >>> cache["a"], cache["b"] = 1, 2
    >>> cache.get("a"), cache.get_or_make("c", lambda: 3), cache.get("b")
    (1, 3, None)
    """

    def __init__(self, max_entries: int) -> None:
        self.max_entries = max_entries
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._turns: dict[Key, Lock] = {}
        self._lock = Lock()

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __setitem__(self, key: Key, value: Value) -> None:
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self.max_entries:
                self._entries.popitem(last=False)

    def get(self, key: Key) -> Value | None:
        """The value of a key, which is the most recently used from now on; None when there is none."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of a key, made now when there is none.

        Whoever asks for the same key meanwhile waits and gets the same value; other keys wait for nothing.  What
        `make` raises is raised, and the next one tries again.
        """
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        with turn:
            try:
                if key not in self:
                    self[key] = made = make()
                    return made
            finally:
                self._turns.pop(key, None)
        value = self.get(key)
        return self.get_or_make(key, make) if value is None else value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
