"""Work that takes a while: under a bar, with a way to stop it, and kept for whoever asks the same again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, TypeVar, cast

import streamlit as st

from app.ui.session import current

MAX_CACHED_RESULTS: Final = 24
"""Results that are kept; the one that was not asked for longest gives way."""

Result = TypeVar("Result")
ProgressCallback = Callable[[int, int], None]

_results: Final[OrderedDict[Hashable, object]] = OrderedDict()
_lock: Final = Lock()


def computed(name: str, key: Hashable, work: Callable[[ProgressCallback], Result], *, at_once: bool) -> Result | None:
    """The result of some work, done now or before.

    Parameters
    ----------
    name : str
        What the place on the page is called; its buttons are ``{name}_start`` and ``{name}_stop``.
    key : hashable
        All that the result depends on.
    work : callable
        It is handed a function to call with steps done and steps in all; a user who stops the work, changes a
        filter or leaves the page ends it at the next call.
    at_once : bool
        Begin without being asked; for work of a second or two.

    Returns
    -------
    The result; None while it has not been asked for, or was stopped.
    """
    session, state = current(), st.session_state
    asked, stopped = f"{name}_asked", f"{name}_stopped"
    with _lock:
        if key in _results:
            _results.move_to_end(key)
            return cast(Result, _results[key])
    before, during = st.empty(), st.empty()
    if state.get(stopped) == key or not (at_once or state.get(asked) == key):
        with before.container(horizontal=True, vertical_alignment="center"):
            if st.button(session.word("computed.start"), icon=":material/play_arrow:", key=f"{name}_start"):
                state[asked], state[stopped] = key, None
                st.rerun()
            st.caption(session.word("computed.stopped" if state.get(stopped) == key else "computed.large"))
        return None
    before.empty()  # the button that began the work is gone while it runs
    with during.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, session.word("computed.running"))
        st.button(
            session.word("computed.stop"),
            icon=":material/stop:",
            key=f"{name}_stop",
            on_click=state.__setitem__,
            args=(stopped, key),
        )

    def tell(done: int, steps: int) -> None:
        share = done / max(steps, 1)
        bar.progress(min(share, 1.0), f"{session.word('computed.running')} {share:.0%}")

    result = work(tell)
    during.empty()
    with _lock:
        _results[key] = result
        while len(_results) > MAX_CACHED_RESULTS:
            _results.popitem(last=False)
    return result
