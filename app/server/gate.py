"""Who is let in: where people sign in nobody else is answered, and programs bring tokens where the installation asks for them."""

import json
import logging
import re
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.metrics import label_of
from app.server.rate_limit import is_for_programs
from app.server.security import CALLBACK_PATH
from app.settings import Settings
from geo.errors import DataError

if TYPE_CHECKING:
    from app.records.permissions import Person

API_ACCESS: Final = ("open", "token")
"""Who reads by the API: whoever reaches the pages, or the holders of tokens."""

OPEN_PATHS: Final = re.compile(
    r"/(assets/.+|static/.+|component/.+|_stcore/(stream|health|host-config)|auth/(login|logout)|oauth2callback"
    r"|healthz|readyz|metrics|favicon\.\w+|[a-z_]*)"
)
"""What says nothing of any dataset, and is answered to who has not signed in: the programs of the pages, which then ask
who it is, the way to the provider, and what the operator's monitoring asks."""

LOGOUT_PATH: Final = "/auth/logout"
_OPEN_LABELS: Final = ("page", "assets", "static", "component", "_stcore", "healthz", "readyz", "metrics")


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


def is_open(path: str) -> bool:
    """Whether an address is answered to who has not signed in.

    Examples
    --------
    >>> [is_open(path) for path in ("/", "/enterprises", "/assets/a.js", "/marks", "/media/a.csv", "/api/v1/parks")]
    [True, True, True, False, False, False]
    """
    return bool(OPEN_PATHS.fullmatch(path)) and label_of(path) in _OPEN_LABELS


class Gate:
    """ASGI middleware: puts who asks into the request, and refuses who may not.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        settings = Settings.from_environment()
        self.tokens = asks_for_tokens(settings)
        self.signs_in = bool(settings.sign_in)
        self.known = bool(settings.sign_in or settings.user_header)
        self.secure = False
        self.settings_file = settings.sign_in
        if self.signs_in:
            from app.server.sign_in import read_provider  # here and below: an installation without it loads no database

            self.secure = read_provider(settings.sign_in).origin.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or say that one has to sign in or bring a token."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not (self.known or (self.tokens and is_for_programs(path))):
            await self.app(scope, receive, send)
            return
        if self.secure:
            send = _over_tls_only(send)
        if self.signs_in and path == CALLBACK_PATH:
            send = _in_one_piece(send, self.settings_file, over_tls=self.secure)
        if self.signs_in and path == LOGOUT_PATH:
            await self._sign_out(scope, receive, send)
            return
        if is_open(path):
            await self.app(scope, receive, send)
            return
        try:
            person = await run_in_threadpool(self._person, scope, path)
        except DataError as error:
            logging.getLogger(__name__).warning("%s", error.message)
            await _refusal(path, 503, "人员与权限读不了，请稍后再试（who may see what cannot be read）")(
                scope, receive, send
            )
            return
        if person is None or not (person.name or person.may("read")):
            sentence = (
                "需要令牌，请向管理员要（a token is needed, ask the administrator）"
                if is_for_programs(path)
                else "请先登录（sign in first）"
            )
            await _refusal(path, 401, sentence)(scope, receive, send)
        elif not person.may("read"):
            await _refusal(path, 403, "还没有获准，请向管理员要（not admitted, ask the administrator）")(
                scope, receive, send
            )
        else:
            from app.server.sign_in import with_person

            await self.app(with_person(scope, person), receive, send)

    def _person(self, scope: Scope, path: str) -> "Person | None":
        """Who asks; None where a token is asked for and none was brought."""
        from app.records.permissions import Person
        from app.server.sign_in import person_asking, person_of_header

        request = HTTPConnection(scope)
        if is_for_programs(path):
            holder = _holder(request.headers)
            if holder:
                return person_of_header(holder) if self.known else Person(holder, proven=False)
            if self.tokens:
                return None
        return person_asking(request.headers, request.cookies)

    async def _sign_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the sign-in for good before the browser is told to forget it."""
        from app.server.sign_in import sign_out

        try:
            await run_in_threadpool(sign_out, HTTPConnection(scope).cookies)
        except DataError as error:
            logging.getLogger(__name__).warning("a sign-out was not kept: %s", error.message)
        await self.app(scope, receive, send)


def _over_tls_only(send: Send) -> Send:
    """Have the browser send the cookies of the sign-in over TLS only, which Streamlit leaves open."""

    async def send_secure(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = dict(message) | {
                "headers": [
                    (
                        name,
                        value + b"; Secure"
                        if name.lower() == b"set-cookie" and b"secure" not in value.lower()
                        else value,
                    )
                    for name, value in message.get("headers", [])
                ]
            }
        await send(message)

    return send_secure


def _in_one_piece(send: Send, settings_file: str, *, over_tls: bool) -> Send:
    """Say beside the cookies of a sign-in which pieces of it belong together (`app.server.sign_in.whole_cookie`)."""
    from app.server.sign_in import read_provider, whole_cookie

    async def send_bound(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.get("headers", [])
            given = [value.decode("latin-1") for name, value in headers if name.lower() == b"set-cookie"]
            whole = whole_cookie(given, read_provider(settings_file), over_tls=over_tls)
            message = dict(message) | {
                "headers": [*headers, *((b"set-cookie", one.encode("latin-1")) for one in whole)]
            }
        await send(message)

    return send_bound


def _refusal(path: str, status: int, sentence: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if not is_for_programs(path):
        return PlainTextResponse(sentence, status, headers)
    title = {401: "Unauthorized", 403: "Forbidden", 503: "Service Unavailable"}[status]
    problem = {"type": "about:blank", "title": title, "status": status, "detail": sentence}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(json.dumps(problem, ensure_ascii=False), status, headers, "application/problem+json")


def _holder(headers: Headers) -> str:
    """Name of the person whom the token was given to that a program brings; empty where it brings none that holds."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return ""
    from app.records.tokens import holder_of

    try:
        return holder_of(token.strip())
    except DataError:
        return ""
