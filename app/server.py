"""The app's HTTP routes beside the pages, one table; every parameter is validated.

A route names where its answer is made.  What makes it is loaded when it is first asked for, or by `warm_up` in the
background while the first reader's browser is still loading the pages: the server listens at once.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
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
    Route("/places", _made_by("app.tiles:serve_places")),
    Route("/at", _made_by("app.tiles:serve_at")),
    Route("/exports/{token}", _made_by("app.exports:serve_export")),
    Route("/written/{name}", _made_by("app.written:serve_written")),
]


@asynccontextmanager
async def warm_up(_app: Any) -> AsyncIterator[None]:
    """Load libraries and the starting set beside the server, from its start on."""
    Thread(target=_load, daemon=True).start()
    yield


def _load() -> None:
    """Do what the first page would do; what is wrong with the data, the page says."""
    from geo.errors import DataError

    with suppress(DataError, OSError):
        importlib.import_module("app.served").starting_set()
    importlib.import_module("app.tiles")
