"""Start the app: `python -m app.server.run [--host HOST] [--port PORT]`, the same on every system.

What can be known to fail is looked at first and said in one sentence: a wrong port, an address that is not
this machine's, a port in use.
"""

import argparse
import errno
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Final

from app.setup import assets
from geo import build

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"
PORT: Final = 8501

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def problem(host: str, port: int | str) -> str:
    """Say in one sentence why the app cannot listen there.

    Parameters
    ----------
    host : str
        Address or name of this machine; ``0.0.0.0`` and ``::`` mean all of them.
    port : int or str
        1 to 65535.

    Returns
    -------
    str
        Empty when it can.

    Examples
    --------
    >>> problem("127.0.0.1", "http")
    '端口应为 1 到 65535 之间的整数，收到的是 http（not a port number）'
    """
    if not (str(port).isascii() and str(port).isdecimal() and 1 <= int(port) <= 65535):
        return f"端口应为 1 到 65535 之间的整数，收到的是 {port}（not a port number）"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        return f"无法识别地址 {host}，请用 127.0.0.1（仅本机）或 0.0.0.0（对外开放）（unknown host）"
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return _in_use(port)
            if error.errno == errno.EACCES:
                return f"没有使用端口 {port} 的权限，请换一个大于 1024 的端口（no permission for this port）"
            return f"无法在 {host}:{port} 监听（{error.strerror}），请用本机的地址，如 127.0.0.1"
    return _in_use(port) if _answers(host, int(port)) else ""


def serve(host: str = HOST, port: int | str = PORT) -> int:
    """Serve the app until it is stopped.

    Parameters
    ----------
    host, port
        As for `problem`.

    Returns
    -------
    int
        Exit code: 0 when it was stopped, 1 with one sentence on stderr when it could not start.
    """
    reason = problem(host, port)
    if reason:
        print(reason, file=sys.stderr)
        return 1
    shown = _EVERYWHERE.get(host, host)
    shown = f"[{shown}]" if ":" in shown else shown
    print(f"正在启动，请在浏览器打开 http://{shown}:{port} ，按 Ctrl+C 结束（starting）", flush=True)
    os.chdir(ROOT)
    options = ["--server.address", host, "--server.port", str(port)]
    sys.argv = ["streamlit", "run", "streamlit_app.py", *options]
    try:
        runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Command line of this module: scripts and built data are looked at, and repaired, before the app is served."""
    parser = argparse.ArgumentParser(prog="python -m app.server.run", description="启动应用（start the app）")
    parser.add_argument("--host", default=HOST, help="监听的地址（address to listen on）")
    parser.add_argument("--port", default=str(PORT), help="端口（port）")
    options = parser.parse_args(arguments)
    return assets.main([]) or build.main([]) or serve(options.host, options.port)


def _answers(host: str, port: int) -> bool:
    """Whether some program accepts connections there, even one bound to all addresses."""
    try:
        with socket.create_connection((_EVERYWHERE.get(host, host), port), timeout=0.5):
            return True
    except OSError:
        return False


def _in_use(port: int | str) -> str:
    other = int(port) % 65535 + 1
    return f"端口 {port} 已被占用，请换一个，例如 make run PORT={other}（port {port} is already in use）"


if __name__ == "__main__":
    sys.exit(main())
