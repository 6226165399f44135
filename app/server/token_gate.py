"""Who may read by the addresses for other programs, where the installation asks for tokens (`EXPLORER_API=token`)."""

import json
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.rate_limit import is_for_programs
from app.settings import Settings
from geo.errors import DataError

API_ACCESS: Final = ("open", "token")
"""Who reads by the API: whoever reaches the pages, or the holders of tokens."""


def asks_for_tokens(settings: Settings) -> bool:
    """Whether the read API asks for tokens.

    Raises
    ------
    DataError
        When the setting is neither of `API_ACCESS`: one that is misspelled would leave it open.

    Examples
    --------
    >>> asks_for_tokens(Settings(api="token")), asks_for_tokens(Settings())
    (True, False)
    """
    access = settings.api or API_ACCESS[0]
    if access not in API_ACCESS:
        raise DataError("EXPLORER_API 不认识", value=access, expected=" 或 ".join(API_ACCESS))
    return access == "token"


class TokenGate:
    """ASGI middleware: where tokens are asked for, answers 401 to whoever brings none.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.closed = asks_for_tokens(Settings.from_environment())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or ask for a token."""
        path = str(scope.get("path", ""))
        if self.closed and scope["type"] == "http" and is_for_programs(path):
            kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
            if kind.lower() != "bearer" or not await run_in_threadpool(_is_held, token.strip()):
                sentence = "需要令牌，请向管理员要（a token is needed, ask the administrator）"
                problem = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": sentence}
                headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
                content = json.dumps(problem, ensure_ascii=False)
                await Response(content, 401, headers, "application/problem+json")(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_held(token: str) -> bool:
    from app.records.tokens import holder_of  # here: an installation that asks for none does not load SQLAlchemy for it

    try:
        return bool(token and holder_of(token))
    except DataError:
        return False
