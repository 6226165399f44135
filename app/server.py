"""The app's HTTP routes beside the pages, one table; every parameter is validated.

A route names where its answer is made.  What makes it is loaded when it is first asked for, or by `warm_up` in the
background while the first reader's browser is still loading the pages: the server listens at once.
"""

from __future__ import annotations

import gc
import importlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_ACCEPTCONN, SOL_SOCKET, TCP_NODELAY, socket
from threading import Event, Thread
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.assets import ROUTE, asset


async def serve_asset(request: Request) -> Response:
    """Serve a local script, style or image; names carry the version, so a browser may keep them for good."""
    name = request.path_params["name"]
    try:
        path = asset(name)
    except KeyError:
        return PlainTextResponse("没有这个脚本（no such script）", status_code=404)
    return FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _made_by(where: str) -> Callable[[Request], Response]:
    """Answer with a function given as ``module:function``, imported when it is first asked."""
    module, _, name = where.partition(":")

    def answer(request: Request) -> Response:
        made: Response = getattr(importlib.import_module(module), name)(request)
        return made

    return answer


ROUTES: Final = [
    Route(f"{ROUTE}{{name}}", serve_asset),
    Route("/tiles/{key}/{z}/{x}/{y}.png", _made_by("app.tiles:serve_tile")),
    Route("/marks", _made_by("app.opening:serve_marks")),
    Route("/places", _made_by("app.tiles:serve_places")),
    Route("/at", _made_by("app.tiles:serve_at")),
    Route("/exports/{token}", _made_by("app.exports:serve_export")),
    Route("/written/{name}", _made_by("app.written:serve_written")),
]


serving: Final = Event()
"""Set when the server has started; a page that is run without one has no browser either."""

reading: Final = Event()
"""Set while the server is loading libraries and the set that it starts with."""

wanted: Final = Event()
"""Set when what a page can show without tables stands, and it wants them."""

PATIENCE: Final = 1.0
"""How long the tables wait for the map that can be sent without them [s]."""


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
    """Let no answer wait for the reader's system to confirm the piece before it (TCP_NODELAY), about 40 ms each.

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
        component = importlib.import_module("streamlit_folium")._component_func
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
                if importlib.import_module("app.opening").first_map("zh"):
                    wanted.wait(PATIENCE)
                importlib.import_module("app.served").starting_set()
                base = importlib.import_module("app.base")
                base.write_first()
                importlib.import_module("app.frame")
                importlib.import_module("app.tiles")
                reading.clear()
                base.keep_first()
    finally:
        reading.clear()
        gc.freeze()
        gc.enable()
