"""A Chromium, the app on a port of its own, and the clock of a page: what the benchmarks in a browser share."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from benchmarks import peer
from tests.browser.chromium import find

STARTUP = 180.0  # [s]
ROOT = Path(__file__).resolve().parents[1]
VIEWPORT = {"width": 1440, "height": 900}


def get(address: str) -> bytes:
    """Body of one answer."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return bytes(answer.read())


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def streamlit(script: Path | str = "streamlit_app.py", **environment: str) -> Iterator[tuple[str, int]]:
    """Serve a Streamlit script on a free port; address and process id."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with running(command, port, **environment) as started:
        yield started


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[tuple[str, int]]:
    """Run what serves a Streamlit app on a port, until it answers; address and process id."""
    options = {"cwd": ROOT, "env": os.environ | environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **options)  # type: ignore[call-overload]
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + STARTUP
        while time.monotonic() < deadline and process.poll() is None:
            try:
                get(f"{address}/_stcore/health")
                break
            except OSError:
                time.sleep(0.02)
        yield address, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@contextmanager
def server(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """Serve some routes on a free port from a thread; its address."""
    port = free_port()
    config = uvicorn.Config(Starlette(routes=list(routes)), port=port, log_level="error")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.should_exit = True
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser; None when Playwright or a Chromium is missing."""
    found, driver = find(), peer("playwright.sync_api")
    if not found or driver is None:
        yield None
        return
    with driver.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(found), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def page_time(
    browser: Any, address: str, stands: str, painted: str, allowed: float = 180.0
) -> tuple[float, float, float]:
    """Open an address in a fresh profile; first paint [ms], time until what it is for stands on it [ms], heap [MB].

    Parameters
    ----------
    browser : Browser
    address : str
    stands : str
        JavaScript that is true once what the page is for is there; the time ends with the frame that shows it.
    painted : str
        JavaScript that gives the time of the first paint [ms], once there is one.
    allowed : float
        How long to wait at most [s].
    """
    context = browser.new_context(viewport=VIEWPORT)
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        page.wait_for_function(stands, polling="raf", timeout=allowed * 1e3)
        figure = page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))")
        first = page.wait_for_function(painted, polling="raf", timeout=allowed * 1e3).json_value()
        heap = page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6
        return float(first), float(figure), float(heap)
    finally:
        context.close()
