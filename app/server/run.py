"""Start the app: `python -m app.server.run [--host HOST] [--port PORT]`, the same on every system.

The server listens on a socket of its own, so that what can fail (a wrong port, an address that is not this machine's,
a port in use) is known before anything is loaded, and no answer waits for the browser's system to confirm the piece
before it.
"""

import argparse
import errno
import logging
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.records.permissions import default_role
from app.server.gate import asks_for_tokens
from app.server.security import check_proxy, is_loopback
from app.settings import Settings
from app.setup import assets
from geo import build
from geo.errors import DataError
from geo.installation import variable
from layers.tile_source import known_basemaps

PROJECT_ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"
PORT: Final = 8501
SHUTDOWN_SECONDS: Final = 3
"""How long answers that are under way may take when the server is stopped."""

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def bind(host: str, port: int | str) -> socket.socket:
    """Bind the socket that the server listens on.

    Parameters
    ----------
    host : str
        Address or name of this machine; ``0.0.0.0`` and ``::`` mean all of them.
    port : int or str
        1 to 65535.

    Returns
    -------
    socket
        With TCP_NODELAY, which the connections it accepts have from it; about 40 ms an answer.

    Raises
    ------
    DataError
        When it cannot listen there.

    Examples
    --------
    >>> bind("127.0.0.1", "http")
    Traceback (most recent call last):
    geo.errors.DataError: 端口应为 1 到 65535 之间的整数，收到的是 http（not a port number）
    """
    if not (str(port).isascii() and str(port).isdecimal() and 1 <= int(port) <= 65535):
        raise DataError(f"端口应为 1 到 65535 之间的整数，收到的是 {port}（not a port number）")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise DataError(
            f"无法识别地址 {host}，请用 127.0.0.1（仅本机）或 0.0.0.0（对外开放）（unknown host）"
        ) from None
    if _answers(host, int(port)):  # also a program on all addresses, beside which some systems would let us bind
        raise DataError(_in_use(port))
    bound = socket.socket(family, kind, protocol)
    try:
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # where SO_REUSEADDR would share a port: Windows
        bound.setsockopt(socket.SOL_SOCKET, exclusive or socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind(address)
    except OSError as error:
        bound.close()
        reasons = {
            errno.EADDRINUSE: _in_use(port),
            errno.EACCES: f"没有使用端口 {port} 的权限，请换一个大于 1024 的端口（no permission for this port）",
        }
        other = f"无法在 {host}:{port} 监听（{error.strerror}），请用本机的地址，如 127.0.0.1（not an address of this machine）"
        raise DataError(reasons.get(error.errno or 0, other)) from None
    return bound


def serve(host: str = HOST, port: int | str = PORT) -> int:
    """Serve the app until it is stopped.

    Parameters
    ----------
    host, port
        As for `bind`.

    Returns
    -------
    int
        Exit code: 0 when it was stopped, 1 when it ended by itself at the start.

    Raises
    ------
    DataError
        When it cannot listen there.
    """
    _name_sign_in_file()
    settings = Settings.from_environment()
    check_proxy(settings, host)
    check_sign_in(settings, host)
    asks_for_tokens(settings)  # said here, before anything is loaded
    known_basemaps()
    with bind(host, port) as listening:
        shown = _EVERYWHERE.get(host, host)
        shown = f"[{shown}]" if ":" in shown else shown
        print(f"正在启动，请在浏览器打开 http://{shown}:{port} ，按 Ctrl+C 结束（starting）", flush=True)
        if host not in _EVERYWHERE:  # it is answered by this name too
            os.environ["EXPLORER_HOSTS"] = ",".join(filter(None, [variable("EXPLORER_HOSTS"), host]))
        for name in ("EXPLORER_BASEMAPS", "EXPLORER_DATA", "EXPLORER_SET", "EXPLORER_SIGN_IN", "EXPLORER_WORKSPACE"):
            if variable(name):
                os.environ[name] = str(Path(variable(name)).resolve())  # as seen from where the server was started
        os.chdir(PROJECT_ROOT)  # where Streamlit finds its settings
        import uvicorn

        server = uvicorn.Server(
            uvicorn.Config(
                "streamlit_app:app",
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # who connects is who connects, whatever a header says
            )
        )
        logging.getLogger("uvicorn.access").disabled = True  # Streamlit would have it log every request
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    return int(not server.started)


def check_sign_in(settings: Settings, host: str) -> None:
    """Refuse to start where others than this machine's users could come in unknown, or the sign-in is not set up.

    Raises
    ------
    DataError
        When the server would listen to others while nobody signs in and `EXPLORER_OPEN` does not say that it may; when
        the file of the sign-in is not as it has to be, or there is a proxy that names people beside it.

    Examples
    --------
    >>> check_sign_in(Settings(), "127.0.0.1"), check_sign_in(Settings(open=True), "0.0.0.0")
    (None, None)
    >>> check_sign_in(Settings(), "0.0.0.0")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    geo.errors.DataError: 对外监听而没有登录，不启动（no sign-in）（值 0.0.0.0）；应为 设 EXPLORER_SIGN_IN...
    """
    if settings.sign_in and settings.user_header:
        raise DataError(
            "EXPLORER_SIGN_IN 与 EXPLORER_USER_HEADER 只能设一个",
            cause="人只能从一处得知（people are known in one way only）",
        )
    if settings.sign_in:
        from app.server.sign_in import read_provider  # here: only where people sign in

        read_provider(settings.sign_in)
    default_role(settings)
    if not (is_loopback(host) or settings.sign_in or settings.user_header or settings.open):
        raise DataError(
            "对外监听而没有登录，不启动（no sign-in）",
            value=host,
            expected="设 EXPLORER_SIGN_IN、EXPLORER_USER_HEADER 或 EXPLORER_OPEN=1",
        )


def _name_sign_in_file() -> None:
    """Take the file where Streamlit looks for a sign-in for the one of the installation, unless that names another."""
    file = PROJECT_ROOT / ".streamlit" / "secrets.toml"
    if not variable("EXPLORER_SIGN_IN") and file.is_file() and "[auth" in file.read_text("utf-8", "replace"):
        os.environ["EXPLORER_SIGN_IN"] = str(file)


def main(arguments: list[str] | None = None) -> int:
    """Command line of this module: scripts and built data are looked at, and repaired, before the app is served."""
    parser = argparse.ArgumentParser(prog="python -m app.server.run", description="启动应用（start the app）")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        return assets.main([]) or build.main([]) or serve(options.host, options.port)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add host and port to a parser."""
    parser.add_argument("--host", default=HOST, help="监听的地址（address to listen on）")
    parser.add_argument("--port", default=str(PORT), help="端口（port）")


def _answers(host: str, port: int) -> bool:
    """Whether some program accepts connections there, even one bound to all addresses."""
    with suppress(OSError), socket.create_connection((_EVERYWHERE.get(host, host), port), timeout=0.5):
        return True
    return False


def _in_use(port: int | str) -> str:
    other = int(port) % 65535 + 1
    return f"端口 {port} 已被占用，请换一个，例如 make run PORT={other}（port {port} is already in use）"


if __name__ == "__main__":
    sys.exit(main())
