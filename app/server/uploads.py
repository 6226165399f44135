"""How much may be uploaded in sum: what a session holds, what all hold, and what is on its way to us."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_SESSION_BYTES: Final = 2**30
MAX_PROCESS_BYTES: Final = 4 * 2**30
"""What all sessions together may hold in memory; the next upload waits until another one has gone."""

_UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")

Stored = Callable[[], Mapping[str, int]]
"""Bytes that each session holds, as the pages' own store knows."""


class UploadLimit:
    """ASGI middleware: refuses an upload before it is read when there is no room for it.

    Parameters
    ----------
    app : ASGIApp
    stored : callable, optional
        What is held already; what `watch` was given when not said.
    """

    stored: Stored = staticmethod(dict)

    def __init__(self, app: ASGIApp, stored: Stored | None = None) -> None:
        self.app = app
        if stored is not None:
            self.stored = stored
        self.coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, an upload only when there is room."""
        upload = _UPLOAD.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if upload is None:
            await self.app(scope, receive, send)
            return
        session, length = upload[1], Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdecimal()):
            await PlainTextResponse("请求没有写明长度（length required）", 411)(scope, receive, send)
            return
        held = Counter(self.stored()) + self.coming
        if held[session] + int(length) > MAX_SESSION_BYTES or held.total() + int(length) > MAX_PROCESS_BYTES:
            await PlainTextResponse("上传的文件合起来太大（too much in sum）", 413)(scope, receive, send)
            return
        self.coming[session] += int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming[session] -= int(length)
            self.coming += Counter()  # who has nothing on its way is forgotten


def watch(stored: Stored) -> None:
    """Say where the pages keep uploads, once they do."""
    UploadLimit.stored = staticmethod(stored)
