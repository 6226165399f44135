"""A provider of OpenID Connect in a process of its own, the app that people sign in to beside it, and who signs in."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.browser.conftest import free_port, running_app

SECRET = "a secret of the tests, of 32 characters and more"
START_SECONDS = 60


@dataclass
class Installation:
    """The app's address and the provider's."""

    url: str
    provider: str

    def person(self, account: str, **claims: object) -> None:
        """Have the provider say something of somebody; what it says of the token itself is said in it too."""
        httpx.put(f"{self.provider}/users/{account}", json=claims).raise_for_status()

    def client(self) -> httpx.Client:
        """A browser that has not signed in."""
        return httpx.Client(base_url=self.url, follow_redirects=False, timeout=60)

    def begin(self, client: httpx.Client) -> str:
        """Go to the provider; its address, with what the app asks of it."""
        token = jwt.encode(
            {"alg": "HS256"}, {"provider": "default", "exp": int(time.time()) + 60}, OctKey.import_key(SECRET)
        )
        return client.get("/auth/login", params={"provider": token}).headers["location"]

    def consent(self, asked: str, account: str) -> str:
        """Sign in at the provider; the address that it sends the browser back to."""
        return urljoin(asked, httpx.post(asked, data={"sub": account}, timeout=60).headers["location"])

    def sign_in(self, client: httpx.Client, account: str) -> str:
        """All of it; the address of the callback."""
        back = self.consent(self.begin(client), account)
        answer = client.get(back)
        assert answer.status_code == 302
        return back

    def signed_in(self, account: str) -> httpx.Client:
        """A browser in which somebody has signed in."""
        client = self.client()
        self.sign_in(client, account)
        return client


@contextmanager
def provider(folder: Path, seconds: int = 3600) -> Iterator[str]:
    """A provider whose tokens last so long; its address."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-e", str(seconds)]
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + START_SECONDS
        while True:
            with suppress(httpx.TransportError):
                httpx.get(f"{url}/.well-known/openid-configuration").raise_for_status()
                break
            assert process.poll() is None, (folder / "provider.log").read_text("utf-8")
            assert time.monotonic() < until
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def installation(folder: Path, seconds: int = 3600, default_role: str = "reader") -> Iterator[Installation]:
    """The app with a sign-in at a provider of its own."""
    port = free_port()
    with provider(folder, seconds) as there:
        settings = write_settings(folder, f"http://127.0.0.1:{port}", there)
        with running_app(folder, port=port, EXPLORER_SIGN_IN=str(settings), EXPLORER_DEFAULT_ROLE=default_role) as app:
            yield Installation(app.url, there)


def write_settings(folder: Path, url: str, provider: str, **changed: str) -> Path:
    """The file of the sign-in."""
    given = {
        "redirect_uri": f"{url}/oauth2callback", "cookie_secret": SECRET, "client_id": "explorer",
        "client_secret": "secret", "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    } | changed  # fmt: skip
    file = folder / "sign-in.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in given.items() if value]
    file.write_text("\n".join(["[auth]", *lines, ""]), encoding="utf-8")
    return file
