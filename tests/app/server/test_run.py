"""The server: where it listens, that its answers do not wait, how it ends, and what is said when it cannot start."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.server.run import bind, main
from geo.errors import DataError
from tests.browser.conftest import ROOT, Server, free_port, wait_until_healthy


def test_a_connection_does_not_wait_for_the_piece_before_it_to_be_confirmed():
    with bind("127.0.0.1", free_port()) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "８５０１", "1e3", ""])
def test_what_is_no_port_is_said(port):
    with pytest.raises(DataError, match=r"端口应为 1 到 65535.*not a port number"):
        bind("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "said"), [("no such host", "unknown host"), ("192.0.2.1", "not an address of this machine")]
)
def test_what_is_no_address_of_this_machine_is_said(host, said):
    with pytest.raises(DataError, match=said):
        bind(host, free_port())


@pytest.mark.parametrize("taken", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_said(taken, host):
    with socket.create_server((taken, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DataError, match=f"端口 {port} 已被占用.*PORT={port + 1}"):
            bind(host, port)


def test_the_command_ends_with_one_sentence(capsys, monkeypatch):
    monkeypatch.setattr("app.setup.assets.main", lambda _: 0)
    monkeypatch.setattr("geo.build.main", lambda _: 0)
    assert main(["--port", "no"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def start(folder: Path, *command: str) -> Server:
    """Start the server by a command that ends with its port."""
    port = free_port()
    environment = os.environ | {"EXPLORER_WORKSPACE": str(folder / "workspace"), "TMPDIR": str(folder)}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, str(port)], cwd=ROOT, stdout=log, stderr=log, env=environment
        )
    running = Server(f"http://127.0.0.1:{port}", process, folder / "server.log")
    try:
        wait_until_healthy(running)
    except BaseException:
        process.kill()
        raise
    return running


COMMANDS = {
    "ours": ("app.server.run", "--port"),
    "Streamlit's": ("streamlit", "run", "streamlit_app.py", "--server.port"),
}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
@pytest.mark.parametrize("command", COMMANDS)
def test_it_serves_pages_and_routes_and_ends_without_a_trace(tmp_path, command, end):
    running = start(tmp_path, *COMMANDS[command])
    try:
        page = urllib.request.urlopen(running.url, timeout=30)
        assert b"<title>" in page.read()
        assert urllib.request.urlopen(f"{running.url}/places?set=builtin", timeout=60).status == 200
    finally:
        running.process.send_signal(end)
        code = running.process.wait(30)
    assert code in {0, -signal.SIGTERM} or (command == "Streamlit's" and end == signal.SIGINT)
    assert "Traceback" not in running.log.read_text(encoding="utf-8")
    assert list(tmp_path.glob("explorer-*")) == []
