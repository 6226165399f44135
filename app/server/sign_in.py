"""Who asks: the one place where a request, or the session of a page, becomes a person.

People sign in at a provider of OpenID Connect; Streamlit and Authlib go there and back, check the token that comes, and
put its claims into a signed cookie.  Its signature is checked here by Streamlit's own functions.  What they leave to the
app is checked here too, at every request: that the token was made for this installation, that it has not run out, and
that the sign-in was not ended.
"""

import hashlib
import json
import time
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from app.records.people import header_name, person_of
from app.records.permissions import NO_ROLE, NOBODY, READER, ROLES, Person, allows, default_role
from app.server.security import CALLBACK_PATH
from app.settings import Settings
from geo.errors import DataError

MIN_SECRET_CHARACTERS: Final = 32
WHOLE_COOKIE: Final = "explorer_sign_in"
"""Says which pieces of a cookie that was too large for one belong together."""

_REQUIRED: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_NAME_CLAIMS: Final = ("name", "preferred_username", "email", "sub")
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
_PERSON: Final = "explorer.person"
"""Under which the person stands in a request's scope, once it was looked at."""


class Provider(NamedTuple):
    """What the sign-in needs to know of its provider."""

    client_id: str
    cookie_secret: str
    redirect_uri: str
    metadata_url: str

    @property
    def origin(self) -> str:
        """Where users open the app, as Streamlit writes it into its cookie."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"


def read_provider(path: str) -> Provider:
    """Read the file that `EXPLORER_SIGN_IN` names: the section ``[auth]`` of Streamlit's ``secrets.toml``.

    Raises
    ------
    DataError
        When it cannot be read, lacks something, or would not be safe.
    """
    file = Path(path)
    try:
        changed = file.stat().st_mtime_ns
    except OSError as error:
        raise DataError("登录的设置读不了（EXPLORER_SIGN_IN）", file=file, cause=error.strerror) from error
    return _read_provider(file, changed)


@lru_cache(maxsize=4)
def _read_provider(file: Path, _changed: int) -> Provider:
    try:
        section = tomllib.loads(file.read_text(encoding="utf-8")).get("auth", {})
    except (OSError, ValueError) as error:
        raise DataError("登录的设置读不了（EXPLORER_SIGN_IN）", file=file, cause="不是 TOML") from error
    given = {name: str(section.get(name, "")) for name in _REQUIRED} if isinstance(section, dict) else {}
    missing = [name for name in _REQUIRED if not given.get(name)]
    if missing:
        raise DataError(
            "登录的设置缺少几项", file=file, expected=f"[auth] 里的 {'、'.join(missing)}（missing in [auth]）"
        )
    if len(given["cookie_secret"]) < MIN_SECRET_CHARACTERS:
        raise DataError("cookie_secret 太短", file=file, expected=f"至少 {MIN_SECRET_CHARACTERS} 个随机字符")
    if not given["redirect_uri"].endswith(CALLBACK_PATH):
        raise DataError("redirect_uri 不对", file=file, expected=f"https://主机名{CALLBACK_PATH}")
    for name in ("redirect_uri", "server_metadata_url"):
        parts = urlsplit(given[name])
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise DataError(f"{name} 不是 https 的网址", file=file, expected="https://…（本机可用 http）")
    return Provider(given["client_id"], given["cookie_secret"], given["redirect_uri"], given["server_metadata_url"])


def claims_of(cookies: Mapping[str, str], provider: Provider) -> dict[str, Any] | None:
    """What the token says with which somebody has signed in; None when nobody has, or not (any more) here.

    Parameters
    ----------
    cookies : mapping of str to str
    provider : Provider
    """
    try:
        content, in_pieces = _content_of(cookies, provider)
        if in_pieces and _signed(cookies, WHOLE_COOKIE, provider) != _digest_of(content):
            return None  # pieces of more than one sign-in
        claims = json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(claims, dict) or claims.get("is_logged_in") is not True:
        return None
    expires, account = claims.get("exp"), claims.get("sub")
    audience = claims.get("aud")
    ours = provider.client_id in (audience if isinstance(audience, list) else [audience])
    lasts = isinstance(expires, int | float) and not isinstance(expires, bool) and expires > time.time()
    known = isinstance(account, str) and bool(account)
    return claims if ours and lasts and known and claims.get("origin") == provider.origin else None


def whole_cookie(given: Iterable[str], provider: Provider, *, over_tls: bool) -> list[str]:
    """What to set beside the cookies of a sign-in that came in pieces: `WHOLE_COOKIE`; nothing beside one in one piece.

    Streamlit signs every piece of a large cookie alone, so pieces of two sign-ins of one person would pass together:
    the later one's expiry with the roles of the earlier one.

    Parameters
    ----------
    given : iterable of str
        The ``Set-Cookie`` headers of the answer that signs somebody in.
    provider : Provider
    over_tls : bool
        Whether it is sent over TLS only.
    """
    from starlette.responses import Response
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
    from streamlit.web.server.starlette.starlette_server_config import AUTH_COOKIE_MAX_AGE_SECONDS

    morsels = (morsel for one in given for morsel in SimpleCookie(one).values())
    content, in_pieces = _content_of({one.key: one.value for one in morsels if one.value}, provider)
    if not in_pieces:
        return []
    signed = create_signed_value(provider.cookie_secret, WHOLE_COOKIE, _digest_of(content)).decode()
    answer = Response()
    answer.set_cookie(WHOLE_COOKIE, signed, AUTH_COOKIE_MAX_AGE_SECONDS, secure=over_tls, httponly=True, samesite="lax")
    return answer.headers.getlist("set-cookie")


def _content_of(cookies: Mapping[str, str], provider: Provider) -> tuple[bytes, bool]:
    """What the cookie of a sign-in says, and whether it came in pieces."""
    from streamlit.auth_util import get_cookie_with_chunks  # here: only where people sign in
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    content = get_cookie_with_chunks(lambda name: _signed(cookies, name, provider), USER_COOKIE_NAME) or b""
    return content, bool(content) and content != _signed(cookies, USER_COOKIE_NAME, provider)


def _signed(cookies: Mapping[str, str], name: str, provider: Provider) -> bytes | None:
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    value = cookies.get(name)
    return decode_signed_value(provider.cookie_secret, name, value.encode("latin-1")) if value else None


def _digest_of(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def person_asking(headers: Mapping[str, str], cookies: Mapping[str, str], chosen: str = "") -> Person:
    """Who asks, by a request's headers and cookies, or by the name that somebody chose where nobody signs in.

    Raises
    ------
    DataError
        When people sign in and what is known of them cannot be read.
    """
    settings = Settings.from_environment()
    if settings.sign_in:
        from app.records.accounts import admitted, is_ended

        claims = claims_of(cookies, read_provider(settings.sign_in))
        if claims is None or is_ended(claims):
            return NOBODY
        name = next(claims[key] for key in _NAME_CLAIMS if isinstance(claims.get(key), str) and claims[key].strip())
        said = _texts_at(claims, settings.role_claim)
        role = max((one for one in said if one in ROLES), key=list(ROLES).index, default="")
        return admitted(claims["sub"], name, role, _texts_at(claims, settings.group_claim))
    person = person_of(headers, chosen, header_name())
    return person_of_header(person.name) if settings.user_header else person


def person_of_header(name: str) -> Person:
    """Who goes by a name that the proxy sends, or whom a token was given to; without a name one who may only look, where everybody may.

    Raises
    ------
    DataError
        When what is known of people cannot be read, or `EXPLORER_DEFAULT_ROLE` is no role.
    """
    if not name:
        may_look = allows(default_role(Settings.from_environment()), "read")
        return Person("", proven=True, role=READER if may_look else NO_ROLE)
    from app.records.accounts import admitted

    return admitted(name, name)


def sign_out(cookies: Mapping[str, str]) -> None:
    """End the sign-in of a cookie; no-op where it is none.

    Raises
    ------
    DataError
        When that cannot be kept.
    """
    from app.records.accounts import end_sign_in

    claims = claims_of(cookies, read_provider(Settings.from_environment().sign_in))
    if claims:
        end_sign_in(claims)


def person_of_request(request: HTTPConnection) -> Person:
    """Who asks; looked at once in a request.

    Raises
    ------
    DataError
        As for `person_asking`.
    """
    held = request.scope.get(_PERSON)
    return held if isinstance(held, Person) else person_asking(request.headers, request.cookies)


def with_person(scope: Any, person: Person) -> dict[str, Any]:
    """A request's scope with who asks, for `person_of_request`."""
    return dict(scope) | {_PERSON: person}


def _texts_at(claims: Mapping[str, Any], name: str) -> list[str]:
    """Texts of a claim, by its name or by the way to it (``realm_access.roles``)."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    texts: Iterable[Any] = found if isinstance(found, list) else [found]
    return [one.strip() for one in texts if isinstance(one, str) and one.strip()]
