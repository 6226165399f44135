"""What stands before every page and route: which hosts and origins are answered, and what a browser may do with the answer.

A name that leads to this machine from another's page (DNS rebinding) is refused by the host, a page of another origin
by the origin.  Nobody is asked for either: no name server, and no outside host for this machine's address, which
Streamlit's own check of the origin does; what reaches that has the origin of the host it asks for.
"""

import ipaddress
import logging
import re
import socket
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from geo.errors import DataError
from layers.tile_source import BASEMAPS, known_basemaps

IMAGE_HOSTS: Final = ("https://*.tianditu.gov.cn", "https://tile.openstreetmap.org", "https://*.is.autonavi.com")
"""The online base maps, which a user may choose."""

OPEN_ENDPOINTS: Final = re.compile(r"/_stcore/(stream|health|host-config|upload_file/.+)")
"""What the pages ask of Streamlit's own endpoints; all others are closed, such as the metrics and the agents' API."""

SIGN_IN_ENDPOINTS: Final = re.compile(r"/(auth/(login|logout)|oauth2callback)")
"""Streamlit's way to the provider and back, open where people sign in."""

CALLBACK_PATH: Final = "/oauth2callback"
"""Where the provider sends who has signed in."""

CLOSED_PATHS: Final = re.compile(r"/(_stcore|auth|oauth2callback|app/static)(/|$)")

THIS_MACHINE: Final = ("127.0.0.0/8", "::1")

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}
_BOOT_SCRIPT: Final = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"

_SHARED: Final = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self' blob:",
    "media-src": "'self' blob:",
}
_PAGE: Final = _SHARED | {
    "img-src": "'self' data: blob:",
    "script-src": f"'self' blob: {_BOOT_SCRIPT}",  # a component of ours comes as a blob
}
_MAP: Final = _SHARED | {
    "img-src": " ".join(("'self' data: blob:", *IMAGE_HOSTS)),
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",  # what streamlit-folium does in its own frame
}
_FILE: Final = {"default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'"}
_FILES: Final = re.compile(r"/(media|exports)/")
_MAPS: Final = re.compile(r"/(component/|written/.+\.html)")


