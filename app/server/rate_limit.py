"""How often one client may ask the addresses for other programs: a program that runs away leaves the pages their server."""

import json
import math
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.cache import LruCache
from app.server.security import address_of, trusted_networks
from app.settings import Settings

REQUESTS_PER_SECOND: Final = 50
BURST_REQUESTS: Final = 500
"""Requests that a client may make at once; they come back at `REQUESTS_PER_SECOND`."""

MAX_REMEMBERED_CLIENTS: Final = 4096
PROGRAM_PATHS: Final = ("/api", "/ogc")


def is_for_programs(path: str) -> bool:
    """Whether an address is for other programs: the API, and tiles that are not the pages' own images.

    Examples
    --------
    >>> [is_for_programs(path) for path in ("/api/v1/parks", "/tiles/builtin/9/1/2.mvt", "/tiles/builtin/9/1/2.png")]
    [True, True, False]
    """
    return path.startswith(PROGRAM_PATHS) or (path.startswith("/tiles/") and not path.endswith(".png"))


class RateLimit:
    """ASGI middleware: answers 429 with ``Retry-After`` once a client has asked more than its share.

    A client is the address it connects from; behind the proxy that the installation names, the one which that proxy
    saw.

    Parameters
    ----------
    app : ASGIApp
    clock : callable, optional
        Seconds that never go back.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.clock = clock
        self.proxies = trusted_networks(Settings.from_environment())
        self.left: LruCache[str, tuple[float, float]] = LruCache(MAX_REMEMBERED_CLIENTS)
        self.lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or say when to come again."""
        wait = 0.0
        if scope["type"] == "http" and is_for_programs(str(scope["path"])):
            wait = self._wait(self._client(scope))
        if not wait:
            await self.app(scope, receive, send)
            return
        sentence = "请求太多，请稍后再来（too many requests, try again later）"
        problem = {"type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": sentence}
        headers = {"Retry-After": str(math.ceil(wait)), "Cache-Control": "no-store"}
        answer = Response(json.dumps(problem, ensure_ascii=False), 429, headers, "application/problem+json")
        await answer(scope, receive, send)

    def _wait(self, client: str) -> float:
        """Seconds until the client may ask again; none when it may ask now, which counts."""
        with self.lock:
            now = self.clock()
            left, at = self.left.get(client) or (float(BURST_REQUESTS), now)
            left = min(float(BURST_REQUESTS), left + (now - at) * REQUESTS_PER_SECOND)
            self.left[client] = (left - 1 if left >= 1 else left, now)
            return 0.0 if left >= 1 else (1 - left) / REQUESTS_PER_SECOND

    def _client(self, scope: Scope) -> str:
        peer = str((scope.get("client") or ("",))[0])
        address = address_of(peer)
        if address is not None and any(address in network for network in self.proxies):
            seen = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
            return seen if address_of(seen) else peer
        return peer
