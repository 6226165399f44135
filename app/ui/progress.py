"""Work that takes a while: under a bar, with a way to stop it, and kept for whoever asks the same again."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

import streamlit as st

from app.cache import LruCache
from app.ui.session import current

MAX_CACHED_RESULTS: Final = 24

Result = TypeVar("Result")
ProgressCallback = Callable[[int, int], None]

_results: Final[LruCache[Hashable, object]] = LruCache(MAX_CACHED_RESULTS)


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
    found = _results.get(key)
    if found is not None:
        return cast(Result, found)
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
    _results[key] = result
    return result