class Guard:
    """ASGI middleware: refuses foreign hosts and origins and closed endpoints, and says the rules in every answer.

    Parameters
    ----------
    app : ASGIApp
    hosts : iterable of str
        Names that lead to the app beside those of this machine, as users and proxies call it.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] | None = None) -> None:
        self.app = app
        settings = Settings.from_environment()
        names = settings.hosts if hosts is None else hosts
        self.signs_in = bool(settings.sign_in)
        self.user_header = settings.user_header.lower()
        self.proxies = trusted_networks(settings)
        own_hosts()  # what is wrong with them is said at the start
        self.hosts = frozenset(name.lower().rstrip(".") for name in names)
        own = socket.gethostname().lower()  # from this machine itself; the full name would be asked of a name server
        self.own_names = frozenset({own, own.partition(".")[0], f"{own.partition('.')[0]}.local"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or a handshake, or hand it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_rules(message: Message) -> None:
            nonlocal started
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                started = True
                MutableHeaders(scope=message).update(rules_of(scope["path"]))
            await send(message)

        refused = self.refused(scope)
        if refused is None:
            try:
                await self.app(self._as_asked(scope), receive, send_with_rules)
                return
            except Exception:
                logging.getLogger(__name__).exception("no answer to %s", scope["path"])
                if started or scope["type"] == "websocket":
                    raise
            refused = (500, "服务器没有办成，已记入日志（something went wrong, see the log）")
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        answer = PlainTextResponse(refused[1], refused[0], {"Cache-Control": "no-store"})
        await answer(scope, receive, send_with_rules)

    def refused(self, scope: Scope) -> tuple[int, str] | None:
        """Why a request is not answered: status and one sentence; None when it is."""
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        name = _name_of(hosts[0]) if len(hosts) == 1 else ""
        if self.user_header and len(headers.getlist(self.user_header)) > 1:
            return 400, "姓名的请求头出现了两次（the user's header is sent twice）"
        if not name or len(origins) > 1:
            return 400, "请求头 Host 或 Origin 有误（malformed Host or Origin）"
        if not self._knows(name, scope):
            return 400, f"不认识的主机名 {name}，请由管理员列入 EXPLORER_HOSTS（unknown host）"
        if origins and (scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS):
            scheme, _, origin = origins[0].lower().partition("://")
            ours = origin == hosts[0].lower() or _name_of(origin) in self.hosts
            if scheme not in {"http", "https"} or not ours:
                return 403, "请求来自另一个网站（request of another origin）"
        path = scope["path"]
        signs_in = self.signs_in and SIGN_IN_ENDPOINTS.fullmatch(path)
        if CLOSED_PATHS.match(path) and not (OPEN_ENDPOINTS.fullmatch(path) or signs_in):
            return 404, "没有这个地址（no such address）"
        return None

    def _knows(self, name: str, scope: Scope) -> bool:
        address = address_of(str((scope.get("server") or ("",))[0]))  # of this machine, that the connection came to
        asked = address_of(name)
        if name in self.hosts or name == "localhost" or (asked and asked.is_loopback):
            return True
        return bool(address and not address.is_loopback and (asked == address or name in self.own_names))

    def _is_proxy(self, scope: Scope) -> bool:
        peer = address_of(str((scope.get("client") or ("",))[0]))
        return peer is not None and any(peer in network for network in self.proxies)

    def _as_asked(self, scope: Scope) -> Scope:
        """The request with the origin of the host it asks for, where a proxy gave it another that is ours too.

        Without the header of the user's name unless it comes from the proxy that vouches for it.
        """
        if self.user_header and not self._is_proxy(scope):
            own = self.user_header.encode("latin-1")
            scope = dict(scope) | {"headers": [pair for pair in scope["headers"] if pair[0].lower() != own]}
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if scope["type"] != "websocket" or origin.lower().partition("://")[2] in {"", headers["host"].lower()}:
            return scope
        own = f"{origin.partition('://')[0]}://{headers['host']}".encode("latin-1")
        return dict(scope) | {
            "headers": [(name, own if name == b"origin" else value) for name, value in scope["headers"]]
        }


def trusted_networks(settings: Settings) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Where the proxy that names users connects from; this machine when the installation names no address.

    Raises
    ------
    DataError
        When an address is none.
    """
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in settings.proxies or THIS_MACHINE)
    except ValueError as error:
        raise DataError(
            "EXPLORER_PROXIES 不是地址", value="、".join(settings.proxies), expected="如 10.0.0.5 或 10.0.0.0/24"
        ) from error


def check_proxy(settings: Settings, host: str) -> None:
    """Refuse to listen to everybody for names that only a proxy may send, while no proxy is named.

    Raises
    ------
    DataError
        When a user header is set, the server is open to others, and `EXPLORER_PROXIES` is not set.
    """
    trusted_networks(settings)
    if settings.user_header and not settings.proxies and not is_loopback(host):
        raise DataError(
            "设了 EXPLORER_USER_HEADER，又对外监听，却没有写明代理的地址",
            value=host,
            expected="只听 127.0.0.1，或设 EXPLORER_PROXIES（name the proxy's address, or listen on 127.0.0.1）",
        )


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is one that nobody but this machine's own users reach.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.7", "map.example.cn")]
    [True, True, True, False, False, False]
    """
    address = address_of(host)
    return host == "localhost" or bool(address and address.is_loopback)


def rules_of(path: str) -> dict[str, str]:
    """Headers of every answer at a path.

    Examples
    --------
    >>> rules_of("/media/a.html")["Content-Security-Policy"]
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    """
    policy = _FILE if _FILES.match(path) else _MAP if _MAPS.match(path) else _PAGE
    own = {"img-src": " ".join((policy["img-src"], *own_hosts()))} if policy is _MAP else {}
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in (policy | own).items()),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "strict-origin-when-cross-origin" if policy is _MAP else "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def own_hosts() -> list[str]:
    """Hosts of the installation's own base maps, as the rule for images names them.

    Raises
    ------
    DataError
        When the file of the base maps is not as it has to be.
    """
    own = (basemap for name, basemap in known_basemaps().items() if name not in BASEMAPS)
    return sorted({host for basemap in own for host in basemap.hosts})


def _name_of(host: str) -> str:
    """Name or address in a host with or without a port; empty when it is none."""
    match = _HOST.fullmatch(host.lower())
    return match[1].strip("[]").rstrip(".") if match else ""


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address as a host or peer is written; None where it is none.

    Examples
    --------
    >>> address_of("::ffff:10.0.0.5"), address_of("localhost")
    (IPv4Address('10.0.0.5'), None)
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
