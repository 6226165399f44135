"""What the server has done, counted: the middleware that gives each request an id, and `/metrics` for Prometheus.

Labels are closed lists: what somebody asks for never makes a new one.
"""

import os
import re
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import event_counts, request_id
from geo.installation import version

REQUEST_HEADER: Final = "x-request-id"
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

LATENCY_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends [s] of the classes that the time of an answer is counted in."""

ROUTE_LABELS: Final = (
    *("tiles", "basemaps", "marks", "places", "at", "extent", "exports", "written", "assets", "api", "ogc"),
    *("healthz", "readyz", "metrics", "_stcore", "static", "media", "component"),
)
"""First parts of an address that are counted by themselves; all others are `page`."""

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass
class _Counts:
    """What is counted of the requests of this process."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    classes: Counter[tuple[str, int]] = field(default_factory=Counter)
    sessions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_counts: Final = _Counts()
_STARTED: Final = time.time()


def label_of(path: str) -> str:
    """Label under which an address is counted.

    Examples
    --------
    >>> label_of("/tiles/builtin/9/1/2.png"), label_of("/districts"), label_of("/whatever/else")
    ('tiles', 'page', 'page')
    """
    first = path.strip("/").partition("/")[0]
    return first if first in ROUTE_LABELS else "page"


class Meter:
    """ASGI middleware: gives each request an id, and counts answers, their time and the open sessions.

    An id that comes with the request is kept, so that a proxy's log and this one tell of the same; what is none is not.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and count it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_HEADER, "")
        identity = given if _GIVEN_ID.fullmatch(given) else token_hex(8)
        others = [pair for pair in scope["headers"] if pair[0].lower() != REQUEST_HEADER.encode()]
        scope = dict(scope) | {"headers": [*others, (REQUEST_HEADER.encode(), identity.encode())]}
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_HEADER] = identity
            await send(message)

        held = request_id.set(identity)
        is_session = scope["type"] == "websocket"
        if is_session:
            _counts.sessions += 1
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            request_id.reset(held)
            if is_session:
                _counts.sessions -= 1
            else:
                _count(label_of(scope["path"]), status, time.perf_counter() - began)


def _count(label: str, status: int, seconds: float) -> None:
    with _counts.lock:
        _counts.answers[label, f"{status // 100}xx"] += 1
        _counts.seconds[label] += seconds  # type: ignore[assignment]  # a Counter adds seconds as well
        _counts.classes[label, bisect_left(LATENCY_BUCKETS_S, seconds)] += 1


def serve_metrics(_request: Request) -> Response:
    """The counts as Prometheus reads them: ``/metrics``."""
    return PlainTextResponse("\n".join([*_lines(), ""]), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _lines() -> Iterator[str]:
    from app.server.datasets import open_count  # here: the server counts before the tables' libraries are loaded

    with _counts.lock:
        answers, seconds, classes = dict(_counts.answers), dict(_counts.seconds), dict(_counts.classes)
    yield from _family("explorer_info", "gauge", "Version of the product.", {f'version="{version()}"': 1})
    yield from _family(
        "explorer_requests_total", "counter", "Answers by kind of address and class of status.",
        {f'route="{label}",status="{status}"': n for (label, status), n in sorted(answers.items())},
    )  # fmt: skip
    yield from _histogram(seconds, classes)
    yield from _family(
        "explorer_events_total", "counter", "What people and commands did, by event and outcome.",
        {f'event="{event}",outcome="{outcome}"': n for (event, outcome), n in sorted(event_counts().items())},
    )  # fmt: skip
    yield from _family("explorer_sessions", "gauge", "Pages that are open in browsers.", {"": _counts.sessions})
    yield from _family("explorer_datasets_open", "gauge", "Datasets held in memory.", {"": open_count()})
    yield from _family("process_start_time_seconds", "gauge", "Start, seconds since 1970.", {"": _STARTED})
    yield from _family("process_cpu_seconds_total", "counter", "Time of the processors.", {"": time.process_time()})
    yield from _family("process_threads", "gauge", "Threads of Python.", {"": threading.active_count()})
    for name, what, value in _of_system():
        yield from _family(name, "gauge", what, {"": value})


def _family(name: str, kind: str, what: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _histogram(seconds: Mapping[str, float], classes: Mapping[tuple[str, int], int]) -> Iterator[str]:
    name = "explorer_request_seconds"
    yield f"# HELP {name} Time until an answer was sent, by kind of address."
    yield f"# TYPE {name} histogram"
    for label in sorted(seconds):
        so_far = 0
        for number, end in enumerate([*map(str, LATENCY_BUCKETS_S), "+Inf"]):
            so_far += classes.get((label, number), 0)
            yield f'{name}_bucket{{route="{label}",le="{end}"}} {so_far}'
        yield f'{name}_sum{{route="{label}"}} {seconds[label]:.6f}'
        yield f'{name}_count{{route="{label}"}} {so_far}'


def _of_system() -> Iterator[tuple[str, str, int]]:
    """What the system tells of this process; Linux alone tells it without another library."""
    if sys.platform == "linux":
        with suppress(OSError, ValueError):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            yield "process_resident_memory_bytes", "Memory in use.", pages * os.sysconf("SC_PAGE_SIZE")
            yield "process_open_fds", "Files and connections that are open.", len(list(Path("/proc/self/fd").iterdir()))
