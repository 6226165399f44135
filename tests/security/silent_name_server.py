"""Run inside a network namespace by `test_middleware`: the app, beside a name server that hears and never answers.

Prints what the handshakes got, how long they took, and what was asked of the name server meanwhile.
"""

import json
import socket
import sys
import time
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser.conftest import running_app

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def listen(questions: list[bytes]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 53))
        while True:
            questions.append(port.recv(512))


def handshake(port: int, host: str, origin: str) -> int:
    """Status of the answer to a handshake."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: {host}", f"Origin: {origin}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Protocol: streamlit", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return int(connection.recv(200).split()[1])


def main() -> None:
    questions: list[bytes] = []
    Thread(target=listen, args=(questions,), daemon=True).start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        while not questions:
            probe.sendto(b"probe", ("127.0.0.1", 53))
            time.sleep(0.05)
    questions[:] = questions[:1]
    with running_app(Path(sys.argv[1]), EXPLORER_HOSTS="map.example.cn") as server:
        port = int(server.url.rpartition(":")[2])
        heard, foreign, own, seconds = len(questions), [], [], []
        for round_ in range(3):
            began = time.monotonic()
            foreign.append(handshake(port, f"127.0.0.1:{port}", f"http://evil{round_}.example"))
            own.append(handshake(port, f"127.0.0.1:{port}", "https://map.example.cn"))
            seconds.append(time.monotonic() - began)
        asked = [question.hex() for question in questions[heard:]]
    print(json.dumps({"probe": 1, "foreign": foreign, "own": own, "seconds": seconds, "asked": asked}))


if __name__ == "__main__":
    main()
