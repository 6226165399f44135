"""What happens once, beside the server, while the first browser is still loading the pages."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_ACCEPTCONN, SOL_SOCKET, TCP_NODELAY, socket
from threading import Thread
from typing import Any

from app.server.state import PATIENCE_SECONDS, reading, serving, wanted


@asynccontextmanager
async def warm_up(_app: Any) -> AsyncIterator[None]:
    """Load libraries and the starting set beside the server, from its start on."""
    answer_at_once()
    serving.set()
    reading.set()
    gc.disable()  # what is loaded now stays: there is no rubbish to look for in it
    Thread(target=_load, daemon=True).start()
    yield


def answer_at_once() -> None:
    """Let no answer wait for the user's system to confirm the piece before it (TCP_NODELAY), about 40 ms each.

    asyncio sees to that for sockets it makes itself, not for the one Streamlit binds
    (https://github.com/Kludex/uvicorn/issues/3149).  Connections have the option from the socket that accepts them.
    """
    for kept in gc.get_objects():
        if type(kept) is socket and kept.family in (AF_INET, AF_INET6):
            with suppress(OSError):  # one that is closed
                if kept.getsockopt(SOL_SOCKET, SO_ACCEPTCONN):
                    kept.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)


def _load_component(running: Any) -> None:
    """Load the map's component and register it: Streamlit does so itself only for what a page's script imports first."""
    outside = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    outside.disabled = True  # it warns of being outside a page's script, which this is
    try:
        from streamlit_folium import _component_func as component
    finally:
        outside.disabled = False
    running.component_registry.register_component(component)


def _load() -> None:
    """Load what the first page needs, in its order; what is wrong with the data, the page says."""
    from streamlit import runtime

    from geo.errors import DataError

    try:
        with suppress(DataError, OSError):
            if runtime.exists():
                _load_component(runtime.get_instance())
                from app.server.snapshot import first_map

                if first_map("zh"):
                    wanted.wait(PATIENCE_SECONDS)
                from app.server.datasets import starting_set

                starting_set()
                from app.server.basemaps import keep_first, write_first

                write_first()
                import app.ui.layout  # noqa: F401  all that pages share

                reading.clear()
                keep_first()
    finally:
        reading.clear()
        gc.freeze()
        gc.enable()
