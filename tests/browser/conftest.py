"""The running app and a real browser; a test fails when its page asks any host but the app's own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from geo.datasets.dataset import Dataset, load_dataset
from tests.browser.chromium import MISSING, find

ROOT = Path(__file__).resolve().parents[2]
LOCAL_SCHEMES = {"data", "blob", "about", "file", "chrome-error"}
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    # Whatever a page asks for outside this machine ends at once instead of waiting for a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
POLICY = "Content Security Policy"
STARTUP_SECONDS = 90


class Address(Protocol):
    """Anything that runs the app and says where."""

    url: str


@dataclass
class Server:
    """The app as a reader meets it: `url` without a slash at the end, and what it wrote to its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def log_tail(self, lines: int = 80) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@dataclass
class Traffic:
    """What the pages of one test asked for, and which other origins (``https://host``) the test allows.

    `forged` is of a page into which the test puts what its own policy has to refuse; `refused` is what was.
    """

    origin: str
    asked: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)
    forged: bool = False
    refused: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """Every address asked that is neither the app's, nor within the page, nor allowed."""
        own = urlsplit(self.origin).netloc
        return [
            url
            for url in self.asked
            if (parts := urlsplit(url)).scheme not in LOCAL_SCHEMES
            and parts.netloc != own
            and f"{parts.scheme}://{parts.netloc}" not in self.allowed
        ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, Server):
        report.sections.append(("server log", running.log_tail()))
    return report


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the real app on a free port, ended with the session."""
    folder = tmp_path_factory.mktemp("server")
    with running_app(folder, EXPLORER_WORKSPACE=str(folder / "workspace")) as running:
        # It reads its tables when it has started: on a busy machine longer than the first test would wait for its page.
        with urllib.request.urlopen(f"{running.url}/marks?set=builtin&lang=zh", timeout=STARTUP_SECONDS):
            pass
        yield running


@pytest.fixture(scope="session")
def data() -> Dataset:
    """The tables that the app shows, read by the test itself."""
    return load_dataset()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests, gone before others: its event loop would be in their way."""
    executable = find()
    if executable is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def traffic(server: Server) -> Traffic:
    """What this test's pages asked for; ``https://host`` in `allowed` lets one outside origin pass."""
    return Traffic(server.url)


@pytest.fixture
def page(browser: Browser, server: Server, traffic: Traffic) -> Iterator[Page]:
    """A desk: 1440 × 900; paths are relative to the app, `page.goto("/sources")`."""
    with open_page(browser, server, traffic, viewport={"width": 1440, "height": 900}) as desk:
        yield desk


@pytest.fixture
def phone(browser: Browser, server: Server, traffic: Traffic) -> Iterator[Page]:
    """A phone: 390 × 844, touch."""
    size = {"width": 390, "height": 844}
    with open_page(browser, server, traffic, viewport=size, is_mobile=True, has_touch=True) as hand:
        yield hand


@contextmanager
def open_page(browser: Browser, server: Address, traffic: Traffic, **options: object) -> Iterator[Page]:
    """Open a page in a context of its own; fail at the end when it asked outside the app's origin."""
    context = browser.new_context(base_url=server.url, locale="zh-CN", accept_downloads=True, **options)  # type: ignore[arg-type]
    context.on("request", lambda request: traffic.asked.append(request.url))
    context.on("console", lambda said: traffic.refused.append(said.text) if POLICY in said.text else None)
    context.on("page", lambda new: new.on("websocket", lambda socket: traffic.asked.append(socket.url)))
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    try:
        yield opened
    finally:
        context.close()
    if traffic.refused and not traffic.forged:
        said = "\n".join(traffic.refused)
        pytest.fail(f"the page did what its content security policy forbids:\n{said}", pytrace=False)
    outside = traffic.outside()
    if outside:
        pytest.fail("requests left the app's origin:\n" + "\n".join(outside), pytrace=False)


@contextmanager
def running_app(folder: Path, *, root: Path = ROOT, port: int = 0, **environment: str) -> Iterator[Server]:
    """Run the app of `root` with other settings and a workspace of its own in `folder`, where its log goes too."""
    port = port or free_port()
    log = folder / "server.log"
    serve = "import sys; from app.server.run import serve; sys.exit(serve(port=sys.argv[1]))"
    command = [sys.executable, "-c", serve, str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "EXPLORER_WORKSPACE": str(folder / "workspace")} | environment,
        )
    running = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_healthy(running)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(running: Server) -> None:
    """Wait for the server's own health page; fail with its log when it ends or takes too long."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{running.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        try:
            code = running.process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the app ended with code {code}:\n{running.log_tail()}", pytrace=False)
    pytest.fail(f"the app is not healthy after {STARTUP_SECONDS} s:\n{running.log_tail()}", pytrace=False)
